"""A full number is shown to who has the right, for their own people, for a reason, once;
every reveal and every refused one is on record."""

import logging

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from common import logs
from common.models import AuditEvent
from members.services import rights
from tests.factories import make_union, make_user, make_worker
from unionportal.roles import ROLES

pytestmark = pytest.mark.django_db

NUMBER = "13987654321"
REASON = {"reason": "通知其领取演出票"}


@pytest.fixture
def mine(union):
    return make_worker(name="甲示例", union_org=union, user=make_user(phone=NUMBER))


@pytest.fixture
def foreign(union):
    return make_worker(
        name="乙示例", union_org=make_union(code="B"), user=make_user(phone=NUMBER)
    )


def page_of(row):
    return reverse(f"admin:members_{row._meta.model_name}_phone", args=[row.pk])


def reveals():
    return list(
        AuditEvent.objects.filter(verb="reveal_phone")
        .order_by("pk")
        .values_list("by", "of_model", "of_key", "outcome", "reason")
    )


def test_reveal_phone_shows_a_steward_the_number_of_their_own_worker(
    client, steward, mine
):
    asked = client.get(page_of(mine))
    shown = client.post(page_of(mine), REASON)

    assert NUMBER not in asked.content.decode()
    assert shown.status_code == 200
    assert shown.content.decode().count(NUMBER) == 1
    assert reveals() == [
        (steward.pk, "members.user", str(mine.user_id), "done", REASON["reason"])
    ]


def test_reveal_phone_shows_the_desk_anybodys(client, enter, mine):
    enter("服务台")

    assert NUMBER in client.post(page_of(mine), REASON).content.decode()


def test_reveal_phone_page_is_stored_nowhere_and_leaves_nothing_behind(
    client, steward, mine
):
    response = client.post(page_of(mine), REASON)

    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert list(get_messages(response.wsgi_request)) == []
    assert NUMBER not in client.get(page_of(mine)).content.decode()
    assert NUMBER not in str(dict(client.session))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM common_cache WHERE value LIKE %s", ["%" + NUMBER]
        )
        assert cursor.fetchone() == (0,)
    assert cache.get(NUMBER) is None


@pytest.mark.parametrize(
    "reason", ["", "   ", "四个字呢", "\u3000四\u3000字\u3000", "长" * 201]
)
def test_reveal_phone_without_a_reason_shows_nothing_and_is_on_record(
    client, steward, mine, reason
):
    response = client.post(page_of(mine), {"reason": reason})

    assert response.status_code == 200
    assert NUMBER not in response.content.decode()
    assert "不少于5个字" in str(response.context["form"].errors["reason"])
    assert [reveal[3] for reveal in reveals()] == ["refused"]


def test_reveal_phone_by_address_shows_nothing(client, steward, mine):
    response = client.get(page_of(mine), REASON)

    assert NUMBER not in response.content.decode()
    assert reveals() == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_reveal_phone_of_a_foreign_worker_is_not_there_but_on_record(
    client, steward, foreign, method
):
    there = getattr(client, method)(page_of(foreign), REASON)
    foreign_key = str(foreign.pk)
    nowhere = getattr(client, method)(
        reverse("admin:members_worker_phone", args=[10**17]), REASON
    )

    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert NUMBER not in there.content.decode()
    assert reveals() == [
        (steward.pk, "members.worker", foreign_key, "refused", "")
    ]  # fmt: skip


@pytest.mark.parametrize("role", sorted(ROLES.keys() - {"服务台", "工会干部"}))
def test_reveal_phone_is_refused_to_other_roles(client, enter, mine, role):
    user = enter(role)

    for row in (mine, mine.user):
        response = client.post(page_of(row), REASON)
        assert response.status_code == 403
        assert NUMBER not in response.content.decode()
    assert [(reveal[0], reveal[3]) for reveal in reveals()] == [
        (user.pk, "refused")
    ] * 2


def test_reveal_phone_opens_no_accounts_page_to_the_desk(client, enter, mine):
    """Accounts are not theirs to look at: the number is asked for beside the worker."""
    enter("服务台")

    assert client.post(page_of(mine.user), REASON).status_code == 403


def test_reveal_phone_is_closed_to_visitors_and_workers(client, mine):
    assert client.post(page_of(mine), REASON).status_code == 302
    client.force_login(make_user())
    response = client.post(page_of(mine), REASON, follow=True)

    assert NUMBER not in response.content.decode()


def test_reveal_phone_as_a_service_asks_for_the_right_too(mine):
    with pytest.raises(rights.Refusal) as refused:
        rights.reveal_phone(user=mine.user, by=make_user(), reason="通知其领取演出票")

    assert refused.value.codes == {"no_right"}


def test_reveal_phone_of_a_worker_without_a_log_in_has_no_number(
    client, steward, union
):
    worker = make_worker(union_org=union)

    response = client.post(page_of(worker), REASON, follow=True)

    assert "该职工还没有账号" in response.content.decode()


def button(client, worker):
    page = client.get(reverse("admin:members_worker_change", args=[worker.pk]))
    assert page.status_code == 200
    return page_of(worker) in page.content.decode()


@pytest.mark.parametrize(
    ("role", "is_there"), [("服务台", True), ("培训管理员", False), ("审计员", False)]
)
def test_reveal_phone_button_is_there_for_who_may_press_it(
    client, enter, mine, role, is_there
):
    enter(role)

    assert button(client, mine) == is_there


def test_reveal_phone_button_is_missing_for_a_worker_without_a_number(
    client, steward, union
):
    assert not button(client, make_worker(union_org=union))


def test_reveal_phone_leaves_the_number_in_no_log_and_no_address(
    client, steward, mine, caplog
):
    with caplog.at_level(logging.DEBUG):
        response = client.post(page_of(mine), REASON)
        client.post(page_of(mine), {"reason": ""})
        client.post(reverse("admin:members_worker_phone", args=[10**17]), REASON)
    raw = "\n".join(
        f"{record.getMessage()} {record.args} {record.__dict__.get('params')}"
        for record in caplog.records
    )

    assert "/phone/" in raw, "the 404 was logged"
    assert NUMBER not in raw
    assert NUMBER not in "\n".join(map(logs.JsonFormatter().format, caplog.records))
    assert NUMBER not in str(response.headers)
    assert NUMBER not in response.request["PATH_INFO"]


def test_reveal_phone_stores_nothing_of_a_number_in_the_reason(client, steward, mine):
    client.post(page_of(mine), {"reason": f"核对手机{NUMBER}"})

    [reveal] = reveals()
    assert NUMBER not in reveal[4]
