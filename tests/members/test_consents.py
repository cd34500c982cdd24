"""The notice before the first field, and again when it changed."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from members.models import Consent, User
from members.services import consents
from tests.concurrency import at_once
from tests.factories import PASSWORD, make_user
from tests.members.phone_tools import ask, type_in

pytestmark = pytest.mark.django_db

NUMBER = "13912345678"


def text_of(response):
    return response.content.decode()


def log_in(client, next_page=""):
    return client.post(
        reverse("account_login"),
        {"login": NUMBER, "password": PASSWORD, "next": next_page},
    )


@pytest.fixture
def old_consent(settings):
    """An account from before the notice changed."""
    user = make_user(phone=NUMBER)
    settings.PRIVACY_VERSION = "2030-01"
    return user


@pytest.mark.parametrize("door", ["account_login", "account_signup", "account_privacy"])
def test_privacy_notice_says_what_the_law_asks_for(client, settings, door):
    page = text_of(client.get(reverse(door)))

    for said in (
        "攀枝花市总工会",  # who
        "12351",  # contact
        "处理目的",
        "处理的信息和方式",
        "保存期限",
        "撤回同意",
        "更正",
        "删除",
        settings.PRIVACY_VERSION,
    ):
        assert said in page


@pytest.mark.parametrize("door", ["account_login", "account_signup"])
def test_sign_up_page_does_not_tick_the_box_beforehand(client, door):
    page = text_of(client.get(reverse(door)))

    [box] = re.findall(r"<input[^>]*name=\"agreed\"[^>]*>", page)
    assert "checked" not in box


def test_sign_up_without_the_tick_asks_and_takes_nothing(client, outbox):
    for door in ("account_signup", "account_request_login_code"):
        page = text_of(ask(client, door, NUMBER, agreed=""))
        assert "同意后才能继续" in page
        assert "agreed_notice" not in client.session
    assert outbox.texts == []


def test_give_consent_keeps_its_version_and_its_own_time(client, outbox, settings):
    before = timezone.now()
    ask(client, "account_signup", NUMBER)
    after = timezone.now()
    type_in(client, outbox.code_for(NUMBER))

    consent = Consent.objects.get()
    assert consent.version == settings.PRIVACY_VERSION
    assert before <= consent.given_at <= after
    assert consent.withdrawn_at is None


def test_sign_up_shows_a_notice_again_that_changed_meanwhile(client, outbox, settings):
    ask(client, "account_signup", NUMBER)
    settings.PRIVACY_VERSION = "2030-01"

    answer = type_in(client, outbox.code_for(NUMBER))

    assert answer["Location"] == reverse("account_request_login_code")
    assert not Consent.objects.exists()
    assert not User.objects.exists()


def test_log_in_asks_for_consent_to_a_new_version(client, old_consent):
    asked = log_in(client, "/activities/")
    assert asked["Location"] == reverse("account_consent")
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("my")).status_code == 302

    done = client.post(reverse("account_consent"), {"agreed": "on"})

    assert done["Location"] == "/activities/"
    assert client.session["_auth_user_id"] == str(old_consent.pk)
    assert consents.is_current(old_consent)
    assert old_consent.consents.count() == 2
    client.post(reverse("account_logout"))
    assert log_in(client)["Location"] == reverse("my")


def test_log_in_by_code_asks_for_consent_to_what_changed_meanwhile(
    client, old_consent, outbox, settings
):
    ask(client, "account_request_login_code", NUMBER)
    settings.PRIVACY_VERSION = "2031-01"

    assert type_in(client, outbox.code_for(NUMBER))["Location"] == reverse(
        "account_consent"
    )
    assert "_auth_user_id" not in client.session


def test_log_in_without_consent_lets_nobody_in(client, old_consent):
    log_in(client)
    assert "同意后才能继续" in text_of(client.post(reverse("account_consent"), {}))

    declined = client.post(reverse("account_consent"), {"decline": "1"})

    assert declined["Location"] == reverse("home")
    assert "_auth_user_id" not in client.session
    assert client.post(reverse("account_consent"), {"agreed": "on"})[
        "Location"
    ] == reverse("account_privacy")
    assert not consents.is_current(old_consent)


def test_log_in_asks_again_for_a_withdrawn_consent(client):
    user = make_user(phone=NUMBER)
    Consent.objects.update(withdrawn_at=timezone.now())

    assert not consents.is_current(user)
    assert log_in(client)["Location"] == reverse("account_consent")
    client.post(reverse("account_consent"), {"agreed": "on"})
    assert consents.is_current(user)


@pytest.mark.django_db(transaction=True)
def test_give_consent_two_clicks_on_the_box_make_one_row(settings):
    user = make_user(phone=NUMBER)
    Consent.objects.all().delete()

    def give():
        consents.give(user=user, version="1", given_at=timezone.now())

    at_once([give] * 5)

    assert Consent.objects.count() == 1


def test_give_consent_table_refuses_a_second_standing_consent_and_odd_times():
    user = make_user(phone=NUMBER)
    first = Consent.objects.get()
    first.pk = None
    with pytest.raises(IntegrityError, match="stands_once"), transaction.atomic():
        first.save()
    with pytest.raises(IntegrityError, match="withdrawn_after_given"):
        user.consents.update(withdrawn_at=timezone.now() - timedelta(days=1))
