"""A rush in which something breaks: one application process is killed midway, or
Postgres is restarted. Afterwards every seat is given once, in the order of arrival, and
nobody who was told yes is missing."""

import json
import os
import subprocess
import sys

import pytest

from tests.unionportal.test_embedded_postgres import ROOT


@pytest.mark.parametrize("what", ["kill", "restart"])
def test_rush_that_is_broken_into_gives_each_seat_once_and_forgets_nobody(what):
    done = subprocess.run(
        [sys.executable, "-m", "bench.faults", what],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    rush = json.loads(done.stdout.splitlines()[-1])

    print(what, rush)
    assert rush["answered"] == rush["asked"]
    assert rush["failing_span"] <= 10
    assert rush["statuses"].keys() <= {"302", "503", "0"}
    assert rush["longest_wait"] <= 15  # somebody may wait for the database to come back
    assert rush["told"] == rush["kept"] == 5_000
    for fault in ("oversold", "underfilled", "twice", "passed", "wrong_counts"):
        assert rush[fault] == 0, fault
