"""Form fields for days and times as Chinese keyboards write them.

19：00, 2026－12－24 and 2026年12月24日 are a time and two days wherever a person types
one. Every form takes its days and times from here (tests/architecture/test_moments.py).
"""

import re
from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common import letters

FIRST_YEAR, LAST_YEAR = 1949, 2199

_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc]+")
_CLOCK = re.compile(r"(\d{1,2})[点时](?:(\d{1,2})分?)?")


def plain_day(text: str) -> str:
    """A typed day without blanks, in plain digits and with plain marks between them."""
    text = "".join(letters.western(text).split())
    return _DASHES.sub("-", text).replace("号", "日").replace("。", ".")


def plain_clock(text: str) -> str:
    """A typed time of the day in plain digits, parted by colons."""
    text = "".join(letters.western(text).split()).replace("\u2236", ":")
    if words := _CLOCK.fullmatch(text):
        return f"{words[1]}:{words[2] or '00'}"
    return text


class DayField(forms.DateField):
    """A day from 1949 to 2199."""

    def to_python(self, value):
        if isinstance(value, str):
            value = plain_day(value)
        day = super().to_python(value)
        if isinstance(day, date):
            _check_year(day)
        return day


class ClockField(forms.TimeField):
    """A time of the day."""

    def to_python(self, value):
        if isinstance(value, str):
            value = plain_clock(value)
        return super().to_python(value)


class MomentField(forms.SplitDateTimeField):
    """A day and a time in two boxes."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fields = [
            kind(
                required=part.required,
                disabled=part.disabled,
                localize=part.localize,
                error_messages=part.error_messages,
            )
            for kind, part in zip((DayField, ClockField), self.fields, strict=True)
        ]


def _check_year(day: date | datetime) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        text = _("年份须在%(first)d至%(last)d之间，请核对。")
        limits = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise ValidationError(text, code="year", params=limits)
