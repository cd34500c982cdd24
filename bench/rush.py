"""Everybody asks at once, through the real application server, against as many POSTs
of the same people that do nothing.

``rush``       5,000 workers, 20 classes of 30, 10 % double clicks; the rest waits
``rush_hot``   2,500 workers, one class of 30; the rest waits
``rush_full``  2,500 workers, a class that is full already and whose waitlist is closed
``memory``     of an application process after all that
"""

import random
import statistics
from dataclasses import dataclass, field

from django.db.models import Count, Max, Min, Q

from bench import client, processor, scene, server
from bench.report import Figure
from signups.models import SeatPool, Signup

CONNECTIONS = 256
CAPACITY = 30
DOUBLE_CLICKS = 0.1
ROUNDS = 3
# line → workers, classes, what to reach
RUSHES = {
    "rush": (5_000, 20, 0.75),
    "rush_hot": (2_500, 1, 0.75),
    "rush_full": (2_500, 1, 0.8),
}


@dataclass
class Rounds:
    asked: list[client.Load] = field(default_factory=list)
    plain: list[client.Load] = field(default_factory=list)

    def ratio(self) -> float:
        pairs = zip(self.asked, self.plain, strict=True)
        return statistics.median(asked.rate / plain.rate for asked, plain in pairs)

    def middle(self, of) -> float:
        return statistics.median(of(load) for load in self.asked)


def measure(wanted):
    scene.empty_database()
    names = [name for name in RUSHES if name in wanted] or ["rush"]
    people = scene.make_people(max(RUSHES[name][0] for name in names))
    with server.running() as (port, process):
        for name in names:
            figure = _rush(name, port, process, people)
            if name in wanted:
                yield figure
        memory = max(server.memory_of_workers(process))
    if "memory" in wanted:
        note = f"after {', '.join(names)}"
        yield Figure(
            "memory", memory, "MB", memory / 150, "a limit", 150, True, note=note
        )


def _rush(name, port, process, people) -> Figure:
    number, classes, reach = RUSHES[name]
    people = people[:number]
    rounds, share = Rounds(), processor.Share(process.pid)
    for _round in range(ROUNDS):
        offerings = scene.make_classes(
            classes, CAPACITY, waitlist=0 if name == "rush_full" else None
        )
        if name == "rush_full":  # the last people take the seats before
            _send(port, people[-CAPACITY:], offerings, 0)
            asking = people[:-CAPACITY]
        else:
            asking = people
        doubled = DOUBLE_CLICKS if name == "rush" else 0
        clicks, load = _send(port, asking, offerings, doubled)
        rounds.asked.append(load)
        waiting = 0 if name == "rush_full" else number - classes * CAPACITY
        _check(offerings, waiting)
        noop = [
            client.post(port, "/bench/noop/", *person) for person, _offering in clicks
        ]
        rounds.plain.append(_sent(port, noop))
        Signup.objects.all().delete()  # the same people come to the next round
    plural = f"{classes} classes" if classes > 1 else "one class"
    said = {
        "rush": "10 % double clicks, the rest waits",
        "rush_hot": "the rest waits",
        "rush_full": "full before, nobody may wait",
    }
    return Figure(
        name,
        rounds.middle(lambda load: load.rate),
        "POSTs/s",
        rounds.ratio(),
        f"the no-op POST of {number} logged-in workers",
        reach,
        note=f"{plural} of {CAPACITY}, {said[name]}: 0 errors, exactly the seats, order "
        f"kept; half within {rounds.middle(lambda load: load.within(0.5)):.0f} ms, 99 % "
        f"within {rounds.middle(lambda load: load.within(0.99)):.0f} ms over "
        f"{CONNECTIONS} connections; {share}",
    )


def _send(port, people, offerings, doubled):
    """Everybody asks for one class, some of them twice at once: (who, what) and how it
    went."""
    dice = random.Random(20180601)
    clicks = []
    for person in dice.sample(people, len(people)):
        click = (person, dice.choice(offerings))
        clicks += [click, click] if dice.random() < doubled else [click]
    posts = [
        client.post(port, f"/signups/offerings/{offering}/sign-up/", *person)
        for person, offering in clicks
    ]
    return clicks, _sent(port, posts)


def _sent(port, posts) -> client.Load:
    load = client.send(port, posts, CONNECTIONS)
    if set(load.statuses) != {302}:
        raise RuntimeError(f"The rush was answered {dict(load.statuses)}.")
    return load


def _check(classes, waiting) -> None:
    """What the rush promises; anything else ends the bench."""
    signups = Signup.objects.filter(offering__in=classes)
    seated, queued = Q(status="seated"), Q(status="waiting")
    rows = signups.values("offering").annotate(
        seats=Count("pk", filter=seated),
        people=Count("worker", distinct=True),
        rows=Count("pk"),
        last_in=Max("pk", filter=seated),
        first_out=Min("pk", filter=queued),
    )
    for row in rows:
        if row["seats"] != CAPACITY or row["people"] != row["rows"]:
            raise RuntimeError(f"Wrong number of seats or people: {row}")
        if row["first_out"] is not None and row["first_out"] < row["last_in"]:
            raise RuntimeError(f"Somebody passed the queue: {row}")
    pools = SeatPool.objects.filter(offering__in=classes, taken=CAPACITY, owed=0)
    if len(rows) != len(classes) or pools.count() != len(classes):
        raise RuntimeError("Not every class is full.")
    if signups.count() != len(classes) * CAPACITY + waiting:
        raise RuntimeError(f"{signups.count()} signups, {waiting} should wait.")
