"""What pages say of services to everybody, kept until somebody changes one or its time
comes (``common.pagecache``). Seats, and who asks, are never part of it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from common import dates, pagecache
from common.pagecache import Moment
from volunteers.enums import EventState
from volunteers.models import ServiceEvent

COMING = 6  # on one page
PAST = 5


@dataclass(frozen=True)
class EventRow:
    """A service as a list prints it; ``figures`` only of one that took place."""

    url: str
    title: str
    when: str
    place: str
    team: str
    figures: str = ""


@dataclass(frozen=True)
class Services:
    """``served``: what hosts have confirmed, in words; empty without any."""

    coming: list[EventRow]
    past: list[EventRow]
    served: str


def coming(at: Moment) -> list[EventRow]:
    """The next services of all teams. One query a generation."""

    def build():
        rows = list(ServiceEvent.objects.coming().for_rows()[:COMING])
        return [_row(event) for event in rows], _first_end(rows)

    return pagecache.cached("volunteers:coming", build, at=at)


def of_team(at: Moment, pk: int) -> Services:
    """A team's services to come, its last ones, whom they served. Three queries a
    generation."""

    def build():
        events = ServiceEvent.objects.filter(team=pk)
        rows = list(events.coming().for_rows()[:COMING])
        past = events.past().with_served().for_rows()[:PAST]
        return Services(
            coming=[_row(event) for event in rows],
            past=[_row(event, _figures(event)) for event in past],
            served=served_in_words(events.served()),
        ), _first_end(rows)

    return pagecache.cached(f"volunteers:team:{pk}:services", build, at=at)


def served_in_words(found: dict[str, int]) -> str:
    """“12场服务经对方确认：320人，450人次”. People and person-times stand apart."""
    if not found["events"]:
        return ""
    return (
        _("%(events)d场服务经对方确认：服务%(people)d人，%(person_times)d人次") % found
    )


def _figures(event) -> str:
    if event.people is None:
        return ""
    said = {"people": event.people, "times": event.person_times}
    return _("服务%(people)d人，%(times)d人次") % said


def _row(event, figures="") -> EventRow:
    return EventRow(
        url=event.get_absolute_url(),
        title=event.title,
        when=dates.meeting(event.starts_at, event.ends_at),
        place=event.place,
        team=event.team.name,
        figures=figures,
    )


def _first_end(rows):
    return min((event.ends_at for event in rows), default=None)


def state_word(event: ServiceEvent, now) -> str:
    return EventState(event.state(now)).label
