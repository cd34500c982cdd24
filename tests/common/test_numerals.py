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
def test_chinese_numbers(number, words):
    assert numerals.chinese(number) == words


@pytest.mark.parametrize("number", [-1, 10000])
def test_other_numbers_are_refused(number):
    with pytest.raises(ValueError, match="0 to 9999"):
        numerals.chinese(number)
