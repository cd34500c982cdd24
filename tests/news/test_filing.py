"""Articles put on the page in bulk are the same as those put there one by one."""

from datetime import timedelta

import pytest
from django.forms import model_to_dict
from django.utils import timezone

from common.errors import Refusal
from news import services
from news.models import Article, ArticleVersion, Byline
from tests.news.factories import (
    make_article,
    make_column,
    make_content,
    make_photo,
    publish_newest,
)

pytestmark = pytest.mark.django_db


def filing(column, **fields):
    content = make_content(**fields)
    at = timezone.now() - timedelta(days=3)
    return services.Filing(column=column, content=content, publish_at=at)


def stored(article):
    """Everything that is stored of an article but keys and moments."""
    own = {"id", "publish_at", "live_version", "article", "created_at", "sha256"}
    version = article.live_version
    stored_values = model_to_dict(article) | {
        f"version {name}": value
        for name, value in ArticleVersion.objects.filter(pk=version.pk)
        .values()[0]
        .items()
    }
    lines = list(version.bylines.order_by("order").values_list("role", "name", "order"))
    return {
        name: value
        for name, value in stored_values.items()
        if name.removeprefix("version ").removesuffix("_id") not in own
    } | {"lines": lines, "sha256": version.sha256, "state": state(article)}


def state(article):
    return Article.objects.with_state().get(pk=article.pk).state


def test_file_articles_and_publish_store_alike():
    column = make_column()
    words = {
        "title": " 长标题 ",
        "subtitle": "——副题",
        "source_name": "示例日报",
        "is_reprint": True,
        "editor_note": "按语",
        "body": '<p onclick="x()">　　——开头。正文</p><script>x</script>',
        "bylines": (
            services.Credit("reporter", "示例·甲"),
            services.Credit("photographer", "示例·乙"),
        ),
    }
    one = make_article(column=column, **words)

    services.file_articles(filings=[filing(column, **words)], by=None)

    filed = Article.objects.exclude(pk=one.pk).get()
    assert stored(filed) == stored(Article.objects.get(pk=one.pk))
    assert filed.title == "长标题"
    publish_newest(article=filed, by=None)  # which compares the digest


def test_file_articles_is_read_at_once(client):
    column = make_column()
    assert client.get(column.get_absolute_url()).status_code == 200  # cached, and empty

    services.file_articles(filings=[filing(column, title="旧闻")], by=None)

    article = Article.objects.get()
    assert "旧闻" in client.get(column.get_absolute_url()).content.decode()
    assert client.get(article.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("number", [1, 7])
def test_file_articles_costs_the_same_however_many(number, django_assert_num_queries):
    column = make_column()
    bylines = (services.Credit("reporter", "示例·甲"),)
    filings = [filing(column, bylines=bylines) for _ in range(number)]

    # generation, numbers, articles, versions, bylines, steps, between two savepoints;
    # for the search what is due, the word list, the texts, the entries, what was due
    with django_assert_num_queries(13):
        assert services.file_articles(filings=filings, by=None) == number

    assert Byline.objects.count() == number


def test_file_articles_with_one_bad_content_takes_none_of_them():
    column = make_column()

    with pytest.raises(Refusal) as refused:
        services.file_articles(
            filings=[filing(column), filing(column, title=" ")], by=None
        )

    assert refused.value.codes == {"title_missing"}
    assert not Article.objects.exists()


def test_file_articles_refuses_pictures():
    with pytest.raises(ValueError, match="pictures"):
        services.file_articles(
            filings=[filing(make_column(), photos=(make_photo(),))], by=None
        )
    assert not Article.objects.exists()
