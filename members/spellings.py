"""Names as people type them, in a form that can be compared."""

import re
import unicodedata

from members import names

# the dot between the parts of a name, after Latin initials too
_DOT = re.compile(f"[.{names.DOT}]")
_BLANK = re.compile(r"\s+")


def comparable(name: str) -> str:
    """A name without the accidents of typing: ``阿卜杜 • 买买提`` is ``阿卜杜·买买提``
    is ``阿卜杜买买提``.

    Whatever ``names`` makes one spelling for the roster is one here. Full-width letters
    are the letters they are; blanks and the dot between the parts of a name are none,
    for many phones cannot type it; Latin case does not count. For comparing, never for
    storing.
    """
    plain = unicodedata.normalize("NFKC", names.plain(name))
    return _DOT.sub("", _BLANK.sub("", plain)).casefold()
