"""Marks of the western half of a keyboard between Chinese words."""

import re
from copy import deepcopy

from common.markup import Node

_HAN = "\u2e80-\u2fdf\u3400-\u9fff“”‘’《》（）〈〉「」、。，；：？！…%％"
_FULL = dict(zip(",;:?!", "，；：？！", strict=True))
# behind Chinese, or before it; a colon and a full stop only behind it
_MARK = re.compile(
    rf"(?<=[{_HAN}])\s*[,;?!]|[,;?!](?=\s*[{_HAN}])|(?<=[{_HAN}])\s*:(?!//)"
)
_STOP = re.compile(rf"(?<=[{_HAN}])\.(?=[\s{_HAN}]|$)(?!\.)")
_BRACKETS = re.compile(r"\(([^()\n]{1,80})\)")
_QUOTES = re.compile(r'"([^"\n]{1,80})"')
_IS_HAN = re.compile("[\u3400-\u9fff]")
_CONTEXT = 8


def full(text: str) -> str:
    """``text`` with the marks of Chinese, character for character: what follows a
    character stays at its place, so that it can be put back between the elements."""

    def mark(found):
        return found[0][:-1] + _FULL[found[0][-1]]

    def pair(left, right):
        def put(found):
            before = text[found.start() - 1 : found.start()]
            if _IS_HAN.search(found[1]) or _IS_HAN.match(before):
                return f"{left}{found[1]}{right}"
            return found[0]

        return put

    text = _BRACKETS.sub(pair("（", "）"), text)
    text = _QUOTES.sub(pair("“", "”"), text)
    text = _MARK.sub(mark, text)
    text = _STOP.sub("。", text)
    return text


def mended(block: Node) -> Node:
    """The block with full-width marks; itself where there is nothing to mend. Blanks
    behind a mark stay; a web address is let be."""
    text = block.text
    right = full(text)
    if right == text:
        return block
    made = deepcopy(block)
    _put(made, right)
    return made


def _put(root: Node, right: str) -> None:
    """Give each string below ``root``, in reading order, its piece of ``right``."""
    at, waiting = 0, [(root, 0)]
    while waiting:
        node, number = waiting.pop()
        if number >= len(node.children):
            continue
        waiting.append((node, number + 1))
        kid = node.children[number]
        if isinstance(kid, str):
            node.children[number] = right[at : at + len(kid)]
            at += len(kid)
        else:
            waiting.append((kid, 0))


def samples(now: str, then: str) -> list[tuple[str, str]]:
    """Each place that changed, with a few words around it, before and after."""
    found, last = [], -_CONTEXT
    for at, (old, new) in enumerate(zip(now, then, strict=True)):
        if old != new and at - last >= _CONTEXT:
            around = slice(max(0, at - _CONTEXT), at + _CONTEXT)
            found.append((now[around].strip(), then[around].strip()))
            last = at
    return found
