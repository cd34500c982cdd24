"""Working days and days off, as the official notices say and never as anybody guesses.

A day is known when the notice of its year is; the end of December belongs to the notice
of the next year, which begins with the New Year's days (29 December 2018 was worked).
"""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from common.errors import Reason, Refusal
from common.models import Holiday

# From here on the next year's notice may name days of December.
_NEXT_YEARS = (12, 25)
_DAY = timedelta(days=1)


class Calendar:
    """Days as the table has them, read year by year as they are asked for: one query a
    year. For one request; it does not notice later changes."""

    def __init__(self):
        self._years: dict[int, dict[date, bool]] = {}

    def knows(self, day: date) -> bool:
        """Whether the notices that may name this day are in the table."""
        return all(self._of(year) for year in years_of(day))

    def is_workday(self, day: date) -> bool:
        """Raises Refusal ``holidays_unknown`` for a year without its notice."""
        works = self._named(day)
        return day.weekday() < 5 if works is None else works

    def is_holiday(self, day: date) -> bool:
        """A day off of a festival, also where it is a Saturday or Sunday; Refusal as
        ``is_workday``."""
        return self._named(day) is False

    def _named(self, day):
        named = {}
        for year in years_of(day):
            if not self._of(year):
                text = _("%(year)d年的放假安排尚未录入。") % {"year": year}
                raise Refusal(Reason("holidays_unknown", text))
            named |= self._of(year)
        return named.get(day)

    def _of(self, year):
        if year not in self._years:
            self._years[year] = Holiday.objects.of_notice(year)
        return self._years[year]


def is_workday(day: date) -> bool:
    """Refusal ``holidays_unknown`` for a year without its notice; so do the others."""
    return Calendar().is_workday(day)


def add_workdays(day: date, n: int) -> date:
    """The ``n``-th working day (1 or more) after ``day``, which is not counted itself."""
    if n < 1:
        raise ValueError("Working days are counted forwards, from one on.")
    calendar = Calendar()
    while n:
        day += _DAY
        n -= calendar.is_workday(day)
    return day


def end_of_period(first: date, n: int, *, first_counts: bool) -> date:
    """The last day of a period of ``n`` working days that begins on ``first``, which is
    one of them where it is worked and ``first_counts``."""
    return add_workdays(first - _DAY if first_counts else first, n)


def workdays_between(first: date, last: date) -> int:
    """How many working days there are from ``first`` to ``last``, both counted."""
    calendar = Calendar()
    days = (first + n * _DAY for n in range((last - first).days + 1))
    return sum(calendar.is_workday(day) for day in days)


def years_of(day: date) -> tuple[int, ...]:
    """The years whose notices may name this day."""
    is_late = (day.month, day.day) >= _NEXT_YEARS
    return (day.year, day.year + 1) if is_late else (day.year,)


def wanted_years(today: date) -> tuple[int, ...]:
    """The years whose notices have to be in the table: this one, and from 1 November,
    when it is made known, the next."""
    return (today.year, today.year + 1) if today.month >= 11 else (today.year,)
