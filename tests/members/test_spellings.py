"""Names and numbers as people type them."""

import pytest

from members import spellings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("阿卜杜热合曼·买买提", "阿卜杜热合曼•买买提"),
        ("阿卜杜热合曼·买买提", "阿卜杜热合曼 ・ 买买提"),
        ("阿卜杜热合曼·买买提", "阿卜杜热合曼．买买提"),
        ("阿卜杜热合曼·买买提", "阿卜杜热合曼.买买提"),
        ("阿卜杜热合曼·买买提", "阿卜杜热合曼买买提"),
        ("王刚", " 王　刚\u200b"),
        ("ＴＯＭ李", "tom李"),
        ("𠮷田", "𠮷 田"),
    ],
)
def test_spellings_of_one_name_meet(one, other):
    assert spellings.comparable(one) == spellings.comparable(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("王刚", "王钢"), ("𠮷田", "吉田"), ("阿卜杜·买买提", "买买提·阿卜杜")],
)
def test_two_names_stay_two(one, other):
    assert spellings.comparable(one) != spellings.comparable(other)


@pytest.mark.parametrize("typed", ["31002x", " 31002Ｘ", "３１００２X", "٣١٠٠٢x"])
def test_a_number_has_one_form(typed):
    assert spellings.number(typed) == "31002X"
