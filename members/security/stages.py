"""Stations of a log-in that staff pass before they are logged in at all: whoever stops
at one has no session and opens nothing."""

from allauth.account.stages import LoginStage
from django.conf import settings
from django.shortcuts import redirect

from members.library import get_authentication_records
from members.services import passwords, second_factor, verification


class ProveNumber(LoginStage):
    """An account whose number somebody else typed: its owner shows that they hold it."""

    key = "prove_number"
    urlname = "account_prove_phone"

    def handle(self):
        is_due = not self.login.user.phone_verified
        return (redirect(self.urlname) if is_due else None), True


class RestedLong(LoginStage):
    """The number may have been given to somebody else since: a code proves the number,
    not the worker."""

    key = "rested_long"
    urlname = "account_rested"

    def handle(self):
        records = get_authentication_records(self.request, self.login.user)
        by_password = any(record["method"] == "password" for record in records)
        is_due = not by_password and verification.has_rested(self.login.user)
        return (redirect(self.urlname) if is_due else None), True


class RenewPassword(LoginStage):
    key = "renew_password"
    urlname = "account_renew_password"

    def handle(self):
        is_due = passwords.is_overdue(self.login.user)
        return (redirect(self.urlname) if is_due else None), True


class FirstSecondFactor(LoginStage):
    """Staff who have none yet, where it is required (settings.STAFF_SECOND_FACTOR)."""

    key = "first_second_factor"
    urlname = "mfa_first_set_up"

    def handle(self):
        user = self.login.user
        is_due = (
            settings.STAFF_SECOND_FACTOR
            and user.is_staff
            and not second_factor.is_on(user)
        )
        return (redirect(self.urlname) if is_due else None), True
