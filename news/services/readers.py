"""How many people read what.

One reader counts once a day for an article: by the address and the browser, out of which
a key of the house and a secret of the day make a mark. The secret is thrown away when
the day is over, and the marks with it; no address is ever kept.

Lock order: marks, then the numbers, by article.
"""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Sum, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from common import crypto, pagecache
from news.models import Article, Ranked, ReaderMark, ReadersOfDay, ReadingDay
from news.querysets import MOST_RANKED

SPANS = (7, 30)  # days of a ranking
KEPT = timedelta(days=400)  # the numbers of single days

# words of a browser's line, in small letters
_PROGRAMS = [
    "bot",
    "spider",
    "crawl",
    "slurp",
    "archiver",
    "scrapy",
    "headless",
    "lighthouse",
    "preview",
    "curl",
    "wget",
    "python",
    "java/",
    "okhttp",
    "go-http",
    "axios",
    "libwww",
    "httpclient",
    "httpunit",
    "nutch",
    "phantom",
    "feedfetcher",
    "facebookexternalhit",
    "mediapartners",
    "monitor",
]


def is_crawler(agent: str) -> bool:
    """Whether a program reads that says so, or that does not say what it is."""
    said = agent.lower().replace("cubot", "")  # a telephone
    return not said or any(map(said.__contains__, _PROGRAMS))


@transaction.atomic
def count_readers(*, readings: Iterable[tuple[int, str, str]]) -> int:
    """Count (article, address, browser), each reader once a day; how many were new.

    What is no public article any more and whoever is a program is left out. One
    statement for all of them; may get the same reader any number of times.
    """
    today = timezone.localtime(pagecache.moment().now).date()
    mark_of = crypto.digests(f"reader:{_secret_of(today)}")
    found: dict[int, set[str]] = {}
    for article, address, agent in readings:
        if not is_crawler(agent):
            mark = mark_of(f"{address}|{agent}")[:32]
            found.setdefault(article, set()).add(mark)
    if not found:
        return 0
    articles, marks = [], []
    for article in sorted(found):
        articles += [str(article)] * len(found[article])
        marks += sorted(found[article])
    there = Article.objects.live().filter(pk__in=found).values("pk")
    sql, params = there.query.sql_with_params()
    # numbers and hexadecimal words: arrays that need no quoting, written at once
    arrays = [f"{{{','.join(articles)}}}", f"{{{','.join(marks)}}}"]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(there=sql), [today, *arrays, *params])
        return cursor.fetchone()[0]


# In one order everywhere: two processes wait for each other, and never in a circle.
_COUNT = """
WITH fresh AS (
    INSERT INTO news_readermark (day, article_id, mark)
    SELECT %s, article, mark FROM unnest(%s::bigint[], %s::uuid[]) AS one(article, mark)
    WHERE article IN ({there}) ORDER BY article, mark
    ON CONFLICT DO NOTHING RETURNING day, article_id
), counted AS (
    SELECT day, article_id, count(*) AS number FROM fresh GROUP BY day, article_id
), total AS (
    INSERT INTO news_articlereaders AS kept (article_id, number)
    SELECT article_id, number FROM counted ORDER BY article_id
    ON CONFLICT (article_id) DO UPDATE SET number = kept.number + excluded.number
), of_day AS (
    INSERT INTO news_readersofday AS kept (day, article_id, number)
    SELECT day, article_id, number FROM counted ORDER BY article_id
    ON CONFLICT (article_id, day) DO UPDATE SET number = kept.number + excluded.number
)
SELECT coalesce(sum(number), 0)::bigint FROM counted
"""


def _secret_of(day) -> str:
    """The same for all processes; made by whoever comes first."""
    row, _is_new = ReadingDay.objects.get_or_create(
        day=day, defaults={"secret": secrets.token_hex(32)}
    )
    return row.secret


def forget_readers() -> int:
    """Throw away the marks of the days that are over, with their secrets, and the
    numbers of days long past; how many marks. Called by ``tick``."""
    today = timezone.localtime(pagecache.moment().now).date()
    forgotten = ReaderMark.objects.filter(day__lt=today).delete()[0]
    ReadingDay.objects.filter(day__lt=today).delete()
    ReadersOfDay.objects.filter(day__lt=today - KEPT).delete()
    return forgotten


@transaction.atomic
def rank() -> int:
    """Count anew what was read most in the last 7 and 30 days, today among them: over
    all, and in each column. How many rows. Called by ``tick``."""
    today = timezone.localtime(pagecache.moment().now).date()
    made = []
    for days in SPANS:
        since = today - timedelta(days=days - 1)
        counted = (
            Article.objects.live()
            .filter(readers_of_day__day__gte=since, readers_of_day__day__lte=today)
            .values("pk", "column_id")
            .annotate(read=Sum("readers_of_day__number"))
        )
        order = [F("read").desc(), F("pk").desc()]
        placed = counted.annotate(
            place=Window(RowNumber(), order_by=order),
            in_column=Window(RowNumber(), partition_by=F("column_id"), order_by=order),
        )
        made += [
            Ranked(
                days=days,
                article_id=row["pk"],
                number=row["read"],
                place=row["place"],
                place_in_column=row["in_column"],
            )
            for row in placed
            if row["place"] <= MOST_RANKED or row["in_column"] <= MOST_RANKED
        ]
    Ranked.objects.all().delete()
    Ranked.objects.bulk_create(made)
    return len(made)
