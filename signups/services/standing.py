"""Where a person stands with an offering: the rules of the desk as a question.

Buttons, the POST and the admin ask the same function, ``look``; a refusal prints
*every* reason it finds, each with the time it lifts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from common import dates
from common.errors import Reason
from members.models import Worker
from signups.enums import Audience, PoolKind, SignupStatus
from signups.models import Offering, SeatPool, Signup

# One offering given up so often within a day is not asked for again before the day is
# over. Nobody changes their mind five times; a row is left each time.
MOST_RETURNS = 5


@dataclass
class Standing:
    """One offering as one person sees it at one moment of the database's clock.

    Seats: ``taken`` of ``capacity`` over all pools (owed seats count as taken),
    ``left`` of them free for this person, ``reserved_left`` free in a reserve that this
    person may not use yet. Whoever waits beside a free seat cannot use it: it has been
    offered to the queue before. ``waiting`` is the length of the queue, ``rank`` this
    person's place in it, ``signup`` what they hold (``SignupQuerySet.current``).
    ``reasons`` says why a sign-up would be refused now; empty
    means it would be taken or, if ``left`` is 0, wait.
    """

    offering: Offering
    now: datetime
    worker: Worker | None = None
    taken: int = 0
    capacity: int = 0
    left: int = 0
    reserved_left: int = 0
    waiting: int = 0
    rank: int | None = None
    signup: Signup | None = None
    reasons: list[Reason] = field(default_factory=list)

    @property
    def codes(self) -> list[str]:
        return [reason.code for reason in self.reasons]

    @property
    def would_wait(self) -> bool:
        """A sign-up made now would join the queue."""
        return self.left == 0

    @property
    def has_begun(self) -> bool:
        """The first occasion has come: the queue is over, what is free is for whoever
        asks."""
        return _has_begun(self.offering, self.now)

    @property
    def is_cancellable(self) -> bool:
        """The worker may still leave by themselves: see ``seats.cancel``."""
        return self.signup is not None and cancel_reason(self.signup, self.now) is None


def look(
    offerings: Iterable[Offering], worker: Worker | None, *, now: datetime | None = None
) -> dict[int, Standing]:
    """The standing of ``worker`` (None: a visitor) with each offering, by its id.

    Five queries at most, however many offerings; ``now`` is the database's clock if the
    caller has read it already.
    """
    offerings = list(offerings)
    if now is None:
        now = database_now()
    found = {
        offering.pk: Standing(offering=offering, now=now, worker=worker)
        for offering in offerings
    }
    for queue in Signup.objects.filter(offering__in=found).queue_lengths():
        found[queue["offering"]].waiting = queue["n"]
    for pool in SeatPool.objects.filter(offering__in=found):
        _count_pool(found[pool.offering_id], pool)
    held = _HeldByWorker(worker, found)
    for standing in found.values():
        standing.signup = held.signups.get(standing.offering.pk)
        standing.rank = standing.signup and standing.signup.rank
        standing.reasons = list(_reasons(standing, held))
    return found


def look_at(offering: Offering, worker: Worker | None) -> Standing:
    """``look`` for one offering."""
    return look([offering], worker)[offering.pk]


def notice(offering: Offering) -> list[str]:
    """报名须知: all that a person agrees to, a line each. What the offering's wing says
    comes first, then the rules that the desk itself keeps."""
    lines = [line.strip() for line in offering.notice.splitlines() if line.strip()]
    if offering.group is not None:
        lines.append(
            _("本期每人限报%(n)d门，时间不能重叠。") % {"n": offering.group.seats_each}
        )
    if offering.cancel_until is not None:
        until = dates.moment(seats_back_until(offering))
        lines.append(
            _("%(until)s前可以自行取消，取消后再报需重新排队。") % {"until": until}
        )
    return lines


def database_now() -> datetime:
    """The clock that decides about opening and closing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


def belongs(worker: Worker | None, audience: str) -> bool:
    """Whether a reserve kept for ``audience`` is kept for this worker."""
    if worker is None:
        return False
    return (audience != Audience.MIGRANT and worker.is_frontline) or (
        audience != Audience.FRONTLINE and worker.is_migrant
    )


def cancel_until(signup: Signup) -> datetime | None:
    """Until when the worker may give it back by themselves; None: as long as they like.

    A seat until ``Offering.cancel_until`` or the start, whichever comes first, so that
    somebody else can still use it. Leaving a queue is always free.
    """
    if signup.status != SignupStatus.SEATED:
        return None
    return seats_back_until(signup.offering)


def seats_back_until(offering: Offering) -> datetime | None:
    """Until when a seat of this offering may be given back."""
    limits = (offering.starts_at, offering.cancel_until)
    return min((limit for limit in limits if limit), default=None)


def cancel_reason(signup: Signup, now: datetime) -> Reason | None:
    """Why the worker may not cancel by themselves any more, or None."""
    if signup.offering.withdrawn_at is not None:
        return Reason("withdrawn", _("本项已停办，无需取消。"))
    until = cancel_until(signup)
    if until is None or now < until:
        return None
    return Reason(
        "cancel_over",
        _("取消时间已过（%(until)s截止），如有困难请联系主办单位。")
        % {"until": dates.moment(until)},
    )


def _has_begun(offering: Offering, now: datetime) -> bool:
    return offering.starts_at is not None and offering.starts_at <= now


def _count_pool(standing: Standing, pool: SeatPool) -> None:
    free = pool.capacity - pool.taken
    standing.taken += pool.taken
    standing.capacity += pool.capacity
    is_for_all = pool.kind == PoolKind.GENERAL or (
        pool.until is not None and pool.until <= standing.now
    )
    if not is_for_all and not belongs(standing.worker, pool.audience):
        standing.reserved_left += free
        return
    standing.left += free


class _HeldByWorker:
    """What one worker holds already, read in two queries."""

    def __init__(self, worker: Worker | None, wanted: dict[int, Standing]):
        self.signups: dict[int, Signup] = {}
        self.groups: dict[int, list[Signup]] = {}
        self.clashes: dict[int, list[str]] = {}
        self.left: dict[int, list[Signup]] = {}  # lately, the first first
        if worker is None:
            return
        for signup in (
            (Signup.objects.current() | Signup.objects.left_lately())
            .filter(worker=worker)
            .select_related("offering")
            .with_rank()  # in the same statement: somebody may be promoted beside us
            .order_by("pk")
        ):
            if signup.status == SignupStatus.CANCELLED:
                self.left.setdefault(signup.offering_id, []).append(signup)
                continue
            self.signups[signup.offering_id] = signup
            if signup.group_slot is not None:
                self.groups.setdefault(signup.group_id, []).append(signup)
        if any(s.status == SignupStatus.SEATED for s in self.signups.values()):
            self._find_clashes(worker, wanted)

    def _find_clashes(self, worker, wanted):
        pairs = Offering.objects.raw(
            """
            SELECT o.id, other.title AS clashes_with
            FROM signups_offering o
            JOIN signups_signup s ON s.worker_id = %(worker)s
                AND s.status = 'seated' AND s.busy && o.busy AND s.offering_id <> o.id
            JOIN signups_offering other ON other.id = s.offering_id
            WHERE o.id = ANY(%(offerings)s)
            ORDER BY s.id
            """,
            {"worker": worker.pk, "offerings": list(wanted)},
        )
        for pair in pairs:
            self.clashes.setdefault(pair.pk, []).append(pair.clashes_with)


def _reasons(standing: Standing, held: _HeldByWorker):
    """Every reason against a sign-up, the one that decides the button first."""
    offering, worker, now = standing.offering, standing.worker, standing.now
    if standing.signup is not None:
        text = (
            _("您已报名。")
            if standing.signup.status == SignupStatus.SEATED
            else _("您排在候补第%(rank)d位。") % {"rank": standing.rank}
        )
        yield Reason("already", text)
    if not offering.is_listed:
        yield Reason("not_listed", _("本项尚未公开。"))
    if offering.withdrawn_at is not None:
        yield Reason("withdrawn", offering.withdrawn_reason or _("本项已停办。"))
    elif offering.ends_at is not None and offering.ends_at <= now:
        yield Reason("over", _("本项已结束。"))
    elif offering.closes_at <= now:
        yield Reason(
            "closed",
            _("报名已于%(at)s截止。") % {"at": dates.moment(offering.closes_at)},
        )
    elif now < offering.opens_at:
        yield Reason(
            "not_open",
            _("报名于%(at)s开始。") % {"at": dates.moment(offering.opens_at)},
            lifts_at=offering.opens_at,
        )
    if worker is not None:
        yield from _reasons_of_who_asks(standing, held)
    if standing.signup is None and (full := _full(standing)):
        yield full


def _reasons_of_who_asks(standing: Standing, held: _HeldByWorker):
    offering, worker = standing.offering, standing.worker
    if offering.is_members_only and worker.left_at is not None:
        yield Reason(
            "left_union",
            _(
                "本项限工会会员，您已不在“%(union)s”的名册上，请向现单位工会登记会籍或"
                "办理转会。"
            )
            % {"union": worker.union_org},
        )
    elif offering.is_members_only and not worker.is_member:
        yield Reason(
            "not_member", _("本项限工会会员，请向所在单位工会申请入会或登记会籍。")
        )
    if standing.signup is None:
        yield from _reasons_of_what_is_held(standing, held)


def _reasons_of_what_is_held(standing, held):
    offering = standing.offering
    left = sorted(gone.changed_at for gone in held.left.get(offering.pk, []))
    if len(left) >= MOST_RETURNS:
        lifts_at = left[-MOST_RETURNS] + timedelta(days=1)
        text = _("您一天内已%(n)d次取消本项，%(at)s后可以再报。")
        said = text % {"n": len(left), "at": dates.moment(lifts_at)}
        yield Reason("returned_often", said, lifts_at=lifts_at)
    others = held.groups.get(offering.group_id, []) if offering.group_id else []
    if others and len(others) >= offering.group.seats_each:
        yield Reason(
            "limit",
            _("本期每人限报%(n)d门，您已报：%(titles)s。")
            % {
                "n": offering.group.seats_each,
                "titles": "、".join(other.offering.title for other in others),
            },
        )
    for title in held.clashes.get(offering.pk, []):
        yield Reason("clash", _("与您已报的“%(title)s”时间冲突。") % {"title": title})


def _full(standing: Standing) -> Reason | None:
    """No seat, and no queue that one could join."""
    limit = standing.offering.waitlist_limit
    is_unknown = standing.worker is None and standing.reserved_left
    if standing.left or is_unknown:
        return None
    if standing.has_begun:
        return Reason("full", _("名额已满，已经开课，不再候补。"))
    if limit is None or standing.waiting < limit:
        return None
    return Reason("full", _("名额和候补都已满。") if limit else _("名额已满。"))
