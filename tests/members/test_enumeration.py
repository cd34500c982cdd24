"""Whoever asks with somebody else's number learns nothing about it: same status, same
page, same length, and the same work, which takes the same time."""

import re

import pytest
from django.contrib.auth.hashers import get_hasher
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import PASSWORD, make_user
from tests.members.phone_tools import ask, type_in
from unionportal.settings import base

pytestmark = pytest.mark.django_db

DOORS = [
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_reset_password",
]


def plain(answer):
    """The page without what differs between any two requests, known number or not."""
    page = answer.content.decode()
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", page)


def walk(client, door, number):
    """Ask, read the page of the code, type a wrong one; what a visitor can see."""
    seen = []
    for answer in (
        ask(client, door, number),
        client.get(reverse("account_code")),
        type_in(client, "000000"),
    ):
        seen.append((answer.status_code, answer.get("Location"), plain(answer)))
    return seen


@pytest.mark.parametrize("door", DOORS)
def test_send_code_answers_known_and_unknown_numbers_alike(client, outbox, door):
    make_user(phone="13912340000")

    known = walk(client, door, "13912340000")
    unknown = walk(client, door, "13812340000")

    assert known == unknown
    assert known[0][:2] == (302, reverse("account_code"))
    assert "短信验证码不正确，还可以再试4次" in known[2][2]
    assert len(outbox.texts) == 2  # somebody's phone rang either way


def test_change_phone_answers_a_taken_number_like_a_free_one(client, outbox):
    """Whoever is logged in may not look numbers up that way either."""
    make_user(phone="13912340000")
    client.force_login(make_user())
    client.post(reverse("account_change_phone"), {"password": PASSWORD})

    known = walk(client, "account_change_phone_new", "13912340000")
    unknown = walk(client, "account_change_phone_new", "13812340000")

    assert known == unknown
    assert known[0][:2] == (302, reverse("account_code"))
    assert len(outbox.texts) == 2


def fail_to_log_in(client, number):
    return client.post(
        reverse("account_login"), {"login": number, "password": "wrong-password"}
    )


def test_log_in_answers_known_and_unknown_numbers_alike(client):
    """To the sixth try, which the lock refuses; switched off or without a password."""
    make_user(phone="13912340000")
    off = make_user(phone="13912340001")
    off.is_active = False
    off.set_unusable_password()
    off.save()

    seen = {}
    for number in ("13912340000", "13912340001", "13812340000"):
        answers = [fail_to_log_in(client, number) for _ in range(6)]
        pages = [plain(answer).replace(number, "number") for answer in answers]
        seen[number] = [answer.status_code for answer in answers], pages

    known, closed, unknown = seen.values()
    assert known == closed == unknown
    assert "手机号或密码不正确" in known[1][0]
    assert "连续输错5次，请10分钟后再试" in known[1][5]


@pytest.fixture
def work(monkeypatch, settings):
    """What an act costs the portal: its statements without their values, and how often
    a password was hashed. Both are the same on any machine, where a clock is not."""
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    hasher, hashed = type(get_hasher()), []

    def counted(real):
        def count(*args, **kwargs):
            hashed.append(real)
            return real(*args, **kwargs)

        return count

    for name in ("encode", "verify"):
        monkeypatch.setattr(hasher, name, counted(getattr(hasher, name)))

    def work(act):
        hashed.clear()
        with CaptureQueriesContext(connection) as queries:
            act()
        said = [re.sub(r"'[^']*'|\d+|NULL", "?", q["sql"]) for q in queries]
        return said, len(hashed)

    return work


@pytest.mark.parametrize("door", DOORS)
def test_send_code_costs_the_same_work_with_known_and_unknown_numbers(
    client, outbox, door, work
):
    make_user(phone="13912340000")
    ask(client, door, "13712340000")  # what is cached afterwards

    known = work(lambda: ask(client, door, "13912340000"))
    unknown = work(lambda: ask(client, door, "13812340000"))

    assert known == unknown


def test_log_in_costs_the_same_work_with_known_and_unknown_numbers(client, work):
    """One hash, which is nearly all of the time it takes, whoever is asked for."""
    make_user(phone="13912340000")
    fail_to_log_in(client, "13712340000")

    known = work(lambda: fail_to_log_in(client, "13912340000"))
    unknown = work(lambda: fail_to_log_in(client, "13812340000"))

    assert known == unknown
    assert known[1] == 1
