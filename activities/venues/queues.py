"""The venues' part of the back office's home (``common.queues``)."""

from django.db.models import Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.venues.models import RoomUse, Venue
from common.letters import characters
from common.queues import Agenda, Finder, Hit, Job, Queue, within

_VENUES = "admin:activities_venues_venue_changelist"
_USES = "admin:activities_venues_venue_uses"


def waiting(user) -> list[Queue]:
    """For who looks after the venues: what is planned in one that is closed, and open
    ones whose page leaves people without an answer."""
    if not user.has_perm("activities_venues.change_venue"):
        return []
    return [
        Queue(
            _("停用场馆里还有安排"),
            RoomUse.objects.in_closed_venues().filter(occasion__isnull=False),
            f"{reverse(_USES)}?closed=1",
            due="occasion__starts_at",
        ),
        Queue(
            _("资料不全的场馆（地址、电话、简介、交通）"),
            Venue.objects.incomplete(),
            f"{reverse(_VENUES)}?facts=missing",
            since="created_at",
        ),
    ]


def today(user, day) -> list[Agenda]:
    """Which rooms are in use on this day, for who looks after the venues."""
    if not user.has_perm("activities_venues.change_venue"):
        return []
    uses = RoomUse.objects.filter(within("occasion__starts_at", day))
    what = Concat("room__name", Value(" "), "title")
    return [Agenda(_("场地使用"), uses, "occasion__starts_at", what, _uses)]


def jobs(user) -> list[Job]:
    if not user.has_perm("activities_venues.change_venue"):
        return []
    return [
        Job(_("场地安排"), reverse(_USES), _("哪天哪间房有什么课和活动，可打印")),
        Job(_("场馆"), reverse(_VENUES), _("介绍、地址、开放与停用")),
    ]


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


def _uses(_key):
    return reverse(_USES)
