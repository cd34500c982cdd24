"""Lists of news: their order, filters, pages and cost."""

import re
from datetime import datetime, timedelta
from html import unescape
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from common import pagecache, paging
from news import pieces, querysets, views
from news.models import Article
from tests.news.factories import (
    make_article,
    make_column,
    make_photo,
    make_series,
)
from tests.news.pages import read, rows_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LONG = "示范标题" * 26 + "末尾"  # 106 characters: a real one was as long


@pytest.mark.parametrize("rows", [1, 7])
def test_article_list_costs_the_same_however_long(
    client, rows, django_assert_num_queries
):
    for _ in range(rows):
        make_article(photos=(make_photo(),), series=make_series(), series_no=1)
    read(client, "/news/")
    other = "/news/?pictures=1"

    with django_assert_num_queries(1):  # the moment
        page = read(client, "/news/")
    with django_assert_num_queries(3):  # and, the first time, how many and which
        read(client, other)

    assert len(rows_of(page)) == rows


@pytest.mark.parametrize("rows", [1, 7])
def test_column_page_costs_the_same_however_long(
    client, rows, django_assert_num_queries
):
    column = make_column()
    for _ in range(rows):
        make_article(column=column, photos=(make_photo(),))
    make_article()
    read(client, column.get_absolute_url())

    with django_assert_num_queries(1):  # the moment
        page = read(client, column.get_absolute_url())

    assert len(rows_of(page)) == rows


@pytest.mark.parametrize("rows", [1, 7])
def test_series_page_costs_two_queries_however_long(
    client, rows, django_assert_num_queries
):
    series = make_series()
    for number in range(rows):
        make_article(series=series, series_no=number + 1, photos=(make_photo(),))
    read(client, series.get_absolute_url())

    with django_assert_num_queries(2):  # the moment, the series
        response = client.get(series.get_absolute_url())

    numbers = [row["number"] for row in response.context["parts"]]
    assert numbers == list(range(1, rows + 1))


@pytest.mark.parametrize("rows", [1, 7])
@pytest.mark.parametrize("feed", ["all", "column"])
def test_feed_costs_the_same_however_long(
    client, rows, feed, django_assert_num_queries
):
    column = make_column()
    for _ in range(rows):
        make_article(column=column)
    address = "/news/feed/" if feed == "all" else f"/news/columns/{column.pk}/feed/"

    with django_assert_num_queries(1 if feed == "all" else 2):
        response = client.get(address)

    tree = ElementTree.fromstring(response.content)  # noqa: S314  our own feed
    assert len(tree.findall("{http://www.w3.org/2005/Atom}entry")) == rows


def test_article_list_uncached_costs_a_constant_too(
    client, django_assert_max_num_queries
):
    for _ in range(9):
        make_article(photos=(make_photo(),))
    pagecache.forget()

    with django_assert_max_num_queries(12):  # one of them the site's settings
        read(client, "/news/")


def test_column_page_leads_with_pinned_articles(client):
    column = make_column()
    make_article(column=column, title="新")
    make_article(
        column=column, title="置顶的", is_pinned=True, at=timezone.now() - 99 * HOUR
    )

    page = read(client, column.get_absolute_url())

    assert rows_of(page) == ["置顶的", "新"]
    assert page.count('<span class="chip chip--red">置顶</span>') == 1
    # where nothing is put first nothing says that it is
    assert "置顶<" not in read(client, "/news/")


def test_column_page_has_pages(client):
    column = make_column()
    for number in range(21):
        make_article(column=column, at=timezone.now() - (number + 1) * HOUR)
    address = column.get_absolute_url()

    first, second = read(client, address), read(client, f"{address}?page=2")

    assert (len(rows_of(first)), len(rows_of(second))) == (20, 1)
    assert not set(rows_of(first)) & set(rows_of(second))
    assert f"<title>{column.name}（第2页） - 攀枝花市总工会</title>" in second
    read(client, f"{address}?page=3", 404)
    read(client, f"{address}?page=x", 404)
    assert "共21篇" in read(client, address)


def test_column_page_filters_narrow_and_say_when_nothing_is_left(client):
    column = make_column()
    zone = timezone.get_default_timezone()
    make_article(column=column, at=timezone.datetime(2018, 6, 1, tzinfo=zone))
    make_article(column=column, photos=(make_photo(),))
    address = column.get_absolute_url()

    assert len(rows_of(read(client, f"{address}?year=2018"))) == 1
    assert len(rows_of(read(client, f"{address}?pictures=1"))) == 1
    assert "2018年（1）" in read(client, address)
    assert "2016年没有文章" in read(client, f"{address}?year=2016")
    for mangled in ("year=99999999999999", "year=%27", "pictures=2", "year="):
        assert len(rows_of(read(client, f"{address}?{mangled}"))) == 2


def day(*ymd):
    return timezone.datetime(*ymd, tzinfo=timezone.get_default_timezone())


def picks(html):
    """(words, address) of the filters, in their order."""
    found = re.findall(r'class="pick" href="([^"]*)"[^>]*>([^<]*)<', html)
    return [(words, unescape(href)) for href, words in found]


def test_column_page_year_offers_its_months_and_another_year_forgets_them(client):
    column = make_column()
    for at in (
        day(2018, 6, 1),
        day(2018, 5, 31, 23, 30),
        day(2018, 6, 9),
        day(2017, 5, 1),
        day(2017, 4, 1),
    ):
        make_article(column=column, at=at)
    address = column.get_absolute_url()

    plain, of_year, of_month = (
        read(client, address + query)
        for query in ("", "?year=2018", "?year=2018&month=6")
    )

    assert "月（" not in plain
    assert [pick for pick in picks(of_year) if "月（" in pick[0]] == [
        ("6月（2）", "?year=2018&month=6"),
        ("5月（1）", "?year=2018&month=5"),
    ]
    assert len(rows_of(of_month)) == 2
    assert ("2017年（2）", "?year=2017") in picks(of_month)
    assert ("不限", "?year=2018") in picks(of_month)
    other_year = picks(read(client, f"{address}?year=2017"))
    assert ("4月（1）", "?year=2017&month=4") in other_year
    assert not any("6月" in words for words, _href in other_year)


def test_column_page_offers_months_of_the_only_year_at_once(client):
    column = make_column()
    for month in (3, 4):
        make_article(column=column, at=day(2018, month, 1))
    address = column.get_absolute_url()

    html = read(client, address)

    assert ("4月（1）", "?year=2018&month=4") in picks(html)
    assert not any("年（" in words for words, _href in picks(html))
    assert len(rows_of(read(client, f"{address}?year=2018&month=4"))) == 1
    assert "2018年5月没有文章" in read(client, f"{address}?year=2018&month=5")
    for mangled in ("month=4", "year=x&month=4", "year=2018&month=13"):
        page = read(client, f"{address}?{mangled}")
        assert len(rows_of(page)) == 2
        assert 'aria-current="true">4月' not in page
    # who came by a link to the year can leave it
    assert ("全部", "?") in picks(read(client, f"{address}?year=2018&month=4"))


def test_column_page_offers_no_choice_of_one_month(client):
    column = make_column()
    make_article(column=column, at=day(2018, 3, 1))

    assert "月（" not in read(client, column.get_absolute_url())


def test_column_page_empty_says_so(client):
    column = make_column()

    assert "本栏目还没有内容" in read(client, column.get_absolute_url())
    assert "本栏目还没有内容" in read(client, "/news/")
    read(client, "/news/columns/999999/", 404)


def test_article_list_title_of_106_characters_stands_whole(client):
    assert len(LONG) == 106
    article = make_article(title=LONG)

    for address in (
        article.get_absolute_url(),
        article.column.get_absolute_url(),
        "/news/",
        "/news/feed/",
    ):
        assert LONG in read(client, address)


def test_column_page_names_itself_to_machines(client):
    column = make_column(name="工会要闻", description="市总工会的消息")

    page = read(client, column.get_absolute_url())

    assert '<meta name="ColumnName" content="工会要闻">' in page
    assert '<meta name="ColumnDescription" content="市总工会的消息">' in page
    assert f'href="/news/columns/{column.pk}/feed/"' in page


def pages_of(client, address, most=40):
    """The ids of the articles of every page, by the links 下一页 alone."""
    seen, page = [], 1
    while page:
        body = read(client, f"{address}?page={page}")
        seen.append(
            [
                int(pk)
                for pk in re.findall(r'story__t">\s*<a\s+href="/news/(\d+)/', body)
            ]
        )
        following = re.search(r'rel="next"\s+href="\?page=(\d+)#', body)
        assert len(seen) < most
        page = following and int(following[1])
    return seen


def test_long_list_has_all_its_pages_although_it_is_not_counted(client, monkeypatch):
    column = make_column()
    now = timezone.now()
    made = [make_article(column=column, at=now - n * HOUR).pk for n in range(1, 10)]
    monkeypatch.setattr(paging, "MOST_COUNTED", 4)
    monkeypatch.setattr(querysets, "MOST_COUNTED", 4)
    monkeypatch.setattr(pieces, "MOST_COUNTED", 4)
    monkeypatch.setattr(views.ArticleListView, "paginate_by", 2)
    address = column.get_absolute_url()

    seen = pages_of(client, address)

    assert sum(seen, []) == made
    assert [len(page) for page in seen] == [2, 2, 2, 2, 1]
    first = read(client, address)
    assert "超过4篇" in first and "page=last" in first
    assert "4+" in first  # beside the column's name
    last = read(client, f"{address}?page=last")
    assert "5/5" in last and "共9篇" in last
    for wrong in ("6", "99999999999999999999", "0", "x"):
        assert client.get(f"{address}?page={wrong}").status_code == 404


def test_years_and_months_count_to_a_bound(monkeypatch):
    monkeypatch.setattr(querysets, "MOST_COUNTED", 2)
    column = make_column()
    for month, number in [(1, 1), (6, 4)]:
        for _ in range(number):
            at = timezone.make_aware(datetime(2018, month, 1))  # midnight in Shanghai
            make_article(column=column, at=at)
    out = Article.objects.live()

    assert out.years() == [(2018, 3)]
    assert out.months(2018) == [(6, 3), (1, 1)]
