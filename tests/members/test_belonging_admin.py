"""The back office of belonging: who may verify, move, correct and confirm, and whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.enums import CorrectionState, TransferState
from members.models import (
    CorrectionRequest,
    UnionOrg,
    UnionTransfer,
    Worker,
)
from members.services import memberships, owndata, transfers
from tests.factories import make_union, make_user, make_worker, make_worker_with_login

pytestmark = pytest.mark.django_db


def url(model, action, *args):
    return reverse(f"admin:members_{model._meta.model_name}_{action}", args=args)


@pytest.fixture
def mine(union):
    return make_worker(name="甲示例", union_org=union, member_number="SL-1")


@pytest.fixture
def foreign():
    return make_worker(
        name="乙示例", union_org=make_union(code="B"), member_number="SL-2"
    )


def errors(response):
    assert response.status_code == 200, "the form came back"
    form = response.context.get("form") or response.context["adminform"].form
    return form.errors


# --- verifying by hand


def verify(client, worker, phone="139 0000 7788", reason="当面查看身份证"):
    return client.post(
        url(Worker, "verify", worker.pk), {"phone": phone, "reason": reason}
    )


@pytest.mark.parametrize("role", ["工会干部", "服务台"])
def test_verify_by_hand_and_undo_by_steward_and_desk(client, enter, union, mine, role):
    enter(role, union=union)
    user = make_user(phone="13900007788")

    tool = client.get(url(Worker, "change", mine.pk)).content.decode()
    done = verify(client, mine)
    mine.refresh_from_db()
    held_by = mine.user
    undone = client.post(url(Worker, "unverify", mine.pk), {"reason": "认错了人"})

    mine.refresh_from_db()
    assert "人工认证" in tool
    assert (done.status_code, undone.status_code) == (302, 302)
    assert (held_by, mine.user) == (user, None)


@pytest.mark.parametrize("page", ["verify", "unverify"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_verify_by_hand_finds_no_foreign_worker(client, steward, foreign, page, method):
    make_user(phone="13900007788")

    response = getattr(client, method)(
        url(Worker, page, foreign.pk), {"phone": "13900007788", "reason": "示例"}
    )

    foreign.refresh_from_db()
    assert response.status_code == 404
    assert foreign.user is None


@pytest.mark.parametrize("role", ["审计员", "培训管理员", "系统管理员", "编辑"])
def test_verify_by_hand_is_refused_to_other_roles(client, enter, mine, role):
    enter(role)
    make_user(phone="13900007788")

    assert verify(client, mine).status_code == 403
    assert client.get(url(Worker, "unverify", mine.pk)).status_code == 403


def test_verify_by_hand_is_closed_to_visitors_and_workers(client, mine):
    for page in ("verify", "unverify"):
        assert client.get(url(Worker, page, mine.pk)).status_code == 302
    client.force_login(make_user())
    answer = client.get(url(Worker, "verify", mine.pk), follow=True)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("phone", "said"),
    [("123", "手机号码应为11位数字"), ("13900001111", "该手机号码还没有注册门户账号")],
)
def test_verify_by_hand_reports_a_number_that_leads_nowhere_at_its_box(
    client, steward, mine, phone, said
):
    assert errors(verify(client, mine, phone=phone)) == {"phone": [said]}


def test_verify_by_hand_shows_the_refusal_of_the_verb_in_the_form(
    client, steward, mine
):
    make_worker(user=make_user(phone="13900007788"))

    assert errors(verify(client, mine)) == {"phone": ["该账号已认证为另一位职工。"]}


# --- transfers


def propose(client, to, **data):
    worker = data.pop("worker", None)
    address = url(UnionTransfer, "add")
    if worker:
        address += f"?worker={worker.pk}"
    return client.post(address, {"to_name": to, "reason": "工作调动"} | data)


def test_transfer_is_proposed_by_the_giving_steward_on_the_workers_page(
    client, steward, mine, foreign
):
    response = propose(client, foreign.union_org.code, worker=mine)

    asked = UnionTransfer.objects.get()
    assert response.status_code == 302
    assert (asked.worker, asked.to_org, asked.state) == (
        mine,
        foreign.union_org,
        TransferState.PROPOSED,
    )


def test_transfer_lets_the_receiving_steward_name_whom_they_may_not_see(
    client, steward, union, foreign
):
    right = {"name": "乙 示例", "member_number": "sl-2"}

    wrong = propose(client, union.name, name="丙示例", member_number="SL-2")
    done = propose(client, union.name, **right)

    assert errors(wrong) == {"__all__": ["没有姓名与会员编号都相符的职工。"]}
    assert done.status_code == 302
    assert UnionTransfer.objects.get().asked_side == "receiving"


def test_transfer_of_a_foreign_worker_in_the_address_names_nobody(
    client, steward, foreign, union
):
    response = propose(client, union.code, worker=foreign)
    page = client.get(url(UnionTransfer, "add") + f"?worker={foreign.pk}")

    assert set(errors(response)) == {"name", "member_number"}
    assert "乙示例" not in page.content.decode()


def test_transfer_reports_a_union_that_is_not_found_with_similar_ones(
    client, steward, mine
):
    other = make_union()

    said = str(errors(propose(client, other.name[:-2], worker=mine))["to_name"])

    assert f"{other.name}（{other.code}）" in said


def answer(client, model, row, verdict, words=""):
    return client.post(
        url(model, "change", row.pk), {"verdict": verdict, "answer": words}
    )


def test_transfer_is_accepted_by_the_other_side_in_the_back_office(
    client, enter, mine, foreign
):
    asker = enter("工会干部", union=mine.union_org)
    asked = transfers.transfer(
        worker=mine, to=foreign.union_org, by=asker, reason="工作调动"
    )
    own = answer(client, UnionTransfer, asked, "yes")
    enter("工会干部", union=foreign.union_org)

    done = answer(client, UnionTransfer, asked, "yes")

    mine.refresh_from_db()
    again = client.get(url(UnionTransfer, "change", asked.pk))
    assert errors(own) == {"__all__": ["须由另一方工会确认。"]}
    assert done.status_code == 302
    assert mine.union_org == foreign.union_org
    assert "verdict" not in again.content.decode()


def test_decline_transfer_asks_for_a_reason(client, enter, mine, foreign):
    asked = transfers.transfer(
        worker=mine,
        to=foreign.union_org,
        by=enter("工会干部", union=mine.union_org),
        reason="工作调动",
    )

    assert errors(answer(client, UnionTransfer, asked, "no")) == {
        "answer": ["请写明原因。"]
    }
    assert answer(client, UnionTransfer, asked, "no", "查无此人").status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (TransferState.DECLINED, "查无此人")


def test_transfer_is_not_there_for_a_stranger(client, enter, mine, foreign):
    asked = transfers.transfer(
        worker=mine, to=foreign.union_org, by=None, reason="工作调动"
    )
    enter("工会干部", union=make_union(code="C"))

    page = client.get(url(UnionTransfer, "change", asked.pk), follow=True)
    rows = client.get(url(UnionTransfer, "changelist")).context["cl"].result_list

    assert page.redirect_chain == [("/admin/", 302)]
    assert list(rows) == []


def test_worker_form_moves_nobody_past_the_record(client, steward, mine):
    also_mine = make_union(code="A01", parent=mine.union_org)

    response = client.post(
        url(Worker, "change", mine.pk),
        {"name": "甲示例", "member_number": "SL-1", "union_org": also_mine.pk},
    )

    mine.refresh_from_db()
    assert response.status_code == 302
    assert mine.union_org != also_mine


# --- corrections


@pytest.fixture
def asked():
    def asked(worker, **given):
        worker.user = worker.user or make_user()
        worker.save()
        given = {"field": "name", "proposed": "甲改名"} | given
        return owndata.ask_correction(worker=worker, by=worker.user, **given)

    return asked


def test_answer_correction_accepts_or_refuses_by_the_steward(
    client, steward, mine, asked
):
    first = asked(mine)
    second = asked(mine, field="other", proposed="", note="示例说明")

    page = client.get(url(CorrectionRequest, "change", first.pk)).content.decode()
    yes = answer(client, CorrectionRequest, first, "yes")
    silent = answer(client, CorrectionRequest, second, "no")
    no = answer(client, CorrectionRequest, second, "no", "材料不全")

    mine.refresh_from_db()
    second.refresh_from_db()
    assert "甲示例" in page
    assert (yes.status_code, no.status_code, mine.name) == (302, 302, "甲改名")
    assert errors(silent) == {"answer": ["不予更正须写明原因。"]}
    assert (second.state, second.answer) == (CorrectionState.REFUSED, "材料不全")


def test_answer_correction_foreign_correction_is_not_there(
    client, steward, foreign, asked
):
    request = asked(foreign, proposed="乙改名")

    rows = client.get(url(CorrectionRequest, "changelist")).context["cl"].result_list
    answer(client, CorrectionRequest, request, "yes")

    foreign.refresh_from_db()
    assert list(rows) == []
    assert foreign.name == "乙示例"


def test_answer_correction_auditor_reads_and_answers_nothing(
    client, enter, mine, asked
):
    request = asked(mine)
    enter("审计员")

    assert client.get(url(CorrectionRequest, "change", request.pk)).status_code == 200
    assert answer(client, CorrectionRequest, request, "yes").status_code == 403


@pytest.mark.parametrize("rows", [1, 6])
@pytest.mark.parametrize("model", [UnionTransfer, CorrectionRequest, UnionOrg])
def test_back_office_lists_of_belonging_cost_the_same_however_long(
    client, enter, asked, model, rows
):
    enter("服务台")
    for _ in range(rows):
        worker = make_worker_with_login(union_org=make_union())
        transfers.transfer(worker=worker, to=make_union(), by=None, reason="示例")
        asked(worker)
    client.get(url(model, "changelist"))

    with CaptureQueriesContext(connection) as queries:
        client.get(url(model, "changelist"))

    assert len(queries) == 6


# --- the roster check


def confirm(client, *orgs):
    return client.post(
        url(UnionOrg, "changelist"),
        {"action": "confirm_roster", "_selected_action": [org.pk for org in orgs]},
    )


def test_confirm_roster_steward_confirms_own_rosters_only(
    client, steward, union, foreign
):
    confirm(client, union, foreign.union_org)

    union.refresh_from_db()
    foreign.union_org.refresh_from_db()
    assert union.roster_confirmed_at is not None
    assert foreign.union_org.roster_confirmed_at is None


def test_union_list_shows_and_filters_the_state_of_the_roster(client, steward, union):
    UnionOrg.objects.filter(pk=union.pk).update(created_at="2020-01-01T00:00:00+08:00")
    address = url(UnionOrg, "changelist")

    late = client.get(address, {"roster": "confirmed"}).context["cl"].result_list
    memberships.confirm_roster(org=union, by=None)
    done = client.get(address, {"roster": "confirmed"})

    assert list(late) == []
    assert list(done.context["cl"].result_list) == [union]
    assert "已核对" in done.content.decode()


@pytest.mark.parametrize("role", ["服务台", "审计员"])
def test_confirm_roster_is_refused_to_other_roles(client, enter, union, role):
    enter(role)

    confirm(client, union)

    union.refresh_from_db()
    assert union.roster_confirmed_at is None


def test_back_office_home_reports_rosters_to_check(client, steward, union):
    UnionOrg.objects.update(created_at="2020-01-01T00:00:00+08:00")

    def to_check():
        waiting = client.get("/admin/").context["waiting"]
        return next(one for one in waiting if one.title.startswith("名册待核对"))

    before = to_check()
    listed = client.get(before.link).context["cl"].result_list
    memberships.confirm_roster(org=union, by=steward)

    # every union of the steward's, and no other's
    assert (before.number, list(listed)) == (1, [union])
    assert to_check().number == 0
