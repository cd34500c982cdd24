"""What readers find of the newsroom: the words of every article and of every page that
stays (机构概况, 办事指南) as they are public."""

from collections.abc import Iterator

from common import richtext
from common.searching import Entry, Source
from news.models import Article, StandingPage


def _entries(keys) -> Iterator[Entry]:
    for row in Article.objects.for_search(keys):
        words = {
            name.removeprefix("live_version__"): value for name, value in row.items()
        }
        texts = [words["subtitle"], richtext.words(words["body"])]
        texts += [words["editor_note"], *row["captions"]]
        if words["summary"] and words["summary"][:40] not in texts[1]:
            texts.append(words["summary"])
        names = [credit["name"] for credit in row["byline_rows"]]
        names += [words["source_name"], row["series__title"] or ""]
        yield Entry(
            key=row["pk"],
            title=words["title"],
            text=" ".join(filter(None, texts)),
            names=tuple(filter(None, names)),
            at=row["publish_at"],
            since=row["publish_at"],
            until=row["expire_at"],
            facet=row["column_id"],
        )


def _pages(keys) -> Iterator[Entry]:
    for page in StandingPage.objects.open().filter(pk__in=keys):
        words = page.live
        texts = [words["lead"], *words["steps"].splitlines()]
        texts += [*words["papers"].splitlines(), richtext.words(words["body"])]
        texts += [words[name] for name in ("place", "hours", "phone")]
        yield Entry(
            key=page.pk,
            title=words["title"],
            text=" ".join(filter(None, texts)),
            names=(page.get_kind_display(),),
            at=page.live_at,
        )


SOURCES = [
    Source("news", Article, _entries, Article.objects.live, "news:article-detail"),
    Source("pages", StandingPage, _pages, StandingPage.objects.open, "guide-detail"),
]
