"""What counting the readers costs.

``hits``  a cached article page as often as it can be sent, every twenty-fourth time by a
          new reader (a thousand a second of the twenty-four thousand that two processes
          answer: everybody of a city of 300,000 within five minutes): what an answer
          takes of the processor's time, with nobody counting against everybody counted:
          the server's, of the connections it has to Postgres, and once of what Postgres
          does by itself to keep the table of marks in order. (Whatever else it does in
          the background is left over from the lines before, and nobody's.) A quarter of a
          second each, in turn, so that both find the same machine. Every reader must
          stand in the table within the five seconds that a crash may lose.
"""

import statistics
import time
from collections.abc import Iterator

from bench import client, kept, processor, scene, server
from bench.pages import CONNECTIONS
from bench.report import Figure
from news.models import Article, ReaderMark

BLOCKS, PAIRS = 9, 12
SECONDS = 0.25
NEW_EVERY = 24  # requests
REACH = 0.95
_MOST_SECONDS = 5


def measure(_wanted):
    with kept.database("demonstration"):
        path = Article.objects.live().first().get_absolute_url()
        ReaderMark.objects.all().delete()
        with (
            server.running(workers=1, name="counting") as (port, process),
            server.running(workers=1, counts=False, name="free") as (plain, other),
        ):
            counting = _Arm(port, path, process.pid, "counting")
            free = _Arm(plain, path, other.pid, "free")
            _block(counting, free)  # warm up
            blocks = [_block(counting, free) for _block_number in range(BLOCKS)]
            seconds = _seconds_until(counting.readers)
            kept_in_order = _keeping_in_order() / counting.answers
        blocks = [(on + kept_in_order, off) for on, off in blocks]
        on, off = (statistics.median(arm) * 1e6 for arm in zip(*blocks, strict=True))
        yield Figure(
            "hits",
            statistics.median(counting.rates),
            "requests/s",
            statistics.median(off / on for on, off in blocks),
            "the same page while nobody counts, by the processor's time, "
            f"every {NEW_EVERY}th answer to a new reader",
            REACH,
            note=f"{on:.1f} µs an answer against {off:.1f} µs; "
            f"{counting.readers} readers, the last after {seconds:.1f} s",
        )


def _block(*arms) -> list[float]:
    """Seconds of the processor's time an answer, of each arm."""
    begun = [(arm, arm.used(), arm.answers) for arm in arms]
    for number in range(PAIRS):
        for arm in arms if number % 2 else reversed(arms):
            arm.round()
    return [
        (arm.used() - used) / (arm.answers - answers) for arm, used, answers in begun
    ]


class _Arm:
    """A server, and readers with a browser of their own who come again until the next
    one does."""

    def __init__(self, port, path, pid, name):
        self.port, self.path, self.pid, self.name = port, path, pid, name
        self.answers = self.readers = 0
        self.rates = []

    def used(self) -> float:
        """Seconds of the processor's time, of the server and of what works for it."""
        return processor.used(self.pid, *processor.backends(self.name))

    def round(self) -> None:
        load = client.send(self.port, self._requests(), CONNECTIONS)
        if set(load.statuses) != {200}:
            raise RuntimeError(f"{self.path} answered {dict(load.statuses)}.")
        self.answers += load.answers
        self.rates.append(load.rate)

    def _requests(self) -> Iterator[bytes]:
        plain = client.get(self.port, self.path).removesuffix(b"\r\n")
        ends = time.perf_counter() + SECONDS
        while time.perf_counter() < ends:
            self.readers += 1
            agent = f"Mozilla/5.0 (Linux; Android 14; reader {self.readers})"
            request = plain + f"User-Agent: {agent}\r\n\r\n".encode()
            for _time in range(NEW_EVERY):
                yield request


def _keeping_in_order() -> float:
    """Seconds of the processor's time for what autovacuum does with the marks."""
    used = processor.used(*processor.postmaster())
    scene.analyze(ReaderMark._meta.db_table, vacuum=True)
    return processor.used(*processor.postmaster()) - used


def _seconds_until(number: int) -> float:
    """Until so many are counted; RuntimeError if it takes longer than a crash may cost."""
    began = time.perf_counter()
    while (count := ReaderMark.objects.count()) != number:
        if time.perf_counter() - began > _MOST_SECONDS:
            raise RuntimeError(f"{count} of {number} readers are counted.")
        time.sleep(0.05)
    return time.perf_counter() - began
