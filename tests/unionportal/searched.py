"""A set of questions with the articles that must be found, and how well they are."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from common import pagecache
from news import services
from news.models import Column
from news.services import Content, Credit, Filing
from unionportal import search
from unionportal.demo import newsroom

QUERIES = Path("tests/cases/search/queries.txt")


@dataclass
class Score:
    """``found``: in the first ten; ``first``: where one article is meant."""

    asked: int = 0
    found: int = 0
    meant: int = 0
    first: int = 0
    missed: list[str] = field(default_factory=list)

    def count(self, query, place, is_meant):
        self.asked += 1
        self.found += place is not None
        self.meant += is_meant
        self.first += is_meant and place == 0
        if place is None or (is_meant and place):
            self.missed.append(f"{query} ({place})")


def questions() -> list[tuple[str, str, bool]]:
    """(query, how the title begins, whether this one is meant)."""
    lines = QUERIES.read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in lines if not line.startswith("#")]
    return [(q.strip(), t.strip(), f.strip() == "first") for q, t, f in rows]


def file_demonstration() -> int:
    """Every article of the demonstration's files, without pictures; how many."""
    filings = []
    now = timezone.now()
    for path in sorted(newsroom.TEXTS.glob("*.txt")):
        head, *texts = map(
            newsroom._read, path.read_text(encoding="utf-8").split("\n====\n")
        )
        column, _new = Column.objects.get_or_create(name=head.fact("column"))
        for text in texts:
            paragraphs = "".join(f"<p>{p}</p>" for p in text.body.split("\n\n"))
            filings.append(
                Filing(
                    column,
                    Content(
                        title=text.fact("title"),
                        subtitle=text.fact("subtitle"),
                        body=paragraphs,
                        bylines=tuple(
                            Credit("reporter", name) for name in text.facts["reporter"]
                        ),
                    ),
                    now - timedelta(days=len(filings) + 1),
                )
            )
    return services.file_articles(filings=filings, by=None)


def score(rows) -> Score:
    """How well these questions are answered now."""
    at, found = pagecache.moment(), Score()
    for query, title, is_meant in rows:
        question = search.ask(query, at)
        answer = search.find(question, at, scope=search.NEWS)
        hits = search.hits(answer.order[:10], question)
        shown = ["".join(text for text, _hit in hit.title) for hit in hits]
        place = next((n for n, t in enumerate(shown) if t.startswith(title)), None)
        found.count(query, place, is_meant)
    return found
