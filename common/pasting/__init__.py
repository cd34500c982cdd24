"""What comes out of a clipboard, made into the house's shape, and what went on the way.

Word, WPS, articles of WeChat and pages of other sites say in styles what we say in
elements, and carry much that no reader was meant to see: text deleted while changes were
tracked, comments, hidden text, letters of symbol fonts as bullets, pixels that track.
``read`` walks such a text once and writes it anew from nothing: only what it knows comes
out. It keeps no address of a picture and changes no word; what it leaves out it says.

The same function serves the editor (as it is pasted) and importers.
"""

import re
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext as _

from common import letters, richtext
from common.errors import Reason
from common.markup import tamed, tree
from common.pasting.reader import Around, Left, Picture, Reader
from common.pasting.styles import ATTRIBUTES, DEEPEST, TAGS, Habits
from common.pasting.writing import INDENT, MARK, mark_of, written

__all__ = [
    "LONGEST",
    "MARK",
    "Pasted",
    "Picture",
    "lines",
    "mark_of",
    "read",
    "too_long",
]

LONGEST = 600_000  # characters; Word writes ten for each that is read
_START, _END = "<!--StartFragment-->", "<!--EndFragment-->"


@dataclass(frozen=True)
class Pasted:
    """``html`` in the house's shape; ``removed``, what was left out, in words;
    ``pictures``, the name and caption of each picture, in the order of their marks."""

    html: str
    removed: tuple[str, ...] = ()
    pictures: tuple["Picture", ...] = ()


def too_long(html: str) -> list[Reason]:
    """Why a pasted text is not read, or nothing. To be asked first."""
    if len(html) <= LONGEST:
        return []
    text = _("粘贴的内容连同格式超过%(n)d万字符，格式未保留。请分几次粘贴。")
    return [Reason("text_too_long", text % {"n": LONGEST // 10_000})]


def lines(text: str) -> str:
    """Plain text as paragraphs: a line each; an indent is two wide blanks."""
    rows = re.split(r"\r\n?|[\n\u2028\u2029]", text[:LONGEST])
    rows = [INDENT.sub("　　", letters.seen(row).rstrip()) for row in rows]
    rows = [row for row in rows if row.strip()]
    return "".join(f"<p>{escape(row, quote=False)}</p>" for row in rows)


def read(html: str) -> Pasted:
    """A text of a clipboard in the house's shape. Time and size grow with its length;
    the caller has asked ``too_long``."""
    html = _copied(html[:LONGEST])
    left = Left()
    lower = html.lower()
    for tag in ("<script", "<iframe"):
        for _found in range(lower.count(tag)):
            left.note("controls")
    root = tree(tamed(html, TAGS, ATTRIBUTES, deepest=DEEPEST))
    reader = Reader(left, Habits.of(root))
    reader.walk_all(root.children, Around())
    items = reader.finished()
    # the one policy has the last word
    clean = richtext.safe(written(items))
    return Pasted(clean, left.sentences(), tuple(reader.pictures))


def _copied(html: str) -> str:
    """What was marked to be copied, without the page around it."""
    before, start, after = html.partition(_START)
    if start:
        html = after
    copied, end, rest = html.rpartition(_END)
    return copied if end else html
