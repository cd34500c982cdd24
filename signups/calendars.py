"""Occasions as calendar entries (RFC 5545), for people's own calendars."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.utils import timezone
from icalendar import Calendar, Event

from signups.models import Occasion, Offering


def calendar_of(
    offering: Offering, occasions: Iterable[Occasion], *, host: str, url: str
) -> bytes:
    """One calendar file with an entry for each occasion, in local time with its zone.

    An occasion that was moved keeps its UID, so that taking the file again moves the
    entry instead of adding one; after a withdrawal all entries are cancelled.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{host}//signups//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    stamp = datetime.now(UTC)
    for occasion in occasions:
        entry = Event()
        entry.add("uid", f"occasion-{occasion.pk}@{host}")
        entry.add("dtstamp", stamp)
        entry.add("summary", offering.title)
        entry.add("dtstart", timezone.localtime(occasion.starts_at))
        entry.add("dtend", timezone.localtime(occasion.ends_at))
        if occasion.place:
            entry.add("location", occasion.place)
        entry.add("url", url)
        if offering.withdrawn_at is not None:
            entry.add("status", "CANCELLED")
        calendar.add_component(entry)
    calendar.add_missing_timezones()
    return calendar.to_ical()
