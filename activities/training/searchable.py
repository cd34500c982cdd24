"""What readers find of the training: the classes of published terms."""

from collections.abc import Iterator

from activities.training.models import CourseClass
from common.searching import Entry, Source


def _entries(keys) -> Iterator[Entry]:
    for found in CourseClass.objects.for_search(keys):
        texts = [
            found.term.title,
            found.venue.name,
            found.teacher_name,
            " ".join(found.intro.split()),
            " ".join(found.teacher_intro.split()),
        ]
        yield Entry(
            key=found.pk,
            title=found.name,
            text=" · ".join(filter(None, texts)),
            names=(found.kind.name, found.teacher_name, found.venue.name),
            at=found.created_at,
        )


SOURCES = [
    Source(
        "classes",
        CourseClass,
        _entries,
        CourseClass.objects.in_search,
        "activities:training:class-detail",
    )
]
