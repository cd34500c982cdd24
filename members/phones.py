"""Mobile numbers in one canonical form, however they were typed, and sealed."""

import re

from common import crypto
from common.letters import western

_GLUE = re.compile(r"[\s\-‐‑–—()（）.]")
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")


def canonical(typed: str) -> str | None:
    """``+8613900000000`` for any usual spelling of a mainland mobile, else None.

    Full-width and Arabic-Indic digits count as the digits they are; blanks, hyphens,
    brackets and the country code may stand or not.
    """
    plain = _COUNTRY.sub("", _GLUE.sub("", western(typed)))
    return "+86" + plain if _MOBILE.fullmatch(plain) else None


def of(user) -> str:
    """The canonical number behind an account, or the empty string."""
    return crypto.unseal(user.phone_cipher) if user.phone_cipher else ""


def masked(last4: str) -> str:
    """How a number is shown where it need not be read: 尾号8000."""
    return f"尾号{last4}"
