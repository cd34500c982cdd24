"""Verbs of the training room. The only code that writes to its tables.

Lock order: Term, then CourseClass, then Venue, then whatever the desk locks (see
``signups.services``). A venue is locked before its rooms are looked
at, so that of two classes that want one room at one time exactly one gets it; the
lessons' exclusion constraint says the same if ever this lock is forgotten.
"""

from collections.abc import Collection, Iterable
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.training import errors
from activities.training.models import CourseClass, CourseKind, Lesson, Term
from activities.venues.models import Venue
from activities.venues.services import lock_venue
from common import dates, pagecache
from common.errors import Reason, Refusal
from members.models import User
from signups.enums import PoolKind
from signups.models import Offering
from signups.services import offerings
from signups.services.offerings import Reserve

MOST_LESSONS = 60
MOST_SEATS = 9999
LONGEST_REASON = 200  # characters
_LONGEST = timedelta(days=730)  # nobody plans a class over more than two years
_CANCEL_BEFORE = timedelta(hours=24)

_GROUND = {
    "activities_training_term_number_key": errors.NUMBER_TAKEN,
    "activities_training_courseclass_name_once": errors.NAME_TAKEN,
    "activities_training_lesson_room_once": Reason(
        "room_taken", gettext_lazy("该教室在这段时间已有别的课。"), field="room"
    ),
}


# --- terms -----------------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
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
    """A term and its group at the desk, which limits a worker to ``seats_each`` seats.

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
        group=offerings.open_group(title=title, seats_each=seats_each, by=by),
        **facts,
    )
    _store(term)
    return term


@transaction.atomic
@pagecache.publishes
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
        offerings.change_group(
            group=term.group,
            title=term.title,
            seats_each=seats_each or term.group.seats_each,
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
    *, first_day: date, weekdays: Collection[int], lessons: int, skip: Collection[date]
) -> list[date]:
    """The days of so many lessons: on ``weekdays`` (1 is Monday, 7 Sunday), from
    ``first_day`` on, never on a day of ``skip`` (holidays).

    Refusal: ``no_weekday``, ``lessons``, ``too_many_skipped``.
    """
    if not weekdays:
        raise Refusal(errors.NO_WEEKDAY)
    if not 1 <= lessons <= MOST_LESSONS:
        raise Refusal(errors.TOO_FEW_LESSONS)
    days = []
    day = first_day
    while len(days) < lessons:
        if day - first_day > _LONGEST or day == date.max:
            raise Refusal(errors.TOO_MANY_SKIPPED)
        if day.isoweekday() in weekdays and day not in skip:
            days.append(day)
        day += timedelta(days=1)
    return days


@transaction.atomic
@pagecache.publishes
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
    first lesson unless said. ``facts``: ``level``, ``teacher_intro``, ``intro``,
    ``needs``, ``min_to_open``. Refusal: those of ``lesson_days``, ``outside_term``,
    ``times_backwards``, ``name_taken``, ``room_taken`` (once for each lesson).
    """
    days = lesson_days(
        first_day=first_day, weekdays=weekdays, lessons=lessons, skip=skip
    )
    if not term.starts_on <= days[0] <= term.ends_on:
        raise Refusal(errors.OUTSIDE_TERM)
    if ends <= starts:
        raise Refusal(errors.TIMES_BACKWARDS)
    times = [(_moment(day, starts), _moment(day, ends)) for day in days]
    lock_venue(venue=venue)
    _check_room(venue, room, times)

    offering = offerings.open_offering(
        title=name,
        page="",
        opens_at=opens_at or term.opens_at,
        closes_at=closes_at or term.closes_at,
        capacity=capacity,
        reserve=reserve,
        group=term.group,
        cancel_until=cancel_until or times[0][0] - _CANCEL_BEFORE,
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
        room=room,
        teacher_name=teacher_name,
        offering=offering,
        **facts,
    )
    _store(course_class)
    offerings.change_offering(
        offering=offering, page=course_class.get_absolute_url(), by=by
    )
    place = place_of(venue, room)
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
            room=room,
            room_time=DateTimeTZRange(occasion.starts_at, occasion.ends_at),
        )
        for number, occasion in enumerate(occasions, start=1)
    ]
    with _grounds(), transaction.atomic():
        Lesson.objects.bulk_create(rows)
    course_class.offering.refresh_from_db()
    return course_class


@transaction.atomic
@pagecache.publishes
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
    for name, value in changes.items():
        setattr(course_class, name, value)
    _store(course_class)
    if "name" in changes:
        rules["title"] = course_class.name
    if "min_to_open" in changes:
        rules["notice"] = _notice(course_class.term, course_class.min_to_open)
    if rules:
        offerings.change_offering(offering=offering, by=by, **rules)
    if changes.keys() & {"venue", "room"}:
        _move_to_room(course_class, by)
    for pool in offering.pools.filter(kind__in=seats).order_by("pk"):
        _set_seats(pool, seats[pool.kind], by)
    return course_class


_FACTS = {
    "kind",
    "name",
    "level",
    "venue",
    "room",
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
_SEATS = {"capacity": PoolKind.GENERAL, "reserved": PoolKind.RESERVED}


def _set_seats(pool, capacity, by):
    """``set_capacity``, with a refusal that knows the field it belongs to."""
    try:
        offerings.set_capacity(pool=pool, capacity=capacity, by=by)
    except Refusal as refusal:
        word = next(word for word, kind in _SEATS.items() if kind == pool.kind)
        raise Refusal(
            *(Reason(r.code, r.text, r.lifts_at, word) for r in refusal.reasons)
        ) from refusal


def _move_to_room(course_class, by):
    venue, room = course_class.venue, course_class.room
    lock_venue(venue=venue)
    coming = list(
        course_class.lessons.in_order().filter(occasion__starts_at__gt=timezone.now())
    )
    times = [(lesson.occasion.starts_at, lesson.occasion.ends_at) for lesson in coming]
    _check_room(venue, room, times, but=course_class)
    place = place_of(venue, room)
    for lesson in coming:
        lesson.venue, lesson.room = venue, room
        with _grounds(), transaction.atomic():
            lesson.save(update_fields=["venue", "room"])
        offerings.move_occasion(
            occasion=lesson.occasion,
            starts_at=lesson.occasion.starts_at,
            ends_at=lesson.occasion.ends_at,
            place=place,
            by=by,
        )


@transaction.atomic
@pagecache.publishes
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
    course_class.lessons.update(room_time=None)
    course_class.offering = offering
    return course_class


# --- lessons ---------------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
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
        "course_class__offering", "occasion", "venue"
    ).get(pk=lesson.pk)
    if lesson.course_class.offering.withdrawn_at is not None:
        raise Refusal(errors.CALLED_OFF)
    if ends_at <= starts_at:
        raise Refusal(_at(errors.TIMES_BACKWARDS, "ends_at"))
    room = lesson.room if room is None else room
    lock_venue(venue=lesson.venue)
    _check_room(lesson.venue, room, [(starts_at, ends_at)], but_lesson=lesson)
    if starts_at != lesson.occasion.starts_at:
        first_planned = lesson.moved_from or lesson.occasion.starts_at
        # back where it was planned: nothing to strike out
        lesson.moved_from = None if starts_at == first_planned else first_planned
    lesson.room = room
    lesson.room_time = DateTimeTZRange(starts_at, ends_at)
    with _grounds(), transaction.atomic():
        lesson.save(update_fields=["room", "room_time", "moved_from"])
    offering = lesson.course_class.offering
    began_at = offering.starts_at
    lesson.occasion = offerings.move_occasion(
        occasion=lesson.occasion,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place_of(lesson.venue, room),
        by=by,
    )
    _let_deadline_follow(offering, began_at, by)
    return lesson


def _let_deadline_follow(offering, began_at, by):
    """The usual deadline for giving a seat back keeps its distance to the first lesson;
    one that was set by hand stays."""
    offering.refresh_from_db(fields=["starts_at", "cancel_until"])
    if (
        offering.starts_at != began_at
        and offering.cancel_until == began_at - _CANCEL_BEFORE
    ):
        offerings.change_offering(
            offering=offering, by=by, cancel_until=offering.starts_at - _CANCEL_BEFORE
        )


@transaction.atomic
@pagecache.publishes
def name_lesson(*, lesson: Lesson, topic: str, by: User | None) -> Lesson:
    """Say what a lesson is about."""
    _lock_class(lesson.course_class_id)
    lesson.topic = topic
    lesson.save(update_fields=["topic"])
    return lesson


def teacher_clashes(*, course_class: CourseClass) -> list[str]:
    """A sentence for each other class in which a teacher of this name stands at the
    same time: a warning, for two teachers may share a name."""
    others = CourseClass.objects.of_teacher(course_class.teacher_name).meeting_with(
        course_class
    )
    return [
        _("教师%(teacher)s同一时间还有“%(name)s”，请核对。")
        % {"teacher": course_class.teacher_name, "name": other.name}
        for other in others
    ]


# --- common ground ---------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
def save_kind(*, kind: CourseKind, by: User | None) -> CourseKind:
    """Store a kind as filled in; pages show it at once."""
    kind.save()
    return kind


def _lock_class(pk: int) -> CourseClass:
    """What changes a class or its lessons locks the class first: one goes on to the
    offering, another to a lesson or the venue, and they would meet in a ring."""
    return (
        CourseClass.objects.select_for_update(of=("self",), no_key=True)
        .select_related("offering", "venue")
        .get(pk=pk)
    )


def place_of(venue: Venue, room: str) -> str:
    """How a place is written where only one line is free: 市工人文化宫302教室."""
    return f"{venue.name}{room}"


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def _at(reason: Reason, field: str) -> Reason:
    return Reason(reason.code, reason.text, reason.lifts_at, field)


def _check_room(venue, room, times, *, but=None, but_lesson=None):
    """Raise Refusal with a sentence for each stretch in which the room is taken. The
    caller holds the venue. A class without a room clashes with nobody."""
    if not room:
        return
    held = Lesson.objects.holding_room(venue=venue, room=room, times=times)
    if but is not None:
        held = held.exclude(course_class=but)
    if but_lesson is not None:
        held = held.exclude(pk=but_lesson.pk)
    grounds = [
        Reason(
            "room_taken",
            _("%(at)s %(room)s已有“%(name)s”的课。")
            % {
                "at": dates.moment(lesson.room_time.lower),
                "room": room,
                "name": lesson.course_class.name,
            },
            field="room",
        )
        for lesson in held.select_related("course_class")
    ]
    if grounds:
        raise Refusal(*grounds)


def _store(row):
    """Save a whole row; a constraint that knew better becomes a Refusal."""
    with _grounds(), transaction.atomic():
        row.save()


@contextmanager
def _grounds():
    try:
        yield
    except IntegrityError as error:
        name = getattr(error.__cause__.diag, "constraint_name", "")
        if name not in _GROUND:
            raise
        raise Refusal(_GROUND[name]) from error
