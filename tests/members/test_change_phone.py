"""Another number: proven at the old one or by the password, and at the new one."""

import re

import pytest
from django.urls import reverse

from common import crypto
from members import sms
from members.models import SmsMessage
from tests.factories import PASSWORD, make_user
from tests.members.phone_tools import ask, type_in

pytestmark = pytest.mark.django_db

NUMBER = "13912345678"
OTHER = "13987654321"


def page_of(response):
    return response.content.decode()


@pytest.fixture
def owner(client):
    user = make_user(phone=NUMBER)
    client.force_login(user)
    return user


def give_new(client, outbox, number=OTHER):
    ask(client, "account_change_phone_new", number)
    return type_in(client, outbox.code_for(number))


def has_number(user, number):
    user.refresh_from_db()
    return user.phone_hmac == crypto.digest("phone", "+86" + number)


def test_change_phone_after_the_password(client, outbox, owner):
    answer = client.post(reverse("account_change_phone"), {"password": PASSWORD})
    assert answer["Location"] == reverse("account_change_phone_new")

    done = give_new(client, outbox)

    assert done["Location"] == reverse("my")
    assert has_number(owner, OTHER)
    # proven: else the next log-in by code would take it for a stranger's password
    assert owner.phone_verified and owner.check_password(PASSWORD)


def test_change_phone_after_a_code_at_the_old_number(client, outbox, owner):
    client.post(reverse("account_change_phone_old"))
    answer = type_in(client, outbox.code_for(NUMBER))
    assert answer["Location"] == reverse("account_change_phone_new")

    give_new(client, outbox)

    assert has_number(owner, OTHER)


def test_change_phone_wrong_password_does_not_change_the_number(client, outbox, owner):
    page = client.post(reverse("account_change_phone"), {"password": "falsch-falsch"})

    assert "密码不正确" in page_of(page)
    assert client.get(reverse("account_change_phone_new")).status_code == 302
    assert ask(client, "account_change_phone_new", OTHER).status_code == 302
    assert outbox.texts == []


def test_change_phone_does_not_let_passwords_be_guessed(client, outbox, owner):
    for _ in range(5):
        client.post(reverse("account_change_phone"), {"password": "falsch-falsch"})

    page = client.post(reverse("account_change_phone"), {"password": PASSWORD})

    assert "连续输错5次，请10分钟后再试" in page_of(page)


def test_change_phone_code_at_the_new_number_alone_is_not_enough(client, outbox, owner):
    client.post(reverse("account_change_phone"), {"password": PASSWORD})
    ask(client, "account_change_phone_new", OTHER)
    session = client.session
    del session["may_change_phone"]
    session.save()

    type_in(client, outbox.code_for(OTHER))

    assert has_number(owner, NUMBER)


def test_change_phone_permission_to_change_the_number_lapses(client, outbox, owner):
    client.post(reverse("account_change_phone"), {"password": PASSWORD})
    ask(client, "account_change_phone_new", OTHER)
    session = client.session
    session["may_change_phone"] = 1
    session.save()

    type_in(client, outbox.code_for(OTHER))

    assert has_number(owner, NUMBER)


def test_change_phone_number_with_an_account_is_not_taken_over(client, outbox, owner):
    neighbour = make_user(phone=OTHER)
    client.post(reverse("account_change_phone"), {"password": PASSWORD})

    answer = ask(client, "account_change_phone_new", OTHER)

    assert answer["Location"] == reverse("account_code")
    assert "已有账号" in outbox.texts[-1]["text"]
    assert not re.search(r"\d{6}", outbox.texts[-1]["text"])
    type_in(client, "123456")
    assert has_number(owner, NUMBER) and has_number(neighbour, OTHER)


def test_change_phone_number_taken_in_the_meantime_is_refused_in_words(
    client, outbox, owner
):
    client.post(reverse("account_change_phone"), {"password": PASSWORD})
    ask(client, "account_change_phone_new", OTHER)
    make_user(phone=OTHER)

    page = page_of(type_in(client, outbox.code_for(OTHER)))

    assert "该手机号码已有账号" in page
    assert has_number(owner, NUMBER)
    # a number proven for this is none proven for a new password
    answer = client.post(reverse("account_set_password"), {"password": PASSWORD})
    assert answer["Location"] == reverse("account_code")


# --- who hears of a change of number


def change(client, outbox, django_capture_on_commit_callbacks):
    client.post(reverse("account_change_phone"), {"password": PASSWORD})
    ask(client, "account_change_phone_new", OTHER)
    code = outbox.code_for(OTHER)
    with django_capture_on_commit_callbacks(execute=True):
        return type_in(client, code)


def test_change_phone_informs_the_old_number_that_it_is_no_longer_good(
    client, outbox, owner, django_capture_on_commit_callbacks
):
    """Whoever found a password must not take an account away unseen."""
    change(client, outbox, django_capture_on_commit_callbacks)

    last = outbox.texts[-1]
    assert last["to"] == "+86" + NUMBER
    assert "本号码不再用于登录" in last["text"]
    assert OTHER not in last["text"]
    text = SmsMessage.objects.get(kind="moved")
    assert (text.user, text.outcome, text.address_hmac) == (owner, "sent", "")


def test_change_phone_gateway_that_is_down_takes_no_change_back(
    client, outbox, owner, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    deliver = sms.deliver
    monkeypatch.setattr(
        sms,
        "deliver",
        lambda text: "failed" if text.to.endswith(NUMBER) else deliver(text),
    )

    done = change(client, outbox, django_capture_on_commit_callbacks)

    assert done["Location"] == reverse("my")
    assert has_number(owner, OTHER)
    assert "Not told (moved): not_sent" in caplog.text


def test_change_phone_address_from_which_many_asked_hinders_no_such_text(
    client, outbox, owner, settings, django_capture_on_commit_callbacks
):
    client.post(reverse("account_change_phone"), {"password": PASSWORD})
    ask(client, "account_change_phone_new", OTHER)
    settings.SMS_ADDRESS_HOURLY = 0
    with django_capture_on_commit_callbacks(execute=True):
        type_in(client, outbox.code_for(OTHER))

    assert outbox.texts[-1]["to"] == "+86" + NUMBER
