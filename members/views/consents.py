"""The notice on personal data, and agreeing to it in the middle of a log-in."""

from urllib.parse import urlencode

from allauth.account.stages import LoginStageController
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from members import forms
from members.services import consents
from members.stages import ConsentStage


def with_next(request, name: str) -> str:
    """The address of a page, with where to go on afterwards."""
    target = get_next_redirect_url(request)
    return reverse(name) + (f"?{urlencode({'next': target})}" if target else "")


class PrivacyView(TemplateView):
    """The notice, for anybody to read."""

    template_name = "account/privacy.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(version=settings.PRIVACY_VERSION, **kwargs)


@method_decorator(never_cache, name="dispatch")
class ConsentView(FormView):
    """The notice with its box; without it nobody is in."""

    form_class = forms.ConsentForm
    template_name = "account/consent.html"
    extra_context = {"heading": _("登录前请阅读")}

    def get_context_data(self, **kwargs):
        return super().get_context_data(version=settings.PRIVACY_VERSION, **kwargs)

    def dispatch(self, request, *args, **kwargs):
        self.stage = LoginStageController.enter(request, ConsentStage.key)
        if request.user.is_authenticated or self.stage is None:
            return redirect("account_privacy")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if "decline" in request.POST:
            self.stage.abort()
            messages.info(request, _("您没有同意，未登录。浏览新闻不需要账号"))
            return redirect("home")
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        consents.give(
            user=self.stage.login.user,
            version=settings.PRIVACY_VERSION,
            given_at=timezone.now(),
        )
        return self.stage.exit()
