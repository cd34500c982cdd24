"""Finished pieces of public pages, cached in each process's memory.

A piece is cached under the generation that was read *before* it was built, and until the
moment at which it would differ by itself (an article falling due, a sign-up
opening). Both the generation and the clock are the database's, so nothing here depends
on a scheduler or on the machine's time.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from threading import Lock
from typing import Any

from django.db import connection

MOST = 500  # pieces a process keeps; the least recently used goes first
_FOLDED_EVERY = 64  # changes: so few rows are counted at each read
_MOST_FOLDED = 10_000  # rows at once
_FOLDING_LOCK = 6 << 48  # the desk's families of advisory locks are 7 to 9

_cached: OrderedDict[Hashable, tuple[int, datetime | None, Any]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class Moment:
    """The page generation and the database's time, read together in one query."""

    generation: int
    now: datetime


def moment() -> Moment:
    """Read generation and clock: one query. Call it before building anything."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce((SELECT number FROM common_pagegeneration), 0)"
            " + (SELECT count(*) FROM common_pagechange), now()"
        )
        return Moment(*cursor.fetchone())


def moment_of(request) -> Moment:
    """Generation and clock as this request found them: read once, the first time."""
    if not hasattr(request, "moment"):
        request.moment = moment()
    return request.moment


def publishes(verb):
    """A verb that changes what the public sees: when it has returned, every cached piece
    is let go with the commit of its transaction, or stays if that is rolled back.

    Stands directly below ``@transaction.atomic`` (tests/architecture/test_publishing.py)
    and is the only caller of ``raise_generation``. Sign-ups never carry it.
    """

    @wraps(verb)
    def publishing(*args, **kwargs):
        result = verb(*args, **kwargs)
        for step in _before:
            step()
        raise_generation()
        return result

    return publishing


_before: list[Callable[[], None]] = []


def before_publishing(step: Callable[[], None]) -> Callable[[], None]:
    """Have ``step`` done within every transaction that publishes, after its verb: what
    pages are made of besides the rows themselves."""
    _before.append(step)
    return step


def raise_generation() -> None:
    """Count one change more, within the transaction that made it.

    Appends a row, and so waits for nobody and nobody for it: verbs may lock what they
    like before it and after it. (Numbers taken from a sequence would not do: the later
    commit of the smaller one would change nothing.)
    """
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO common_pagechange DEFAULT VALUES RETURNING id")
        [(number,)] = cursor.fetchall()
        if number % _FOLDED_EVERY == 0:
            _fold(cursor, number)


def _fold(cursor, below: int) -> None:
    """Add the older rows to the base, which leaves the generation as it is. Whoever
    comes while another does it goes on at once; rows not yet committed are left."""
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FOLDING_LOCK])
    if not cursor.fetchone()[0]:
        return
    cursor.execute(
        """
        WITH old AS (
            SELECT id FROM common_pagechange WHERE id < %s
            ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
        ), gone AS (
            DELETE FROM common_pagechange c USING old WHERE c.id = old.id RETURNING 1
        )
        INSERT INTO common_pagegeneration AS base (id, number)
        SELECT 1, count(*) FROM gone
        ON CONFLICT (id) DO UPDATE SET number = base.number + excluded.number
        """,
        [below, _MOST_FOLDED],
    )


def cached(
    key: Hashable, build: Callable[[], tuple[Any, datetime | None]], *, at: Moment
) -> Any:
    """The piece under ``key``, or what ``build`` makes and how long it holds.

    ``build`` returns the piece and the moment from which it would differ by itself
    (None: only a new generation changes it). Never cache anything about one person.
    """
    with _lock:
        found = _cached.get(key)
        if found is not None:
            generation, until, piece = found
            if generation == at.generation and (until is None or at.now < until):
                _cached.move_to_end(key)
                return piece
    piece, until = build()
    with _lock:
        _cached[key] = (at.generation, until, piece)
        _cached.move_to_end(key)
        while len(_cached) > MOST:
            _cached.popitem(last=False)
    return piece


def keeper(
    key: Hashable, *, at: Moment, until: Callable[[], datetime | None]
) -> Callable:
    """For ``{% piece %}``: keeps the parts of one page under ``key``, each until
    ``until()``, which is asked when one is made. ``key`` names all that they differ by."""

    def keep(name, build):
        return cached((key, name), lambda: (build(), until()), at=at)

    keep.do_not_call_in_templates = True  # a template calls what it can
    return keep


def last(key: Hashable) -> Any:
    """The piece as it was made last, however old, or None. For pages that must stand
    without a database; no query."""
    with _lock:
        found = _cached.get(key)
    return found[2] if found else None


def forget() -> None:
    """Empty this process's memory (tests, benchmarks of an uncached page)."""
    with _lock:
        _cached.clear()
