"""What a decision about a nomination, and about a proposal, tells: one test a kind, who
gets it and nobody else."""

import pytest
from django.utils import timezone

from honors.enums import NominationState
from honors.services import nominations, proposals, publicnotices
from members.models import Notice
from tests.factories import make_worker_with_login
from tests.honors.nominations import (
    know_days_off,
    make_call,
    make_county,
    make_nomination,
    make_reviewer,
    make_secretary,
    make_steward,
    make_unit,
    put_up,
)
from tests.honors.test_publicnotices import publish

pytestmark = pytest.mark.django_db
S = NominationState


@pytest.fixture(autouse=True)
def calm():
    know_days_off()


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def unit(county):
    return make_unit(county)


@pytest.fixture
def steward(unit):
    """Who nominated; a second steward of the unit and one of another did not."""
    make_steward(unit)
    make_steward(make_unit(make_county()))
    return make_steward(unit)


@pytest.fixture
def worker(unit):
    return make_worker_with_login(union_org=unit, verified_at=timezone.now())


def told():
    """(account, kind) of every notice."""
    return set(Notice.objects.values_list("user", "kind"))


def nominated(unit, worker, by, state=S.UNIT_SUBMITTED):
    """Of which one more person of the unit has done a step."""
    nomination = make_nomination(state, unit=unit, worker=worker, created_by=by)
    steps = nomination.steps.filter(role="steward")
    nomination.hands = {by.pk, *steps.values_list("by", flat=True)}
    return nomination


def to_unit(nomination, kind):
    return {(user, kind) for user in nomination.hands}


def test_send_back_tells_who_nominated_and_not_the_nominee(
    unit, county, steward, worker
):
    nomination = nominated(unit, worker, steward)

    nominations.send_back(
        nomination=nomination, by=make_reviewer(county), reason="缺盖章"
    )

    assert told() == to_unit(nomination, "honors.nomination_returned")
    assert all("缺盖章" in notice.body for notice in Notice.objects.all())


def test_reject_tells_who_nominated_why_and_the_nominee_only_that(
    unit, county, steward, worker
):
    nomination = nominated(unit, worker, steward)

    nominations.reject(
        nomination=nomination, by=make_reviewer(county), reason="有人反映问题"
    )

    assert told() == to_unit(nomination, "honors.nomination_rejected") | {
        (worker.user_id, "honors.nominee_rejected")
    }
    assert "反映" not in Notice.objects.get(user=worker.user).body


def test_publish_tells_who_nominated_and_the_nominee(unit, steward, worker):
    nomination = nominated(unit, worker, steward, S.SHORTLISTED)

    publish(nomination.edition, make_secretary())

    assert told() == to_unit(nomination, "honors.nomination_noticed") | {
        (worker.user_id, "honors.nominee_noticed")
    }


def test_approve_tells_who_nominated_and_nobody_whose_name_stays_up(
    unit, steward, worker
):
    nomination = nominated(unit, worker, steward, S.CITY_NOTICE)

    publicnotices.approve(
        notice=put_up([nomination]), by=make_secretary(), ground="纪要1号"
    )

    assert told() == to_unit(nomination, "honors.nomination_approved")


def proposed(unit, worker):
    return proposals.propose(
        edition=make_call(takes_proposals=True),
        proposer=worker,
        by=worker.user,
        is_self=False,
        name="示例·同事",
        reason="示例理由。",
    )


def test_take_up_tells_who_proposed(unit, steward, worker):
    proposals.take_up(proposal=proposed(unit, worker), by=steward)

    assert told() == {(worker.user_id, "honors.proposal_taken")}


def test_decline_tells_who_proposed_and_why(unit, steward, worker):
    proposals.decline(proposal=proposed(unit, worker), by=steward, answer="名额已满")

    assert told() == {(worker.user_id, "honors.proposal_declined")}
    assert "名额已满" in Notice.objects.get().body
