"""What readers may search, how it is kept and how a question is put to it.

A room says in its ``searchable.py`` what of its rows can be found (a ``Source``), and
each table of which an entry's words are made has a line among its triggers::

    triggers = [history.track(), searching.watch("teams", columns=["name", "intro"])]

Such a change puts the row among those that are due (``SearchDue``); the verb that made
it brings the entry up to date before its commit (``common.services.indexing``).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import pgtrigger
from django.apps import apps
from django.db import models
from django.utils import timezone

from common import segmentation
from common.segmentation import Cutter, Word, fold, is_han

# --- what can be found ----------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """The texts of one row. ``names``: of people and places, found as words of the
    title are; ``at``: the moment by which it is ordered; ``since``, ``until``: when the
    clock makes it public and no more."""

    key: int
    title: str
    text: str
    at: datetime
    names: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    facet: int | None = None


@dataclass(frozen=True)
class Source:
    """One kind of thing that can be found.

    ``entries(keys)`` reads the rows of these keys that are public now or once their time
    comes; ``public()`` is the room's own queryset of what visitors may see at this
    moment; ``all_keys()`` of everything that may have an entry. ``address`` is the name
    of a row's page.
    """

    kind: str
    model: type[models.Model]
    entries: Callable[[list[int]], Iterable[Entry]]
    public: Callable[[], models.QuerySet]
    address: str

    def all_keys(self) -> list[int]:
        return list(
            self.model._base_manager.order_by("pk").values_list("pk", flat=True)
        )


@cache
def sources() -> dict[str, Source]:
    """Kind → source, of every room that has a ``searchable.py``."""
    found = {}
    for app in apps.get_app_configs():
        name = f"{app.name}.searchable"
        if find_spec(name):
            for source in import_module(name).SOURCES:
                found[source.kind] = source
    return found


class Watch(pgtrigger.Trigger):
    """The trigger of a table of which entries are made; by ``watch``."""

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(self, *, kind, columns, only, keys):
        super().__init__(name="searched")
        self.kind, self.columns, self.only, self.keys = kind, columns, only, keys

    def get_func(self, model):
        before, after = (
            ", ".join(f"{row}.{column}" for column in self.columns)
            for row in ("OLD", "NEW")
        )
        # an empty row has no column that holds: OLD of an insert, NEW of a delete
        only = f"AND ((NEW.{self.only}) OR (OLD.{self.only}))" if self.only else ""
        return f"""
            IF (TG_OP <> 'UPDATE' OR ROW({before}) IS DISTINCT FROM ROW({after})) {only}
            THEN
                INSERT INTO common_searchdue (kind, key, by_transaction)
                SELECT '{self.kind}', due.key, pg_current_xact_id()::text::bigint
                FROM ({self.keys}) AS due (key);
            END IF;
            RETURN NULL;
        """  # noqa: S608 (names from the models)


_ITSELF = "SELECT coalesce(NEW.id, OLD.id)"


def watch(kind: str, *, columns: Iterable[str], only="", keys=_ITSELF) -> Watch:
    """The trigger for ``Meta.triggers``: when one of these columns changes, the entry is
    due. ``only``: a condition on the row before or after (``live_version_id IS NOT NULL``) without
    which it has no entry. ``keys``: which rows of the kind are concerned, if this is not
    their table."""
    return Watch(kind=kind, columns=list(columns), only=only, keys=keys)


# --- how it is kept -------------------------------------------------------------------

# Places of words: of the title, of the names, of the text; as many as Postgres counts.
_TITLE, _NAMES, _TEXT, _LAST = 1, 400, 1_000, 16_000
_MOST_WORDS = 30_000  # characters of a text that are looked at
_NAME_GAP = 3


def vector(kind: str, entry: Entry, cutter: Cutter) -> str:
    """The words of an entry as Postgres keeps them. A word's place is that of its first
    character, so a phrase is words that stand as far apart as their lengths."""
    found: dict[str, list[str]] = {}

    def put(lexeme, place=None, weight=""):
        places = found.setdefault(lexeme, [])
        if place is not None and len(places) < 200:
            places.append(f"{min(place, _LAST)}{weight}")

    def put_all(text, start, weight, *, is_title):
        for word in cutter.words(text):
            for text_of, at in _with_pieces(word, cutter):
                put(text_of, start + at, weight)
                if is_title:
                    put(f"t:{text_of}")

    title = fold(entry.title)
    put_all(title, _TITLE, "A", is_title=True)
    for character in set(title):
        if is_han(character):
            put(f"s:{character}")
    place = _NAMES
    for name in entry.names:
        name = fold(name)
        put_all(name, place, "B", is_title=True)
        if 1 < len(name) <= segmentation.LONGEST and name.isalnum():
            put(name, place, "B")
            put(f"t:{name}")
        place = min(place + len(name) + _NAME_GAP, _TEXT - 1)
    put_all(fold(entry.text[:_MOST_WORDS]), _TEXT, "", is_title=False)
    for letters in _initials(title, entry.names, cutter):
        put(f"i:{letters}")
    put(f"k:{kind}")
    put(f"y:{timezone.localtime(entry.at).year}")
    if entry.facet is not None:
        put(f"f:{entry.facet}")
    return " ".join(
        f"'{lexeme}':{','.join(places)}" if places else f"'{lexeme}'"
        for lexeme, places in found.items()
    )


def _with_pieces(word: Word, cutter) -> Iterator[tuple[str, int]]:
    yield word.text, word.start
    for piece in cutter.pieces(word.text):
        yield piece.text, word.start + piece.start


def _initials(title, names, cutter) -> set[str]:
    """Of each name, and of one to three words of the title that follow each other."""
    found = set()
    for name in names:
        if 1 < len(name) <= 8 and is_han(name):
            found |= segmentation.initials(fold(name))
    words = [word for word in cutter.words(title) if is_han(word.text)]
    for first in range(len(words)):
        text = ""
        for word in words[first : first + 3]:
            if text and word.start != words[first].start + len(text):
                break
            text += word.text
            if 1 < len(text) <= 8:
                found |= segmentation.initials(text)
    return {letters for letters in found if letters.isascii() and letters.isalpha()}


# --- how a question is put ------------------------------------------------------------

LONGEST = 100  # characters of a question
_MOST_TERMS = 12
_QUOTED = re.compile(
    r"“([^“”]+)”|\"([^\"]+)\"|「([^「」]+)」|『([^『』]+)』|‘([^‘’]+)’"
)
_SPACE = re.compile(r"\s+")
# what says nothing beside another word
_LIGHT = set("的了和与及在是等个第期届次号市县区省年月日之将把对为从到上下中由向以")
_LETTERS = re.compile(r"[a-z]{2,8}")


@dataclass(frozen=True)
class Term:
    """One thing that must be there, as a ``tsquery``: anywhere, and in the title."""

    anywhere: str
    title: str
    shown: tuple[str, ...]  # what is marked, folded
    parts: tuple[str, ...] = ()  # what is marked where the whole is not there


@dataclass(frozen=True)
class Question:
    """What somebody typed, understood."""

    typed: str = ""
    is_cut: bool = False  # it was longer than we read
    terms: tuple[Term, ...] = ()
    folded: str = field(default="")

    def __bool__(self):
        return bool(self.terms)

    @property
    def all_of(self) -> str:
        return _all(term.anywhere for term in self.terms)

    @property
    def in_title(self) -> str:
        return _all(term.title for term in self.terms)

    @property
    def most_of(self) -> str:
        """All but one, whichever; empty for one or two terms."""
        if not 3 <= len(self.terms) <= 8:
            return ""
        terms = [term.anywhere for term in self.terms]
        return _any(
            _all(t for n, t in enumerate(terms) if n != left_out)
            for left_out in range(len(terms))
        )

    @property
    def one_of(self) -> str:
        return _any(term.anywhere for term in self.terms)

    @property
    def shown(self) -> tuple[str, ...]:
        return tuple(text for term in self.terms for text in term.shown)

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(text for term in self.terms for text in term.parts)


def _all(queries: Iterable[str]) -> str:
    return " & ".join(f"({query})" for query in queries)


def _any(queries: Iterable[str]) -> str:
    return " | ".join(f"({query})" for query in queries)


def narrowed(query: str, *marks: str) -> str:
    """``query`` with these marks: ``k:news``, ``y:2018``, or several ``|`` of them."""
    return _all([query, *(_any(f"'{m}'" for m in mark.split("|")) for mark in marks)])


def understood(typed: str, cutter: Cutter) -> Question:
    """What was typed: words that must all be there, and phrases between quotation
    marks. Any string has a meaning; one without a word means nothing."""
    typed = _SPACE.sub(" ", "".join(map(_readable, typed))).strip()
    is_cut = len(typed) > LONGEST
    typed = typed[:LONGEST].strip()
    terms: list[Term] = []
    rest, end = [], 0
    for quoted in _QUOTED.finditer(typed):
        rest.append(typed[end : quoted.start()])
        end = quoted.end()
        terms += _phrase(next(filter(None, quoted.groups())), cutter)
    rest.append(typed[end:])
    for part in _SPACE.split(" ".join(rest)):
        terms += _terms(part, cutter)
    unique = {term.anywhere: term for term in terms}
    folded = " ".join(fold(typed).split())
    return Question(typed, is_cut, tuple(unique.values())[:_MOST_TERMS], folded)


def _readable(character: str) -> str:
    is_broken = "\ud800" <= character <= "\udfff"
    return (
        " " if is_broken or ord(character) < 32 or ord(character) == 127 else character
    )


def _phrase(text, cutter) -> list[Term]:
    words = list(cutter.words(fold(text)))
    if not words:
        return []
    shown = fold(text)[words[0].start : words[-1].end]
    return [_standing_together(words, shown)]


def _standing_together(words: list[Word], shown: str) -> Term:
    """These words, each as far from the one before as in what was typed."""
    query, before = f"'{words[0].text}'", words[0]
    for word in words[1:]:
        query += f" <{word.start - before.start}> '{word.text}'"
        before = word
    title = _all(f"'t:{word.text}'" for word in words)
    return Term(query, title, (shown,))


def _terms(part: str, cutter) -> list[Term]:
    folded = fold(part)
    words = list(cutter.words(folded))
    strong = [word for word in words if _is_strong(word)]
    if strong:
        words = [w for w in words if _is_strong(w) or w.text not in _LIGHT]
    elif len(words) == 1:
        return [_one_character(words[0])]
    found, group = [], []
    # one character alone says little: it must stand beside its neighbour, as in a name
    for word in words:
        touches = group and group[-1].end == word.start
        is_apart = not touches or (_is_strong(word) and _is_strong(group[-1]))
        if group and is_apart:
            found.append(group)
            group = []
        group.append(word)
        if len(group) > 1 and _is_strong(word):
            found.append(group)
            group = []
    if group:
        found.append(group)
    return [_of_group(group, folded, cutter) for group in found]


def _is_strong(word: Word) -> bool:
    return len(word.text) > 1 or not is_han(word.text)


def _one_character(word: Word) -> Term:
    own = word.text
    return Term(f"'s:{own}' | '{own}':*", f"'s:{own}'", (own,))


def _of_group(group: list[Word], folded, cutter) -> Term:
    shown = folded[group[0].start : group[-1].end]
    if len(group) > 1:
        return _standing_together(group, shown)
    [word] = group
    own = word.text
    anywhere, title, parts = [f"'{own}'"], [f"'t:{own}'"], ()
    if is_han(own):
        if tiling := cutter.tiling(own):
            parts = tuple(piece.text for piece in tiling)
            together = _standing_together(list(tiling), shown)
            anywhere.append(f"({together.anywhere})")
            title.append(f"({together.title})")
    elif _LETTERS.fullmatch(own):
        anywhere.append(f"'i:{own}'")
        title.append(f"'i:{own}'")
        if len(own) > 2:
            anywhere.append(f"'{own}':*")
            title.append(f"'t:{own}':*")
    return Term(" | ".join(anywhere), " | ".join(title), (shown,), parts)
