"""Pages of the newsroom as the public and the staff get them."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from PIL import Image

from common import pagecache
from news import services
from news.models import Article, ArticleVersion
from news.services import Credit
from tests.factories import make_user
from tests.news.factories import (
    make_article,
    make_column,
    make_content,
    make_photo,
    make_sent,
    make_series,
    publish_newest,
    reporter,
    save_version,
)
from tests.news.pages import read, rows_of
from tests.pages import markup

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LONG = "示范标题" * 26 + "末尾"  # 106 characters: a real one was as long


@pytest.fixture
def staff():
    """Somebody of the newsroom who may read and not write, logged in."""
    user = make_user(is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["view_article", "all_columns"])
    )
    client = Client()
    client.force_login(user)
    return client


def whole_report(**changes):
    words = {
        "subtitle": "示例市职工文化纪实",
        "is_reprint": True,
        "source_name": "示例日报",
        "source_url": "https://paper.example/1",
        "editor_note": "按语第一段\n按语第二段",
        "body": "<p>　　开头。</p><h2>小标题</h2><p>——先立规矩。再办事。</p>",
        "bylines": (reporter("示例·王"), Credit("responsible", "示例·刘")),
        "photos": (make_photo(caption="图说", credit="示例供图", alt="画面"),),
    }
    return make_article(**(words | changes))


# --- the article ----------------------------------------------------------------------


def test_article_page_has_every_credit_of_a_report_in_its_own_element(client):
    series = make_series(title="纪实", planned_parts=3)
    at = timezone.datetime(2018, 6, 1, 9, 0, tzinfo=timezone.get_default_timezone())
    article = whole_report(series=series, series_no=1, at=at, title="主题")

    page = read(client, article.get_absolute_url())

    for piece in (
        "<h1>主题</h1>",
        '<p class="art__sub"><span class="nb">——示例</span>市职工文化纪实',
        "系列（一）</span>",
        '<time datetime="2018-06-01T09:00:00+0800">2018-06-01 09:00</time>',
        'href="https://paper.example/1" rel="noopener noreferrer">示例日报</a>',
        "<span>作者：示例·王</span>",
        '<p><span class="ednote__k">编者按</span>按语第一段</p><p>按语第二段</p>',
        '<p class="byline noindent">□<span class="byline__one">记者 示例·王</span></p>',
        "<p>开头。</p><h2>小标题</h2><p>——<strong>先立规矩。</strong>再办事。</p>",
        "<figcaption>图说（示例供图）</figcaption>",
        '<p class="signoff"><span class="byline__one">责任编辑：示例·刘</span></p>',
        "本文转载自示例日报",
        '<span class="head__note">待续</span>',
    ):
        assert piece in page
    assert "更新时间" not in page


def test_article_page_has_for_machines_what_the_rules_ask_for(client):
    """The government's labels, the social ones, the address."""
    article = whole_report(title="主题")
    corrected = services.content_of(ArticleVersion.objects.newest_of(article))
    save_version(article=article, content=replace(corrected, summary="新"), by=None)
    article = publish_newest(article=article, by=None)

    page = read(client, article.get_absolute_url())
    found = dict(
        re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page)
    )

    moment = timezone.localtime(article.publish_at)
    address = f"http://testserver/news/{article.pk}/"
    expected = {
        "SiteName": "攀枝花市总工会",
        "SiteDomain": "testserver",
        "ColumnName": article.column.name,
        "ArticleTitle": "主题",
        "PubDate": moment.strftime("%Y-%m-%d %H:%M"),
        "ContentSource": "示例日报",
        "Author": "示例·王",
        "Url": address,
        "og:title": "主题",
        "og:type": "article",
        "og:url": address,
        "og:description": "新",
        "og:image": f"http://testserver{article.lead_photo.medium_url}",
        "description": "新",
        "robots": "index, follow",
    }
    assert {name: found.get(name) for name in expected} == expected
    assert {"ColumnDescription", "ColumnKeywords", "ColumnType", "Keywords"} <= set(
        found
    )
    assert f'<link rel="canonical" href="{address}">' in page
    assert f"<title>主题 - {article.column.name} - 攀枝花市总工会</title>" in page
    assert "更新时间" in page
    assert client.get(article.lead_photo.medium_url)["Content-Type"] == "image/jpeg"


def test_article_page_costs_one_query_and_six_the_first_time(
    client, django_assert_num_queries
):
    series = make_series()
    article = whole_report(series=series, series_no=1)
    whole_report(series=series, series_no=2)
    for _ in range(7):
        make_article(column=article.column)
    other = Article.objects.filter(column=article.column).last()
    read(client, article.get_absolute_url())

    with django_assert_num_queries(1):  # the moment
        read(client, article.get_absolute_url())
    with django_assert_num_queries(6):  # it, words, neighbours, chosen, readers
        read(client, other.get_absolute_url())


def test_article_page_follows_a_publication_at_once(client):
    column = make_column()
    article = make_article(column=column)

    other = make_article(column=column, title="后来居上")

    assert "后来居上" in read(client, article.get_absolute_url())
    services.withdraw(article=other, by=None, reason="示例原因")
    assert "后来居上" not in read(client, article.get_absolute_url())


def test_article_page_cached_piece_expires_when_an_article_falls_due(
    client, monkeypatch
):
    column = make_column()
    article = make_article(column=column)
    due = make_article(column=column, title="准时", at=timezone.now() + HOUR)
    assert "准时" not in read(client, article.get_absolute_url())
    Article.objects.filter(pk=due.pk).update(publish_at=timezone.now() - HOUR)
    now = pagecache.moment
    assert "准时" not in read(client, article.get_absolute_url())

    monkeypatch.setattr(
        pagecache,
        "moment",
        lambda: pagecache.Moment(now().generation, now().now + 2 * HOUR),
    )

    assert "准时" in read(client, article.get_absolute_url())


def test_article_page_and_list_cached_follow_every_change(client):
    column, elsewhere = make_column(), make_column()
    old = make_article(column=column, title="旧", at=timezone.now() - 2 * HOUR)
    new = make_article(column=column, title="新", at=timezone.now() - HOUR)
    lists = column.get_absolute_url(), "/news/"

    def printed():
        """Both lists, warm: the second reading comes from the cache."""
        for address in lists:
            read(client, address)
        return [rows_of(read(client, address)) for address in lists]

    stands = {
        "column": column,
        "series": None,
        "series_no": None,
        "publish_at": old.publish_at,
        "expire_at": None,
        "is_pinned": False,
        "is_headline": False,
    }
    assert printed() == [["新", "旧"], ["新", "旧"]]
    services.place(article=old, by=None, **stands | {"is_pinned": True})
    assert printed() == [["旧", "新"], ["新", "旧"]]
    services.place(article=old, by=None, **stands | {"column": elsewhere})
    assert printed() == [["新"], ["新", "旧"]]
    content = services.content_of(new.versions.last())
    save_version(article=new, content=replace(content, title="更正后"), by=None)
    assert printed() == [["新"], ["新", "旧"]]
    publish_newest(article=new, by=None)
    assert printed() == [["更正后"], ["更正后", "旧"]]
    assert "<h1>更正后</h1>" in read(client, new.get_absolute_url())
    services.withdraw(article=new, by=None, reason="示例原因")
    assert printed() == [[], ["旧"]]
    read(client, new.get_absolute_url(), 410)


def test_article_page_and_list_cached_expire_with_their_article(client, monkeypatch):
    article = make_article(expire_at=timezone.now() + HOUR)
    addresses = article.get_absolute_url(), article.column.get_absolute_url()
    for address in addresses:
        read(client, address)
    Article.objects.filter(pk=article.pk).update(expire_at=timezone.now())
    assert rows_of(read(client, addresses[1]))  # as cached; its moment has not come
    read(client, addresses[0])
    now = pagecache.moment

    monkeypatch.setattr(
        pagecache,
        "moment",
        lambda: pagecache.Moment(now().generation, now().now + 2 * HOUR),
    )

    read(client, addresses[0], 404)
    assert not rows_of(read(client, addresses[1]))


def test_series_page_has_no_trace_of_an_unpublished_part(client):
    series = make_series(planned_parts=3)
    article = make_article(series=series, series_no=1)
    secret = make_article(
        series=series, series_no=2, title="未发之题", at=timezone.now() + HOUR
    )

    for address in (article.get_absolute_url(), series.get_absolute_url()):
        page = read(client, address)
        assert "未发之题" not in page
        assert secret.get_absolute_url() not in page
        assert "待续" in page


def test_series_page_pins_none_of_its_parts(client):
    series = make_series()
    article = make_article(series=series, series_no=1, is_pinned=True)

    assert "置顶" not in read(client, series.get_absolute_url())
    assert "置顶" in read(client, article.column.get_absolute_url())


def test_series_page_of_a_finished_series_says_so(client):
    series = make_series(planned_parts=1)
    article = make_article(series=series, series_no=1)

    assert "待续" not in read(client, article.get_absolute_url())
    assert "系列报道，已刊发1篇</p>" in read(client, series.get_absolute_url())


def test_series_page_without_a_public_part_is_404(client):
    series = make_series()
    make_sent(series=series, series_no=1)

    read(client, series.get_absolute_url(), 404)


@pytest.mark.parametrize("state", ["draft", "scheduled", "expired"])
def test_article_page_of_what_is_not_public_is_404(client, state):
    article = in_state(state)

    page = read(client, article.get_absolute_url(), 404)

    assert "密题" not in page
    assert client.get(f"/news/{article.pk}/qr.svg").status_code == 404
    assert client.get(f"/news/{article.pk}/preview/").status_code == 404


def in_state(state):
    now = timezone.now()
    if state == "draft":
        return make_sent(title="密题", body="<p>密文</p>")
    if state == "scheduled":
        return make_article(title="密题", body="<p>密文</p>", at=now + HOUR)
    article = make_article(title="密题", body="<p>密文</p>", photos=(make_photo(),))
    if state == "expired":
        Article.objects.filter(pk=article.pk).update(expire_at=now - HOUR / 2)
    if state == "withdrawn":
        services.withdraw(article=article, by=None, reason="示例原因")
    return article


def test_article_page_withdrawn_is_gone_with_its_title_and_pictures(client):
    article = in_state("withdrawn")

    response = client.get(article.get_absolute_url())

    page = response.content.decode()
    assert response.status_code == 410
    assert "该文章已撤下" in page
    assert "密题" not in page
    assert "密文" not in page
    assert "no-store" in response["Cache-Control"]
    assert client.get(article.lead_photo.small_url).status_code == 404
    assert "密题" not in read(client, "/news/")
    assert "密题" not in read(client, "/news/feed/")


@pytest.mark.parametrize("state", ["draft", "scheduled", "expired", "withdrawn"])
def test_article_page_shows_staff_what_is_not_public_under_a_strip(staff, state):
    article = in_state(state)

    response = staff.get(article.get_absolute_url())

    page = response.content.decode()
    assert response.status_code == 200
    assert "预览：" in page
    assert "密文" in page
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert "no-store" in response["Cache-Control"]


def test_article_preview_shows_staff_a_correction_and_the_public_the_old_text(
    staff, client
):
    article = make_article(title="旧题")
    save_version(article=article, content=make_content(title="新题"), by=None)

    assert "<h1>新题</h1>" in read(staff, f"/news/{article.pk}/preview/")
    assert "<h1>旧题</h1>" in read(client, article.get_absolute_url())


def test_article_preview_is_not_for_a_login_alone(client):
    client.force_login(make_user())
    draft = in_state("draft")

    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(f"/news/{draft.pk}/preview/").status_code == 404


def test_article_page_and_lists_show_stored_text_inert(client):
    evil = '"><script>alert(1)</script>'
    column = make_column(name="<i>栏</i>", description=evil)
    article = make_article(
        column=column,
        title=evil,
        subtitle=evil,
        source_name=evil,
        summary=evil,
        editor_note=evil,
        series=make_series(title=evil, intro=evil),
        series_no=1,
        bylines=(reporter(evil),),
        photos=(make_photo(caption=evil, credit=evil, alt=evil),),
        body=f"<p>{evil}</p><img src=x onerror=alert(1)>",
    )
    make_article(column=column)

    for address in (
        article.get_absolute_url(),
        column.get_absolute_url(),
        article.series.get_absolute_url(),
        "/news/",
        f"/news/{make_article(column=column).pk}/",
    ):
        page = read(client, address)
        assert "<script>alert" not in page
        assert "<i>栏" not in page
        assert "onerror" not in page.replace("&lt;img src=x onerror", "")


def test_article_page_picture_opens_the_largest_and_a_decoration_is_no_link(client):
    described, silent = (
        make_photo(alt="示例画面"),
        make_photo(alt="", is_decorative=True),
    )
    article = make_article(photos=(described, silent))

    page = read(client, article.get_absolute_url())

    links = re.findall(r'<a href="(/news/photos/[^"]*)"', page)
    assert links == [f"/news/photos/{described.picture.key}/1600.jpg"]
    assert client.get(links[0])["Content-Type"] == "image/jpeg"


def test_article_page_type_size_is_a_link_and_stays(client):
    article = make_article()

    response = client.get(f"{article.get_absolute_url()}?font=l", follow=True)

    page = markup(response)
    assert 'data-display="font-l"' in page
    assert '<a href="?font=l" aria-current="true">大</a>' in page


# --- feeds, pictures, codes -----------------------------------------------------------


def test_feed_gives_a_reader_that_has_the_newest_304(client):
    article = make_article()
    first = client.get("/news/feed/")

    again = client.get("/news/feed/", HTTP_IF_NONE_MATCH=first["ETag"])
    services.withdraw(article=article, by=None, reason="示例原因")
    changed = client.get("/news/feed/", HTTP_IF_NONE_MATCH=first["ETag"])

    assert (again.status_code, changed.status_code) == (304, 200)
    assert again.content == b""


def test_feed_says_words_as_they_were_typed_and_who_wrote_them(client):
    words = "若x<y则换行，键入&copy;"
    make_article(summary=words, bylines=(Credit("reporter", "示例·王"),))
    make_article(summary=words, source_name="示例日报")
    make_article(summary=words)

    tree = ElementTree.fromstring(client.get("/news/feed/").content)  # noqa: S314  our own feed

    atom = "{http://www.w3.org/2005/Atom}"
    entries = tree.findall(f"{atom}entry")
    for entry in entries:
        summary = entry.find(f"{atom}summary")
        assert (summary.get("type"), summary.text) == ("text", words)
    authors = [entry.find(f"{atom}author/{atom}name").text for entry in entries]
    assert authors == ["攀枝花市总工会", "示例日报", "示例·王"]


def test_photo_is_served_in_three_sizes_for_a_minute(client):
    article = make_article(photos=(make_photo(),))
    photo = article.lead_photo

    for address, width in ((photo.small_url, 480), (photo.large_url, 640)):
        response = client.get(address)
        assert response["Content-Type"] == "image/jpeg"
        assert response["Cache-Control"] == "public, max-age=60"
        assert Image.open(io.BytesIO(response.content)).width == width
    held = client.get(photo.small_url)["ETag"]
    again = client.get(photo.small_url, HTTP_IF_NONE_MATCH=held)
    assert again.status_code == 304
    assert client.get(photo.small_url.replace("480", "481")).status_code == 404
    assert client.get(photo.small_url.replace(photo.key, "0" * 32)).status_code == 404


def test_photo_costs_one_query(client, django_assert_num_queries):
    article = make_article(photos=(make_photo(),))

    with django_assert_num_queries(1):
        client.get(article.lead_photo.small_url)


def test_photo_of_a_draft_is_for_staff(client, staff):
    draft = make_sent(photos=(make_photo(),))
    address = draft.lead_photo.small_url

    response = staff.get(address)

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert client.get(address).status_code == 404


def test_article_qr_leads_to_the_article(client):
    article = make_article()

    response = client.get(f"/news/{article.pk}/qr.svg")

    tree = ElementTree.fromstring(response.content)  # noqa: S314  our own drawing
    assert response["Content-Type"] == "image/svg+xml"
    assert int(tree.attrib["width"]) >= 160
    assert f'src="/news/{article.pk}/qr.svg"' in read(
        client, article.get_absolute_url()
    )


def test_news_pages_are_read_not_written(client):
    article = make_article(photos=(make_photo(),))

    for address in (
        "/news/",
        "/news/feed/",
        article.get_absolute_url(),
        article.column.get_absolute_url(),
        article.lead_photo.small_url,
        f"/news/{article.pk}/qr.svg",
    ):
        assert client.post(address).status_code == 405
