"""The back office of accounts, unions and workers: who sees and changes whom."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import Stewardship, UnionOrg, User, Worker
from tests.factories import PASSWORD, make_union, make_user, make_worker

pytestmark = pytest.mark.django_db


def url(model, action, *args):
    label = f"{model._meta.app_label}_{model._meta.model_name}"
    return reverse(f"admin:{label}_{action}", args=args)


@pytest.fixture
def mine(union):
    return make_worker(name="甲示例", union_org=make_union(code="A01", parent=union))


@pytest.fixture
def foreign():
    return make_worker(name="乙示例", union_org=make_union(code="B"))


def listed(response):
    assert response.status_code == 200
    return set(response.context["cl"].result_list)


# --- stewards and the workers of other unions


def test_worker_list_of_a_steward_finds_the_workers_of_their_unions_only(
    client, steward, mine, foreign
):
    assert listed(client.get(url(Worker, "changelist"))) == {mine}
    assert listed(client.get(url(Worker, "changelist"), {"q": "示例"})) == {mine}
    assert listed(client.get(url(Worker, "changelist"), {"q": "乙示例"})) == set()


@pytest.mark.parametrize("action", ["change", "history"])
def test_worker_form_foreign_worker_is_as_one_that_is_not_there(
    client, steward, foreign, action
):
    response = client.get(url(Worker, action, foreign.pk), follow=True)

    assert response.redirect_chain == [("/admin/", 302)]
    assert "乙示例" not in response.content.decode()


def test_delete_worker_is_not_a_stewards(client, steward, mine):
    response = client.post(url(Worker, "delete", mine.pk), {"post": "yes"})

    assert response.status_code == 403
    assert Worker.objects.filter(pk=mine.pk).exists()


def worker_data(**changes):
    return {"name": "丙示例", "member_number": "", "is_member": "on"} | changes


def test_save_worker_registers_in_the_stewards_own_unions_only(
    client, steward, mine, foreign
):
    add = url(Worker, "add")

    there = client.post(add, worker_data(union_org=foreign.union_org.pk))
    here = client.post(add, worker_data(union_org=mine.union_org.pk))

    assert set(there.context["adminform"].form.errors) == {"union_org"}
    assert here.status_code == 302
    assert Worker.objects.get(name="丙示例").union_org == mine.union_org


def test_save_worker_moves_nobody_to_another_union(client, steward, mine, foreign):
    change = url(Worker, "change", mine.pk)

    client.post(change, worker_data(union_org=foreign.union_org.pk))

    mine.refresh_from_db()
    assert mine.union_org != foreign.union_org  # there is a verb for it: a transfer


def test_worker_form_box_for_a_union_offers_a_steward_their_own_only(
    client, steward, mine, foreign
):
    response = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "members", "model_name": "worker", "field_name": "union_org"},
    )

    offered = {row["id"] for row in response.json()["results"]}
    assert offered == {
        str(org.pk) for org in UnionOrg.objects.filter(code__startswith="A")
    }


@pytest.mark.parametrize("role", ["服务台", "培训管理员", "志愿服务统筹", "审计员"])
def test_worker_list_city_staff_see_all_workers_and_change_none(
    client, enter, mine, foreign, role
):
    enter(role)

    response = client.post(
        url(Worker, "change", mine.pk), worker_data(union_org=mine.union_org.pk)
    )

    assert listed(client.get(url(Worker, "changelist"))) == {mine, foreign}
    assert response.status_code == 403


@pytest.mark.parametrize("rows", [1, 6])
def test_worker_list_costs_the_same_however_long(client, enter, rows):
    enter("服务台")
    for _ in range(rows):
        make_worker(union_org=make_union())
    client.get(url(Worker, "changelist"))  # content types are read once a process

    with CaptureQueriesContext(connection) as queries:
        client.get(url(Worker, "changelist"))

    # session, user, two for permissions, count, rows, generation
    assert len(queries) == 6


# --- reading a column through the address


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (User, "password__startswith"),
        (User, "phone_hmac__startswith"),
        (User, "phone_cipher__startswith"),
        (Worker, "identity_hmac__startswith"),
        (Worker, "identity_last4"),
        (Worker, "user__password__startswith"),
    ],
)
def test_worker_list_is_not_narrowed_by_a_column_it_does_not_show(
    client, enter, mine, model, lookup
):
    enter("审计员")

    response = client.get(url(model, "changelist"), {lookup: "m"})

    assert response.status_code == 400


def test_worker_list_is_narrowed_by_what_it_shows(client, enter, mine):
    enter("审计员")

    response = client.get(url(Worker, "changelist"), {"is_member__exact": "0"})

    assert listed(response) == set()


# --- accounts


def account_data(user=None, **changes):
    roles = user.groups.values_list("pk", flat=True) if user else []
    return {
        "name": "示例",
        "is_active": "on",
        "is_staff": "on",
        "groups": list(roles),
    } | changes


def role(name):
    return Group.objects.get(name=name)


def errors(response):
    assert response.status_code == 200, "the form came back"
    return response.context["adminform"].form.errors


def test_open_account_takes_number_password_and_roles(client, enter):
    enter("系统管理员")
    data = account_data(phone="139 0000 1234", password1=PASSWORD)

    response = client.post(url(User, "add"), data | {"groups": [role("服务台").pk]})

    made = User.objects.by_phone("+8613900001234")
    assert response.status_code == 302
    assert list(made.groups.all()) == [role("服务台")]
    assert made.check_password(PASSWORD)


def test_open_account_reports_a_taken_number_at_its_field_and_keeps_the_name(
    client, enter
):
    enter("系统管理员")
    make_user(phone="13900001234")

    response = client.post(
        url(User, "add"),
        account_data(phone="13900001234", password1=PASSWORD, name="钱示例"),
    )

    assert errors(response) == {"phone": ["该手机号码已有账号。"]}
    assert 'value="钱示例"' in response.content.decode()


def test_open_account_two_who_open_one_number_at_once_hear_the_same(
    client, enter, monkeypatch
):
    """The second read before the first had stored it: the table says no."""
    enter("系统管理员")
    make_user(phone="13900001234")
    monkeypatch.setattr(type(User.objects), "by_phone", lambda *args: None)

    response = client.post(
        url(User, "add"), account_data(phone="13900001234", password1=PASSWORD)
    )

    assert errors(response) == {"phone": ["该手机号码已有账号。"]}


def test_change_account_gives_nobody_a_role_of_their_own(client, enter):
    admin = enter("系统管理员")
    both = [role("系统管理员").pk, role("终审").pk]

    response = client.post(
        url(User, "change", admin.pk), account_data(admin, groups=both)
    )

    assert errors(response) == {"groups": ["不能更改自己的角色，请由其他管理员操作。"]}
    assert list(admin.groups.all()) == [role("系统管理员")]


def test_change_account_others_are_given_and_lose_roles(client, enter):
    enter("系统管理员")
    other = make_user(is_staff=True, roles=["编辑"])

    response = client.post(
        url(User, "change", other.pk), account_data(groups=[role("服务台").pk])
    )

    assert response.status_code == 302
    assert list(other.groups.all()) == [role("服务台")]


@pytest.mark.parametrize("box", ["is_staff", "is_active"])
def test_change_account_nobody_shuts_themselves_out(client, enter, box):
    admin = enter("系统管理员")
    data = account_data(admin)
    del data[box]

    response = client.post(url(User, "change", admin.pk), data)

    assert "不能停用自己的账号" in str(errors(response))
    admin.refresh_from_db()
    assert (admin.is_staff, admin.is_active) == (True, True)


def test_change_account_makes_no_superuser(client, enter):
    enter("系统管理员")
    other = make_user()

    client.post(
        url(User, "change", other.pk),
        account_data(is_superuser="on", user_permissions=[1], password="x"),
    )

    other.refresh_from_db()
    assert other.is_staff
    assert not other.is_superuser
    assert not other.user_permissions.exists()
    assert other.check_password(PASSWORD)


@pytest.mark.parametrize("name", ["工会干部", "服务台", "培训管理员", "编辑"])
@pytest.mark.parametrize("model", [User, Stewardship])
def test_open_account_is_refused_to_other_roles(client, enter, name, model):
    enter(name)

    assert client.get(url(model, "changelist")).status_code == 403
    assert client.get(url(model, "add")).status_code == 403


def test_account_list_shows_a_number_by_its_last_four_digits_only(client, enter):
    enter("系统管理员")
    user = make_user(phone="13900001234")
    pages = [
        client.get(url(User, "changelist")),
        client.get(url(User, "change", user.pk)),
        client.get(url(User, "history", user.pk)),
    ]

    assert ">1234<" in pages[0].content.decode()
    for page in pages:
        assert page.status_code == 200
        assert "13900001234" not in page.content.decode()


# --- who looks after which union


def test_union_form_refuses_a_code_that_lies_in_anothers(client, enter, union):
    enter("系统管理员")

    response = client.post(
        url(UnionOrg, "add"), {"name": "示例工会", "code": "A9", "level": "grassroots"}
    )

    assert set(errors(response)) == {"code"}
    assert UnionOrg.objects.count() == 1


def test_take_stewardship_in_the_back_office(client, enter, union):
    enter("系统管理员")
    held = Stewardship.objects.create(user=make_user(), union_org=union)

    response = client.post(url(Stewardship, "delete", held.pk), {"post": "yes"})

    assert response.status_code == 302
    assert not Stewardship.objects.exists()


@pytest.mark.parametrize("rows", [1, 6])
def test_stewardship_list_costs_the_same_however_long(client, enter, union, rows):
    enter("系统管理员")
    for _ in range(rows):
        Stewardship.objects.create(user=make_user(), union_org=make_union())
    client.get(url(Stewardship, "changelist"))

    with CaptureQueriesContext(connection) as queries:
        client.get(url(Stewardship, "changelist"))

    assert len(queries) == 6
