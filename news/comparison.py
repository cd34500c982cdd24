"""Two texts of an article side by side: what changed, paragraph by paragraph.

Bounded: past ``MOST_BLOCKS`` paragraphs a side, and within paragraphs longer than
``LONGEST_INSIDE`` characters, it says that something changed and not what.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from django.utils.translation import gettext_lazy as _

from common import richtext
from common.markup import Node
from news.content import Content

MOST_BLOCKS = 400
LONGEST_INSIDE = 1500  # characters of a paragraph whose words are compared

_FIELDS = {
    "title": _("标题"),
    "subtitle": _("副题"),
    "is_reprint": _("转载"),
    "source_name": _("来源"),
    "source_url": _("原文网址"),
    "summary": _("摘要"),
    "editor_note": _("编者按"),
    "correction": _("更正说明"),
}


@dataclass(frozen=True)
class Piece:
    """A stretch of a paragraph; ``is_changed``: it is not on the other side."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True)
class Pair:
    """One paragraph on both sides; an empty side where it is new or was taken out.
    ``is_changed``: they differ; ``only_form``: in their markup, not in their words."""

    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    is_changed: bool = True
    only_form: bool = False


@dataclass(frozen=True)
class Row:
    """One field, credit or picture on both sides."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Comparison:
    """``rows`` are fields that differ, ``pairs`` all paragraphs in their order; ``is_cut``
    when there were more than are shown."""

    rows: tuple[Row, ...]
    pairs: tuple[Pair, ...]
    is_cut: bool = False

    @property
    def changed(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.is_changed]

    @property
    def is_same(self) -> bool:
        return not self.rows and not self.changed


def compare(old: Content, new: Content) -> Comparison:
    """What ``new`` says that ``old`` did not, and the other way round."""
    before, after = _blocks(old.body), _blocks(new.body)
    is_cut = max(len(before), len(after)) > MOST_BLOCKS
    pairs = _pairs(before[:MOST_BLOCKS], after[:MOST_BLOCKS])
    if is_cut and before[MOST_BLOCKS:] != after[MOST_BLOCKS:]:
        said = (Piece(str(_("……以下也有改动，段落太多，没有逐段比较")), True),)
        pairs.append(Pair(said, said))
    return Comparison(tuple(_rows(old, new)), tuple(pairs), is_cut)


def _rows(old: Content, new: Content):
    for name, label in _FIELDS.items():
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield Row(str(label), _in_words(was), _in_words(now))
    if old.bylines != new.bylines:
        was, now = (
            "、".join(line.in_words for line in each.bylines) for each in (old, new)
        )
        yield Row(str(_("署名")), was, now)
    was, now = ({p.picture.key: p for p in each.photos} for each in (old, new))
    for key in [*was, *(key for key in now if key not in was)]:
        if was.get(key) != now.get(key):
            yield Row(str(_("照片")), _photo(was.get(key)), _photo(now.get(key)))
    kept = [key for key in was if key in now]
    if kept != [key for key in now if key in was]:
        yield Row(
            str(_("照片顺序")),
            "、".join(was[key].in_words for key in kept),
            "、".join(now[key].in_words for key in now if key in was),
        )
    for name, label in (("files", _("附件")), ("videos", _("视频链接"))):
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield Row(str(label), _listed(was), _listed(now))


def _listed(parts) -> str:
    """Each on its line; of a file its fingerprint too, since another may bear its name."""
    return "\n".join(
        f"{part.in_words} {part.file.sha256[:8]}"
        if hasattr(part, "file")
        else part.in_words
        for part in parts
    )


def _in_words(value) -> str:
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    return value


def _photo(photo) -> str:
    if photo is None:
        return ""
    parts = [
        (_("说明"), photo.caption),
        (_("供图"), photo.credit),
        (_("画面"), str(_("仅作装饰")) if photo.is_decorative else photo.alt),
    ]
    return "；".join(f"{label}：{text}" for label, text in parts if text)


def _blocks(body: str) -> list[tuple[str, str]]:
    """(words, markup) of each paragraph, heading, item, cell row or picture."""
    found = []
    for node in richtext.parse(body).children:
        if isinstance(node, str):
            if node.strip():
                found.append((node.strip(), node))
        else:
            found += _blocks_of(node)
    return found


def _blocks_of(node: Node) -> list[tuple[str, str]]:
    inner = {"ul": "li", "ol": "li", "blockquote": "p", "table": "tr", "div": "tr"}
    wanted = inner.get(node.tag)
    parts = [one for one in node.walk() if one.tag == wanted] if wanted else []
    return [(_words(part), part.html()) for part in parts or [node]]


def _words(node: Node) -> str:
    words = " ".join(node.text.split())
    if not words and any(one.tag == "img" for one in node.walk()):
        return str(_("〔图片〕"))
    return words


def _pairs(before, after) -> list[Pair]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    pairs = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            for words, _html in before[i:j]:
                same = (Piece(words),)
                pairs.append(Pair(same, same, is_changed=False))
            continue
        for was, now in zip_longest(before[i:j], after[k:m]):
            pairs.append(_pair(was, now))
    return pairs


def _pair(was, now) -> Pair:
    if was is None:
        return Pair((), (Piece(now[0], True),))
    if now is None:
        return Pair((Piece(was[0], True),), ())
    if was[0] == now[0]:
        same = (Piece(was[0]),)
        return Pair(same, same, only_form=True)
    if max(len(was[0]), len(now[0])) > LONGEST_INSIDE:
        return Pair((Piece(was[0], True),), (Piece(now[0], True),))
    matcher = SequenceMatcher(None, was[0], now[0], autojunk=False)
    old, new = [], []
    for tag, i, j, k, m in matcher.get_opcodes():
        is_changed = tag != "equal"
        if i < j:
            old.append(Piece(was[0][i:j], is_changed))
        if k < m:
            new.append(Piece(now[0][k:m], is_changed))
    return Pair(tuple(old), tuple(new))
