"""Where the bars of a chart stand, and what its page prints."""

import pytest
from django.template.loader import render_to_string

from common import charts


def made(make=charts.bars, rows=(("声乐班", [3, 1]), ("茶艺班", [0, 0])), **more):
    given = {"key": "fill", "title": "报名", "of": "班", "series": ["已报", "待确认"]}
    return make(**given | {"rows": rows} | more)


@pytest.mark.parametrize(
    ("most", "top"), [(1, 1), (3, 5), (11, 20), (21, 25), (26, 50), (9001, 10_000)]
)
def test_round_top_is_the_next_round_number(most, top):
    assert charts.round_top(most) == top


def test_bars_begin_at_nought_and_their_parts_follow_one_another():
    first, second = made().marks

    assert first.x == 1
    assert second.x == pytest.approx(first.x + first.width)
    assert first.width == pytest.approx(3 * second.width, abs=0.2)


@pytest.mark.parametrize("make", [charts.bars, charts.columns])
def test_charts_stay_inside_their_picture_whatever_the_numbers(make):
    rows = [(f"一个名字很长的培训班（周{n}晚）", [n * 997, n]) for n in range(24)]
    chart = made(make, rows)

    assert all(0 <= one.x <= one.x + one.width <= chart.width for one in chart.marks)
    assert all(0 <= one.y <= one.y + one.height <= chart.height for one in chart.marks)
    assert all(0 <= one.y <= chart.height for one in chart.texts)
    assert all(one.height >= 0 and one.width >= 0 for one in chart.marks)


def test_columns_write_only_as_many_names_as_have_room():
    chart = made(charts.columns, [(f"{n + 1}月", [n + 1, 0]) for n in range(12)])

    months = [text.words for text in chart.texts if text.words.endswith("月")]
    assert months == [f"{n}月" for n in range(1, 13, 2)]


def test_chart_prints_every_number_of_it_as_a_table():
    chart = made(more=[("报满率", ["80%", "0%"])])

    page = render_to_string("includes/_chart.html", {"chart": chart})

    assert chart.head == ["班", "已报", "待确认", "报满率"]
    assert chart.rows == [["声乐班", 3, 1, "80%"], ["茶艺班", 0, 0, "0%"]]
    assert page.count("<rect") == page.count("<pattern") + 2 + 2  # legend, two marks
    assert page.count("<td>") == 6


def test_chart_of_nothing_draws_nothing_and_says_so():
    chart = made(rows=[("声乐班", [0, 0])])

    page = render_to_string("includes/_chart.html", {"chart": chart})

    assert chart.is_empty
    assert "<svg" not in page
    assert "没有数据" in page


def test_chart_escapes_names_that_somebody_typed():
    chart = made(rows=[("<b>班</b>", [1, 1])])

    page = render_to_string("includes/_chart.html", {"chart": chart})

    assert "<b>" not in page


def test_chart_refuses_a_row_that_does_not_fit_its_series():
    with pytest.raises(ValueError, match="one number"):
        made(rows=[("声乐班", [1])])
    with pytest.raises(ValueError, match="one number"):
        made(rows=[("声乐班", [1, -1])])
