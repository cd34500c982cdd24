"""What elements and styles of other programs mean: which tags are read, what is bold,
hidden, struck, a heading, a bullet."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from common import richtext
from common.markup import Node

DEEPEST = 120  # elements inside one another: articles of WeChat go deep
BLANK = " \t\r\n\u3000\u00a0\u2002\u2003\u2009\u200b\ufeff"
BLOCKS = {
    *("p", "div", "section", "article", "main", "header", "footer", "nav", "aside"),
    *("center", "address", "dl", "dt", "dd", "details", "summary", "fieldset", "form"),
    *("pre", "legend", "body", "h1", "h2", "h3", "h4", "h5", "h6"),
}
TABLE = {"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"}
_INLINE = {
    *("a", "b", "strong", "i", "em", "cite", "dfn", "u", "ins", "s", "strike", "del"),
    *("sub", "sup", "span", "font", "br", "img", "label", "big", "small"),
}
_OTHER = {"ul", "ol", "li", "blockquote", "figure", "figcaption", "hr", "xml"}
# Controls and drawings: their words are no text for readers.
CONTROLS = {
    *("select", "button", "textarea", "datalist", "svg", "math", "object", "applet"),
    *("video", "audio", "canvas", "map"),
}
TAGS = BLOCKS | TABLE | _INLINE | _OTHER | CONTROLS
ATTRIBUTES = {
    tag: {
        *("style", "class", "align", "role", "aria-level", "aria-hidden", "hidden"),
        *("data-aria-level", "color"),
    }
    for tag in TAGS
} | {
    "a": {"href", "style", "class", "name"},
    "img": {
        *("src", "data-src", "alt", "width", "height", "style", "class", "data-file"),
        *("data-original", "title"),
    },
    "del": {"cite", "datetime", "style", "class"},
}
for _tag in ("td", "th"):
    ATTRIBUTES[_tag] |= {"colspan", "rowspan"}
ATTRIBUTES["ol"] |= {"start"}

SYMBOLS = re.compile(r"wingdings|webdings|symbol", re.IGNORECASE)
# 1. 1、 1） (1) a. ① iv. : what an ``ol`` writes by itself. 一、 is a word of the text.
NUMBER = re.compile(r"[（(]?([0-9]{1,3}|[a-zA-Z]|[ivxIVX]{1,5}|[①-⑳])[.、．)）]?")
HANZI_NUMBER = re.compile(
    r"[（(]?[第]?[零〇一二三四五六七八九十百]+[章节条款项]?[、.．)）]?"
)
_RED = re.compile(r"red|#f00|#ff0000|#c00000|rgb\(2\d\d,0,0\)|rgb\(192,0,0\)")
_LENGTH = re.compile(r"\s*([0-9.]{1,6})(?:px|pt)?\s*")
PLAIN_STYLES = {"color", "font-family", "font-size", "background", "background-color"}


@dataclass(frozen=True)
class Habits:
    """How the program that wrote the text marks what was deleted."""

    tracks: bool  # by del and ins
    strikes_in_red: bool  # by a red line through it

    @classmethod
    def of(cls, root: Node) -> "Habits":
        tracks = strikes = False
        for node in root.walk():
            if node.tag == "ins" or (node.tag == "del" and len(node.attributes) > 0):
                tracks = True
            styles = styles_of(node)
            strikes |= is_struck(styles) and is_red(node, styles)
        return cls(tracks, strikes)


def styles_of(node: Node) -> dict[str, str]:
    """Its style by property, as written: the browser's reading drops ``mso-…``."""
    raw = node.attributes.get("style", "")
    pairs = (part.partition(":") for part in raw.split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs}


def decoration(styles) -> str:
    return styles.get("text-decoration-line", styles.get("text-decoration", ""))


def is_struck(styles) -> bool:
    return "line-through" in decoration(styles)


def is_red(node, styles) -> bool:
    colour = styles.get("color", node.attributes.get("color", "")).replace(" ", "")
    return bool(_RED.fullmatch(colour.lower()))


def is_hidden(node, styles) -> bool:
    return (
        styles.get("display") == "none"
        or styles.get("visibility") == "hidden"
        or "all" in styles.get("mso-hide", "")
        or "hidden" in node.attributes
        or re.fullmatch(r"0(?:px|pt|em|%)?", styles.get("font-size", "-")) is not None
        or styles.get("opacity") == "0"
    )


def heading(node: Node, styles) -> str:
    get = node.attributes.get
    classes = get("class", "").lower().split()
    level = styles.get("mso-outline-level", "")
    if node.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        level = node.tag[1]
    elif get("role") == "heading":
        level = get("aria-level", "2")
    elif "msotitle" in classes:
        level = "1"
    elif "msosubtitle" in classes:
        level = "2"
    if not re.fullmatch("[1-9]", level):
        return ""
    return "h2" if int(level) <= 2 else "h3"


def begins_with_symbol(node: Node) -> bool:
    """A paragraph that opens with one letter of a symbol font, as a bullet."""
    waiting = [(node, "")]
    while waiting:
        kid, font = waiting.pop()
        if isinstance(kid, str):
            if kid.strip(BLANK):
                return bool(SYMBOLS.search(font)) and len(kid.strip(BLANK)) == 1
            continue
        font = styles_of(kid).get("font-family", font)
        waiting += [(below, font) for below in reversed(kid.children)]
    return False


def is_bullet(marker: str) -> bool:
    return not (NUMBER.fullmatch(marker) or HANZI_NUMBER.fullmatch(marker))


def is_footnote(href: str) -> bool:
    return bool(re.search(r"#_?(?:ftn|edn|Toc|ftnref|ednref|msocom)", href))


_FILE_NAME = re.compile(rf"[^\s/?#:]+\.(?:{richtext.FILE_ENDINGS})", re.IGNORECASE)


def is_file_name(words: str, href: str) -> bool:
    """A program took the words for a host: 报名表.zip, README.md."""
    if not _FILE_NAME.fullmatch(words):
        return False
    parts = _split(href)
    if parts is None or parts.path.strip("/") or parts.query:
        return False
    host = parts.netloc.lower()
    return (
        host == words.lower()
        or (
            host.startswith("xn--")
            and host.rpartition(".")[2] == words.rpartition(".")[2]
        )
        or unquote(host) == words.lower()
    )


def _split(address: str):
    try:
        return urlsplit(address)
    except ValueError:
        return None


def file_of(source: str) -> str:
    if source.startswith("data:"):
        return ""
    parts = _split(source)
    if parts is None:
        return ""
    name = unquote(parts.path.replace("\\", "/").rpartition("/")[2])
    return name if re.search(r"\.\w{3,4}$", name) else parts.netloc


def pixels(typed: str) -> float | None:
    number = _LENGTH.fullmatch(typed)
    try:
        return float(number[1]) if number else None
    except ValueError:
        return None
