"""Names and numbers as people type them, in a form that can be compared."""

import re
import unicodedata

from common import numerals
from members import names

# the dot between the parts of a name, after Latin initials too
_DOT = re.compile(f"[.{names.DOT}]")
_BLANK = re.compile(r"\s+")


def _without_invisibles(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def comparable(name: str) -> str:
    """A name without the accidents of typing: ``阿卜杜 • 买买提`` is ``阿卜杜·买买提``
    is ``阿卜杜买买提``.

    Whatever ``names`` makes one spelling for the roster is one here. Full-width letters
    are the letters they are; blanks, invisible characters and the dot between the parts
    of a name are none, for many phones cannot type it; Latin case does not count. For
    comparing, never for storing.
    """
    plain = _without_invisibles(unicodedata.normalize("NFKC", names.plain(name)))
    return _DOT.sub("", _BLANK.sub("", plain)).casefold()


def words(text: str) -> list[str]:
    """The words of a search, NFKC: full-width letters and digits are half-width, the
    digits of any script 0 to 9."""
    plain = numerals.western(text).replace("\x00", "")
    return _without_invisibles(plain).split()


def number(typed: str) -> str:
    """A member or identity number in one form: upper-case, no blanks, digits of any
    script as 0 to 9."""
    return _BLANK.sub("", _without_invisibles(numerals.western(typed))).upper()
