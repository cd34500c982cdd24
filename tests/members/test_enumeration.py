"""Whoever asks with somebody else's number learns nothing about it: same status, same
page, same length, and the same time."""

import re
import statistics
import time

import pytest
from django.urls import reverse

from tests.factories import make_user
from tests.members.phone_tools import agree, ask, type_in

pytestmark = pytest.mark.django_db

DOORS = ["account_signup", "account_request_login_code", "account_reset_password"]
PAIRS = 50


def walk(client, door, number):
    """Ask, look at the page of the code, type a wrong one; what a visitor can see."""
    seen = []
    for answer in (
        ask(client, door, number),
        client.get(reverse("account_code")),
        type_in(client, "000000"),
    ):
        page = answer.content.decode()
        # what differs between any two requests, known number or not
        page = re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", page)
        seen.append((answer.status_code, answer.get("Location"), page))
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


def timed(client, door, number):
    start = time.perf_counter()
    answer = ask(client, door, number)
    took = time.perf_counter() - start
    assert answer.status_code == 302
    return took


@pytest.mark.parametrize("door", DOORS)
def test_known_and_unknown_numbers_take_the_same_time(client, outbox, settings, door):
    """Asked in turns, so that a slow moment of the machine meets both."""
    settings.SMS_SITE_HOURLY = 10_000
    for n in range(PAIRS):
        make_user(phone=f"1391234{n:04d}")
    agree(client)
    times = {"139": [], "138": []}
    timed(client, door, "13799999999")

    for n in range(PAIRS):
        for start in ("139", "138") if n % 2 else ("138", "139"):
            times[start].append(timed(client, door, f"{start}1234{n:04d}"))

    known, unknown = (statistics.median(times[start]) for start in ("139", "138"))
    assert 0.8 < known / unknown < 1.25
