"""What stands between a right password (or code) and being logged in."""

from allauth.account.stages import LoginStage
from django.http import HttpResponseRedirect
from django.urls import reverse

from members.services import consents


class ConsentStage(LoginStage):
    """The notice on personal data, for accounts made by staff and after it changed."""

    key = "consent"
    urlname = "account_consent"

    def handle(self):
        if consents.is_current(self.login.user):
            return None, True
        return HttpResponseRedirect(reverse(self.urlname)), True
