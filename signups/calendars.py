"""Occasions as calendar entries (RFC 5545), for people's own calendars."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from members.models import Worker
from signups.enums import SignupStatus
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
    calendar = _empty()
    earlier = 0
    if signup is not None:
        # coming back is a new row, and newer than the cancelled one
        before = offering.signups.filter(worker=signup.worker_id, pk__lt=signup.pk)
        earlier = before.count()
    _fill(calendar, offering, occasions, url=url, signup=signup, earlier=earlier)
    return _written(calendar)


# what is over for so long leaves a person's calendar
_KEPT = timedelta(days=90)


def calendar_of_person(worker: Worker, absolute: Callable[[str], str]) -> bytes:
    """Everything a worker has, or had, a seat of, as one calendar: what was moved, and
    as cancelled what does not take place or was given up. Somebody who waits has no
    time yet. ``absolute`` makes a whole address of a path. Three queries."""
    calendar = _empty()
    calendar.add("x-wr-calname", _("我的报名"))
    calendar.add("x-published-ttl", "PT6H")
    since = timezone.now() - _KEPT
    rows = (
        Signup.objects.filter(worker=worker, offering__ends_at__gt=since)
        .exclude(status__in=_NEVER_SEATED)
        .select_related("offering")
        .prefetch_related("offering__occasions")
        .order_by("pk")
    )
    newest, earlier = {}, Counter()
    for signup in rows:
        earlier[signup.offering_id] += signup.offering_id in newest
        newest[signup.offering_id] = signup
    for signup in newest.values():
        offering = signup.offering
        _fill(
            calendar,
            offering,
            offering.occasions.all(),
            url=absolute(offering.get_absolute_url()),
            signup=signup,
            earlier=earlier[offering.pk],
        )
    return _written(calendar)


# never had a time that a calendar could hold
_NEVER_SEATED = (
    SignupStatus.APPLIED,
    SignupStatus.WAITING,
    SignupStatus.OFFERED,
    SignupStatus.LAPSED,
    SignupStatus.DECLINED,
    SignupStatus.NOT_DRAWN,
)


def _empty() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{_NAME}//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    return calendar


def _fill(calendar, offering, occasions, *, url, signup, earlier) -> None:
    """``earlier``: how many signups of this person for it came before ``signup``."""
    stamp = datetime.now(UTC)
    is_cancelled = offering.withdrawn_at is not None
    further, times = int(is_cancelled), [offering.withdrawn_at]
    if signup is not None:
        is_own_cancelled = not signup.is_live and signup.busy is None
        is_cancelled = is_cancelled or is_own_cancelled
        further += 2 * earlier + is_own_cancelled
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


def _written(calendar: Calendar) -> bytes:
    calendar.add_missing_timezones()
    return calendar.to_ical()
