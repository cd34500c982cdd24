"""The venues' part of the back office's home (``common.queues``)."""

from django.db.models import Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.venues.models import RoomUse, Venue
from common.letters import characters
from common.queues import Agenda, Finder, Hit, Job, within

_VENUES = "admin:activities_venues_venue_changelist"


def today(user, day) -> list[Agenda]:
    """Which rooms are in use on this day, for who looks after the venues."""
    if not user.has_perm("activities_venues.change_venue"):
        return []
    uses = RoomUse.objects.filter(within("occasion__starts_at", day))
    what = Concat("room__name", Value(" "), "title")
    return [Agenda(_("场地使用"), uses, "occasion__starts_at", what, _list_of_venues)]


def jobs(user) -> list[Job]:
    if not user.has_perm("activities_venues.change_venue"):
        return []
    return [Job(_("场馆和房间"), reverse(_VENUES), _("介绍、地址、开放与停用"))]


def found(user, text) -> list[Finder]:
    if not user.has_perm("activities_venues.view_venue"):
        return []
    return [
        Finder(
            _("场馆"),
            Venue.objects.filter(name__icontains=characters(text).strip()),
            lambda venue: Hit(
                venue.name,
                reverse("admin:activities_venues_venue_change", args=[venue.pk]),
                venue.address,
            ),
        )
    ]


def _list_of_venues(_key):
    return reverse(_VENUES)
