"""The search over all wings: what was asked, who answers, in what order.

One index answers (``common.searching``); whether something is public is asked of the
wing's own queryset, and once more for the rows of the page that is shown. Of a common
word the newest ``MOST`` of each kind are ranked and no more: to rank a third of the
articles of twenty years takes two seconds and finds nothing better.
"""

import math
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import gettext as _

from common import links, pagecache, segmentation
from common.models import SearchEntry, SearchWord
from common.pagecache import Moment
from common.searching import Question, narrowed, sources, understood
from common.segmentation import fold
from common.services.indexing import cutter_of
from unionportal.nextchange import next_change_at

MOST = 500
NEWS = "news"
# a kind is a scope of its own; what is not named here cannot be found
SCOPES = {
    NEWS: _("新闻"),
    "pages": _("办事和机构"),
    "classes": _("培训班"),
    "honors": _("人物"),
    "teams": _("志愿服务队"),
    "venues": _("场馆"),
}
_RECENT_YEARS = 2
_TITLES = 100  # older articles that have all of it in their titles
_SNIPPET, _BEFORE = 110, 30  # characters
SUGGESTIONS, _TITLES_SUGGESTED = 8, 5
_LONGEST_SUGGESTED = 30


@dataclass(frozen=True)
class Hit:
    """One result as the page prints it: texts in pieces, each with whether it is marked."""

    kind: str
    url: str
    title: list[tuple[str, bool]]
    snippet: list[tuple[str, bool]]
    at: datetime
    facet: int | None


@dataclass
class Found:
    """What answers a question. ``counts``: scope → how many, ``MOST`` + 1 for more.
    ``is_some``: nothing had all of the words, this has most or one of them."""

    counts: dict[str, int] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    is_some: bool = False

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def is_more(self) -> bool:
        return any(count > MOST for count in self.counts.values())


# --- what was asked -------------------------------------------------------------------


def cutter(at: Moment):
    """The cutter with the word list of this moment."""

    def build():
        words = SearchWord.objects.order_by("word").values_list("word", flat=True)
        return tuple(map(fold, words)), None

    return cutter_of(pagecache.cached("search:words", build, at=at))


def ask(typed: str, at: Moment) -> Question:
    return understood(typed, cutter(at))


def popular(at: Moment) -> list[str]:
    """热门搜索, as staff have chosen them."""

    def build():
        rows = SearchWord.objects.filter(is_suggested=True).order_by("pk")
        return list(rows.values_list("word", flat=True)[:12]), None

    return pagecache.cached("search:popular", build, at=at)


# --- answering ------------------------------------------------------------------------


def find(
    question: Question,
    at: Moment,
    *,
    scope: str = "",
    column: int | None = None,
    year: int | None = None,
    by_time: bool = False,
) -> Found:
    """What has all that was asked for; if nothing has, what has most of it, else one.
    Four short statements."""
    marks = [f"f:{column}"] if column else []
    marks += [f"y:{year}"] if year else []
    for query in filter(None, (question.all_of, question.most_of, question.one_of)):
        found = _answered(query, question, at, marks, scope, by_time)
        if found.total:
            found.is_some = query != question.all_of
            return found
    return Found()


def _answered(query, question, at, marks, scope, by_time) -> Found:
    rows = _newest(query, at, dict.fromkeys(SCOPES, marks))
    counts = {kind: len(rows[kind]) for kind in SCOPES}
    kinds = [scope] if scope else list(SCOPES)
    pool = [row for kind in kinds for row in rows[kind][:MOST]]
    if by_time:
        pool.sort(key=lambda row: (row[1], row[0]), reverse=True)
        return Found(counts, [pk for pk, _at in pool[:MOST]])
    keys = [pk for pk, _at in pool]
    if NEWS in kinds and counts[NEWS] > MOST and query == question.all_of:
        older = _newest(question.in_title, at, {NEWS: marks}, most=_TITLES)
        keys += [pk for pk, _at in older[NEWS]]
    return Found(counts, _ranked(keys, query, question, at)[:MOST])


def _newest(query, at: Moment, wanted: dict[str, list[str]], most=0) -> dict[str, list]:
    """Kind → (key, moment) of the newest that answer, public now, ``most`` of each (0:
    one more than ``MOST``). Of articles those of the last years are looked at first, and
    all only where these are not enough: a common word has a third of all, and a hundred
    thousand moments are read to find the newest. One statement, or two."""
    most = most or MOST + 1
    year = timezone.localtime(at.now).year
    recent = "|".join(f"y:{year - ago}" for ago in range(_RECENT_YEARS))
    marks = wanted.get(NEWS)
    is_dated = marks is None or any(mark.startswith("y:") for mark in marks)
    if is_dated:
        return _looked_up(query, wanted, most)
    found = _looked_up(query, wanted | {NEWS: [*marks, recent]}, most)
    if len(found[NEWS]) < most:
        found |= _looked_up(query, {NEWS: marks}, most)
    return found


def _looked_up(query, wanted, most) -> dict[str, list]:
    parts = [
        _public(kind)
        .matching(narrowed(query, f"k:{kind}", *marks))
        .order_by("-at", "-pk")
        .values_list("kind", "pk", "at")[:most]
        for kind, marks in wanted.items()
    ]
    found = {kind: [] for kind in wanted}
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    for kind, pk, moment in rows:
        found[kind].append((pk, moment))
    for rows in found.values():
        rows.sort(key=lambda row: (row[1], row[0]), reverse=True)
    return found


def _public(kind: str):
    """The entries of a kind that visitors may see. Of articles, of which there are very
    many, the times stand in the entries; a page asks the newsroom again (``hits``)."""
    entries = SearchEntry.objects.filter(kind=kind).current()
    if kind == NEWS:
        return entries
    return entries.filter(key__in=sources()[kind].public().order_by().values("pk"))


def _ranked(keys, query, question, at: Moment) -> list[int]:
    rows = SearchEntry.objects.filter(pk__in=keys).with_rank(query)
    scored = []
    shown = question.shown
    asked = question.folded.replace(" ", "")
    for row in rows.values("pk", "title", "rank", "at"):
        title = fold(row["title"]).replace(" ", "")
        has = sum(text in title for text in shown) / max(len(shown), 1)
        years = max((at.now - row["at"]).days, 0) / 365
        score = (
            min(row["rank"], 1.0) * 2
            + has
            + (1.0 if has == 1 else 0)
            + (1.5 if asked in title else 0)
            + (2.0 if asked == title else 0)
            + 0.4 * math.exp(-years / 3)
        )
        scored.append((score, row["at"], row["pk"]))
    scored.sort(reverse=True)
    return [pk for _score, _at, pk in scored]


def hits(keys: list[int], question: Question) -> list[Hit]:
    """These entries as the page prints them, in this order: those of which the wings
    say at this moment that they are public. One statement."""
    rows = {row["pk"]: row for row in _shown(keys)}
    return [_hit(rows[key], question) for key in keys if key in rows]


def _shown(keys):
    """What is printed of these entries, asked of each wing by its own queryset."""
    parts = [
        SearchEntry.objects.filter(
            pk__in=keys, kind=kind, key__in=source.public().order_by().values("pk")
        )
        .current()
        .values("pk", "kind", "key", "title", "text", "at", "facet")
        for kind, source in sources().items()
        if kind in SCOPES
    ]
    return parts[0].union(*parts[1:], all=True)


def _hit(entry, question) -> Hit:
    shown = question.shown
    around = _around(entry["text"], shown)
    if question.parts and shown and not _spots(shown).search(fold(around)):
        # the whole stands in the title only
        around = _around(entry["text"], question.parts)
        in_text = question.parts
    else:
        in_text = shown
    return Hit(
        kind=entry["kind"],
        url=links.row(sources()[entry["kind"]].address, entry["key"]),
        title=marked(entry["title"], shown),
        snippet=marked(around, in_text),
        at=entry["at"],
        facet=entry["facet"],
    )


def marked(text: str, shown: tuple[str, ...]) -> list[tuple[str, bool]]:
    """``text`` in pieces, those that were asked for marked."""
    pieces, end = [], 0
    for spot in _spots(shown).finditer(fold(text)) if shown else ():
        if spot.start() > end:
            pieces.append((text[end : spot.start()], False))
        pieces.append((text[spot.start() : spot.end()], True))
        end = spot.end()
    if end < len(text):
        pieces.append((text[end:], False))
    return pieces


def _spots(shown) -> re.Pattern:
    longest_first = sorted(set(shown), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


def _around(text, shown) -> str:
    """Two lines of the text, around the first place that was asked for."""
    spot = _spots(shown).search(fold(text)) if shown else None
    start = max(spot.start() - _BEFORE, 0) if spot else 0
    if start:  # from the beginning of a sentence, if one begins close by
        ends = [text.rfind(mark, start, spot.start()) + 1 for mark in "。！？；"]
        start = max(start, *ends)
    piece = text[start : start + _SNIPPET]
    before = "……" if start and text[start - 1] not in "。！？；" else ""
    return before + piece + ("……" if start + _SNIPPET < len(text) else "")


# --- nothing found, and while typing --------------------------------------------------


@lru_cache(10_000)
def _sounds(folded: str) -> frozenset[str]:
    return frozenset(segmentation.sounds(folded))


def corrected(question: Question, at: Moment) -> list[str]:
    """Words of the list that sound like what was asked for, written otherwise."""
    asked = question.folded.replace(" ", "")
    if not 2 <= len(asked) <= 12:
        return []
    sounds = _sounds(asked)
    return [
        word
        for word in pagecache.cached("search:list", _list, at=at)
        if len(word) == len(asked) and word != asked and sounds & _sounds(word)
    ][:5]


def _list():
    rows = SearchWord.objects.order_by("-is_suggested", "word")
    return list(rows.values_list("word", flat=True)), None


_suggested: OrderedDict[str, tuple[int, datetime, list[str]]] = OrderedDict()
_lock = threading.Lock()
_MOST_SUGGESTED = 500  # questions a process remembers


def suggestions(typed: str, at: Moment) -> list[str]:
    """Words of the list and titles that begin like what is being typed, or whose
    syllables do: public ones. Kept until the next change of public pages."""
    asked = fold(typed).strip()[:_LONGEST_SUGGESTED]
    if not asked:
        return []
    with _lock:
        kept = _suggested.get(asked)
    if kept and kept[0] == at.generation and at.now < kept[1]:
        return kept[2]
    found = _suggest(asked, at)
    with _lock:
        _suggested[asked] = (at.generation, next_change_at(at), found)
        _suggested.move_to_end(asked)
        while len(_suggested) > _MOST_SUGGESTED:
            _suggested.popitem(last=False)
    return found


def _suggest(asked, at) -> list[str]:
    words = pagecache.cached("search:list", _list, at=at)
    found = [word for word in words if fold(word).startswith(asked)]
    if asked.isascii() and asked.isalpha():
        found += [word for word in words if asked in segmentation.initials(fold(word))]
    found = found[: SUGGESTIONS - _TITLES_SUGGESTED]
    query = _begun(asked, at)
    if query:
        found += _titles(query, at)
    return list(dict.fromkeys(found))[:SUGGESTIONS]


def _begun(asked, at) -> str:
    """The query of titles in which the last word may go on."""
    words = [word.text for word in cutter(at).words(asked)]
    if not words:
        return ""
    *whole, last = words
    ends = f"'t:{last}':*"
    if len(words) == 1 and asked.isascii() and asked.isalpha() and len(asked) <= 8:
        ends += f" | 'i:{asked}'"
    return narrowed(ends, *(f"t:{word}" for word in whole[:6]))


def _titles(query, at) -> list[str]:
    this_year = timezone.localtime(at.now).year
    for marks in ([f"y:{this_year}|y:{this_year - 1}"], []):
        entries = SearchEntry.objects.matching(narrowed(query, *marks)).current()
        newest = list(entries.order_by("-at", "-pk").values_list("pk", flat=True)[:20])
        shown = sorted(_shown(newest), key=lambda row: newest.index(row["pk"]))
        titles = list(dict.fromkeys(row["title"] for row in shown))
        if titles:
            return titles[:_TITLES_SUGGESTED]
    return []
