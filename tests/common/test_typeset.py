"""What a line of text is not broken in."""

import re

import pytest

from common.templatetags.richtext import together as filtered
from common.typeset import together


def kept(html):
    return re.findall(r'<span class="nb">(.*?)</span>', together(html))


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("共12名队员", ["共12名"]),
        ("6月12日18:00截止", ["6月12日18:00"]),
        ("6月19日（周二）19:00—20:30", ["6月19日", "19:00—20:30"]),
        ("12月5日—2027年2月6日", ["12月5日—", "2027年2月6日"]),
        ("近20000人，22万余人次，170余场", ["近20000人", "22万余人次", "170余场"]),
        ("第3次上课", ["第3次"]),
        ("只有80%的人", ["80%"]),
        ("主题 ——副题（一）", ["——副题"]),
        ("0812-1234567", []),
        ("没有数", []),
    ],
)
def test_together_keeps_numbers_with_their_units_and_dashes_with_what_they_open(
    text, runs
):
    assert kept(text) == runs
    assert re.sub("<[^>]*>", "", together(text)) == text


def test_together_touches_only_text():
    html = '<p title="共12名"><a href="/x/12月/">12名</a>&#39;5人&#39;</p>'

    assert together(html) == (
        '<p title="共12名"><a href="/x/12月/"><span class="nb">12名</span></a>'
        '&#39;<span class="nb">5人</span>&#39;</p>'
    )


def test_together_escapes_what_is_not_html_yet():
    assert filtered("<b>3人") == '&lt;b&gt;<span class="nb">3人</span>'
