"""What counts in a text that somebody typed: the one rule for marks that nobody sees,
characters that only look like the ones meant, full-width letters and foreign digits.

Whoever reads a name, a number, a title or the words of a search begins here, so that a
spelling is taken or refused everywhere alike.
"""

import re
import unicodedata

# What Unicode calls “default ignorable” (zero-width, direction, shape selectors, fillers),
# the anchors of annotations, and NUL, which no column of the database can hold.
_UNSEEN = re.compile(
    "[\0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

# Radicals that office programs and PDFs write for the characters they look like: the
# Kangxi block by Unicode's compatibility decomposition, the supplement (U+2E81–2EF3
# without 2E9A) by its property Equivalent_Unified_Ideograph, which Python lacks.
_SUPPLEMENT = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛"
    "犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶"
    "辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
_RADICALS = {
    **dict(
        zip([c for c in range(0x2E81, 0x2EF4) if c != 0x2E9A], _SUPPLEMENT, strict=True)
    ),
    **{c: unicodedata.normalize("NFKC", chr(c)) for c in range(0x2F00, 0x2FD6)},
}
_RADICAL = re.compile("[\u2e81-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5]")


def seen(text: str) -> str:
    """``text`` without the marks that nobody sees."""
    return _UNSEEN.sub("", text)


def characters(text: str) -> str:
    """What is seen, each character in its one usual code: for names and titles."""
    return unicodedata.normalize("NFC", seen(text).translate(_RADICALS))


def line(text: str) -> str:
    """``characters`` on one line, single blanks between words."""
    return " ".join(characters(text).split())


def prose(text: str) -> str:
    """``characters`` of a longer text: lines end by one mark, of blanks only the plain
    one, none at the ends of lines, at most one empty line between paragraphs."""
    lines = [
        re.sub(r"[^\S\n]", " ", line).strip(" ")
        for line in characters(text).splitlines()
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def count(text: str) -> int:
    """How many characters a text has, as Chinese is counted: every mark is one, a rare
    character too; blanks and line ends are none."""
    return len("".join(characters(text).split()))


def radicals(text: str) -> list[tuple[str, str]]:
    """The radicals in ``text``, each with the character that ``characters`` makes of
    it."""
    return [(char, _RADICALS[ord(char)]) for char in _RADICAL.findall(text)]


def western(text: str) -> str:
    """``characters`` with full-width forms made plain and the decimal digits of every
    script (Arabic-Indic, Tibetan …) as 0 to 9; blanks stay."""
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char
        for char in unicodedata.normalize("NFKC", characters(text))
    )


def number(text: str) -> str:
    """``western`` in capital letters without blanks: a code, a member number, a
    document's number."""
    return "".join(western(text).split()).upper()


def words(text: str) -> list[str]:
    """The words of a search."""
    return western(text).split()


def is_key(text) -> bool:
    """Whether this is the number of a row, as an address may hold it."""
    return bool(text) and re.fullmatch(r"[0-9]{1,18}", text) is not None
