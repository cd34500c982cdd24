"""What is measured comes from records, and says so where there are none."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_union, make_user, make_worker
from tests.volunteers.factories import (
    make_membership,
    make_need,
    make_partner,
    make_profile,
    make_skill,
    make_team,
)
from unionportal.services import write_roles
from volunteers.enums import JoinSide, JoinState, NeedMove, NeedState
from volunteers.models import JoinRequest, Need, NeedStep, ReportedFigure
from volunteers.services import indicators

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def past_need(*, ago, hours=None, state=NeedState.OPEN, offered="", **fields):
    """A need filed ``ago`` days ago, taken ``hours`` later."""
    now = timezone.now()
    filed_at = now - timedelta(days=ago)
    need = make_need(**fields)
    team = make_team() if hours or offered else None
    taken_at = filed_at + HOUR * hours if hours else None
    is_over = state in (NeedState.DONE, NeedState.UNMET, NeedState.WITHDRAWN)
    Need.objects.filter(pk=need.pk).update(
        filed_at=filed_at,
        starts_at=filed_at,
        ends_at=filed_at + HOUR,
        taken_at=taken_at,
        team=team if state != NeedState.OPEN else None,
        state=state,
        ended_at=now if is_over else None,
        reason="示例原因" if is_over else "",
    )
    if offered:
        _step(need, NeedMove.OFFERED, team, filed_at)
    if offered == "declined":
        _step(need, NeedMove.DECLINED, team, filed_at, reason="没空")
    if hours:
        _step(need, NeedMove.TAKEN, team, taken_at)
    return need


def _step(need, move, team, at, **more):
    NeedStep.objects.create(need=need, move=move, team=team, at=at, **more)


def measured(ago=30):
    now = timezone.now()
    rows = indicators.measure(now - timedelta(days=ago), now)
    return {row.title: (row.above, row.below, row.value) for row in rows}


def test_indicators_are_two_for_each_word_and_without_records_say_so(client):
    page = client.get(reverse("volunteers:indicators"))

    rows = page.context["indicators"]
    assert [row.word for row in rows] == [
        word for word in ("精准", "多元", "智慧", "实效") for _n in range(2)
    ]
    assert not any(row.has_data for row in rows)
    assert page.content.decode().count("尚无数据") == 8


def test_indicators_of_needs_are_divided_from_records():
    partner = make_partner()
    past_need(ago=5, hours=4, state=NeedState.DONE, kind="law", offered="taken")
    past_need(ago=5, hours=8, state=NeedState.TAKEN, kind="law", partner=partner)
    past_need(ago=5, kind="green", offered="declined")
    past_need(ago=5, state=NeedState.WITHDRAWN, kind="care")
    past_need(ago=60, hours=1, state=NeedState.DONE, kind="skill")  # before the period

    found = measured()

    assert found["需求承接率"] == (2, 3, "66.7%")
    assert found["指派采纳率"] == (1, 2, "50.0%")
    assert found["类别覆盖率"] == (1, 3, "33.3%")
    assert found["社会组织需求占比"] == (1, 4, "25.0%")
    assert found["需求办结率"] == (1, 3, "33.3%")
    assert found["平均响应时间"] == (12, 2, "6.0小时")


def test_response_time_ends_with_the_first_team_though_it_gave_the_need_back():
    need = past_need(ago=5, hours=2, state=NeedState.TAKEN)
    _step(need, NeedMove.TAKEN, make_team(), timezone.now())

    assert measured()["平均响应时间"] == (2, 1, "2.0小时")


def test_indicator_of_requests_counts_those_answered_within_three_days():
    now = timezone.now()

    def asked(ago, answered=None, state=JoinState.ACCEPTED, side=JoinSide.WORKER):
        at = now - timedelta(days=ago)
        JoinRequest.objects.create(
            team=make_team(),
            worker=make_worker(),
            side=side,
            state=state if answered is not None else JoinState.OPEN,
            asked_at=at,
            answered_at=at + timedelta(days=answered) if answered is not None else None,
        )

    asked(10, answered=2)
    asked(10, answered=4)
    asked(10)
    asked(1)  # not due yet
    asked(10, answered=1, state=JoinState.WITHDRAWN)
    asked(10, answered=1, side=JoinSide.TEAM)

    assert measured()["入队申请3日答复率"] == (1, 3, "33.3%")


def test_indicator_of_profiles_counts_people_once():
    skill, org = make_skill(), make_union()
    whole, part = (make_worker(user=make_user()) for _n in range(2))
    for _team in range(2):
        make_membership(worker=whole)
    make_membership(worker=part)
    make_profile(whole, skills=[skill], districts=[org], free=[1])
    make_profile(part, skills=[skill])

    assert measured()["志愿者资料完整率"] == (1, 2, "50.0%")


def test_indicators_cost_the_same_at_both_sizes():
    def cost():
        with CaptureQueriesContext(connection) as caught:
            measured()
        return len(caught)

    few = cost()
    for _n in range(5):
        past_need(ago=5, hours=4, state=NeedState.DONE)

    assert cost() == few == 6


def test_indicators_of_a_year_are_for_staff_who_see_all(client):
    write_roles()
    here = reverse("admin:volunteers_need_indicators")
    answers = {}
    for role in ("志愿服务统筹", "审计员", "队长", "社会组织"):
        client.force_login(make_user(roles=[role], is_staff=True))
        answers[role] = client.get(here, {"year": timezone.localdate().year})
    mangled = client.get(here, {"year": "１９９９x"})

    assert {role: answer.status_code for role, answer in answers.items()} == {
        "志愿服务统筹": 200,
        "审计员": 200,
        "队长": 403,
        "社会组织": 403,
    }
    assert mangled.status_code == 403


def test_reported_figures_stand_as_reported_and_are_not_added(client):
    make_team(members=3)
    for of, value, qualifier, unit in [
        ("people", 20000, "nearly", "人"),
        ("services", 600, "over", "场"),
    ]:
        ReportedFigure.objects.create(
            of=of, value=value, qualifier=qualifier, unit=unit, source="示例日报"
        )

    page = client.get(reverse("volunteers:team-list"))

    text = page.content.decode()
    assert "近20000人" in text
    assert "600余场" in text
    assert ("本站登记队员", 3, "名") in page.context["figures"]
    assert "20003" not in text
