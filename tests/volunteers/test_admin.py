from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_union, make_user, make_worker
from tests.volunteers.factories import make_membership, make_team
from unionportal.services import write_roles
from volunteers import services
from volunteers.models import Membership, VolunteerTeam

pytestmark = pytest.mark.django_db
TEAMS = reverse("admin:volunteers_volunteerteam_changelist")
MEMBERS = reverse("admin:volunteers_membership_changelist")
ADD_MEMBER = reverse("admin:volunteers_membership_add")


def page_of(team):
    return reverse("admin:volunteers_volunteerteam_change", args=[team.pk])


def log_in(client, role, *extra):
    write_roles()
    user = make_user(roles=[role], is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=extra))
    client.force_login(user)
    return user


def test_team_admin_shows_a_leader_their_team_and_nobody_elses(client):
    user = log_in(client, "队长")
    own = make_team(name="本队示例", leader=make_worker(user=user), members=1)
    foreign = make_team(name="别队示例", members=1)

    teams = client.get(TEAMS).content.decode()
    members = client.get(MEMBERS)
    answer = client.get(page_of(foreign), follow=True)

    assert "本队示例" in teams
    assert "别队示例" not in teams
    assert list(members.context["cl"].result_list) == list(own.memberships.all())
    assert client.get(page_of(own)).status_code == 200
    assert answer.redirect_chain == [(reverse("admin:index"), 302)]
    assert "别队示例" not in answer.content.decode()


def test_team_admin_shows_the_coordinator_every_team(client):
    log_in(client, "志愿服务统筹")
    make_team(name="本队示例")
    make_team(name="别队示例")

    page = client.get(TEAMS).content.decode()

    assert "本队示例" in page
    assert "别队示例" in page


def test_team_admin_lets_a_leader_who_may_edit_change_words_but_not_the_teams_place(
    client,
):
    user = log_in(client, "队长", "change_volunteerteam")
    own = make_team(name="本队示例", leader=make_worker(user=user))

    client.post(
        page_of(own),
        {
            "name": "改名",
            "slogan": "新口号",
            "join_mode": "request",
            "leader": make_worker().pk,
        },
    )

    own.refresh_from_db()
    assert (own.name, own.slogan) == ("本队示例", "新口号")
    assert own.leader.user == user


def test_membership_admin_offers_no_rows_of_others_and_leaks_no_names(client):
    """A number typed into the box must neither be taken nor read out."""
    user = log_in(client, "队长", "add_membership")
    make_team(leader=make_worker(user=user))
    foreign = make_team(name="别队机密名")
    stranger = make_worker(name="机密姓名")

    answer = client.post(
        ADD_MEMBER,
        {
            "team": foreign.pk,
            "worker": stranger.pk,
            "role": "member",
            "joined_on": "2018-06-01",
        },
    )
    page = answer.content.decode()

    assert answer.status_code == 200
    assert set(answer.context["adminform"].form.errors) == {"team", "worker"}
    assert "别队机密名" not in page
    assert "机密姓名" not in page
    assert not Membership.objects.exists()


def test_enrol_admin_takes_a_member_in_and_shows_a_refusal_in_the_form(client):
    log_in(client, "志愿服务统筹")
    team, worker = make_team(), make_worker(name="示例职工甲")
    typed = {
        "team": team.pk,
        "worker": worker.pk,
        "role": "member",
        "joined_on": "2018-06-01",
    }

    taken = client.post(ADD_MEMBER, typed)
    again = client.post(ADD_MEMBER, typed)

    assert taken.status_code == 302
    assert "该职工已在这支队伍中" in again.content.decode()
    assert Membership.objects.get().worker == worker


def test_withdraw_admin_takes_a_member_off_the_list_through_the_verb(client):
    log_in(client, "志愿服务统筹")
    membership = make_membership()
    url = reverse("admin:volunteers_membership_change", args=[membership.pk])
    today = timezone.localdate()
    typed = {"role": "member", "left_on": today + timedelta(days=1)}

    refused = client.post(url, typed)
    client.post(url, typed | {"left_on": today})
    again = client.post(url, {"role": "deputy"})

    assert "退队日期不能晚于今天" in refused.content.decode()
    membership = Membership.objects.get()
    assert (membership.left_on, membership.role) == (today, "member")
    assert again.status_code == 403


def test_team_admin_shows_a_deputy_what_the_leader_sees_while_they_are_in_the_team(
    client,
):
    user = log_in(client, "队长")
    make_team(name="别队示例", members=1)
    deputy = make_membership(worker=make_worker(user=user), role="deputy")
    make_membership(team=deputy.team)
    make_membership(worker=deputy.worker)  # of another team, where they are no deputy

    def seen(address):
        return set(client.get(address).context["cl"].result_list)

    assert seen(TEAMS) == {deputy.team}
    assert seen(MEMBERS) == set(deputy.team.memberships.all())
    services.withdraw(membership=deputy, by=None)
    assert seen(TEAMS) == seen(MEMBERS) == set()


def test_team_admin_never_deletes(client):
    log_in(client, "志愿服务统筹", "delete_volunteerteam")
    team = make_team()
    url = reverse("admin:volunteers_volunteerteam_delete", args=[team.pk])

    assert client.post(url, {"post": "yes"}).status_code == 403
    assert VolunteerTeam.objects.exists()


@pytest.mark.parametrize("url", [TEAMS, MEMBERS])
def test_team_admin_lists_cost_the_same_however_long(client, url):
    log_in(client, "志愿服务统筹")
    costs = []
    for rows in (1, 6):
        while VolunteerTeam.objects.count() < rows:
            make_team(leader=make_worker(), union_org=make_union(), members=1)
        client.get(url)
        with CaptureQueriesContext(connection) as caught:
            response = client.get(url)
        costs.append(len(caught))
        assert len(response.context["cl"].result_list) == rows

    assert costs[0] == costs[1]


def test_membership_admin_suggests_people_and_teams_to_who_may_see_them(client):
    """The coordinator sees workers and teams, and no list of unions: a box that searches
    it would only be refused."""
    log_in(client, "志愿服务统筹")
    make_worker(name="示例甲")
    make_team(name="本队示例")

    member = client.get(ADD_MEMBER).content.decode()
    team = client.get(reverse("admin:volunteers_volunteerteam_add")).content.decode()

    for name, page in (("team", member), ("worker", member), ("leader", team)):
        assert f'data-field-name="{name}"' in page
    assert 'data-field-name="union_org"' not in team
    for name, words in (("worker", "示例甲"), ("team", "本队示例")):
        found = client.get(
            reverse("admin:autocomplete"),
            {
                "app_label": "volunteers",
                "model_name": "membership",
                "field_name": name,
                "term": "示例",
            },
        )
        assert any(row["text"].startswith(words) for row in found.json()["results"])


def test_save_team_admin_stores_that_a_leader_agreed_and_refuses_a_day_to_come(client):
    log_in(client, "志愿服务统筹", "view_all_teams", "change_volunteerteam")
    team = make_team(name="示例队", leader=make_worker(name="赵示例"))
    today = timezone.localdate()
    typed = {"name": team.name, "kind": team.kind, "leader": team.leader.pk}
    typed |= {"is_active": "on", "join_mode": "request"}

    refused = client.post(
        page_of(team), typed | {"leader_agreed_on": today + timedelta(days=1)}
    )
    kept = client.post(page_of(team), typed | {"leader_agreed_on": today})

    assert refused.context["adminform"].form.errors == {
        "leader_agreed_on": ["同意公开全名的日期不能晚于今天。"]
    }
    assert kept.status_code == 302
    assert VolunteerTeam.objects.get(pk=team.pk).leader_agreed_on == today
