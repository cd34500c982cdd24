"""Names in the order of strokes. The orders below were worked out by hand from the rule."""

import pytest

from honors import strokes

ORDER = [
    "丁小宁",
    "王𠮷",
    "王伟",
    "仉志强",
    "文静",
    "古丽",
    "田富",
    "田大利",
    "兰天",
    "司马光明",
    "达娃卓玛",
    "吕䶮",
    "李一鸣",
    "李大鸣",
    "阿布都·热合曼",
    "林红",
    "欧阳少东",
    "洪少东",
    "高富",
    "高大富",
]


def by_strokes(names, **how):
    return sorted(names, key=lambda name: strokes.sort_key(name, **how))


def test_names_stand_in_the_order_of_strokes_of_the_surname():
    """丁 has 2 strokes; 王 1121, 仉 3235 and 文 4134 have 4; 古 12251, 田 25121, 兰 43111
    and 司 51251 have 5; 达 134454 and 吕 251251 have 6; 李 and 阿 7; 林 and 欧 8; 洪 9;
    高 10. 𠮷 (6) and 伟 (6): 121251 before 321152."""
    assert by_strokes(reversed(ORDER)) == ORDER


@pytest.mark.parametrize(
    ("how", "order"),
    [
        (True, ["田富", "田大利", "高富", "高大富"]),
        # by the whole name: 大 has 3 strokes, 富 12
        (False, ["田大利", "田富", "高大富", "高富"]),
    ],
)
def test_a_single_given_name_stands_by_the_custom_of_the_edition(how, order):
    assert by_strokes(sorted(order), single_first=how) == order


def test_compound_surnames_go_by_their_first_character():
    # 欧 8 before 洪 9 although 欧阳 has 14 together; 司 5 before 吕 6
    assert by_strokes(["洪一", "欧阳一", "吕一", "司马一"]) == [
        "司马一",
        "吕一",
        "欧阳一",
        "洪一",
    ]


def test_identical_strokes_are_settled_left_right_before_top_bottom_before_whole():
    pairs = ("孔巴", "叶申", "相查", "殳凤")
    for pair in pairs:
        assert by_strokes(reversed(pair)) == list(pair)


def test_rare_characters_have_a_place_and_unknown_ones_come_last():
    """㑊 is known by its 8 strokes only, so it comes behind 林 and 欧 (8) and before 洪
    (9); 𱁬 is not in the file, nor is a Latin letter."""
    names = ["𱁬一", "A一", "㑊一", "洪一", "林一", "鼢一"]

    assert by_strokes(names) == ["林一", "㑊一", "洪一", "鼢一", "A一", "𱁬一"]


def test_marks_between_and_look_alikes_change_nothing():
    plain = strokes.sort_key("阿布都热合曼")

    assert strokes.sort_key("阿布都·热合曼") == plain
    assert strokes.sort_key(" 阿布都 ‧ 热合曼\u200b") == plain
    assert strokes.sort_key("⽟一") == strokes.sort_key(
        "玉一"
    )  # a radical's look-alike


def test_every_common_character_has_its_place():
    common = [
        bytes([high, low]).decode("gb2312")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
        if not (high == 0xD7 and low > 0xF9)
    ]
    keys = {strokes.sort_key(char) for char in common}

    assert len(common) == len(keys) == 6763
    assert not any(key.startswith("99") or key.endswith("9999") for key in keys)
