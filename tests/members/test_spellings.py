"""Names as people type them."""

import pytest

from members import names, spellings


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
        ("阿卜杜·示例", "阿卜杜。示例"),
        ("阿卜杜·示例", "阿卜杜▪示例"),
        ("示例", "示\U000e0100例"),  # a selector of a character's shape
        ("A. B. Smith", "ＡＢ SMITH"),
        ("李〇明", "李○\u2066明\u2069"),
        ("老黄", "⽼⻩"),
    ],
)
def test_comparable_name_spellings_of_one_name_meet(one, other):
    assert spellings.comparable(one) == spellings.comparable(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("王刚", "王钢"), ("𠮷田", "吉田"), ("阿卜杜·买买提", "买买提·阿卜杜")],
)
def test_comparable_name_two_names_stay_two(one, other):
    assert spellings.comparable(one) != spellings.comparable(other)


def test_comparable_name_whatever_a_roster_makes_of_a_name_is_that_name():
    dots = "·•‧∙⋅・･●▪◦᛫⸱⸳﹒．.。"
    typed = [f"阿卜杜{dot}示例" for dot in dots] + ["\u200b阿卜杜 示\ufe00例"]

    stored = {names.read(name) for name in typed}
    compared = {spellings.comparable(name) for name in [*typed, *stored]}

    assert compared == {"阿卜杜示例"}
