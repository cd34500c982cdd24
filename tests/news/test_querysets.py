"""What is public, by the database's clock, and how many queries it takes to ask."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common import pagecache
from news import services
from news.enums import ArticleState, Slot
from news.models import Article, ArticlePhoto, ArticleVersion, Column, Series
from tests.news.factories import (
    make_article,
    make_column,
    make_photo,
    make_sent,
    make_series,
    publish_newest,
    save_version,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def state(article):
    return Article.objects.with_state().get(pk=article.pk).state


def live():
    return list(Article.objects.live().order_by("pk"))


@pytest.mark.parametrize(
    ("publish_at", "expire_at", "expected"),
    [
        (-SECOND, None, ArticleState.LIVE),
        (+SECOND * 2, None, ArticleState.SCHEDULED),
        (-HOUR, +SECOND * 2, ArticleState.LIVE),
        (-HOUR, -SECOND, ArticleState.EXPIRED),
        (+HOUR, +2 * HOUR, ArticleState.SCHEDULED),
    ],
)
def test_live_is_decided_by_a_second(publish_at, expire_at, expected):
    article = make_article()
    now = timezone.now()
    Article.objects.filter(pk=article.pk).update(
        publish_at=now + publish_at, expire_at=expire_at and now + expire_at
    )

    assert state(article) == expected
    assert bool(live()) == (expected == ArticleState.LIVE)


def test_live_is_decided_by_the_database_not_the_machine(monkeypatch):
    article = make_article(at=timezone.now() + HOUR)
    monkeypatch.setattr(timezone, "now", lambda: article.publish_at + HOUR)

    assert live() == []


def test_live_has_no_drafts_and_no_withdrawn_ones():
    draft, withdrawn = make_sent(), make_article()
    services.withdraw(article=withdrawn, by=None, reason="示例原因")

    assert live() == []
    assert (state(draft), state(withdrawn)) == (
        ArticleState.DRAFT,
        ArticleState.WITHDRAWN,
    )


def test_next_change_at_is_the_nearest_publication_or_expiry():
    now = pagecache.moment().now
    for hours in (5, 2, 9):
        make_article(at=now + hours * HOUR)
    make_article(expire_at=now + 3 * HOUR)
    gone = make_article(at=now + HOUR)
    services.withdraw(article=gone, by=None, reason="示例原因")
    make_sent(publish_at=now + HOUR)

    assert Article.objects.next_change_at(now) == now + 2 * HOUR
    assert Article.objects.next_change_at(now + 2 * HOUR) == now + 3 * HOUR
    assert Article.objects.next_change_at(now + 9 * HOUR) is None


@pytest.mark.parametrize("rows", [1, 5])
def test_for_rows_costs_one_query(rows, django_assert_num_queries):
    series = make_series()
    for number in range(rows):
        make_article(photos=(make_photo(),), series=series, series_no=number + 1)

    with django_assert_num_queries(1):
        printed = [
            (article.get_absolute_url(), article.part, article.lead_photo.small_url)
            for article in Article.objects.live().for_rows()
        ]

    assert len(printed) == rows


@pytest.mark.parametrize("columns", [1, 5])
def test_column_blocks_of_all_columns_cost_two_queries(
    columns, django_assert_num_queries
):
    make_column()
    hidden = make_column(is_active=False)
    make_article(column=hidden)
    for _ in range(columns):
        column = make_column()
        for hour in range(3):
            make_article(column=column, at=timezone.now() - (hour + 1) * HOUR)
        make_article(column=column, at=timezone.now() + HOUR)

    with django_assert_num_queries(2):
        blocks = Article.objects.column_blocks(limit=2)

    assert [len(articles) for _column, articles in blocks] == [2] * columns
    for column, articles in blocks:
        newest = Article.objects.live().filter(column=column).for_rows()[:2]
        assert articles == list(newest)


def test_headline_is_the_newest_marked_one_that_is_public():
    assert Article.objects.headline() is None
    make_article()
    old = make_article(is_headline=True, at=timezone.now() - 9 * HOUR)
    new = make_article(is_headline=True)
    make_article(is_headline=True, at=timezone.now() + HOUR)

    assert Article.objects.headline() == new
    services.withdraw(article=new, by=None, reason="示例原因")
    assert Article.objects.headline() == old


def test_illustrated_has_pictures_only():
    make_article()
    shown = make_article(photos=(make_photo(),))

    assert list(Article.objects.illustrated(Slot.SHOW)) == [shown]


def test_neighbours_are_those_of_the_column_that_are_public(django_assert_num_queries):
    column, now = make_column(), timezone.now()
    first, same, middle, last = (
        make_article(column=column, at=now - hours * HOUR) for hours in (5, 3, 3, 1)
    )
    make_article(at=now - 2 * HOUR)
    make_article(column=column, at=now + HOUR)

    with django_assert_num_queries(1):
        found = Article.objects.neighbours(middle)

    assert found["previous"]["pk"] == same.pk
    assert found["next"]["pk"] == last.pk
    assert Article.objects.neighbours(first).keys() == {"next"}


def test_for_page_comes_in_one_query_and_its_words_in_another(
    django_assert_num_queries,
):
    photos = (make_photo(alt="甲"), make_photo(alt="乙"))
    bylines = tuple(services.Credit("reporter", name) for name in "丙丁")
    made = make_article(
        photos=photos, bylines=bylines, series=make_series(), series_no=1
    )

    with django_assert_num_queries(1):
        article = Article.objects.for_page().get(pk=made.pk)
        assert article.column.name
        assert article.series.title
        assert article.state == "live"
    with django_assert_num_queries(1):
        version = ArticleVersion.objects.with_parts().get(pk=article.live_version_id)

    assert [row["name"] for row in version.byline_rows] == ["丙", "丁"]
    assert [row["alt"] for row in version.photo_rows] == ["甲", "乙"]


def test_years_are_counted_in_local_time():
    column = make_column()
    zone = timezone.get_default_timezone()
    make_article(column=column, at=timezone.datetime(2018, 1, 1, 0, 30, tzinfo=zone))
    make_article(column=column, at=timezone.datetime(2018, 6, 1, tzinfo=zone))
    make_article(column=column, at=timezone.datetime(2017, 12, 31, 23, tzinfo=zone))

    assert Article.objects.live().years() == [(2018, 2), (2017, 1)]
    assert Article.objects.live().published_in(2018).count() == 2
    assert Article.objects.live().months(2018) == [(6, 1), (1, 1)]
    assert Article.objects.live().months(2017) == [(12, 1)]
    assert Article.objects.live().published_in(2018, 6).count() == 1


def test_public_pictures_are_those_of_the_version_that_shows_them():
    photo = make_photo()
    article = make_article(photos=(photo,))
    assert ArticlePhoto.objects.public().count() == 1

    save_version(
        article=article,
        content=services.Content(title="无图", body="<p>文</p>"),
        by=None,
    )
    assert ArticlePhoto.objects.public().count() == 1
    publish_newest(article=article, by=None)

    assert ArticlePhoto.objects.public().count() == 0


def test_in_menu_and_series_show_what_is_there():
    shown = make_column(in_menu=True)
    make_column(in_menu=True, is_active=False)
    make_column()
    series, empty = make_series(), make_series()
    make_article(series=series, series_no=1)
    make_article(series=series, series_no=2, at=timezone.now() + HOUR)
    make_sent(series=empty, series_no=1)

    assert list(Column.objects.in_menu()) == [shown]
    assert [(s, s.parts_out) for s in Series.objects.opened()] == [(series, 1)]
