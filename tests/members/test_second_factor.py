"""Staff need a code of their telephone after the password; each code counts once."""

import json
from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.urls import reverse

from common import audit
from common.errors import Refusal
from members.security.adapter import PASSED
from members.services import second_factor
from tests.concurrency import at_once
from tests.factories import PASSWORD, make_user
from tests.members import phone_tools
from tests.members.guard import (
    NUMBER,
    code_at,
    is_in,
    log_in,
    make_staff,
    secret_of,
)
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db

CODE = "/accounts/second-factor/"
FIRST = "/accounts/second-factor/first/"


@pytest.fixture
def required(settings):
    """As in production."""
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def recorded(monkeypatch):
    """Events as ``common.audit`` is told them."""
    events = []

    def note(verb, *, by, of=None, outcome="done", **_more):
        events.append((verb, getattr(by, "pk", None), of and of.pk, outcome))

    monkeypatch.setattr(audit, "record", note)
    return events


def send(client, code, page=CODE):
    return client.post(page, {"code": code})


# --- the log-in


def test_log_in_of_staff_leads_to_the_second_factor_and_nowhere_else(client, required):
    make_staff(with_factor=True)

    response = log_in(client, to="/admin/")

    assert response["Location"] == CODE
    assert not is_in(client)
    pages = [reverse("admin:index"), reverse("admin:password_change")]
    for model in admin.site._registry:
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        pages.append(reverse(f"admin:{label}_changelist"))
    for page in pages:
        assert "/login/" in client.get(page)["Location"], page


def test_use_code_lets_in_and_on_to_where_they_were_going(client, required):
    user = make_staff(with_factor=True)
    log_in(client, to="/admin/")

    response = send(client, code_at(user.secret))

    assert response["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("typed", ["{} {}", "{}-{}", " {}{} "])
def test_use_code_may_be_typed_in_groups(client, required, typed):
    user = make_staff(with_factor=True)
    log_in(client)
    code = code_at(user.secret)

    send(client, typed.format(code[:3], code[3:]))

    assert is_in(client)


def test_use_code_may_be_typed_in_full_width_digits(client, required):
    user = make_staff(with_factor=True)
    log_in(client)
    wide = {ord("0") + n: ord("０") + n for n in range(10)}

    send(client, code_at(user.secret).translate(wide))

    assert is_in(client)


@pytest.mark.parametrize("steps", [-5, -2, 3, 5])
def test_use_code_of_another_minute_is_refused(client, required, steps):
    user = make_staff(with_factor=True)
    log_in(client)

    page = send(client, code_at(user.secret, steps)).content.decode()

    assert "动态口令不正确" in page
    assert not is_in(client)


def test_use_code_counts_once_in_its_whole_life(client, required):
    """The library forgets a used code after 30 s, and takes it for 90."""
    user = make_staff(with_factor=True)
    code = code_at(user.secret)
    second_factor.use_code(user=user, code=code)
    log_in(client)

    send(client, code)

    assert not is_in(client)


def test_use_code_older_than_the_last_one_is_refused():
    user = make_staff(with_factor=True)
    second_factor.use_code(user=user, code=code_at(user.secret, 1))

    with pytest.raises(Refusal):
        second_factor.use_code(user=user, code=code_at(user.secret))


def test_use_code_five_wrong_codes_lock_even_the_right_one(client, required):
    user = make_staff(with_factor=True)
    log_in(client)
    for _ in range(5):
        send(client, "000000")

    page = send(client, code_at(user.secret)).content.decode()

    assert "连续输错5次，请10分钟后再试" in page
    assert not is_in(client)


def test_use_code_lock_lifts_after_ten_minutes(client, required):
    user = make_staff(with_factor=True)
    log_in(client)
    for _ in range(5):
        send(client, "000000")
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    row.data["wrong"] = [at - 601 for at in row.data["wrong"]]
    row.save()

    send(client, code_at(user.secret))

    assert is_in(client)


def test_use_code_counts_tries_on_after_a_new_log_in(client, required):
    make_staff(with_factor=True)
    for _ in range(5):
        log_in(client)
        send(client, "000000")
        client.cookies.clear()
    log_in(client)

    assert "连续输错5次" in send(client, "000000").content.decode()


def test_log_in_starts_again_for_who_gives_up_at_the_second_factor(client, required):
    user = make_staff(with_factor=True)
    log_in(client)

    client.post(reverse("account_logout"))

    assert send(client, code_at(user.secret))["Location"] == reverse("account_login")
    assert not is_in(client)
    assert client.get(reverse("account_login")).status_code == 200


def test_log_in_by_code_is_no_way_around_the_second_factor(client, required, outbox):
    """Neither the log-in by a code sent to the telephone nor a new password by one."""
    make_staff(with_factor=True)
    phone_tools.ask(client, "account_request_login_code", NUMBER)
    by_code = phone_tools.type_in(client, outbox.code_for(NUMBER))
    assert by_code["Location"] == CODE
    assert not is_in(client)

    phone_tools.let_pass(minutes=2)
    other = type(client)()
    phone_tools.ask(other, "account_reset_password", NUMBER)
    phone_tools.type_in(other, outbox.code_for(NUMBER))
    by_reset = other.post(
        reverse("account_set_password"), {"password": "jinshajiang-2018"}
    )

    assert by_reset["Location"] == CODE
    assert not is_in(other)


def test_log_in_of_workers_needs_no_second_factor(client, required):
    make_user(phone=NUMBER)

    log_in(client)

    assert is_in(client)


@pytest.mark.parametrize("after", ["/admin/login/", "/admin/login/?next=/admin/"])
def test_log_in_of_the_back_office_is_no_way_around_the_second_factor(
    client, required, after
):
    make_staff(with_factor=True)

    client.post(after, {"username": NUMBER, "password": PASSWORD})

    assert not is_in(client)


def test_log_in_without_the_second_factor_counts_for_nothing(client, required):
    """However it came to be: from before the requirement, or before they were staff."""
    user = make_user()
    client.force_login(user)
    assert is_in(client)

    user.is_staff = True
    user.save()

    assert not is_in(client)


# --- setting up


def test_set_up_second_factor_comes_before_anything_else_for_staff(client, required):
    user = make_staff()

    response = log_in(client, to="/admin/")
    page = client.get(FIRST).content.decode()
    secret = client.session["second_factor_given"]["text"]
    wrong = send(client, "000000", FIRST).content.decode()

    assert response["Location"] == FIRST
    assert "data:image/svg+xml;base64," in page
    assert secret[:4] in page
    assert "动态口令不正确" in wrong
    assert not second_factor.is_on(user)
    assert "/login/" in client.get("/admin/")["Location"]

    shown = send(client, code_at(secret), FIRST).content.decode()
    assert "恢复码只显示这一次" in shown
    assert "/login/" in client.get("/admin/")["Location"]

    assert client.post(FIRST)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_set_up_second_factor_shows_the_recovery_codes_once(client, required):
    make_staff()
    log_in(client)
    client.get(FIRST)
    secret = client.session["second_factor_given"]["text"]
    send(client, code_at(secret), FIRST)

    again = client.get(FIRST).content.decode()

    assert "恢复码已经显示过" in again
    assert "papercodes" not in again


def test_set_up_second_factor_by_another_does_not_let_in_a_log_in_that_stopped_there(
    client, required
):
    """A thief with the password waits at the set-up page for the owner to set it up."""
    user = make_staff()
    log_in(client)
    client.get(FIRST)
    secret = second_factor.new_secret()
    second_factor.set_up(user=user, secret=secret, code=code_at(secret))

    response = client.post(FIRST)

    assert response["Location"] == reverse("account_login")
    assert not is_in(client)


def test_set_up_second_factor_is_open_to_staff_where_it_is_not_required(client):
    user = make_staff()
    log_in(client)
    client.get(reverse("mfa_set_up"))
    secret = client.session["second_factor_given"]["text"]

    send(client, code_at(secret), reverse("mfa_set_up"))

    assert second_factor.is_on(user)
    client.post(reverse("account_logout"))
    assert log_in(client)["Location"] == CODE


def test_set_up_second_factor_does_not_replace_one_that_is_on():
    """Else whoever finds a session open puts their own telephone in its place."""
    user = make_staff(with_factor=True)
    secret = second_factor.new_secret()

    with pytest.raises(Refusal) as caught:
        second_factor.set_up(user=user, secret=secret, code=code_at(secret))

    assert caught.value.codes == {"second_factor_on"}
    assert secret_of(user) == user.secret


def test_set_up_second_factor_uses_up_its_code():
    user = make_staff()
    secret = second_factor.new_secret()
    code = code_at(secret)
    second_factor.set_up(user=user, secret=secret, code=code)

    with pytest.raises(Refusal):
        second_factor.use_code(user=user, code=code)


# --- recovery codes


def test_use_code_with_a_recovery_code_lets_in_once(client, required):
    user = make_staff(with_factor=True)
    log_in(client)

    send(client, user.paper[0])

    assert is_in(client)
    assert second_factor.codes_left(user) == 9
    with pytest.raises(Refusal):
        second_factor.use_code(user=user, code=user.paper[0])


def test_new_recovery_codes_cost_a_code_and_void_the_old_ones(client, required):
    user = make_staff(with_factor=True)
    log_in(client)
    send(client, code_at(user.secret))
    page = reverse("mfa_recovery_codes")

    refused = send(client, "000000", page).content.decode()
    shown = send(client, code_at(user.secret, 1), page).content.decode()

    assert "动态口令不正确" in refused
    assert "恢复码只显示这一次" in shown
    assert user.paper[0][:4] + " " + user.paper[0][4:] not in shown
    with pytest.raises(Refusal):
        second_factor.use_code(user=user, code=user.paper[0])


# --- switching off, resetting


def test_switch_off_second_factor_needs_a_code(client, required):
    user = make_staff(with_factor=True)
    log_in(client)
    send(client, code_at(user.secret))
    page = reverse("mfa_switch_off")

    send(client, "000000", page)
    assert second_factor.is_on(user)
    response = send(client, code_at(user.secret, 1), page)

    assert not second_factor.is_on(user)
    assert response["Location"] == reverse("account_login")
    assert not is_in(client)
    assert log_in(client)["Location"] == FIRST


def reset(client, user):
    return client.post(
        reverse("admin:members_user_changelist"),
        {"action": "reset_second_factor", "_selected_action": [user.pk]},
        follow=True,
    ).content.decode()


def test_reset_second_factor_of_a_colleague_ends_their_sessions(client, recorded):
    write_roles()
    user = make_staff(with_factor=True)
    browser = type(client)()
    log_in(browser)
    send(browser, code_at(user.secret))
    assert is_in(browser)
    administrator = make_staff(phone="13912345679", roles=["系统管理员"])
    client.force_login(administrator)

    page = reset(client, user)

    assert "已重置1个账号的动态口令" in page
    assert not Authenticator.objects.filter(user=user).exists()
    assert not is_in(browser)
    assert recorded[-1] == (
        "remove_second_factor", administrator.pk, user.pk, "done",
    )  # fmt: skip


def test_reset_second_factor_of_oneself_is_refused(client):
    write_roles()
    administrator = make_staff(with_factor=True, roles=["系统管理员"])
    client.force_login(administrator)

    page = reset(client, administrator)

    assert "不能重置自己的动态口令" in page
    assert second_factor.is_on(administrator)


def test_reset_second_factor_needs_the_right_to_change_accounts(client):
    write_roles()
    user = make_staff(with_factor=True)
    client.force_login(make_staff(phone="13912345679", roles=["审计员"]))

    reset(client, user)

    assert second_factor.is_on(user)


# --- what is stored, what is written down


def test_second_factor_secrets_are_stored_sealed(client, required):
    user = make_staff(with_factor=True)
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret_of(user) == user.secret
    assert user.secret not in stored
    for code in user.paper:
        assert code not in stored


def test_set_up_second_factor_keeps_the_secret_unreadable_in_the_session(
    client, required
):
    make_staff()
    log_in(client)
    client.get(FIRST)
    secret = client.session["second_factor_given"]["text"]

    assert not any(secret in row.session_data for row in Session.objects.all())


def test_use_code_tries_are_on_record(client, required, recorded):
    user = make_staff(with_factor=True)
    log_in(client)
    recorded.clear()

    send(client, "000000")
    send(client, code_at(user.secret))

    assert recorded == [
        ("second_factor", None, user.pk, "failed"),
        ("second_factor", user.pk, user.pk, "done"),
        ("log_in", user.pk, user.pk, "done"),
    ]


def test_log_in_marks_a_session_only_after_a_code(client):
    make_staff()
    log_in(client)

    assert client.session[PASSED] is False


# --- at the same moment


@pytest.mark.django_db(transaction=True)
def test_use_code_sent_five_times_at_once_counts_once():
    user = make_staff(with_factor=True)
    code = code_at(user.secret)

    outcomes = at_once([partial(second_factor.use_code, user=user, code=code)] * 5)

    assert sum(isinstance(outcome, Authenticator) for outcome in outcomes) == 1


@pytest.mark.django_db(transaction=True)
def test_set_up_second_factor_on_two_telephones_at_once_is_one():
    user = make_staff()
    secrets = [second_factor.new_secret() for _ in range(4)]

    outcomes = at_once(
        [
            partial(
                second_factor.set_up, user=user, secret=secret, code=code_at(secret)
            )
            for secret in secrets
        ]
    )

    assert sum(isinstance(outcome, list) for outcome in outcomes) == 1
    [won] = [s for s, said in zip(secrets, outcomes, strict=True) if type(said) is list]
    assert secret_of(user) == won


@pytest.mark.django_db(transaction=True)
def test_use_code_with_many_guesses_at_once_counts_five():
    user = make_staff(with_factor=True)
    guesses = [partial(second_factor.use_code, user=user, code="000000")] * 9

    outcomes = at_once(guesses)

    codes = [next(iter(outcome.codes)) for outcome in outcomes]
    assert codes.count("second_factor_wrong") == 5
    assert codes.count("second_factor_locked") == 4
