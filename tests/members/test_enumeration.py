"""Whoever asks with somebody else's number learns nothing about it: same status, same
page, same length, and the same time."""

import re
import statistics
import time

import pytest
from django.urls import reverse

from tests.factories import PASSWORD, make_user
from tests.members.phone_tools import agree, ask, type_in
from unionportal.settings import base

pytestmark = pytest.mark.django_db

DOORS = ["account_signup", "account_request_login_code", "account_reset_password"]
PAIRS, ROUNDS = 50, 3


def plain(answer):
    """The page without what differs between any two requests, known number or not."""
    page = answer.content.decode()
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", page)


def walk(client, door, number):
    """Ask, look at the page of the code, type a wrong one; what a visitor can see."""
    seen = []
    for answer in (
        ask(client, door, number),
        client.get(reverse("account_code")),
        type_in(client, "000000"),
    ):
        seen.append((answer.status_code, answer.get("Location"), plain(answer)))
    return seen


@pytest.mark.parametrize("door", DOORS)
def test_known_and_unknown_numbers_look_the_same(client, outbox, door):
    make_user(phone="13912340000")
    agree(client)

    known = walk(client, door, "13912340000")
    unknown = walk(client, door, "13812340000")

    assert known == unknown
    assert known[0][:2] == (302, reverse("account_code"))
    assert "短信验证码不正确，还可以再试4次" in known[2][2]
    assert len(outbox.texts) == 2  # somebody's phone rang either way


def test_a_new_number_of_somebody_else_looks_like_a_free_one(client, outbox):
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


def test_a_log_in_looks_the_same_with_known_and_unknown_numbers(client):
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


def takes_the_same_time(act, pairs):
    """Whether ``act`` takes as long for known numbers (139…) as for unknown (138…).

    Asked in turns, so that a slow moment of the machine meets both. A difference that
    is there is there in each of three rounds; noise beside us is not.
    """
    return any(0.8 < _ratio(act, pairs, rank) < 1.25 for rank in range(ROUNDS))


def _ratio(act, pairs, rank):
    times = {"139": [], "138": []}
    act("13799999999")
    for n in range(pairs):
        for start in ("139", "138") if n % 2 else ("138", "139"):
            began = time.perf_counter()
            act(f"{start}{rank}234{n:04d}")
            times[start].append(time.perf_counter() - began)
    known, unknown = (statistics.median(times[start]) for start in ("139", "138"))
    return known / unknown


def known_numbers(pairs):
    for rank in range(ROUNDS):
        for n in range(pairs):
            make_user(phone=f"139{rank}234{n:04d}")


@pytest.mark.parametrize("door", DOORS)
def test_known_and_unknown_numbers_take_the_same_time(client, outbox, settings, door):
    settings.SMS_SITE_HOURLY = 10_000
    known_numbers(PAIRS)
    agree(client)

    def act(number):
        answer = ask(client, door, number)
        assert answer.status_code in (302, 200 if number.startswith("137") else 302)

    assert takes_the_same_time(act, PAIRS)


def test_a_log_in_takes_the_same_time_with_known_and_unknown_numbers(client, settings):
    """With the hash of production: the suite's own costs nothing, left out or not."""
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    known_numbers(15)

    def act(number):
        assert fail_to_log_in(client, number).status_code == 200

    assert takes_the_same_time(act, 15)
