"""The private Postgres under many accidents; ``make soak`` prints a line for each."""

import os
import random
import signal
import subprocess
import sys
import time

from tests.unionportal.test_embedded_postgres import (  # noqa: F401  (fixtures)
    ROOT,
    STARTER,
    ask,
    ground,
    kill,
    private,
)
from unionportal import embedded_postgres
from unionportal.embedded_postgres import Outcome, server


def starter(data):
    return subprocess.Popen(
        [sys.executable, "-c", STARTER, data],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_private_postgres_killed_at_any_moment_of_the_first_start(ground):  # noqa: F811
    chance = random.Random(2018)
    for round_number in range(10):
        data = ground / f"round {round_number}" / "postgres"
        process = starter(data)
        delay = chance.uniform(0.1, 1.5)
        time.sleep(delay)
        process.kill()
        process.communicate()

        asked = embedded_postgres.settings(data)["SERVER"]
        started = time.monotonic()
        embedded_postgres.start_or_join(asked)

        assert ask(asked, "SELECT 1") == 1
        assert embedded_postgres.stop_if_last(asked) is Outcome.STOPPED
        print(
            f"first start killed after {delay:.2f} s, "
            f"next start {time.monotonic() - started:.2f} s"
        )


def test_private_postgres_power_cuts_with_six_starters_each(private):  # noqa: F811
    embedded_postgres.start_or_join(private)
    for _ in range(10):
        kill(private)
        began = time.monotonic()
        starters = [starter(private.data) for _ in range(6)]
        pids = {int(process.stdout.readline()) for process in starters}
        took = time.monotonic() - began
        for process in starters:
            process.communicate("")
        assert pids == {server.postmaster(private.data)}
        print(f"killed, six starters at once: one server after {took:.2f} s")


def test_private_postgres_is_not_held_by_users_that_are_killed(private):  # noqa: F811
    for _ in range(5):
        process = starter(private.data)
        process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        outcome = embedded_postgres.stop_if_last(private)
        assert outcome is Outcome.STOPPED
        print("its only user killed: stopped")
