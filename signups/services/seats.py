"""Taking a seat, waiting, cancelling, and passing freed seats on."""

import logging
from contextlib import nullcontext
from functools import partial

import pghistory
from django.db import (
    DataError,
    IntegrityError,
    OperationalError,
    connection,
    transaction,
)
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common.errors import Busy, Reason, Refusal
from members.models import User, Worker
from signups.enums import LIVE, SignupStatus
from signups.models import Offering, SeatPool, Signup
from signups.services import standing

log = logging.getLogger("portal.desk")

_TRIES = 3  # a look that was older than its lock is repeated, at most so often

# Two families of advisory locks; ids stay below 2**48.
WORKER_LOCK = 7 << 48
_SETTLER_LOCK = 8 << 48

# One statement, so that the hot row is locked for one flush and no round trip; prepared
# once a connection, since planning it costs three times what running it does.
#
# The worker's lock comes first (two half-inserted clashing rows would wait for each
# other). The snapshot is older than that lock, so nothing read here is trusted alone:
# the guarded UPDATEs re-read their row, and constraints decide the rest. The reserve
# is tried before the general seats, in this order and as two statements: one UPDATE
# that picked its pool in a sub-select could miss a seat in the other. A newcomer takes
# a seat only while nobody waits whom it would suit, so nobody passes the queue. A seat
# that is free although somebody waits is passed on by ``settle``: then the newcomer may
# join the queue whatever its limit, for there is a seat for one of them. With the first
# occasion the queue is over (``SignupQuerySet.current``): then nobody joins it, nobody in
# it stands in a newcomer's way, and what is free is simply taken. ``chosen`` forces both
# updates to finish before the INSERT takes its id: order by id is order of arrival.
_TAKE = """
PREPARE signups_take (bigint, bigint, bigint) AS
WITH locked AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(%s + $2)
), asked AS MATERIALIZED (
    SELECT o.id, o.busy, o.group_id, o.waitlist_limit, slot.number AS slot,
        w.id AS worker_id, w.is_frontline, w.is_migrant,
        EXISTS (
            SELECT FROM signups_signup q
            WHERE q.offering_id = o.id AND q.status = 'waiting'
        ) AND now() < coalesce(o.starts_at, 'infinity') AS somebody_waits,
        now() < coalesce(o.starts_at, 'infinity') AS has_queue
    FROM locked, signups_offering o
    JOIN members_worker w ON w.id = $2
    LEFT JOIN LATERAL (
        SELECT number FROM signups_offeringgroup g, generate_series(1, g.seats_each)
            AS number
        WHERE g.id = o.group_id AND NOT EXISTS (
            SELECT FROM signups_signup held
            WHERE held.worker_id = $2 AND held.group_id = g.id
                AND held.status = 'seated' AND held.group_slot = number
        ) AND g.seats_each > (
            SELECT count(*) FROM signups_signup held
            WHERE held.worker_id = $2 AND held.group_id = g.id
                AND held.status = 'seated'
        )
        ORDER BY number LIMIT 1
    ) slot ON true
    WHERE o.id = $1
        AND o.opens_at <= now() AND now() < o.closes_at
        AND (o.ends_at IS NULL OR now() < o.ends_at)
        AND o.is_listed AND o.withdrawn_at IS NULL
        AND (w.is_member AND w.left_at IS NULL OR NOT o.is_members_only)
        AND (o.group_id IS NULL OR slot.number IS NOT NULL)
        AND NOT EXISTS (
            SELECT FROM signups_signup mine
            WHERE mine.offering_id = $1 AND mine.worker_id = $2
                AND mine.status IN ('seated', 'waiting')
        )
        AND (
            SELECT count(*) FROM signups_signup gone
            WHERE gone.worker_id = $2 AND gone.offering_id = $1
                AND gone.status = 'cancelled'
                AND gone.changed_at > now() - interval '1 day'
        ) < %s
), reserved AS (
    UPDATE signups_seatpool p SET taken = taken + 1
    FROM asked a
    WHERE p.offering_id = $1 AND p.kind = 'reserved' AND p.taken < p.capacity
        AND NOT (a.somebody_waits AND EXISTS (
            SELECT FROM signups_signup q JOIN members_worker w ON w.id = q.worker_id
            WHERE q.offering_id = $1 AND q.status = 'waiting' AND (
                (w.is_frontline AND p.audience <> 'migrant')
                OR (w.is_migrant AND p.audience <> 'frontline')
                OR now() >= p.until
            )
        ))
        AND (
            (a.is_frontline AND p.audience <> 'migrant')
            OR (a.is_migrant AND p.audience <> 'frontline')
            OR now() >= p.until
        )
    RETURNING p.id
), general AS (
    UPDATE signups_seatpool p SET taken = taken + 1
    FROM asked a
    WHERE p.offering_id = $1 AND p.kind = 'general' AND p.taken < p.capacity
        AND NOT a.somebody_waits
        AND NOT EXISTS (SELECT FROM reserved)
    RETURNING p.id
), chosen AS MATERIALIZED (
    SELECT max(id) AS pool_id
    FROM (SELECT id FROM reserved UNION ALL SELECT id FROM general) AS pools
)
INSERT INTO signups_signup
    (offering_id, worker_id, pool_id, status, busy, group_id, group_slot, asked_by_id)
SELECT a.id, a.worker_id, c.pool_id,
    CASE WHEN c.pool_id IS NULL THEN 'waiting' ELSE 'seated' END,
    CASE WHEN c.pool_id IS NOT NULL THEN a.busy END,
    a.group_id,
    CASE WHEN c.pool_id IS NOT NULL THEN a.slot END,
    $3
FROM chosen c, asked a
WHERE c.pool_id IS NOT NULL OR (
    a.has_queue AND NOT EXISTS (
        SELECT FROM signups_signup held
        WHERE held.worker_id = $2 AND held.status = 'seated' AND held.busy && a.busy
    ) AND (
        a.waitlist_limit IS NULL
        OR a.waitlist_limit > (
            SELECT count(*) FROM signups_signup q
            WHERE q.offering_id = $1 AND q.status = 'waiting'
        )
        OR a.somebody_waits AND EXISTS (
            SELECT FROM signups_seatpool p
            WHERE p.offering_id = $1 AND p.taken < p.capacity AND (
                p.kind = 'general'
                OR (a.is_frontline AND p.audience <> 'migrant')
                OR (a.is_migrant AND p.audience <> 'frontline')
                OR now() >= p.until
            )
        )
    )
)
RETURNING id, offering_id, worker_id, pool_id, status, busy, group_id, group_slot,
    asked_by_id, created_at, changed_at
"""
_RETURNED = [
    name.strip() for name in _TAKE.rpartition("RETURNING")[2].strip().split(",")
]


def sign_up(*, offering_id: int, worker: Worker, by: User | None) -> Signup:
    """Give ``worker`` a seat, or the next place in the queue; ``by`` is who asked.

    Asking again while the first request lives returns that one: a double click, a
    re-sent form and two browsers have the effect of one. Who waited in a queue that is
    over asks anew, like anybody: for a seat, or nothing changes. Raises Refusal with every
    reason (``standing.look``) and then nothing has happened; Busy when the database
    could not answer in time, Offering.DoesNotExist. The waitlist's own limit is soft by
    the number of people who ask in the same instant; seats are exact.
    """
    for _attempt in range(_TRIES):
        try:
            with _own_transaction():
                signup = _take(offering_id, worker, by)
        except (IntegrityError, DataError):
            signup = None  # a constraint knew better: the reasons are read below
        except OperationalError as error:
            raise _busy(error) from error
        if signup is not None:
            if signup.status == SignupStatus.WAITING:
                transaction.on_commit(partial(_after_waiting, signup), robust=True)
            return signup
        held = Signup.objects.filter(offering=offering_id, worker=worker)
        if already := held.current().first():
            return already
        if waited := held.live().queue_over().first():
            signup = _take_instead(waited, worker, by)
            if signup is not None:
                return signup
        seen = standing.look_at(_fresh(offering_id), worker)
        if seen.signup is not None:  # another window of theirs was quicker
            return seen.signup
        if seen.reasons:
            raise Refusal(*seen.reasons)
        # no reason any more: the statement's look was older than its lock
    raise Busy(Reason("busy", _("报名的人较多，请稍后再试。")))


def _take_instead(waited: Signup, worker: Worker, by: User | None) -> Signup | None:
    """A seat for who waited in a queue that is over by now; None, and nothing has
    happened, if there is none."""
    try:
        with transaction.atomic():
            _cancel(waited, None)
            if (signup := _take(waited.offering_id, worker, by)) is None:
                raise _NoSeat
            return signup
    except (_NoSeat, IntegrityError, DataError):
        return None
    except OperationalError as error:
        raise _busy(error) from error


class _NoSeat(Exception):
    """Takes back what was done on the way to no seat."""


def _after_waiting(signup: Signup) -> None:
    """A cancel beside us may have seen no waiter and let its seat go: look once more,
    and let the caller's row say how it stands now. Nearly always nothing is free, so
    the first look is the cheapest there is."""
    with connection.cursor() as cursor:
        cursor.execute("EXECUTE signups_seat_left (%s)", [signup.offering_id])
        (is_left,) = cursor.fetchone()
    if is_left and settle(offering_id=signup.offering_id):
        signup.refresh_from_db()


def _own_transaction():
    """One statement is a transaction by itself: BEGIN and COMMIT around it are two
    round trips more while everybody waits. Within somebody's transaction a refused
    statement must not spoil theirs."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def _take(offering_id, worker, by) -> Signup | None:
    _prepare()
    with connection.cursor() as cursor:
        cursor.execute(
            "EXECUTE signups_take (%s, %s, %s)",
            [offering_id, worker.pk, by.pk if by else None],
        )
        row = cursor.fetchone()
    return row and Signup.from_db(connection.alias, _RETURNED, row)


def _prepare() -> None:
    """Tell this connection the statements, once in its life. (A pooler that lends one
    connection per transaction would lose it: see ``docs/operations.md``.)"""
    connection.ensure_connection()
    if getattr(connection, "knows_seat_statements", None) is connection.connection:
        return
    with connection.cursor() as cursor:
        limits = [WORKER_LOCK, standing.MOST_RETURNS]
        cursor.execute(_TAKE + ";" + _SEAT_LEFT, limits)
        cursor.execute(_PLAN)
    connection.knows_seat_statements = connection.connection


def _fresh(offering_id: int) -> Offering:
    return Offering.objects.select_related("group").get(pk=offering_id)


def _busy(error: OperationalError) -> Busy:
    """A lock wait past its limit is "ask again", not a fault."""
    log.warning("The desk was busy: %s", type(error.__cause__).__name__)
    return Busy(Reason("busy", _("报名的人较多，请稍后再试。")))


LONGEST_REASON = 200  # characters


def cancel(*, signup: Signup, by: User | None, reason: str = "") -> Signup:
    """Give a seat back or leave the queue. Cancelling twice is cancelling once.

    The seat is owed to the queue from this moment: no newcomer can snatch it, and
    ``settle`` passes it on after the commit. Raises Refusal when the worker themselves
    ask too late (``cancel_over``). The desk (any other ``by``, let in at its own door) may
    always, and says why, for the worker to read (``needs_reason``, ``reason_too_long``).
    What was called off is cancelled by nobody (``withdrawn``). Raises Busy when the
    database could not answer in time.
    """
    try:
        with transaction.atomic(), _asked_by(by):
            return _cancel(signup, by, reason.strip())
    except OperationalError as error:
        raise _busy(error) from error


def _asked_by(by: User | None):
    """Who asked, for the history: the desk's own addresses carry no context."""
    return pghistory.context(user=by.pk) if by else nullcontext()


def _cancel(signup: Signup, by: User | None, reason: str = "") -> Signup:
    lock_worker(signup.worker_id)
    signup = (
        Signup.objects.select_for_update(of=("self",))
        .select_related("offering")
        .get(pk=signup.pk)
    )
    if signup.status not in LIVE:
        return signup
    is_own = by is not None and _is_own(signup, by)
    if by is not None:
        _check_cancel(signup, is_own, reason)
    pool_id = signup.pool_id
    signup.status = SignupStatus.CANCELLED
    signup.pool = signup.busy = signup.group_slot = None
    signup.changed_at = Now()
    signup.cancelled_reason = "" if is_own else reason
    signup.save(update_fields=_CANCELLED)
    if pool_id is not None:
        SeatPool.objects.filter(pk=pool_id).update(owed=F("owed") + 1)
        transaction.on_commit(
            partial(settle, offering_id=signup.offering_id), robust=True
        )
    return signup


_CANCELLED = ["status", "pool", "busy", "group_slot", "changed_at", "cancelled_reason"]


def _check_cancel(signup: Signup, is_own: bool, reason: str) -> None:
    ground = standing.cancel_reason(signup, standing.database_now())
    if ground and (is_own or ground.code == "withdrawn"):
        raise Refusal(ground)
    if is_own:
        return
    if not reason:
        raise Refusal(Reason("needs_reason", _("请填写取消原因，本人会看到。")))
    if len(reason) > LONGEST_REASON:
        raise Refusal(Reason("reason_too_long", _("取消原因请不超过200字。")))


def _is_own(signup: Signup, by: User) -> bool:
    return Worker.objects.filter(pk=signup.worker_id, user=by).exists()


def lock_worker(worker_id: int) -> None:
    """Nobody signs this worker up or off until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WORKER_LOCK + worker_id])


# ``SeatPool.objects.with_a_seat`` as a question.
_SEAT_LEFT = """
PREPARE signups_seat_left (bigint) AS
SELECT EXISTS (
    SELECT FROM signups_seatpool
    WHERE offering_id = $1 AND (owed > 0 OR taken < capacity)
)
"""

# A plan is kept as it was made. One made while the desk's tables were nearly empty would
# read them whole, row after row, through the rush that fills them: so it is made without
# that choice, at once (explaining makes it), and not by whoever asks first.
_PLAN = """
SET enable_seqscan = off;
EXPLAIN EXECUTE signups_take (0, 0, NULL);
EXPLAIN EXECUTE signups_seat_left (0);
RESET enable_seqscan;
"""

# The first waiter whom a seat of this pool would suit now: belongs to its audience (or
# the reserve has opened), is still a member, holds nothing that clashes and has a slot
# of the group free. Nobody is promoted into something that has begun or was withdrawn.
_NEXT = """
SELECT s.id, s.worker_id, slot.number
FROM signups_signup s
JOIN signups_seatpool p ON p.id = %(pool)s
JOIN signups_offering o ON o.id = p.offering_id
JOIN members_worker w ON w.id = s.worker_id
LEFT JOIN signups_offeringgroup g ON g.id = o.group_id
LEFT JOIN LATERAL (
    SELECT min(number) AS number FROM generate_series(1, g.seats_each) number
    WHERE NOT EXISTS (
        SELECT FROM signups_signup held
        WHERE held.worker_id = w.id AND held.group_id = g.id
            AND held.status = 'seated' AND held.group_slot = number
    ) AND g.seats_each > (
        SELECT count(*) FROM signups_signup held
        WHERE held.worker_id = w.id AND held.group_id = g.id
            AND held.status = 'seated'
    )
) slot ON true
WHERE s.offering_id = o.id AND s.status = 'waiting'
    AND o.withdrawn_at IS NULL AND (o.starts_at IS NULL OR now() < o.starts_at)
    AND (w.is_member AND w.left_at IS NULL OR NOT o.is_members_only)
    AND (
        p.kind = 'general'
        OR (w.is_frontline AND p.audience <> 'migrant')
        OR (w.is_migrant AND p.audience <> 'frontline')
        OR now() >= p.until
    )
    AND (g.id IS NULL OR slot.number IS NOT NULL)
    AND NOT EXISTS (
        SELECT FROM signups_signup held
        WHERE held.worker_id = s.worker_id AND held.status = 'seated'
            AND held.busy && o.busy
    )
ORDER BY s.id
LIMIT 1
"""


def settle(*, offering_id: int) -> int:
    """Give owed and free seats to the queue, in order; how many were given.

    Runs after the commit of every cancel, of every sign-up that waited, of every
    change of capacity, and again from ``tick``: it may run at any time, any number of
    times, beside itself, and if it fails the verb before it still stands. What nobody
    in the queue can use is released to newcomers.
    """
    given = 0
    for pool in SeatPool.objects.filter(offering=offering_id).with_a_seat():
        with pghistory.context(cause="settle"):
            while (seated := _settle_one(pool.pk)) is not None:
                given += seated
    return given


def settle_all() -> int:
    """``settle`` wherever a seat is owed, or free while somebody waits; how many seats
    were given."""
    wanting = Offering.objects.needing_settlement().values_list("pk", flat=True)
    return sum(settle(offering_id=pk) for pk in list(wanting))


@transaction.atomic
def _settle_one(pool_id: int) -> int | None:
    """Seat one waiter (1), do something else useful (0), or find nothing to do (None)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SETTLER_LOCK + pool_id])
    candidate = _next_waiter(pool_id)
    if candidate:
        lock_worker(candidate[1])
    pool = SeatPool.objects.select_for_update().get(pk=pool_id)
    # READ COMMITTED: a fresh look, now that nobody can move beneath us
    if _next_waiter(pool_id) != candidate:
        return 0
    if candidate is None:
        if not pool.owed:
            return None
        pool.taken -= pool.owed
        pool.owed = 0
        pool.save(update_fields=["taken", "owed"])
        return 0  # look once more: a waiter may have come while we let go
    if pool.owed:
        pool.owed -= 1
    elif pool.taken < pool.capacity:
        pool.taken += 1  # a waiter who came as the seat was being released
    else:
        return None
    pool.save(update_fields=["taken", "owed"])
    signup_id, _worker, slot = candidate
    Signup.objects.filter(pk=signup_id).update(
        status=SignupStatus.SEATED,
        pool=pool,
        group_slot=slot,
        busy=Offering.objects.filter(pk=pool.offering_id).values("busy"),
        changed_at=Now(),
    )
    return 1


def _next_waiter(pool_id: int):
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"pool": pool_id})
        return cursor.fetchone()
