"""What counting the readers costs.

``hits``  a cached article page as often as it can be sent, every twelfth time by a
          new reader (a thousand a second of the twelve thousand that one process
          answers: everybody of a city of 300,000 within five minutes): what an answer takes of the processor's time, the
          server's and Postgres' together, with nobody counting against everybody
          counted, in turn. What is written afterwards is in it. Every reader must stand
          in the table within the five seconds that a crash may lose.
"""

import statistics
import time
from collections.abc import Iterator
from typing import NamedTuple

from bench import client, kept, processor, server
from bench.pages import CONNECTIONS
from bench.report import Figure
from news.models import Article, ReaderMark

ROUNDS = 9
SECONDS = 4  # two writings or three, as in a rush that lasts
SETTLES = 4.5  # until what came together has been written
NEW_EVERY = 12  # requests
REACH = 0.95
_MOST_SECONDS = 5


def measure(_wanted):
    with kept.database("demonstration"):
        path = Article.objects.live().first().get_absolute_url()
        ReaderMark.objects.all().delete()
        with (
            server.running(workers=1) as (port, process),
            server.running(workers=1, counts=False) as (plain, other),
        ):
            crowd = _Crowd()
            counting = _Arm(port, process.pid, path, crowd)
            free = _Arm(plain, other.pid, path, _Crowd())
            for arm in (counting, free):
                arm.round()  # warm up
            rounds = []
            for number in range(ROUNDS):
                # the first of two finds the machine otherwise: each is it in turn
                arms = [counting, free] if number % 2 else [free, counting]
                found = {arm: arm.round() for arm in arms}
                rounds.append((found[counting], found[free]))
            seconds = _seconds_until(crowd.number)
        on, off = (
            statistics.median(one.cost for one in arm) * 1e6
            for arm in zip(*rounds, strict=True)
        )
        yield Figure(
            "hits",
            statistics.median(one.rate for one, _off in rounds),
            "requests/s",
            off / on,
            "the same page while nobody counts, by the processor's time, "
            f"every {NEW_EVERY}th answer to a new reader",
            REACH,
            note=f"{on:.0f} µs an answer against {off:.0f} µs; "
            f"{crowd.number} readers, the last after {seconds:.1f} s",
        )


class _Round(NamedTuple):
    """``cost``: seconds of the processor's time an answer; ``rate``: answers a second."""

    cost: float
    rate: float


class _Arm:
    def __init__(self, port, pid, path, crowd):
        self.port, self.pid, self.path, self.crowd = port, pid, path, crowd

    def round(self) -> _Round:
        before = processor.used(self.pid)
        requests = self.crowd.requests(self.port, self.path)
        load = client.send(self.port, requests, CONNECTIONS)
        if set(load.statuses) != {200}:
            raise RuntimeError(f"{self.path} answered {dict(load.statuses)}.")
        time.sleep(SETTLES)
        return _Round((processor.used(self.pid) - before) / load.answers, load.rate)


class _Crowd:
    """Readers with a browser of their own, who come again until the next one does."""

    def __init__(self):
        self.number = 0

    def requests(self, port, path) -> Iterator[bytes]:
        plain = client.get(port, path).removesuffix(b"\r\n")
        ends = time.perf_counter() + SECONDS
        while time.perf_counter() < ends:
            self.number += 1
            agent = f"Mozilla/5.0 (Linux; Android 14; reader {self.number})"
            request = plain + f"User-Agent: {agent}\r\n\r\n".encode()
            for _time in range(NEW_EVERY):
                yield request


def _seconds_until(number: int) -> float:
    """Until so many are counted; RuntimeError if it takes longer than a crash may cost."""
    began = time.perf_counter()
    while (count := ReaderMark.objects.count()) != number:
        if time.perf_counter() - began > _MOST_SECONDS:
            raise RuntimeError(f"{count} of {number} readers are counted.")
        time.sleep(0.05)
    return time.perf_counter() - began
