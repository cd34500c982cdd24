"""The auditor's pages: what was done and what was changed, to be read and no more."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import audit
from common.models import AuditEvent, Change
from members.models import Stewardship, Worker
from tests.factories import make_union, make_user, make_worker
from unionportal.roles import ROLES

pytestmark = pytest.mark.django_db

EVENTS = reverse("admin:common_auditevent_changelist")
CHANGES = reverse("admin:common_change_changelist")


def listed(response):
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def change_worker_as(client, enter, name="改名示例"):
    """A steward changes a worker through the admin, so that the history knows who."""
    union = make_union()
    user = enter("工会干部")
    user.name = "陈示例"
    user.save()
    Stewardship.objects.create(user=user, union_org=union)
    worker = make_worker(union_org=union)
    Worker.objects.filter(pk=worker.pk).update(is_migrant=True)
    response = client.post(
        reverse("admin:members_worker_change", args=[worker.pk]),
        {"name": name, "member_number": "", "union_org": union.pk},
    )
    assert response.status_code == 302
    return user, worker


# --- what was done


def test_audit_list_shows_events_newest_first_and_narrowed(client, enter):
    first, second = make_user(name="甲示例"), make_user(name="乙示例")
    audit.record("log_in", by=first)
    audit.record("export", by=second, of=Worker, reason="对账")
    audit.record("export", by=first, outcome="refused")
    enter("审计员")

    def found(**query):
        verbs = [event.verb for event in listed(client.get(EVENTS, query))]
        return [verb for verb in verbs if verb != "open_account"]  # the staff's own

    assert found() == ["export", "export", "log_in"]
    assert found(verb="log_in") == ["log_in"]
    assert found(who=second.pk) == ["export"]
    assert found(outcome__exact="refused") == ["export"]
    assert found(q="甲示例") == ["export", "log_in"]
    assert found(at__year="2001") == []
    year = AuditEvent.objects.first().at.year
    assert len(found(at__year=str(year))) == 3
    assert found(verb="no-such-verb") == []


def test_audit_list_says_who_did_what_to_which_row_and_why(client, enter):
    worker = make_worker()
    audit.record("reveal_phone", by=make_user(name="甲示例"), of=worker, reason="核对")
    enter("审计员")

    page = client.get(EVENTS).content.decode()

    for words in ["甲示例", "查看完整手机号", f"职工 #{worker.pk}", "成功", "核对"]:
        assert words in page


@pytest.mark.parametrize("who", ["x", "-1", "9" * 40, "1 OR 1=1", "٣", "0"])
def test_audit_list_who_that_makes_no_sense_finds_nothing(client, enter, who):
    audit.record("log_in", by=make_user())
    enter("审计员")

    assert listed(client.get(EVENTS, {"who": who})) == []
    assert listed(client.get(CHANGES, {"who": who})) == []


def test_audit_page_of_an_event_has_nothing_to_press(client, enter):
    audit.record("export", by=make_user(name="甲示例"), before="旧", after="新")
    enter("审计员")

    page = client.get(
        reverse(
            "admin:common_auditevent_change",
            args=[AuditEvent.objects.get(verb="export").pk],
        )
    ).content.decode()

    assert "旧" in page
    assert "新" in page
    assert 'name="_save"' not in page
    assert "deletelink" not in page


def test_audit_page_leaves_markup_in_an_event_inert(client, enter):
    audit.record("export", by=make_user(name="<b>甲</b>"), reason="<img src=x>")
    enter("审计员")

    page = client.get(EVENTS).content.decode()

    assert "<b>甲</b>" not in page
    assert "<img src=x>" not in page


# --- what was changed


def test_change_list_says_who_what_and_from_what_to_what(client, enter):
    user, worker = change_worker_as(client, enter)
    enter("审计员")

    changes = listed(client.get(CHANGES, {"of_table": "members_worker"}))
    page = client.get(
        reverse("admin:common_change_change", args=[changes[0].pk])
    ).content.decode()

    assert [change.by_id for change in changes] == [user.pk, None]
    assert "陈示例" in page
    assert f"/admin/members/worker/{worker.pk}/change/" in page
    assert "农民工：是 → 否" in page


def test_change_list_is_narrowed_by_who_verb_day_and_row(client, enter):
    make_worker().delete()
    user, worker = change_worker_as(client, enter)
    enter("审计员")

    def found(**query):
        query |= {"of_table": "members_worker"}
        return [c.verb for c in listed(client.get(CHANGES, query))]

    assert found() == ["update", "update", "delete"]
    assert found(verb__exact="delete") == ["delete"]
    assert found(who=user.pk) == ["update"]
    assert found(q="陈示例") == ["update"]
    assert found(q=str(worker.pk)) == ["update", "update"]
    assert found(row=worker.pk) == ["update", "update"]
    assert found(row="x") == []
    assert found(at__year="2001") == []


@pytest.mark.parametrize("rows", [1, 6])
@pytest.mark.parametrize("address", [EVENTS, CHANGES])
def test_audit_list_costs_the_same_however_long(client, enter, address, rows):
    for _ in range(rows):
        worker = make_worker()
        Worker.objects.filter(pk=worker.pk).update(is_migrant=True)
        audit.record("export", by=make_user(), of=worker)
    enter("审计员")
    client.get(address)  # content types are read once a process

    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)

    assert len(listed(response)) in (
        rows,
        rows + 1,
    )  # the auditor's account is an event
    # session, user, two for permissions, count, rows, the days
    assert len(queries) == 7


def test_back_office_index_has_one_section_for_the_audit(client, enter):
    enter("审计员")

    sections = client.get("/admin/tables/").context["app_list"]
    alone = client.get("/admin/common/").context["app_list"]

    assert [str(app["name"]) for app in sections][-2:] == ["日历与后台任务", "审计"]
    assert sections[-1]["models"][0]["model"] is AuditEvent
    kinds = {entry["model"] for entry in sections[-1]["models"]}
    assert kinds == {AuditEvent, Change}
    assert [str(app["name"]) for app in alone] == ["日历与后台任务", "审计"]


# --- for the auditor only


@pytest.mark.parametrize("role", sorted(ROLES.keys() - {"审计员"}))
def test_audit_list_is_closed_to_other_roles(client, enter, role):
    audit.record("log_in", by=None)
    key = AuditEvent.objects.get().pk
    enter(role)

    for address in [
        EVENTS, CHANGES, reverse("admin:common_auditevent_change", args=[key]),
    ]:  # fmt: skip
        assert client.get(address).status_code == 403
    assert "审计记录" not in client.get("/admin/tables/").content.decode()


@pytest.mark.parametrize("superuser", [False, True])
def test_audit_page_changes_nothing(client, enter, superuser):
    audit.record("log_in", by=None)
    key = AuditEvent.objects.get().pk
    user = enter("审计员")
    user.is_superuser = superuser
    user.save()
    there = {
        page: reverse(f"admin:common_auditevent_{page}", args=[key])
        for page in ("change", "delete")
    }

    assert client.get(reverse("admin:common_auditevent_add")).status_code == 403
    assert client.post(there["change"], {"reason": "x"}).status_code == 403
    assert client.post(there["delete"], {"post": "yes"}).status_code == 403
    client.post(EVENTS, {"action": "delete_selected", "_selected_action": [key]})
    assert AuditEvent.objects.get(pk=key).reason == ""


def test_auditor_may_change_nothing_at_all():
    # all_columns says which rows are reached, not what may be done with them
    rights = ROLES["审计员"] - {"news.all_columns"}
    assert {right.split(".")[1].split("_")[0] for right in rights} == {"view"}


def test_auditor_is_offered_no_action_and_no_button(client, enter):
    make_worker()
    enter("审计员")

    for model, model_admin in admin.site._registry.items():
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        response = client.get(reverse(f"admin:{label}_changelist"))
        if response.status_code == 403:
            continue
        page = response.content.decode()
        assert 'name="action"' not in page, model_admin
        assert "addlink" not in page, model_admin
