"""Who reads is counted once a day, and known to nobody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from common import pagecache
from common.readercount import ReaderCount
from news import pieces, readers, services
from news.models import (
    Article,
    ArticleReaders,
    Ranked,
    ReaderMark,
    ReadersOfDay,
    ReadingDay,
)
from tests.factories import make_user
from tests.news.factories import make_article, make_column
from tests.pages import markup

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0"
DAY = timedelta(days=1)


def read(article, address="203.0.113.5", agent=PHONE):
    return services.count_readers(readings=[(article.pk, address, agent)])


def number(article):
    return ArticleReaders.objects.of(article)


def ranked(days):
    return [row for row in Article.objects.most_read() if row.days == days]


def read_on(article, ago, number):
    day = timezone.localdate() - ago * DAY
    ReadersOfDay.objects.create(article=article, day=day, number=number)


def test_count_readers_counts_one_reader_once_a_day():
    article, other = make_article(), make_article()
    for _ in range(100):
        read(article)
    read(article, address="203.0.113.6")
    read(article, agent=PHONE + " again")
    read(other)

    assert (number(article), number(other)) == (3, 1)


def test_count_readers_counts_the_same_reader_again_the_next_day():
    article = make_article()
    read(article)
    yesterday = timezone.localdate() - DAY
    ReaderMark.objects.update(day=yesterday)
    ReadingDay.objects.update(day=yesterday)

    assert read(article) == 1
    assert number(article) == 2


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider)",
        "Mozilla/5.0 AppleWebKit/537.36 (compatible; bingbot/2.0) Chrome/103",
        "Mozilla/5.0 (Linux; Android 5.0) (compatible; Bytespider)",
        "Sogou web spider/4.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1)",
        "python-requests/2.31",
        "curl/8.1",
    ],
)
def test_count_readers_leaves_out_programs(agent):
    article = make_article()

    assert read(article, agent=agent) == 0
    assert number(article) == 0


def test_count_readers_leaves_out_what_is_not_public():
    scheduled = make_article(at=timezone.now() + DAY)
    withdrawn = make_article()
    services.withdraw(article=withdrawn, by=None, reason="示例原因")
    gone = services.count_readers(readings=[(10**17, "203.0.113.5", PHONE)])

    assert (read(scheduled), read(withdrawn), gone) == (0, 0, 0)


def test_marks_hold_no_address_and_go_with_their_day():
    article = make_article()
    read(article)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(m)::text FROM news_readermark m")
        (row,) = cursor.fetchone()
    assert "203.0.113" not in row
    assert "Android" not in row

    ReaderMark.objects.update(day=timezone.localdate() - DAY)
    ReadingDay.objects.update(day=timezone.localdate() - DAY)
    services.forget_readers()

    assert not ReaderMark.objects.exists()
    assert not ReadingDay.objects.exists()
    assert number(article) == 1


def test_marks_of_two_days_have_nothing_in_common():
    """Without the day's secret nobody can say that it was the same reader."""
    article = make_article()
    read(article)
    [first] = ReaderMark.objects.values_list("mark", flat=True)
    ReaderMark.objects.update(day=timezone.localdate() - DAY)
    ReadingDay.objects.all().delete()
    read(article)

    assert ReaderMark.objects.exclude(mark=first).count() == 1


def test_write_takes_the_address_from_the_proxy_we_trust(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    article = make_article()

    def page(_environ, start_response):
        start_response("200 OK", [])
        return []

    count = ReaderCount(page, key_of=readers.article_at, write=readers.write)
    count._start = lambda: None
    for said, forwarded in enumerate(["203.0.113.7", "203.0.113.8", "203.0.113.7"]):
        environ = {
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_X_FORWARDED_FOR": f"198.51.100.{said}, {forwarded}",
            "HTTP_USER_AGENT": PHONE,
            "REQUEST_METHOD": "GET",
            "PATH_INFO": article.get_absolute_url(),
        }
        count(environ, lambda *_said: None)
    count.flush()

    assert number(article) == 2


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/news/12/", 12),
        ("/news/12/preview/", None),
        ("/news/feed/", None),
        ("/news/0/", None),
        ("/news/" + "9" * 40 + "/", None),
        ("/", None),
    ],
)
def test_article_at_knows_the_pages_of_articles(path, key):
    assert readers.article_at(path) == key


def test_article_page_is_not_counted_for_staff(client, rf):
    article = make_article()
    client.force_login(make_user(is_staff=True))
    counted = client.get(article.get_absolute_url())
    assert "portal.uncounted" in counted.wsgi_request.META

    client.logout()
    visited = client.get(article.get_absolute_url())
    assert "portal.uncounted" not in visited.wsgi_request.META


def test_article_page_says_how_often_it_was_read(client):
    article = make_article()
    ArticleReaders.objects.create(article=article, number=1234)

    assert "浏览：1,234次" in markup(client.get(article.get_absolute_url()))


def test_rank_counts_seven_and_thirty_days_and_lets_old_ones_fall_off():
    column = make_column()
    new, month, old = (make_article(column=column) for _ in range(3))
    other = make_article()
    read_on(new, 0, 5)
    read_on(month, 7, 50)
    read_on(old, 30, 500)
    read_on(other, 6, 1)
    services.rank()

    week, days30 = ranked(7), ranked(30)
    assert week == [new, other]
    assert days30 == [month, new, other]
    ReadersOfDay.objects.all().delete()
    services.rank()
    assert not Ranked.objects.exists()


def test_ranking_of_a_column_has_its_own_only():
    column, elsewhere = make_column(), make_article()
    mine = make_article(column=column)
    read_on(elsewhere, 0, 9)
    read_on(mine, 0, 1)
    services.rank()

    [week, _month] = pieces.ranking(pagecache.moment(), column.pk)

    assert [row["pk"] for row in week["articles"]] == [mine.pk]


def test_ranking_drops_a_withdrawn_article_at_once(client):
    article, other = make_article(title="示例热门"), make_article()
    read_on(article, 0, 9)
    read_on(other, 0, 1)
    services.rank()
    home = reverse("home")
    assert markup(client.get(home)).count("示例热门") > 0
    services.withdraw(article=article, by=None, reason="示例原因")

    assert "示例热门" not in markup(client.get(home))
