"""Pieces of news pages that are the same for every reader, cached in memory until
something is published or falls due (``common.pagecache``)."""

from datetime import timedelta

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common import pagecache
from common.pagecache import Moment
from common.paging import MOST_COUNTED, BoundedPaginator
from news import cards
from news.models import Article, ArticleReaders, ArticleVersion, Column, Series

RELATED = 5
PICTURED = 4
RANKED = 10
COUNTED_HOLDS = timedelta(minutes=10)


def corrections(at: Moment, article: Article) -> list[tuple]:
    """What was put right in a public article, and when."""

    def build():
        return list(ArticleVersion.objects.corrections_of(article)), None

    if article.corrected_at is None:
        return []
    return pagecache.cached(f"news:corrections:{article.pk}", build, at=at)


def next_change_at(at: Moment):
    """When news next changes by itself, or None: at most one query a generation."""

    def build():
        moment = Article.objects.next_change_at(at.now)
        return moment, moment

    return pagecache.cached("news:next", build, at=at)


def holds_until(at: Moment):
    """Until when what is built now holds: numbers of readers on it may be ten minutes
    old."""
    counted = at.now + COUNTED_HOLDS
    return min(next_change_at(at) or counted, counted)


def _kept(key, build, at: Moment):
    return pagecache.cached(key, lambda: (build(), holds_until(at)), at=at)


def keeper(at: Moment, key: str):
    """For the parts that a page's template names (``{% piece %}``)."""
    return pagecache.keeper(key, at=at, until=lambda: holds_until(at))


def readers(at: Moment, article: Article) -> str:
    """How often a public article was read, once a reader and day: 1,234, or nothing."""

    def build():
        number = ArticleReaders.objects.of(article)
        return f"{number:,}" if number else ""

    return _kept(f"news:readers:{article.pk}", build, at)


def ranking(at: Moment, column_id: int | None = None) -> list[dict]:
    """点击排行: what was read most in 7 and in 30 days, of all or of one column; each
    span that has anything: its title and the rows."""

    def build():
        titles = {7: _("近7天"), 30: _("近30天")}
        rows = {days: [] for days in titles}
        for article in Article.objects.most_read(column_id):
            rows[article.days].append(cards.row(article) | {"read": article.read})
        return [
            {"days": days, "title": title, "articles": rows[days][:RANKED]}
            for days, title in titles.items()
            if rows[days]
        ]

    return _kept(f"news:ranking:{column_id}", build, at)


def latest(at: Moment, column_id: int | None = None) -> list[dict]:
    """The newest public articles, of one column or of all: one more than a box shows,
    so that an article can be left out of its own."""

    def build():
        articles = Article.objects.live().for_rows()
        if column_id is not None:
            articles = articles.filter(column=column_id)
        return [cards.row(article) for article in articles[: RELATED + 1]]

    return _kept(f"news:latest:{column_id}", build, at)


def columns(at: Moment) -> list[dict]:
    """Every column with something to read: title, url, number of articles in words."""

    def build():
        return [
            {
                "pk": column.pk,
                "title": column.name,
                "url": column.get_absolute_url(),
                "number": at_most(column.articles_out),
            }
            for column in Column.objects.opened().with_numbers()
        ]

    return _kept("news:columns", build, at)


def column(at: Moment, pk: int) -> Column | None:
    """A column, or None: saving one raises the generation."""

    def build():
        return Column.objects.filter(pk=pk).first(), None

    return pagecache.cached(f"news:column:{pk}", build, at=at)


def rail(at: Moment, column_id: int | None) -> str:
    """What stands beside a list, as finished HTML. Beside a column: the newest of all,
    and pictures of what the other columns have; beside all news: the series."""

    def build():
        if column_id is None:
            opened = Series.objects.opened().order_by("-pk")[:RELATED]
            return render_to_string(
                "news/_rail.html",
                {
                    "ranking": ranking(at),
                    "series": [cards.series_entry(one) for one in opened],
                },
            )
        return render_to_string(
            "news/_rail.html",
            {
                "ranking": ranking(at, column_id) or ranking(at),
                "latest": latest(at)[:RELATED],
                "pictured": pictured(at, column_id),
            },
        )

    return _kept(f"news:rail:{column_id}", build, at)


def pictured(at: Moment, column_id: int) -> list[dict]:
    """The newest articles with a picture out of the other columns."""

    def build():
        others = Article.objects.illustrated().exclude(column=column_id)
        return [cards.row(article) for article in others[:PICTURED]]

    return _kept(f"news:pictured:{column_id}", build, at)


def _others(at: Moment, article: Article) -> list[dict]:
    """The newest of all that are neither this article nor beside it already."""
    beside = {row["pk"] for row in related(at, article)} | {article.pk}
    return [row for row in latest(at) if row["pk"] not in beside][:RELATED]


def parts(at: Moment, series: Series) -> list[dict]:
    """The public parts of a series in their order: number and card of each. Parts that
    are not out are not even counted."""

    def build():
        articles = series.articles.live().for_rows().order_by("series_no")
        return [
            cards.row(article) | {"part": article.part, "number": article.series_no}
            for article in articles
        ]

    return _kept(f"news:parts:{series.pk}", build, at)


def related(at: Moment, article: Article) -> list[dict]:
    """相关阅读: the other parts of its series, then its column's
    newest; never itself, nothing twice."""
    rows = parts(at, article.series) if article.series else []
    rows = rows + latest(at, article.column_id)
    found = {row["pk"]: row for row in rows if row["pk"] != article.pk}
    return list(found.values())[:RELATED]


def listing(at: Moment, key: str, inputs) -> str:
    """A page of a list with its filters and page numbers, as finished HTML; ``key``
    names the list, its filters and the page, ``inputs()`` is what _list.html prints."""

    def build():
        return render_to_string("news/_list.html", inputs())

    return _kept(f"news:listing:{key}", build, at)


def public_article(at: Moment, pk: int) -> Article:
    """A public article as its page needs it. Raises Article.DoesNotExist, which is not
    cached: what is asked for in vain pushes nothing out."""

    def build():
        return Article.objects.live().for_page().with_comments().get(pk=pk)

    return _kept(f"news:article:{pk}", build, at)


def version(at: Moment, pk: int) -> ArticleVersion:
    """A version with its credits and pictures: cached, since it never changes."""

    def build():
        return ArticleVersion.objects.with_parts().get(pk=pk), None

    return pagecache.cached(f"news:version:{pk}", build, at=at)


def around(at: Moment, article: Article) -> dict[str, str]:
    """What stands around a public article, as finished HTML: 上一篇 and 下一篇 under
    it, its series and 相关阅读 beside it; on wide screens, where the rail goes down
    the whole article, the newest and pictures too."""

    def build():
        series = article.series
        out = parts(at, series) if series else []
        side = {
            "article": article,
            "parts": out,
            "is_running": bool(series) and series.awaits_more(len(out)),
            "related": related(at, article),
            "ranking": ranking(at),
            "latest": _others(at, article),
            "pictured": pictured(at, article.column_id),
        }
        neighbours = {"neighbours": Article.objects.neighbours(article)}
        return {
            "below": render_to_string("news/_neighbours.html", neighbours),
            "beside": render_to_string("news/_side.html", side),
        }

    return _kept(f"news:around:{article.pk}", build, at)


def at_most(number: int) -> str:
    """A number as far as it was counted: 12, 1000+."""
    return str(number) if number <= MOST_COUNTED else f"{MOST_COUNTED}+"


def years(at: Moment, key: str, articles) -> list[tuple[int, int]]:
    return _kept(f"news:years:{key}", articles.years, at)


def months(at: Moment, key: str, articles, year: int) -> list[tuple[int, int]]:
    return _kept(f"news:months:{key}:{year}", lambda: articles.months(year), at)


class KeptCountPaginator(BoundedPaginator):
    """Counts a list once a generation.

    ``at`` and ``name`` say under what the number is cached.
    """

    at: Moment
    name: str

    def counted(self, rows, most):
        def build():
            return super(KeptCountPaginator, self).counted(rows, most)

        return _kept(f"news:count:{self.name}", build, self.at)
