"""What readers find of the volunteers: teams, and nobody's name."""

from collections.abc import Iterator

from common.searching import Entry, Source
from volunteers.models import VolunteerTeam


def _entries(keys) -> Iterator[Entry]:
    for team in VolunteerTeam.objects.for_search(keys):
        texts = [team.get_kind_display(), team.slogan, " ".join(team.intro.split())]
        yield Entry(
            key=team.pk,
            title=team.name,
            text=" · ".join(filter(None, texts)),
            names=(team.name, *([team.union_org.name] if team.union_org else [])),
            at=team.created_at,
        )


SOURCES = [
    Source(
        "teams",
        VolunteerTeam,
        _entries,
        VolunteerTeam.objects.active,
        "volunteers:team-detail",
    )
]
