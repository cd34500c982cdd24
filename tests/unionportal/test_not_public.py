"""What is withdrawn or not out yet is behind no door of the portal, from that second on."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from news import services
from news.enums import Slot
from news.models import Article, Placement, ReadersOfDay
from tests.factories import make_user
from tests.news.comments import approved, make_comment
from tests.news.factories import make_article, make_column, make_photo, make_series
from tests.news.test_attachments import make_file
from unionportal import searchviews

pytestmark = pytest.mark.django_db
WORD = "琥珀榴莲"  # stands nowhere else
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    searchviews.asking.forget()
    searchviews.typing.forget()


@pytest.fixture
def scene():
    """One article that stands wherever an article can stand, among others."""
    column, series = make_column(in_menu=True), make_series(planned_parts=3)
    photo, file = make_photo(caption=f"{WORD}图"), make_file(name=f"{WORD}表")
    article = make_article(
        column=column,
        series=series,
        series_no=1,
        title=f"{WORD}头条",
        summary=f"{WORD}摘要",
        body=f"<p>{WORD}正文</p>",
        photos=(photo,),
        files=(file,),
        is_headline=True,
        is_pinned=True,
        keywords=[WORD],
    )
    other = make_article(
        column=column, series=series, series_no=2, keywords=[WORD[:2], WORD]
    )
    beside = make_article(chosen=[article], photos=(make_photo(),))
    for slot in Slot:
        placement = Placement(
            slot=slot, article=article, starts_at=timezone.now() - HOUR
        )
        services.save_placement(placement=placement, by=None)
        services.approve_placement(placement=placement, by=make_user(is_staff=True))
    ReadersOfDay.objects.create(article=article, day=timezone.localdate(), number=9)
    services.rank()
    return article, [other, beside], photo, file


def doors(article, others):
    """Every page and machine's page on which an article may stand."""
    column, series = article.column, article.series
    return [
        reverse("home"),
        reverse("news:article-list"),
        reverse("news:feed"),
        reverse("news:rss"),
        column.get_absolute_url(),
        f"{column.get_absolute_url()}?pictures=1",
        reverse("news:column-feed", args=[column.pk]),
        reverse("news:column-rss", args=[column.pk]),
        series.get_absolute_url(),
        *(other.get_absolute_url() for other in others),
        reverse("search") + f"?q={WORD}",
        reverse("search-suggestions") + f"?q={WORD[:2]}",
        reverse("site-map"),
        reverse("sitemap"),
        reverse("sitemap-section", args=["news"]),
    ]


def text_of(response):
    """Its words, also those of an answer to a script, which are written by numbers."""
    text = response.getvalue().decode(errors="ignore")
    is_json = response["Content-Type"] == "application/json"
    return str(json.loads(text)) if is_json else text


def traces(client, article, others):
    """Doors behind which something of the article is found."""
    found = []
    for door in doors(article, others):
        text = text_of(client.get(door))
        # a page of the search says again what was asked for
        says = [f"{WORD}{what}" for what in ("头条", "摘要", "正文", "图", "表")]
        if any(word in text for word in says) or f"/news/{article.pk}/" in text:
            found.append(door)
    return found


def statuses(client, article, photo, file):
    return [
        client.get(address).status_code
        for address in (
            article.get_absolute_url(),
            reverse("news:article-qr", args=[article.pk]),
            reverse("news:photo", args=[photo.picture.key, 480]),
            reverse("news:file", args=[file.file.key]),
            reverse("news:article-preview", args=[article.pk]),
        )
    ]


HREF = re.compile(
    r"""(?:href|src|srcset|poster|content|action)="([^"]*)"|<loc>([^<]*)"""
)
MOST_PAGES = 400


def crawled(client, begin, again=()):
    """Address → (status, text) of every page that links lead to, from these on."""
    found, waiting = {}, list(dict.fromkeys([*begin, *again]))
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        response = client.get(address)
        text = text_of(response)
        found[address] = (response.status_code, text)
        assert len(found) < MOST_PAGES
        is_page = (
            "html" in response["Content-Type"] or "xml" in response["Content-Type"]
        )
        links = HREF.findall(text) if is_page else []
        for link in (part.split()[0] for one in links for part in _parts(one)):
            link = unescape(link).removeprefix("http://testserver").partition("#")[0]
            is_ours = link.startswith("/") and not link.startswith("//")
            is_left_out = re.match("/(static|admin|accounts|signups)/", link)
            if is_ours and not is_left_out and link.count("=") <= 1:
                waiting.append(link)
    return found


def _parts(link):
    return [part for part in "".join(link).split(", ") if part.strip()]


def test_withdrawn_article_is_nowhere_that_a_link_ever_led_to(client, scene):
    article, others, photo, file = scene
    approved(make_comment(article=article, text=f"{WORD}评论"))
    words = [f"{WORD}{what}" for what in ("头条", "摘要", "正文", "图", "表", "评论")]
    own = re.compile(f"/news/{article.pk}/|{photo.picture.key}|{file.file.key}")

    def is_trace(address, status, text):
        if any(word in text for word in words):
            return True
        if own.search(address):  # a page that is gone names its address itself
            return status not in (404, 410)
        return bool(own.search(text))

    def traces(pages):
        return [address for address, page in pages.items() if is_trace(address, *page)]

    before = crawled(client, doors(article, others))
    assert len(before) > 40 and len(traces(before)) > 15
    assert any(photo.picture.key in address for address in before)
    assert any(file.file.key in address for address in before)

    services.withdraw(article=article, by=None, reason="示例原因")

    after = crawled(client, doors(article, others), again=before)
    assert after.keys() >= before.keys()
    assert traces(after) == []


def number_public():
    return Article.objects.live().count()


def test_withdrawn_article_is_behind_no_door(client, scene):
    article, others, photo, file = scene
    seen = traces(client, article, others)  # everything is cached now
    assert set(doors(article, others)) - set(seen) <= {
        reverse("site-map"),
        reverse("sitemap"),
    }
    assert statuses(client, article, photo, file)[:4] == [200] * 4
    before = number_public()

    services.withdraw(article=article, by=None, reason="示例原因")

    assert traces(client, article, others) == []
    assert statuses(client, article, photo, file) == [410, 404, 404, 404, 404]
    assert WORD not in client.get(article.get_absolute_url()).content.decode()
    assert number_public() == before - 1
    reading = (article.pk, "203.0.113.5", "Mozilla/5.0 Firefox")
    assert services.count_readers(readings=[reading]) == 0


def test_scheduled_article_is_behind_no_door_before_its_time(client, scene):
    article, others, photo, file = scene
    Article.objects.filter(pk=article.pk).update(publish_at=timezone.now() + HOUR)
    services.publish(  # in its verb's way: an unchanged version, a time to come
        article=others[0], version=others[0].live_version, by=None
    )

    assert traces(client, article, others) == []
    assert statuses(client, article, photo, file) == [404] * 5


def test_scheduled_article_is_behind_every_door_when_its_time_has_come(client, scene):
    article, others, photo, file = scene
    Article.objects.filter(pk=article.pk).update(
        publish_at=timezone.now() - timedelta(seconds=1)
    )
    services.publish(article=others[0], version=others[0].live_version, by=None)

    assert reverse("news:feed") in traces(client, article, others)
    assert statuses(client, article, photo, file)[:4] == [200] * 4
