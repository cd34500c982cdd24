"""Opening something for sign-up, its times, its capacity, and closing it down.

Lock order: the group, the offering, then as at the seats: worker, pool.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import pagecache
from common.errors import Reason, Refusal
from members.models import User
from signups.enums import PoolKind, SignupStatus
from signups.models import Occasion, Offering, OfferingGroup, SeatPool, Signup
from signups.services.seats import WORKER_LOCK, settle

_BACKWARDS = Reason("times_backwards", gettext_lazy("结束时间应晚于开始时间。"))


@dataclass(frozen=True)
class Reserve:
    """Seats kept for an audience (``enums.Audience``) until a moment, or for good."""

    audience: str
    capacity: int
    until: datetime | None = None


@transaction.atomic
def open_group(*, title: str, seats_each: int, by: User | None) -> OfferingGroup:
    """A group of offerings of which one worker may hold ``seats_each`` seats."""
    return OfferingGroup.objects.create(title=title, seats_each=seats_each)


@transaction.atomic
@pagecache.publishes
def change_group(
    *, group: OfferingGroup, title: str, seats_each: int, by: User | None
) -> OfferingGroup:
    """Rename a group or change its limit. Lowering it takes no seat away; raising it
    lets waiters in who were only held back by the limit."""
    group = OfferingGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
    is_more = seats_each > group.seats_each
    group.title, group.seats_each = title, seats_each
    group.save(update_fields=["title", "seats_each", "updated_at"])
    if is_more:
        for pk in group.offerings.values_list("pk", flat=True):
            transaction.on_commit(partial(settle, offering_id=pk), robust=True)
    return group


@transaction.atomic
@pagecache.publishes
def open_offering(
    *,
    title: str,
    page: str,
    opens_at: datetime,
    closes_at: datetime,
    capacity: int,
    by: User | None,
    reserve: Reserve | None = None,
    group: OfferingGroup | None = None,
    cancel_until: datetime | None = None,
    is_members_only: bool = True,
    is_listed: bool = True,
    waitlist_limit: int | None = None,
    notice: str = "",
) -> Offering:
    """Something that can be asked for, with its seats; its times come by
    ``set_occasions``.

    ``notice`` is what its wing asks people to agree to, a line each. ``capacity`` counts the general seats; a reserve's come on top. Raises Refusal for a
    window that does not run forward.
    """
    _check_window(opens_at, closes_at)
    offering = Offering.objects.create(
        title=title,
        page=page,
        opens_at=opens_at,
        closes_at=closes_at,
        cancel_until=cancel_until,
        group=group,
        is_members_only=is_members_only,
        is_listed=is_listed,
        waitlist_limit=waitlist_limit,
        notice=notice,
    )
    SeatPool.objects.create(offering=offering, capacity=capacity)
    if reserve is not None and reserve.capacity:
        SeatPool.objects.create(
            offering=offering,
            kind=PoolKind.RESERVED,
            audience=reserve.audience,
            capacity=reserve.capacity,
            until=reserve.until,
        )
    return offering


def _check_window(opens_at, closes_at):
    if closes_at <= opens_at:
        raise Refusal(
            Reason("window_backwards", _("报名截止应晚于报名开始。"), field="closes_at")
        )


@transaction.atomic
@pagecache.publishes
def change_offering(*, offering: Offering, by: User | None, **changes) -> Offering:
    """Change title, page, notice, window, deadline, membership rule or waitlist limit.

    Raises Refusal for a window that does not run forward, or for another group once
    anybody is seated: their slots were counted in the old one.
    """
    # no_key: a sign-up beside us holds a pool and needs this row's key to commit, and
    # whoever changes a class goes on to that pool
    offering = Offering.objects.select_for_update(no_key=True).get(pk=offering.pk)
    unknown = changes.keys() - _CHANGEABLE
    if unknown:
        raise TypeError(f"Not changeable here: {sorted(unknown)}")
    moves_group = "group" in changes and changes["group"] != offering.group
    if moves_group and Signup.objects.live().filter(offering=offering).exists():
        raise Refusal(Reason("group_in_use", _("已有人报名，不能更换限报组。")))
    for name, value in changes.items():
        setattr(offering, name, value)
    _check_window(offering.opens_at, offering.closes_at)
    offering.save(update_fields=[*changes, "updated_at"])
    return offering


_CHANGEABLE = {
    "title",
    "page",
    "notice",
    "opens_at",
    "closes_at",
    "cancel_until",
    "group",
    "is_listed",
    "is_members_only",
    "waitlist_limit",
}


@transaction.atomic
@pagecache.publishes
def set_capacity(*, pool: SeatPool, capacity: int, by: User | None) -> SeatPool:
    """Raise or lower the seats of a pool.

    New seats belong to the queue first (they are owed), then to newcomers. Lowering
    never evicts: raises Refusal below the seats taken.
    """
    pool = SeatPool.objects.select_for_update().get(pk=pool.pk)
    more = capacity - pool.capacity
    if more > 0:
        SeatPool.objects.filter(pk=pool.pk).update(
            capacity=capacity, taken=F("taken") + more, owed=F("owed") + more
        )
        transaction.on_commit(
            partial(settle, offering_id=pool.offering_id), robust=True
        )
    elif more < 0:
        if capacity < pool.taken:
            raise Refusal(
                Reason(
                    "below_taken",
                    _("已有%(n)d个名额被占用，名额不能少于此数。") % {"n": pool.taken},
                )
            )
        SeatPool.objects.filter(pk=pool.pk).update(capacity=capacity)
    return SeatPool.objects.get(pk=pool.pk)


@transaction.atomic
@pagecache.publishes
def set_occasions(
    *,
    offering: Offering,
    times: Iterable[tuple[datetime, datetime, str]],
    by: User | None,
) -> list[Occasion]:
    """Make ``times`` (start, end, place) the occasions of an offering, all of them.

    Everybody seated gets the new times. Where a moved stretch clashes with another
    seat of theirs, that stretch is left out of their own busy time: they keep both
    seats and decide themselves. Raises Refusal for a stretch that does not run forward.
    """
    times = sorted(times)
    if any(end <= start for start, end, _place in times):
        raise Refusal(_BACKWARDS)
    # no_key: a sign-up beside us needs this row's key and may hold a worker's lock
    Offering.objects.select_for_update(no_key=True).get(pk=offering.pk)
    Occasion.objects.filter(offering=offering).delete()
    occasions = Occasion.objects.bulk_create(
        Occasion(offering=offering, starts_at=start, ends_at=end, place=place)
        for start, end, place in times
    )
    refresh_times(offering=offering)
    transaction.on_commit(partial(_refresh_again, offering=offering), robust=True)
    return occasions


@transaction.atomic
@pagecache.publishes
def move_occasion(
    *,
    occasion: Occasion,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    by: User | None,
) -> Occasion:
    """Move one occasion, which stays the same row; the seated get the new times as in
    ``set_occasions``. Raises Refusal for a stretch that does not run forward."""
    if ends_at <= starts_at:
        raise Refusal(_BACKWARDS)
    offering = Offering.objects.select_for_update(no_key=True).get(
        pk=occasion.offering_id
    )
    occasion = Occasion.objects.get(pk=occasion.pk)
    is_elsewhen = (occasion.starts_at, occasion.ends_at) != (starts_at, ends_at)
    if is_elsewhen or occasion.place != place:
        occasion.moves += 1
        occasion.changed_at = pagecache.moment().now
    occasion.starts_at, occasion.ends_at = starts_at, ends_at
    occasion.place = place
    occasion.save(
        update_fields=["starts_at", "ends_at", "place", "moves", "changed_at"]
    )
    if is_elsewhen:
        refresh_times(offering=offering)
        transaction.on_commit(partial(_refresh_again, offering=offering), robust=True)
    return occasion


@transaction.atomic
@pagecache.publishes
def refresh_times(*, offering: Offering) -> None:
    """Compute an offering's busy time from its occasions and hand it to the seated."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_SEATED, {"offering": offering.pk, "lock": WORKER_LOCK})
        cursor.execute(_BUSY_OF_OFFERING, {"offering": offering.pk})
        cursor.execute(_BUSY_OF_SEATED, {"offering": offering.pk})
    offering.refresh_from_db(fields=["busy", "starts_at", "ends_at"])


def _refresh_again(*, offering: Offering) -> None:
    """A sign-up that was under way may have copied the old times. And who waits may be
    free now, or wait in a queue that was over and is not any more."""
    _await_seats_under_way(offering)
    refresh_times(offering=offering)
    settle(offering_id=offering.pk)


@transaction.atomic
def _await_seats_under_way(offering: Offering) -> None:
    """Return when everybody who was taking a seat here has one or has none: whoever
    takes one holds its pool from then until the commit. (In a transaction of its own,
    which ends at once: elsewhere a worker's lock comes before a pool's.)"""
    pools = SeatPool.objects.filter(offering=offering).order_by("pk")
    list(pools.select_for_update(no_key=True))


# Worker before row, as everywhere; in one order, so that two refreshes never wait for
# each other.
_LOCK_SEATED = """
SELECT pg_advisory_xact_lock(%(lock)s + worker_id) FROM (
    SELECT worker_id FROM signups_signup
    WHERE offering_id = %(offering)s AND status = 'seated' ORDER BY worker_id
) seated
"""

_BUSY_OF_OFFERING = """
UPDATE signups_offering o
SET busy = coalesce(t.busy, '{}'), starts_at = lower(t.busy), ends_at = upper(t.busy)
FROM (
    SELECT range_agg(tstzrange(starts_at, ends_at)) AS busy
    FROM signups_occasion WHERE offering_id = %(offering)s
) t
WHERE o.id = %(offering)s
"""

# What clashes with another seat of the same worker is taken out.
_BUSY_OF_SEATED = """
UPDATE signups_signup s
SET busy = o.busy - coalesce((
        SELECT range_agg(other.busy) FROM signups_signup other
        WHERE other.worker_id = s.worker_id AND other.status = 'seated'
            AND other.id <> s.id AND NOT isempty(other.busy)
    ), '{}'),
    changed_at = now()
FROM signups_offering o
WHERE o.id = %(offering)s AND s.offering_id = o.id AND s.status = 'seated'
    AND o.withdrawn_at IS NULL AND s.busy IS DISTINCT FROM o.busy
"""


@transaction.atomic
@pagecache.publishes
def withdraw_offering(*, offering: Offering, reason: str, by: User | None) -> Offering:
    """Call something off: nobody can sign up or be promoted any more.

    Signups stay as they are, so that those concerned can be told; their time is freed,
    for they will not be there, and what they may ask for besides does not count it.
    """
    Offering.objects.filter(pk=offering.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=Now(), withdrawn_reason=reason
    )
    _free_the_seated(offering)
    transaction.on_commit(partial(_free_again, offering), robust=True)
    offering.refresh_from_db()
    return offering


def _free_again(offering: Offering) -> None:
    """A sign-up that was under way may have come in after the first look."""
    _await_seats_under_way(offering)
    _free_the_seated(offering)


def _free_the_seated(offering: Offering) -> None:
    Signup.objects.filter(offering=offering, status=SignupStatus.SEATED).update(
        busy="{}", group=None, group_slot=None
    )
