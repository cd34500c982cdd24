"""What is the same for everybody on the pages of terms and classes, kept until staff
change something or the clock does (``common.pagecache``). Seats, queues and the button
of whoever looks are never part of it: see ``cards``."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.training import cards
from activities.training.cards import ClassFacts
from activities.training.models import CourseClass, Term
from common import dates, facets, pagecache
from common.pagecache import Moment
from signups.services import standing

LIVE_SHOWN = 4
OTHERS = 6  # terms that are over to which a term's page leads
MOST_TERMS = OTHERS + 7


@dataclass(frozen=True)
class TermPage:
    """A published term and its classes by their first lesson. ``current``: the terms that
    are not over, if there are several; ``head`` and ``others`` are finished HTML: the
    term's facts, and the terms that are over."""

    term: Term
    window: str
    clock: dict
    classes: list[ClassFacts]
    current: list[facets.Choice]
    others: list[dict]
    breadcrumb: str
    head: str
    tail: str

    @property
    def kinds(self) -> list[tuple[int, str]]:
        """(id, name) of what this term has, for the filters."""
        return [one[1:] for one in sorted({facts.kind for facts in self.classes})]

    @property
    def venues(self) -> list[tuple[int, str]]:
        return [one[1:] for one in sorted({facts.venue for facts in self.classes})]


@dataclass(frozen=True)
class ClassPage:
    """A public class. ``about`` and ``more`` are finished HTML: its facts beside the
    picture, and what stands below; of a class that was called off only who and where
    (``more_off``)."""

    made: CourseClass
    facts: ClassFacts
    alike: list[ClassFacts]  # the other classes of its kind and term
    has_reserves: bool
    breadcrumb: str
    about: str
    more: str
    more_off: str
    calendar_url: str


def next_change_at(at: Moment) -> datetime:
    """When these pages next change by themselves: a sign-up opens, closes or comes near,
    or a day begins, for days are told with the year where it is another one. At most two
    queries a generation."""

    def build():
        tomorrow = timezone.localtime(at.now).date() + timedelta(days=1)
        moments = [
            timezone.make_aware(datetime.combine(tomorrow, time.min)),
            Term.objects.next_change_at(at.now),
            CourseClass.objects.next_change_at(at.now),
        ]
        moment = min(moment for moment in moments if moment is not None)
        return moment, moment

    return pagecache.cached("training:next", build, at=at)


def _kept(key, build, at: Moment):
    return pagecache.cached(key, lambda: (build(), next_change_at(at)), at=at)


def term(at: Moment, pk: int) -> TermPage:
    """Raises Term.DoesNotExist, which is not kept."""

    def build():
        made = Term.objects.for_page().get(pk=pk)
        window = dates.window(made.opens_at, made.closes_at)
        clock = cards.clock(made, at.now)
        current, others = _further_terms(made)
        head = {"term": made, "window": window, "clock": clock, "current": current}
        return TermPage(
            term=made,
            window=window,
            clock=clock,
            classes=cards.facts_of(made.classes.for_cards()),
            current=current,
            others=others,
            breadcrumb=_breadcrumb(
                (_("培训报名"), reverse("activities:training:term-current")),
                (made.title, ""),
            ),
            head=render_to_string("activities/training/_term_head.html", head),
            tail=render_to_string(
                "activities/training/_other_terms.html", {"others": others}
            ),
        )

    return _kept(f"training:term:{pk}", build, at)


def _further_terms(made: Term):
    """Beside this one: the terms that are not over, in their order (none if this is the
    only one), and the newest that are. One query."""
    rows = list(Term.objects.published().with_current()[:MOST_TERMS])
    current = [row for row in rows if row.is_current]
    over = [row for row in rows if not row.is_current and row != made]
    choices = [
        facets.Choice(row.title, row.get_absolute_url(), None, row == made)
        for row in reversed(current)
        if current != [made]
    ]
    others = [
        {"day": row.starts_on, "title": row.title, "url": row.get_absolute_url()}
        for row in over[:OTHERS]
    ]
    return choices, others


def filters(at: Moment, page: TermPage, chosen: dict, inputs) -> str:
    """The filters of a term's classes as finished HTML; ``inputs()`` is what
    ``_class_filters.html`` prints. Kept where at most one is in force: anybody may make
    up any number of addresses."""
    name = "activities/training/_class_filters.html"
    if len(chosen) > 1 or not _is_known(page, chosen):
        return render_to_string(name, inputs())
    key = f"training:filters:{page.term.pk}{facets.address(chosen)}"
    return _kept(key, lambda: render_to_string(name, inputs()), at)


def _is_known(page, chosen) -> bool:
    known = {"kind": page.kinds, "venue": page.venues}
    return all(
        chosen[name] in dict(choices)
        for name, choices in known.items()
        if name in chosen
    )


def course_class(at: Moment, pk: int) -> ClassPage:
    """Raises CourseClass.DoesNotExist, which is not kept."""

    def build():
        made = CourseClass.objects.for_page().get(pk=pk)
        lessons = list(made.lessons.in_order())
        [facts] = cards.facts_of([made])
        alike = made.term.classes.for_cards().alike_to(made)
        inputs = {
            "course_class": made,
            "facts": facts,
            "span": cards.span(lessons),
            "notice": standing.notice(made.offering),
            "timetable": cards.timetable(lessons),
            "lesson_columns": cards.LESSON_COLUMNS,
        }
        more = "activities/training/_class_more.html"
        return ClassPage(
            made=made,
            facts=facts,
            alike=cards.facts_of(alike),
            has_reserves=made.offering.pools.reserved().exists(),
            breadcrumb=_breadcrumb(
                (_("培训报名"), made.term.get_absolute_url()), (made.name, "")
            ),
            about=render_to_string("activities/training/_class_about.html", inputs),
            more=render_to_string(more, inputs),
            more_off=render_to_string(more, inputs | {"is_called_off": True}),
            calendar_url=reverse("activities:training:class-calendar", args=[made.pk]),
        )

    return _kept(f"training:class:{pk}", build, at)


def _breadcrumb(*steps) -> str:
    items = [(_("职工服务"), reverse("activities:hub")), *steps]
    return render_to_string("includes/_breadcrumb.html", {"items": items})


def live_strip(at: Moment) -> dict | None:
    """The home page's strip, as ``home.html`` prints it: up to four classes in sign-up
    and the terms they are of; None when there is none. The classes are kept, their seats
    are asked for: one query."""

    def build():
        classes = list(CourseClass.objects.for_home()[:LIVE_SHOWN])
        terms = [
            {"title": term.title, "url": term.get_absolute_url()}
            for term in dict.fromkeys(made.term for made in classes)
        ]
        return terms, [cards.live_class(made) for made in classes]

    terms, classes = _kept("training:live", build, at)
    if not classes:
        return None
    seen = standing.look_up([one["offering"] for one in classes], None, now=at.now)
    return {
        "terms": terms,
        "classes": [
            one | cards.live_state(seen[one["offering"]])
            for one in classes
            if one["offering"] in seen
        ],
    }
