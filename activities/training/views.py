"""A term with its classes, a class, and a class as calendar entries."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import ListView, TemplateView, View

from activities.training import cards, pieces
from activities.training.enums import Order, When
from activities.training.forms import TermFilterForm
from activities.training.models import CourseClass, Term
from common import dates, facets, pagecache
from common.paging import ShortInLargePrint
from common.publicpages import PublicPage
from signups.calendars import calendar_of


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
        now = pagecache.moment_of(request).now
        return render(
            request,
            "activities/training/term_list.html",
            {
                "crumbs": crumbs,
                "cards": [cards.term_card(term, now, query) for term in terms],
            },
        )


class TermDetailView(ShortInLargePrint, ListView):
    """A published term and its classes, narrowed by the address. Everything but seats,
    state and what the person holds is kept."""

    public_page = PublicPage((*TermFilterForm.base_fields, "page"), is_moving=True)
    paginate_by = 24  # a whole term, as a rule
    template_name = "activities/training/term_detail.html"
    context_object_name = "classes"

    def get_queryset(self):
        try:
            self.page = pieces.term(
                pagecache.moment_of(self.request), self.kwargs["pk"]
            )
        except Term.DoesNotExist as error:
            raise Http404 from error
        asked = self.request.GET
        self.chosen = TermFilterForm(asked).chosen if asked else {}
        # once sign-up has ended nobody looks for a free seat
        self.is_open = pagecache.moment_of(self.request).now < self.page.term.closes_at
        self.standings = cards.standings(
            self.page.classes,
            user=self.request.user,
            now=pagecache.moment_of(self.request).now,
        )
        found = [facts for facts in self.page.classes if self.is_chosen(facts)]
        if self.chosen.get("order") == Order.SEATS:
            found.sort(key=lambda facts: -self.standing(facts).left_to_all)
        return found

    def standing(self, facts):
        return self.standings[facts.offering_id]

    def is_chosen(self, facts) -> bool:
        """Whether a class is what the visitor looks for; what is empty does not narrow."""
        chosen = self.chosen
        if facts.offering_id not in self.standings:
            return False
        seen = self.standing(facts)
        return (
            ("kind" not in chosen or facts.kind[1] == chosen["kind"])
            and ("venue" not in chosen or facts.venue[1] == chosen["venue"])
            and ("when" not in chosen or cards.part_of_week(seen) == chosen["when"])
            and ("free" not in chosen or (seen.is_open and seen.left_to_all > 0))
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user = self.request.user
        return context | {
            "page": self.page,
            "cards": [
                cards.class_card(facts, self.standing(facts), user)
                for facts in context["classes"]
            ],
            "filters": pieces.filters(
                pagecache.moment_of(self.request), self.page, self.chosen, self.filters
            ),
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
            "is_narrowed": bool(self.chosen.keys() - {"order"}),
            "query": facets.address(self.chosen).lstrip("?"),
        }

    def filters(self):
        """What _class_filters.html prints."""
        kinds, venues = self.page.kinds, self.page.venues
        return {"facets": self.facets(kinds, venues), "bar": self.bar(kinds, venues)}

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


class ClassDetailView(TemplateView):
    """A class of a published term with everything needed to decide and to come."""

    public_page = PublicPage(is_moving=True)
    template_name = "activities/training/class_detail.html"

    def get_context_data(self, **kwargs):
        at, user = pagecache.moment_of(self.request), self.request.user
        try:
            page = pieces.course_class(at, kwargs["pk"])
        except CourseClass.DoesNotExist as error:
            raise Http404 from error
        [seen] = cards.standings([page.facts], user=user, now=at.now).values()
        others = _others(page, seen, user, at.now)
        return super().get_context_data(
            page=page,
            card=cards.class_card(page.facts, seen, user),
            reserves=_reserves(seen.offering) if page.has_reserves else [],
            others=others,
            others_url=reverse("activities:training:term-current"),
            **kwargs,
        )


def _others(page, seen, user, now):
    """Where this class has no seat for whoever looks: those of its kind in which they
    could have one, at most three. No query where they can have one here, or where there
    is no other class of the kind."""
    is_settled = seen.signup is not None or "not_open" in seen.codes
    if is_settled or not page.alike or not (seen.reasons or seen.would_wait):
        return []
    if {"suspended", "not_member", "left_union", "limit"}.intersection(seen.codes):
        return []  # it is not this class that stands in the way
    standings = cards.standings(page.alike, user=user, now=now)
    return [
        facts
        for facts in page.alike
        if (other := standings.get(facts.offering_id))
        and not other.reasons
        and not other.would_wait
    ][:3]


def _reserves(offering):
    """The seats kept for some, as the class's page prints them. One query."""
    return [
        {
            "audience": pool.get_audience_display(),
            "capacity": pool.capacity,
            "left": pool.capacity - pool.taken,
            "until": pool.until and dates.moment(pool.until),
        }
        for pool in offering.pools.reserved()
    ]


class ClassCalendarView(View):
    """加入日历: every lesson of a class as one calendar file."""

    def get(self, request, pk):
        made = get_object_or_404(CourseClass.objects.for_page(), pk=pk)
        body = calendar_of(
            made.offering,
            [lesson.occasion for lesson in made.lessons.in_order()],
            url=request.build_absolute_uri(made.get_absolute_url()),
        )
        return HttpResponse(
            body,
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="class-{pk}.ics"'},
        )
