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
from honors.enums import Industry, Level, WallOrder
from honors.forms import HallFilterForm
from honors.models import (
    AwardEdition,
    AwardProgram,
    Honoree,
    JuryRound,
    PublicNotice,
)
from honors.querysets.hall import FILTERS
from members.models import UnionOrg

EDITIONS_SHOWN = 6
PORTRAIT_HOLDS = 60  # seconds


def _hall():
    return [(_("劳模工匠"), reverse("honors:honoree-list"))]


class HonoreeListView(ShortInLargePrint, ListView):
    """The wall, narrowed and ordered by the address."""

    # not by a name or unit: anything can be typed there
    public_page = PublicPage((*FILTERS, "sort", "page"))
    paginate_by = 24
    template_name = "honors/honoree_list.html"
    context_object_name = "honorees"

    def get_queryset(self):
        given = HallFilterForm(self.request.GET).chosen
        self.order = given.pop("sort", "")
        self.chosen = given
        rows, self.counts = Honoree.objects.for_hall(self.chosen, self.order)
        return rows

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        programs = [
            program
            for program in AwardProgram.objects.in_order()
            if self.counts.awards.get(program.pk)
        ]
        calls, editions = AwardEdition.objects.for_hall(EDITIONS_SHOWN)
        labels = self.labels(programs)
        kept = self.chosen | ({"sort": self.order} if self.order else {})
        return context | {
            "cards": [person_card(honoree) for honoree in context["honorees"]],
            "figures": [
                (program.name, self.counts.awards[program.pk], program.measure_word)
                for program in programs
            ],
            "facets": [
                facets.facet(
                    title,
                    name,
                    self.choices(name, labels[name]),
                    kept,
                    whole=_("全部"),
                )
                for name, title in (
                    ("program", _("荣誉称号")),
                    ("level", _("级别")),
                    ("year", _("年份")),
                    ("industry", _("行业")),
                    ("district", _("县区（产业）")),
                )
            ],
            "picks": facets.picks(kept, self.picked(labels)),
            "name": self.chosen.get("name", ""),
            "unit": self.chosen.get("unit", ""),
            "hidden": {k: v for k, v in kept.items() if k not in ("name", "unit")},
            "query": facets.address(kept).lstrip("?"),
            "orders": [
                (order.label, self.order_address(order), order == self.in_order)
                for order in WallOrder
            ],
            "editions": [edition_entry(edition) for edition in editions],
            "calls": calls,
            "crumbs": [(_("劳模工匠"), "")],
        }

    @property
    def in_order(self):
        return self.order or WallOrder.PINYIN

    def order_address(self, order):
        sort = None if order == WallOrder.PINYIN else order.value
        return facets.address(self.chosen, sort=sort)

    def labels(self, programs):
        """Filter → value → what it is called, in the order of its facet. One query."""
        districts = UnionOrg.objects.districts().filter(
            pk__in=[key for key in self.counts.by["district"] if key]
        )
        years = sorted(self.counts.by["year"], reverse=True)
        return {
            "program": {program.pk: program.name for program in programs},
            "level": dict(Level.choices),
            "year": {year: _("%(year)d年") % {"year": year} for year in years},
            "industry": dict(Industry.choices),
            "district": dict(districts.values_list("pk", "name")),
        }

    def choices(self, name, labels):
        """(value, label, entries) that the other filters leave, none without any."""
        entries = self.counts.by[name]
        return [
            (value, label, entries[value])
            for value, label in labels.items()
            if value in entries
        ]

    def picked(self, labels):
        """How each filter in force is called on its chip."""
        chosen = self.chosen
        unknown = {"program": _("荣誉称号"), "district": _("县区（产业）")}
        unknown["year"] = _("%(year)d年") % {"year": chosen.get("year", 0)}
        said = {
            name: labels[name].get(chosen.get(name), unknown.get(name, ""))
            for name in FILTERS
        }
        return said | {
            "name": _("姓名含“%(name)s”") % {"name": chosen.get("name", "")},
            "unit": _("单位含“%(unit)s”") % {"unit": chosen.get("unit", "")},
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
            reports=list(self.object.reports.live().for_rows()),
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
            "notices": list(
                PublicNotice.objects.shown()
                .standing()
                .filter(edition=edition)
                .order_by("starts_on", "pk")
            ),
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
