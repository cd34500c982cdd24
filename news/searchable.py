"""What readers find of the newsroom: the words of every article as it is public."""

from collections.abc import Iterator

from common import richtext
from common.searching import Entry, Source
from news.models import Article


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


SOURCES = [
    Source("news", Article, _entries, Article.objects.live, "news:article-detail")
]
