"""What machines read of the whole portal: robots.txt, the sitemap, cards of links."""

import io
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from PIL import Image

from honors import services as honors_services
from news import services as news_services
from tests.activities.factories import make_class, make_term, make_venue
from tests.honors.factories import make_edition, make_honoree
from tests.news.factories import (
    make_article,
    make_column,
    make_sent,
    make_upload,
    publish_newest,
)
from tests.pages import markup
from tests.volunteers.factories import make_team
from unionportal import sitemaps

pytestmark = pytest.mark.django_db


def listed(client, section):
    response = client.get(f"/sitemap-{section}.xml")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    return re.findall("<loc>http://testserver(.*?)</loc>", response.content.decode())


def metas(client, address):
    page = markup(client.get(address))
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page)
    assert len(dict(found)) == len(found), "One thing is said twice."
    return {name: unescape(value) for name, value in found}


def test_robots_are_shown_the_sitemap_and_what_is_nobodys_business(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert "Sitemap: http://testserver/sitemap.xml" in lines
    assert {"Disallow: /admin/", "Disallow: /my/"} <= set(lines)


def test_sitemap_leads_to_a_file_of_each_noun(client):
    body = client.get("/sitemap.xml").content.decode()

    found = re.findall(r"<loc>http://testserver/sitemap-(\w+)\.xml</loc>", body)
    assert set(found) == set(sitemaps.SECTIONS)
    for address in listed(client, "pages"):
        assert client.get(address, follow=True).status_code == 200


def test_sitemap_names_every_public_page_and_no_other(client):
    article, made, honoree = make_article(), make_class(), make_honoree()
    team, venue = make_team(), made.venue
    make_sent()
    tomorrow = timezone.now() + timedelta(days=1)
    publish_newest(article=make_sent(), by=None, at=tomorrow)
    make_class(term=make_term(is_published=False))
    make_team(is_active=False)
    make_venue(is_active=False)
    make_honoree(edition=make_edition(is_conferred=False))
    gone = make_honoree()
    honors_services.revoke(honoree=gone, reason="示例", by=None)

    for section, rows in [
        ("news", [article]),
        ("columns", [article.column]),
        ("terms", [made.term]),
        ("classes", [made]),
        ("venues", [venue]),
        ("honors", [honoree]),
        ("teams", [team]),
    ]:
        assert listed(client, section) == [row.get_absolute_url() for row in rows]


def test_sitemap_drops_at_once_what_is_withdrawn(client):
    article = make_article()
    before = listed(client, "news")

    news_services.withdraw(article=article, by=None, reason="示例原因")

    assert (before, listed(client, "news")) == ([article.get_absolute_url()], [])


def test_sitemap_from_the_cache_costs_one_query_and_an_unknown_one_is_404(
    client, django_assert_num_queries
):
    make_article()
    listed(client, "news")

    with django_assert_num_queries(1):
        listed(client, "news")
    for address in (
        "/sitemap-users.xml",
        "/sitemap-news.xml?p=7",
        "/sitemap-news.xml?p=x",
    ):
        assert client.get(address).status_code == 404


def test_sitemap_that_is_long_is_cut_into_files(client, monkeypatch):
    monkeypatch.setattr(sitemaps.Rows, "limit", 1)
    first, second = make_article(), make_article()

    body = client.get("/sitemap.xml").content.decode()

    assert "/sitemap-news.xml?p=2" in body
    response = client.get("/sitemap-news.xml?p=2")
    assert first.get_absolute_url() in response.content.decode()
    assert listed(client, "news") == [second.get_absolute_url()]


def test_shared_card_says_of_every_kind_of_page_what_it_is(client):
    made = make_class(name="茶艺<班>")
    honoree = make_honoree(name="示例·李")
    team = make_team(name="示例服务队", slogan="为您服务")
    column = make_column(name="通知&公告", description="各类通知")
    make_article(column=column)

    for row, title, words in [
        (made, "茶艺<班>", "免费"),
        (honoree, "示例·李", honoree.deed or honoree.edition.title),
        (team, "示例服务队", "为您服务"),
        (column, "通知&公告", "各类通知"),
        (made.term, made.term.title, "报名时间"),
        (made.venue, made.venue.name, made.venue.name),
    ]:
        found = metas(client, row.get_absolute_url())
        assert title in found["og:title"]
        assert words in found["og:description"] == found["description"]
        assert found["og:url"] == f"http://testserver{row.get_absolute_url()}"
        assert found["og:image"].startswith("http://testserver/")
        assert found["og:image"].endswith(".png")
    assert metas(client, "/")["og:title"] == "攀枝花市总工会"


def test_shared_card_has_a_picture_that_every_program_shows():
    content = Path(finders.find("img/share.png")).read_bytes()

    image = Image.open(io.BytesIO(content))
    assert image.format == "PNG"
    assert min(image.size) >= 300
    assert len(content) <= 500 * 1024


def test_shared_card_has_a_picture_for_a_portrait_and_for_an_article_without(client):
    honoree, article = make_honoree(), make_article()
    upload = make_upload(800, 600)
    portrait = honors_services.keep_portrait(upload)
    honors_services.set_portrait(honoree=honoree, portrait=portrait, by=None)

    own = metas(client, honoree.get_absolute_url())["og:image"]
    default = metas(client, article.get_absolute_url())["og:image"]

    picture = client.get(own.removeprefix("http://testserver"))
    assert picture.content.startswith(b"\xff\xd8\xff")
    assert "share" in default


def test_news_list_of_all_says_to_machines_what_column_it_is(client):
    found = metas(client, "/news/")

    for name in ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"):
        assert found[name]
