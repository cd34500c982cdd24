"""A mobile number that was given to somebody else does not open its former owner's
account."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common import crypto
from members.models import User
from tests.factories import PASSWORD, make_user, make_worker
from tests.members.guard import NUMBER, is_in, log_in
from tests.members.phone_tools import ask, let_pass, type_in

pytestmark = pytest.mark.django_db

LAST6 = "31002X"
PAGE = "account_rested"


@pytest.fixture
def rested():
    """A verified worker whose last log-in was 181 days ago."""
    user = make_user(phone=NUMBER)
    last6 = crypto.digest("identity-last6", LAST6)
    make_worker(user=user, identity_last6_hmac=last6)
    return rest(user, 181)


def rest(user, days):
    at = timezone.now() - timedelta(days=days)
    User.objects.filter(pk=user.pk).update(last_login=at)
    return user


def by_code(client, outbox, door="account_request_login_code"):
    ask(client, door, NUMBER)
    return type_in(client, outbox.code_for(NUMBER))


def answer(client, **given):
    return client.post(reverse(PAGE), given)


@pytest.mark.parametrize(
    "door", ["account_request_login_code", "account_reset_password"]
)
def test_log_in_by_code_alone_does_not_open_an_account_long_unused(
    client, outbox, rested, door
):
    done = by_code(client, outbox, door)

    assert done["Location"] == reverse(PAGE)
    assert not is_in(client)
    page = client.get(reverse("account_set_password"), follow=True)
    assert reverse("account_set_password") not in page.request["PATH_INFO"]
    client.post(reverse("account_set_password"), {"password": "four-seasons-1"})
    rested.refresh_from_db()
    assert rested.check_password(PASSWORD)
    assert "服务台" in client.get(reverse(PAGE)).content.decode()


@pytest.mark.parametrize(
    "given", [{"password": PASSWORD}, {"identity_last6": "３１００２x"}]
)
def test_recognise_by_the_password_or_the_end_of_the_identity_number(
    client, outbox, rested, given
):
    by_code(client, outbox)

    assert answer(client, **given)["Location"] == reverse("my")
    assert is_in(client)


def test_recognise_counts_guesses_where_those_of_verify_are(client, outbox, rested):
    by_code(client, outbox)
    for n in range(3):
        answer(client, identity_last6=f"00000{n}")

    locked = answer(client, identity_last6=LAST6)

    assert "已连续3次" in str(locked.context["form"].errors["identity_last6"])
    assert not is_in(client)


def test_recognise_with_nothing_typed_opens_nothing(client, outbox, rested):
    by_code(client, outbox)

    assert answer(client).context["form"].errors
    assert not is_in(client)


def test_recognise_is_not_asked_after_a_password_a_short_absence_or_without_a_worker(
    client, outbox, rested
):
    assert log_in(client)["Location"] == reverse("my")

    rest(rested, 179)
    client.logout()
    assert by_code(client, outbox)["Location"] == reverse("my")

    rest(rested, 181)
    type(rested.worker).objects.update(user=None)
    client.logout()
    let_pass(minutes=2)
    assert by_code(client, outbox)["Location"] == reverse("my")
