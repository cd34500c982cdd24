"""Duties stay apart: what staff make is proven by its owner, the auditor does nothing
else, and a role takes two people."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from common.errors import Refusal
from common.models import AuditEvent
from members.models import RoleRequest, Stewardship, User
from members.services import accounts, duties, owndata, rights
from tests.factories import PASSWORD, make_union, make_user
from tests.members.guard import NUMBER, STAFF_RULE, is_in, log_in
from tests.members.phone_tools import type_in
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db

ADD = "admin:members_user_add"
STRONG = "Sunrise-2026-hill"


@pytest.fixture
def two(settings):
    """As in production: a role takes two people."""
    settings.ROLES_NEED_SECOND_PERSON = True
    write_roles()


def administrator():
    return make_user(roles=["系统管理员"], is_staff=True)


def open_by(by, *, roles=("编辑",), phone=NUMBER, is_staff=True):
    return accounts.open_account(
        phone=phone,
        password=PASSWORD,
        name="示例新人",
        roles=roles,
        is_staff=is_staff,
        by=by,
    )


def change(user, by, *roles, is_staff=True):
    return accounts.change_account(
        user=user,
        by=by,
        name=user.name,
        is_staff=is_staff,
        is_active=True,
        roles=duties.roles_named(roles),
    )


def refused(act, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        act(*args, **kwargs)
    return caught.value.codes


def roles_of(user):
    return set(user.groups.values_list("name", flat=True))


# --- a number is its owner's to prove


def test_prove_phone_comes_first_for_an_account_made_by_staff(client, outbox):
    write_roles()
    user = open_by(administrator())

    response = log_in(client, to="/site-map/")

    assert response["Location"] == reverse("account_prove_phone")
    assert not is_in(client)
    assert client.get(reverse("admin:index")).status_code == 302

    client.post(reverse("account_prove_phone"))
    done = type_in(client, outbox.code_for(NUMBER))
    assert done["Location"] == reverse("account_consent")
    done = client.post(done["Location"], {"agreed": "on"})

    assert done["Location"] == "/site-map/"
    assert client.get(reverse("admin:index")).status_code == 200
    user.refresh_from_db()
    assert user.phone_verified
    assert not user.has_usable_password()  # what staff typed was for the start


def test_prove_phone_leads_staff_to_a_password_of_their_own(client, outbox, settings):
    write_roles()
    by = administrator()
    settings.PASSWORD_RULES = settings.PASSWORD_RULES | {"staff": STAFF_RULE}
    user = accounts.open_account(phone=NUMBER, password=STRONG, is_staff=True, by=by)
    log_in(client, password=STRONG)
    client.post(reverse("account_prove_phone"))
    done = type_in(client, outbox.code_for(NUMBER))

    assert done["Location"] == reverse("account_renew_password")
    user.refresh_from_db()
    assert not user.check_password(STRONG)


def test_prove_phone_with_the_password_typed_by_staff_texts_no_other_number(
    client, outbox
):
    write_roles()
    open_by(administrator())
    log_in(client)

    client.post(reverse("account_prove_phone"), {"phone": "13900000001"})

    assert [text["to"] for text in outbox.texts] == ["+86" + NUMBER]


def test_prove_phone_is_not_asked_of_who_signed_up(client):
    make_user(phone=NUMBER)

    assert log_in(client)["Location"] == reverse("my")


# --- the auditor


@pytest.mark.parametrize("by", [None, "administrator"])
def test_check_apart_lets_the_auditor_hold_no_other_role(by):
    write_roles()
    by = by and administrator()
    user = make_user(roles=["审计员"], is_staff=True)
    editor = make_user(roles=["编辑"], is_staff=True)

    assert refused(open_by, by, roles=["审计员", "编辑"]) == {"auditor_alone"}
    assert refused(change, user, by, "审计员", "编辑") == {"auditor_alone"}
    assert refused(change, editor, by, "审计员", "编辑") == {"auditor_alone"}
    assert User.objects.by_phone("+86" + NUMBER) is None
    change(editor, by, "审计员")  # instead of the other one


def test_check_apart_lets_the_auditor_look_after_no_union():
    write_roles()
    auditor = make_user(roles=["审计员"], is_staff=True)
    steward = make_user(roles=["工会干部"], is_staff=True)
    give = partial(rights.give_stewardship, union_org=make_union(), role="steward")
    held = give(user=steward, by=None)

    assert refused(give, user=auditor, by=None) == {"auditor_alone"}
    assert refused(change, steward, None, "审计员") == {"auditor_alone"}
    held.user = auditor
    assert refused(rights.change_stewardship, stewardship=held, by=None) == {
        "auditor_alone"
    }
    assert Stewardship.objects.get().user == steward


def test_check_apart_is_said_by_the_form_at_the_roles(client, enter):
    enter("系统管理员")
    groups = [role.pk for role in duties.roles_named(["审计员", "编辑"])]
    data = {"name": "示例", "phone": NUMBER, "password1": PASSWORD, "groups": groups}

    page = client.post(reverse(ADD), data | {"is_staff": "on", "is_active": "on"})

    assert "不能兼任" in str(page.context["adminform"].form.errors["groups"])


# --- two people


def test_ask_role_waits_for_a_second_administrator(two):
    first, second = administrator(), administrator()

    user = open_by(first)

    assert (roles_of(user), user.is_staff) == (set(), False)
    request = user.role_requests.get()
    duties.confirm(request=request, by=second)
    user.refresh_from_db()
    assert (roles_of(user), user.is_staff) == ({"编辑"}, True)
    event = AuditEvent.objects.get(verb="change_roles", outcome="done")
    assert (event.by, event.of_key) == (second, str(user.pk))
    assert event.reason == f"提出人：账号#{first.pk}"


def test_change_account_takes_a_role_at_once_and_gives_one_later(two):
    first = administrator()
    user = make_user(roles=["编辑", "初审"], is_staff=True)

    change(user, first, "编辑", "终审")

    assert roles_of(user) == {"编辑"}
    assert user.role_requests.get().roles == ["终审"]


def test_confirm_role_is_refused_to_who_gets_asked_or_made_it(two):
    first, second, third = administrator(), administrator(), administrator()
    made = open_by(first, roles=[], is_staff=False)
    change(made, second, "编辑")
    change(third, second, "系统管理员", "编辑")
    request, other = made.role_requests.get(), third.role_requests.get()

    assert refused(duties.confirm, request=request, by=first) == {"made_account"}
    assert refused(duties.confirm, request=request, by=second) == {"own_request"}
    assert refused(duties.confirm, request=other, by=third) == {"own_account"}
    clerk = make_user(roles=["编辑"], is_staff=True)
    assert refused(duties.confirm, request=request, by=clerk) == {"no_right"}
    assert roles_of(made) == set()
    with pytest.raises(IntegrityError), transaction.atomic():  # the table refuses too
        RoleRequest.objects.filter(pk=request.pk).update(
            state="confirmed", answered_by=second, answered_at=request.asked_at
        )


def test_confirm_role_is_done_once_and_judged_then(two):
    first, second = administrator(), administrator()
    user = make_user(is_staff=True)
    change(user, first, "编辑")
    old = user.role_requests.get()
    change(user, first, "审计员")  # overtakes it
    request = user.role_requests.open().get()

    assert refused(duties.confirm, request=old, by=second) == {"already_answered"}
    change(user, None, "编辑")  # meanwhile, on the server
    assert refused(duties.confirm, request=request, by=second) == {"auditor_alone"}
    duties.decline(request=request, by=second)
    assert refused(duties.confirm, request=request, by=second) == {"already_answered"}
    assert roles_of(user) == {"编辑"}


def test_confirm_role_gives_a_closed_account_nothing(two):
    first, second = administrator(), administrator()
    user = open_by(first)
    request = user.role_requests.get()

    owndata.close(user=user)

    assert refused(duties.confirm, request=request, by=second) >= {"already_answered"}


def test_grant_rights_makes_the_first_administrator_on_the_server(two):
    user = open_by(None, roles=["系统管理员"])

    assert (roles_of(user), user.is_staff) == ({"系统管理员"}, True)
    assert user.phone_verified


def test_confirm_role_in_the_back_office_by_another_than_who_asked(two, client):
    first, second = administrator(), administrator()
    client.force_login(first)
    groups = [role.pk for role in duties.roles_named(["编辑"])]
    data = {"name": "示例", "phone": NUMBER, "password1": PASSWORD, "groups": groups}
    page = client.post(
        reverse(ADD), data | {"is_staff": "on", "is_active": "on"}, follow=True
    )
    user = User.objects.by_phone("+86" + NUMBER)
    assert (roles_of(user), user.is_staff) == (set(), False)
    assert "另一位系统管理员" in page.content.decode()
    request = user.role_requests.get()
    address = reverse("admin:members_rolerequest_change", args=[request.pk])

    own = client.post(address, {"verdict": "yes"})
    assert "不能确认自己提出的申请" in own.content.decode()
    event = AuditEvent.objects.get(verb="change_roles", outcome="refused")
    assert (event.by, event.of_key) == (first, str(user.pk))
    client.force_login(second)
    shown = client.get(address).content.decode()
    assert "编辑" in shown and str(first) in shown and user.phone_last4 in shown
    assert client.post(address, {"verdict": "yes"}).status_code == 302

    assert roles_of(user) == {"编辑"}
