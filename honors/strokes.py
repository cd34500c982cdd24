"""How names are put in order by the strokes of the surname, as lists of the city are
(docs/decisions/0033-by-strokes.md).

The first character decides, also of a compound surname and of a long name of a minority:
fewer strokes first, then the strokes as they are written (横 竖 撇 点 折), as the state
standard has them; then the second character, then the third. Two customs differ in a
name of two characters, whose given name is a single one (``single_first``).
"""

from functools import cache
from pathlib import Path

from common import letters

_DATA = Path(__file__).parent / "data" / "strokes.txt"
_BETWEEN = str.maketrans("", "", "\u00b7\u2022\u2027\u30fb\uff0e. \u3000")
# behind every character of its count whose place is known, and behind every count
_NO_PLACE, _NO_COUNT = "9999", "99"


def sort_key(name: str, *, single_first: bool = True) -> str:
    """``name`` as the places of its characters, each the number of strokes and the place
    among those with as many: 李一鸣 → ``070222 010000 080512``. Compared as bytes.

    ``single_first``: an empty place stands before a single given name, so that 高富 comes
    before 高大富 (Party congresses, 政协); otherwise the second characters are compared
    as they are (people's congresses). A character of which only the number of strokes is
    known comes behind those of its number, one that is quite unknown last of all.
    """
    written = letters.characters(name).translate(_BETWEEN)
    places = [_place(char) for char in written]
    if single_first and len(places) == 2:
        places.insert(1, "00")
    return " ".join(places)


def _place(char: str) -> str:
    return _places().get(char) or f"{_NO_COUNT}{ord(char):06x}"


@cache
def _places() -> dict[str, str]:
    """Character → its number of strokes and its place among those with as many: 21,000
    characters, read once a process."""
    places = {}
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        count, ordered, counted = line.split("\t")
        for n, char in enumerate(ordered):
            places[char] = f"{int(count):02d}{n:04d}"
        for char in counted:
            places[char] = f"{int(count):02d}{_NO_PLACE}"
    return places
