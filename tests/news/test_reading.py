"""What stands around an article: related reading, parts to come, what is put forward."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common import pagecache
from common.errors import Refusal
from common.templatetags.richtext import linked_data
from news import pieces, services
from news.enums import Slot
from news.models import Article, Placement
from tests.factories import make_user
from tests.news.factories import (
    make_article,
    make_column,
    make_photo,
    make_sent,
    make_series,
)
from tests.pages import markup

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def around(article):
    article = Article.objects.for_page().get(pk=article.pk)
    return pieces.around(pagecache.moment(), article)["beside"]


def related(article):
    article = Article.objects.for_page().get(pk=article.pk)
    found = pieces.related(pagecache.moment(), article, {article.pk})
    return [row["pk"] for row in found]


def test_related_is_chosen_then_series_then_the_nearest_by_keywords():
    series = make_series()
    chosen = make_article(at=timezone.now() - 99 * HOUR)
    part = make_article(series=series, series_no=1)
    far = make_article(keywords=["培训"])
    near = make_article(keywords=["培训", "瑜伽"], at=timezone.now() - 9 * HOUR)
    make_article(keywords=["劳模"])
    article = make_article(
        series=series, series_no=2, keywords=["培训", "瑜伽"], chosen=[chosen, near]
    )
    make_article(column=article.column)

    found = related(article)

    assert set(found[:2]) == {chosen.pk, near.pk}
    assert found[2:] == [part.pk, far.pk]


def test_related_has_neither_itself_nor_what_is_not_public():
    draft = make_sent(keywords=["培训"])
    scheduled = make_article(keywords=["培训"], at=timezone.now() + HOUR)
    gone = make_article(keywords=["培训"])
    services.withdraw(article=gone, by=None, reason="示例原因")
    article = make_article(keywords=["培训"], chosen=[draft, scheduled, gone])

    assert related(article) == []
    assert "相关阅读" not in around(article)


def test_related_has_nothing_that_the_page_shows_already():
    series, column = make_series(), make_column()
    article = make_article(column=column, series=series, series_no=1, keywords=["茶"])
    part = make_article(
        series=series, series_no=2, title="本系列的另一篇", keywords=["茶"]
    )
    make_article(column=column, title="同栏目的下一篇", keywords=["茶"])
    other = make_article(title="同关键词的一篇", keywords=["茶"])

    beside = around(article)

    assert beside.count(f'href="{part.get_absolute_url()}"') == 1
    assert beside.count(f'href="{other.get_absolute_url()}"') == 1
    assert "同栏目的下一篇" not in beside  # stands below, as 下一篇


@pytest.mark.parametrize("announces", [True, False])
def test_series_box_announces_numbers_and_never_a_title(client, announces):
    series = make_series(planned_parts=3, announces_next=announces)
    first = make_article(series=series, series_no=1)
    secret = make_article(
        series=series, series_no=2, title="尚未公开的标题", at=timezone.now() + HOUR
    )

    for page in (first.get_absolute_url(), series.get_absolute_url()):
        text = markup(client.get(page))
        assert "尚未公开的标题" not in text
        assert secret.get_absolute_url() not in text
        assert ("即将刊发" in text) == announces
        assert ("（三）" in text) == announces


# --- what is put forward ------------------------------------------------------------


def put(article, *, by=None, approved=True, slot=Slot.SHOW, **fields):
    fields.setdefault("starts_at", timezone.now() - HOUR)
    placement = Placement(slot=slot, article=article, **fields)
    services.save_placement(placement=placement, by=by)
    if approved:
        services.approve_placement(placement=placement, by=make_user(is_staff=True))
    return placement


def shown():
    return list(Article.objects.illustrated(Slot.SHOW))


def test_placement_shows_first_while_its_time_lasts_and_the_place_refills():
    new, old = (
        make_article(photos=(make_photo(),), at=timezone.now() - hours * HOUR)
        for hours in (1, 99)
    )
    assert shown() == [new, old]
    placement = put(old)
    assert shown() == [old, new]

    for times in (
        {"ends_at": timezone.now() - timedelta(seconds=1)},
        {"starts_at": timezone.now() + HOUR, "ends_at": None},
    ):
        Placement.objects.filter(pk=placement.pk).update(**times)
        assert shown() == [new, old]
    services.withdraw(article=old, by=None, reason="示例原因")
    assert shown() == [new]


def test_placement_waits_for_a_second_person():
    new, old = (
        make_article(photos=(make_photo(),), at=timezone.now() - hours * HOUR)
        for hours in (1, 99)
    )
    editor = make_user(is_staff=True)
    placement = put(old, by=editor, approved=False)
    with pytest.raises(Refusal, match="另一位同事"):
        services.approve_placement(placement=placement, by=editor)
    assert shown() == [new, old]

    services.approve_placement(placement=placement, by=make_user(is_staff=True))
    assert shown() == [old, new]
    placement.refresh_from_db()
    services.save_placement(placement=placement, by=editor)
    assert shown() == [new, old]


def test_placement_needs_a_picture():
    with pytest.raises(Refusal) as refused:
        put(make_article())

    assert [reason.code for reason in refused.value.reasons] == ["no_picture"]


def test_next_change_at_knows_when_a_placement_begins_and_ends():
    now = pagecache.moment().now
    put(
        make_article(photos=(make_photo(),)),
        starts_at=now + 2 * HOUR,
        ends_at=now + 5 * HOUR,
    )

    assert Placement.objects.next_change_at(now) == now + 2 * HOUR
    assert Placement.objects.next_change_at(now + 3 * HOUR) == now + 5 * HOUR


# --- for machines -------------------------------------------------------------------


def linked(response):
    blocks = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', markup(response), re.S
    )
    return [json.loads(block) for block in blocks]


def test_article_page_is_described_for_machines(client):
    article = make_article(
        title="示例</script>标题",
        bylines=(services.Credit("reporter", "示例·王"),),
        photos=(make_photo(),),
        keywords=["培训"],
    )

    response = client.get(article.get_absolute_url())
    news, crumbs = linked(response)

    assert news["@type"] == "NewsArticle"
    assert news["headline"] == "示例</script>标题"
    assert news["author"] == [{"@type": "Person", "name": "示例·王"}]
    assert news["image"][0].startswith("http://testserver/news/photos/")
    assert news["datePublished"].endswith("+08:00")
    assert [item["position"] for item in crumbs["itemListElement"]] == [1, 2]
    for label in (
        *("SiteName", "SiteDomain", "ColumnName", "ColumnDescription"),
        *("ColumnKeywords", "ColumnType", "ArticleTitle", "PubDate", "ContentSource"),
        *("Keywords", "Author", "Image", "Url"),
    ):
        assert f'name="{label}"' in markup(response)


def test_linked_data_cannot_be_left():
    said = linked_data({"name": "</script><!-- & <script>"})

    assert said.count("<") == 2
    assert json.loads(re.sub("<[^>]*>", "", said))["name"] == "</script><!-- & <script>"


def test_home_page_tells_machines_how_it_is_searched(client):
    [graph] = linked(client.get(reverse("home")))

    organisation, website = graph["@graph"]
    target = website["potentialAction"]["target"]["urlTemplate"]
    assert website["publisher"]["@id"] == organisation["@id"]
    assert client.get(target.replace("{words}", "培训")).status_code == 200


def test_opensearch_describes_the_search(client):
    response = client.get(reverse("opensearch"))
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    root = ET.fromstring(response.content)  # noqa: S314  our own

    assert root.tag == f"{space}OpenSearchDescription"
    assert len(root.find(f"{space}ShortName").text) <= 16
    template = root.find(f"{space}Url").attrib["template"]
    assert client.get(template.replace("{searchTerms}", "培训")).status_code == 200
