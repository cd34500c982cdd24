"""Coming into a team by request, by invitation and freely; leaving by oneself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from common.errors import Refusal
from members.models import Notice
from tests.factories import make_user, make_worker, make_worker_with_login
from tests.volunteers.factories import make_membership, make_team
from unionportal.services import write_roles
from volunteers import services
from volunteers.enums import JoinMode, JoinState
from volunteers.models import JoinRequest, Membership, VolunteerProfile, VolunteerTeam
from volunteers.services import joining

pytestmark = pytest.mark.django_db
MINE = reverse("my-volunteering")


def codes_of(call, **arguments):
    with pytest.raises(Refusal) as caught, transaction.atomic():
        call(**arguments)
    return caught.value.codes


def make_leader():
    write_roles()
    return make_worker(user=make_user(roles=["队长"], is_staff=True))


def led_team(**fields):
    return make_team(leader=make_leader(), **fields)


def ask(team, worker, **more):
    return joining.ask_to_join(team=team, worker=worker, by=worker.user, **more)


def kinds_told(user):
    return [notice.kind for notice in Notice.objects.filter(user=user)]


def test_ask_to_join_waits_for_the_leader_who_is_told_and_takes_in():
    team, worker = led_team(), make_worker_with_login()

    asked = ask(team, worker, message="周末有空")
    joining.accept_request(request=asked, by=team.leader.user)

    assert kinds_told(team.leader.user) == ["volunteers.join_asked"]
    assert kinds_told(worker.user) == ["volunteers.join_accepted"]
    held = Membership.objects.get(team=team, worker=worker)
    assert held.is_home  # their first team
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == (JoinState.ACCEPTED, team.leader.user)


def test_decline_request_wants_a_reason_and_tells_the_worker():
    team, worker = led_team(), make_worker_with_login()
    asked = ask(team, worker)
    answer = {"request": asked, "by": team.leader.user}

    assert codes_of(joining.decline_request, **answer, answer=" ") == {"answer_missing"}
    joining.decline_request(**answer, answer="名额已满")

    told = Notice.objects.get(kind="volunteers.join_declined")
    assert told.user == worker.user
    assert "名额已满" in told.body
    assert not team.memberships.exists()
    assert codes_of(joining.accept_request, **answer) == {"already_answered"}


def test_accept_request_is_refused_to_the_leader_of_another_team_and_to_the_worker():
    team, other, worker = led_team(), led_team(), make_worker_with_login()
    asked = ask(team, worker)

    for stranger in (other.leader.user, worker.user):
        assert codes_of(joining.accept_request, request=asked, by=stranger) == {
            "not_leader"
        }
    assert not team.memberships.exists()


def test_accept_request_by_a_deputy_with_the_role():
    write_roles()
    team = led_team()
    deputy = make_worker(user=make_user(roles=["队长"], is_staff=True))
    make_membership(team=team, worker=deputy, role="deputy")
    asked = ask(team, make_worker_with_login())

    joining.accept_request(request=asked, by=deputy.user)

    assert team.memberships.count() == 2
    assert "volunteers.join_asked" in kinds_told(deputy.user)


def test_ask_to_join_freely_is_in_at_once_and_elsewhere_refused():
    worker = make_worker_with_login()
    closed = make_team(join_mode=JoinMode.CLOSED)
    invited = make_team(join_mode=JoinMode.INVITATION)
    gone = make_team(is_active=False)
    off = make_worker(user=make_user(), left_at=timezone.now())
    free = make_team(join_mode=JoinMode.FREE)

    made = ask(free, worker)

    assert isinstance(made, Membership)
    refused = {"by": worker.user, "worker": worker}
    assert codes_of(joining.ask_to_join, team=free, **refused) == {"already_in_team"}
    assert codes_of(joining.ask_to_join, team=closed, **refused) == {"not_recruiting"}
    assert codes_of(joining.ask_to_join, team=invited, **refused) == {"only_invited"}
    assert codes_of(joining.ask_to_join, team=gone, **refused) == {"team_inactive"}
    assert codes_of(joining.ask_to_join, team=free, worker=off, by=off.user) == {
        "off_roster"
    }


def test_ask_to_join_twice_is_one_request_and_the_table_knows():
    team, worker = led_team(), make_worker_with_login()

    first, second = ask(team, worker), ask(team, worker)

    assert first == second
    with pytest.raises(IntegrityError), transaction.atomic():
        JoinRequest.objects.create(team=team, worker=worker, side="worker")


def test_invite_by_name_and_number_is_accepted_by_the_worker():
    team = led_team(join_mode=JoinMode.INVITATION)
    worker = make_worker(name="王小刚", member_number="SL1", user=make_user())
    by = team.leader.user

    asked = joining.invite(team=team, name="王小刚", number="sl1", by=by)
    again = joining.invite(team=team, name="王小刚", number="SL1", by=by)
    joining.accept_invitation(request=asked, worker=worker, by=worker.user)

    assert asked == again
    assert kinds_told(worker.user) == ["volunteers.invited"]
    assert kinds_told(by) == ["volunteers.invitation_answered"]
    assert team.memberships.current().get().worker == worker


def test_invite_says_no_more_of_a_wrong_name_than_of_a_wrong_number():
    team = led_team()
    make_worker(name="王小刚", member_number="SL1", user=make_user(phone="13612345678"))
    by = team.leader.user

    for name, number in [
        ("李小刚", "SL1"),
        ("王小刚", "SL2"),
        ("李小刚", "13612345678"),
        ("王小刚", ""),
    ]:
        assert codes_of(joining.invite, team=team, name=name, number=number, by=by) == {
            "worker_not_found"
        }
    assert codes_of(
        joining.invite, team=led_team(), name="王小刚", number="SL1", by=by
    ) == {"not_leader"}
    made = joining.invite(team=team, name="王小刚", number="13612345678", by=by)
    assert made.state == JoinState.OPEN


def test_invite_who_has_asked_and_ask_who_is_invited_take_in_at_once():
    team, worker = led_team(), make_worker_with_login(name="王小刚", member_number="S1")
    ask(team, worker)

    made = joining.invite(team=team, name="王小刚", number="S1", by=team.leader.user)

    assert isinstance(made, Membership)
    other = led_team(join_mode=JoinMode.INVITATION)
    joining.invite(team=other, name="王小刚", number="S1", by=other.leader.user)
    assert isinstance(ask(other, worker), Membership)
    assert not JoinRequest.objects.open().exists()


def test_answers_are_refused_to_whom_they_do_not_belong():
    team = led_team()
    worker, stranger = make_worker_with_login(), make_worker_with_login()
    asked = ask(team, worker)

    verbs = [joining.accept_invitation, joining.decline_invitation]
    for verb in verbs:  # a worker does not answer their own request
        assert codes_of(verb, request=asked, worker=worker, by=worker.user) == {
            "not_yours"
        }
    assert codes_of(
        joining.take_back, request=asked, worker=stranger, by=stranger.user
    ) == {"not_yours"}
    # nor does the leader take back what the worker asked
    assert codes_of(joining.take_back, request=asked, by=team.leader.user) == {
        "not_yours"
    }
    joining.take_back(request=asked, worker=worker, by=worker.user)
    asked.refresh_from_db()
    assert asked.state == JoinState.WITHDRAWN


def test_leave_keeps_the_row_and_is_refused_to_the_leader():
    team, worker = led_team(), make_worker_with_login()
    make_membership(team=team, worker=worker)
    make_membership(team=team, worker=team.leader)

    left = joining.leave(team=team, worker=worker, by=worker.user)

    assert left.left_on == timezone.localdate()
    assert kinds_told(team.leader.user) == ["volunteers.member_left"]
    assert codes_of(joining.leave, team=team, worker=worker, by=worker.user) == {
        "not_member"
    }
    assert codes_of(
        joining.leave, team=team, worker=team.leader, by=team.leader.user
    ) == {"leads_team"}


def test_make_home_moves_the_one_home_and_nothing_else():
    worker = make_worker_with_login()
    old, new = (make_membership(worker=worker, is_home=n == 0) for n in range(2))
    foreign = make_membership(is_home=True)

    joining.make_home(team=new.team, worker=worker, by=worker.user)
    joining.make_home(team=new.team, worker=worker, by=worker.user)

    rows = Membership.objects.filter(is_home=True).order_by("pk")
    assert list(rows) == [new, foreign]
    assert codes_of(
        joining.make_home, team=foreign.team, worker=worker, by=worker.user
    ) == {"not_member"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=old.pk).update(is_home=True)


def test_figures_count_people_once_however_many_teams_and_stays():
    worker = make_worker()
    first = make_membership(worker=worker)
    make_membership(worker=worker)
    services.withdraw(membership=first, by=None)
    make_membership(team=first.team, worker=worker)
    make_membership()

    assert VolunteerTeam.objects.figures()["people"] == 2


def test_team_page_names_only_who_agreed_to_it_for_this_team(client):
    worker = make_worker_with_login(name="欧阳示例员")
    team, other = make_team(), make_team()
    for one in (team, other):
        make_membership(team=one, worker=worker)
    client.force_login(worker.user)

    client.post(reverse("volunteers:team-membership", args=[team.pk]), {"do": "named"})

    client.logout()
    assert "欧阳示例员" in client.get(team.get_absolute_url()).content.decode()
    assert "欧阳示例员" not in client.get(other.get_absolute_url()).content.decode()
    joining.agree_to_be_named(team=team, worker=worker, by=worker.user, agrees=False)
    assert "欧阳示例员" not in client.get(team.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("mode", "state"),
    [("free", "free"), ("request", "request"), ("closed", "closed")]
    + [("invitation", "only_invited")],
)
def test_team_page_button_is_that_of_the_way_to_come_in(client, mode, state):
    team, worker = make_team(join_mode=mode), make_worker_with_login()

    visitor = client.get(team.get_absolute_url())
    client.force_login(worker.user)
    page = client.get(team.get_absolute_url())

    assert page.context["joining"].state == state
    assert "csrfmiddlewaretoken" not in visitor.content.decode()
    assert visitor.context["joining"].state == (
        "visitor" if mode in ("free", "request") else state
    )


def test_team_page_button_follows_a_worker_from_asking_to_leaving(client):
    team, worker = led_team(), make_worker_with_login()
    client.force_login(worker.user)
    here = team.get_absolute_url()

    def state():
        return client.get(here).context["joining"].state

    client.post(reverse("volunteers:team-join", args=[team.pk]), {"message": "您好"})
    assert state() == "asked"
    asked = JoinRequest.objects.get()
    client.post(reverse("volunteers:join-answer", args=[asked.pk]), {"do": "take-back"})
    assert state() == "request"
    ask(team, worker)
    joining.accept_request(
        request=JoinRequest.objects.open().get(), by=team.leader.user
    )
    assert state() == "member"
    confirm = client.get(reverse("volunteers:team-leave", args=[team.pk]))
    assert "主队" in confirm.content.decode()
    client.post(reverse("volunteers:team-leave", args=[team.pk]))
    assert state() == "request"


def test_join_answer_of_somebody_else_is_not_there(client):
    team, worker = led_team(), make_worker_with_login()
    asked = ask(team, worker)
    client.force_login(make_worker_with_login().user)

    answer = client.post(
        reverse("volunteers:join-answer", args=[asked.pk]), {"do": "take-back"}
    )

    assert answer.status_code == 404
    assert JoinRequest.objects.get().state == JoinState.OPEN


def test_verbs_of_a_log_in_without_a_worker_lead_to_the_verification(client):
    team = make_team(join_mode=JoinMode.FREE)
    client.force_login(make_user())

    answer = client.post(reverse("volunteers:team-join", args=[team.pk]))

    assert answer.url == reverse("my-verify")
    assert not Membership.objects.exists()


def test_my_volunteering_saves_a_profile_and_keeps_what_is_typed_wrongly(client):
    worker = make_worker_with_login()
    client.force_login(worker.user)

    client.post(MINE, {"free": ["0", "20"]})
    refused = client.post(MINE, {"free": ["3", "21"], "skills": ["x"]})

    assert VolunteerProfile.objects.get(worker=worker).free == [0, 20]
    assert refused.status_code == 200
    assert {"free", "skills"} == set(refused.context["form"].errors)
    ticked = {
        time
        for _day, times in refused.context["form"].rows
        for time, _name, is_ticked in times
        if is_ticked
    }
    assert ticked == {3}


def test_closed_account_takes_back_requests_and_forgets_the_profile():
    team, worker = led_team(), make_worker_with_login()
    asked = ask(team, worker, message="我的电话在单位")
    VolunteerProfile.objects.create(worker=worker, free=[1])

    services.forget_wishes(worker=worker, by=worker.user)

    asked.refresh_from_db()
    assert (asked.state, asked.message) == (JoinState.WITHDRAWN, "")
    assert not VolunteerProfile.objects.exists()


def test_set_joining_to_invitation_ends_the_mark_of_recruiting():
    team = led_team(is_recruiting=True)

    joining.set_joining(
        team=team, join_mode="invitation", is_recruiting=True, by=team.leader.user
    )

    team.refresh_from_db()
    assert (team.join_mode, team.is_recruiting) == ("invitation", False)
    with pytest.raises(IntegrityError), transaction.atomic():
        VolunteerTeam.objects.filter(pk=team.pk).update(is_recruiting=True)


def test_open_request_is_answered_though_the_team_has_closed_meanwhile():
    team, worker = led_team(), make_worker_with_login()
    asked = ask(team, worker)
    VolunteerTeam.objects.filter(pk=team.pk).update(join_mode=JoinMode.CLOSED)

    joining.accept_request(request=asked, by=team.leader.user)

    assert team.memberships.current().filter(worker=worker).exists()
    assert asked.asked_at > timezone.now() - timedelta(minutes=1)
