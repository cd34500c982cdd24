from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from common import pagecache
from common.errors import Refusal
from common.models import Change
from tests.factories import make_user, make_worker
from tests.volunteers.factories import make_membership, make_team
from volunteers import services
from volunteers.models import Membership, VolunteerTeam

pytestmark = pytest.mark.django_db


def generation():
    return pagecache.moment().generation


def codes_of(call, **arguments):
    with pytest.raises(Refusal) as caught, transaction.atomic():
        call(**arguments)
    return caught.value.codes


def test_enrol_in_many_teams():
    worker = make_worker()

    make_membership(worker=worker, is_home=True)
    make_membership(worker=worker)

    assert Membership.objects.filter(worker=worker).count() == 2


def test_enrol_refuses_with_every_ground_at_once():
    home = make_membership(is_home=True)

    grounds = codes_of(
        services.enrol, team=home.team, worker=home.worker, is_home=True, by=None
    )

    assert grounds == {"already_in_team", "has_home_team"}


def test_enrol_in_a_second_home_team_is_refused_and_nothing_is_written():
    home = make_membership(is_home=True)
    other = make_team()

    asked = {"team": other, "worker": home.worker, "is_home": True}

    assert codes_of(services.enrol, by=None, **asked) == {"has_home_team"}
    assert not other.memberships.exists()


def test_enrol_in_a_team_that_ended_is_refused():
    team = make_team(is_active=False)

    asked = {"team": team, "worker": make_worker()}

    assert codes_of(services.enrol, by=None, **asked) == {"team_inactive"}


def test_membership_table_refuses_a_second_home_and_a_second_row():
    home = make_membership(is_home=True)

    with pytest.raises(IntegrityError, match="one_home"), transaction.atomic():
        Membership.objects.create(team=make_team(), worker=home.worker, is_home=True)
    with pytest.raises(IntegrityError, match="membership_once"), transaction.atomic():
        Membership.objects.create(team=home.team, worker=home.worker)
    with pytest.raises(IntegrityError, match="left_after"), transaction.atomic():
        Membership.objects.filter(pk=home.pk).update(
            left_on=home.joined_on - timedelta(days=1)
        )


def test_team_table_refuses_an_ended_team_that_recruits():
    team = make_team()

    with pytest.raises(IntegrityError, match="only_active_recruits"):
        VolunteerTeam.objects.filter(pk=team.pk).update(
            is_active=False, is_recruiting=True
        )


def test_withdraw_keeps_a_trace_of_who_did_it():
    user = make_user()
    membership = make_membership()

    services.withdraw(membership=membership, by=user)

    change = Change.objects.of(membership).last()
    assert change.after == {"left_on": str(timezone.localdate())}
    assert (change.verb, change.by) == ("update", user)


@pytest.mark.parametrize("verb", ["save", "enrol", "withdraw"])
def test_page_generation_rises_with_every_verb_of_volunteers(verb):
    membership = make_membership()
    worker = make_worker()
    before = generation()

    match verb:
        case "save":
            services.save_team(team=membership.team, by=None)
        case "enrol":
            services.enrol(team=membership.team, worker=worker, by=None)
        case "withdraw":
            services.withdraw(membership=membership, by=None)

    assert generation() > before


def test_withdraw_keeps_the_stay_and_the_person_may_come_back():
    today = timezone.localdate()
    stay = make_membership(is_home=True, joined_on=today - timedelta(days=100))
    left = services.withdraw(
        membership=stay, by=None, on=today - timedelta(days=9)
    ).left_on
    twice = services.withdraw(membership=stay, by=None)
    asked = {"team": stay.team, "worker": stay.worker, "is_home": True, "by": None}

    early = codes_of(services.enrol, joined_on=left - timedelta(days=1), **asked)
    back = services.enrol(joined_on=left, **asked)

    assert twice.left_on == left == today - timedelta(days=9)
    assert early == {"back_before_leaving"}
    assert list(stay.team.memberships.order_by("pk")) == [stay, back]
    assert list(Membership.objects.current()) == [back]


@pytest.mark.parametrize(
    ("days", "code"),
    [(-101, "left_before_joining"), (-100, None), (0, None), (1, "left_later")],
)
def test_withdraw_takes_a_day_of_the_stay(days, code):
    today = timezone.localdate()
    stay = make_membership(joined_on=today - timedelta(days=100))
    asked = {"membership": stay, "by": None, "on": today + timedelta(days=days)}

    if code:
        assert codes_of(services.withdraw, **asked) == {code}
    else:
        assert services.withdraw(**asked).left_on == asked["on"]


def test_withdraw_of_somebody_written_in_for_a_day_to_come():
    tomorrow = timezone.localdate() + timedelta(days=1)
    stay = make_membership(joined_on=tomorrow)

    assert services.withdraw(membership=stay, by=None).left_on == tomorrow
    assert not Membership.objects.current().exists()


def test_withdraw_leaves_counts_and_lists_of_those_who_are_in_the_team():
    stay = make_membership()
    team, worker = stay.team, stay.worker
    services.withdraw(membership=stay, by=None)

    rows = VolunteerTeam.objects
    assert rows.for_page().get().member_count == 0
    assert list(team.memberships.for_names()) == []
    assert rows.figures()["people"] == 0
    assert list(rows.of_worker(worker)) == []
    (facts,) = rows.all().facts_of(worker)
    assert facts["退队日期"] == timezone.localdate()
    services.enrol(team=team, worker=worker, by=None)
    assert rows.for_page().get().member_count == rows.figures()["people"] == 1
    assert len(rows.of_worker(worker)) == 1
    assert len(rows.all().facts_of(worker)) == 2  # one row a stay


def test_appoint_makes_a_deputy_of_somebody_in_the_team():
    stay = make_membership()

    assert services.appoint(membership=stay, role="deputy", by=None).role == "deputy"
    services.withdraw(membership=stay, by=None)
    assert codes_of(services.appoint, membership=stay, role="member", by=None) == {
        "has_left"
    }
    assert Membership.objects.get().role == "deputy"  # as it was then


def test_save_team_ends_the_agreement_to_be_named_with_its_leader():
    agreed = timezone.localdate()
    team = make_team(leader=make_worker(), leader_agreed_on=agreed)

    team.leader = make_worker(name="赵示例")
    services.save_team(team=team, by=None)
    after_change = VolunteerTeam.objects.get(pk=team.pk)
    team.leader_agreed_on = agreed
    services.save_team(team=team, by=None)
    asked_anew = VolunteerTeam.objects.get(pk=team.pk)
    team.leader = None
    services.save_team(team=team, by=None)

    assert after_change.leader_agreed_on is None
    assert after_change.leader_public_name == "赵*例"
    assert asked_anew.leader_public_name == "赵示例"
    assert VolunteerTeam.objects.get(pk=team.pk).leader_agreed_on is None
    assert team.leader_public_name == ""


def test_save_team_refuses_an_agreement_of_tomorrow():
    tomorrow = timezone.localdate() + timedelta(days=1)
    team = make_team(leader=make_worker())
    team.leader_agreed_on = tomorrow

    assert codes_of(services.save_team, team=team, by=None) == {"agreed_later"}
    assert VolunteerTeam.objects.get(pk=team.pk).leader_agreed_on is None
