"""What readers find of the venues: those that are open."""

from collections.abc import Iterator

from activities.venues.models import Venue
from common.searching import Entry, Source


def _entries(keys) -> Iterator[Entry]:
    for venue in Venue.objects.for_search(keys):
        texts = [venue.address, *venue.intro.split(), *venue.direction_lines]
        yield Entry(
            key=venue.pk,
            title=venue.name,
            text=" · ".join(filter(None, texts)),
            names=(venue.name,),
            at=venue.created_at,
        )


SOURCES = [
    Source(
        "venues",
        Venue,
        _entries,
        Venue.objects.active,
        "activities:venues:venue-detail",
    )
]
