"""Rights given and taken are on record, and nobody takes some for themselves."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from common.errors import Refusal
from common.models import AuditEvent
from members.enums import StewardRole
from members.models import Stewardship, User
from members.services import accounts, rights
from tests.factories import PASSWORD, make_union, make_user
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db

USERS = reverse("admin:members_user_add")
STEWARDSHIPS = reverse("admin:members_stewardship_add")


@pytest.fixture
def admin(client):
    """The system administrator, logged in; the audit starts empty of their own
    account."""
    write_roles()
    user = make_user(roles=["系统管理员"], is_staff=True, name="沈示例")
    client.force_login(user)
    return user


def events(*verbs):
    return list(AuditEvent.objects.filter(verb__in=verbs).order_by("pk"))


def change(user):
    return reverse("admin:members_user_change", args=[user.pk])


def account_data(*roles, **fields):
    keys = Group.objects.filter(name__in=roles).values_list("pk", flat=True)
    data = {"name": "示例", "is_active": "on", "is_staff": "on", "groups": list(keys)}
    return {key: value for key, value in (data | fields).items() if value is not None}


# --- roles


def test_change_account_change_of_roles_says_before_and_after(client, admin):
    other = make_user(is_staff=True, roles=["编辑", "初审"])

    response = client.post(change(other), account_data("审计员", is_staff=None))

    assert response.status_code == 302
    [event] = events("change_roles")
    assert (event.by, event.by_label) == (admin, "沈示例")
    assert (event.of_model, event.of_key) == ("members.user", str(other.pk))
    assert event.before == "角色：初审、编辑；可进入管理后台：是；启用：是"
    assert event.after == "角色：审计员；可进入管理后台：否；启用：是"
    assert event.address == "127.0.0.1"


@pytest.mark.parametrize("box", ["is_staff", "is_active"])
def test_change_account_staff_and_active_boxes_are_rights_too(client, admin, box):
    other = make_user(is_staff=True, roles=["编辑"])

    client.post(change(other), account_data("编辑", **{box: None}))

    [event] = events("change_roles")
    assert event.before != event.after


def test_change_account_new_name_is_no_change_of_rights(client, admin):
    other = make_user(is_staff=True, roles=["编辑"])

    client.post(change(other), account_data("编辑", name="新名"))

    assert events("change_roles") == []


def test_change_account_records_who_tries_to_give_themselves_a_role(client, admin):
    client.post(change(admin), account_data("系统管理员", "审计员"))

    [event] = events("change_roles")
    assert (event.outcome, event.by) == ("refused", admin)
    assert "不能更改自己的角色" in event.reason
    assert [role.name for role in admin.groups.all()] == ["系统管理员"]


def test_open_account_with_roles_is_on_record(client, admin):
    data = account_data("审计员", phone="13900001234", password1=PASSWORD)

    client.post(USERS, data)

    made = User.objects.by_phone("+8613900001234")
    event = events("open_account")[-1]
    assert (event.by, event.of_key) == (admin, str(made.pk))
    assert event.after == "角色：审计员；可进入管理后台：是；启用：是"
    assert "13900001234" not in str(AuditEvent.objects.values_list())


def test_open_account_of_the_system_with_roles_is_on_record_too():
    write_roles()

    made = make_user(roles=["审计员"])

    [event] = events("open_account")
    assert (event.by, event.of_key) == (None, str(made.pk))


def test_open_account_of_a_worker_leaves_no_event_about_rights():
    make_user()

    assert events("open_account") == []


def test_change_account_refuses_a_role_that_does_not_exist():
    write_roles()

    with pytest.raises(Refusal) as refused:
        accounts.open_account(
            phone="13900001234", password=None, roles=["编辑", "主编", "总编"]
        )

    assert refused.value.codes == {"role_unknown"}
    assert str(refused.value) == "没有这些角色：主编、总编。"
    assert User.objects.by_phone("+8613900001234") is None


# --- who looks after which union


def test_stewardship_given_changed_and_taken_is_on_record(client, admin):
    first, second = make_union(code="A"), make_union(code="B")
    user = make_user()
    data = {"user": user.pk, "union_org": first.pk, "role": "steward"}

    client.post(STEWARDSHIPS, data)
    held = Stewardship.objects.get()
    client.post(
        reverse("admin:members_stewardship_change", args=[held.pk]),
        data | {"union_org": second.pk},
    )
    client.post(
        reverse("admin:members_stewardship_delete", args=[held.pk]), {"post": "yes"}
    )

    given, changed, taken = events(
        "give_stewardship", "change_stewardship", "take_stewardship"
    )
    at_first = f"账号#{user.pk}，{first.name}（A），工会干部"
    at_second = f"账号#{user.pk}，{second.name}（B），工会干部"
    assert (given.before, given.after) == ("", at_first)
    assert (changed.before, changed.after) == (at_first, at_second)
    assert (taken.before, taken.after) == (at_second, "")
    assert {event.by for event in (given, changed, taken)} == {admin}
    assert not Stewardship.objects.exists()


def test_give_stewardship_to_oneself_is_refused(client, admin):
    union = make_union()

    response = client.post(
        STEWARDSHIPS, {"user": admin.pk, "union_org": union.pk, "role": "steward"}
    )

    assert response.context["adminform"].form.errors == {
        "user": ["不能变更自己的工会干部任职，请由其他管理员操作。"]
    }
    assert not Stewardship.objects.exists()
    [event] = events("give_stewardship")
    assert (event.outcome, event.by) == ("refused", admin)


@pytest.mark.parametrize("mine", ["before", "after"])
def test_change_stewardship_to_or_away_from_oneself_is_refused(admin, mine):
    other = make_user()
    held = rights.give_stewardship(
        user=admin if mine == "before" else other,
        union_org=make_union(),
        role=StewardRole.STEWARD,
        by=None,
    )
    held.user = other if mine == "before" else admin

    with pytest.raises(Refusal) as refused:
        rights.change_stewardship(stewardship=held, by=admin)

    assert refused.value.codes == {"own_stewardship"}
