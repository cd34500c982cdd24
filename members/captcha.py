"""Telling people from programs: work for the browser, a sum for those without script.

Either answer counts, each once. The work rises with the level that is asked for, the
sum's price is a wait (``services.texting``). The sum stands as plain text, so it can be
enlarged and read aloud; it only makes many requests tedious, the limits on texts do the
rest.
"""

import base64
import json
import re
import secrets
from datetime import timedelta

import altcha
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from common import crypto
from common.numerals import chinese

_SALT = "members.captcha"
# as ``new_work`` makes it, and in no other spelling: the library reads a parameter that
# stands twice now by its first value and now by its last, so an old task could be given
# a later end and a light one another level
_TASK = re.compile(r"[0-9a-f]+\?expires=[0-9]+&level=([0-9])&")
_PAYLOAD = {
    "algorithm": str,
    "challenge": str,
    "number": int,
    "salt": str,
    "signature": str,
}


def new_work(level: int = 0) -> str:
    """A task for ``static/js/proof.js``, as JSON: find the number that the salt hashes
    with to the challenge. Each level is twice the work of the one below."""
    most = settings.CAPTCHA_WORK * 2**level
    task = altcha.create_challenge(
        algorithm="SHA-256",
        max_number=most,
        hmac_key=_key(),
        expires=timezone.now() + timedelta(seconds=settings.CAPTCHA_SECONDS),
        params={"level": str(level)},
    )
    return json.dumps(
        {
            "algorithm": task.algorithm,
            "challenge": task.challenge,
            "salt": task.salt,
            "signature": task.signature,
            "most": most,
        }
    )


def new_sum() -> str:
    """A signed sum; ``question`` says it in words."""
    numbers = [secrets.randbelow(8) + 2, secrets.randbelow(8) + 2]
    return signing.dumps([*numbers, secrets.token_hex(8)], salt=_SALT)


def question(signed: str) -> str:
    """“三加五等于几？”, or the empty string for a sum that is not ours or too old."""
    numbers = _numbers(signed)
    if numbers is None:
        return ""
    first, second = map(chinese, numbers)
    return _("%(first)s加%(second)s等于几？") % {"first": first, "second": second}


class Captcha:
    """What one visitor answered; ``work`` comes from the script, ``answer`` by hand."""

    def __init__(self, *, work: str = "", signed: str = "", answer: str = ""):
        self.work, self.signed, self.answer = work, signed, answer
        self.spent = ""

    def redeem(self, *, level: int = 0, takes_sum: bool = True) -> bool:
        """Whether an answer is right and was not used before; it is used now.

        Work of one level less is taken too: others asked from the same address while
        it was done. ``takes_sum`` False: work only."""
        found = self._work_done(level - 1) or (takes_sum and self._sum_answered())
        if not found:
            return False
        name = f"captcha:{found}"
        if not cache.add(name, True, settings.CAPTCHA_SECONDS + 60):
            return False
        self.spent = name
        return True

    def give_back(self) -> None:
        """The text was not sent after all: the answer may be given again."""
        if self.spent:
            cache.delete(self.spent)
            self.spent = ""

    @property
    def has_right_sum(self) -> bool:
        return bool(self._sum_answered())

    def _work_done(self, level: int) -> str:
        """The name under which work of at least this level is kept as used, or nothing."""
        payload = _payload(self.work)
        task = payload and _TASK.fullmatch(payload["salt"])
        if not task or int(task[1]) < level:
            return ""
        is_right = altcha.verify_solution(payload, _key(), check_expires=True)[0]
        return payload["challenge"] if is_right else ""

    def _sum_answered(self) -> str:
        numbers = _numbers(self.signed)
        if numbers and self.answer in (str(sum(numbers)), chinese(sum(numbers))):
            return self.signed
        return ""


def _key() -> str:
    return crypto.digest("captcha", settings.SECRET_KEY)


def _payload(work: str) -> dict | None:
    try:
        payload = json.loads(base64.b64decode(work, validate=True))
    except (ValueError, RecursionError):
        return None
    if not isinstance(payload, dict):
        return None
    if any(type(payload.get(name)) is not kind for name, kind in _PAYLOAD.items()):
        return None
    return payload


def _numbers(signed: str) -> list[int] | None:
    try:
        first, second, _nonce = signing.loads(
            signed, salt=_SALT, max_age=settings.CAPTCHA_SECONDS
        )
    except signing.BadSignature:
        return None
    return [first, second]
