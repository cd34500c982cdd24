"""``search_common``, ``search_rare``: the first page of what answers a word that nearly
every article of a city has, and a word that a few have, against a column's list of the
same city.

Through Django without what stands in front of it, and nothing is kept from one request
to the next: not of the list, and not the word list of the search.
"""

import statistics
from urllib.parse import urlencode

from django.urls import reverse

from bench import kept, pages, server
from bench.report import Figure
from news.models import Column

ROUNDS = 5
SECONDS = 0.5
REACHES = {"search_common": ("工会", 3), "search_rare": ("钒钛", 1.5)}


def measure(wanted):
    with (
        kept.database("city"),
        server.running(workers=1, loads=pages.DJANGO, keeps=False) as (port, _process),
    ):
        column = Column.objects.in_menu().first().get_absolute_url()
        paths = {
            name: f"{reverse('search')}?{urlencode({'q': word})}"
            for name, (word, _reach) in REACHES.items()
            if name in wanted
        }
        times = {name: [] for name in paths}
        for number in range(1 + ROUNDS):  # the first warms up
            for name, path in paths.items():
                search, listing = (_rate(port, one) for one in (path, column))
                if number:
                    times[name].append(listing / search)
    for name, found in times.items():
        word, reach = REACHES[name]
        ratio = statistics.median(found)
        yield Figure(
            name,
            ratio,
            "times",
            ratio,
            f"the list of a column in the same city ({word})",
            reach,
            is_limit=True,
        )


def _rate(port, path) -> float:
    return pages.rate(port, path, seconds=SECONDS, connections=1)
