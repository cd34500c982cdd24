"""Days and moments in words: the year is said when it is another."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone

from common import dates

SHANGHAI = ZoneInfo("Asia/Shanghai")
SUMMER = date(2018, 6, 19)


@pytest.fixture
def in_2018(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2018, 6, 1))


def at(*moment):
    return datetime(*moment, tzinfo=SHANGHAI)


def test_day_this_year_is_not_said(in_2018):
    assert dates.day(SUMMER) == "6月19日"
    assert dates.moment(at(2018, 6, 19, 9, 5)) == "6月19日9:05"


@pytest.mark.parametrize("year", [2017, 2019])
def test_day_another_year_is_said(in_2018, year):
    assert dates.day(date(year, 6, 19)) == f"{year}年6月19日"
    assert dates.moment(at(year, 6, 19, 18, 0)) == f"{year}年6月19日18:00"


def test_day_has_the_year_of_shanghai(in_2018):
    """An hour before midnight in London is the new year here."""
    eve = datetime(2017, 12, 31, 23, 0, tzinfo=ZoneInfo("UTC"))

    assert dates.moment(eve) == "1月1日7:00"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (SUMMER, date(2018, 8, 21), "6月19日—8月21日"),
        (date(2018, 12, 5), date(2019, 2, 6), "12月5日—2019年2月6日"),
        (date(2017, 12, 5), date(2018, 2, 6), "2017年12月5日—2018年2月6日"),
        (date(2016, 3, 1), date(2016, 5, 2), "2016年3月1日—5月2日"),
        (SUMMER, SUMMER, "6月19日"),
        (at(2018, 6, 19, 9), at(2018, 6, 19, 11), "6月19日"),
    ],
)
def test_span_says_each_year_once(in_2018, first, last, words):
    assert dates.span(first, last) == words


def test_window_across_new_year(in_2018):
    opens, closes = at(2018, 12, 30, 9), at(2019, 1, 4, 18)

    assert dates.window(opens, closes) == "12月30日9:00—2019年1月4日18:00"


def test_meeting_names_its_weekday(in_2018):
    starts = at(2018, 6, 19, 19)
    ends = starts + timedelta(minutes=90)

    assert dates.meeting(starts, ends) == "6月19日（周二）19:00—20:30"


def test_templates_print_dates_as_common_dates_does(in_2018):
    class Term:
        starts_on, ends_on = SUMMER, date(2019, 1, 8)
        starts_at, ends_at = at(2018, 6, 19, 19), at(2018, 6, 19, 20, 30)

    words = Template(
        "{% load dates %}{{ term|span_in_words }} {{ term|meeting_in_words }} "
        "{{ term.starts_on|day_in_words }} {{ term.ends_at|moment_in_words }}"
    ).render(Context({"term": Term}))

    assert words == (
        "6月19日—2019年1月8日 6月19日（周二）19:00—20:30 6月19日 6月19日20:30"
    )
