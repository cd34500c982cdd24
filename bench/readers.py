"""What counting the readers costs.

``hits``  a cached article page as often as it can be sent, while a thousand new readers
          a second come (everybody of a city of 300,000 within five minutes), counted
          against the same not counted, in turn. Afterwards every one of them must stand
          in the table, within the five seconds that a crash may lose.
"""

import statistics
import time
from collections.abc import Iterator

from bench import client, kept, server
from bench.pages import CONNECTIONS
from bench.report import Figure
from news.models import Article, ReaderMark

ROUNDS = 15
SECONDS = 0.5
NEW_A_SECOND = 1000
REACH = 0.95
_MOST_SECONDS = 5


def measure(_wanted):
    with kept.database("demonstration"):
        path = Article.objects.live().first().get_absolute_url()
        ReaderMark.objects.all().delete()
        with (
            server.running(workers=1) as (port, _process),
            server.running(workers=1, counts=False) as (plain, _process),
        ):
            counted, others = _Crowd(), _Crowd()
            _rate(port, path, counted)  # warm up
            _rate(plain, path, others)
            rates = [
                (_rate(port, path, counted), _rate(plain, path, others))
                for _round in range(ROUNDS)
            ]
            seconds = _seconds_until(counted.number)
        yield Figure(
            "hits",
            statistics.median(on for on, _off in rates),
            "requests/s",
            statistics.median(on / off for on, off in rates),
            f"the same page while nobody counts, {NEW_A_SECOND} new readers a second",
            REACH,
            note=f"{counted.number} readers, the last after {seconds:.1f} s",
        )


class _Crowd:
    """Readers with a browser of their own, who come again and again until the next."""

    def __init__(self):
        self.number = 0

    def requests(self, port, path) -> Iterator[bytes]:
        plain = client.get(port, path).removesuffix(b"\r\n")
        due = began = time.perf_counter()
        while (now := time.perf_counter()) < began + SECONDS:
            if now >= due:
                due += 1 / NEW_A_SECOND
                self.number += 1
                agent = f"Mozilla/5.0 (Linux; Android 14; reader {self.number})"
                request = plain + f"User-Agent: {agent}\r\n\r\n".encode()
            yield request


def _rate(port, path, crowd) -> float:
    load = client.send(port, crowd.requests(port, path), CONNECTIONS)
    if set(load.statuses) != {200}:
        raise RuntimeError(f"{path} answered {dict(load.statuses)}.")
    return load.rate


def _seconds_until(number: int) -> float:
    """Until so many are counted; RuntimeError if it takes longer than a crash may cost."""
    began = time.perf_counter()
    while (count := ReaderMark.objects.count()) != number:
        if time.perf_counter() - began > _MOST_SECONDS:
            raise RuntimeError(f"{count} of {number} readers are counted.")
        time.sleep(0.05)
    return time.perf_counter() - began
