"""The staff's work, gathered from the rooms: what waits, what is on today, the jobs, and
what a search finds. The only place that knows which rooms take part."""

from dataclasses import dataclass
from datetime import date

from activities.training import queues as training
from activities.venues import queues as venues
from common import queues as common
from honors import queues as honors
from members import queues as members
from news import queues as news
from signups import queues as signups
from unionportal import queues as own
from volunteers import queues as volunteers

ROOMS = [own, news, training, signups, venues, members, honors, volunteers]


@dataclass(frozen=True)
class Found:
    """What a search found of one kind; ``is_more``: there are more than ``hits``."""

    title: str
    hits: list[common.Hit]
    is_more: bool


def waiting(user, today: date) -> list[common.Waiting]:
    """Every queue of this person with its number: what is due today first, then what
    waits longest; those with nothing in them last. One query."""
    counted = common.count(_asked("waiting", user), today)
    return sorted(
        counted,
        key=lambda one: (not one.number, not one.due, one.oldest or today),
    )


def today(user, day: date) -> list[common.Entry]:
    """What takes place on this day, in the order of time. One query."""
    return common.on(_asked("today", user, day))


def jobs(user) -> list[common.Job]:
    return _asked("jobs", user)


def found(user, text: str) -> list[Found]:
    """What bears this name within this person's rights, kind by kind, each bounded. One
    query for each kind that they may see; none for a blank."""
    text = text.strip()
    if not text:
        return []
    kinds = []
    for finder in _asked("found", user, text):
        rows = list(finder.rows[: common.MOST_FOUND + 1])
        if rows:
            hits = [finder.hit(row) for row in rows[: common.MOST_FOUND]]
            kinds.append(Found(finder.title, hits, len(rows) > common.MOST_FOUND))
    return kinds


def _asked(name, *args):
    """What every room answers that has this function."""
    return [
        one
        for room in ROOMS
        if hasattr(room, name)
        for one in getattr(room, name)(*args)
    ]
