"""Two teams concurrently: the home team is a scarce thing too."""

from collections import Counter
from functools import partial

import pytest
from django.db.models import Model

from common.errors import Refusal
from tests.concurrency import at_once
from tests.factories import make_worker
from tests.volunteers.factories import make_team
from volunteers import services
from volunteers.models import Membership


@pytest.mark.django_db(transaction=True)
def test_enrol_concurrently_in_two_teams_gives_one_home_and_one_refusal():
    worker = make_worker()
    calls = [
        partial(services.enrol, team=make_team(), worker=worker, is_home=True, by=None)
        for _ in range(2)
    ]

    outcomes = at_once(calls)

    kinds = Counter(type(o) if isinstance(o, Model) else Refusal for o in outcomes)
    assert kinds == {Membership: 1, Refusal: 1}
    assert Membership.objects.filter(worker=worker, is_home=True).count() == 1
