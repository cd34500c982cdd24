"""What was read, written down as blocks of the house."""

import re
from dataclasses import dataclass
from html import escape

from common.pasting.styles import BLANK

INDENT = re.compile("^[ \u3000\u00a0\u2002\u2003\u2009]+")
_WIDE = re.compile("[\u3000\u00a0\u2002\u2003]")
_MARK = ("〔此处放照片", "〕")
# The words that hold a picture's place, and its caption.
MARK = re.compile(r"〔此处放照片(?:：([^〔〕]*))?〕")


@dataclass
class Item:
    """One block: a paragraph, heading, point of a list, or finished markup."""

    tag: str
    html: str
    level: int = 0
    ordered: bool = False
    start: int = 1
    is_more: bool = False  # a further paragraph of the point before it


def mark_of(words: str) -> str:
    """The words that hold the place of a picture."""
    words = words.replace("〔", "").replace("〕", "").strip()
    return f"{_MARK[0]}：{words}{_MARK[1]}" if words else "".join(_MARK)


def line(words) -> tuple[str, str]:
    """The words of a block as markup and as they are read. Blanks at its ends go; a
    typed indent stays as two wide blanks, which the editor shows and may take away."""
    words = _joined(words)
    while words and not words[-1][0].strip(BLANK + "\n"):
        words.pop()
    if words:
        text, *rest = words[-1]
        words[-1] = (text.rstrip(BLANK), *rest)
    while words and words[0][0] == "\n":
        words.pop(0)
    written, plain = [], []
    for number, (text, marks, href) in enumerate(words):
        if number == 0 and (blank := INDENT.match(text)):
            text = ("　　" if _WIDE.search(blank[0]) else "") + text[blank.end() :]
        if text == "\n":
            written.append("<br>")
            plain.append(" ")
            continue
        text = re.sub("[ \u00a0]+", " ", text)
        if not text:
            continue
        html = escape(text, quote=False)
        if text.strip(BLANK):
            for mark in ("sub", "sup", "s", "u", "em", "strong"):
                if mark in marks:
                    html = f"<{mark}>{html}</{mark}>"
            if href:
                html = f'<a href="{escape(href)}">{html}</a>'
        written.append(html)
        plain.append(text)
    return "".join(written), "".join(plain)


def _joined(words) -> list:
    """Neighbours with the same marks as one; of several blanks in a row, one."""
    joined: list = []
    for text, marks, href in words:
        if joined and joined[-1][0].endswith((" ", "\n")) and text.startswith(" "):
            text = text[1:]
        if not text:
            continue
        if (
            joined
            and "\n" not in (text, joined[-1][0])
            and joined[-1][1:] == (marks, href)
        ):
            joined[-1] = (joined[-1][0] + text, marks, href)
        else:
            joined.append((text, marks, href))
    return joined


def written(items: list[Item]) -> str:
    """Blocks as markup, points of lists put together as they lie in one another."""
    out: list[str] = []
    open_: list[str] = []  # the lists that are open, outermost first

    def close(down_to):
        while len(open_) > down_to:
            out.append(f"</li></{open_.pop()}>")

    for item in items:
        kind = "ol" if item.ordered else "ul"
        block = _block(item)
        if not item.level:
            close(0)
            out.append(block)
            continue
        if item.is_more and open_:
            close(max(item.level, 1))
            out.append(block)
            continue
        level = min(item.level, len(open_) + 1)
        close(level)
        if len(open_) == level and open_[-1] != kind:
            close(level - 1)
        if len(open_) == level:
            out.append("</li><li>")
        else:
            start = f' start="{item.start}"' if kind == "ol" and item.start > 1 else ""
            out.append(f"<{kind}{start}><li>")
            open_.append(kind)
        out.append(block)
    close(0)
    return "".join(out)


def _block(item: Item) -> str:
    if item.html.startswith(("<hr", "<table", "<blockquote")) or (
        item.html.startswith("<p>〔")
    ):
        return item.html
    if item.tag == "p.signed":
        return f'<p class="signed">{item.html}</p>'
    tag = item.tag if not item.level else "p"
    rows = _PARTED.split(item.html) if tag == "p" else [item.html]
    return "".join(f"<{tag}>{row}</{tag}>" for row in rows if row)


# two line breaks, or one before an indent, part paragraphs on old sites
_PARTED = re.compile(r"(?:<br>\s*){2,}|<br>(?=[\u3000]|\s{2})")
