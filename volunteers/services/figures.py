"""What the coordinator looks at: services and hours by month, kind and team, and teams
that rest. A constant number of queries, whatever the number of teams and records.

Hours are those in force, of the year in which they were served. What hosts confirmed,
what an old list brought in and what was reported stand beside them and in no sum.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import ExtractMonth
from django.utils import timezone

from volunteers.enums import TeamKind
from volunteers.models import (
    ImportedHours,
    ReportedFigure,
    ServiceEvent,
    ServiceRecord,
    VolunteerTeam,
)

MONTHS = range(1, 13)
RESTING = timedelta(days=90)
MOST_TEAMS = 200


@dataclass(frozen=True)
class Line:
    """Services held and whole hours in force of one month, kind or team."""

    name: str
    services: int
    hours: int
    people: int = 0


@dataclass(frozen=True)
class Figures:
    """Of one year. ``served``: what hosts confirmed; ``resting``: active teams without a
    service for ninety days and none to come, with their last one; ``imported``: hours of
    old lists, ``reported``: figures of reports, both apart."""

    year: int
    services: int
    hours: int
    people: int
    served: dict[str, int]
    months: list[Line]
    kinds: list[Line]
    teams: list[Line]
    resting: list[VolunteerTeam]
    imported: dict[str, int]
    reported: list[ReportedFigure]


def of_year(year: int) -> Figures:
    """All of it."""
    events = ServiceEvent.objects.past().filter(
        starts_at__gte=_midnight(date(year, 1, 1)),
        starts_at__lt=_midnight(date(year + 1, 1, 1)),
    )
    records = ServiceRecord.objects.in_force().filter(served_on__year=year)
    whole = records.total()
    held = _counts(events.values_list(ExtractMonth("starts_at")))
    minutes = {row["month"].month: row["minutes"] for row in records.minutes_by_month()}
    kinds_held = _counts(events.values_list("kind"))
    by_kind = {row["kind"]: row["minutes"] for row in records.minutes_by_kind()}
    return Figures(
        year=year,
        services=sum(held.values()),
        hours=whole["minutes"] // 60,
        people=whole["people"],
        served=events.served(),
        months=[
            Line(str(month), held.get(month, 0), minutes.get(month, 0) // 60)
            for month in MONTHS
        ],
        kinds=[
            Line(str(kind.label), kinds_held.get(kind, 0), by_kind.get(kind, 0) // 60)
            for kind in TeamKind
        ],
        teams=_teams(events, records),
        resting=_resting(),
        imported=ImportedHours.objects.filter(served_on__year=year).total(),
        reported=list(ReportedFigure.objects.all()),
    )


def years() -> list[int]:
    """Those in which somebody served, the newest first; this one at least."""
    this = timezone.localdate().year
    first = (
        ServiceEvent.objects.order_by("starts_at")
        .values_list("starts_at", flat=True)
        .first()
    )
    oldest = timezone.localdate(first).year if first else this
    return list(range(this, max(min(oldest, this), this - 19) - 1, -1))


def _counts(rows) -> dict:
    return dict(rows.annotate(n=Count("pk")).order_by())


def _midnight(day: date):
    return timezone.make_aware(datetime.combine(day, time.min))


def _teams(events, records) -> list[Line]:
    held = _counts(events.values_list("team"))
    rows = records.order_by().values_list("event__team")
    hours = {
        team: (minutes, people)
        for team, minutes, people in rows.annotate(
            minutes=Sum("minutes"), people=Count("worker", distinct=True)
        ).order_by()
    }
    names = VolunteerTeam.objects.filter(pk__in={*held, *hours})
    lines = [
        Line(
            name,
            held.get(pk, 0),
            hours.get(pk, (0, 0))[0] // 60,
            hours.get(pk, (0, 0))[1],
        )
        for pk, name in names.values_list("pk", "name").order_by("pk")
    ]
    return sorted(lines, key=lambda line: (-line.hours, -line.services))[:MOST_TEAMS]


def _resting() -> list[VolunteerTeam]:
    since = timezone.now() - RESTING
    took_place = Q(events__called_off_at=None)
    teams = VolunteerTeam.objects.active().annotate(
        last_at=Max("events__starts_at", filter=took_place)
    )
    rest = teams.filter(Q(last_at=None) | Q(last_at__lt=since))
    return list(rest.order_by("last_at", "pk")[:MOST_TEAMS])
