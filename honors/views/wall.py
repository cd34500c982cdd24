"""The hall, an honoree's page, an edition's page."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView, View

from common import facets, images, picturestore
from common.paging import ShortInLargePrint
from common.publicpages import PublicPage
from honors.cards import (
    edition_entry,
    honour_entry,
    level_code,
    person_card,
    portrait,
    stages,
)
from honors.enums import Industry
from honors.forms import HallFilterForm
from honors.models import AwardEdition, AwardProgram, Honoree, JuryRound

EDITIONS_SHOWN = 6
PORTRAIT_HOLDS = 60  # seconds


def _hall():
    return [(_("劳模工匠"), reverse("honors:honoree-list"))]


class HonoreeListView(ShortInLargePrint, ListView):
    """The wall, narrowed by the address."""

    # not by a name: anything can be typed there
    public_page = PublicPage(("program", "year", "industry", "page"))
    paginate_by = 24
    template_name = "honors/honoree_list.html"
    context_object_name = "honorees"

    def get_queryset(self):
        self.chosen = HallFilterForm(self.request.GET).chosen
        return Honoree.objects.on_wall().chosen(**self.chosen).for_cards()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        programs = list(AwardProgram.objects.with_names_on_the_wall())
        calls, editions = AwardEdition.objects.for_hall(EDITIONS_SHOWN)
        return context | {
            "cards": [person_card(honoree) for honoree in context["honorees"]],
            "figures": [
                (program.name, program.honoured, program.measure_word)
                for program in programs
            ],
            "facets": self.facets(),
            "picks": facets.picks(self.chosen, self.labels(programs)),
            "name": self.chosen.get("name", ""),
            "hidden": {k: v for k, v in self.chosen.items() if k != "name"},
            "query": facets.address(self.chosen).lstrip("?"),
            "editions": [edition_entry(edition) for edition in editions],
            "calls": calls,
            "crumbs": [(_("劳模工匠"), "")],
        }

    def facets(self):
        """Each facet counts what the *other* filters leave: three queries."""
        industries = dict(Industry.choices)
        return [
            facets.facet(
                _("荣誉称号"),
                "program",
                self.others("program").count_by_program(),
                self.chosen,
                whole=_("全部"),
            ),
            facets.facet(
                _("年份"),
                "year",
                [
                    (year, _("%(year)d年") % {"year": year}, entries)
                    for year, entries in self.others("year").count_by_year()
                ],
                self.chosen,
                whole=_("全部"),
            ),
            facets.facet(
                _("行业"),
                "industry",
                [
                    (value, industries[value], entries)
                    for value, entries in self.others("industry").count_by_industry()
                ],
                self.chosen,
                whole=_("全部"),
            ),
        ]

    def others(self, name):
        rest = {k: v for k, v in self.chosen.items() if k != name}
        return Honoree.objects.on_wall().chosen(**rest)

    def labels(self, programs):
        """How each filter in force is called on its chip."""
        named = {program.pk: program.name for program in programs}
        chosen = self.chosen
        return {
            "program": named.get(chosen.get("program"), _("荣誉称号")),
            "year": _("%(year)d年") % {"year": chosen.get("year", 0)},
            "industry": dict(Industry.choices).get(chosen.get("industry"), ""),
            "name": _("姓名含“%(name)s”") % {"name": chosen.get("name", "")},
        }


class HonoreeDetailView(DetailView):
    """One honoree; 410 once the honour is revoked, without saying whose it was."""

    public_page = PublicPage()
    queryset = Honoree.objects.conferred().for_profile()
    template_name = "honors/honoree_detail.html"
    context_object_name = "honoree"

    def render_to_response(self, context, **kwargs):
        if self.object.is_revoked:
            return render(self.request, "honors/honoree_gone.html", status=410)
        return super().render_to_response(context, **kwargs)

    def get_context_data(self, **kwargs):
        if self.object.is_revoked:
            return {}
        return super().get_context_data(
            level_code=level_code(self.object.edition.program.level),
            portrait=portrait(self.object, 960),
            honours=[
                honour_entry(honour)
                for honour in Honoree.objects.of_same_person(self.object)
            ],
            crumbs=[*_hall(), (self.object.name, "")],
            **kwargs,
        )


class PortraitView(View):
    """One rendition of a portrait, as long as its honouree is on the wall;
    for the back office also before and after.

    Kept by browsers for a minute only, so that a revocation reaches it.
    """

    http_method_names = ["get", "head"]

    def get(self, request, key, width):
        on_wall = Honoree.objects.on_wall().filter(portrait_key=key).exists()
        if width not in images.WIDTHS or not (on_wall or self.is_for_staff(key)):
            raise Http404
        holds = PORTRAIT_HOLDS if on_wall else 0
        return picturestore.show(request, "honors", key, width, public_for=holds)

    def is_for_staff(self, key):
        """The back office shows the portrait of who is not on the wall, or not yet."""
        may_look = self.request.user.has_perm("honors.view_honoree")
        return may_look and Honoree.objects.filter(portrait_key=key).exists()


class EditionDetailView(ShortInLargePrint, ListView):
    """One conferral and the people in it."""

    public_page = PublicPage(("page",))
    paginate_by = 24
    template_name = "honors/edition_detail.html"
    context_object_name = "honorees"

    def get_queryset(self):
        editions = AwardEdition.objects.public().for_page()
        self.edition = get_object_or_404(editions, pk=self.kwargs["pk"])
        return Honoree.objects.on_wall().filter(edition=self.edition).for_cards()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if self.edition.announced_at:
            context |= self.call()
        return context | {
            "edition": self.edition,
            "crumbs": [*_hall(), (self.edition.title, "")],
            "level_code": level_code(self.edition.program.level),
            # the award stands above them all
            "cards": [
                person_card(honoree) | {"level": "", "title": ""}
                for honoree in context["honorees"]
            ],
            "others": [
                edition_entry(other)
                for other in AwardEdition.objects.others_of(self.edition)
            ],
        }

    def call(self):
        """What an announced edition asks for and how it is decided: of the rules, and of
        nobody who was nominated."""
        edition, now = self.edition, timezone.now()
        opens, closes = edition.nominations_open_at, edition.nominations_close_at
        return {
            "call": edition,
            "criteria": scored_by(edition),
            "papers": list(edition.program.documents.all()),
            "composition": list(edition.composition.all()),
            "stages": stages(edition, now),
            "is_open": opens <= now < closes,
            "is_coming": now < opens,
            "is_voting": edition.vote_opens_at is not None
            and edition.vote_opens_at <= now < edition.vote_closes_at,
            "jury_weight": 100 - edition.vote_weight,
            "has_names": edition.conferred_at is not None,
        }


def scored_by(edition):
    """The criteria of an edition, with the weights that held when its jury began."""
    held = JuryRound.objects.filter(edition=edition).first()
    criteria = list(edition.program.criteria.all())
    if held is None:
        return criteria
    criteria = [one for one in criteria if one.pk in held.weight_of]
    for one in criteria:
        one.weight = held.weight_of[one.pk]
    return criteria
