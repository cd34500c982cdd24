"""``python -m bench.vote``: a rush on a public vote, once, on a database of its own.

A thousand members send their ballots at the same moment, every tenth of them twice, on
two application processes. Prints what happened as JSON; ``tests/soak/soak_vote.py``
judges it.
"""

import json
import os
import random
from collections import Counter

os.environ["BENCH_DATABASE"] = "vote"

import django

django.setup()

from django.db import connection, connections  # noqa: E402
from django.db.models.functions import Now  # noqa: E402

from bench import client, kept, scene, server  # noqa: E402
from bench.rush import CONNECTIONS, DOUBLE_CLICKS  # noqa: E402
from honors.models import AwardEdition, Vote  # noqa: E402
from unionportal import embedded_postgres  # noqa: E402

PEOPLE = 1_000


def hold() -> dict:
    kept.fill("demonstration")
    people = scene.make_people(PEOPLE)
    edition = AwardEdition.objects.voting_not_over().get(vote_opens_at__lte=Now())
    standing = list(
        edition.nominations.filter(state="jury").values_list("pk", flat=True)
    )
    votes = Vote.objects.filter(edition=edition)
    before, dice = Counter(votes.tally()), random.Random(20180901)
    ballots = [dice.sample(standing, edition.quota) for _one in people]
    asked = [
        (person, ballot)
        for person, ballot in zip(people, ballots, strict=True)
        for _click in range(2 if dice.random() < DOUBLE_CLICKS else 1)
    ]
    path = f"/honors/editions/{edition.pk}/vote/"
    number = votes.count()
    with server.running(workers=2) as (port, _server):
        load = client.send(
            port,
            [
                client.post(port, path, *person, do="cast", choices=ballot)
                for person, ballot in asked
            ],
            CONNECTIONS,
        )
    due = before + Counter(key for ballot in ballots for key in ballot)
    return {
        "asked": len(asked),
        "statuses": load.statuses,
        "seconds": round(load.seconds, 1),
        "p99_ms": round(load.within(0.99)),
        "cast": votes.count() - number,
        "due": dict(due),
        "tally": votes.tally(),
    }


if __name__ == "__main__":
    try:
        print(json.dumps(hold()))
    finally:
        if postgres := connection.settings_dict.get("SERVER"):
            connections.close_all()
            embedded_postgres.stop_if_last(postgres)
