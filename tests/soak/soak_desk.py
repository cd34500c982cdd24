"""The promises of the desk (``tests/signups/desk_machine.py``) under hundreds of long
random sequences."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.signups.desk_machine import Desk

EXAMPLES, STEPS = 150, 40
seen = Counter()


class Watched(Desk):
    def teardown(self):
        seen.update(signup.status for signup in self._all())


@pytest.mark.django_db(transaction=True)
def test_desk_keeps_its_promises_in_long_sequences():
    run_state_machine_as_test(
        Watched,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    print(f"desk machine: {EXAMPLES} sequences of up to {STEPS} steps; {dict(seen)}")
    # a machine that never comes to a state has not tried it
    assert {
        "seated",
        "waiting",
        "offered",
        "lapsed",
        "declined",
        "applied",
    } <= seen.keys()
