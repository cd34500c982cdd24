"""A rush on a public vote: a thousand members cast their ballots at the same moment,
every tenth of them twice."""

import json
import os
import subprocess
import sys

from tests.unionportal.test_embedded_postgres import ROOT


def test_rush_on_a_vote_keeps_one_ballot_each_and_counts_every_one():
    done = subprocess.run(
        [sys.executable, "-m", "bench.vote"],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    rush = json.loads(done.stdout.splitlines()[-1])

    print({name: rush[name] for name in ("asked", "seconds", "p99_ms", "cast")})
    assert rush["statuses"] == {"302": rush["asked"]}
    assert rush["asked"] > rush["cast"] == 1_000
    assert rush["tally"] == rush["due"]
