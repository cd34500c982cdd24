"""Opening something for sign-up, its times, its capacity, and closing it down.

Lock order: the limit, the offering, then as at the seats: holder, pool.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import history, pagecache
from common.errors import Reason, Refusal
from common.services import after_commit, wait_turn
from members.models import UnionOrg, User
from signups.enums import LimitPer, LimitUnit, PoolKind
from signups.models import Draw, Limit, Occasion, Offering, Rules, SeatPool
from signups.services import telling
from signups.services.seats import settle

_BACKWARDS = Reason("times_backwards", gettext_lazy("结束时间应晚于开始时间。"))


@dataclass(frozen=True)
class Reserve:
    """Seats kept until a moment, or for good: for an audience (``enums.Audience``), for
    a union and those below it, for people who come to the door, or for who has come
    often enough (``Rules.practised_after``)."""

    capacity: int
    audience: str = ""
    union_org: UnionOrg | None = None
    is_door: bool = False
    is_practised: bool = False
    until: datetime | None = None

    @property
    def kind(self) -> str:
        if self.union_org is not None:
            return PoolKind.UNION
        if self.is_practised:
            return PoolKind.PRACTISED
        return PoolKind.DOOR if self.is_door else PoolKind.AUDIENCE


# Pools are tried in this order: a seat that fewer people may have comes first.
_POSITIONS = {
    PoolKind.UNION: 10,
    PoolKind.AUDIENCE: 30,
    PoolKind.PRACTISED: 35,
    PoolKind.DOOR: 40,
    PoolKind.GENERAL: 50,
}


@dataclass(frozen=True)
class Draft:
    """One offering to be opened: see ``open_offering``. ``times`` are its occasions
    (start, end, place)."""

    kind: str
    title: str
    url_name: str
    opens_at: datetime
    closes_at: datetime
    capacity: int
    url_arg: int | None = None
    times: Sequence[tuple[datetime, datetime, str]] = ()
    reserves: Sequence[Reserve] = ()
    facts: dict = field(default_factory=dict)


# --- limits and rules --------------------------------------------------------------


@transaction.atomic
@history.on_record
def open_limit(
    *,
    title: str,
    most: int,
    by: User | None,
    unit: str = LimitUnit.SIGNUPS,
    per: str = LimitPer.ALL,
) -> Limit:
    """A limit of ``most`` (of ``unit``, in each ``per``) a worker, for the offerings
    that are opened with it."""
    return Limit.objects.create(title=title, most=most, unit=unit, per=per)


@transaction.atomic
@pagecache.publishes
@history.on_record
def change_limit(*, limit: Limit, title: str, most: int, by: User | None) -> Limit:
    """Rename a limit or change how much it allows. Lowering it takes no seat away;
    raising it lets waiters in who were only held back by it."""
    limit = Limit.objects.select_for_update(no_key=True).get(pk=limit.pk)
    is_more = most > limit.most
    limit.title, limit.most = title, most
    limit.save(update_fields=["title", "most", "updated_at"])
    if is_more:
        for pk in limit.offerings.values_list("pk", flat=True):
            after_commit(settle, offering_id=pk)
    return limit


@transaction.atomic
@history.on_record
def publish_rules(
    *, kind: str, cancel_hours: int, text: str, by: User | None, **facts
) -> Rules:
    """Make the rules that offerings of this kind get when they are opened from now on.
    What is open already keeps the version that people agreed to. ``facts``: the other
    columns of ``Rules``, where they differ from the usual."""
    wait_turn(f"rules {kind}")  # one version after the other
    newest = Rules.objects.newest_of(kind)
    return Rules.objects.create(
        kind=kind,
        version=newest.version + 1 if newest else 1,
        cancel_hours=cancel_hours,
        text=text,
        **facts,
    )


# --- opening and changing ----------------------------------------------------------


@transaction.atomic
@history.on_record
def open_offering(
    *,
    kind: str,
    title: str,
    url_name: str,
    opens_at: datetime,
    closes_at: datetime,
    capacity: int,
    by: User | None,
    url_arg: int | None = None,
    reserves: Sequence[Reserve] = (),
    limits: Sequence[Limit] = (),
    **facts,
) -> Offering:
    """Something that can be asked for, with its seats; its times come by
    ``set_occasions``.

    ``kind`` is an ``enums.OfferingKind``, whose newest rules it gets. Its page is the
    address of this name and number. ``capacity`` counts the general seats; reserves
    come on top and are tried before them. ``facts``: ``organiser`` (None is the city),
    ``notice`` (what its wing asks people to agree to, a line each), ``mode``,
    ``cancel_until``, ``max_seats``, ``max_block``, ``rest_after``, ``is_offered``,
    ``saves_until``, ``is_listed``, ``is_members_only``, ``waitlist_limit``. Raises
    Refusal for a window that does not run forward.
    """
    draft = Draft(
        kind=kind,
        title=title,
        url_name=url_name,
        url_arg=url_arg,
        opens_at=opens_at,
        closes_at=closes_at,
        capacity=capacity,
        reserves=reserves,
        facts=facts,
    )
    return open_many(drafts=[draft], limits=limits, by=by)[0]


@transaction.atomic
@pagecache.publishes
@history.on_record
def open_many(
    *, drafts: Sequence[Draft], by: User | None, limits: Sequence[Limit] = ()
) -> list[Offering]:
    """A season of offerings with their times, in a handful of statements however many;
    all of them count against ``limits``. In the order of ``drafts``. Raises Refusal as
    ``open_offering`` and ``set_occasions`` do, and then none is opened."""
    for draft in drafts:
        _check_window(draft.opens_at, draft.closes_at)
        _check_times(draft.times)
    newest = {kind: Rules.objects.newest_of(kind) for kind in {d.kind for d in drafts}}
    offerings = Offering.objects.bulk_create(
        [
            Offering(
                kind=draft.kind,
                title=draft.title,
                url_name=draft.url_name,
                url_arg=draft.url_arg,
                rules=newest[draft.kind],
                opens_at=draft.opens_at,
                closes_at=draft.closes_at,
                **{"is_offered": _asks(newest[draft.kind]), **draft.facts},
            )
            for draft in drafts
        ],
        batch_size=2000,
    )
    pairs = list(zip(offerings, drafts, strict=True))
    SeatPool.objects.bulk_create(
        [pool for offering, draft in pairs for pool in _pools(offering, draft)],
        batch_size=2000,
    )
    through = Offering.limits.through
    through.objects.bulk_create(
        [
            through(offering=offering, limit=limit)
            for offering in offerings
            for limit in limits
        ],
        batch_size=2000,
    )
    Occasion.objects.bulk_create(
        [
            Occasion(offering=offering, starts_at=start, ends_at=end, place=place)
            for offering, draft in pairs
            for start, end, place in draft.times
        ],
        batch_size=2000,
    )
    if any(draft.times for draft in drafts):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT signups_set_times(%s)", [[made.pk for made in offerings]]
            )
    return offerings


def _asks(rules: Rules | None) -> bool:
    return rules is not None and rules.is_offered


def _pools(offering: Offering, draft: Draft):
    """The pools of an offering, each at a place of its own."""
    taken = set()
    for reserve in draft.reserves:
        if reserve.capacity:
            yield _reserved(offering, reserve, taken)
    yield SeatPool(
        offering=offering,
        position=_POSITIONS[PoolKind.GENERAL],
        capacity=draft.capacity,
    )


def _reserved(offering: Offering, reserve: Reserve, taken: set[int]) -> SeatPool:
    """A pool at the next place of its kind; the place is added to ``taken``."""
    position = _POSITIONS[reserve.kind]
    while position in taken:
        position += 1
    taken.add(position)
    return SeatPool(
        offering=offering,
        kind=reserve.kind,
        position=position,
        audience=reserve.audience,
        union_org=reserve.union_org,
        capacity=reserve.capacity,
        until=reserve.until,
    )


def _check_window(opens_at, closes_at):
    if closes_at <= opens_at:
        raise Refusal(
            Reason("window_backwards", _("报名截止应晚于报名开始。"), field="closes_at")
        )


def _check_times(times):
    if any(end <= start for start, end, _place in times):
        raise Refusal(_BACKWARDS)


@transaction.atomic
@pagecache.publishes
@history.on_record
def change_offering(*, offering: Offering, by: User | None, **changes) -> Offering:
    """Change title, page, notice, window, deadline, membership rule or the queue's
    rules. Who may is asked before: ``OfferingQuerySet.changeable_by``.

    Raises Refusal for a window that does not run forward, or that would be changed while
    the list of a draw is frozen.
    """
    # no_key: a concurrent sign-up holds a pool and needs this row's key to commit, and
    # whoever changes a class goes on to that pool
    offering = Offering.objects.select_for_update(no_key=True).get(pk=offering.pk)
    unknown = changes.keys() - _CHANGEABLE
    if unknown:
        raise TypeError(f"Not changeable here: {sorted(unknown)}")
    if changes.keys() & {"opens_at", "closes_at", "max_seats", "max_block"}:
        _check_no_frozen_draw(offering.pk)
    for name, value in changes.items():
        setattr(offering, name, value)
    _check_window(offering.opens_at, offering.closes_at)
    offering.save(update_fields=[*changes, "updated_at"])
    return offering


_CHANGEABLE = {
    "title",
    "alike",
    "url_arg",
    "notice",
    "opens_at",
    "closes_at",
    "cancel_until",
    "max_seats",
    "max_block",
    "is_offered",
    "saves_until",
    "is_listed",
    "is_members_only",
    "waitlist_limit",
}


def _check_no_frozen_draw(offering_id: int) -> None:
    """What the list of a draw says stays true until its results are released."""
    frozen = Draw.objects.between_list_and_release()
    if frozen.filter(offerings=offering_id).exists():
        text = _("摇号名单已封存，公布结果以后才能改名额和报名时间。")
        raise Refusal(Reason("draw_frozen", text))


@transaction.atomic
@pagecache.publishes
@history.on_record
def set_capacity(*, pool: SeatPool, capacity: int, by: User | None) -> SeatPool:
    """Raise or lower the seats of a pool.

    New seats belong to the queue first (they are owed), then to newcomers. Lowering
    never evicts: raises Refusal below the seats taken, and while the list of a draw is
    frozen and its results are not released.
    """
    pool = SeatPool.objects.select_for_update(no_key=True).get(pk=pool.pk)
    _check_no_frozen_draw(pool.offering_id)
    more = capacity - pool.capacity
    if more > 0:
        SeatPool.objects.filter(pk=pool.pk).update(
            capacity=capacity, taken=F("taken") + more, owed=F("owed") + more
        )
        after_commit(settle, offering_id=pool.offering_id)
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
@history.on_record
def add_reserve(*, offering: Offering, reserve: Reserve, by: User | None) -> SeatPool:
    """Keep further seats of an open offering for some; they belong to the queue first.
    Raises Refusal while the list of a draw is frozen."""
    offering = Offering.objects.select_for_update(no_key=True).get(pk=offering.pk)
    _check_no_frozen_draw(offering.pk)
    taken = set(offering.pools.values_list("position", flat=True))
    pool = _reserved(offering, reserve, taken)
    pool.taken = pool.owed = pool.capacity
    pool.save()
    after_commit(settle, offering_id=offering.pk)
    return pool


# --- times -------------------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
@history.on_record
def set_occasions(
    *,
    offering: Offering,
    times: Iterable[tuple[datetime, datetime, str]],
    by: User | None,
) -> list[Occasion]:
    """Make ``times`` (start, end, place) the occasions of an offering, all of them, in
    order; returned are those that take place. Who has signed up or waits is told of
    what changed, once.

    An occasion keeps its row when it is moved: one that starts as before is the same,
    the others are paired in the order of time; what is left over is cancelled, never
    deleted. Everybody seated gets the new times. Where a moved stretch clashes with
    another seat of theirs, that stretch is left out of their own busy time: they keep
    both seats and decide themselves. Raises Refusal for a stretch that does not run
    forward.
    """
    times = sorted(times)
    _check_times(times)
    # no_key: a concurrent sign-up needs this row's key and may hold a worker's lock
    Offering.objects.select_for_update(no_key=True).get(pk=offering.pk)
    held = list(Occasion.objects.filter(offering=offering, cancelled_at=None))
    changed = []
    for occasion, time in _paired(offering, held, times):
        if time is None:
            _cancel_occasion(occasion)
            changed.append(occasion)
        elif _put(occasion, *time):
            changed.append(occasion)
    _times_changed(offering)
    if changed := telling.to_come(changed):
        telling.rescheduled(offering=offering, occasions=changed, but=by)
    return list(Occasion.objects.filter(offering=offering, cancelled_at=None))


def _paired(offering: Offering, held: list[Occasion], times: list):
    """(occasion, its new time) for every time, with new occasions where there are too
    few; (occasion, None) for those left over."""
    by_start = {occasion.starts_at: occasion for occasion in held}
    moved = []
    for time in times:
        same = by_start.pop(time[0], None)
        if same is not None:
            yield same, time
        else:
            moved.append(time)
    rest = sorted(by_start.values(), key=lambda occasion: occasion.starts_at)
    for time, occasion in zip(moved, rest, strict=False):
        yield occasion, time
    for time in moved[len(rest) :]:
        yield Occasion(offering=offering), time
    for occasion in rest[len(moved) :]:
        yield occasion, None


@transaction.atomic
@pagecache.publishes
@history.on_record
def move_occasion(
    *,
    occasion: Occasion,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    by: User | None,
    is_told: bool = True,
) -> Occasion:
    """Move one occasion, which stays the same row; the seated get the new times as in
    ``set_occasions``. Who has signed up or waits is told, unless ``is_told`` is False:
    then the caller moves several and says so with ``tell_of``. Raises Refusal for a
    stretch that does not run forward."""
    _check_times([(starts_at, ends_at, place)])
    offering = Offering.objects.select_for_update(no_key=True).get(
        pk=occasion.offering_id
    )
    occasion = Occasion.objects.get(pk=occasion.pk)
    is_elsewhen = (occasion.starts_at, occasion.ends_at) != (starts_at, ends_at)
    was = (occasion.starts_at, occasion.place)
    is_to_come = bool(telling.to_come([occasion]))
    is_changed = _put(occasion, starts_at, ends_at, place)
    if is_elsewhen:
        _times_changed(offering)
    if is_changed and is_told and (is_to_come or telling.to_come([occasion])):
        telling.moved(occasion=occasion, was=was, offering=offering, but=by)
    return occasion


@transaction.atomic
@history.on_record
def share_door(*, occasions: Sequence[Occasion], by: User | None) -> None:
    """Let one code open all of these: that of the first."""
    first = occasions[0]
    others = [occasion.pk for occasion in occasions[1:]]
    Occasion.objects.filter(pk__in=others).update(door=first)


@transaction.atomic
@history.on_record
def tell_of(
    *, offering: Offering, occasions: Sequence[Occasion], by: User | None
) -> int:
    """Several occasions have been moved: who has signed up or waits is told of all of
    them at once; how many people."""
    coming = telling.to_come(occasions)
    if not coming:
        return 0
    return telling.rescheduled(offering=offering, occasions=coming, but=by)


def _put(occasion: Occasion, starts_at, ends_at, place) -> bool:
    """Write an occasion's time and place; a change counts as newer in calendars. Whether
    there was one."""
    was = (occasion.starts_at, occasion.ends_at, occasion.place)
    if was == (starts_at, ends_at, place):
        return False
    if occasion.pk is not None:
        occasion.moves += 1
        occasion.changed_at = pagecache.moment().now
    occasion.starts_at, occasion.ends_at, occasion.place = starts_at, ends_at, place
    occasion.save()
    return True


@transaction.atomic
@pagecache.publishes
@history.on_record
def cancel_occasion(
    *, occasion: Occasion, by: User | None, reason: str = ""
) -> Occasion:
    """Let one occasion not take place: nobody is busy then any more, its row stays.
    ``reason`` is what its people are told. Cancelling twice is cancelling once."""
    offering = Offering.objects.select_for_update(no_key=True).get(
        pk=occasion.offering_id
    )
    occasion = Occasion.objects.get(pk=occasion.pk)
    if occasion.cancelled_at is None:
        _cancel_occasion(occasion)
        _times_changed(offering)
        if telling.to_come([occasion]):
            telling.occasion_cancelled(
                occasion=occasion, offering=offering, but=by, reason=reason
            )
    return occasion


def _cancel_occasion(occasion: Occasion) -> None:
    occasion.cancelled_at = occasion.changed_at = pagecache.moment().now
    occasion.moves += 1
    occasion.save(update_fields=["cancelled_at", "changed_at", "moves"])


def _times_changed(offering: Offering) -> None:
    refresh_times(offering=offering)
    after_commit(_refresh_again, offering=offering)


@transaction.atomic
@pagecache.publishes
def refresh_times(*, offering: Offering) -> None:
    """Compute an offering's time from its occasions and store it with the seated."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT signups_refresh_times(%s)", [offering.pk])
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


# --- closing down ------------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
@history.on_record
def withdraw_offering(
    *, offering: Offering, reason: str, by: User | None, is_unopened: bool = False
) -> Offering:
    """Call something off: nobody can sign up or be promoted any more, and every live
    signup ends as called off, so that those concerned read it; their time and the
    seats are free. ``is_unopened``: for want of people (未开班); who was in it is told of
    what is alike and may go there, also after sign-up has closed."""
    Offering.objects.filter(pk=offering.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=Now(), withdrawn_reason=reason, is_unopened=is_unopened
    )
    offering.refresh_from_db()
    _end_signups(offering, by)
    after_commit(_end_again, offering, by)
    return offering


def _end_again(offering: Offering, by: User | None) -> None:
    """A sign-up that was under way may have come in after the first look."""
    _await_seats_under_way(offering)
    _end_signups(offering, by)


@transaction.atomic
def _end_signups(offering: Offering, by: User | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT signups_call_off(%s)", [offering.pk])
    telling.called_off(offering=offering, but=by)
