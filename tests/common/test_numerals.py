"""Numbers as newspapers write them."""

import pytest

from common import numerals


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (99, "九十九"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1001, "一千零一"),
        (2018, "二千零一十八"),
        (9999, "九千九百九十九"),
    ],
)
def test_chinese_writes_numbers(number, words):
    assert numerals.chinese(number) == words


@pytest.mark.parametrize("number", [-1, 10000])
def test_chinese_refuses_other_numbers(number):
    with pytest.raises(ValueError, match="0 to 9999"):
        numerals.chinese(number)


@pytest.mark.parametrize(
    ("size", "words"),
    [(10 << 20, "10.0"), ((10 << 20) + 1, "10.1"), (10_527_703, "10.1"), (1, "0.1")],
)
def test_megabytes_never_give_a_size_over_a_limit_as_the_limit(size, words):
    assert numerals.megabytes(size) == words


@pytest.mark.parametrize(
    ("minutes", "figures", "capitals"),
    [
        (5, "0", "零"),
        (6, "0.1", "零点壹"),
        (95, "1.5", "壹点伍"),
        (720, "12", "壹拾贰"),
        (6300, "105", "壹佰零伍"),
        (7410, "123.5", "壹佰贰拾叁点伍"),
        (60 * 10_005, "10005", "壹万零伍"),
        (60 * 20_000, "20000", "贰万"),
        (60 * 34_567, "34567", "叁万肆仟伍佰陆拾柒"),
    ],
)
def test_hours_are_rounded_down_to_a_tenth_in_figures_and_capitals(
    minutes, figures, capitals
):
    assert numerals.hours(minutes) == (figures, capitals)
