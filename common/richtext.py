"""Article bodies, deeds and course outlines are the only HTML that is stored, and this
is the only policy they pass: in the service that stores them and in every importer.

What it does is markup only: no word is ever changed. ``common.markup`` gives what was
typed its bounds, before any parser sees it; nh3 drops everything that could
act (scripts, handlers, styles, foreign addresses of pictures, ``mso`` of Word); then a
small tree gives the house's shape and nh3 checks it once more.
"""

import re
from collections.abc import Callable
from html import unescape

import nh3
from django.utils.translation import gettext as _

from common import letters
from common.errors import Reason
from common.markup import Node, tamed, tree

# Characters of markup, ten times a long article. What takes a second is not read.
LONGEST = 200_000

# What other editors call it → what we call it.
_SAME = {
    "h1": "h2",
    "h4": "h3",
    "h5": "h3",
    "h6": "h3",
    "b": "strong",
    "i": "em",
    "div": "p",
}
_BLOCKS = {"p", "h2", "h3", "ul", "ol", "blockquote", "figure", "table", "hr"}
_HOUSE = {
    *_BLOCKS,
    *("strong", "em", "s", "u", "sub", "sup", "br", "a", "li", "img", "figcaption"),
    *("caption", "thead", "tbody", "tr", "th", "td"),
}
_CLASSES = {
    "p": {"noindent", "signed"},  # flush left; a signature or its date, at the right
    "figure": {"fig"},
    "div": {"table-scroll"},
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"data-file"},  # which picture; the house draws it, so no address is taken
    "ol": {"start"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
}
# Written by the house itself in between, never taken from what was typed.
_MADE = {
    "img": {"data-file", "src", "srcset", "sizes", "alt", "width", "height", "loading"}
}
_SCHEMES = {"http", "https", "mailto", "tel"}
# Typed indents: the ideographic space and its kin. The stylesheet indents.
_INDENTS = " \t\r\n\u3000\u00a0\u2002\u2003\u2009\u200b\ufeff"
_DASHES = ("\u2014\u2014", "\u2500\u2500")
_STOP = "\u3002"
# An address with no scheme that still says where it leads: www.example.com/a
_HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?(?=[/?#]|$)")
# Endings of file names that are top-level domains as well.
FILE_ENDINGS = (
    "zip|md|sh|py|pl|rs|mov|app|ps|pub|java|doc|docx|pdf|xls|xlsx|ppt|pptx|wps|et|rar|"
    "7z|txt|csv|mp3|mp4|jpg|png"
)
_FILE = re.compile(rf"[^/?#]+\.(?:{FILE_ENDINGS})", re.IGNORECASE)


def parse(html: str) -> Node:
    """A text as a tree, cleaned first whatever it is; the root has no tag."""
    return tree(_safe(html, _ATTRIBUTES | _MADE, _HOUSE | {"div"}))


def safe(html: str) -> str:
    """What the editor may be given: the house's elements and nothing else."""
    return _safe(html, _ATTRIBUTES, _HOUSE)


def _safe(html: str, attributes, tags) -> str:
    """No parser sees anything of a person before this has bounded it."""
    known = {tag: {"class", *attributes.get(tag, ())} for tag in tags}
    return nh3.clean(
        tamed(html, tags, known),
        tags=tags,
        clean_content_tags={"script", "style", "title", "template", "noscript"},
        attributes=attributes,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def length_reasons(html: str, field: str) -> list[Reason]:
    """Why a typed text is too long to be read at all, or nothing. To be asked first."""
    if len(html) <= LONGEST:
        return []
    words = {"n": len(html) // 10_000, "most": LONGEST // 10_000}
    text = _(
        "正文连同格式超过%(n)d万字符，最多%(most)d万。请分成几篇，"
        "或先粘贴为纯文本再排版"
    )
    return [Reason("text_too_long", text % words, field=field)]


def address(typed: str) -> str:
    """Where a link leads, whole: with a scheme, or "" for one that leads nowhere from a
    page that is read elsewhere (``#jump``, ``/a/``, ``file:``, the name of a file)."""
    typed = "".join(letters.seen(typed).split())
    if typed.startswith("//"):
        typed = "https:" + typed
    scheme, colon, rest = typed.partition(":")
    if colon and scheme.lower() in ("http", "https"):
        slashes = rest.removeprefix("//")
        return typed if slashes != rest and slashes.strip("/") else ""
    if colon and scheme.lower() in _SCHEMES:
        return typed if rest else ""
    if _HOST.match(typed) and not _FILE.fullmatch(typed):
        return "https://" + typed
    return ""


def link_reasons(html: str, field: str) -> list[Reason]:
    """Why the links of a typed text cannot be stored: one reason, which names the first
    that leads nowhere; nothing is dropped behind anybody's back."""
    for node in tree(tamed(html, {"a", "img"}, {"a": {"href"}})).walk():
        typed = node.attributes.get("href", "")
        if any(kid.tag == "img" for kid in node.walk()):
            continue  # the house itself leads from a picture to the large one
        if typed and not address(typed):
            text = _(
                "链接“%(words)s”的网址“%(address)s”不完整。请改为以 https:// "
                "开头的完整网址，或取消这个链接"
            )
            said = {"words": node.text.strip()[:20], "address": typed[:80]}
            return [Reason("link_incomplete", text % said, field=field)]
    return []


def clean(html: str, figure: Callable[[str], Node | None] | None = None) -> str:
    """``html`` as it may be stored: safe, and in the house's shape. Cleaning twice
    changes nothing.

    ``figure`` is given the ``data-file`` of each picture and returns the element that
    stands for it, or None to drop it; without it, texts have no pictures.
    """
    typed = _safe(html, _ATTRIBUTES, _HOUSE | _SAME.keys())
    root = tree(typed)
    for node in list(root.walk()):
        node.tag = _SAME.get(node.tag, node.tag)
        if not node.attributes.get("class", "kept"):
            del node.attributes["class"]  # none of its classes was ours
        if node.tag == "a":
            _lead_somewhere(node)
    _place_pictures(root, figure or (lambda name: None))
    _wrap_loose_text(root)
    for node in list(root.walk()):
        if node.tag in ("p", "h2", "h3"):
            drop_indent(node)
        if node.tag == "p":
            _stress_lead(node)
    _drop_empty(root)
    _box_tables(root)
    made = _ATTRIBUTES | _MADE
    return _safe(root.html(), made, _HOUSE | {"div"}).strip()


def blocks(html: str) -> Node:
    """A typed text as a tree of blocks with its words and blanks as they are: what stands
    outside every block is a paragraph. Pictures keep what the house wrote of them."""
    root = tree(_safe(html, _ATTRIBUTES | _MADE, _HOUSE | {"div"}))
    root.children = [
        child if isinstance(child, Node) else Node("p", {}, [child])
        for child in root.children
        if isinstance(child, Node) or child.strip()
    ]
    return root


def pictures(html: str) -> list[str]:
    """The ``data-file`` of each picture of a text, in order."""
    typed = tree(_safe(html, _ATTRIBUTES, _HOUSE))
    names = (node.attributes.get("data-file") for node in typed.walk())
    return [name for name in names if name]


def strange_pictures(html: str) -> int:
    """How many pictures of a typed text are none of the house's: ``clean`` drops them."""
    typed = tree(_safe(html, _ATTRIBUTES, _HOUSE))
    images = [node for node in typed.walk() if node.tag == "img"]
    return sum("data-file" not in image.attributes for image in images)


_ENDS = "。！？；：”’）》…"
_SENTENCE_END = re.compile(r"[。！？][”’）]?")


def plain(html: str, limit: int = 0) -> str:
    """The sentences of a stored text on one line, without headings and captions.

    At most ``limit`` characters: whole sentences if they fill half of that, else cut
    and marked by “……”.
    """
    root = parse(html)
    for node in root.walk():
        node.children = [
            child
            for child in node.children
            if isinstance(child, str) or child.tag != "figure"
        ]
    blocks = map(_own_words, root.walk())
    words = ""
    for block in filter(None, (" ".join(block.split()) for block in blocks)):
        # a Chinese sentence that has ended needs no space before the next one
        words += block if not words or words[-1] in _ENDS else f" {block}"
    if not limit or len(words) <= limit:
        return words
    ends = [end.end() for end in _SENTENCE_END.finditer(words)]
    whole = max((end for end in ends if end <= limit), default=0)
    if whole * 2 >= limit:
        return words[:whole]
    return words[:limit].rstrip() + "……"


_TAG = re.compile(r"<(/?)([a-zA-Z0-9]+)[^>]*>")
_WITHIN_WORDS = {"strong", "em", "b", "i", "u", "s", "a", "sub", "sup", "span", "mark"}


def words(html: str) -> str:
    """All words of a stored text on one line, headings and captions too, in a tenth of
    the time of ``plain``: for searching, where a few spaces more do no harm."""
    spaced = _TAG.sub(lambda tag: "" if tag[2] in _WITHIN_WORDS else " ", html)
    return " ".join(unescape(spaced).split())


_READ = {"p", "li", "th", "td"}


def _own_words(node: Node) -> str:
    """The words of a block that stand in no block inside it."""
    if node.tag not in _READ:
        return ""
    words, waiting = [], [*reversed(node.children)]
    while waiting:
        kid = waiting.pop()
        if isinstance(kid, str):
            words.append(kid)
        elif kid.tag == "br":
            words.append(" ")
        elif kid.tag not in _BLOCKS | _READ:
            waiting += reversed(kid.children)
    return "".join(words)


def _lead_somewhere(link: Node) -> None:
    """A whole address, or the words alone."""
    whole = address(link.attributes.get("href", ""))
    if whole:
        link.attributes["href"] = whole
    else:
        link.tag, link.attributes = "", {}


def _place_pictures(parent: Node, figure) -> None:
    """Put the house's own figure in the place of each picture that was typed."""
    children = []
    for child in parent.children:
        if isinstance(child, str):
            children.append(child)
            continue
        names = [
            node.attributes.get("data-file", "")
            for node in child.walk()
            if node.tag == "img"
        ]
        if child.tag in ("figure", "img") or (
            child.tag == "p" and names and not child.text.strip(_INDENTS)
        ):
            children += [made for made in map(figure, names) if made is not None]
        elif child.tag == "p" and names:  # a picture inside a sentence follows it
            _drop_tag(child, "img")
            children.append(child)
            children += [made for made in map(figure, names) if made is not None]
        else:
            _place_pictures(child, figure)
            children.append(child)
    parent.children = children


def _drop_tag(node: Node, tag: str) -> None:
    for below in node.walk():
        below.children = [
            child
            for child in below.children
            if isinstance(child, str) or child.tag != tag
        ]


def _wrap_loose_text(root: Node) -> None:
    """Words outside every paragraph become one; nested paragraphs come out."""
    children, loose = [], []

    def close():
        if any(not isinstance(bit, str) or bit.strip(_INDENTS) for bit in loose):
            children.append(Node("p", {}, loose.copy()))
        loose.clear()

    for child in _flattened(root.children):
        if isinstance(child, Node) and child.tag in _BLOCKS:
            close()
            children.append(child)
        elif isinstance(child, Node) and child.tag == "br":
            close()
        else:
            loose.append(child)
    close()
    root.children = children


def _flattened(children):
    """A paragraph that holds blocks (a foreign ``div``) gives way to them."""
    for child in children:
        if (
            isinstance(child, Node)
            and child.tag == "p"
            and any(
                isinstance(kid, Node) and kid.tag in _BLOCKS for kid in child.children
            )
        ):
            inner = Node("", {}, child.children)
            _wrap_loose_text(inner)
            yield from inner.children
        else:
            yield child


def drop_indent(node: Node) -> None:
    """Typed blanks at the start go: the stylesheet indents, or it would be twice."""
    while node.children:
        first = node.children[0]
        if isinstance(first, Node):
            if first.tag in ("strong", "em", "u", "s", "a"):
                drop_indent(first)
            return
        rest = first.lstrip(_INDENTS)
        if rest:
            node.children[0] = rest
            return
        del node.children[0]


def _stress_lead(node: Node) -> None:
    """“——” opens a paragraph whose lead phrase, to the first full stop, is bold."""
    if not node.children or not isinstance(node.children[0], str):
        return
    first = node.children[0]
    dash = next((dash for dash in _DASHES if first.startswith(dash)), "")
    lead, stop, rest = first.removeprefix(dash).partition(_STOP)
    if not dash or not stop or not lead.strip():
        return
    strong = Node("strong", {}, [lead + stop])
    node.children[:1] = [dash, strong, *([rest] if rest else [])]


def _drop_empty(root: Node) -> None:
    root.children = [
        child
        for child in root.children
        if isinstance(child, str)
        or child.tag not in ("p", "h2", "h3", "blockquote", "ul", "ol")
        or child.text.strip(_INDENTS)
    ]


def _box_tables(root: Node) -> None:
    """A wide table scrolls inside its own box, never the page."""
    root.children = [
        Node("div", {"class": "table-scroll"}, [child])
        if isinstance(child, Node) and child.tag == "table"
        else child
        for child in root.children
    ]
