"""Two teams concurrently: the home team is a scarce thing too."""

from collections import Counter
from functools import partial

import pytest
from django.db.models import Model

from common.errors import Refusal
from tests.concurrency import at_once
from tests.factories import make_user, make_worker, make_worker_with_login
from tests.volunteers.factories import make_need, make_team
from unionportal.services import write_roles
from volunteers import services
from volunteers.enums import JoinMode, NeedMove
from volunteers.models import JoinRequest, Membership, Need, NeedStep
from volunteers.services import joining, needs


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


def joining_calls(**modes):
    worker = make_worker_with_login()
    team = make_team(**modes)
    call = partial(
        joining.ask_to_join, team=team, worker=worker, by=worker.user, message=""
    )
    return worker, [call, call, call]


@pytest.mark.django_db(transaction=True)
def test_ask_to_join_concurrently_makes_one_request():
    worker, calls = joining_calls()

    outcomes = at_once(calls)

    assert len({outcome.pk for outcome in outcomes}) == 1
    assert JoinRequest.objects.filter(worker=worker).count() == 1


@pytest.mark.django_db(transaction=True)
def test_join_freely_concurrently_makes_one_stay():
    worker, calls = joining_calls(join_mode=JoinMode.FREE)

    outcomes = at_once(calls)

    kinds = Counter(type(o) if isinstance(o, Model) else Refusal for o in outcomes)
    assert kinds == {Membership: 1, Refusal: 2}
    assert Membership.objects.filter(worker=worker).count() == 1


@pytest.mark.django_db(transaction=True)
def test_join_two_teams_freely_concurrently_is_granted_twice_with_one_home():
    """Nobody asked for a home team, so nobody is refused for one."""
    worker = make_worker_with_login()
    calls = [
        partial(
            joining.ask_to_join,
            team=make_team(join_mode=JoinMode.FREE),
            worker=worker,
            by=worker.user,
        )
        for _n in range(3)
    ]

    outcomes = at_once(calls)

    assert {type(outcome) for outcome in outcomes} == {Membership}
    assert sum(outcome.is_home for outcome in outcomes) == 1


@pytest.mark.django_db(transaction=True)
def test_need_taken_concurrently_is_one_teams():
    write_roles()
    by = make_user(roles=["志愿服务统筹"], is_staff=True)
    need = make_need()
    calls = [partial(needs.take, need=need, team=make_team(), by=by) for _n in range(4)]

    outcomes = at_once(calls)

    kinds = Counter(type(o) if isinstance(o, Model) else Refusal for o in outcomes)
    assert kinds == {Need: 1, Refusal: 3}
    assert NeedStep.objects.filter(need=need, move=NeedMove.TAKEN).count() == 1
