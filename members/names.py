"""Names of people, in one canonical spelling.

A name may be thirty characters long, have a dot between its parts, and characters
that few fonts know. What an office program lost on the way is reported, not stored.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

from common import letters
from common.errors import Reason, Refusal

MAX_LENGTH = 30
DOT = "·"
_DOTS = re.compile("[·•‧∙⋅・･●▪◦᛫⸱⸳﹒．]")
_DOT_BETWEEN = re.compile(r"(?<=[^\W\d_a-zA-Z])\s*[.。]\s*(?=[^\W\d_a-zA-Z])")
_AROUND_DOT = re.compile(rf"\s*{DOT}\s*")
# circles that people type for the character 〇
_CIRCLES = str.maketrans("○◯", "〇〇")
_LOST = frozenset("?？\ufffd")
_BETWEEN_HAN = re.compile(r"(?<=[^\x00-\u02ff])\s+(?=[^\x00-\u02ff])")


def _no(code: str, text: str) -> Refusal:
    return Refusal(Reason(code, text, field="name"))


def plain(typed: str) -> str:
    """``typed`` with one kind of dot, no blanks between Chinese characters, full-width
    Latin letters made plain. Chinese characters are never exchanged; what only looks
    like one (a radical, a circle) becomes it."""
    text = letters.characters(typed).translate(_CIRCLES)
    text = "".join(
        unicodedata.normalize("NFKC", char) if "！" <= char <= "～" else char
        for char in _DOTS.sub(DOT, text)
    )
    text = _DOT_BETWEEN.sub(DOT, " ".join(text.split()))
    return _BETWEEN_HAN.sub("", _AROUND_DOT.sub(DOT, text)).strip(DOT + "'’`")


def lookalikes(typed: str) -> list[tuple[str, str]]:
    """What in ``typed`` only looks like a Chinese character, each with the character
    that ``plain`` makes of it."""
    circles = [(char, "〇") for char in typed if ord(char) in _CIRCLES]
    return letters.radicals(typed) + circles


def masked(name: str) -> str:
    """王*刚, 李*, 阿**提, as shown where others may look; never more stars than two,
    which would tell how long a name is and be a row of stars."""
    if len(name) < 3:
        return name[:1] + "*" if name else ""
    return name[0] + "*" * min(len(name) - 2, 2) + name[-1]


def _category(char: str) -> str:
    """Planes 2 and 3 hold nothing but Chinese characters, and get more of them with
    every Unicode; Python learns of them years later. 〇 is a character of names,
    though Unicode calls it a numeral."""
    if char == "〇" or 0x20000 <= ord(char) < 0x40000:
        return "Lo"
    return unicodedata.category(char)


def read(typed: str) -> str:
    """The name that was typed; raises Refusal with one sentence for the person."""
    name = plain(typed)
    if not name:
        raise _no("name_missing", _("请填写姓名"))
    for char in name:
        if char in _LOST or _category(char) in {"Co", "Cn", "Cs", "Cc"}:
            shown = char if char in _LOST else f"U+{ord(char):04X}"
            text = _(
                "姓名含有不能识别的字符“%(char)s”，请按身份证填写，生僻字可直接粘贴"
            )
            raise _no("name_lost", text % {"char": shown})
    for char in name:
        if _category(char)[0] not in "LM" and char not in "· -'’.":
            text = _("姓名含有不是文字的字符“%(char)s”，请按身份证填写")
            raise _no("name_characters", text % {"char": char})
    if len(name) > MAX_LENGTH:
        text = _("姓名不能超过%(most)d个字，现在是%(n)d个字")
        raise _no("name_long", text % {"most": MAX_LENGTH, "n": len(name)})
    return name
