"""The busiest morning: 2,000 people open the term's page within a minute on two
application processes, then 600 of them ask for seats in the same moment."""

import json
import os
import subprocess
import sys

from tests.unionportal.test_embedded_postgres import ROOT


def test_busiest_morning_gives_every_page_and_exactly_the_seats():
    done = subprocess.run(
        [sys.executable, "-m", "bench.morning"],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    morning = json.loads(done.stdout.splitlines()[-1])

    print(morning["pages"], morning["clicks"])
    assert morning["pages"]["statuses"] == {"200": 2_000}
    assert morning["clicks"]["statuses"] == {"302": 600}
    assert morning["taken"] == morning["due"]
    assert {pk: held for pk, held in morning["taken"].items() if held} == morning[
        "held"
    ]
