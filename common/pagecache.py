"""Finished pieces of public pages, kept in each process's memory.

A piece is kept under the generation that was read *before* it was built, and until the
moment at which it would look different by itself (an article falling due, a sign-up
opening). Both the generation and the clock are the database's, so nothing here depends
on a scheduler or on the machine's time.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from django.db import connection

MOST = 500  # pieces a process keeps; the least recently used goes first

_kept: OrderedDict[Hashable, tuple[int, datetime | None, Any]] = OrderedDict()
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
            "SELECT coalesce((SELECT number FROM common_pagegeneration), 0), now()"
        )
        return Moment(*cursor.fetchone())


def raise_generation() -> None:
    """Let every kept piece go once the caller's transaction commits.

    Called by services inside the transaction that changes what the public sees: rolled
    back with it, visible with it. It locks the one row until the commit: a verb that
    locks anything else calls it first, or two verbs may wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_pagegeneration AS kept (id, number) VALUES (1, 1) "
            "ON CONFLICT (id) DO UPDATE SET number = kept.number + 1"
        )


def kept(
    key: Hashable, build: Callable[[], tuple[Any, datetime | None]], *, at: Moment
) -> Any:
    """The piece under ``key``, or what ``build`` makes and how long it holds.

    ``build`` returns the piece and the moment from which it would differ by itself
    (None: only a new generation changes it). Never keep anything about one person.
    """
    with _lock:
        found = _kept.get(key)
        if found is not None:
            generation, until, piece = found
            if generation == at.generation and (until is None or at.now < until):
                _kept.move_to_end(key)
                return piece
    piece, until = build()
    with _lock:
        _kept[key] = (at.generation, until, piece)
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return piece


def last(key: Hashable) -> Any:
    """The piece as it was made last, however old, or None. For pages that must stand
    without a database; no query."""
    with _lock:
        found = _kept.get(key)
    return found[2] if found else None


def forget() -> None:
    """Empty this process's memory (tests, benchmarks of an uncached page)."""
    with _lock:
        _kept.clear()
