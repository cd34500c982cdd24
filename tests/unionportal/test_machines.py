"""Programs of others read what is written for programs: a feed reader, a calendar and a
reader of sitemaps, none of which has written it."""

from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import feedparser
import pytest
import vobject
from django.urls import reverse
from django.utils import timezone
from sitemapparser import SiteMapParser, site_map_parser

from news import services
from news.services import Credit
from signups.services import feeds, offerings, seats
from tests.activities.factories import make_class
from tests.factories import make_worker_with_login
from tests.news.factories import make_article, make_column
from tests.volunteers.services import make_event
from unionportal import sitemaps

pytestmark = pytest.mark.django_db
TITLE = "“示例”<b>标题</b>&amp;若x<y、A&B"
SUMMARY = "若x<y则换行，键入&copy;\n第二行"
HOST = "http://testserver"


@pytest.fixture(params=["news:feed", "news:rss", "news:column-feed", "news:column-rss"])
def feed(request):
    """The address of each feed, and an article that stands in it."""
    column = make_column(name="要闻<一>&二", description="一列")
    credits = (Credit("reporter", "示例·王"),)
    article = make_article(column=column, title="第一条")
    article = make_article(column=column, title=TITLE, summary=SUMMARY, bylines=credits)
    args = [column.pk] if "column" in request.param else []
    return reverse(request.param, args=args), article


def test_feed_reader_reads_every_feed(client, feed):
    address, article = feed
    response = client.get(address)

    headers = {name.lower(): value for name, value in response.headers.items()}
    read = feedparser.parse(response.content, response_headers=headers)

    assert not read.bozo, read.get("bozo_exception")
    assert read.version in ("atom10", "rss20")
    assert read.feed.title.startswith("攀枝花市总工会")
    assert read.feed.link.startswith(HOST)
    assert address in [urlsplit(link.href).path for link in read.feed.links]
    assert len(read.entries) == 2 and len({entry.id for entry in read.entries}) == 2
    entry = read.entries[0]
    is_html = entry.summary_detail.type == "text/html"
    words = unescape(entry.summary) if is_html else entry.summary
    assert words.split() == SUMMARY.split()  # without a tag more
    assert entry.title == TITLE
    assert entry.link == HOST + article.get_absolute_url()
    assert entry.author == "示例·王"
    assert [tag.term for tag in entry.tags] == [article.column.name]
    moment = entry.get("published_parsed") or entry.updated_parsed
    assert moment[:6] == article.publish_at.utctimetuple()[:6]


def test_feed_reader_that_has_the_newest_gets_304_and_never_keeps_what_is_withdrawn(
    client, feed
):
    address, article = feed
    first = client.get(address)
    later = (timezone.now() + timedelta(minutes=1)).strftime(
        "%a, %d %b %Y %H:%M:%S GMT"
    )
    again = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])

    services.withdraw(article=article, by=None, reason="示例原因")

    assert (again.status_code, again.content) == (304, b"")
    for known in (
        {"HTTP_IF_NONE_MATCH": first["ETag"]},
        {"HTTP_IF_MODIFIED_SINCE": first.headers.get("Last-Modified", later)},
        {"HTTP_IF_MODIFIED_SINCE": later},
    ):
        read = feedparser.parse(client.get(address, **known).content)
        assert [entry.title for entry in read.entries] == ["第一条"]


def test_calendar_program_reads_every_calendar(client):
    worker = make_worker_with_login()
    course_class = make_class(name="“示例”；班,A\\B")
    offering = course_class.offering
    signup = seats.sign_up(offering_id=offering.pk, worker=worker, by=worker.user)
    first = offering.occasions.first()
    offerings.move_occasion(
        occasion=first,
        starts_at=first.starts_at + timedelta(days=1),
        ends_at=first.ends_at + timedelta(days=1),
        place="另一间；二楼,左",
        by=None,
    )
    first.refresh_from_db()
    client.force_login(worker.user)
    lessons = offering.occasions.count()
    token = feeds.make(user=worker.user)

    for name, argument, number in [
        ("activities:training:class-calendar", course_class.pk, lessons),
        ("signups:signup-calendar", signup.pk, lessons),
        ("signups:calendar-feed", token, lessons),
        ("volunteers:event-calendar", make_event().pk, 1),
    ]:
        response = client.get(reverse(name, args=[argument]))
        text = response.content.decode()
        [calendar] = vobject.readComponents(text)

        assert response["Content-Type"].startswith("text/calendar")
        assert calendar.validate(raiseException=True)
        entries = calendar.vevent_list
        assert len(entries) == number == len({one.uid.value for one in entries})
        assert all(one.dtstart.value.tzinfo for one in entries)
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
        if number == lessons:
            moved = min(entries, key=lambda one: one.uid.value != _uid(first, entries))
            assert moved.summary.value == offering.title
            assert moved.dtstart.value == first.starts_at
            assert moved.location.value == first.place


def _uid(occasion, entries):
    [uid] = [e.uid.value for e in entries if e.dtstart.value == occasion.starts_at]
    return uid


def test_sitemap_reader_of_others_finds_every_page_of_a_long_one(client, monkeypatch):
    monkeypatch.setattr(sitemaps.Rows, "limit", 2)
    articles = [make_article(title=f"{TITLE}{number}") for number in range(5)]
    make_class()
    monkeypatch.setattr(
        site_map_parser, "download_uri_data", lambda address: asked(client, address)
    )

    index = list(SiteMapParser(f"{HOST}/sitemap.xml").get_sitemaps())
    found = {
        file.loc: list(SiteMapParser(file.loc).get_urls())
        for file in index
        if b"<url>" in asked(client, file.loc)
    }

    addresses = [page.loc for pages in found.values() for page in pages]
    assert len(addresses) == len(set(addresses))
    assert max(map(len, found.values())) <= 20
    assert {HOST + article.get_absolute_url() for article in articles} <= set(addresses)
    for address in addresses:
        answer = client.get(address.removeprefix(HOST), follow=True)
        assert answer.status_code == 200, address
    news = [file for file in index if "sitemap-news" in file.loc]
    assert len(news) == 3
    newest = max(article.publish_at for article in articles)
    assert {file.lastmod for file in news} == {newest}


def asked(client, address) -> bytes:
    response = client.get(address.removeprefix(HOST))
    assert response.status_code == 200, address
    return response.content
