"""What stands between a right password (or code) and being logged in."""

from datetime import datetime

from allauth.account.stages import LoginStage
from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from members import phones
from members.services import consents

AGREED = (
    "agreed_notice"  # session: by whom, to which version and when, until they are in
)


def agree(request, phone: str) -> None:
    """Who asks for a code to this number has just agreed to today's notice."""
    request.session[AGREED] = {
        "phone": phone,
        "version": settings.PRIVACY_VERSION,
        "at": timezone.now().isoformat(),
    }


def agreed_before(request, phone: str) -> dict | None:
    """``version`` and ``given_at`` of what the holder of this number agreed to on their
    way in, if it is today's notice."""
    agreed = request.session.get(AGREED)
    is_theirs = agreed and agreed["phone"] == phone
    if not is_theirs or agreed["version"] != settings.PRIVACY_VERSION:
        return None
    given_at = datetime.fromisoformat(agreed["at"])
    return {"version": agreed["version"], "given_at": given_at}


class ConsentStage(LoginStage):
    """The notice on personal data, for accounts made by staff and after it changed; not
    for who agreed to it before the code was sent."""

    key = "consent"
    urlname = "account_consent"

    def handle(self):
        user = self.login.user
        agreed = agreed_before(self.request, phones.of(user))
        self.request.session.pop(AGREED, None)
        if consents.is_current(user):
            return None, True
        if agreed:
            consents.give(user=user, **agreed)
            return None, True
        return HttpResponseRedirect(reverse(self.urlname)), True
