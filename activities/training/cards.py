"""Classes as the pages print them: the words for when and where, the seats, the button.

A card has a part that is the same for everybody until staff change something
(``ClassFacts``, kept by ``pieces``) and a part that is asked anew (``ClassCard``).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.training.enums import When
from activities.training.models import CourseClass, Lesson, Term
from activities.training.services import place_of
from common import dates
from signups.buttons import Button, button, seats_line
from signups.cards import seat_bar, state_button
from signups.enums import Mode
from signups.services.standing import Standing, look_up

# nobody can come any more; what has not opened yet keeps its colours
_OFF = {"withdrawn", "over", "running", "closed"}

EVENING_FROM = 17  # the hour


@dataclass(frozen=True)
class ClassFacts:
    """What a card says of a class to everybody as long as staff change nothing. Kept for
    all; holds nothing of the person who looks."""

    pk: int
    offering_id: int
    url: str
    name: str
    kind: tuple[int, int, str]  # position, id, name
    venue: tuple[int, int, str]
    level: str
    picture_url: str
    place: str
    teacher: str
    when: str
    html: str = ""  # all of it, as ``_class_facts.html`` prints it


@dataclass(frozen=True)
class ClassCard:
    """One class, one person, one moment. ``facts`` are the kept part; the others are
    asked anew for everybody who looks."""

    facts: ClassFacts
    standing: Standing
    button: Button
    seats: str
    is_tight: bool

    @property
    def is_off(self) -> bool:
        return self.button.state in _OFF

    @property
    def html(self) -> str:
        """All of it, as a list of cards prints it."""
        return format_html(
            '<li class="card card--pic{}">{}<div class="card__act">{} {}</div></li>',
            " card--off" if self.is_off else "",
            self.facts.html,
            self.seat_bar,
            self.state_button,
        )

    @property
    def seat_bar(self) -> str:
        """Nothing where it does not take place."""
        if self.standing.offering.withdrawn_at:
            return ""
        seen = self.standing
        if seen.offering.mode == Mode.DRAW:
            return format_html('<p class="seat"><b class="num">{}</b></p>', self.seats)
        return seat_bar(seen.taken, seen.capacity, self.seats, self.is_tight)

    @property
    def state_button(self) -> str:
        """Under a heading of its own: names the class to people who hear the page."""
        return state_button(self.button, self.facts.name)


def class_card(facts: ClassFacts, standing: Standing, user) -> ClassCard:
    """The card of a class as ``user`` stands with it. No query."""
    words, is_tight = seats_line(standing)
    return ClassCard(facts, standing, button(standing, user=user), words, is_tight)


def standings(
    classes: Iterable[ClassFacts], *, user, now: datetime
) -> dict[int, Standing]:
    """How ``user`` stands with each class at ``now``, the database's clock, by the
    offering's id. As many queries as ``standing.look``, however many classes."""
    worker = getattr(user, "worker", None) if user.is_authenticated else None
    return look_up([facts.offering_id for facts in classes], worker, now=now)


def facts_of(classes: Iterable[CourseClass]) -> list[ClassFacts]:
    """The facts of ``classes`` (from ``for_cards()``), in their order. Two queries."""
    classes = list(classes)
    times = {made.pk: [] for made in classes}
    for pk, *lesson in Lesson.objects.filter(course_class__in=times).planned():
        times[pk].append(lesson)
    return [_facts(made, times[made.pk]) for made in classes]


def _facts(made: CourseClass, times) -> ClassFacts:
    facts = ClassFacts(
        pk=made.pk,
        offering_id=made.offering_id,
        url=made.get_absolute_url(),
        name=made.name,
        kind=(made.kind.position, made.kind_id, made.kind.name),
        venue=(made.venue.position, made.venue_id, made.venue.name),
        level=made.get_level_display(),
        picture_url=made.kind.picture_url,
        place=place_of(made.venue, made.room),
        teacher=made.teacher_name,
        when=rhythm(times),
    )
    html = render_to_string("activities/training/_class_facts.html", {"facts": facts})
    return replace(facts, html=html)


def part_of_week(standing: Standing) -> When | None:
    """When a class meets, judged by its first lesson."""
    first = standing.offering.starts_at
    if first is None:
        return None
    first = timezone.localtime(first)
    if first.isoweekday() >= 6:
        return When.WEEKEND
    return When.EVENING if first.hour >= EVENING_FROM else When.DAYTIME


def rhythm(times) -> str:
    """“周二 19:00—20:30 共10次”, of (starts_at, ends_at, moved_from) of each lesson, from
    the times first planned: a make-up lesson does not change a class's rhythm. Two
    weekdays with one time are both named; a plan without one is named by its first
    lesson."""
    times = list(times)
    if not times:
        return _("时间待定")
    total = _("共%(n)d次") % {"n": len(times)}
    usual = [lesson for lesson in times if lesson[2] is None] or times
    pairs = [
        (timezone.localtime(start), timezone.localtime(end))
        for start, end, _moved_from in usual
    ]
    clock = Counter((start.time(), end.time()) for start, end in pairs)
    (starts, ends), _count = clock.most_common(1)[0]
    days = sorted({start.isoweekday() for start, _end in pairs})
    if len(clock) > 1 or len(days) > 3:
        first = dates.meeting(*pairs[0])
        return _("首次上课%(first)s，%(total)s") % {"first": first, "total": total}
    names = "、".join(f"周{dates.WEEKDAYS[day - 1]}" for day in days)
    return f"{names} {dates.clock(starts)}—{dates.clock(ends)} {total}"


LESSON_COLUMNS = [
    gettext_lazy("次"),
    gettext_lazy("日期"),
    gettext_lazy("星期"),
    gettext_lazy("时间"),
    gettext_lazy("教室"),
    gettext_lazy("内容"),
]


def timetable(lessons) -> list[list]:
    """A row for each lesson, under ``LESSON_COLUMNS``; the day first planned is struck
    out where it was moved (``includes/_table.html``)."""
    rows = []
    for lesson in lessons:
        start, end = _local(lesson)
        rows.append(
            [
                lesson.number,
                _lesson_day(lesson, start),
                dates.weekday(start),
                f"{dates.clock(start)}—{dates.clock(end)}",
                lesson.room,
                _topic(lesson),
            ]
        )
    return rows


def _topic(lesson):
    if lesson.occasion.cancelled_at is None:
        return lesson.topic
    return _("停课：%(reason)s") % {"reason": lesson.called_off_reason}


def _lesson_day(lesson, start):
    day = f"{start:%m-%d}"
    if lesson.occasion.cancelled_at is not None:
        return format_html(
            '<del><span class="vh">{}</span>{}</del>', _("停课，原定"), day
        )
    if not lesson.moved_from:
        return day
    return format_html(
        '<del><span class="vh">{}</span>{}</del> <span class="vh">{}</span>{}',
        _("原定"),
        f"{timezone.localtime(lesson.moved_from):%m-%d}",
        _("改为"),
        day,
    )


def span(lessons) -> str:
    """“6月19日—8月21日”: first and last lesson."""
    starts = [
        _local(lesson)[0] for lesson in lessons if lesson.occasion.cancelled_at is None
    ]
    return dates.span(min(starts), max(starts)) if starts else _("待定")


def clock(term: Term, now: datetime) -> dict:
    """The line beside a term's facts: ``text``, which stands without a script, and
    ``until``, the moment at which it will change (None: never again)."""
    if now < term.opens_at:
        text = _("%(at)s开始报名") % {"at": dates.moment(term.opens_at)}
        return {"text": text, "until": term.opens_at}
    if now < term.closes_at:
        text = _("报名进行中，%(at)s截止") % {"at": dates.moment(term.closes_at)}
        return {"text": text, "until": term.closes_at}
    text = _("报名已于%(at)s截止") % {"at": dates.moment(term.closes_at)}
    return {"text": text, "until": None}


def term_card(term: Term, now: datetime, query: str) -> dict:
    """A current term (``for_choice``) as ``includes/_card.html`` prints it: every one has
    the same weight. ``query`` is the tail of the address that brought one here."""
    is_open = term.opens_at <= now < term.closes_at
    return {
        "title": term.title,
        "url": f"{term.get_absolute_url()}{query}",
        "text": clock(term, now)["text"],
        "facts": [
            (_("上课"), dates.span(term.starts_on, term.ends_on)),
            (_("对象"), term.audience),
            (_("班级"), _("%(n)d个班") % {"n": term.class_count}),
        ],
        "act": _("看课程、报名") if is_open else _("看课程"),
        "is_first": is_open,
    }


def live_class(made: CourseClass) -> dict:
    """A class of ``for_home()`` on the home page's strip, without its seats."""
    start = made.offering.starts_at
    when = ""
    if start is not None:
        start = timezone.localtime(start)
        when = f"{dates.weekday(start)} {dates.clock(start)}"
    return {
        "offering": made.offering_id,
        "title": made.name,
        "url": made.get_absolute_url(),
        "when": when,
        "place": place_of(made.venue, made.room),
    }


def live_state(standing: Standing) -> dict:
    """Its seats now, in words: ``state``, and ``is_soon`` where none can be had now."""
    offering = standing.offering
    if "withdrawn" in standing.codes:
        state, is_soon = _("已停办"), True
    elif standing.now < offering.opens_at:
        state = _("%(at)s开放") % {"at": dates.moment(offering.opens_at)}
        is_soon = True
    elif standing.offering.mode == Mode.DRAW:
        is_soon = standing.offering.closes_at <= standing.now
        state = _("待摇号") if is_soon else _("摇号登记中")
    elif standing.left:
        state, is_soon = _("余%(n)d席") % {"n": standing.left}, False
    else:
        is_full = "full" in standing.codes
        state, is_soon = _("已满") if is_full else _("可候补"), True
    return {"state": state, "is_soon": is_soon}


def _local(lesson):
    occasion = lesson.occasion
    return timezone.localtime(occasion.starts_at), timezone.localtime(occasion.ends_at)
