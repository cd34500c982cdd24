"""What a room tells the home of the back office: what waits, what is on today, which
jobs there are, what a search finds.

Each room has a module ``queues`` with any of four functions, asked by the roof
(``unionportal/work.py``); each returns only what this person may open::

    def waiting(user) -> list[Queue]
    def today(user, day) -> list[Agenda]
    def jobs(user) -> list[Job]
    def found(user, text) -> list[Finder]

None of them runs a query of its own but to learn whose rows are theirs: the roof counts
all queues in one statement, and never past ``MOST``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone

MOST = 100  # rows of a queue that are counted; beyond it the page says “100+”
MOST_TODAY = 20  # rows of one agenda
MOST_FOUND = 8  # rows of one kind that a search shows


@dataclass(frozen=True)
class Queue:
    """Rows that wait for this person. ``link`` is the page where they are dealt with;
    ``since`` the column from which a row waits, ``due`` the one by which it must be
    done (days or moments), each empty where there is none. ``rows`` without DISTINCT.
    """

    title: str
    rows: QuerySet
    link: str
    since: str = ""
    due: str = ""


@dataclass(frozen=True)
class Waiting:
    """One queue, counted. ``is_more``: there are more than ``number``. ``oldest`` is
    the day since which the first one waits, ``due`` how many of those counted are due
    today or were before."""

    title: str
    link: str
    number: int = 0
    is_more: bool = False
    oldest: date | None = None
    due: int = 0


@dataclass(frozen=True)
class Agenda:
    """What takes place on a day: ``at`` is the column of the moment, ``text`` a column
    or expression for what it is (a name, a title), ``address`` makes the link from a
    row's key."""

    title: str
    rows: QuerySet
    at: str
    text: object
    address: Callable[[int], str]


@dataclass(frozen=True)
class Entry:
    """One line of the day."""

    title: str
    text: str
    at: object
    link: str


@dataclass(frozen=True)
class Job:
    """A page of work that is there whether or not anything waits. ``hint`` says in a
    line what one does there."""

    title: str
    link: str
    hint: str = ""


@dataclass(frozen=True)
class Hit:
    """One thing that a search found; ``apart`` tells two of one name apart."""

    text: str
    link: str
    apart: str = ""


@dataclass(frozen=True)
class Finder:
    """Where a search looks: ``rows`` fit to be sliced, ``hit`` makes a ``Hit`` of
    one of them without a query."""

    title: str
    rows: QuerySet
    hit: Callable[[object], Hit]


def within(column: str, day: date) -> Q:
    """Whether the moment in ``column`` is on that day of the portal's time zone."""
    begins = timezone.make_aware(datetime.combine(day, time.min))
    return Q((f"{column}__gte", begins), (f"{column}__lt", begins + timedelta(days=1)))


def only_reads(user) -> bool:
    """An auditor may read every table; what stands in it does not wait for them."""
    return user.has_perm("common.view_change")


def count(queues: list[Queue], today: date) -> list[Waiting]:
    """Every queue with its number, in their order. One query for all of them, each
    bounded by ``MOST``."""
    seen = [[] for _queue in queues]
    for number, since, due in _together(
        [_counted(queue, n) for n, queue in enumerate(queues)]
    ):
        seen[number].append((since, due))
    return [
        _summed(queue, rows, today) for queue, rows in zip(queues, seen, strict=True)
    ]


def on(agendas: list[Agenda]) -> list[Entry]:
    """The lines of these agendas in the order of time. One query."""
    rows = [
        agenda.rows.order_by(agenda.at)
        .annotate(
            queue_number=Value(n, IntegerField()),
            queue_text=Cast(agenda.text, CharField()),
            queue_at=F(agenda.at),
            queue_key=F("pk"),
        )
        .values_list("queue_number", "queue_at", "queue_text", "queue_key")[:MOST_TODAY]
        for n, agenda in enumerate(agendas)
    ]
    return [
        Entry(agendas[n].title, text, at, agendas[n].address(key))
        for n, at, text, key in sorted(_together(rows), key=lambda row: row[1])
    ]


def _together(querysets):
    """The rows of all of them, by one statement."""
    if len(querysets) < 2:
        return querysets[0] if querysets else []
    first, *others = querysets
    return first.union(*others, all=True)


def _counted(queue, n):
    return (
        queue.rows.order_by(F(queue.since or queue.due or "pk").asc())
        .annotate(
            queue_number=Value(n, IntegerField()),
            queue_since=_day(queue.rows, queue.since),
            queue_due=_day(queue.rows, queue.due),
        )
        .values_list("queue_number", "queue_since", "queue_due")[: MOST + 1]
    )


def _day(rows, column):
    """A column, or an annotation of ``rows``, as a day of the portal's time zone; null
    for none."""
    if not column:
        # said to be a day: two untyped nulls would make the UNION's column a text
        return Cast(Value(None), DateField())
    if column in rows.query.annotations:
        field = rows.query.annotations[column].output_field
    else:
        model = rows.model
        for name in column.split("__"):
            field = model._meta.get_field(name)
            model = field.related_model
    return TruncDate(column) if isinstance(field, DateTimeField) else F(column)


def _summed(queue, rows, today):
    days = [since for since, _due in rows[:MOST] if since]
    return Waiting(
        title=queue.title,
        link=queue.link,
        number=min(len(rows), MOST),
        is_more=len(rows) > MOST,
        oldest=min(days, default=None),
        due=sum(1 for _since, due in rows[:MOST] if due and due <= today),
    )
