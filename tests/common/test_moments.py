"""Days and times as people type them."""

from datetime import date, datetime, time

import pytest
from django import forms
from django.utils import timezone

from common.moments import ClockField, DayField, MomentField

DAY = date(2026, 12, 24)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-24",
        "2026－12－24",
        "２０２６—１２—２４",
        "2026–12–24",
        "2026/12/24",
        "2026／12／24",
        "2026.12.24",
        "2026．12．24",
        "2026。12。24",
        "2026年12月24日",
        "2026 年 12 月 24 号",
        " 2026-12-24\u3000",
        "\u200b2026-12-24",
    ],
)
def test_day_field_takes_a_day_however_it_is_typed(typed):
    assert DayField().clean(typed) == DAY


@pytest.mark.parametrize(
    "typed",
    [
        "19:00",
        "19：00",
        "１９：００",
        "19∶00",
        "19点",
        "19时00分",
        "19：00：00",
        " 19 : 00 ",
    ],
)
def test_clock_field_takes_a_time_however_it_is_typed(typed):
    assert ClockField().clean(typed) == time(19)


@pytest.mark.parametrize("typed", ["25：00", "晚上", "19：", "19-00", "七点"])
def test_clock_field_refuses_what_is_no_time(typed):
    with pytest.raises(forms.ValidationError):
        ClockField().clean(typed)


@pytest.mark.parametrize(
    "typed", ["2026-13-01", "2026－02－30", "12-24", "明天", "2026--"]
)
def test_day_field_refuses_what_is_no_day(typed):
    with pytest.raises(forms.ValidationError):
        DayField().clean(typed)


@pytest.mark.parametrize("year", ["1948", "2200", "9999", "0026"])
def test_day_field_refuses_a_year_that_is_a_slip_in_words(year):
    with pytest.raises(forms.ValidationError) as refused:
        DayField().clean(f"{year}-12-24")

    assert refused.value.messages == ["年份须在1949至2199之间，请核对。"]


@pytest.mark.parametrize("year", [1949, 2199])
def test_day_field_takes_the_years_at_both_ends(year):
    assert DayField().clean(f"{year}年1月1日") == date(year, 1, 1)


def test_moment_field_takes_both_and_may_be_left_out():
    field = MomentField(required=False)

    moment = field.clean(["2026－12－24", "19：00"])

    assert moment == timezone.make_aware(datetime(2026, 12, 24, 19))
    assert field.clean(["", ""]) is None
    assert field.has_changed(moment, ["2026-12-24", "19:00"]) is False


def test_moment_field_names_the_part_that_is_wrong():
    with pytest.raises(forms.ValidationError) as refused:
        MomentField().clean(["1948-12-24", "19：00"])

    assert refused.value.messages == ["年份须在1949至2199之间，请核对。"]
