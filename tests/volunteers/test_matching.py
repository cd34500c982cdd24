"""Suggestions say why, or are not made; those called upon least come first."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.enums import UnionLevel
from signups.services import seats
from tests.factories import make_offering, make_union, make_user, make_worker
from tests.volunteers.factories import (
    make_membership,
    make_need,
    make_profile,
    make_skill,
    make_team,
)
from unionportal.services import write_roles
from volunteers.enums import NeedMove, TeamKind
from volunteers.models import NeedStep
from volunteers.services import matching, needs

pytestmark = pytest.mark.django_db
ALWAYS = list(range(21))


@pytest.fixture
def district():
    return make_union(code="D1", level=UnionLevel.COUNTY)


def volunteer(team=None, **told):
    worker = make_worker(user=make_user())
    make_membership(worker=worker, **({"team": team} if team else {}))
    make_profile(worker, **told)
    return worker


def people_for(need, **more):
    return matching.volunteers_for(
        skills=[skill.pk for skill in need.skills.all()],
        district=need.district,
        starts_at=need.starts_at,
        ends_at=need.ends_at,
        **more,
    )


def test_volunteers_without_a_reason_are_not_suggested(district):
    law, other = make_skill("法律咨询"), make_skill("摄影")
    need = make_need(skills=[law], district=district)
    away = make_union(code="E1", level=UnionLevel.COUNTY)
    volunteer(skills=[other], districts=[away])
    volunteer()
    make_membership()  # without a profile
    make_profile(make_worker(user=make_user()), skills=[law])  # in no team
    can = volunteer(skills=[law, other])
    near = volunteer(districts=[district])
    free = volunteer(free=ALWAYS)

    found = people_for(need)

    assert {one.worker: one.reasons for one in found} == {
        can: ["有所需技能：法律咨询"],
        near: [f"方便去{district}"],
        free: ["这段时间有空"],
    }


def test_volunteers_come_by_reasons_then_by_who_served_least(district):
    law = make_skill("法律咨询")
    need = make_need(skills=[law], district=district)
    used = volunteer(skills=[law], districts=[district])
    rested = volunteer(skills=[law], districts=[district])
    all_three = volunteer(skills=[law], districts=[district], free=ALWAYS)
    offering = make_offering(kind="post", capacity=5)
    seats.sign_up(offering_id=offering.pk, worker=used, by=used.user)

    found = people_for(need)

    assert [one.worker for one in found] == [all_three, rested, used]
    assert [one.served for one in found] == [0, 0, 1]
    assert all_three not in [
        one.worker for one in people_for(need, busy=[all_three.pk])
    ]


def test_volunteers_of_a_team_are_its_members_alone(district):
    team = make_team()
    need = make_need(district=district)
    own, _foreign = (
        volunteer(team, districts=[district]),
        volunteer(districts=[district]),
    )

    assert [one.worker for one in people_for(need, team=team)] == [own]


def test_volunteers_are_bounded_and_cost_the_same_at_both_sizes(district):
    need = make_need(skills=[make_skill()], district=district)
    volunteer(districts=[district])

    def cost():
        with CaptureQueriesContext(connection) as caught:
            found = people_for(need)
        return len(caught), len(found)

    few = cost()
    for _n in range(14):
        volunteer(districts=[district])

    assert few == (5, 1)  # the need's skills among them
    assert cost() == (5, matching.MOST)


def test_volunteers_for_every_reason_leave_no_place_to_the_others(district):
    need = make_need(skills=[make_skill()], district=district)
    wanted = {"skills": list(need.skills.all()), "districts": [district]}
    near = volunteer(districts=[district])
    best = [volunteer(**wanted, free=ALWAYS) for _n in range(matching.MOST - 1)]

    assert [one.worker for one in people_for(need)] == [*best, near]

    best.append(volunteer(**wanted, free=ALWAYS))

    assert [one.worker for one in people_for(need)] == best


def test_teams_are_suggested_with_their_reasons_and_not_after_they_said_no(district):
    law = make_skill("法律咨询")
    need = make_need(skills=[law], district=district, kind=TeamKind.LAW)
    by_kind = make_team(kind=TeamKind.LAW)
    local = make_team(
        kind=TeamKind.GREEN, union_org=make_union(code="D101", name="示例乙厂工会")
    )
    skilled = make_team(kind=TeamKind.GREEN)
    volunteer(skilled, skills=[law], free=ALWAYS)
    make_team(kind=TeamKind.GREEN, members=2)
    refuser = make_team(kind=TeamKind.LAW, leader=make_worker(user=make_user()))
    needs.take(need=need, team=refuser, by=all_powerful())
    needs.give_back(need=need, by=all_powerful(), reason="没有人手")

    found = {one.team: one.reasons for one in matching.teams_for(need)}

    assert found == {
        skilled: ["队员有所需技能：法律咨询1人", "1名队员这段时间有空"],
        by_kind: ["队伍类别相符：法律服务"],
        local: [f"所属工会在{district}"],
    }


def all_powerful():
    write_roles()
    return make_user(roles=["志愿服务统筹"], is_staff=True)


def test_teams_of_equal_reasons_come_by_who_took_least_in_the_last_year(district):
    busy, rested, long_ago = (make_team(kind=TeamKind.LAW) for _n in range(3))
    other = make_need()
    for team, days in ((busy, 10), (long_ago, 400)):
        NeedStep.objects.create(
            need=other,
            move=NeedMove.TAKEN,
            team=team,
            at=timezone.now() - timedelta(days=days),
        )

    found = matching.teams_for(make_need(district=district))

    assert [one.team for one in found] == [rested, long_ago, busy]


def test_city_union_is_near_to_no_district_and_a_need_of_the_city_is_near_to_none():
    city = make_union(code="51", level=UnionLevel.CITY)
    make_team(kind=TeamKind.GREEN, union_org=make_union(code="5104"))

    assert matching.teams_for(make_need(district=city)) == []


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        # Monday 7 December 2026, Shanghai hours
        ("07 09:00", "07 11:00", [0]),
        ("07 12:00", "07 18:00", [1]),  # half-open on both sides
        ("07 11:59", "07 18:01", [0, 1, 2]),
        ("07 00:00", "07 06:00", []),  # nights belong to none
        ("12 20:00", "13 08:00", [17, 18]),  # Saturday evening, Sunday morning
        ("07 09:00", "29 11:00", ALWAYS),
    ],
)
def test_times_of_a_stretch_are_those_it_touches(starts, ends, expected):
    def moment(text):
        day, clock = text.split()
        at = datetime.fromisoformat(f"2026-12-{day}T{clock}+08:00")
        return at.astimezone(UTC)

    assert matching.times_of(moment(starts), moment(ends)) == expected
