"""A term with its classes, a class, and a class as calendar entries."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView, View

from activities.training import cards
from activities.training.enums import Order, When
from activities.training.forms import TermFilterForm
from activities.training.models import CourseClass, CourseKind, Term
from activities.venues.models import Venue
from common import dates, facets, pagecache
from common.paging import ShortInLargePrint
from common.publicpages import PublicPage
from signups.calendars import calendar_of
from signups.services import standing

OTHERS = 6  # terms that are over to which a term's page leads
MOST_TERMS = OTHERS + 7


def _now(request):
    """The database's clock, read once a request."""
    return pagecache.moment_of(request).now


class TermCurrentView(View):
    """The term that is not over, with the filters asked for; of several the choice; of
    none the newest, or a page that says there is none yet."""

    public_page = PublicPage()

    def get(self, request):
        terms = list(Term.objects.for_choice()) or list(Term.objects.published()[:1])
        query = request.GET.urlencode()
        query = query and f"?{query}"
        if len(terms) == 1:
            return redirect(f"{terms[0].get_absolute_url()}{query}")
        crumbs = [(_("职工服务"), reverse("activities:hub")), (_("培训报名"), "")]
        now = _now(request)
        return render(
            request,
            "activities/training/term_list.html",
            {
                "crumbs": crumbs,
                "cards": [cards.term_card(term, now, query) for term in terms],
            },
        )


class TermDetailView(ShortInLargePrint, ListView):
    """A published term and its classes, narrowed by the address."""

    public_page = PublicPage((*TermFilterForm.base_fields, "page"), is_moving=True)
    paginate_by = 24  # a whole term, as a rule
    template_name = "activities/training/term_detail.html"
    context_object_name = "classes"

    def get_queryset(self):
        self.term = get_object_or_404(Term.objects.for_page(), pk=self.kwargs["pk"])
        self.chosen = TermFilterForm(self.request.GET).chosen
        narrowing = {k: v for k, v in self.chosen.items() if k != "order"}
        return (
            CourseClass.objects.filter(term=self.term)
            .chosen(**narrowing)
            .in_order(self.chosen.get("order", Order.START))
            .for_cards()
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        now = _now(self.request)
        # once sign-up has ended nobody looks for a free seat
        self.is_open = now < self.term.closes_at
        kinds, venues = self.kinds_and_venues()
        return context | {
            "crumbs": [
                (_("职工服务"), reverse("activities:hub")),
                (_("培训报名"), reverse("activities:training:term-current")),
                (self.term.title, ""),
            ],
            "term": self.term,
            "window": dates.window(self.term.opens_at, self.term.closes_at),
            "clock": cards.clock(self.term, now),
            "cards": cards.class_cards(
                context["classes"], user=self.request.user, now=now
            ),
            "facets": self.facets(kinds, venues),
            "bar": self.bar(kinds, venues),
            "orders": [
                facets.Choice(
                    label,
                    facets.address(self.chosen, order=value),
                    None,
                    value == self.chosen.get("order", Order.START),
                )
                for value, label in Order.choices
                if self.is_open or value == Order.START
            ],
            **self.further_terms(),
            "is_narrowed": bool(self.chosen.keys() - {"order"}),
            "query": facets.address(self.chosen).lstrip("?"),
        }

    def further_terms(self):
        """Beside this one: ``current``, the terms that are not over, in their order (none
        if this is the only one), and ``others``, the newest that are. One query."""
        rows = list(Term.objects.published().with_current()[:MOST_TERMS])
        current = [row for row in rows if row.is_current]
        others = [row for row in rows if not row.is_current and row != self.term]
        return {
            "current": [
                facets.Choice(row.title, row.get_absolute_url(), None, row == self.term)
                for row in reversed(current)
                if current != [self.term]
            ],
            "others": [
                {
                    "day": row.starts_on,
                    "title": row.title,
                    "url": row.get_absolute_url(),
                }
                for row in others[:OTHERS]
            ],
        }

    def kinds_and_venues(self):
        """(id, name) of what this term has, for the filters: two queries."""
        kinds = CourseKind.objects.of_term(self.term)
        venues = Venue.objects.filter(classes__term=self.term).distinct()
        return (
            [(kind.pk, kind.name) for kind in kinds],
            [(venue.pk, venue.name) for venue in venues.order_by("position", "pk")],
        )

    def facets(self, kinds, venues):
        rows = [
            (_("门类"), "kind", kinds),
            (_("地点"), "venue", venues),
            (_("时间"), "when", When.choices),
        ]
        if self.is_open:
            rows.append((_("余席"), "free", [(1, _("只看可报"))]))
        return [
            facets.facet(
                title,
                name,
                [(value, label, None) for value, label in choices],
                self.chosen,
                whole=_("全部"),
            )
            for title, name, choices in rows
        ]

    def bar(self, kinds, venues):
        """The same filters in one row for phones: pressing one that is chosen takes it
        back."""
        rows = [
            *([("free", [(1, _("只看可报"))])] if self.is_open else []),
            ("kind", kinds),
            ("when", When.choices),
            ("venue", venues),
        ]
        whole = {k: v for k, v in self.chosen.items() if k == "order"}
        bar = [
            facets.Choice(_("全部"), facets.address(whole), None, self.chosen == whole)
        ]
        for name, choices in rows:
            for value, label in choices:
                is_chosen = self.chosen.get(name) == value
                url = facets.address(
                    self.chosen, **{name: None if is_chosen else value}
                )
                bar.append(facets.Choice(label, url, None, is_chosen))
        return bar


class ClassDetailView(DetailView):
    """A class of a published term with everything needed to decide and to come."""

    public_page = PublicPage(is_moving=True)
    queryset = CourseClass.objects.for_page()
    template_name = "activities/training/class_detail.html"
    context_object_name = "course_class"

    def get_context_data(self, **kwargs):
        made = self.object
        lessons = list(made.lessons.all())
        [card] = cards.class_cards(
            [made], user=self.request.user, now=_now(self.request)
        )
        return super().get_context_data(
            crumbs=[
                (_("职工服务"), reverse("activities:hub")),
                (_("培训报名"), made.term.get_absolute_url()),
                (made.name, ""),
            ],
            card=card,
            reserves=[
                {
                    "audience": pool.get_audience_display(),
                    "capacity": pool.capacity,
                    "left": pool.capacity - pool.taken,
                    "until": pool.until and dates.moment(pool.until),
                }
                for pool in made.offering.pools.reserved()
            ],
            notice=standing.notice(made.offering),
            others_url=reverse("activities:training:term-current"),
            span=cards.span(lessons),
            timetable=cards.timetable(lessons),
            lesson_columns=cards.LESSON_COLUMNS,
            **kwargs,
        )


class ClassCalendarView(View):
    """加入日历: every lesson of a class as one calendar file."""

    def get(self, request, pk):
        made = get_object_or_404(CourseClass.objects.for_page(), pk=pk)
        body = calendar_of(
            made.offering,
            [lesson.occasion for lesson in made.lessons.all()],
            url=request.build_absolute_uri(made.get_absolute_url()),
        )
        return HttpResponse(
            body,
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="class-{pk}.ics"'},
        )
