"""Articles of an archive or of another site, many at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common import history, pagecache
from members.models import User
from news.content import Content, content_reasons, empty_reasons, unready_reasons
from news.enums import Step
from news.models import Article, ArticleStep, ArticleVersion, Byline, Column
from news.services.versions import (
    cleaned,
    new_bylines,
    new_version,
    print_words,
    refuse,
)


@dataclass(frozen=True)
class Filing:
    """A published article without pictures and files, as an archive or another site hands it
    over."""

    column: Column
    content: Content
    publish_at: datetime


@transaction.atomic
@pagecache.publishes
@history.on_record
def file_articles(*, filings: Collection[Filing], by: User | None) -> int:
    """Put many articles on the page at once, in a few statements; how many.

    What is stored is what ``create_article``, ``send`` and ``file_version`` would have stored for each
    (tests/news/test_filing.py). Raises Refusal with the reasons of the first content
    that may not be saved, and ValueError for one with pictures: they need files.
    """
    for filing in filings:
        refuse(content_reasons(filing.content) + unready_reasons(filing.content))
        refuse(empty_reasons(cleaned(filing.content)))
        if filing.content.photos or filing.content.files or filing.content.videos:
            raise ValueError("Articles with pictures or files are created one by one.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('news_articleversion', 'id'))"
            " FROM generate_series(1, %s)",
            [len(filings)],
        )
        numbers = [row[0] for row in cursor.fetchall()]
    articles, versions, bylines = [], [], []
    for filing, number in zip(filings, numbers, strict=True):
        content = cleaned(filing.content)
        version = new_version(content, number=1, author=by)
        version.pk = number
        article = Article(
            column=filing.column, publish_at=filing.publish_at, live_version_id=number
        )
        print_words(article, version)
        articles.append(article)
        versions.append(version)
        bylines += new_bylines(content, version)
    # an article names its version before that is there: its key is checked at the end
    Article.objects.bulk_create(articles)
    for article, version in zip(articles, versions, strict=True):
        version.article = article
    ArticleVersion.objects.bulk_create(versions)
    Byline.objects.bulk_create(bylines)
    ArticleStep.objects.bulk_create(
        [
            ArticleStep(
                article=article,
                version=version,
                kind=kind,
                by=by,
                reason=_("成批补录") if kind == Step.FILED else "",
                from_at=article.publish_at if kind == Step.PUBLISHED else None,
            )
            for article, version in zip(articles, versions, strict=True)
            for kind in (Step.FILED, Step.PUBLISHED)
        ]
    )
    return len(articles)
