"""``python -m bench.faults kill`` or ``restart``: a rush in which something breaks.

5,000 workers ask for 20 classes of 30, a tenth of them twice at once, on two application
processes. When a third of them have been answered, one of these is killed, or Postgres
is shut down and started again. Whoever gets no good answer taps again a second later, as
people do. Prints what happened as JSON; ``tests/soak/soak_rush.py`` judges it.
"""

import http.client
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

os.environ["BENCH_DATABASE"] = "faults"

import django

django.setup()

from django.db import connection, connections  # noqa: E402
from django.db.models import Count, Max, Min, Q  # noqa: E402

from bench import scene, server  # noqa: E402
from signups.models import SeatPool, Signup  # noqa: E402
from unionportal import embedded_postgres  # noqa: E402
from unionportal.embedded_postgres import server as postgres  # noqa: E402

PEOPLE, CLASSES, CAPACITY, DOUBLED, AT_ONCE = 5_000, 20, 30, 0.1, 128
MOST_TAPS = 200


class Rush:
    """Everybody's taps, and what each was told at last."""

    def __init__(self, port):
        self.port, self.lock = port, threading.Lock()
        self.answered, self.statuses, self.bad = 0, Counter(), []
        self.longest = 0.0  # seconds that one request took
        self.told: dict[str, set[int]] = {}

    def tap(self, person, offering) -> None:
        """Ask until there is a good answer."""
        session, _csrf = person
        for _try in range(MOST_TAPS):
            began = time.monotonic()
            status = self._post(person, offering)
            with self.lock:
                self.longest = max(self.longest, time.monotonic() - began)
                self.statuses[status] += 1
                if status == 302:
                    self.answered += 1
                    self.told.setdefault(session, set()).add(offering)
                    return
                self.bad.append(time.monotonic())
            time.sleep(1)

    def _post(self, person, offering) -> int:
        session, csrf = person
        here = f"http://{server.HOST}:{self.port}"
        headers = {
            "Origin": here,
            "Cookie": f"sessionid={session}; csrftoken={csrf}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            with closing(
                http.client.HTTPConnection(server.HOST, self.port, timeout=30)
            ) as line:
                line.request(
                    "POST",
                    f"/signups/offerings/{offering}/sign-up/",
                    f"csrfmiddlewaretoken={csrf}",
                    headers,
                )
                answer = line.getresponse()
                answer.read()
                return answer.status
        except (OSError, http.client.HTTPException):
            return 0  # nothing came back


def kill_a_worker(process) -> None:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    workers = [
        int(pid)
        for pid in children.split()
        if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    os.kill(workers[0], signal.SIGKILL)


def restart_postgres(_process) -> None:
    private = connection.settings_dict["SERVER"]
    connections.close_all()
    os.kill(postgres.postmaster(private.data), signal.SIGINT)
    while postgres.postmaster(private.data) is not None:
        time.sleep(0.02)
    postgres.start_or_join(private)


def hold(breaks) -> dict:
    scene.empty_database()
    people = scene.make_people(PEOPLE)
    offerings = scene.make_classes(CLASSES, CAPACITY)
    dice = random.Random(20180605)
    clicks = []
    for person in dice.sample(people, len(people)):
        click = (person, dice.choice(offerings))
        clicks += [click, click] if dice.random() < DOUBLED else [click]
    broken_at = mended_at = None
    with server.running(workers=2) as (port, process):
        rush = Rush(port)
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as crowd:
            taps = [crowd.submit(rush.tap, *click) for click in clicks]
            while rush.answered < len(clicks) // 3:
                time.sleep(0.01)
            broken_at = time.monotonic()
            breaks(process)
            mended_at = time.monotonic()
            for tap in taps:
                tap.result()
        seconds = time.monotonic() - began
    bad = [at for at in rush.bad if at >= broken_at]
    return {
        "statuses": {str(status): n for status, n in rush.statuses.items()},
        "seconds": round(seconds, 1),
        "broken_for": round(mended_at - broken_at, 2),
        "failing_span": round(max(bad) - broken_at, 2) if bad else 0.0,
        "longest_wait": round(rush.longest, 2),
        "bad_before": len(rush.bad) - len(bad),
        "answered": rush.answered,
        "asked": len(clicks),
        **_found(offerings, rush),
    }


def _found(offerings, rush) -> dict:
    """What stands in the tables, against what people were told."""
    seated, queued = Q(status="seated"), Q(status="waiting")
    rows = list(
        Signup.objects.filter(offering__in=offerings)
        .values("offering")
        .annotate(
            seats=Count("pk", filter=seated),
            people=Count("worker", distinct=True),
            rows=Count("pk"),
            last_in=Max("pk", filter=seated),
            first_out=Min("pk", filter=queued),
        )
    )
    pools = SeatPool.objects.filter(offering__in=offerings)
    return {
        "oversold": sum(max(row["seats"] - CAPACITY, 0) for row in rows),
        "underfilled": CLASSES * CAPACITY - sum(row["seats"] for row in rows),
        "twice": sum(row["rows"] - row["people"] for row in rows),
        "passed": sum(
            row["first_out"] is not None and row["first_out"] < row["last_in"]
            for row in rows
        ),
        "wrong_counts": pools.exclude(taken=CAPACITY, owed=0).count(),
        "told": len(rush.told),
        "kept": Signup.objects.filter(offering__in=offerings, ended_at=None).count(),
    }


if __name__ == "__main__":
    try:
        print(
            json.dumps(
                hold({"kill": kill_a_worker, "restart": restart_postgres}[sys.argv[1]])
            )
        )
    finally:
        if private := connection.settings_dict.get("SERVER"):
            connections.close_all()
            embedded_postgres.stop_if_last(private)
