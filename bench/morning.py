"""``python -m bench.morning``: the busiest morning, once, on a database of its own.

2,000 people who are logged in open the term's page within a minute, each when it suits
them, on two application processes; then 600 of them ask for a class in the same moment.
Prints what happened as JSON; ``tests/soak/soak_morning.py`` judges it.
"""

import json
import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

os.environ["BENCH_DATABASE"] = "morning"

import django

django.setup()

from django.db import connection, connections  # noqa: E402
from django.db.models import Sum  # noqa: E402

from activities.training.models import CourseClass, Term  # noqa: E402
from bench import client, kept, scene, server  # noqa: E402
from bench.rush import CONNECTIONS  # noqa: E402
from signups.models import SeatPool, Signup  # noqa: E402
from unionportal import embedded_postgres  # noqa: E402

PEOPLE, SECONDS, ASKING = 2_000, 60, 600


def hold() -> dict:
    kept.fill("demonstration")
    people = scene.make_people(PEOPLE)
    term = Term.objects.in_sign_up().first()
    # where a draw gives the seats, a click is a wish
    classes = CourseClass.objects.open_now().filter(term=term, offering__draw=None)
    offerings = list(classes.values_list("offering", flat=True))
    before = _seats(offerings)
    dice = random.Random(20180901)
    clicks = [(dice.choice(offerings), person) for person in people[:ASKING]]
    with server.running(workers=2) as (port, _server):
        opened = _open(port, term.get_absolute_url(), people, dice)
        posts = [
            client.post(port, f"/signups/offerings/{offering}/sign-up/", *person)
            for offering, person in clicks
        ]
        asked = client.send(port, posts, CONNECTIONS)
    wanted = Counter(offering for offering, _person in clicks)
    due = {
        pk: min(capacity, taken + wanted[pk])
        for pk, (taken, capacity) in before.items()
    }
    return {
        "pages": _said(opened),
        "clicks": _said(asked),
        "due": due,
        "taken": {pk: taken for pk, (taken, _capacity) in _seats(offerings).items()},
        "held": dict(
            Signup.objects.filter(  # an offered seat is taken as well
                offering__in=offerings,
                status__in=["seated", "offered"],
                pool__kind="general",
            )
            .values_list("offering")
            .annotate(Sum("seats"))
            .order_by()
        ),
    }


def _seats(offerings) -> dict[int, tuple[int, int]]:
    """Of the seats for everybody: how many are taken, of how many."""
    pools = SeatPool.objects.filter(offering__in=offerings, kind="general")
    return {pool.offering_id: (pool.taken, pool.capacity) for pool in pools}


def _open(port, path, people, dice) -> client.Load:
    """Everybody comes at a moment of their own and waits from then on, whatever the
    others do."""
    load = client.Load()
    start = time.perf_counter()

    def visit(session, at):
        one = client.send(port, [client.get(port, path, session)], 1)
        load.times.append(time.perf_counter() - start - at)
        load.statuses.update(one.statuses)

    moments = sorted(dice.uniform(0, SECONDS) for _ in people)
    with ThreadPoolExecutor(200) as pool:
        waiting = []
        for at, (session, _csrf) in zip(moments, people, strict=True):
            time.sleep(max(0, start + at - time.perf_counter()))
            waiting.append(pool.submit(visit, session, at))
        for one in waiting:
            one.result()
    load.seconds = time.perf_counter() - start
    return load


def _said(load) -> dict:
    return {
        "statuses": load.statuses,
        "seconds": round(load.seconds, 1),
        "half_ms": round(load.within(0.5)),
        "p99_ms": round(load.within(0.99)),
        "longest_ms": round(load.within(1)),
    }


if __name__ == "__main__":
    try:
        print(json.dumps(hold()))
    finally:
        if postgres := connection.settings_dict.get("SERVER"):
            connections.close_all()
            embedded_postgres.stop_if_last(postgres)
