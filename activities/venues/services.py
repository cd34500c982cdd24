"""Verbs of the venues room."""

from django.db import transaction

from activities.venues.models import Venue
from common import pagecache
from members.models import User


@transaction.atomic
@pagecache.publishes
def save_venue(*, venue: Venue, by: User | None) -> Venue:
    """Store a venue as filled in; pages show it at once."""
    venue.save()
    return venue


def lock_venue(*, venue: Venue) -> Venue:
    """Hold a venue until the caller's transaction ends, so that its rooms are given
    out one after the other."""
    # no_key: rows that merely point at the venue need not wait
    return Venue.objects.select_for_update(no_key=True).get(pk=venue.pk)
