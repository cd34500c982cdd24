"""Logging in by mobile number, and what is kept of the number."""

import base64
import contextlib
import hashlib
import zlib

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import IntegrityError, connection
from django.urls import reverse

from common import crypto
from common.errors import Refusal
from members import phones
from members.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

NUMBER = "13912345678"


def log_in(client, login=NUMBER, password=PASSWORD, **extra):
    return client.post(
        reverse("account_login"), {"login": login, "password": password}, **extra
    )


@pytest.mark.parametrize(
    "typed", [NUMBER, "+86" + NUMBER, "86 139-1234-5678", "１３９１２３４５６７８"]
)
def test_log_in_with_the_right_password_however_the_number_is_typed(client, typed):
    make_user(phone=NUMBER)

    response = log_in(client, typed)

    assert response.status_code == 302
    assert response["Location"] == reverse("my")


def test_log_in_returns_to_the_page_they_came_from(client):
    make_user(phone=NUMBER)

    response = client.post(
        reverse("account_login") + "?next=/healthz",
        {"login": NUMBER, "password": PASSWORD, "next": "/healthz"},
    )

    assert response["Location"] == "/healthz"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "nix"])
def test_log_in_next_never_leaves_the_site(client, target):
    make_user(phone=NUMBER)

    response = client.post(
        reverse("account_login"),
        {"login": NUMBER, "password": PASSWORD, "next": target},
    )

    assert response["Location"] in {reverse("my"), "/accounts/login/nix", "nix"}


def test_log_in_with_a_wrong_password_and_an_unknown_number_gets_the_same_sentence(
    client,
):
    make_user(phone=NUMBER)

    wrong = log_in(client, password="wrong-password").content.decode()
    unknown = log_in(client, login="13987654321", password="wrong-password")

    assert "手机号或密码不正确" in wrong
    assert "手机号或密码不正确" in unknown.content.decode()


def test_log_in_reports_a_malformed_number_at_the_field_and_keeps_it(client):
    page = log_in(client, login="1391234").content.decode()

    assert "手机号码应为11位数字" in page
    assert 'value="1391234"' in page


def test_log_in_five_wrong_passwords_lock_that_number_and_no_other(client):
    make_user(phone=NUMBER)
    make_user(phone="13800000001")
    for _ in range(5):
        log_in(client, password="wrong-password")

    locked = log_in(client).content.decode()
    other = log_in(client, login="13800000001")

    assert "请10分钟后再试" in locked
    assert other.status_code == 302


def test_log_in_locks_who_claims_another_address_each_time(client):
    """T23: twenty guesses at the account of staff."""
    make_user(phone=NUMBER, is_staff=True)
    for n in range(20):
        claimed = {"x-forwarded-for": f"203.0.113.{n}"}
        log_in(client, password=f"guess-{n}", headers=claimed)

    page = log_in(client, headers={"x-forwarded-for": "203.0.113.99"}).content.decode()

    assert "连续输错5次，请10分钟后再试" in page
    assert "_auth_user_id" not in client.session


def test_log_in_no_lock_is_lost_among_many():
    """Django's own cache throws a third of its entries away at the 301st."""
    names = [f"lock-{n}" for n in range(320)]

    for name in names:
        cache.set(name, 5, 600)

    assert len(cache.get_many(names)) == len(names)


def test_log_in_wrong_passwords_for_many_numbers_lock_nobody_else(client):
    """The library's own bucket is shared by all phone numbers."""
    make_user(phone=NUMBER)
    for n in range(7):
        log_in(client, login=f"1370000000{n}", password="wrong-password")

    assert log_in(client).status_code == 302


def test_log_in_refuses_an_account_that_is_switched_off(client):
    user = make_user(phone=NUMBER)
    User.objects.filter(pk=user.pk).update(is_active=False)

    log_in(client)

    assert "_auth_user_id" not in client.session


def test_log_out_ends_the_session_on_the_server(client):
    make_user(phone=NUMBER)
    log_in(client)
    old = client.cookies["sessionid"].value

    client.post(reverse("account_logout"))

    client.cookies["sessionid"] = old
    assert client.get(reverse("my")).status_code == 302


def test_log_in_changes_the_session_id(client):
    make_user(phone=NUMBER)
    client.get(reverse("account_login"))
    session = client.session
    session["kept"] = "1"
    session.save()
    client.cookies["sessionid"] = session.session_key

    log_in(client)

    assert client.cookies["sessionid"].value != session.session_key


def test_back_office_sends_visitors_to_the_portals_own_log_in(client):
    response = client.get("/admin/")

    assert response.status_code == 302
    final = client.get(response["Location"])
    assert final["Location"].startswith(reverse("account_login"))


def test_log_in_page_who_comes_from_the_back_office_is_not_asked_to_sign_up(client):
    log_in = reverse("account_login")
    office = reverse("admin:news_article_changelist")

    staff = client.get(log_in, {"next": office}).content.decode()
    others = client.get(log_in, {"next": "/administration/"}).content.decode()

    assert "登录后进入管理后台" in staff and "不用先注册" not in staff
    assert "不用先注册" in others
    # who works there has a password: its box and its button come first
    for page, is_first in ((staff, True), (others, False)):
        main = page.partition("<main")[2]
        assert (main.index('name="password"') < main.index('name="how"')) is is_first


def test_back_office_is_forbidden_to_a_worker_who_is_no_staff(client):
    client.force_login(make_user())

    assert client.get("/admin/", follow=True).status_code == 403


def test_log_in_page_leads_to_a_new_password_and_on(client):
    page = client.get(reverse("account_login"), {"next": "/activities/"})

    reset = f'href="{reverse("account_reset_password")}?next=%2Factivities%2F"'
    assert reset in page.content.decode().partition("<main")[2]


def dump() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [f"{table} {row}" for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def decoded(payload: str) -> str:
    """A session payload as plain as Django's own serialisers would leave it."""
    body = payload.split(":")[0]
    raw = base64.urlsafe_b64decode(body.strip(".") + "=" * (-len(body.strip(".")) % 4))
    with contextlib.suppress(zlib.error):  # not compressed: read as it is
        raw = zlib.decompress(raw)
    return raw.decode("latin-1")


def test_log_in_leaves_no_number_in_the_database_sessions_or_cache(client):
    make_user(phone=NUMBER)
    log_in(client, password="wrong-password")
    log_in(client)

    everything = dump()
    plain_hash = hashlib.sha256(("+86" + NUMBER).encode()).hexdigest()

    assert "common_cache (" in everything
    assert "members_user (" in everything
    assert NUMBER not in everything
    assert plain_hash not in everything
    for session in Session.objects.all():
        assert NUMBER not in decoded(session.session_data)


def test_open_account_gives_a_number_to_one_account():
    make_user(phone=NUMBER)

    with pytest.raises(Refusal) as caught:
        make_user(phone="+86 " + NUMBER)

    assert caught.value.codes == {"phone_taken"}


def test_set_phone_table_refuses_half_a_number():
    user = make_user(phone=NUMBER)

    with pytest.raises(IntegrityError, match="phone_whole_or_absent"):
        User.objects.filter(pk=user.pk).update(phone_cipher="")


def test_phone_of_number_comes_back_whole_and_is_printed_by_its_last_four():
    user = make_user(phone=NUMBER, name="")

    assert phones.of(user) == "+86" + NUMBER
    assert str(user) == "尾号5678"


def test_phone_of_retired_key_still_opens_what_it_sealed(settings):
    sealed = crypto.seal("text")

    settings.FIELD_KEYS = [
        "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleS0=",
        *settings.FIELD_KEYS,
    ]

    assert crypto.unseal(sealed) == "text"
    assert crypto.unseal(crypto.seal("new")) == "new"
