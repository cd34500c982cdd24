"""Names of people and of workplaces as they are typed, in a form that can be compared."""

import re
import unicodedata

from members import names

# the dot between the parts of a name, after Latin initials too
_DOT = re.compile(f"[.{names.DOT}]")
_BLANK = re.compile(r"\s+")
# what a union's title says beside the workplace, and a workplace's beside its name
_BODY = re.compile(
    "攀枝花市?|四川省|(?:股份|责任)?有限(?:责任)?公司|工会委员会|工会联合会|联合工会|总工会|工会"
)


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


def workplace(name: str) -> str:
    """What tells one workplace from another: ``攀枝花市公交有限责任公司工会委员会`` is
    ``公交``, and so is ``公交工会``. A name of nothing else stays as ``comparable``
    has it."""
    plain = comparable(name)
    core = _BODY.sub("", plain)
    return core if len(core) > 1 else plain
