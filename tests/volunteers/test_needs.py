"""A need from filing to its end: whose it is, who may do what, who reads whom to call."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from common import crypto
from common.errors import Refusal
from common.models import Change
from members.enums import StewardRole, UnionLevel
from members.models import Notice
from members.services import rights
from tests.factories import make_union, make_user, make_worker
from tests.volunteers.factories import make_need, make_partner, make_skill, make_team
from unionportal import work
from unionportal.services import write_roles
from volunteers.enums import NeedMove, NeedState
from volunteers.models import Need, NeedStep, PartnerUser
from volunteers.services import needs

pytestmark = pytest.mark.django_db
LIST = reverse("admin:volunteers_need_changelist")
ADD = reverse("admin:volunteers_need_add")
PHONE = "13600001111"


def staff(role):
    write_roles()
    return make_user(roles=[role], is_staff=True)


def make_leader():
    user = staff("队长")
    return user, make_team(leader=make_worker(user=user))


def make_steward(org):
    user = staff("工会干部")
    rights.give_stewardship(user=user, union_org=org, role=StewardRole.STEWARD, by=None)
    return user


def make_partner_user():
    user = staff("社会组织")
    return user, make_partner(user=user)


def at(need):
    return reverse("admin:volunteers_need_work", args=[need.pk])


def codes_of(call, **arguments):
    with pytest.raises(Refusal) as caught, transaction.atomic():
        call(**arguments)
    return caught.value.codes


def moves(need):
    return [step.move for step in need.steps.all()]


def typed(**more):
    day = timezone.localdate() + timedelta(days=9)
    data = {
        "title": "社区义诊",
        "kind": "health",
        "place": "示例社区",
        "starts_at_0": f"{day}",
        "starts_at_1": "09:00",
        "ends_at_0": f"{day}",
        "ends_at_1": "11:00",
        "people": "3",
        "contact_name": "示例联系人",
        "contact_phone": "136-0000-1111",
    }
    return data | more


def test_need_goes_from_open_to_done_and_keeps_every_move():
    coordinator, (leader, team) = staff("志愿服务统筹"), make_leader()
    filer, partner = make_partner_user()
    need = make_need(partner=partner, by=filer)

    needs.offer(need=need, team=team, by=coordinator)
    needs.take(need=need, team=team, by=leader)
    needs.plan(need=need, by=leader)
    need = needs.finish(need=need, by=None)

    assert need.state == NeedState.DONE
    assert moves(need) == ["filed", "offered", "taken", "planned", "done"]
    assert [n.kind for n in Notice.objects.filter(user=leader)] == [
        "volunteers.need_offered"
    ]
    told = Notice.objects.filter(user=filer).order_by("pk")
    assert [n.kind for n in told] == ["volunteers.need_taken", "volunteers.need_done"]


def test_need_that_a_team_declines_waits_again_and_the_reason_is_kept():
    coordinator, (leader, team) = staff("志愿服务统筹"), make_leader()
    _other_leader, other = make_leader()
    need = make_need()
    needs.offer(need=need, team=team, by=coordinator)

    refused = codes_of(needs.decline, need=need, by=leader, reason=" ")
    needs.decline(need=need, by=leader, reason="人手不够")

    need.refresh_from_db()
    assert refused == {"reason_missing"}
    assert (need.state, need.team) == (NeedState.OPEN, None)
    assert need.steps.get(move=NeedMove.DECLINED).reason == "人手不够"
    needs.offer(need=need, team=other, by=coordinator)
    assert codes_of(needs.decline, need=need, by=leader, reason="不") == {"not_leader"}


def test_need_is_taken_by_one_team_and_by_nobody_for_another():
    leader, team = make_leader()
    rival, other = make_leader()
    need = make_need()

    assert codes_of(needs.take, need=need, team=other, by=leader) == {"not_leader"}
    needs.take(need=need, team=team, by=leader)
    needs.take(need=need, team=team, by=leader)

    assert codes_of(needs.take, need=need, team=other, by=rival) == {"need_not_open"}
    assert moves(need) == ["filed", "taken"]


def test_need_of_the_past_is_neither_filed_nor_taken():
    leader, team = make_leader()
    need = make_need()
    now = timezone.now()
    Need.objects.filter(pk=need.pk).update(
        starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1)
    )

    assert codes_of(needs.take, need=need, team=team, by=leader) == {"need_past"}
    with pytest.raises(Refusal) as refused:
        make_need(days=-3)
    assert refused.value.codes == {"need_past"}


def test_need_given_back_is_open_and_its_filer_told():
    leader, team = make_leader()
    filer, partner = make_partner_user()
    need = make_need(partner=partner, by=filer)
    needs.take(need=need, team=team, by=leader)

    needs.give_back(need=need, by=leader, reason="车坏了")

    need.refresh_from_db()
    assert (need.state, need.taken_at) == (NeedState.OPEN, None)
    assert "车坏了" in Notice.objects.get(kind="volunteers.need_returned").body


def test_need_is_withdrawn_by_its_filer_alone_and_unmet_by_the_coordinator():
    coordinator, (leader, team) = staff("志愿服务统筹"), make_leader()
    filer, partner = make_partner_user()
    stranger, _other = make_partner_user()
    need, second = (make_need(partner=partner, by=filer) for _n in range(2))
    needs.take(need=need, team=team, by=leader)

    for user in (stranger, leader):
        assert codes_of(needs.withdraw_need, need=need, by=user, reason="不") == {
            "not_yours"
        }
    assert codes_of(needs.leave_unmet, need=need, by=coordinator, reason="不") == {
        "need_taken"
    }
    assert codes_of(needs.leave_unmet, need=second, by=filer, reason="不") == {
        "not_yours"
    }
    needs.withdraw_need(need=need, by=filer, reason="已解决")
    needs.leave_unmet(need=second, by=coordinator, reason="没有人手")
    assert codes_of(needs.withdraw_need, need=second, by=filer, reason="晚") == {
        "need_is_over"
    }
    assert Notice.objects.get(kind="volunteers.need_changed").user == leader
    assert Notice.objects.get(kind="volunteers.need_unmet").user == filer


def test_need_that_a_team_took_is_changed_no_more():
    leader, team = make_leader()
    filer, partner = make_partner_user()
    need = make_need(partner=partner, by=filer)
    need.place = "另一处"
    needs.change_need(need=need, by=filer)
    needs.take(need=need, team=team, by=leader)
    need.place = "第三处"

    assert codes_of(needs.change_need, need=need, by=filer) == {"need_taken"}
    need.refresh_from_db()
    assert (need.place, need.contact_phone) == ("另一处", PHONE)


def test_table_refuses_two_askers_and_an_end_without_reason_and_keeps_steps():
    need = make_need()
    rows = Need.objects.filter(pk=need.pk)

    for wrong in (
        {"partner": make_partner()},
        {"union_org": None},
        {"state": NeedState.TAKEN},
        {"state": NeedState.UNMET, "ended_at": timezone.now()},
        {"people": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
    with pytest.raises(Exception, match="append_only"), transaction.atomic():
        NeedStep.objects.update(reason="改")


def test_contact_is_sealed_and_left_out_of_the_history():
    need = make_need(contact_name="机密联系人")
    needs.withdraw_need(need=need, by=None, reason="已解决")

    assert PHONE not in need.contact_cipher
    assert crypto.unseal(need.contact_cipher) == PHONE
    kept = [
        str([change.before, change.after])
        for change in Change.objects.filter(of_table="volunteers_need")
    ]
    assert kept
    assert all("机密联系人" not in row and "cipher" not in row for row in kept)


def test_contact_is_read_by_the_filer_and_the_team_that_took_it_alone(client):
    coordinator, (leader, team) = staff("志愿服务统筹"), make_leader()
    rival, _other = make_leader()
    filer, partner = make_partner_user()
    need = make_need(partner=partner, by=filer)

    def reads(user):
        client.force_login(user)
        page = client.get(at(need))
        form = client.get(
            reverse("admin:volunteers_need_change", args=[need.pk]), follow=True
        )
        assert PHONE not in form.content.decode()
        return page.status_code == 200 and PHONE in page.content.decode()

    before = {name: reads(user) for name, user in (("l", leader), ("f", filer))}
    assert not reads(coordinator)
    needs.offer(need=need, team=team, by=coordinator)
    offered = reads(leader)
    needs.take(need=need, team=team, by=leader)

    assert before == {"l": False, "f": True}
    assert offered is False
    assert reads(leader)
    assert not reads(rival)


def test_needs_of_another_partner_union_or_team_are_not_there(client):
    filer, partner = make_partner_user()
    own, foreign = make_need(partner=partner), make_need(partner=make_partner())
    org, other = make_union(code="A1"), make_union(code="B1")
    of_union, of_other = make_need(union_org=org), make_need(union_org=other)
    leader, _team = make_leader()
    _rival, rivals = make_leader()
    taken = make_need()
    needs.take(need=taken, team=rivals, by=staff("志愿服务统筹"))
    for user, seen, unseen in [
        (filer, [own], [foreign, of_union, taken]),
        (make_steward(org), [of_union], [of_other, own, taken]),
        (leader, [own, foreign, of_union, of_other], [taken]),
    ]:
        client.force_login(user)

        rows = client.get(LIST).context["cl"].result_list

        assert set(rows) == set(seen)
        for need in unseen:
            assert client.get(at(need)).status_code == 404
            answer = client.post(at(need), {"do": "withdraw", "reason": "不"})
            assert answer.status_code == 404


def test_partner_that_ended_and_an_account_that_was_taken_off_see_nothing(client):
    filer, partner = make_partner_user()
    need = make_need(partner=partner, by=filer)
    client.force_login(filer)
    assert client.get(at(need)).status_code == 200

    partner.is_active = False
    partner.save()
    ended = client.get(at(need)).status_code
    partner.is_active = True
    partner.save()
    PartnerUser.objects.all().delete()

    assert (ended, client.get(at(need)).status_code) == (404, 404)


def test_partner_files_in_its_own_name_whatever_is_sent(client):
    filer, partner = make_partner_user()
    foreign, org = make_partner(), make_union(level=UnionLevel.COUNTY)
    skill = make_skill("量血压")
    client.force_login(filer)
    sent = typed(district=org.pk, skills=[skill.pk], partner=foreign.pk)

    client.post(ADD, sent | {"union_org": org.pk})

    need = Need.objects.get()
    assert (need.partner, need.union_org, need.filed_by) == (partner, None, filer)
    assert list(need.skills.all()) == [skill]
    assert need.contact_phone == PHONE


def test_steward_files_for_a_union_of_theirs_alone(client):
    org, other = make_union(code="A1"), make_union(code="B1")
    district = make_union(code="C1", level=UnionLevel.COUNTY)
    client.force_login(make_steward(org))

    refused = client.post(ADD, typed(district=district.pk, union_org=other.pk))
    nobody = client.post(ADD, typed(district=district.pk))
    client.post(ADD, typed(district=district.pk, union_org=org.pk))

    assert "union_org" in refused.context["adminform"].form.errors
    assert "union_org" in nobody.context["adminform"].form.errors
    assert Need.objects.get().union_org == org


def test_need_form_says_at_the_field_what_is_wrong_and_keeps_the_rest(client):
    filer, _partner = make_partner_user()
    org = make_union(level=UnionLevel.COUNTY)
    client.force_login(filer)

    past = f"{timezone.localdate() - timedelta(days=2)}"
    answers = [
        client.post(ADD, typed(district=org.pk, contact_phone="打给小王")),
        client.post(ADD, typed(district=org.pk, contact_phone="")),
        client.post(ADD, typed(district=org.pk, starts_at_0=past, ends_at_0=past)),
        client.post(ADD, typed(district=org.pk, ends_at_1="08:00")),
        client.post(ADD, typed(district=org.pk, people="0")),
    ]

    wrong = [set(a.context["adminform"].form.errors) for a in answers]
    assert wrong == [
        {"contact_phone"},
        {"contact_name"},
        {"ends_at"},
        {"ends_at"},
        {"people"},
    ]
    assert 'value="社区义诊"' in answers[0].content.decode()


def test_work_page_refusal_keeps_the_reason_that_was_typed(client):
    leader, team = make_leader()
    need = make_need()
    needs.take(need=need, team=team, by=leader)
    needs.plan(need=need, by=leader)
    client.force_login(leader)

    answer = client.post(at(need), {"do": "return", "reason": "车坏了"})
    unknown = client.post(at(need), {"do": "explode"})

    assert "请先取消服务活动" in answer.content.decode()
    assert answer.context["typed"] == "车坏了"
    assert unknown.status_code == 302


def test_work_page_offers_to_no_team_that_is_not_there(client):
    client.force_login(staff("志愿服务统筹"))
    need, gone = make_need(), make_team(is_active=False)

    for team in (gone.pk, "x", "", "9" * 30):
        answer = client.post(at(need), {"do": "offer", "team": team})
        assert answer.status_code == 404


def test_queues_hold_what_waits_for_each_and_nothing_of_others():
    coordinator, (leader, team) = staff("志愿服务统筹"), make_leader()
    filer, partner = make_partner_user()
    org = make_union(code="A1")
    steward = make_steward(org)
    make_need(partner=partner)
    offered, _of_union = make_need(), make_need(union_org=org)
    needs.offer(need=offered, team=team, by=coordinator)

    def counts(user):
        return {
            one.title: one.number
            for one in work.waiting(user, timezone.localdate())
            if one.number
        }

    assert counts(leader) == {"指派给我队的需求": 1, "可承接的需求": 2}
    assert counts(filer) == {"我提出、还没有队伍承接的需求": 1}
    assert counts(steward)["我提出、还没有队伍承接的需求"] == 1
    assert counts(coordinator) == {"待承接的服务需求": 2, "队长未答复的指派": 1}
    assert "待承接的服务需求" not in counts(staff("审计员"))


def test_command_box_finds_needs_within_ones_rights():
    filer, partner = make_partner_user()
    make_need(partner=partner, title="示例义诊")
    make_need(title="示例义诊二")

    found = [hit.text for kind in work.found(filer, "义诊") for hit in kind.hits]

    assert found == ["示例义诊"]


def test_partner_admin_binds_an_account_to_one_partner_and_lets_it_go(client):
    client.force_login(staff("志愿服务统筹"))
    user = make_user(roles=["社会组织"], is_staff=True, phone="13611110000")
    first, second = make_partner(), make_partner()

    def save(partner, **more):
        address = reverse("admin:volunteers_partner_change", args=[partner.pk])
        data = {"name": partner.name, "is_active": "on"} | more
        return client.post(address, data)

    save(first, account_phone="136 1111 0000")
    taken = save(second, account_phone="13611110000")
    unknown = save(second, account_phone="13611119999")

    assert PartnerUser.objects.get().partner == first
    for refused in (taken, unknown):
        assert "account_phone" in refused.context["adminform"].form.errors
    save(first, dropped=[user.pk])
    assert not PartnerUser.objects.exists()
