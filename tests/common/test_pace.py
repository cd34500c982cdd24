"""No person asks without end, and nobody honest notices."""

import pytest
from django.urls import reverse

from common.pace import Pace
from signups.models import Signup
from tests.factories import make_offering, make_user, make_worker_with_login


def test_too_many_lets_one_key_ask_so_often_and_again_after_a_rest(monkeypatch):
    at = 1000.0
    monkeypatch.setattr("common.pace.time.monotonic", lambda: at)
    pace = Pace(3, 60)

    assert [pace.wait("a") for _ in range(5)] == [0, 0, 0, 60, 60]
    assert pace.wait("b") == 0
    at += 59.5
    assert pace.wait("a") == 1
    at += 0.5
    assert pace.wait("a") == 0


def test_too_many_forgets_people_who_have_rested(monkeypatch):
    at = 1000.0
    monkeypatch.setattr("common.pace.time.monotonic", lambda: at)
    pace = Pace(1, 60)
    for key in range(11):
        pace.wait(key)
    at += 61

    pace.wait("new")

    assert list(pace._asked) == ["new"]


@pytest.mark.django_db
def test_too_many_stops_two_hundred_posts_of_one_person_and_says_for_how_long(client):
    worker = make_worker_with_login()
    client.force_login(worker.user)
    offerings = [make_offering() for _ in range(40)]

    answers = [
        client.post(reverse("signups:signup-create", args=[offering.pk]))
        for offering in offerings * 5
    ]

    codes = [answer.status_code for answer in answers]
    assert codes == [302] * 30 + [429] * 170
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert f"请{answers[-1]['Retry-After']}秒后再试" in answers[-1].content.decode()
    assert Signup.objects.filter(worker=worker).count() == 30
    assert client.get(reverse("my")).status_code == 200


@pytest.mark.django_db
def test_too_many_slows_nobody_else(client):
    client.force_login(make_worker_with_login().user)
    for _ in range(31):
        refused = client.post(reverse("account_end_devices"))
    client.force_login(make_user())

    assert refused.status_code == 429
    assert client.post(reverse("account_end_devices")).status_code != 429


@pytest.mark.django_db
def test_log_out_is_never_too_often(client):
    client.force_login(make_user())
    for _ in range(31):
        client.post(reverse("account_end_devices"))

    client.post(reverse("account_logout"))

    assert "_auth_user_id" not in client.session
