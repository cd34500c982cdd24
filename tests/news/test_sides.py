"""What stands beside a list of news."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.news.factories import make_article, make_column, make_photo, make_series
from tests.pages import markup

pytestmark = pytest.mark.django_db


def test_article_list_rail_names_what_can_be_read_and_marks_where_one_is(client):
    full, empty = make_column(name="职工文化"), make_column(name="空着的栏目")
    make_article(column=full)
    make_article(column=full)
    make_article(column=empty, at=timezone.now() + timedelta(days=1))

    everything = client.get("/news/").context["columns"]
    page = markup(client.get(full.get_absolute_url()))

    assert [(row["title"], row["number"]) for row in everything] == [("职工文化", "2")]
    marked = f'<a href="{full.get_absolute_url()}" aria-current="page">职工文化'
    assert marked in page


def test_column_page_side_shows_pictures_of_the_others(client):
    here, there = make_column(), make_column()
    for number in range(5):
        make_article(column=there, title=f"别栏图{number}", photos=(make_photo(),))
    make_article(column=there, title="别栏无图")
    make_article(column=here, title="本栏有图", photos=(make_photo(),))

    def pictured(column):
        page = client.get(column.get_absolute_url()).content.decode()
        box = page[page.index("图文推荐") :]
        return re.findall(r'class="clamp2">([^<]*)<', box[: box.index("</ul>")])

    assert pictured(here) == ["别栏图4", "别栏图3", "别栏图2", "别栏图1"]
    assert pictured(there) == ["本栏有图"]


def test_article_list_side_shows_the_series_that_have_begun(client):
    running, whole = make_series(title="连着写"), make_series(planned_parts=1)
    make_series(title="还没开始")
    make_article(series=running, series_no=1)
    make_article(series=whole, series_no=1)

    page = client.get("/news/").content.decode()
    box = page[page.index("系列报道") :]

    assert f'<a href="{running.get_absolute_url()}">连着写</a>' in box
    assert "已刊发1篇，待续" in box
    assert "共1篇" in box
    assert "还没开始" not in page
    assert (
        "系列报道" not in client.get(make_column().get_absolute_url()).content.decode()
    )
