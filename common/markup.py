"""Markup of strangers, read in one pass and given bounds before any parser sees it.

A parser of HTML mends what is broken, and that can be made dear: Python's searches for the
end of a tag again from every ``<``, a browser's opens every ``<b>`` that was left open
once more in each paragraph (17 KB of these become 7 MB in nh3, 100 KB would fill the
machine). ``tamed`` leaves such work to nobody: what it returns is closed in the order
in which it was opened, at most ``DEEPEST`` deep, and no longer than what came in by
more than the closing of it. The time it takes grows with the length and no faster.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape, unescape

DEEPEST = 40  # elements inside one another; what lies deeper keeps its words only

VOID = {"br", "hr", "img"}
_BLANK = r"\t\n\f\r "
# Every quantifier is possessive: nothing is read twice.
_NAME = re.compile(rf"(/?+)([a-zA-Z][^{_BLANK}/>]*+)")
_ATTRIBUTE = re.compile(
    rf"[{_BLANK}/]*+([^{_BLANK}/>][^{_BLANK}/>=]*+)"
    rf"(?:[{_BLANK}]*+=[{_BLANK}]*+"
    rf"(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)'|(?P<open>[\"'])|(?P<bare>[^{_BLANK}>]*+)))?+"
)
_TAG_END = re.compile(rf"[{_BLANK}/]*+>")
_COMMENT_END = re.compile(r"--!?>")
_TO_END = re.compile(r"[^>]*+>")
# Their content is no text for readers.
_UNREAD = {
    name: re.compile(rf"</{name}(?=[{_BLANK}/>])", re.IGNORECASE)
    for name in (
        *("script", "style", "title", "template", "noscript"),
        *("iframe", "noembed", "noframes"),
    )
}

# The end of an element may be left out where another begins, as in any browser. These
# stop the looking for what is still open.
_WALLS = {"table", "caption", "td", "th"}
_CELLS = {"caption", "thead", "tbody", "tr", "td", "th"}
_ENDED = {
    **dict.fromkeys(
        [
            *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ul", "ol"),
            *("blockquote", "figure", "figcaption", "table"),
        ],
        {"p"},
    ),
    "li": {"li"},
    "tr": {"tr"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "thead": {"caption", "thead", "tbody"},
    "tbody": {"caption", "thead", "tbody"},
}


@dataclass
class Node:
    """One element of a cleaned text; children are elements and plain strings."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        """This element and all below it, parents first."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [kid for kid in reversed(node.children) if isinstance(kid, Node)]

    @property
    def text(self) -> str:
        words, waiting = [], [self]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                words.append(node)
            else:
                waiting += reversed(node.children)
        return "".join(words)

    def html(self) -> str:
        written, waiting = [], [self]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                written.append(escape(node, quote=False))
            elif isinstance(node, _End):
                written.append(f"</{node.tag}>")
            else:
                if node.tag:
                    written.append(_start(node.tag, node.attributes))
                    if node.tag not in VOID:
                        waiting.append(_End(node.tag))
                waiting += reversed(node.children)
        return "".join(written)


@dataclass
class _End:
    tag: str


def _start(tag: str, attributes: dict[str, str]) -> str:
    typed = "".join(f' {name}="{escape(text)}"' for name, text in attributes.items())
    return f"<{tag}{typed}>"


def tree(html: str) -> Node:
    """A cleaned text as a tree; the root has no tag. Not a cleaner."""
    root = Node("")
    open_ = [root]
    for kind, word, attributes in _tokens(html):
        if kind == "text":
            open_[-1].children.append(unescape(word))
        elif kind == "end":
            if len(open_) > 1 and open_[-1].tag == word:
                open_.pop()
        else:
            values = {name: unescape(text) for name, text in attributes.items()}
            node = Node(word, values)
            open_[-1].children.append(node)
            if word not in VOID:
                open_.append(node)
    return root


def tamed(
    html: str,
    tags: Collection[str],
    attributes: Mapping[str, Collection[str]],
    deepest: int = DEEPEST,
) -> str:
    """``html`` with no other tags and attributes than these, every element closed and
    none deeper than ``deepest``. Words stay. Says nothing about addresses in it."""
    written, open_, skipped = [], [], Counter()

    def close(down_to):
        while len(open_) > down_to:
            written.append(f"</{open_.pop()}>")

    for kind, word, typed in _tokens(html):
        if kind == "text":
            written.append(word.replace("<", "&lt;"))
        elif word not in tags:
            continue
        elif kind == "end":
            if skipped[word]:
                skipped[word] -= 1
                continue
            walls = () if word == "table" else _walls(word)
            at = _last(open_, {word}, walls)
            if at is not None:
                close(at)
        else:
            at = _last(open_, _ENDED.get(word, ()), _walls(word))
            if at is not None:
                close(at)
            if len(open_) >= deepest:
                if word not in VOID:
                    skipped[word] += 1
                continue
            known = attributes.get(word, ())
            kept = [
                ' {}="{}"'.format(name, text.replace('"', "&quot;"))
                for name, text in typed.items()
                if name in known
            ]
            written.append(f"<{word}{''.join(kept)}>")
            if word not in VOID:
                open_.append(word)
    close(0)
    return "".join(written)


def _walls(tag: str) -> set[str]:
    if tag == "li":
        return _WALLS | {"ul", "ol"}
    if tag in _CELLS:
        return {"table"}
    return _WALLS


def _last(open_: list[str], sought, walls) -> int | None:
    """Where the last of the sought elements is open, if no wall stands before it."""
    for at in range(len(open_) - 1, -1, -1):
        if open_[at] in sought:
            return at
        if open_[at] in walls:
            return None
    return None


def _tokens(html: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """(``text``, ``start`` or ``end``; the words or the tag; attributes), character
    references as they were written. A tag or comment without its end takes the rest
    with it, as in any browser."""
    at = 0
    while at < len(html):
        begin = html.find("<", at)
        if begin != at:
            stop = begin if begin >= 0 else len(html)
            yield "text", html[at:stop], {}
            at = stop
            continue
        name = _NAME.match(html, at + 1)
        if name is None:
            if html.startswith("<!--", at):
                end = _COMMENT_END.search(html, at + 2)
            elif html[at + 1 : at + 2] in ("!", "?", "/"):
                end = _TO_END.match(html, at)
            else:
                yield "text", "<", {}
                at += 1
                continue
            if end is None:
                return
            at = end.end()
            continue
        word, at, typed = name[2].lower(), name.end(), {}
        while found := _ATTRIBUTE.match(html, at):
            if found["open"]:
                return
            value = found["double"] or found["single"] or found["bare"] or ""
            typed.setdefault(found[1].lower(), value)
            at = found.end()
        end = _TAG_END.match(html, at)
        if end is None:
            return
        at = end.end()
        if name[1]:
            yield "end", word, {}
        elif word in _UNREAD:
            end = _UNREAD[word].search(html, at)
            if end is None:
                return
            at = end.start()
        else:
            yield "start", word, typed
