"""``rush``, ``memory`` and ``first_load``: through the real application server."""

import gzip
import random
import re
import statistics
import urllib.request
from urllib.parse import urljoin

from django.db.models import Count, Max, Min, Q

from bench import crowd, scene, server
from bench.report import Figure
from signups.models import SeatPool, Signup

WORKERS = 5000
CLASSES = 20
CAPACITY = 30
DOUBLE_CLICKS = 0.1
ROUNDS = 3


def measure() -> list[Figure]:
    scene.empty_database()
    scene.make_news()
    people = scene.make_people(WORKERS)
    rates = []
    with server.running() as (port, process):
        for _round in range(ROUNDS):
            classes = scene.make_classes(CLASSES, CAPACITY)
            asked = _clicks(people, classes)
            rush, statuses = crowd.send(port, asked)
            _check(classes, statuses)
            noop = [crowd.Post("/bench/noop/", p.session, p.csrf) for p in asked]
            plain, statuses = crowd.send(port, noop)
            if set(statuses) != {302}:
                raise RuntimeError(f"The no-op answered {dict(statuses)}.")
            rates.append((rush, plain))
            Signup.objects.all().delete()  # the same people come to the next round
        memory = max(server.memory_of_workers(process))
        load = _first_load(port)
    return [
        Figure(
            "rush",
            statistics.median(rush for rush, _plain in rates),
            "signups/s",
            statistics.median(rush / plain for rush, plain in rates),
            f"no-op POST of {WORKERS} logged-in workers",
            0.75,
            note=f"{CLASSES} classes of {CAPACITY}, 10 % double clicks: "
            "0 errors, 0 oversold, 0 underfilled, order kept",
        ),
        Figure("memory", memory, "MB", memory / 150, "a limit", 150, is_limit=True),
        load,
    ]


def _clicks(people, classes) -> list[crowd.Post]:
    """Everybody asks for one class; every tenth clicks twice at once."""
    dice = random.Random(20180601)
    posts = []
    for session, csrf in dice.sample(people, len(people)):
        wanted = f"/signups/offerings/{dice.choice(classes)}/sign-up/"
        post = crowd.Post(wanted, session, csrf)
        posts += [post, post] if dice.random() < DOUBLE_CLICKS else [post]
    return posts


def _check(classes, statuses) -> None:
    """What the rush promises; anything else ends the bench."""
    if set(statuses) != {302}:
        raise RuntimeError(f"The rush answered {dict(statuses)}.")
    signups = Signup.objects.filter(offering__in=classes)
    seated, waiting = Q(status="seated"), Q(status="waiting")
    rows = signups.values("offering").annotate(
        seats=Count("pk", filter=seated),
        people=Count("worker", distinct=True),
        rows=Count("pk"),
        last_in=Max("pk", filter=seated),
        first_out=Min("pk", filter=waiting),
    )
    for row in rows:
        if row["seats"] != CAPACITY or row["people"] != row["rows"]:
            raise RuntimeError(f"Wrong number of seats or people: {row}")
        if row["first_out"] < row["last_in"]:
            raise RuntimeError(f"Somebody passed the queue: {row}")
    pools = SeatPool.objects.filter(offering__in=classes, taken=CAPACITY, owed=0)
    if len(rows) != CLASSES or pools.count() != CLASSES:
        raise RuntimeError("Not every class is full.")
    if signups.count() != WORKERS:
        raise RuntimeError(f"{signups.count()} signups of {WORKERS} workers.")


def _first_load(port) -> Figure:
    """The home page and what it asks for, as a browser's first visit, compressed, but
    without pictures. nginx compresses the HTML in production (gzip 6)."""
    home = f"http://{server.HOST}:{port}/"
    html, _encoding = _get(home)
    sources = re.findall(
        r'<(?:script[^>]*\ssrc|link[^>]*rel="stylesheet"[^>]*\shref)="([^"]+)"',
        html.decode(),
    )
    icons = re.findall(r'<use href="([^"#]+)', html.decode())
    parts = sorted({urljoin(home, address) for address in sources + icons})
    strangers = [part for part in parts if not part.startswith(home)]
    if strangers:
        raise RuntimeError(f"The home page asks other hosts: {strangers}")
    total = len(gzip.compress(html, 6))
    for part in parts:
        body, encoding = _get(part)
        total += len(body) if encoding else len(gzip.compress(body, 6))
    return Figure(
        "first_load",
        total / 1000,
        "KB",
        total / 100_000,
        "a limit",
        100,
        is_limit=True,
        note=f"{1 + len(parts)} requests, 0 to other hosts",
    )


def _get(address) -> tuple[bytes, str]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read(), answer.headers.get("Content-Encoding", "")
