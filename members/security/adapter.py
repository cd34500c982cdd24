"""What the log-in library asks us about second factors, passwords and records."""

import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.shortcuts import redirect

from common import crypto
from members import browsers, phones
from members.library import clear_login, get_authentication_records
from members.models import User
from members.security import kept
from members.services import devices, logins, passwords

PASSED = "second_factor"  # of a session: its log-in went through the second factor


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are sealed; the app shows the account by its last four digits."""

    def encrypt(self, text):
        return crypto.seal(text)

    def decrypt(self, encrypted_text):
        return crypto.unseal(encrypted_text)

    def get_totp_label(self, user):
        return user.name or phones.masked(user.phone_last4)


class SecureLogin(DefaultAccountAdapter):
    """The part of our adapter that guards the log-in; base of ``AccountAdapter``."""

    def get_login_stages(self):
        """A number to be proven, the second factor, a password that is too old, a
        factor that is missing. Nobody is logged in before the last of them."""
        return [
            "members.security.stages.ProveNumber",
            "members.security.stages.RestedLong",
            *super().get_login_stages(),
            "members.security.stages.RenewPassword",
            "members.security.stages.FirstSecondFactor",
        ]

    def pre_authenticate(self, request, **credentials):
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            logins.log_in_refused(user=self._named(credentials), why="locked")
            raise

    def authentication_failed(self, request, **credentials):
        logins.log_in_failed(user=self._named(credentials), why="credentials")

    def _named(self, credentials):
        phone = credentials.get("phone")
        return User.objects.by_phone(phone) if phone else None

    def pre_login(self, request, user, **kwargs):
        response = super().pre_login(request, user, **kwargs)
        if response is not None:
            logins.log_in_refused(user=user, why="switched off")
        elif logins.is_unused(user):
            clear_login(request)
            logins.log_in_refused(user=user, why="unused")
            response = redirect("account_unused")
        return response

    def login(self, request, user):
        records = get_authentication_records(request, user)
        is_back = kept.is_back(request.session, user)
        token = request.META.get("CSRF_COOKIE")
        super().login(request, user)
        if is_back and token:  # their forms of before, in other tabs, carry that one
            request.META["CSRF_COOKIE"] = token
        session = request.session
        if session.session_key is None:  # of who had come in with another password
            session.create()
        session[devices.LIFE] = time.time()
        session[PASSED] = any(record["method"] == "mfa" for record in records)
        kept.settle(session, user)
        logins.log_in(user=user, session_key=session.session_key, **seen(self, request))

    def logout(self, request):
        if request.user.is_authenticated:
            logins.log_out(user=request.user)
        super().logout(request)

    def set_password(self, user, password):
        """A password somebody chose: at sign-up, or after proving who they are."""
        passwords.set_password(user=user, password=password, by=user)


def seen(adapter, request) -> dict:
    """What is remembered of the browser of a request."""
    return {
        "kind": browsers.kind_of(adapter.get_http_user_agent(request)),
        "address": browsers.masked_address(adapter.get_client_ip(request)),
    }
