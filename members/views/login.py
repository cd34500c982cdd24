"""The log-in page: one box for the number, then a code by text, or the password of who
has one.

Both ways stand in one form, and Enter presses its first button. So a password that was
filled in is used, whichever button came with it, unless the page stood the other way
round (``for_staff``, or a password that was wrong): there Enter means the password, and
the button for a code only ever means a code, whatever a browser filled in by itself.
"""

from allauth.account import views as account_views
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.urls import reverse

from members import forms
from members.addresses import address_of
from members.services import texting
from members.views.codes import LoginCodeView
from members.views.consents import with_next

HOW = "how"  # the buttons for a code
OR_PASSWORD, CODE_ONLY = "code", "code-only"


class LoginView(account_views.LoginView):
    """The library's log-in by password (fields ``login`` and ``password``), with the way
    by code in front of it."""

    def post(self, request, *args, **kwargs):
        if wants_code(request.POST):
            return CodeAtLoginView.as_view()(request)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        code_form = kwargs.pop("code_form", None) or forms.CodeAtLoginForm(
            captcha_level=texting.captcha_level(address_of(self.request))
        )
        page = super().get_context_data(**kwargs)
        password_form = page["form"]
        target = get_next_redirect_url(self.request) or ""
        for_staff = target.startswith(reverse("admin:index"))
        by_password = for_staff or password_form.is_bound
        sent = code_form if code_form.is_bound else password_form
        return page | {
            "form": sent,
            "number": sent["login"],
            "code_form": code_form,
            "password_form": password_form,
            "for_staff": for_staff,
            "by_password": by_password,
            "how": CODE_ONLY if by_password else OR_PASSWORD,
            "version": settings.PRIVACY_VERSION,
            "reset_url": with_next(self.request, "account_reset_password"),
        }


class CodeAtLoginView(LoginCodeView):
    """A code asked for on the log-in page; what is wrong with it is said there."""

    form_class = forms.CodeAtLoginForm

    def phone(self, form):
        return form.cleaned_data["login"]

    def form_invalid(self, form):
        page = LoginView()
        page.setup(self.request)
        unasked = forms.LoginForm(request=self.request)
        context = page.get_context_data(form=unasked, code_form=form)
        return page.render_to_response(context)


def wants_code(sent) -> bool:
    """Whether this form of the log-in page asks for a code."""
    how = sent.get(HOW)
    return how == CODE_ONLY or how == OR_PASSWORD and not sent.get("password")
