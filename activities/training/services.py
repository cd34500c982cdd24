"""Verbs of the training room. The only code that writes to its tables.

Lock order: Term, then CourseClass, then whatever the desk locks (``signups.services``),
then rooms (``activities.venues.services``).
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.training import errors
from activities.training.models import CourseClass, CourseKind, Lesson, Term
from activities.venues.models import Room, Venue
from activities.venues.services import hold_room, release_rooms, room_named
from common import history, pagecache, workdays
from common.errors import Refusal, at_field
from common.services import refusing
from members.models import User
from signups.enums import OfferingKind, PoolKind
from signups.models import Offering, Rules
from signups.services import offerings
from signups.services.offerings import Reserve

MOST_LESSONS = 60
MOST_SEATS = 9999
LONGEST_REASON = 200  # characters
_LONGEST = timedelta(days=730)  # nobody plans a class over more than two years
_CANCEL_HOURS = 24  # where no rules say otherwise

_GROUND = {
    "activities_training_term_number_key": errors.NUMBER_TAKEN,
    "activities_training_courseclass_name_once": errors.NAME_TAKEN,
}


# --- terms -----------------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
@history.on_record
def open_term(
    *,
    number: int,
    title: str,
    seats_each: int,
    opens_at: datetime,
    closes_at: datetime,
    starts_on: date,
    ends_on: date,
    by: User | None,
    **facts,
) -> Term:
    """A term and its limit at the desk: ``seats_each`` classes a worker.

    ``facts``: ``audience``, ``notice``, ``contact_phone``, ``is_published``. Refusal:
    ``window_backwards``, ``days_backwards``, ``number_taken``.
    """
    _check_term(opens_at, closes_at, starts_on, ends_on)
    term = Term(
        number=number,
        title=title,
        opens_at=opens_at,
        closes_at=closes_at,
        starts_on=starts_on,
        ends_on=ends_on,
        limit=offerings.open_limit(title=title, most=seats_each, by=by),
        **facts,
    )
    _store(term)
    return term


@transaction.atomic
@pagecache.publishes
@history.on_record
def change_term(*, term: Term, by: User | None, **changes) -> Term:
    """Change what ``open_term`` took. A new window reaches every class that had the
    term's; a class with a window of its own keeps it. Classes of a term that is not
    published are unknown to the desk as well: nobody signs up by guessing a number.

    Refusal: as ``open_term``.
    """
    term = Term.objects.select_for_update(of=("self",), no_key=True).get(pk=term.pk)
    old_window = (term.opens_at, term.closes_at)
    seats_each = changes.pop("seats_each", None)
    for name, value in changes.items():
        setattr(term, name, value)
    _check_term(term.opens_at, term.closes_at, term.starts_on, term.ends_on)
    _store(term)
    if seats_each is not None or "title" in changes:
        offerings.change_limit(
            limit=term.limit,
            title=term.title,
            most=seats_each or term.limit.most,
            by=by,
        )
    if old_window != (term.opens_at, term.closes_at):
        alike = Offering.objects.filter(
            course_class__term=term, opens_at=old_window[0], closes_at=old_window[1]
        )
        for offering in alike.order_by("pk"):
            offerings.change_offering(
                offering=offering,
                by=by,
                opens_at=term.opens_at,
                closes_at=term.closes_at,
            )
    if "notice" in changes:
        for course_class in term.classes.select_related("offering").order_by("pk"):
            offerings.change_offering(
                offering=course_class.offering,
                by=by,
                notice=_notice(term, course_class.min_to_open),
            )
    if "is_published" in changes:
        for offering in Offering.objects.filter(course_class__term=term).order_by("pk"):
            offerings.change_offering(
                offering=offering, by=by, is_listed=term.is_published
            )
    return term


def _notice(term: Term, min_to_open: int) -> str:
    """What a class asks people to agree to: the term's lines and its own."""
    lines = term.notice_lines
    if min_to_open:
        lines.append(_("报名不足%(n)d人，本班可能停办。") % {"n": min_to_open})
    return "\n".join(lines)


def _check_term(opens_at, closes_at, starts_on, ends_on):
    grounds = []
    if closes_at <= opens_at:
        grounds.append(errors.TERM_WINDOW)
    if ends_on < starts_on:
        grounds.append(errors.TERM_DAYS)
    if grounds:
        raise Refusal(*grounds)


# --- classes ---------------------------------------------------------------------


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
    times = [(_moment(day, starts), _moment(day, ends)) for day in days]
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
        or times[0][0] - _cancel_before(Rules.objects.newest_of(OfferingKind.CLASS)),
        is_members_only=is_members_only,
        is_listed=term.is_published,
        waitlist_limit=waitlist_limit,
        notice=_notice(term, facts.get("min_to_open", 0)),
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
    _store(course_class)
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


def _cancel_before(rules: Rules | None) -> timedelta:
    return timedelta(hours=rules.cancel_hours if rules else _CANCEL_HOURS)


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
    course_class = _lock_class(course_class.pk)
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
    _store(course_class)
    if "name" in changes:
        rules["title"] = course_class.name
    if "min_to_open" in changes:
        rules["notice"] = _notice(course_class.term, course_class.min_to_open)
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
        course_class.lessons.in_order().filter(occasion__starts_at__gt=timezone.now())
    )
    place = place_of(venue, room)
    for lesson in coming:
        lesson.venue, lesson.room = venue, room
        lesson.save(update_fields=["venue", "room"])
        offerings.move_occasion(
            occasion=lesson.occasion,
            starts_at=lesson.occasion.starts_at,
            ends_at=lesson.occasion.ends_at,
            place=place,
            by=by,
        )
    hold_room(
        room=room,
        occasions=[lesson.occasion for lesson in coming],
        title=course_class.name,
    )


@transaction.atomic
@pagecache.publishes
@history.on_record
def call_off_class(
    *, course_class: CourseClass, reason: str, by: User | None
) -> CourseClass:
    """Call a class off (停办): nobody can sign up, its rooms and its people's time are
    free again, its page says why. Calling off twice is calling off once.

    Refusal: ``needs_reason``, ``reason_too_long``.
    """
    if not reason.strip():
        raise Refusal(errors.NEEDS_REASON)
    if len(reason.strip()) > LONGEST_REASON:
        raise Refusal(errors.REASON_TOO_LONG)
    _lock_class(course_class.pk)
    offering = offerings.withdraw_offering(
        offering=course_class.offering, reason=reason.strip(), by=by
    )
    release_rooms(occasions=offering.occasions.all())
    course_class.offering = offering
    return course_class


# --- lessons ---------------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
@history.on_record
def move_lesson(
    *,
    lesson: Lesson,
    starts_at: datetime,
    ends_at: datetime,
    by: User | None,
    room: str | None = None,
) -> Lesson:
    """Move one lesson to another time or room of its venue; the day it was first
    planned for stays on record and is shown struck out.

    Where this moves the start of the class, the usual deadline for giving a seat back
    moves with it. The desk recomputes everybody's time. Refusal: ``called_off``, ``times_backwards``,
    ``room_taken``.
    """
    _lock_class(lesson.course_class_id)
    lesson = Lesson.objects.select_related(
        "course_class__offering__rules", "occasion", "venue", "room"
    ).get(pk=lesson.pk)
    if lesson.course_class.offering.withdrawn_at is not None:
        raise Refusal(errors.CALLED_OFF)
    if ends_at <= starts_at:
        raise Refusal(errors.TIMES_BACKWARDS.at("ends_at"))
    if room is not None:
        lesson.room = room_named(venue=lesson.venue, name=room)
    if starts_at != lesson.occasion.starts_at:
        first_planned = lesson.moved_from or lesson.occasion.starts_at
        # back where it was planned: nothing to strike out
        lesson.moved_from = None if starts_at == first_planned else first_planned
    lesson.save(update_fields=["room", "moved_from"])
    offering = lesson.course_class.offering
    began_at = offering.starts_at
    lesson.occasion = offerings.move_occasion(
        occasion=lesson.occasion,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place_of(lesson.venue, lesson.room),
        by=by,
    )
    _let_deadline_follow(offering, began_at, by)
    hold_room(
        room=lesson.room, occasions=[lesson.occasion], title=lesson.course_class.name
    )
    return lesson


def _let_deadline_follow(offering, began_at, by):
    """The usual deadline for giving a seat back keeps its distance to the first lesson;
    one that was set by hand stays."""
    offering.refresh_from_db(fields=["starts_at", "cancel_until"])
    before = _cancel_before(offering.rules)
    if offering.starts_at != began_at and offering.cancel_until == began_at - before:
        offerings.change_offering(
            offering=offering, by=by, cancel_until=offering.starts_at - before
        )


@transaction.atomic
@pagecache.publishes
@history.on_record
def name_lesson(*, lesson: Lesson, topic: str, by: User | None) -> Lesson:
    """Say what a lesson is about."""
    _lock_class(lesson.course_class_id)
    lesson.topic = topic
    lesson.save(update_fields=["topic"])
    return lesson


def teacher_clashes(*, course_class: CourseClass) -> list[str]:
    """A sentence for each other class in which this teacher, or one of this name, stands
    at the same time: a warning, for two teachers may share a name."""
    others = CourseClass.objects.of_teacher_of(course_class).meeting_with(course_class)
    return [
        _("教师%(teacher)s同一时间还有“%(name)s”，请核对。")
        % {"teacher": course_class.teacher_name, "name": other.name}
        for other in others
    ]


# --- common ground ---------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_kind(*, kind: CourseKind, by: User | None) -> CourseKind:
    """Store a kind as filled in; pages show it at once."""
    kind.save()
    return kind


def _lock_class(pk: int) -> CourseClass:
    """What changes a class or its lessons locks the class first: one goes on to the
    offering, another to a lesson or the venue, and they would meet in a ring."""
    return (
        CourseClass.objects.select_for_update(of=("self",), no_key=True)
        .select_related("offering__rules", "venue", "room")
        .get(pk=pk)
    )


def place_of(venue: Venue, room: Room | None) -> str:
    """How a place is written where only one line is free: 市工人文化宫302教室."""
    return f"{venue.name}{room or ''}"


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def _store(row):
    """Save a whole row; a constraint that knew better becomes a Refusal."""
    with refusing(_GROUND):
        row.save()
