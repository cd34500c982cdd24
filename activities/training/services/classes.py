"""A class with its seats and lessons: opened, changed, called off."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from activities.training import errors
from activities.training.models import CourseClass, CourseKind, Lesson, Term
from activities.training.services.ground import (
    LONGEST_REASON,
    alike,
    cancel_before,
    lock_class,
    moment_of,
    notice_of,
    place_of,
    store,
)
from activities.venues.models import Venue
from activities.venues.services import hold_room, release_rooms, room_named
from common import history, pagecache, workdays
from common.errors import Refusal, at_field
from members.models import User
from signups.enums import OfferingKind, PoolKind
from signups.models import Rules
from signups.services import offerings
from signups.services.offerings import Reserve

MOST_LESSONS = 60
LEAST = CourseClass._meta.get_field("min_to_open").default
MOST_SEATS = 9999
_LONGEST = timedelta(days=730)  # nobody plans a class over more than two years


def lesson_days(
    *,
    first_day: date,
    weekdays: Collection[int],
    lessons: int,
    skip: Collection[date],
    avoids_holidays: bool = False,
) -> list[date]:
    """The days of so many lessons: on ``weekdays`` (1 is Monday, 7 Sunday), from
    ``first_day`` on, never on a day of ``skip``, nor on one off by the official notices
    if it ``avoids_holidays``.

    Refusal: ``no_weekday``, ``lessons``, ``too_many_skipped``, ``holidays_unknown`` (a
    lesson would be in a year without its notice).
    """
    calendar = workdays.Calendar()
    if not weekdays:
        raise Refusal(errors.NO_WEEKDAY)
    if not 1 <= lessons <= MOST_LESSONS:
        raise Refusal(errors.TOO_FEW_LESSONS)
    days = []
    day = first_day
    while len(days) < lessons:
        if day - first_day > _LONGEST or day == date.max:
            raise Refusal(errors.TOO_MANY_SKIPPED)
        is_taught = day.isoweekday() in weekdays and day not in skip
        if is_taught and not (avoids_holidays and calendar.is_holiday(day)):
            days.append(day)
        day += timedelta(days=1)
    return days


@transaction.atomic
@pagecache.publishes
@history.on_record
def open_class(
    *,
    term: Term,
    kind: CourseKind,
    name: str,
    venue: Venue,
    room: str,
    teacher_name: str,
    first_day: date,
    weekdays: Collection[int],
    starts: time,
    ends: time,
    lessons: int,
    capacity: int,
    by: User | None,
    skip: Collection[date] = (),
    avoids_holidays: bool = False,
    topics: Iterable[str] = (),
    reserve: Reserve | None = None,
    waitlist_limit: int | None = None,
    is_members_only: bool = True,
    cancel_until: datetime | None = None,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    **facts,
) -> CourseClass:
    """A class with its offering, seats, occasions and lessons, all or nothing.

    ``starts`` and ``ends`` are times of day in Shanghai. ``capacity`` counts the
    general seats, a ``reserve`` (for frontline and migrant workers) comes on top. The
    window is the term's unless said; seats may be given back until a day before the
    first lesson unless said (``Rules.cancel_hours``). ``facts``: ``level``, ``teacher``,
    ``teacher_intro``, ``intro``, ``needs``, ``min_to_open``. Refusal: those of
    ``lesson_days``, ``outside_term``, ``times_backwards``, ``name_taken``,
    ``room_taken`` (once for each lesson).
    """
    days = lesson_days(
        first_day=first_day,
        weekdays=weekdays,
        lessons=lessons,
        skip=skip,
        avoids_holidays=avoids_holidays,
    )
    if not term.starts_on <= days[0] <= term.ends_on:
        raise Refusal(errors.OUTSIDE_TERM)
    if ends <= starts:
        raise Refusal(errors.TIMES_BACKWARDS)
    times = [(moment_of(day, starts), moment_of(day, ends)) for day in days]
    held = room_named(venue=venue, name=room)

    offering = offerings.open_offering(
        kind=OfferingKind.CLASS,
        title=name,
        url_name="activities:training:class-detail",
        opens_at=opens_at or term.opens_at,
        closes_at=closes_at or term.closes_at,
        capacity=capacity,
        reserves=[reserve] if reserve else [],
        limits=[term.limit],
        cancel_until=cancel_until
        or times[0][0] - cancel_before(Rules.objects.newest_of(OfferingKind.CLASS)),
        is_members_only=is_members_only,
        is_listed=term.is_published,
        waitlist_limit=waitlist_limit,
        notice=notice_of(term, facts.get("min_to_open", LEAST)),
        alike=alike(term, kind),
        by=by,
    )
    course_class = CourseClass(
        term=term,
        kind=kind,
        name=name,
        venue=venue,
        room=held,
        teacher_name=teacher_name,
        offering=offering,
        **facts,
    )
    store(course_class)
    offerings.change_offering(offering=offering, url_arg=course_class.pk, by=by)
    place = place_of(venue, held)
    occasions = offerings.set_occasions(
        offering=offering,
        times=[(start, end, place) for start, end in times],
        by=by,
    )
    topics = list(topics)
    rows = [
        Lesson(
            course_class=course_class,
            number=number,
            topic=topics[number - 1] if number <= len(topics) else "",
            occasion=occasion,
            venue=venue,
            room=held,
        )
        for number, occasion in enumerate(occasions, start=1)
    ]
    Lesson.objects.bulk_create(rows)
    hold_room(room=held, occasions=occasions, title=name)
    course_class.offering.refresh_from_db()
    return course_class


@transaction.atomic
@pagecache.publishes
@history.on_record
def change_class(
    *, course_class: CourseClass, by: User | None, **changes
) -> CourseClass:
    """Change a class's facts, seats or rules.

    Facts are its own columns; a new venue or room takes every lesson still to come
    with it. ``capacity`` and ``reserved`` are the seats of its two pools;
    ``opens_at``, ``closes_at``, ``cancel_until``, ``waitlist_limit`` and
    ``is_members_only`` its rules at the desk. Refusal: ``called_off``, ``name_taken``,
    ``room_taken``, ``below_taken``, ``window_backwards``.
    """
    course_class = lock_class(course_class.pk)
    offering = course_class.offering
    if offering.withdrawn_at is not None:
        raise Refusal(errors.CALLED_OFF)
    seats = {
        kind: changes.pop(word)
        for word, kind in _SEATS.items()
        if changes.get(word) is not None
    }
    rules = {word: changes.pop(word) for word in _RULES if word in changes}
    unknown = changes.keys() - _FACTS
    if unknown:
        raise TypeError(f"Not changeable here: {sorted(unknown)}")
    if changes.keys() & {"venue", "room"}:
        venue = changes.get("venue", course_class.venue)
        name = changes.get("room", course_class.room_name)
        changes |= {"venue": venue, "room": room_named(venue=venue, name=name)}
    for name, value in changes.items():
        setattr(course_class, name, value)
    store(course_class)
    if "name" in changes:
        rules["title"] = course_class.name
    if "kind" in changes:
        rules["alike"] = alike(course_class.term, course_class.kind)
    if "min_to_open" in changes:
        rules["notice"] = notice_of(course_class.term, course_class.min_to_open)
    if rules:
        offerings.change_offering(offering=offering, by=by, **rules)
    if "room" in changes:
        _move_to_room(course_class, by)
    for pool in offering.pools.filter(kind__in=seats).order_by("pk"):
        with at_field(_BOX_OF[pool.kind]):
            offerings.set_capacity(pool=pool, capacity=seats[pool.kind], by=by)
    return course_class


_FACTS = {
    "kind",
    "name",
    "level",
    "venue",
    "room",
    "teacher",
    "teacher_name",
    "teacher_intro",
    "intro",
    "needs",
    "min_to_open",
}
_RULES = (
    "opens_at",
    "closes_at",
    "cancel_until",
    "waitlist_limit",
    "is_members_only",
)
_SEATS = {"capacity": PoolKind.GENERAL, "reserved": PoolKind.AUDIENCE}
_BOX_OF = {kind: word for word, kind in _SEATS.items()}


def _move_to_room(course_class, by):
    venue, room = course_class.venue, course_class.room
    coming = list(
        course_class.lessons.in_order()
        .taking_place()
        .filter(occasion__starts_at__gt=timezone.now())
    )
    place, moved = place_of(venue, room), []
    for lesson in coming:
        lesson.venue, lesson.room = venue, room
        lesson.save(update_fields=["venue", "room"])
        if lesson.occasion.place != place:
            moved.append(lesson.occasion)
        offerings.move_occasion(
            occasion=lesson.occasion,
            starts_at=lesson.occasion.starts_at,
            ends_at=lesson.occasion.ends_at,
            place=place,
            by=by,
            is_told=False,
        )
    offerings.tell_of(offering=course_class.offering, occasions=moved, by=by)
    hold_room(
        room=room,
        occasions=[lesson.occasion for lesson in coming],
        title=course_class.name,
    )


@transaction.atomic
@pagecache.publishes
@history.on_record
def leave_unopened(*, course_class: CourseClass, by: User | None) -> CourseClass:
    """未开班: a class with fewer people than it needs does not take place. All who held a
    seat or waited are released and told; who wishes goes to a class that is alike by one
    tap, also after sign-up has closed. Done twice it is done once.

    Refusal: ``enough_people``, ``has_begun``.
    """
    made = lock_class(course_class.pk)
    offering = made.offering
    if offering.withdrawn_at is None:
        if not CourseClass.objects.filter(pk=made.pk).too_few().exists():
            raise Refusal(errors.ENOUGH_PEOPLE)
        if offering.starts_at is not None and offering.starts_at <= timezone.now():
            raise Refusal(errors.HAS_BEGUN)
        reason = errors.too_few_to_open(made.min_to_open)
        offering = offerings.withdraw_offering(
            offering=offering, reason=reason, by=by, is_unopened=True
        )
        release_rooms(occasions=offering.occasions.all())
    course_class.offering = offering
    return course_class


@transaction.atomic
@pagecache.publishes
@history.on_record
def call_off_class(
    *, course_class: CourseClass, reason: str, by: User | None
) -> CourseClass:
    """Call a class off (停办): nobody can sign up, its rooms and its people's time are
    free again, its page says why. Calling off twice is calling off once.

    Refusal: ``needs_reason``, ``reason_too_long``; ``over``: its last lesson is, and
    what took place stays in its people's records.
    """
    if not reason.strip():
        raise Refusal(errors.NEEDS_REASON)
    if len(reason.strip()) > LONGEST_REASON:
        raise Refusal(errors.REASON_TOO_LONG)
    offering = lock_class(course_class.pk).offering
    if offering.withdrawn_at is None and offering.is_over:
        raise Refusal(errors.OVER)
    offering = offerings.withdraw_offering(
        offering=offering, reason=reason.strip(), by=by
    )
    release_rooms(occasions=offering.occasions.all())
    course_class.offering = offering
    return course_class
