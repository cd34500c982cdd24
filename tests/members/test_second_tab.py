"""Two tabs of one browser: logging in in one leaves the other's forms with a token of
before."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests.architecture.test_doors import DOORS, address
from tests.factories import PASSWORD, make_user
from tests.members.guard import NUMBER
from tests.members.phone_tools import ask

pytestmark = pytest.mark.django_db

TARGET = "/site-map/"


@pytest.fixture
def browser():
    """With the token checked, as a browser has it."""
    return Client(enforce_csrf_checks=True)


def token_of(page):
    return re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode()
    )[1]


def opened(browser, door, query=""):
    """The token of a form in a tab."""
    return token_of(browser.get(reverse(door) + query))


def log_in(browser, token, to=""):
    data = {"login": NUMBER, "password": PASSWORD, "csrfmiddlewaretoken": token}
    return browser.post(reverse("account_login"), data | ({"next": to} if to else {}))


def test_log_in_in_a_second_tab_goes_on_to_where_one_was_going(browser):
    make_user(phone=NUMBER)
    first = opened(browser, "account_login")
    second = opened(browser, "account_login", f"?next={TARGET}")
    log_in(browser, first)

    done = log_in(browser, second, to=TARGET)

    assert (done.status_code, done["Location"]) == (302, TARGET)
    assert log_in(browser, second)["Location"] == reverse("my")
    assert log_in(browser, second, to="https://evil.example/")["Location"] == reverse(
        "my"
    )


@pytest.mark.parametrize(
    "door", ["account_request_login_code", "account_signup", "account_code"]
)
def test_log_in_goes_on_by_every_form(browser, door, outbox):
    make_user(phone=NUMBER)
    token = opened(browser, "account_login")
    if door == "account_code":  # a code is on its way in the second tab
        page = f"{reverse('account_request_login_code')}?next={TARGET}"
        sent = {"phone": NUMBER, "agreed": "on", "csrfmiddlewaretoken": token}
        browser.post(page, sent)
    log_in(browser, token)

    where = reverse(door) + ("" if door == "account_code" else f"?next={TARGET}")
    done = browser.post(where, {"csrfmiddlewaretoken": token})

    assert (done.status_code, done["Location"]) == (302, TARGET)


@pytest.mark.parametrize(
    "door", ["account_change_password", "account_change_phone", "account_end_devices"]
)
def test_stale_form_for_who_is_logged_in_comes_back_undone(browser, door):
    user = make_user(phone=NUMBER)
    token = opened(browser, "account_login")
    log_in(browser, token)

    done = browser.post(reverse(door), {"csrfmiddlewaretoken": token}, follow=True)

    assert done.redirect_chain[0] == (reverse(door), 302)
    assert "这次提交没有办理" in done.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_stale_form_of_another_site_or_without_a_log_in_is_refused(browser):
    make_user(phone=NUMBER)
    token = opened(browser, "account_login")
    stranger = browser.post(reverse("account_login"), {"login": NUMBER})
    log_in(browser, token)

    foreign = browser.post(
        reverse("account_login"),
        {"csrfmiddlewaretoken": token},
        headers={"origin": "https://evil.example"},
    )

    assert (stranger.status_code, foreign.status_code) == (403, 403)
    elsewhere = browser.post(reverse("my-close"), {"csrfmiddlewaretoken": token})
    assert elsewhere.status_code == 403


@pytest.mark.parametrize(
    "door", ["account_login", "account_request_login_code", "account_signup"]
)
def test_log_in_page_leads_on_who_is_logged_in(client, door):
    client.force_login(make_user())

    assert client.get(f"{reverse(door)}?next={TARGET}")["Location"] == TARGET
    assert client.get(reverse(door))["Location"] == reverse("my")


def test_check_code_still_leads_to_where_one_was_going(client, outbox):
    make_user(phone=NUMBER)
    door = f"{reverse('account_request_login_code')}?next={TARGET}"
    client.get(door)
    client.post(door, {"phone": NUMBER, "agreed": "on"})

    done = client.post(reverse("account_code"), {"code": outbox.code_for(NUMBER)})

    assert done["Location"] == TARGET


def test_log_in_page_only_read_leaves_no_session_behind():
    left = {
        name
        for name in DOORS
        for query in ("", f"?next={TARGET}")
        if Client().get(address(name) + query) and Session.objects.all().delete()[0]
    }

    assert left == set()


def test_send_code_that_is_refused_leaves_no_session_behind(client, outbox):
    ask(client, "account_request_login_code", "12")

    assert not Session.objects.exists()
