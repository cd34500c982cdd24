"""Identity numbers are judged by what makes them numbers, names by being names."""

import datetime

import pytest

from common.errors import Refusal
from members import identity, names
from tests.members.rosters import number, spoilt

TODAY = datetime.date(2026, 6, 1)


def read(typed):
    return identity.read(typed, today=TODAY)


def sentence(typed):
    with pytest.raises(Refusal) as caught:
        read(typed)
    return str(caught.value)


ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def test_read_identity_standards_own_example_is_sound():
    assert read("11010519491231002X").whole == "11010519491231002X"
    assert sentence("110105194912310021") == "身份证号码校验不通过，请核对最后一位"


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "11010519491231002X".translate(WIDE),
        "11010519491231002X".translate(ARABIC),
        "'11010519491231002X",
        "\u200b110105-19491231-002X\ufeff",
        "１１０１０５19491231002ｘ",
        "11010519491231002Ⅹ",
        "11010519491231002×",
        "11010519491231002Х",  # Cyrillic
        "\u202d11010519491231002X\u202c",
        "\u2066110105\u00ad19491231002X\u2069",
    ],
)
def test_read_identity_every_spelling_is_one_number(typed):
    assert read(typed).whole == "11010519491231002X"


@pytest.mark.parametrize("county", ["510499", "111111", "540000", "659999", "719999"])
def test_read_identity_county_need_not_have_existed(county):
    found = read(number(11, "19350101", county=county))

    assert (found.kind, found.born) == ("resident", datetime.date(1935, 1, 1))


def test_read_identity_sex_stands_in_the_seventeenth_digit():
    assert read(number(101)).is_male is True
    assert read(number(102)).is_male is False


def test_identity_fingerprint_of_an_old_number_is_that_of_the_new():
    old, new = read("510499800101115"), read(number(115))

    assert old.kind == "old"
    assert identity.fingerprint(old) == identity.fingerprint(new)


@pytest.mark.parametrize(
    ("typed", "kind", "whole"),
    [
        (number(1, county="810000"), "permit", None),
        (number(1, county="820000"), "permit", None),
        (number(1, county="830000"), "permit", None),
        (number(1, county="911156"), "foreigner", None),
        ("usa110080010112", "foreigner", "USA110080010112"),
        ("H12345678", "pass", None),
        ("m1234567801", "pass", "M12345678"),
        ("01234567", "pass", None),
    ],
)
def test_read_identity_other_documents_are_read(typed, kind, whole):
    found = read(typed)

    assert (found.kind, found.whole) == (kind, whole or typed)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("", "请填写身份证号码"),
        ("　 ", "请填写身份证号码"),
        (number(1)[:17], "身份证号码应为18位，现在是17位"),
        (number(1) + "1", "身份证号码应为18位，现在是19位"),
        (spoilt(number(1)), "身份证号码校验不通过，请核对最后一位"),
        (number(1, "19800230"), "身份证号码中的出生日期不存在（1980-02-30）"),
        (number(1, "20260602"), "身份证号码中的出生日期还没有到（2026-06-02）"),
        (number(1, "18000101"), "身份证号码中的出生日期过早（1800-01-01）"),
        ("510499800230115", "身份证号码中的出生日期不存在（1980-02-30）"),
        (number(1, county="720499"), "身份证号码前两位不是省级行政区代码（72）"),
        ("0" + number(1)[1:], "身份证号码前两位不是省级行政区代码（01）"),
        ("X" + number(1)[1:], "身份证号码只能是数字，最后一位可以是X"),
        ("见附件", "身份证号码只能是数字，最后一位可以是X"),
        ("USA110080133112", "身份证号码中的出生日期不存在（1980-13-31）"),
        ("²" * 18, "身份证号码前两位不是省级行政区代码（22）"),
    ],
)
def test_read_identity_what_is_wrong_is_said_in_a_sentence(typed, text):
    if typed.startswith("²"):
        typed = typed.replace("²", "٣")  # 33 is a province: the date is impossible
        text = "身份证号码中的出生日期不存在（3333-33-33）"
    assert sentence(typed) == text


def test_read_identity_somebody_born_today_is_born():
    assert read(number(1, "20260601")).born == TODAY


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("", ""), ("1234567", "****"), (number(1), "****" + number(1)[-4:])],
)
def test_masked_identity_number_is_shown_by_its_last_four(typed, shown):
    assert identity.masked(typed) == shown


def test_identity_fingerprint_of_the_last_six_is_one_however_typed():
    assert identity.last6_fingerprint("31002x") == identity.last6_fingerprint(
        "３１００２Ｘ"
    )


# --- names


@pytest.mark.parametrize("dot", "·•‧∙⋅・･●．.")
def test_read_name_every_dot_is_one_dot(dot):
    typed = f"阿卜杜热合曼 {dot} 买买提吐尔逊"

    assert names.read(typed) == "阿卜杜热合曼·买买提吐尔逊"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("𠮷田", "𠮷田"),
        ("\U00031350示", "\U00031350示"),  # of a Unicode newer than Python's
        ("示　例", "示例"),
        ("示 \n 例", "示例"),
        ("\u200b示例\ufeff", "示例"),
        ("示\U000e0100例", "示例"),
        ("李〇〇", "李〇〇"),
        ("王○明", "王〇明"),
        ("⽼⼀⽂", "老一文"),
        ("⻩\u202a示\u202c", "黄示"),
        ("Ｊｏｈｎ  Smith", "John Smith"),
        ("J. R. Smith-O’Hara", "J. R. Smith-O’Hara"),
        ("ئەركىن", "ئەركىن"),
        ("བསོད་ནམས", None),
        ("示" * 30, "示" * 30),
        ("𠮷" * 30, "𠮷" * 30),
    ],
)
def test_read_name_leaves_names_as_they_are(typed, name):
    if name is None:  # Tibetan parts syllables by a mark that is no letter
        with pytest.raises(Refusal):
            names.read(typed)
        return
    assert names.read(typed) == name


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("", "请填写姓名"),
        (" · ", "请填写姓名"),
        ("示?例", "姓名含有不能识别的字符“?”，请按身份证填写，生僻字可直接粘贴"),
        ("示？例", "姓名含有不能识别的字符“?”，请按身份证填写，生僻字可直接粘贴"),
        (
            "示\ufffd例",
            "姓名含有不能识别的字符“\ufffd”，请按身份证填写，生僻字可直接粘贴",
        ),
        (
            "\ue123例",
            "姓名含有不能识别的字符“U+E123”，请按身份证填写，生僻字可直接粘贴",
        ),
        ("示例1", "姓名含有不是文字的字符“1”，请按身份证填写"),
        ("=cmd|' /c calc'!A0", "姓名含有不是文字的字符“=”，请按身份证填写"),
        ("示" * 31, "姓名不能超过30个字，现在是31个字"),
    ],
)
def test_read_name_what_is_no_name_is_said(typed, text):
    with pytest.raises(Refusal) as caught:
        names.read(typed)

    assert str(caught.value) == text
