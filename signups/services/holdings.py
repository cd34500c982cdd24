"""What ``standing`` reads: the seats of many offerings, and what one worker holds.

Statements of their own, or built once: these stand before every class card that a
worker opens, and to build a query costs Django more than to ask it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, Q
from django.db.models.base import ModelState

from common.statements import Prepared
from members.models import Worker
from signups.enums import SignupStatus
from signups.models import Draw, Limit, Offering, Signup


def seats(
    offering_ids: Iterable[int], worker: Worker | None
) -> Iterator[tuple[Offering, list[int], bool]]:
    """Each offering without its times, its notice and what only its own verbs read (such
    fields are read when asked for); its numbers in the order of
    ``Standing``: taken, capacity, free for this worker, free in reserves that are not
    theirs, free for anybody, waiting; whether a closed window is open to them all the
    same, until when they are suspended; and whether the worker holds anything anywhere, or
    gave something up lately, that the reasons have to be asked about. One query."""
    asks = {
        # what is too long for a number is no row's
        "offerings": [pk for pk in offering_ids if pk <= BigIntegerField.MAX_BIGINT],
        "worker": worker and worker.pk,
        "union": worker and worker.union_org_id,
        "is_frontline": bool(worker and worker.is_frontline),
        "is_migrant": bool(worker and worker.is_migrant),
    }
    if not asks["offerings"]:
        return
    for row in _SEATS.rows(**asks):
        own, (*numbers, holds_anything) = row[: len(_OWN)], row[len(_OWN) :]
        yield _offering(own), numbers, holds_anything


def _offering(row) -> Offering:
    """As ``from_db`` makes it, whose look at each field by itself costs a term's page
    more than all that is then done with its classes. Offerings have no field and no
    signal that would want to know of it."""
    offering = Offering.__new__(Offering)
    offering.__dict__.update(zip(_OWN, row, strict=True))
    offering._state = ModelState()
    offering._state.adding, offering._state.db = False, connection.alias
    return offering


def _columns(model, *without: str) -> list[str]:
    """The columns of a model in their order, as ``from_db`` reads them. Each costs some
    microseconds a statement and one more a row: what no page shows is left out."""
    fields = model._meta.concrete_fields
    return [one.attname for one in fields if one.name not in without]


_OWN = _columns(
    Offering,
    "created_at",
    "updated_at",
    "organiser",
    "max_block",
    "rest_after",
    "is_offered",
    "saves_until",
    "busy",
    "notice",
    "alike",
)
_COLUMNS = ", ".join(f"o.{name}" for name in _OWN)
# A pool's seats are there for whom ``signups_suits`` says, as when they are taken. The
# last column is wider than ``holding_anything`` and ``left_lately``: most people hold
# nothing, and need not be asked by those.
_SEATS = Prepared(
    "signups_seats",
    f"""
SELECT {_COLUMNS},
    p.taken, p.capacity, p.suiting, p.free - p.suiting, p.open_to_all,
    (SELECT count(*) FROM signups_signup s
        WHERE s.offering_id = o.id AND s.status = 'waiting' AND s.ended_at IS NULL
        AND signups_queue_moves(o.starts_at, o.withdrawn_at)),
    o.closes_at <= now() AND %(worker)s IS NOT NULL
        AND signups_is_spared(%(worker)s, o.kind),
    CASE WHEN EXISTS (SELECT FROM signups_conductpoint c
            WHERE c.worker_id = %(worker)s AND c.lifted_at IS NULL)
        THEN signups_suspended_until(%(worker)s, o.rules_id) END,
    EXISTS (SELECT FROM signups_signup s WHERE s.worker_id = %(worker)s
        AND (s.ended_at IS NULL OR s.busy IS NOT NULL
            OR s.status = 'cancelled' AND s.ended_at > now() - interval '1 day'))
FROM signups_offering o
CROSS JOIN LATERAL (
    SELECT coalesce(sum(taken), 0) taken, coalesce(sum(capacity), 0) capacity,
        coalesce(sum(capacity - taken), 0) free,
        coalesce(sum(capacity - taken) FILTER (WHERE signups_suits(
            kind, audience, union_code, until, %(is_frontline)s, %(is_migrant)s,
            (SELECT code FROM members_unionorg WHERE id = %(union)s), false)
            OR kind = 'practised' AND %(worker)s IS NOT NULL
                AND signups_is_practised(%(worker)s, o.id)), 0
        ) suiting,
        coalesce(sum(capacity - taken) FILTER (WHERE signups_suits(
            kind, audience, union_code, until, false, false, '', false)), 0
        ) open_to_all
    FROM signups_seatpool WHERE offering_id = o.id
) p
WHERE o.id = ANY(%(offerings)s)
""",  # noqa: S608  names of columns
    worker="bigint",
    offerings="bigint[]",
    union="bigint",
    is_frontline="boolean",
    is_migrant="boolean",
)


def draws(
    draw_ids: Iterable[int], worker: Worker | None
) -> dict[int, tuple[Draw, int]]:
    """Each draw, and how many live choices the worker (None: nobody) has in it. One
    query; none where there is no draw."""
    asks = {"draws": list(draw_ids), "worker": worker and worker.pk}
    if not asks["draws"]:
        return {}
    found = {}
    for *row, choices in _DRAWS.rows(**asks):
        draw = Draw.from_db(connection.alias, _OF_DRAW, row)
        found[draw.pk] = draw, choices
    return found


# in the model's order
_OF_DRAW = ["id", "title", "most_choices", "results_at"]
_DRAWS = Prepared(
    "signups_draws",
    f"""
SELECT {", ".join(f"d.{name}" for name in _OF_DRAW)},
    (SELECT count(*) FROM signups_signup s
        JOIN signups_offering o ON o.id = s.offering_id
        WHERE o.draw_id = d.id AND s.worker_id = %(worker)s AND s.status = 'applied')
FROM signups_draw d
WHERE d.id = ANY(%(draws)s)
""",  # noqa: S608  names of columns
    draws="bigint[]",
    worker="bigint",
)


@dataclass(frozen=True)
class HeldOfLimit:
    """Of one limit in one period: what one more signup counts, what is held, of what."""

    limit: Limit
    amount: int
    held: int
    titles: list[str]


@dataclass(frozen=True)
class Near:
    """What stands too close to something held: the rule's ``code``, what is held,
    how much the rule asks for (minutes, or hours a day), and from when on something as
    long at the same place could begin (None: not within two weeks)."""

    code: str
    title: str
    needs: int
    free_from: datetime | None


@dataclass
class Held:
    """What one worker (None: nobody) holds already, as far as it counts against the
    offerings ``wanted``. Two queries.

    ``signups``: what lives, by offering, with its ``rank``. ``clashes``: the titles of
    what meets at the same time. ``near``: of those in ``spaced``, what stands too close
    in time or fills the day (one query more, only where there are such). ``limits``: by offering and limit what is held of it, in
    the fullest period that counts here. ``left``: when one was given up lately.
    """

    worker: Worker | None
    wanted: Iterable[int]
    spaced: list[int] = field(default_factory=list)
    signups: dict[int, Signup] = field(default_factory=dict)
    clashes: dict[int, list[str]] = field(default_factory=dict)
    limits: dict[int, dict[int, HeldOfLimit]] = field(default_factory=dict)
    left: dict[int, list[datetime]] = field(default_factory=dict)
    near: dict[int, list[Near]] = field(default_factory=dict)

    def __post_init__(self):
        if self.worker is not None and self._find_signups():
            self._find_what_counts()
            if self.spaced:
                self._find_what_is_near()

    def _find_what_is_near(self):
        asked = {"worker": self.worker.pk, "offerings": self.spaced}
        for offering_id, *near in _rows(_WHAT_IS_NEAR, asked):
            self.near.setdefault(offering_id, []).append(Near(*near))

    def _find_signups(self) -> bool:
        """Whether any of them takes the worker's time."""
        sql, params, names = _held_by()
        asked = [self.worker.pk if value == _WHOSE else value for value in params]
        holds_time = False
        for *row, rank, takes_time in _rows(sql, asked):
            signup = Signup.from_db(connection.alias, names, row)
            signup.rank = rank
            if signup.status == SignupStatus.CANCELLED:
                self.left.setdefault(signup.offering_id, []).append(signup.ended_at)
            elif signup.is_live:
                self.signups[signup.offering_id] = signup
            holds_time = holds_time or takes_time
        return holds_time

    def _find_what_counts(self):
        asked = {"worker": self.worker.pk, "offerings": list(self.wanted)}
        for row in _WHAT_COUNTS.rows(**asked):
            offering_id, pk, unit, per, most, amount, held, titles = row
            if pk is None:
                self.clashes[offering_id] = titles
                continue
            mine = self.limits.setdefault(offering_id, {})
            if pk not in mine or held > mine[pk].held:
                limit = Limit(pk=pk, unit=unit, per=per, most=most)
                mine[pk] = HeldOfLimit(limit, amount, held, titles)


def _rows(sql, params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


_WHOSE = -(2**62)  # stands for the worker in the parameters below


@cache
def _held_by():
    """The statement for what a worker holds or gave up lately, its parameters, and the
    names of the signup's columns in front of rank and whether it takes their time. The
    rank in the same statement: somebody may be promoted concurrently."""
    names = _columns(
        Signup,
        "union_org",
        "weight",
        "left_queue_at",
        "asked_by",
        "created_at",
        "changed_at",
        "cancelled_reason",
        "busy",
    )
    takes_time = ExpressionWrapper(Q(busy__isnull=False), BooleanField())
    rows = (
        (Signup.objects.holding_anything() | Signup.objects.left_lately())
        .filter(worker=_WHOSE)
        .with_rank()
        .annotate(takes_time=takes_time)
        .order_by("pk")
        .values_list(*names, "rank", "takes_time")
    )
    return *rows.query.sql_with_params(), frozenset(names)


_WHAT_IS_NEAR = """
SELECT o.id, n.code, n.title, n.needs, signups_free_from(o.id, %(worker)s)
FROM signups_offering o
CROSS JOIN LATERAL signups_spacing(o.id, %(worker)s) n
WHERE o.id = ANY(%(offerings)s)
"""

# Limits as signups_over_limit reckons, with the names of what is held.
_WHAT_COUNTS = Prepared(
    "signups_what_counts",
    """
(SELECT o.id, NULL, NULL, NULL, NULL, NULL, NULL, array_agg(other.title ORDER BY s.id)
FROM signups_offering o
JOIN signups_signup s
    ON s.worker_id = %(worker)s AND s.busy && o.busy AND s.offering_id <> o.id
JOIN signups_offering other ON other.id = s.offering_id
WHERE o.id = ANY(%(offerings)s)
GROUP BY o.id)
UNION ALL
(SELECT mine.offering_id, l.id, l.unit, l.per, l.most, mine.amount,
    sum(theirs.amount * CASE l.unit WHEN 'seats' THEN s.seats ELSE 1 END),
    array_agg(o.title ORDER BY s.id)
FROM signups_charge mine
JOIN signups_limit l ON l.id = mine.limit_id
JOIN signups_charge theirs
    ON theirs.limit_id = mine.limit_id AND theirs.period = mine.period
JOIN signups_signup s ON s.offering_id = theirs.offering_id
    AND s.worker_id = %(worker)s AND s.busy IS NOT NULL
JOIN signups_offering o ON o.id = s.offering_id
WHERE mine.offering_id = ANY(%(offerings)s)
GROUP BY mine.offering_id, l.id, mine.period, mine.amount
ORDER BY l.id, mine.period)
""",
    worker="bigint",
    offerings="bigint[]",
)
