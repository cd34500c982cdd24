"""Classes as the pages print them: the words for when and where, the seats, the button.

Nothing here asks for rows of its own but the standing, which is one bulk query.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.training.models import CourseClass, Term
from activities.training.services import place_of
from common import dates
from signups.buttons import Button, button, seats_line
from signups.services.standing import Standing, look

LIVE_SHOWN = 4


# nobody can come any more; what has not opened yet keeps its colours
_OFF = {"withdrawn", "over", "running", "closed"}


@dataclass(frozen=True)
class ClassCard:
    """One class, one person, one moment: the input of ``_class_card.html``."""

    url: str
    name: str
    kind: str
    level: str
    picture_url: str
    place: str
    teacher: str
    when: str
    taken: int
    capacity: int
    seats: str
    is_tight: bool
    is_off: bool
    button: Button
    standing: Standing


def class_cards(classes, *, user, now: datetime) -> list[ClassCard]:
    """A card for each of ``classes`` (from ``for_cards()``) as ``user`` stands with it
    at ``now``, the database's clock. Five queries at most, however many classes."""
    classes = list(classes)
    worker = getattr(user, "worker", None) if user.is_authenticated else None
    standings = look([c.offering for c in classes], worker, now=now)
    return [_card(c, standings[c.offering_id], user) for c in classes]


def _card(course_class: CourseClass, standing: Standing, user) -> ClassCard:
    words, is_tight = seats_line(standing)
    state = button(standing, user=user)
    return ClassCard(
        url=course_class.get_absolute_url(),
        name=course_class.name,
        kind=course_class.kind.name,
        level=course_class.get_level_display(),
        picture_url=course_class.kind.picture_url,
        place=place_of(course_class.venue, course_class.room),
        teacher=course_class.teacher_name,
        when=rhythm(course_class.lessons.all()),
        taken=standing.taken,
        capacity=standing.capacity,
        seats=words,
        is_tight=is_tight,
        is_off=state.state in _OFF,
        button=state,
        standing=standing,
    )


def rhythm(lessons) -> str:
    """“周二 19:00—20:30 共10次”, from the times first planned: a make-up lesson does
    not change a class's rhythm. Two weekdays with one time are both named; a plan
    without one is named by its first lesson."""
    lessons = list(lessons)
    if not lessons:
        return _("时间待定")
    total = _("共%(n)d次") % {"n": len(lessons)}
    usual = [lesson for lesson in lessons if lesson.moved_from is None] or lessons
    pairs = [_local(lesson) for lesson in usual]
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
                lesson.topic,
            ]
        )
    return rows


def _lesson_day(lesson, start):
    day = f"{start:%m-%d}"
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
    starts = [_local(lesson)[0] for lesson in lessons]
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


def live_strip(*, now: datetime) -> dict | None:
    """The home page's strip, as ``home.html`` prints it: up to four classes in sign-up
    and the terms they are of; None when there is none. Five queries."""
    classes = list(CourseClass.objects.for_home()[:LIVE_SHOWN])
    if not classes:
        return None
    standings = look([c.offering for c in classes], None, now=now)
    return {
        "terms": [
            {"title": term.title, "url": term.get_absolute_url()}
            for term in dict.fromkeys(c.term for c in classes)
        ],
        "classes": [_live(c, standings[c.offering_id], now) for c in classes],
    }


def _live(course_class, standing, now):
    opens_at = course_class.offering.opens_at
    if now < opens_at:
        state, is_soon = _("%(at)s开放") % {"at": dates.moment(opens_at)}, True
    elif standing.left:
        state, is_soon = _("余%(n)d席") % {"n": standing.left}, False
    else:
        is_full = "full" in standing.codes
        state, is_soon = _("已满") if is_full else _("可候补"), True
    start = course_class.offering.starts_at
    when = ""
    if start is not None:
        start = timezone.localtime(start)
        when = f"{dates.weekday(start)} {dates.clock(start)}"
    return {
        "title": course_class.name,
        "url": course_class.get_absolute_url(),
        "state": state,
        "when": when,
        "place": place_of(course_class.venue, course_class.room),
        "is_soon": is_soon,
    }


def _local(lesson):
    occasion = lesson.occasion
    return timezone.localtime(occasion.starts_at), timezone.localtime(occasion.ends_at)
