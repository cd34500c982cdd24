"""Passwords at rest: argon2id at OWASP's cost or above; what was there before is read."""

import pytest
from django.contrib.auth.hashers import (
    check_password,
    get_hashers,
    identify_hasher,
    make_password,
)
from django.urls import reverse

from members.models import User
from tests.factories import PASSWORD, make_user
from unionportal.settings import base

NUMBER = "13912345678"


@pytest.fixture(autouse=True)
def as_in_production(settings):
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS


def test_hash_password_at_owasps_cost_or_above():
    stored = identify_hasher(make_password("one"))
    costs = get_hashers()[0]

    assert stored.algorithm == "argon2"
    assert costs.memory_cost >= 19 * 1024
    assert costs.time_cost >= 2
    assert costs.parallelism == 1


def test_check_password_opens_a_salted_hash_to_its_password_only():
    first, second = make_password("木棉花 2018"), make_password("木棉花 2018")

    assert first != second
    assert check_password("木棉花 2018", first)
    assert not check_password("木棉花 2019", first)
    assert not check_password("", first)
    assert len(first) <= User._meta.get_field("password").max_length


def test_check_password_opens_a_hash_of_the_first_portals_and_leaves_it():
    """Written before Django's hasher took over."""
    stored = (
        "argon2$argon2id$v=19$m=19456,t=3,p=1$ZXhhbXBsZVNhbHRPZlR3ZW50eVR3bw"
        "$JuCSdAw63Hvx0QQxjB6YPYJideo7yk2ooFAh6rva2Y0"
    )

    assert check_password("木棉花 2018", stored)
    assert not get_hashers()[0].must_update(stored)


def test_check_password_opens_a_touched_hash_to_nothing():
    stored = make_password("one")

    assert not check_password("one", stored[:-4] + "AAAA")


def test_hash_password_replaces_a_hash_of_other_costs():
    hasher = get_hashers()[0]
    weaker = make_password("one").replace("t=3", "t=2")

    assert hasher.must_update(weaker)
    assert not hasher.must_update(make_password("one"))


@pytest.mark.django_db
def test_log_in_replaces_an_old_hash(client):
    user = make_user(phone=NUMBER)
    old = make_password(PASSWORD, hasher="pbkdf2_sha256")
    User.objects.filter(pk=user.pk).update(password=old)

    response = client.post(
        reverse("account_login"), {"login": NUMBER, "password": PASSWORD}
    )

    assert response.status_code == 302
    user.refresh_from_db()
    assert user.password.startswith("argon2$")
    assert client.get(reverse("my")).status_code == 200
