"""The wings meet on the home page; one worker's signups on theirs."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from common import pagecache
from news import services as news
from news.models import Article
from signups.models import Signup
from signups.services import seats
from tests.factories import make_offering, make_worker, make_worker_with_login
from tests.news.factories import make_article, make_column
from tests.pages import markup

pytestmark = pytest.mark.django_db


def home(client):
    return markup(client.get("/"))


def test_home_page_empty_site_shows_its_tiles_and_says_that_content_is_coming(client):
    html = home(client)

    assert "栏目内容正在更新" in html
    assert "培训报名" in html
    assert "hero-line" not in html
    assert "劳模工匠</h2>" not in html


def test_home_page_shows_an_article_published_today_and_hides_it_once_withdrawn(client):
    article = make_article(title="刚刚发布的消息")
    before = home(client)

    news.withdraw(article=article, by=None, reason="示例原因")

    assert "刚刚发布的消息" in before
    assert "刚刚发布的消息" not in home(client)


def test_home_page_scheduled_article_appears_at_its_time_without_anybody(client):
    """Cached pieces end at the next publication: no generation is raised here."""
    article = make_article(title="定时的消息", at=timezone.now() + timedelta(hours=1))
    before = home(client)
    at = pagecache.moment()

    later = pagecache.Moment(at.generation, at.now + timedelta(hours=2))
    Article.objects.filter(pk=article.pk).update(publish_at=Now())
    from unionportal.home import blocks

    assert "定时的消息" not in before
    assert "定时的消息" in str(blocks(later))


@pytest.mark.parametrize("place", [0, 2])  # beside the picture show; a block below
def test_home_page_headline_is_not_said_again_in_its_column(client, place):
    columns = [make_column() for _ in range(3)]
    make_article(title="其余的消息", column=columns[place])
    make_article(title="今天的头条", column=columns[place], is_headline=True)
    for column in columns:
        make_article(column=column)

    assert home(client).count("今天的头条</") == 1
    assert "其余的消息" in home(client)


def test_home_page_column_that_has_only_the_headline_keeps_it(client):
    make_article(title="今天的头条", is_headline=True)

    assert home(client).count("今天的头条</") == 2


def test_home_page_figures_count_what_is_public_now(client):
    for number in range(3):
        article = make_article(title=f"第{number}篇")
    news.withdraw(article=article, by=None, reason="示例原因")
    make_article(at=timezone.now() + timedelta(hours=1))

    [entry] = client.get("/").context["figures"]

    assert entry == ("刊发文章", 2, "篇")


def test_home_page_column_beside_the_show_is_full_without_the_headline(client):
    column = make_column()
    for n in range(9):
        make_article(title=f"第{n}条", column=column)
    make_article(title="今天的头条", column=column, is_headline=True)

    shown = [n for n in range(9) if f"第{n}条</" in home(client)]

    assert shown == list(range(1, 9))


@pytest.mark.parametrize("number", [1, 6])
def test_home_page_costs_the_same_however_much_there_is(
    client, number, django_assert_num_queries
):
    for _ in range(number):
        column = make_column(in_menu=True)
        for _ in range(number):
            make_article(column=column)
    home(client)  # the cached pieces are made

    with django_assert_num_queries(1):  # generation and clock; no class is in sign-up
        home(client)
    pagecache.forget()
    with django_assert_num_queries(20):
        home(client)


def my(client):
    return markup(client.get("/my/"))


def test_my_page_shows_seats_places_in_the_queue_and_what_is_over(client):
    worker = make_worker_with_login()
    client.force_login(worker.user)
    coming, full = (
        make_offering(title="声乐班"),
        make_offering(capacity=0, title="茶艺班"),
    )
    for offering in (coming, full):
        seats.sign_up(offering_id=offering.pk, worker=worker, by=None)

    html = my(client)

    assert "声乐班" in html
    assert "下次：" in html
    assert "第1位（共1位）" in html
    assert html.index("声乐班") < html.index("茶艺班")


def test_my_page_shows_nobody_elses_signups(client):
    offering = make_offering(title="别人的班")
    seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)
    client.force_login(make_worker_with_login().user)

    html = my(client)

    assert "别人的班" not in html
    assert "您还没有报名" in html


def test_my_page_is_kept_nowhere(client):
    client.force_login(make_worker_with_login().user)

    assert "no-store" in client.get("/my/")["Cache-Control"]


@pytest.mark.parametrize("number", [1, 6])
def test_my_page_is_stored_nowhere(client, number, django_assert_num_queries):
    worker = make_worker_with_login()
    client.force_login(worker.user)
    for _ in range(number):
        seats.sign_up(offering_id=make_offering().pk, worker=worker, by=None)
    my(client)

    # session, user with worker, union, generation and clock, signups, teams, unread,
    # conduct points that count
    with django_assert_num_queries(8):
        html = my(client)

    assert html.count('class="mine"') == number
    assert Signup.objects.count() == number
