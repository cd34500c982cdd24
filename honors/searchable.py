"""What readers find of the hall of honour: who is on its wall."""

from collections.abc import Iterator
from datetime import date, datetime, time

from django.utils import timezone

from common.searching import Entry, Source
from honors.models import Honoree


def _entries(keys) -> Iterator[Entry]:
    for honoree in Honoree.objects.for_search(keys):
        edition = honoree.edition
        day = edition.conferred_on or date(edition.year, 1, 1)
        texts = [
            edition.title,
            honoree.employer,
            honoree.position,
            honoree.get_industry_display(),
            honoree.deed,
            " ".join(honoree.deeds.split()),
            honoree.motto,
        ]
        yield Entry(
            key=honoree.pk,
            title=honoree.name,
            text=" · ".join(filter(None, texts)),
            names=tuple(
                filter(None, (honoree.name, edition.program.name, honoree.employer))
            ),
            # of an edition of this year without a day: from now on
            at=min(
                timezone.make_aware(datetime.combine(day, time.min)),
                edition.conferred_at,
            ),
        )


SOURCES = [
    Source(
        "honors", Honoree, _entries, Honoree.objects.on_wall, "honors:honoree-detail"
    )
]
