"""One rule for what was typed: unseen marks, radicals, full-width letters, digits."""

import pytest

from common import letters

UNSEEN = [
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
    *map(chr, range(0x200B, 0x2010)),
    *"\ufeff\u00ad\u2060\u3164\u061c\ufe0f\U000e0101\0",
]


def test_letters_marks_that_nobody_sees_are_dropped_everywhere():
    marked = "".join(
        mark + char for mark, char in zip(UNSEEN, "王〇明" * 9, strict=False)
    )

    assert letters.seen(marked) == letters.characters(marked) == marked[1::2]
    assert letters.number("\u202dPZH\u00ad1002\u202c") == "PZH1002"
    assert letters.words("\u2066第12\u2069 \ufeff工会") == ["第12", "工会"]
    assert letters.line(" \u200b示例\r\n 标题 ") == "示例 标题"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("⽼⼀⽂", "老一文"), ("⼯⼟", "工土"), ("⻩⺟⻰", "黄母龙"), ("⿕⻳", "龠龟")],
)
def test_letters_radicals_become_the_characters_they_look_like(typed, meant):
    assert letters.characters(typed) == meant
    assert letters.radicals("示" + typed) == list(zip(typed, meant, strict=True))


def test_letters_every_radical_has_its_character():
    codes = [c for c in range(0x2E81, 0x2EF4) if c != 0x2E9A] + [*range(0x2F00, 0x2FD6)]

    for char in map(chr, codes):
        meant = letters.characters(char)
        assert len(meant) == 1 and not letters.radicals(meant), hex(ord(char))


def test_letters_characters_are_not_exchanged_for_others():
    text = "𠮷吉〇零々ئەركىن"

    assert letters.characters(text) == text
    assert letters.radicals(text) == []


@pytest.mark.parametrize("typed", ["第12工会", "第１２工会", "第١٢工会"])
def test_search_has_digits_of_one_kind(typed):
    assert letters.words(typed) == ["第12工会"]


@pytest.mark.parametrize(
    "typed", ["31002x", " 31002Ｘ", "３１００２X", "٣١٠٠٢x", "3100\u200b2Ⅹ", "31 002ⅹ"]
)
def test_letters_number_has_one_form(typed):
    assert letters.number(typed) == "31002X"
