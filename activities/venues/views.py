"""The venues, and one of them: where it is, how to come, what is taught there."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from activities.venues.models import Venue
from common.paging import ShortInLargePrint
from common.publicpages import PublicPage


class VenueListView(ShortInLargePrint, ListView):
    public_page = PublicPage(("page",))
    queryset = Venue.objects.active()
    paginate_by = 20
    template_name = "activities/venues/venue_list.html"
    context_object_name = "venues"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "cards": [_card(venue) for venue in context["venues"]],
            "crumbs": [(_("职工服务"), reverse("activities:hub")), (_("活动场馆"), "")],
        }


def _card(venue):
    """As ``includes/_card.html`` prints it."""
    facts = [(_("地址"), venue.address), (_("电话"), _call(venue.phone))]
    return {
        "title": venue.name,
        "url": venue.get_absolute_url(),
        "text": Truncator(venue.intro).chars(60),
        "facts": [(name, value) for name, value in facts if value],
    }


def _call(phone):
    link = '<a class="textlink" href="tel:{}">{}</a>'
    return format_html(link, phone, phone) if phone else ""


class VenueDetailView(DetailView):
    """An active venue. Its classes come by the relation: this room knows no other."""

    public_page = PublicPage()
    queryset = Venue.objects.active()
    template_name = "activities/venues/venue_detail.html"
    context_object_name = "venue"

    def get_context_data(self, **kwargs):
        crumbs = [
            (_("职工服务"), reverse("activities:hub")),
            (_("活动场馆"), reverse("activities:venues:venue-list")),
            (self.object.name, ""),
        ]
        return super().get_context_data(
            crumbs=crumbs, classes=self.object.classes.of_current_terms(), **kwargs
        )
