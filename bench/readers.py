"""What counting the readers costs.

``hits``  a cached article page as often as it can be sent, every twenty-fourth time by a
          new reader (a thousand a second of the twenty-four thousand that two processes
          answer: everybody of a city of 300,000 within five minutes): what an answer
          takes of the processor's time, with nobody counting against everybody counted,
          by one server process, a quarter of a second each in turn. To who is counted
          goes all that follows until the readers stand in the table, the server's
          connections to Postgres included, and once what Postgres does by itself to keep
          the table of marks in order. (Whatever else it does in the background is left
          over from the lines before, and nobody's.) Every reader must stand in the table
          within the five seconds that a crash may lose.
"""

import statistics
import time
from collections.abc import Iterator

from bench import client, kept, processor, scene, server
from bench.pages import CONNECTIONS
from bench.report import Figure
from news.models import Article, ReaderMark

BLOCKS = 15
PAIRS, SECONDS = 5, 0.25  # of a block: over before the first of its readers are written
NEW_EVERY = 24  # requests
REACH = 0.95
_NAME = "bench readers"
_MOST_SECONDS = 5


def measure(_wanted):
    with kept.database("demonstration"):
        path = Article.objects.live().first().get_absolute_url()
        ReaderMark.objects.all().delete()
        with server.running(
            workers=1, loads="bench.counted:application", name=_NAME
        ) as (
            port,
            process,
        ):
            readers = _Readers(port, path, process.pid)
            readers.block()  # warm up
            blocks = [readers.block() for _number in range(BLOCKS)]
            kept_in_order = _keeping_in_order() / readers.answers
        blocks = [(on + kept_in_order, off) for on, off in blocks]
        on, off = (statistics.median(half) * 1e6 for half in zip(*blocks, strict=True))
        yield Figure(
            "hits",
            statistics.median(readers.rates),
            "requests/s",
            statistics.median(off / on for on, off in blocks),
            "the same page while nobody counts, by the processor's time, "
            f"every {NEW_EVERY}th answer to a new reader",
            REACH,
            note=f"{on:.1f} µs an answer against {off:.1f} µs; "
            f"{readers.number} readers, the last after {readers.latest:.1f} s",
        )


class _Readers:
    """With a browser of their own, who come again until the next one does.

    ``answers`` were sent while counting; ``number`` readers were; the last of a block
    stood in the table ``latest`` seconds after it.
    """

    def __init__(self, port, path, pid):
        self.port, self.path, self.pid = port, path, pid
        self.answers = self.number = self.uncounted = 0
        self.latest = 0.0
        self.rates = []

    def block(self) -> tuple[float, float]:
        """Seconds of the processor's time an answer: counted, and not."""
        cost, answers = [0.0, 0.0], [0, 0]
        for number in range(PAIRS):
            for is_counted in (0, 1) if number % 2 else (1, 0):
                used = self._used()
                load = self._round(is_counted)
                cost[is_counted] += self._used() - used
                answers[is_counted] += load.answers
                if is_counted:
                    self.rates.append(load.rate)
        used = self._used()
        self.latest = max(self.latest, _seconds_until(self.number))
        cost[1] += self._used() - used
        self.answers += answers[1]
        return cost[1] / answers[1], cost[0] / answers[0]

    def _round(self, is_counted) -> client.Load:
        load = client.send(self.port, self._requests(is_counted), CONNECTIONS)
        if set(load.statuses) != {200}:
            raise RuntimeError(f"{self.path} answered {dict(load.statuses)}.")
        return load

    def _used(self) -> float:
        return processor.ran(self.pid, *processor.backends(_NAME))

    def _requests(self, is_counted: int) -> Iterator[bytes]:
        plain = client.get(self.port, self.path).removesuffix(b"\r\n")
        ends = time.perf_counter() + SECONDS
        while time.perf_counter() < ends:
            self.number += is_counted
            self.uncounted += not is_counted
            who = f"{self.number} {self.uncounted}"
            agent = f"Mozilla/5.0 (Linux; Android 14; reader {who})"
            more = f"User-Agent: {agent}\r\nX-Counted: {is_counted}\r\n\r\n"
            request = plain + more.encode()
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
