"""Days and moments in words, as the pages write them.

The year is left out while it is this one, for that is how people say it, and always
written when it is another: a class before New Year and its last lesson after it, a term
long over. All times are those of Shanghai.
"""

from datetime import date, datetime, time
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import gettext as _

WEEKDAYS = "一二三四五六日"


def day(value: date | datetime, *, after: date | None = None) -> str:
    """“6月19日”, or “2027年6月19日” if that is not in the year of ``after`` (the day
    named just before it; of today if none was)."""
    value = _local(value)
    known = (after or timezone.localdate()).year
    year = "" if value.year == known else _("%(year)d年") % {"year": value.year}
    return year + _("%(month)d月%(day)d日") % {"month": value.month, "day": value.day}


def weekday(value: date | datetime) -> str:
    """周二"""
    return f"周{WEEKDAYS[_local(value).weekday()]}"


def clock(value: datetime | time) -> str:
    """9:30"""
    value = _local(value)
    return f"{value.hour}:{value.minute:02d}"


def moment(value: datetime) -> str:
    """“6月12日18:00”"""
    return _moment(value, timezone.localdate())


@lru_cache(maxsize=2_000)  # a page of many cards says few moments many times
def _moment(value, today):
    return day(value, after=today) + clock(value)


def span(first: date | datetime, last: date | datetime) -> str:
    """“6月19日—8月21日”, “12月5日—2027年2月6日”; one day is not said twice."""
    first, last = _local(first), _local(last)
    if (first.year, first.month, first.day) == (last.year, last.month, last.day):
        return day(first)
    return f"{day(first)}—{day(last, after=first)}"


def window(opens: datetime, closes: datetime) -> str:
    """“6月12日18:00—6月15日18:00”: from one moment to another."""
    first, last = _local(opens), _local(closes)
    return f"{moment(first)}—{day(last, after=first)}{clock(last)}"


def start(value: datetime) -> str:
    """“6月19日（周二）19:00”: when one has to be there."""
    return f"{day(value)}（{weekday(value)}）{clock(value)}"


def meeting(starts: datetime, ends: datetime) -> str:
    """“6月19日（周二）19:00—20:30”: one occasion."""
    return f"{start(starts)}—{clock(ends)}"


def _local(value):
    return timezone.localtime(value) if isinstance(value, datetime) else value
