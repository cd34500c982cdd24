"""The promises of the desk under random sequences; longer ones in ``make soak``."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.signups.desk_machine import Desk


@pytest.mark.django_db(transaction=True)
def test_desk_keeps_its_promises_whatever_happens():
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=4,
            stateful_step_count=15,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
