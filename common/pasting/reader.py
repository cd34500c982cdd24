"""The walk through a tree of somebody else's markup."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from html import escape

from django.utils.translation import gettext_lazy

from common import letters, richtext
from common.markup import Node
from common.pasting import styles as read
from common.pasting.writing import Item, line, mark_of, written

MOST_COLUMNS = 60
_SIGNED = 60  # characters: what stands at the right and is longer is no signature
_HAN = "\u2e80-\u9fff\u3000-\u303f\uff00-\uffef"
_FOLDED = re.compile(rf"(?<=[{_HAN}])[ \t]*[\r\n]\s*(?=[{_HAN}])")
_IS_HAN = re.compile("[\u3400-\u9fff]")  # no symbol font draws these
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_WIDE = re.compile("[\u3000\u00a0\u2002\u2003]")
_LIST = re.compile(r"\bl\d+\s+level(\d)\b")
_WORDS = {
    "deleted": gettext_lazy("%(n)d处修订时已删除的文字"),
    "comments": gettext_lazy("%(n)d处批注"),
    "hidden": gettext_lazy("%(n)d处隐藏的文字"),
    "jumps": gettext_lazy("%(n)d个只在原文中有效的链接（文字保留）"),
    "links": gettext_lazy("%(n)d个打不开的链接（文字保留）"),
    "files": gettext_lazy("%(n)d个误成链接的文件名（文字保留）"),
    "trackers": gettext_lazy("%(n)d张看不见的跟踪图片"),
    "pictures": gettext_lazy("%(n)d张图片（原处留有记号，请在“照片”中添加）"),
    "symbols": gettext_lazy("%(n)d个符号字体的字符"),
    "controls": gettext_lazy("%(n)d个脚本、视频或表单控件"),
    "styles": gettext_lazy("字体、颜色、居中等样式"),
}


@dataclass(frozen=True)
class Picture:
    """One picture that stood in the text. ``name`` is what the caller called it
    (``paste:0``), empty for one that lies elsewhere."""

    name: str
    caption: str = ""


@dataclass(frozen=True)
class Around:
    """What holds for the words of a place."""

    marks: frozenset = frozenset()
    href: str = ""
    is_right: bool = False
    level: int = 0  # of lists
    ordered: bool = False
    start: int = 1
    is_wingding: bool = False
    heading: str = ""
    is_pre: bool = False


@dataclass
class Left:
    """What was left out: how often, and the first of its words."""

    counts: dict[str, int] = field(default_factory=dict)
    samples: dict[str, list[str]] = field(default_factory=dict)

    def note(self, kind: str, words: str = "") -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        words = " ".join(words.split())
        if words:
            some = self.samples.setdefault(kind, [])
            if len(some) < 3:
                some.append(words if len(words) <= 20 else words[:19] + "…")

    def sentences(self) -> tuple[str, ...]:
        said = []
        for kind, text in _WORDS.items():
            if kind in self.counts:
                samples = "、".join(f"“{word}”" for word in self.samples.get(kind, ()))
                text = text % {"n": self.counts[kind]}
                said.append(f"{text}：{samples}" if samples else str(text))
        return tuple(said)


class Reader:
    """Walks a tree and gathers blocks. ``words`` is the block that is being read:
    (text, marks, address) each."""

    def __init__(self, left: Left, habits: read.Habits, pictures=None):
        self.left, self.habits = left, habits
        self.items: list[Item] = []
        self.words: list[tuple[str, frozenset, str]] = []
        self.around = Around()
        self.pictures: list[Picture] = [] if pictures is None else pictures
        self.is_new_point = False
        self.marker = ""

    # --- blocks -------------------------------------------------------------------

    def end(self) -> None:
        """The block is complete: keep it, if it says anything."""
        words, around = self.words, self.around
        self.words = []
        if around.heading:  # bold by itself
            words = [(text, marks - {"strong"}, href) for text, marks, href in words]
        html, plain = line(words)
        if not plain.strip(read.BLANK):
            return
        tag = around.heading or "p"
        level, ordered, start = around.level, around.ordered, around.start
        if around.is_right and tag == "p" and not level and len(plain) <= _SIGNED:
            tag = "p.signed"
        if around.heading:
            level = 0
        if level:  # what stood between a bullet and its words
            html = html.lstrip(read.BLANK)
        more = bool(level) and not self.is_new_point
        self.is_new_point = False
        self.items.append(Item(tag, html, level, ordered, start, more))

    def finished(self) -> list[Item]:
        self.end()
        return self.items

    def put(self, tag: str, html: str, around: Around) -> None:
        """A block that is complete already, a table or a line."""
        self.end()
        more = bool(around.level) and not self.is_new_point
        self.items.append(
            Item(tag, html, around.level, around.ordered, around.start, more)
        )

    def block(self, node: Node, around: Around) -> None:
        self.end()
        self.around = around
        self.walk_all(node.children, around)
        self.around = around
        self.end()

    # --- the walk -----------------------------------------------------------------

    def walk_all(self, nodes: Iterable, around: Around) -> None:
        for node in nodes:
            self.around = around
            if isinstance(node, str):
                self.text(node, around)
            else:
                self.walk(node, around)

    def text(self, text: str, around: Around) -> None:
        if around.is_wingding and text.strip() and not _IS_HAN.search(text):
            at_start = not any(word.strip() for word, *_ in self.words)
            if at_start and len(text.strip()) == 1 and not around.level:
                self.words = []
                self.marker = text.strip()
            else:
                self.left.note("symbols", text)
            return
        text = letters.seen(text) if text else text
        if around.is_pre:
            text = text.strip("\r\n")
            for number, row in enumerate(re.split(r"\r\n?|\n", text)):
                if number:
                    self.words.append(("\n", frozenset(), ""))
                self.words.append((row, around.marks, around.href))
            return
        text = _FOLDED.sub("", text)
        text = _BLANKS.sub(" ", text)
        self.words.append((text, around.marks, around.href))

    def walk(self, node: Node, around: Around) -> None:
        tag, styles = node.tag, read.styles_of(node)
        if tag == "xml":
            return
        if tag in read.CONTROLS:
            self.left.note("controls", "" if tag in ("svg", "math") else node.text)
            return
        if tag == "img":
            self.picture(node, styles, around)
            return
        if self.is_left_out(node, styles):
            return
        if tag == "br":
            if "page-break-before" in styles or "break-before" in styles:
                self.end()
            else:
                self.words.append(("\n", frozenset(), ""))
            return
        if tag == "hr":
            self.put("hr", "<hr>", around)
            return
        if styles.keys() & read.PLAIN_STYLES or tag == "font":
            self.left.counts["styles"] = 1
        if "note-list" in styles.get("mso-element", ""):  # a rule above footnotes
            node.children = [
                kid for kid in node.children if isinstance(kid, str) or kid.tag != "hr"
            ]
        around = self.marked(node, styles, around)
        if "ignore" in styles.get("mso-list", ""):
            self.marker = " ".join(node.text.replace("\u00a0", " ").split())
            return
        if tag == "a":
            self.link(node, around)
        elif tag in ("ul", "ol"):
            self.list(node, around)
        elif tag == "table":
            self.table(node, around)
        elif tag == "figure":
            self.figure(node, around)
        elif tag == "blockquote":
            self.quotation(node, around)
        elif tag in read.BLOCKS or tag in ("li", "figcaption"):
            self.paragraph(node, styles, around)
        else:
            if tag in read.TABLE:
                self.end()
            self.walk_all(node.children, around)
            if tag in read.TABLE:
                self.end()

    def is_left_out(self, node: Node, styles) -> bool:
        """Marks of a word processor and what was hidden; noted."""
        classes = node.attributes.get("class", "").lower().split()
        element = styles.get("mso-element", "")
        if "msocommentreference" in classes or "msocomanchor" in classes:
            self.left.note("comments")
            return True
        if "comment" in element:  # what the comments say, behind the text
            self.left.counts.setdefault("comments", 1)
            return True
        if element in ("header", "footer", "field-begin", "field-separator"):
            return True
        is_deletion = node.tag == "del" and self.habits.tracks
        if node.tag == "span" and read.is_struck(styles) and read.is_red(node, styles):
            is_deletion = True
        if is_deletion or "msodel" in classes or "mso-prop-deleted" in styles:
            self.left.note("deleted", node.text)
            return True
        if read.is_hidden(node, styles) and "mso-list" not in styles:
            if node.text.strip(read.BLANK):
                self.left.note("hidden", node.text)
            return True
        return False

    def marked(self, node: Node, styles, around: Around) -> Around:
        """What its element and its style say of the words inside."""
        marks = set(around.marks)
        tag = node.tag
        weight = styles.get("font-weight", "")
        if weight in ("bold", "bolder") or (weight.isdigit() and int(weight) >= 600):
            marks.add("strong")
        elif weight == "normal" or weight.isdigit():
            marks.discard("strong")
        elif tag in ("b", "strong"):
            marks.add("strong")
        slant = styles.get("font-style", "")
        if slant.startswith(("italic", "oblique")):
            marks.add("em")
        elif slant == "normal":
            marks.discard("em")
        elif tag in ("i", "em", "cite", "dfn"):
            marks.add("em")
        lines_ = read.decoration(styles)
        if tag in ("s", "strike", "del") or "line-through" in lines_:
            marks.add("s")
        is_inserted = tag == "ins" or (
            self.habits.strikes_in_red and read.is_red(node, styles)
        )
        if (tag == "u" or "underline" in lines_) and tag != "a" and not is_inserted:
            marks.add("u")
        if "none" in lines_:
            marks -= {"u", "s"}
        rise = styles.get("vertical-align", "")
        if tag == "sup" or rise == "super":
            marks.add("sup")
        elif tag == "sub" or rise == "sub":
            marks.add("sub")
        changed = {"marks": frozenset(marks)}
        side = styles.get("text-align", node.attributes.get("align", "")).lower()
        if node.tag == "p" and node.attributes.get("class") == "signed":
            side = "right"  # ours, come back
        if side and node.tag not in ("img", "table"):
            changed["is_right"] = side in ("right", "end")
        if side == "center" or tag == "center":
            self.left.counts["styles"] = 1
        fonts = styles.get("font-family", styles.get("font", ""))
        if fonts:
            first = fonts.split(",")[0]
            changed["is_wingding"] = bool(read.SYMBOLS.search(first)) and (
                "segoe" not in first
            )
        if tag == "pre" or styles.get("white-space", "").startswith("pre"):
            changed["is_pre"] = tag == "pre" or "\n" in node.text.strip()
        return replace(around, **changed)

    def paragraph(self, node: Node, styles, around: Around) -> None:
        heading = read.heading(node, styles)
        if heading:
            marks = around.marks - {"strong", "sup", "sub"}
            around = replace(around, heading=heading, marks=marks)
        elif around.heading and node.tag == "p":
            pass  # a paragraph inside a heading is the heading
        point = _LIST.search(styles.get("mso-list", ""))
        is_symbol = False
        if not point and not around.level and not heading:
            is_symbol = read.begins_with_symbol(node)
        if point and not heading or is_symbol:
            self.end()
            self.point(node, int(point[1]) if point else 1, around)
            return
        if point:  # a numbered heading: its number is a word of the text
            self.end()
            self.marker = ""
            self.around = around
            self.walk_all(node.children, around)
            marker = self.marker
            self.marker = ""
            if marker and not read.is_bullet(marker):
                self.words.insert(0, (marker + " ", around.marks, ""))
            self.around = around
            self.end()
            return
        self.block(node, around)

    def point(self, node: Node, level: int, around: Around) -> None:
        """A paragraph of Word that is a point of a list, with its mark in the text."""
        self.marker = ""
        begun = len(self.items)
        self.around = around
        self.walk_all(node.children, around)
        marker, self.marker = self.marker, ""
        if read.HANZI_NUMBER.fullmatch(marker):
            self.words.insert(0, (marker, frozenset(), ""))
            self.end()
            return
        number = read.NUMBER.fullmatch(marker)
        is_ordered = bool(number) and not (marker in "lnuoq" and len(marker) == 1)
        is_plain = bool(number) and re.fullmatch("[0-9]+", number[1])
        start = int(number[1]) if is_plain else 1
        self.around = replace(
            around,
            level=min(level, 6),
            ordered=is_ordered,
            start=start,
            is_right=False,
        )
        self.is_new_point = len(self.items) == begun
        self.end()
        self.is_new_point = False

    # --- links, lists, tables, pictures ------------------------------------------------

    def link(self, node: Node, around: Around) -> None:
        typed = node.attributes.get("href", "").strip()
        words = node.text.strip(read.BLANK)
        whole = richtext.address(typed) if typed else ""
        if whole and read.is_file_name(words, whole):
            self.left.note("files", words)
            whole = ""
        elif typed.startswith("#") or read.is_footnote(typed):
            self.left.note("jumps")
        elif typed and not whole:
            self.left.note("links", words)
        self.walk_all(node.children, replace(around, href=whole))

    def list(self, node: Node, around: Around) -> None:
        self.end()
        start = node.attributes.get("start", "1")
        number = int(start) if re.fullmatch(r"[0-9]{1,4}", start) else 1
        level = min(around.level + 1, 6)
        for kid in node.children:
            if isinstance(kid, str):
                continue
            inside = replace(
                around, level=level, ordered=node.tag == "ol", start=number, heading=""
            )
            if kid.tag != "li":
                self.walk(kid, around if kid.tag not in ("ul", "ol") else inside)
                continue
            styles = read.styles_of(kid)
            if self.is_left_out(kid, styles):
                continue
            said = kid.attributes.get("data-aria-level", "")
            if re.fullmatch("[1-6]", said):  # Word's pages make a list of each point
                inside = replace(inside, level=int(said))
            self.is_new_point = True
            self.block(kid, replace(self.marked(kid, styles, inside), is_right=False))
            number += 1
        self.is_new_point = False
        self.end()

    def quotation(self, node: Node, around: Around) -> None:
        inner = Reader(self.left, self.habits, self.pictures)
        inner.walk_all(node.children, replace(around, level=0, heading=""))
        html = written(inner.finished())
        if html:
            self.put("blockquote", f"<blockquote>{html}</blockquote>", around)

    def figure(self, node: Node, around: Around) -> None:
        """A picture with its caption; a table in a figure is a table."""
        captions = [kid for kid in node.walk() if kid.tag == "figcaption"]
        caption = " ".join(" ".join(kid.text.split()) for kid in captions)
        images = [kid for kid in node.walk() if kid.tag == "img"]
        rest = [kid for kid in node.children if kid not in captions]
        if not images:
            self.walk_all(node.children, around)
            return
        self.end()
        before = len(self.pictures)
        self.caption = caption
        self.walk_all(rest, around)
        self.caption = ""
        if caption and len(self.pictures) == before:
            self.words.append((caption, around.marks, ""))
        self.end()

    caption = ""

    def picture(self, node: Node, styles, around: Around) -> None:
        get = node.attributes.get
        source = get("src", "")
        lazy = get("data-src", "") or get("data-original", "")
        if lazy and not source.startswith("paste:"):
            source = lazy
        sides = [
            read.pixels(styles.get(side, "") or get(side, ""))
            for side in ("width", "height")
        ]
        alt = " ".join(get("alt", "").split())
        if read.is_hidden(node, styles) or any(
            side is not None and side <= 3 for side in sides
        ):
            self.left.note("trackers")
            return
        if all(side is not None and side <= 32 for side in sides) or (
            "emoji" in get("class", "").lower()
        ):
            if alt and len(alt) <= 6:  # a picture of a character
                self.text(alt, around)
            else:
                self.left.note("trackers")
            return
        name = source if re.fullmatch(r"paste:[0-9]{1,3}", source) else ""
        words = self.caption or alt
        if not name:
            self.left.note("pictures", words or read.file_of(source))
        self.caption = ""
        self.pictures.append(Picture(name, words[:200]))
        self.put("p", f"<p>{escape(mark_of(words), quote=False)}</p>", Around())

    def table(self, node: Node, around: Around) -> None:
        rows = list(_rows(node))
        cells = [cell for row in rows for cell in row]
        nested = any(kid.tag == "table" for cell in cells for kid in cell.walk())
        if nested or len(cells) <= 1 or max(map(len, rows)) > MOST_COLUMNS:
            for cell in cells:  # a table that only lays out a page
                self.block(cell, replace(around, level=0))
            return
        self.end()
        written = []
        for kid in node.children:
            if isinstance(kid, Node) and kid.tag == "caption":
                self.block(kid, replace(around, level=0))
        for row in rows:
            said = "".join(self.cell(cell, around) for cell in row)
            if re.sub(r"<[^>]*>", "", said).strip():
                written.append(f"<tr>{said}</tr>")
        if written:
            body = "".join(written)
            self.put("table", f"<table><tbody>{body}</tbody></table>", around)

    def cell(self, node: Node, around: Around) -> str:
        inner = Reader(self.left, self.habits, self.pictures)
        styles = read.styles_of(node)
        if not inner.is_left_out(node, styles):
            around = inner.marked(node, styles, around)
            around = replace(around, level=0, heading="", is_right=False)
            if node.tag == "th":
                around = replace(around, marks=around.marks - {"strong"})
            inner.walk_all(node.children, around)
        items = inner.finished()
        for item in items:
            if item.tag in ("h2", "h3", "p.signed"):
                item.tag = "p"
        spans = "".join(
            f' {name}="{value}"'
            for name in ("colspan", "rowspan")
            if re.fullmatch("[2-9]|[1-9][0-9]", value := node.attributes.get(name, ""))
        )
        html = written(items) or "<p></p>"
        return f"<{node.tag}{spans}>{html}</{node.tag}>"


def _rows(table: Node):
    """The cells of each row, not those of tables inside."""
    waiting = [*reversed(table.children)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            continue
        if node.tag in ("thead", "tbody", "tfoot"):
            waiting += reversed(node.children)
        elif node.tag == "tr" and not read.is_hidden(node, read.styles_of(node)):
            cells = [
                kid
                for kid in node.children
                if isinstance(kid, Node) and kid.tag in ("td", "th")
            ]
            if cells:
                yield cells
