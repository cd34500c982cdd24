"""``growth_article``, ``growth_list``, ``growth_class``: a page's time in a city of
300,000 workers and 100,000 articles against one of 3,000 and 1,000.

Nothing is cached from one request to the next, since what is cached does not grow. Each is
measured against the bare view of the same minute, so that a machine that slows down
meanwhile slows both.
"""

import asyncio
import statistics

from activities.training.models import CourseClass, Term
from bench import scene, server
from bench.pages import ROUNDS, rate, size_of
from bench.report import Figure
from members.models import Worker
from news.models import Article, Column
from signups.models import Offering, Signup
from unionportal.demo import city, services

SMALL = {"unions": 60, "workers": 3_000, "articles": 1_000, "volunteers": 200}
LARGE = {
    "unions": city.UNIONS,
    "workers": city.WORKERS,
    "articles": city.ARTICLES,
    "volunteers": city.VOLUNTEERS,
}
REACH = 1.3  # times as long, at most


def measure() -> list[Figure]:
    scene.empty_database()
    services.make(print)
    small = _shares(SMALL)
    large = _shares(LARGE)
    return [
        Figure(
            name,
            small[name] / large[name],
            "times",
            small[name] / large[name],
            "the same page in a city of a hundredth",
            REACH,
            is_limit=True,
        )
        for name in small
    ]


def _shares(numbers) -> dict[str, float]:
    """Each page's speed as a share of the bare view's, at this size."""
    city.make(print, **numbers)
    _old_signups(numbers["workers"])
    scene.analyze(vacuum=True)
    article = Article.objects.live().order_by("publish_at").first()
    column = Column.objects.filter(articles=article).get()
    course_class = CourseClass.objects.filter(
        term__in=Term.objects.in_sign_up()
    ).first()
    login = scene.log_in(Worker.objects.filter(user__isnull=False).last().user)
    pages = {
        "growth_article": (article.get_absolute_url(), ""),
        "growth_list": (column.get_absolute_url(), ""),
        # as somebody who is logged in: the desk is asked again for each of them
        "growth_class": (course_class.get_absolute_url(), login),
    }
    found = {}
    with server.running(workers=1, keeps=False) as (port, _process):
        for name, (path, session) in pages.items():
            size = asyncio.run(size_of(port, path, session))
            bare = f"/bench/bare/?bytes={size}"
            for address in (path, bare):
                asyncio.run(rate(port, address, session))
            found[name] = statistics.median(
                asyncio.run(rate(port, path, session))
                / asyncio.run(rate(port, bare, session))
                for _ in range(ROUNDS)
            )
    return found


def _old_signups(workers: int) -> None:
    """One old request for each worker, spread over all offerings of the past."""
    offerings = list(
        Offering.objects.filter(ends_at__isnull=False).order_by("ends_at")[:20]
    )
    there = Signup.objects.filter(status="cancelled").count()
    ids = Worker.objects.order_by("pk").values_list("pk", flat=True)[there:workers]
    Signup.objects.bulk_create(
        (
            Signup(
                offering=offerings[n % len(offerings)], worker_id=pk, status="cancelled"
            )
            for n, pk in enumerate(ids)
        ),
        batch_size=2_000,
    )
