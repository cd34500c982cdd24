"""A term that is prepared as one sheet: copied from the last one, checked as a whole,
looked at as a worker would, published at once.

A plan keeps what was typed (``TermPlan.content``), right or wrong. What is checked and
published is what the forms of the back office read out of it (``PlannedTerm``).
Lock order: TermPlan, then as the verbs of a term and of a class.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.training import errors
from activities.training.models import CourseClass, CourseKind, Lesson, Term, TermPlan
from activities.training.services.classes import MOST_LESSONS, open_class
from activities.training.services.ground import moment_of
from activities.training.services.terms import open_term
from activities.venues.models import Room, RoomUse, Venue
from common import dates, history, pagecache, workdays
from common.errors import Refusal
from common.models import Holiday
from members.models import User
from signups.enums import PoolKind
from signups.models import Offering
from signups.services import draws
from signups.services.offerings import Reserve

MOST_ROWS = 60  # classes of one term
_LONGEST = timedelta(days=730)
_PAUSE = timedelta(weeks=3)  # between two terms, where nobody says otherwise


# --- what is planned ------------------------------------------------------------------


@dataclass(frozen=True)
class PlannedClass:
    """One row of a plan, read. ``key`` names the row; ``source`` is the class of an
    earlier term whose further facts it takes over."""

    key: str
    kind: CourseKind
    name: str
    teacher_name: str
    venue: Venue
    room: str
    weekdays: frozenset[int]
    starts: time
    ends: time
    lessons: int
    capacity: int
    first_day: date
    keeps_holidays: bool = False
    source: int | None = None


@dataclass(frozen=True)
class PlannedTerm:
    number: int
    title: str
    opens_at: datetime
    closes_at: datetime
    starts_on: date
    seats_each: int
    audience: str
    contact_phone: str
    notice: str
    # how its seats are drawn for (``draws.open_draw``); None: whoever comes first
    draw: dict | None = None


@dataclass(frozen=True)
class Finding:
    """A sentence about one box of one row. ``stops``: nothing is published with it."""

    key: str
    field: str
    text: str
    stops: bool = True


@dataclass
class Schedule:
    """The days of one row, the festivals it leaves out or keeps, and the years whose
    notice nobody has entered: their days are planned as ordinary ones."""

    days: list[date] = field(default_factory=list)
    festivals: list[tuple[date, str]] = field(default_factory=list)
    unknown_years: list[int] = field(default_factory=list)


class Festivals:
    """The days off from a day on, and which years' notices are known: read once for a
    whole plan, in one query."""

    def __init__(self, first: date):
        rows = Holiday.objects.filter(notice_year__gte=first.year).values_list(
            "date", "works", "name", "notice_year"
        )
        self.names, self._years = {}, set()
        for day, works, name, year in rows:
            self._years.add(year)
            if not works:
                self.names[day] = name

    def knows(self, day: date) -> bool:
        """As ``workdays.Calendar.knows``."""
        return self._years.issuperset(workdays.years_of(day))


def schedule(row: PlannedClass, festivals: Festivals) -> Schedule:
    """When a row meets: on its weekdays from its first day on, past the festivals that
    are known unless it keeps them."""
    made, day = Schedule(), row.first_day
    while len(made.days) < min(row.lessons, MOST_LESSONS):
        if day - row.first_day > _LONGEST:
            break
        if day.isoweekday() in row.weekdays:
            name = festivals.names.get(day)
            if name:
                made.festivals.append((day, name))
            elif not festivals.knows(day) and day.year not in made.unknown_years:
                made.unknown_years.append(day.year)
            if not name or row.keeps_holidays:
                made.days.append(day)
        day += timedelta(days=1)
    return made


# --- checking -------------------------------------------------------------------------


def check_plan(
    rows: Sequence[PlannedClass], schedules: dict[str, Schedule]
) -> list[Finding]:
    """What is wrong between the rows, and between them and what is arranged already:
    names, rooms, teachers. Three queries, however many rows."""
    times = {
        row.key: [
            (moment_of(day, row.starts), moment_of(day, row.ends))
            for day in schedules[row.key].days
        ]
        for row in rows
        if row.starts < row.ends
    }
    return [
        *_same_names(rows),
        *_rooms_taken(rows, times),
        *_teachers_elsewhere(rows, times),
    ]


def _same_names(rows):
    count = Counter(row.name for row in rows)
    for row in rows:
        if count[row.name] > 1:
            yield Finding(row.key, "name", _("本表中有两个班同名。"))


def _first_meeting(mine, theirs):
    """The first moment at which two rows of times overlap, or None."""
    for start, end in mine:
        for other_start, other_end in theirs:
            if start < other_end and other_start < end:
                return max(start, other_start)
    return None


def _room_name(row):
    return "".join(row.room.split())


def _rooms_taken(rows, times):
    wanted = [row for row in rows if row.key in times and _room_name(row)]
    venues = {row.venue.pk for row in wanted}
    parts = defaultdict(set)  # (venue, room) → the ids one has with it
    for pk, venue, name, part in Room.objects.filter(venue__in=venues).values_list(
        "pk", "venue", "name", "parts"
    ):
        parts[venue, name] |= {pk, part} - {None}
    every = [moment for row in wanted for span in times[row.key] for moment in span]
    uses = defaultdict(list)
    if every:
        window = (min(every), max(every))
        for use in RoomUse.objects.filter(
            room__venue__in=venues, during__overlap=window
        ).order_by("during"):
            uses[use.room_id].append(use)
    for n, row in enumerate(wanted):
        here = (row.venue.pk, _room_name(row))
        ids = parts.get(here, set())
        for other in wanted[:n]:
            there = (other.venue.pk, _room_name(other))
            if here == there or ids & parts.get(there, set()):
                at = _first_meeting(times[row.key], times[other.key])
                if at is not None:
                    yield Finding(row.key, "room", _in_use(at, row.room, other.name))
                    yield Finding(other.key, "room", _in_use(at, other.room, row.name))
        titles = {}
        for pk in ids:
            for use in uses[pk]:
                span = [(use.during.lower, use.during.upper)]
                at = _first_meeting(times[row.key], span)
                if at is not None:
                    titles.setdefault(use.title, at)
        for title, at in titles.items():
            yield Finding(row.key, "room", _in_use(at, row.room, title))


def _in_use(at, room, name):
    return _("%(at)s %(room)s已有“%(name)s”。") % {
        "at": dates.moment(at),
        "room": room,
        "name": name,
    }


def _teachers_elsewhere(rows, times):
    """A warning, as ``teacher_clashes``: two teachers may share a name."""
    wanted = [row for row in rows if row.key in times]
    every = [moment for row in wanted for span in times[row.key] for moment in span]
    elsewhere = defaultdict(list)
    if every:
        lessons = Lesson.objects.taking_place().filter(
            course_class__teacher_name__in={row.teacher_name for row in wanted},
            course_class__offering__withdrawn_at__isnull=True,
            occasion__starts_at__lt=max(every),
            occasion__ends_at__gt=min(every),
        )
        for teacher, name, start, end in lessons.values_list(
            "course_class__teacher_name",
            "course_class__name",
            "occasion__starts_at",
            "occasion__ends_at",
        ):
            elsewhere[teacher].append((name, [(start, end)]))
    for row in wanted:
        others = [
            (other.name, times[other.key])
            for other in wanted
            if other.teacher_name == row.teacher_name and other.key != row.key
        ]
        said = set()
        for name, spans in [*others, *elsewhere[row.teacher_name]]:
            at = _first_meeting(times[row.key], spans)
            if at is None or name in said:
                continue
            said.add(name)
            text = _("%(at)s该教师还有“%(name)s”，请核对。")
            text = text % {"at": dates.moment(at), "name": name}
            yield Finding(row.key, "teacher_name", text, stops=False)


# --- copying --------------------------------------------------------------------------


def next_start(source: Term) -> date:
    """When the term after ``source`` might begin: on its weekday, three weeks after its
    end, and not before three weeks from now."""
    earliest = max(source.ends_on, timezone.localdate()) + _PAUSE
    return earliest + timedelta(
        days=(source.starts_on.isoweekday() - earliest.isoweekday()) % 7
    )


@transaction.atomic
@history.on_record
def copy_term(
    *, source: Term | None, starts_on: date, title: str, number: int, by: User | None
) -> TermPlan:
    """A plan of a term like ``source`` (None: an empty one) that begins on
    ``starts_on``: its classes with their rhythm, its window moved by as many days.
    Copying a term that has an open plan returns that one.

    Refusal: ``number_taken``.
    """
    if source is not None:  # two who copy it at once make one plan
        source = Term.objects.select_for_update(no_key=True).get(pk=source.pk)
        if held := TermPlan.objects.open().filter(source=source).first():
            return held
    if Term.objects.filter(number=number).exists():
        raise Refusal(errors.NUMBER_TAKEN)
    term = {"number": str(number), "title": title, "starts_on": starts_on.isoformat()}
    rows = []
    if source is None:
        term |= {"seats_each": "2"}
    else:
        shift = starts_on - source.starts_on
        term |= _term_boxes(source, shift)
        classes = source.classes.for_copy()
        rows = [_row_boxes(made, shift) for made in classes]
    content = {"term": term, "classes": rows}
    return TermPlan.objects.create(source=source, content=content, changed_by=by)


def _term_boxes(source, shift):
    boxes = {
        "seats_each": str(source.limit.most),
        "audience": source.audience,
        "contact_phone": source.contact_phone,
        "notice": source.notice,
    }
    for name in ("opens_at", "closes_at"):
        moment = timezone.localtime(getattr(source, name))
        boxes[f"{name}_0"] = (moment.date() + shift).isoformat()
        boxes[f"{name}_1"] = f"{moment:%H:%M}"
    return boxes


def _row_boxes(made: CourseClass, shift: timedelta) -> dict:
    lessons = [
        lesson for lesson in made.lessons.all() if lesson.occasion.cancelled_at is None
    ] or list(made.lessons.all())
    usual = [lesson for lesson in lessons if lesson.moved_from is None] or lessons
    spans = [
        (
            timezone.localtime(lesson.occasion.starts_at),
            timezone.localtime(lesson.occasion.ends_at),
        )
        for lesson in usual
    ]
    clock = Counter((start.time(), end.time()) for start, end in spans)
    [((starts, ends), _n)] = clock.most_common(1)
    weekdays = sorted({start.isoweekday() for start, _end in spans})
    # a class that began weeks after its term does so again
    late = spans[0][0].date() - made.term.starts_on >= timedelta(weeks=2)
    pools = {pool.kind: pool.capacity for pool in made.offering.pools.all()}
    return {
        "key": f"c{made.pk}",
        "source": str(made.pk),
        "kind": str(made.kind_id),
        "name": made.name,
        "teacher_name": made.teacher_name,
        "venue": str(made.venue_id),
        "room": made.room_name,
        "weekdays": ",".join(map(str, weekdays)),
        "starts": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "lessons": str(len(lessons)),
        "capacity": str(pools[PoolKind.GENERAL]),
        "first_day": (spans[0][0].date() + shift).isoformat() if late else "",
        # for the reader only
        "reserved": str(pools.get(PoolKind.AUDIENCE, "")),
        "was_called_off": "1" if made.offering.withdrawn_at else "",
    }


# --- saving, publishing ---------------------------------------------------------------


def _locked(plan: TermPlan, revision: int | None) -> TermPlan:
    plan = TermPlan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
    if plan.term_id is not None:
        raise Refusal(errors.PLAN_PUBLISHED)
    if revision is not None and plan.revision != revision:
        raise Refusal(errors.PLAN_CHANGED)
    return plan


@transaction.atomic
@history.on_record
def save_plan(
    *, plan: TermPlan, content: dict, revision: int, by: User | None
) -> TermPlan:
    """Keep what was typed, right or wrong; ``revision`` is what the page had shown.
    Refusal: ``plan_changed`` (somebody saved since), ``plan_published``."""
    plan = _locked(plan, revision)
    plan.content, plan.changed_by = content, by
    plan.revision += 1
    plan.save()
    return plan


@transaction.atomic
@history.on_record
def drop_plan(*, plan: TermPlan, by: User | None) -> None:
    """Throw a plan away that was not published. Refusal: ``plan_published``."""
    _locked(plan, None).delete()


@transaction.atomic
@pagecache.publishes
@history.on_record
def publish_plan(
    *,
    plan: TermPlan,
    revision: int,
    term: PlannedTerm,
    rows: Sequence[PlannedClass],
    by: User | None,
) -> Term:
    """The term with all its classes, public with the commit; or nothing at all.

    What the classes took over from earlier ones (level, texts, reserve, topics …) comes
    along; a new teacher brings no old introduction. The last lesson of all ends the
    term. Refusal: those of ``open_term``, and of each row those of ``open_class`` at the
    field ``<key>.<box>``; ``plan_empty``, ``plan_changed``. Publishing twice is
    publishing once.
    """
    held = TermPlan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
    if held.term_id is not None:
        return held.term
    plan = _locked(plan, revision)
    if not rows:
        raise Refusal(errors.PLAN_EMPTY)
    made = _open_everything(plan, term, rows, by)
    plan.term, plan.changed_by = made, by
    plan.save()
    return made


@transaction.atomic
def preview_plan(
    *,
    plan: TermPlan,
    term: PlannedTerm,
    rows: Sequence[PlannedClass],
    look: Callable[[Term, dict[str, CourseClass]], Any],
) -> Any:
    """What ``look`` makes of the term and its classes (by the keys of their rows) as if
    all were published now; afterwards nothing of it exists. Refusal: as
    ``publish_plan``."""
    if not rows:
        raise Refusal(errors.PLAN_EMPTY)
    made = _open_everything(plan, term, rows, None)
    classes = {c.name: c for c in made.classes.all()}
    seen = look(made, {row.key: classes[row.name] for row in rows})
    transaction.set_rollback(True)
    return seen


def _open_everything(plan, term: PlannedTerm, rows, by) -> Term:
    festivals = Festivals(min(row.first_day for row in rows))
    days = {row.key: schedule(row, festivals).days for row in rows}
    last = [day for row in rows for day in days[row.key]]
    made = open_term(
        number=term.number,
        title=term.title,
        seats_each=term.seats_each,
        opens_at=term.opens_at,
        closes_at=term.closes_at,
        starts_on=term.starts_on,
        ends_on=max(last, default=term.starts_on),
        audience=term.audience,
        contact_phone=term.contact_phone,
        notice=term.notice,
        is_published=True,
        by=by,
    )
    keys = [row.source for row in rows if row.source is not None]
    known = {c.pk: c for c in CourseClass.objects.filter(pk__in=keys).for_copy()}
    reasons = []
    for row in rows:
        try:
            _open_row(made, row, festivals, known.get(row.source), by)
        except Refusal as refusal:
            reasons += (
                reason.at(f"{row.key}.{reason.field}") for reason in refusal.reasons
            )
    if reasons:
        raise Refusal(*reasons)
    if term.draw is not None:
        draws.open_draw(
            offerings=Offering.objects.filter(course_class__term=made),
            title=_("%(term)s摇号") % {"term": made.title},
            by=by,
            **term.draw,
        )
    return made


def _open_row(term: Term, row: PlannedClass, festivals, source, by) -> CourseClass:
    skip = () if row.keeps_holidays else festivals.names.keys()
    return open_class(
        term=term,
        kind=row.kind,
        name=row.name,
        venue=row.venue,
        room=row.room,
        teacher_name=row.teacher_name,
        first_day=row.first_day,
        weekdays=row.weekdays,
        starts=row.starts,
        ends=row.ends,
        lessons=row.lessons,
        capacity=row.capacity,
        skip=skip,
        by=by,
        **(_taken_over(source, row, term) if source else {}),
    )


def _taken_over(source: CourseClass, row: PlannedClass, term: Term) -> dict:
    """What a class takes over from the one it continues, as ``open_class`` takes it."""
    offering, old = source.offering, source.term
    facts = {
        "level": source.level,
        "intro": source.intro,
        "needs": source.needs,
        "min_to_open": source.min_to_open,
        "waitlist_limit": offering.waitlist_limit,
        "is_members_only": offering.is_members_only,
        "topics": [lesson.topic for lesson in source.lessons.all()],
    }
    if source.teacher_name == row.teacher_name:
        facts |= {"teacher": source.teacher, "teacher_intro": source.teacher_intro}
    # a window of its own keeps its distance to that of its term
    for name in ("opens_at", "closes_at"):
        apart = getattr(offering, name) - getattr(old, name)
        facts[name] = getattr(term, name) + apart
    if facts["closes_at"] <= facts["opens_at"]:
        facts |= {"opens_at": None, "closes_at": None}
    for pool in offering.pools.all():
        if pool.kind == PoolKind.AUDIENCE:
            until = pool.until and term.closes_at + (pool.until - old.closes_at)
            facts["reserve"] = Reserve(
                audience=pool.audience, capacity=pool.capacity, until=until
            )
    return facts
