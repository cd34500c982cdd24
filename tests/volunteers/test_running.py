"""A team's own pages in the back office: whose they are, what they show, the lists."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from common.models import AuditEvent
from members.enums import UnionLevel
from tests.factories import make_union, make_user, make_worker, make_worker_with_login
from tests.volunteers.factories import make_membership, make_team
from unionportal.services import write_roles
from volunteers.admin.running import inviting
from volunteers.enums import JoinState
from volunteers.models import JoinRequest, Membership
from volunteers.services import joining

pytestmark = pytest.mark.django_db
PAGES = ["run", "invite", "joining", "export"]


@pytest.fixture
def leader(client):
    write_roles()
    inviting.forget()
    worker = make_worker(user=make_user(roles=["队长"], is_staff=True))
    client.force_login(worker.user)
    return worker


def at(name, *args):
    return reverse(f"admin:volunteers_volunteerteam_{name}", args=args)


def cells(response):
    page = load_workbook(BytesIO(response.content)).active
    return [list(row) for row in page.values]


def test_team_of_another_leader_is_not_there(client, leader):
    make_team(leader=leader)
    foreign = make_team(leader=make_worker_with_login(), members=1)
    member = foreign.memberships.get()
    worker = make_worker_with_login()
    asked = joining.ask_to_join(team=foreign, worker=worker, by=worker.user)
    addresses = [at(name, foreign.pk) for name in PAGES]
    addresses += [
        at("answer", foreign.pk, asked.pk),
        at("number", foreign.pk, member.pk),
    ]

    for address in addresses:
        assert client.get(address).status_code in (404, 405), address
        assert client.post(address, {"do": "accept"}).status_code in (404, 405), address
    asked.refresh_from_db()
    assert asked.state == JoinState.OPEN


def test_request_of_another_team_is_not_answered_under_ones_own(client, leader):
    own, foreign = make_team(leader=leader), make_team()
    worker = make_worker_with_login()
    asked = joining.ask_to_join(team=foreign, worker=worker, by=worker.user)
    stranger = make_membership(team=foreign, worker=make_worker_with_login())

    answers = [
        client.post(at("answer", own.pk, asked.pk), {"do": "accept"}),
        client.post(at("number", own.pk, stranger.pk), {"reason": "通知集合时间"}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert not own.memberships.exists()


def test_run_page_answers_requests_and_keeps_the_reason_that_is_missing(client, leader):
    team = make_team(leader=leader)
    one, two = make_worker_with_login(), make_worker_with_login()
    first, second = (
        joining.ask_to_join(team=team, worker=w, by=w.user) for w in (one, two)
    )

    refused = client.post(at("answer", team.pk, first.pk), {"do": "decline"})
    client.post(at("answer", team.pk, first.pk), {"do": "decline", "answer": "满了"})
    client.post(at("answer", team.pk, second.pk), {"do": "accept"})

    assert "请写明原因" in refused.content.decode()
    assert JoinRequest.objects.get(pk=first.pk).answer == "满了"
    assert team.memberships.get().worker == two


def test_run_page_shows_no_whole_number_and_phone_is_revealed_on_record(client, leader):
    team = make_team(leader=leader)
    worker = make_worker(user=make_user(phone="13612345678"))
    held = make_membership(team=team, worker=worker)

    page = client.get(at("run", team.pk)).content.decode()
    short = client.post(at("number", team.pk, held.pk), {"reason": "看"})
    shown = client.post(at("number", team.pk, held.pk), {"reason": "通知集合时间"})

    assert "13612345678" not in page + short.content.decode()
    assert "5678" in page
    assert "13612345678" in shown.content.decode()
    events = AuditEvent.objects.filter(verb="reveal_phone").order_by("pk")
    assert [event.outcome for event in events] == ["refused", "done"]


def test_export_holds_the_teams_members_alone_and_is_on_record(client, leader):
    team = make_team(leader=leader, name="本队示例")
    org = make_union(name="示例甲厂工会")
    worker = make_worker(
        name="=1+1", union_org=org, user=make_user(phone="13612345678")
    )
    make_membership(team=team, worker=worker, is_home=True, role="deputy")
    gone = make_membership(team=team)
    joining.leave(team=team, worker=gone.worker, by=None)
    make_membership(worker=make_worker(name="别队队员"))

    answer = client.get(at("export", team.pk))

    today = f"{timezone.localdate():%Y-%m-%d}"
    assert cells(answer) == [
        ["姓名", "工会", "职务", "主队", "入队日期", "手机尾号"],
        ["=1+1", "示例甲厂工会", "副队长", "是", today, "5678"],
    ]
    event = AuditEvent.objects.get(verb="export")
    assert (event.by, event.of_key) == (leader.user, str(team.pk))
    assert "本队示例" in event.reason
    assert "1人" in event.reason


def test_export_of_all_members_is_for_who_sees_all_and_of_a_leader_their_own(
    client, leader
):
    own = make_team(leader=leader, members=1)
    make_team(members=2)
    here = reverse("admin:volunteers_membership_export")

    of_leader = cells(client.get(here))
    client.force_login(make_user(roles=["志愿服务统筹"], is_staff=True))
    of_all = cells(client.get(here))
    client.force_login(make_user(roles=["审计员"], is_staff=True))

    assert [row[0] for row in of_leader[1:]] == [own.name]
    assert len(of_all) == 4
    assert client.get(here).status_code == 403
    assert AuditEvent.objects.filter(verb="export").count() == 2


def test_auditor_reads_no_page_of_work(client, leader):
    team = make_team(leader=leader)
    client.force_login(make_user(roles=["审计员"], is_staff=True))

    assert client.get(at("run", team.pk)).status_code == 403


def test_run_page_costs_the_same_at_both_sizes_and_searches(client, leader):
    team = make_team(leader=leader, members=1)
    client.get(at("run", team.pk))

    def cost():
        with CaptureQueriesContext(connection) as caught:
            client.get(at("run", team.pk))
        return len(caught)

    few = cost()
    for n in range(60):
        union = make_union(level=UnionLevel.GRASSROOTS)
        make_membership(team=team, worker=make_worker(name=f"赵{n}号", union_org=union))
    many = cost()
    found = client.get(at("run", team.pk), {"q": "赵59"})

    assert many == few == 8
    assert [row.worker.name for row in found.context["members"]] == ["赵59号"]
    assert len(client.get(at("run", team.pk), {"p": 2}).context["members"]) == 11


def test_invite_page_keeps_what_was_typed_and_is_not_for_trying_numbers(client, leader):
    team = make_team(leader=leader)
    typed = {"name": "王小刚", "number": "SL404"}

    refused = client.post(at("invite", team.pk), typed)
    for _try in range(30):
        last = client.post(at("invite", team.pk), typed)

    assert refused.context["invite"].errors == {
        "number": ["没有姓名与编号（或手机号）都相符的职工。"]
    }
    assert 'value="SL404"' in refused.content.decode()
    assert last.status_code == 429


def test_mine_leads_a_leader_to_their_one_team(client, leader):
    team = make_team(leader=leader)

    one = client.get(at("mine"))
    make_team(leader=leader)
    two = client.get(at("mine"))

    assert one.url == at("run", team.pk)
    assert two.url == at("changelist")
    assert Membership.objects.count() == 0
