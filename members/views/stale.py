"""A form of the account's pages that comes from another tab: its token is of before, and
whoever sent it has logged in meanwhile."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from members.enums import SmsKind
from members.views.codes import sent_code, where_to

# of a form that does nothing but log in: that has happened
_LOGS_IN = {
    "account_login",
    "account_request_login_code",
    "account_signup",
    "account_prove_phone",
    "account_consent",
    "account_renew_password",
    "mfa_authenticate",
    "mfa_first_set_up",
    "admin:login",
}
_CHANGES_PHONE = (SmsKind.OLD_PHONE, SmsKind.NEW_PHONE)


def go_on(request, reason: str):
    """The answer to a form with a wrong token from a page of the account, by somebody
    who is logged in; None where it is to be refused.

    Nothing of the form is done, so nobody can make another person's browser do anything
    by it; a form from another site is refused all the same.
    """
    at = request.resolver_match
    is_of_token = reason.startswith("CSRF token from")  # the origin was found right
    if not (is_of_token and at and request.user.is_authenticated):
        return None
    name = at.view_name
    if name in _LOGS_IN or name == "account_code" and not _is_for_phone(request):
        return redirect(where_to(request))
    if not request.path.startswith("/accounts/"):
        return None
    text = _("您刚在别的窗口登录过，这次提交没有办理，请再提交一次。")
    messages.warning(request, text)
    return redirect(request.path)


def _is_for_phone(request) -> bool:
    sent = sent_code(request)
    return sent is not None and sent.purpose in _CHANGES_PHONE
