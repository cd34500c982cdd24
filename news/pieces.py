"""Pieces of news pages that are the same for every reader, cached in memory until
something is published or falls due (``common.pagecache``)."""

from datetime import timedelta

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from common import pagecache
from common.pagecache import Moment
from common.paging import MOST_COUNTED, BoundedPaginator
from news import cards
from news.enums import Slot
from news.models import (
    Article,
    ArticleReaders,
    ArticleVersion,
    Column,
    Placement,
    Series,
    StandingPage,
)

RELATED = 5
PICTURED = 4
RANKED = 10
LONG = 1500  # characters of a text that takes more than two screens
MOST_SHARING = (
    40  # the newest with a keyword in common, among which the nearest are found
)
COUNTED_HOLDS = timedelta(minutes=10)


def corrections(at: Moment, article: Article) -> list[tuple]:
    """What was put right in a public article, and when."""

    def build():
        return list(ArticleVersion.objects.corrections_of(article)), None

    if article.corrected_at is None:
        return []
    return pagecache.cached(f"news:corrections:{article.pk}", build, at=at)


def next_change_at(at: Moment):
    """When news next changes by itself, or None: two queries a generation at most."""

    def build():
        found = (
            rows.next_change_at(at.now) for rows in (Article.objects, Placement.objects)
        )
        moment = min(filter(None, found), default=None)
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
    """The newest public articles, of one column or of all: more than a box shows, so
    that what a page shows elsewhere can be left out."""

    def build():
        articles = Article.objects.live().for_rows()
        if column_id is not None:
            articles = articles.filter(column=column_id)
        return [cards.row(article) for article in articles[: RELATED * 2 + 4]]

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
                "pictured": pictured(at, column_id)[:PICTURED],
            },
        )

    return _kept(f"news:rail:{column_id}", build, at)


def pictured(at: Moment, column_id: int) -> list[dict]:
    """图文推荐: what was put forward, then the newest with a picture out of the other
    columns."""

    def build():
        found = Article.objects.illustrated(Slot.RAIL)
        others = found.filter(Q(place__isnull=False) | ~Q(column=column_id))
        return [cards.row(article) for article in others[: PICTURED * 2 + 4]]

    return _kept(f"news:pictured:{column_id}", build, at)


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


def related(at: Moment, article: Article, shown: set[int]) -> list[dict]:
    """相关阅读: what an editor chose, then other parts of its series, then what shares
    most keywords; nothing of ``shown``, which the page prints elsewhere."""
    rows = [cards.row(other) for other in Article.objects.chosen_for(article)[:RELATED]]
    rows += parts(at, article.series) if article.series else []
    if article.keywords:
        words = set(article.keywords)
        sharing = Article.objects.sharing_words(article)[:MOST_SHARING]
        nearest = sorted(sharing, key=lambda other: -len(words & set(other.keywords)))
        rows += [cards.row(other) for other in nearest]
    return _fresh(rows, shown, RELATED)


def _fresh(rows: list[dict], shown: set[int], most: int) -> list[dict]:
    """Each once, and none that is shown already; what is taken counts as shown."""
    found = {row["pk"]: row for row in rows if row["pk"] not in shown}
    taken = list(found.values())[:most]
    shown.update(row["pk"] for row in taken)
    return taken


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
        neighbours = Article.objects.neighbours(article)
        # nothing on a page is offered twice
        shown = {article.pk, *(row["pk"] for row in [*out, *neighbours.values()])}
        near = related(at, article, shown)
        # beside a long article the rail says twice as much: it ends where the text does
        is_long = len(version(at, article.live_version_id).body) > LONG
        room = 2 if is_long else 1
        side = {
            "article": article,
            "parts": out,
            "coming": series.coming([row["number"] for row in out]) if series else [],
            "is_running": bool(series) and series.awaits_more(len(out)),
            "related": near,
            "ranking": ranking(at),
            "latest": _fresh(latest(at), shown, RELATED * room),
            "pictured": _fresh(pictured(at, article.column_id), shown, PICTURED * room),
        }
        return {
            "below": render_to_string(
                "news/_neighbours.html", {"neighbours": neighbours}
            ),
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


def standing_pages(at: Moment, kind: str) -> list[dict]:
    """What the public reads of 机构概况 or 办事指南, in its order."""

    def build():
        return [
            standing_words(page.live)
            | {
                "pk": page.pk,
                "url": page.get_absolute_url(),
                "day": timezone.localtime(page.live_at).date().isoformat(),
            }
            for page in StandingPage.objects.open(kind)
        ], None

    return pagecache.cached(f"news:standing:{kind}", build, at=at)


def standing_words(words: dict) -> dict:
    """The words of such a page as ``_standing.html`` prints them."""
    lines = {name: words[name].splitlines() for name in ("steps", "papers")}
    return words | lines
