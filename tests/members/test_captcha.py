"""Telling people from programs: either answer, each once."""

import base64
import json
from datetime import timedelta

import altcha
import pytest
from django.core import signing
from django.db import connection
from django.utils import timezone

from members import captcha
from members.captcha import Captcha
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db


def solve(task):
    task = json.loads(task)
    most = task.pop("most")
    found = altcha.solve_challenge(
        task["challenge"], task["salt"], task["algorithm"], max_number=most
    )
    return base64.b64encode(
        json.dumps(task | {"number": found.number}).encode()
    ).decode()


def solved(level=0):
    return Captcha(work=solve(captcha.new_work(level)))


def sum_of(signed):
    """The right answer by hand, read from the words of the question."""
    words = captcha.question(signed).removesuffix("等于几？").split("加")
    digits = "零一二三四五六七八九"
    return Captcha(signed=signed, answer=str(sum(map(digits.index, words))))


@pytest.fixture(autouse=True)
def little_work(settings):
    settings.CAPTCHA_WORK = 500


@pytest.mark.parametrize("make", [solved, lambda: sum_of(captcha.new_sum())])
def test_captcha_right_answer_counts_once(make):
    answer = make()

    assert answer.redeem()
    assert not answer.redeem()
    again = Captcha(work=answer.work, signed=answer.signed, answer=answer.answer)
    assert not again.redeem()


@pytest.mark.parametrize("make", [solved, lambda: sum_of(captcha.new_sum())])
def test_captcha_answer_is_known_as_used_for_as_long_as_it_is_good(settings, make):
    settings.CAPTCHA_SECONDS = 900
    began = timezone.now()

    make().redeem()

    with connection.cursor() as cursor:
        cursor.execute("SELECT max(expires) FROM common_cache")
        [until] = cursor.fetchone()
    assert until > began + timedelta(seconds=900)


def test_captcha_sum_may_be_answered_in_words():
    signed = signing.dumps([7, 5, "nonce"], salt=captcha._SALT)

    assert captcha.question(signed) == "七加五等于几？"
    assert Captcha(signed=signed, answer="十二").redeem()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make", [solved, lambda: sum_of(captcha.new_sum())])
def test_captcha_right_answer_given_ten_times_at_once_counts_once(make):
    given = make()
    copies = [
        Captcha(work=given.work, signed=given.signed, answer=given.answer)
        for _ in range(10)
    ]

    assert at_once([copy.redeem for copy in copies]).count(True) == 1


def test_captcha_wrong_sum_does_not_count():
    signed = captcha.new_sum()
    right = sum_of(signed).answer

    assert not Captcha(signed=signed, answer=str(int(right) + 1)).redeem()
    assert not Captcha(signed=signed).redeem()
    assert not Captcha(signed=signed[:-1] + "_", answer=right).redeem()


def test_captcha_old_answer_does_not_count(settings):
    by_hand, by_script = sum_of(captcha.new_sum()), solved()
    signed = by_hand.signed
    settings.CAPTCHA_SECONDS = -1
    late = altcha.create_challenge(
        max_number=10,
        hmac_key=captcha._key(),
        expires=timezone.now() - timedelta(seconds=5),
        params={"level": "0"},
    )
    task = {
        name: getattr(late, name)
        for name in ("algorithm", "challenge", "salt", "signature")
    }

    assert captcha.question(signed) == ""
    assert not by_hand.redeem()
    assert not Captcha(work=solve(json.dumps(task | {"most": 10}))).redeem()
    assert by_script  # made in time; its own expiry is inside the salt


def changed(**fields):
    payload = json.loads(base64.b64decode(solved().work)) | fields
    return base64.b64encode(json.dumps(payload).encode()).decode()


@pytest.mark.parametrize(
    "work",
    [
        "",
        "?",
        "AAAA",
        base64.b64encode(b"17").decode(),
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b'{"algorithm": "SHA-256"}').decode(),
        base64.b64encode(b"[" * 100_000).decode(),
    ],
)
def test_captcha_nonsense_instead_of_work_does_not_count(work):
    assert not Captcha(work=work).redeem()


@pytest.mark.parametrize(
    "fields",
    [
        {"number": 10**9},
        {"number": True},
        {"number": "1"},
        {"salt": 5},
        {"salt": "other&"},
        {"algorithm": "SHA-1"},
        {"algorithm": "none"},
        {"signature": "0" * 64},
        {"challenge": "0" * 64},
    ],
)
def test_captcha_changed_work_does_not_count(fields):
    assert not Captcha(work=changed(**fields)).redeem()


def spliced(*, level=0, before="", after=""):
    """Solved work with parameters put into its salt where the library drops them."""
    payload = json.loads(base64.b64decode(solved(level).work))
    salt, query = payload["salt"].split("?")
    payload["salt"] = f"{salt}?{before}{query}{after}"
    return base64.b64encode(json.dumps(payload).encode()).decode()


@pytest.mark.parametrize(
    "work",
    [
        lambda: spliced(before="expires=9999999999&"),
        lambda: spliced(before="level=3&"),
        lambda: spliced(after="level=0&"),
        lambda: spliced(after="?level=3&"),
    ],
)
def test_captcha_work_with_a_parameter_twice_does_not_count(work):
    """The library takes the first for the time and the last for the signature."""
    assert not Captcha(work=work()).redeem()


def test_captcha_light_work_does_not_count_for_heavy():
    assert not solved(0).redeem(level=2)
    assert solved(1).redeem(level=2)
    assert not sum_of(captcha.new_sum()).redeem(level=2, takes_sum=False)


def test_captcha_work_for_another_key_does_not_count(settings):
    answer = solved()
    settings.LOOKUP_KEY = "another-key"

    assert not answer.redeem()
