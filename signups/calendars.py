"""Occasions as calendar entries (RFC 5545), for people's own calendars."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.utils import timezone
from icalendar import Calendar, Event

from signups.models import Occasion, Offering, Signup

# Not the request's host: the same entry under two hosts would stand there twice.
_NAME = "signups.panzhihua-union"


def calendar_of(
    offering: Offering,
    occasions: Iterable[Occasion],
    *,
    url: str,
    signup: Signup | None = None,
) -> bytes:
    """One calendar file with an entry for each occasion, in local time with its zone.

    An occasion that was moved keeps its UID and has a higher SEQUENCE, so that taking
    the file again moves the entry instead of adding one. All entries are cancelled
    after a withdrawal and, in the file of a worker's own ``signup``, once it is
    cancelled.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{_NAME}//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    stamp = datetime.now(UTC)
    is_cancelled = offering.withdrawn_at is not None
    further, times = int(is_cancelled), [offering.withdrawn_at]
    if signup is not None:
        is_own_cancelled = not signup.is_live
        is_cancelled = is_cancelled or is_own_cancelled
        # coming back is a new row, and newer than the cancelled one
        earlier = offering.signups.filter(worker=signup.worker_id, pk__lt=signup.pk)
        further += 2 * earlier.count() + is_own_cancelled
        times += [signup.ended_at or signup.created_at]
    for occasion in occasions:
        entry = Event()
        entry.add("uid", f"occasion-{occasion.pk}@{_NAME}")
        entry.add("dtstamp", stamp)
        entry.add("sequence", occasion.moves + further)
        changed = max(filter(None, [occasion.changed_at, *times]))
        entry.add("last-modified", changed.astimezone(UTC))
        entry.add("summary", offering.title)
        entry.add("dtstart", timezone.localtime(occasion.starts_at))
        entry.add("dtend", timezone.localtime(occasion.ends_at))
        if occasion.place:
            entry.add("location", occasion.place)
        entry.add("url", url)
        if is_cancelled or occasion.cancelled_at is not None:
            entry.add("status", "CANCELLED")
        calendar.add_component(entry)
    calendar.add_missing_timezones()
    return calendar.to_ical()
