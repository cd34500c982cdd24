"""Taking a seat, waiting, accepting, cancelling, and passing freed seats on.

The database decides (``signups/sql/functions.sql``): one call takes a seat, one call is
one step of passing a seat on. Lock order everywhere: the holder (worker or union), then
the pool; one pool at a time.
"""

import logging
from contextlib import nullcontext
from typing import NamedTuple

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

from common import history
from common.errors import Busy, Reason, Refusal
from common.services import after_commit
from members.models import UnionOrg, User, Worker
from signups import notices
from signups.enums import SignupStatus
from signups.models import Offering, SeatPool, Signup, page_address
from signups.services import conduct, standing, telling

log = logging.getLogger("portal.desk")

# Refused at 08:59:59.999, the reasons are read at 09:00:00.001 and there are none.
_TRIES = 2


class NotSeated(Refusal):
    """What ``ask`` raises: ``code`` is the plain reason, ``url`` the page of the
    offering, or None where nobody may know of it."""

    def __init__(self, code: str, url: str | None):
        super().__init__(Reason(code, standing.plainly(code)))
        self.code, self.url = code, url


def ask(*, offering_id: int, worker: Worker, by: User | None) -> Signup:
    """``sign_up`` for one seat, for whom the next page tells everything: a refusal
    (NotSeated) gives the first of its reasons in a plain sentence, without its times and
    names, and costs no more than a seat. Most people of a rush are refused.

    The signup comes with its id, state and holder; other fields are read when asked for.
    Raises Busy and Offering.DoesNotExist like ``sign_up``.
    """
    taken = _take(offering_id, worker.pk, None, by, 1, False)
    if taken is None:  # a constraint knew better
        return sign_up(offering_id=offering_id, worker=worker, by=by)
    if taken.refusal is None:
        return _signup(taken, offering_id, worker.pk, None)
    if taken.refusal == "missing":
        raise Offering.DoesNotExist
    if taken.refusal == "not_listed":
        raise NotSeated(taken.refusal, None)
    raise NotSeated(taken.refusal, page_address(taken.url_name, taken.url_arg))


def sign_up(
    *,
    offering_id: int,
    worker: Worker,
    by: User | None,
    seats: int = 1,
    at_door: bool = False,
) -> Signup:
    """Give ``worker`` a seat (``seats`` with companions, all or none), or the next place
    in the queue; ``by`` is who asked. ``at_door`` opens the seats kept for people who
    come in person.

    Asking again while the first request lives returns that one: a double click, a
    re-sent form and two browsers have the effect of one. Raises Refusal with every
    reason (``standing.look``) and then nothing has happened; Busy when the database
    could not answer in time, Offering.DoesNotExist. The waitlist's own limit is soft by
    the number of people who ask in the same instant; seats are exact.
    """
    # on their own click nobody is told: they see it
    is_told = None not in (by, worker.user_id) and by.pk != worker.user_id
    take = _seat_and_tell if is_told else _seat
    for _attempt in range(_TRIES):
        signup = take(offering_id, worker.pk, None, by, seats, at_door)
        if signup is not None:
            return signup
        offering = Offering.objects.for_standing().get(pk=offering_id)
        seen = standing.look([offering], worker, seats=seats)[offering_id]
        if seen.reasons:
            raise Refusal(*seen.reasons)
    raise _busy()


def book_block(
    *, offering_id: int, union_org: UnionOrg, seats: int, by: User | None
) -> Signup:
    """Give a union ``seats`` seats for its people in one block, all or none, or the next
    place in the queue. Who comes is the union's to say.

    Asking again while the block lives returns it. Raises Refusal with every reason,
    Busy, Offering.DoesNotExist.
    """
    for _attempt in range(_TRIES):
        signup = _seat(offering_id, None, union_org.pk, by, seats, False)
        if signup is not None:
            return signup
        offering = Offering.objects.get(pk=offering_id)
        reasons = standing.block_reasons(offering, union_org, seats)
        if reasons:
            raise Refusal(*reasons)
    raise _busy()


class _Taken(NamedTuple):
    """What ``signups_take`` answers."""

    id: int | None
    status: str | None
    refusal: str | None
    url_name: str | None
    url_arg: int | None


def _take(offering_id, worker_id, union_id, by, seats, at_door) -> _Taken | None:
    """The row that was made, or already lived, or why not; None where a constraint says
    no that the function could not foresee."""
    try:
        with _own_transaction(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM signups_take(%s::bigint, %s, %s, %s, %s, %s)",
                [
                    offering_id,
                    worker_id,
                    union_id,
                    by.pk if by else None,
                    seats,
                    at_door,
                ],
            )
            return _Taken(*cursor.fetchone())
    except (IntegrityError, DataError):
        return None
    except OperationalError as error:
        raise _busy(error) from error


def _seat(offering_id, worker_id, union_id, by, seats, at_door) -> Signup | None:
    """The row that was made, or already lived; None where the rules say no."""
    taken = _take(offering_id, worker_id, union_id, by, seats, at_door)
    if taken is None or taken.refusal is not None:
        return None
    return _signup(taken, offering_id, worker_id, union_id)


@transaction.atomic
def _seat_and_tell(offering_id, worker_id, union_id, by, seats, at_door):
    signup = _seat(offering_id, worker_id, union_id, by, seats, at_door)
    if signup is not None and signup.asked_by_id == by.pk:
        telling.signed_up(signup=signup, but=by)
    return signup


_KNOWN = ["id", "offering_id", "worker_id", "union_org_id", "status"]


def _signup(taken: _Taken, offering_id, worker_id, union_id) -> Signup:
    """Its other fields are deferred."""
    known = [taken.id, offering_id, worker_id, union_id, taken.status]
    signup = Signup.from_db(connection.alias, _KNOWN, known)
    if signup.status == SignupStatus.WAITING:
        after_commit(_after_waiting, signup)
    return signup


def _own_transaction():
    """One call is a transaction by itself: BEGIN and COMMIT around it are two round
    trips more while everybody waits. Within somebody's transaction a refused call must
    not spoil theirs."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def _after_waiting(signup: Signup) -> None:
    """A concurrent cancel may have seen no waiter and let its seat go: check once more,
    and let the caller's row say how it stands now. Nearly always nothing is free, so
    the first look is the cheapest there is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM signups_seatpool "
            "WHERE offering_id = %s AND (owed > 0 OR taken < capacity))",
            [signup.offering_id],
        )
        (is_left,) = cursor.fetchone()
    if is_left and settle(offering_id=signup.offering_id):
        signup.refresh_from_db()


def _busy(error: OperationalError | None = None) -> Busy:
    """A lock wait past its limit is "ask again", not a fault."""
    if error is not None:
        log.warning("The desk was busy: %s", type(error.__cause__).__name__)
    return Busy(Reason("busy", _("报名的人较多，请稍后再试。")))


def accept(*, signup: Signup, by: User | None) -> Signup:
    """Take the seats that are offered. Offers that were not accepted in time go on to
    the queue first, so a late task costs nobody. Accepting twice is accepting once.

    Raises Refusal when nothing is offered any more, or when something that the person
    holds by now stands against it; Busy.
    """
    try:
        settle(offering_id=signup.offering_id)
        with transaction.atomic(), history.asked_by(by), connection.cursor() as cursor:
            cursor.execute("SELECT signups_accept(%s)", [signup.pk])
            (is_accepted,) = cursor.fetchone()
            if is_accepted and by is not None:
                telling.changed_by_themselves(
                    user=by, offering_id=signup.offering_id, kinds=[notices.OFFERED]
                )
    except OperationalError as error:
        raise _busy(error) from error
    signup = Signup.objects.select_related("offering", "worker").get(pk=signup.pk)
    if not is_accepted and signup.status != SignupStatus.SEATED:
        raise Refusal(*standing.accept_reasons(signup))
    return signup


def decline(*, signup: Signup, by: User | None) -> Signup:
    """Let an offered seat go to the next in the queue. Raises Refusal when none is
    offered; Busy."""
    return _end(signup, by, SignupStatus.DECLINED, "")


LONGEST_REASON = 200  # characters


def cancel(*, signup: Signup, by: User | None, reason: str = "") -> Signup:
    """Give seats back or leave the queue. Cancelling twice is cancelling once.

    The seats are owed to the queue from this moment: no newcomer can snatch them, and
    ``settle`` passes them on after the commit. After its deadline a worker may still
    give it back until the start, which their rules may count (``conduct.late_cancel``);
    where there are no rules, and after the start, Refusal (``cancel_over``). The desk (any other ``by``, let in by its own permission)
    may always, and says why, for the worker to read (``needs_reason``,
    ``reason_too_long``). What was called off is cancelled by nobody (``withdrawn``),
    nor a seat of what is ``over``: who had it is on record.
    Raises Busy when the database could not answer in time.
    """
    return _end(signup, by, SignupStatus.CANCELLED, reason.strip())


def _end(signup: Signup, by: User | None, status: str, reason: str) -> Signup:
    try:
        with transaction.atomic(), history.asked_by(by):
            return _end_locked(signup, by, status, reason)
    except OperationalError as error:
        raise _busy(error) from error


def _end_locked(signup: Signup, by: User | None, status: str, reason: str) -> Signup:
    lock_holder(signup)
    signup = (
        Signup.objects.select_for_update(of=("self",), no_key=True)
        .select_related("offering__rules")
        .get(pk=signup.pk)
    )
    if signup.status == SignupStatus.CALLED_OFF and by is not None:
        raise Refusal(standing.cancel_reason(signup, standing.database_now()))
    if not signup.is_live:
        return signup
    is_own = by is not None and _is_own(signup, by)
    if status == SignupStatus.DECLINED:
        if signup.status != SignupStatus.OFFERED:
            raise Refusal(*standing.accept_reasons(signup))
    elif by is not None:
        _check_cancel(signup, is_own, reason)
    now = standing.database_now()
    cost = standing.late_cost(signup, now) if is_own else None
    if cost is not None and status == SignupStatus.CANCELLED:
        status = SignupStatus.CANCELLED_LATE
        conduct.late_cancel(signup=signup, points=cost, at=now)
    if signup.status == SignupStatus.WAITING:
        signup.left_queue_at = Now()
    signup.cancelled_reason = "" if is_own else reason
    if signup.status == SignupStatus.APPLIED and signup.choice_rank is not None:
        Signup.objects.behind(signup).update(choice_rank=F("choice_rank") - 1)
    pool_id, signup.status = signup.pool_id, status
    signup.pool = signup.busy = signup.offer_until = None
    signup.ended_at = signup.changed_at = Now()
    signup.save(
        update_fields=[
            "status",
            "pool",
            "busy",
            "offer_until",
            "ended_at",
            "changed_at",
            "cancelled_reason",
            "left_queue_at",
        ]
    )
    if is_own:
        telling.changed_by_themselves(user=by, offering_id=signup.offering_id)
    elif by is not None:
        telling.cancelled(signup=signup, but=by, reason=reason)
    if pool_id is not None:
        SeatPool.objects.filter(pk=pool_id).update(owed=F("owed") + signup.seats)
    if pool_id is not None or signup.offering.saves_until is not None:
        # who waited for many seats may have stood before those whom fewer suit
        after_commit(settle, offering_id=signup.offering_id)
    return signup


def _check_cancel(signup: Signup, is_own: bool, reason: str) -> None:
    now = standing.database_now()
    ground = standing.cancel_reason(signup, now)
    if ground and (is_own or ground.code == "withdrawn"):
        raise Refusal(ground)
    is_seated = signup.status == SignupStatus.SEATED
    ends_at = signup.offering.ends_at
    if is_seated and ends_at is not None and ends_at <= now:
        raise Refusal(Reason("over", _("已经结束，报名记录不能再取消。")))
    if is_own:
        return
    if not reason:
        raise Refusal(Reason("needs_reason", _("请填写取消原因，本人会看到。")))
    if len(reason) > LONGEST_REASON:
        raise Refusal(Reason("reason_too_long", _("取消原因请不超过200字。")))


def _is_own(signup: Signup, by: User) -> bool:
    return Worker.objects.filter(pk=signup.worker_id, user=by).exists()


def lock_holder(signup: Signup) -> None:
    """Nobody signs the holder of a signup up or off until the transaction ends."""
    lock(worker_id=signup.worker_id, union_id=signup.union_org_id)


def lock(*, worker_id: int | None = None, union_id: int | None = None) -> None:
    """Nobody signs this worker (or this union's block) up or off until the transaction
    ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT signups_lock_holder(%s, %s)", [worker_id, union_id])


def settle(*, offering_id: int) -> int:
    """Give owed and free seats to the queue, in order; to how many signups.

    Runs after the commit of every cancel, of every sign-up that waited, of every
    change of capacity, and again from ``tick``: it may run at any time, any number of
    times, concurrently, and if it fails the verb before it still stands. What nobody in
    the queue can use is released to newcomers. Offers that lapsed are passed on.
    """
    given = 0
    for pool in SeatPool.objects.filter(offering=offering_id).with_a_seat():
        with history.because(cause="settle"):
            while (signup_id := _settle_one(pool)) is not None:
                given += signup_id > 0
    return given


def settle_all() -> int:
    """``settle`` wherever it has something to do; how many signups were given seats."""
    wanting = Offering.objects.needing_settlement().values_list("pk", flat=True)
    return sum(settle(offering_id=pk) for pk in list(wanting))


@transaction.atomic
@history.on_record
def _settle_one(pool: SeatPool) -> int | None:
    """One step: the signup that got seats, 0 for another useful step, None at the end.
    Whoever got seats, or lost those offered, is told in the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT signups_settle_one(%s)", [pool.pk])
        (signup_id,) = cursor.fetchone()
    if signup_id:
        telling.promoted(signup_id=signup_id)
    elif signup_id == 0:
        telling.lapsed(offering_id=pool.offering_id)
    return signup_id
