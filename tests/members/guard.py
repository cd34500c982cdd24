"""What the tests of a log-in share: rules as in production, people, codes."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
from django.urls import reverse

from members.services import second_factor
from tests.factories import PASSWORD, make_user

NUMBER = "13912345678"
STAFF_RULE = {"length": 12, "kinds": 3, "days": 90, "barred": 5}


def log_in(client, *, phone=NUMBER, password=PASSWORD, to="", **extra):
    sent = {"login": phone, "password": password}
    if to:
        sent["next"] = to
    return client.post(reverse("account_login"), sent, **extra)


def is_in(client) -> bool:
    """Whether the browser's session opens a page for people who are logged in."""
    return client.get(reverse("my")).status_code == 200


def code_at(secret: str, steps: int = 0) -> str:
    """What the app shows so many half minutes from now (``still_half_minute``)."""
    step = int(auth.time.time()) // 30 + steps
    return auth.format_hotp_value(auth.hotp_value(secret, step))


def secret_of(user) -> str:
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return decrypt(row.data["secret"])


def make_staff(*, phone=NUMBER, with_factor=False, **fields):
    """Staff; their second factor was set up half a minute ago."""
    user = make_user(phone=phone, is_staff=True, **fields)
    if with_factor:
        secret = second_factor.new_secret()
        user.paper = second_factor.set_up(
            user=user, secret=secret, code=code_at(secret, -1)
        )
        user.secret = secret
    return user
