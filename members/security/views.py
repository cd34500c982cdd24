"""Pages that guard a log-in. Those of a stage are for somebody in the middle of logging
in: the library keeps who it is in the session, and nobody is logged in yet."""

import base64

from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView, View

from common import qr
from common.errors import Refusal
from members.library import (
    clear_login,
    get_authentication_records,
    login_stage_required,
    post_authentication,
)
from members.models import LoginDevice
from members.security import forms, kept
from members.security.adapter import PASSED, seen
from members.security.labels import labelled
from members.security.stages import FirstSecondFactor, RenewPassword, RestedLong
from members.services import devices, passwords, second_factor, verification

GIVEN = "second_factor_given"  # of a session: the secret the app is being given


@method_decorator(sensitive_post_parameters(), name="dispatch")
@method_decorator(never_cache, name="dispatch")
class GuardView(FormView):
    """One form, one verb: ``act`` does it and answers, or raises Refusal, whose grounds
    come back at their fields."""

    title = ""
    template_name = "account/guard.html"
    success_url = reverse_lazy("account_security")

    @property
    def asking(self):
        """Whose log-in this is about."""
        return self.request.user

    def form_valid(self, form):
        try:
            return self.act(form)
        except Refusal as refusal:
            refusal.show_in(form)
            return self.form_invalid(form)

    def get_context_data(self, **kwargs):
        crumbs = [(_("我的"), reverse("my"))]
        crumbs += [(_("账号安全"), reverse("account_security")), (self.title, "")]
        return super().get_context_data(title=self.title, crumbs=crumbs, **kwargs)


class StageView(GuardView):
    """A form in the middle of a log-in."""

    stage_key = ""

    @classmethod
    def as_view(cls, **initkwargs):
        here = login_stage_required(cls.stage_key, redirect_urlname="account_login")
        return here(super().as_view(**initkwargs))

    @property
    def stage(self):
        return self.request._login_stage

    @property
    def asking(self):
        return self.stage.login.user

    def get_context_data(self, **kwargs):
        return super().get_context_data(is_stage=True, **kwargs)


class StaffView(LoginRequiredMixin, UserPassesTestMixin, GuardView):
    """A page about one's own second factor: staff have one."""

    def test_func(self):
        return self.request.user.is_staff


# --- the second factor ---------------------------------------------------------------


class CodeView(StageView):
    """The code after the password."""

    stage_key = AuthenticateStage.key
    form_class = forms.CodeForm
    title = gettext_lazy("动态口令")
    extra_context = {
        "lead": gettext_lazy("密码正确。请再填写动态口令，确认是您本人。"),
    }

    def act(self, form):
        taken = second_factor.use_code(user=self.asking, code=form.cleaned_data["code"])
        post_authentication(self.request, taken)
        return self.stage.exit()


class SetUpMixin:
    """The code to scan, then the proof that the app has it, then ten codes on paper."""

    form_class = forms.SetUpForm
    title = gettext_lazy("启用动态口令")
    template_name = "account/second_factor_set_up.html"

    def secret(self) -> str:
        """One secret from the first request to the proof, however often the page is read."""
        given = self.request.session.get(GIVEN)
        if given is None or given["user"] != self.asking.pk:
            given = {"user": self.asking.pk, "text": second_factor.new_secret()}
            self.request.session[GIVEN] = given
        return given["text"]

    def get_context_data(self, **kwargs):
        secret = self.secret()
        address = get_mfa_adapter().build_totp_url(self.asking, secret)
        picture = base64.b64encode(qr.svg(address)).decode()
        return super().get_context_data(
            picture=f"data:image/svg+xml;base64,{picture}",
            secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
            **kwargs,
        )

    def act(self, form):
        codes = second_factor.set_up(
            user=self.asking, secret=self.secret(), code=form.cleaned_data["code"]
        )
        del self.request.session[GIVEN]
        app = Authenticator.objects.get(user=self.asking, type=Authenticator.Type.TOTP)
        post_authentication(self.request, app)
        return self.show(codes)

    def show(self, codes):
        return show_codes(self, codes)


def show_codes(view, codes):
    """The recovery codes, this once: the page is kept by no browser."""
    context = view.get_context_data(form=None, codes=codes)
    return render(view.request, "account/recovery_codes.html", context)


class SetUpView(SetUpMixin, StaffView):
    """By one's own wish, where it is not required (or was switched off)."""

    def dispatch(self, request, *args, **kwargs):
        user = request.user
        if user.is_authenticated and user.is_staff and second_factor.is_on(user):
            return redirect("account_security")
        return super().dispatch(request, *args, **kwargs)

    def show(self, codes):
        self.request.session[PASSED] = True
        return super().show(codes)


class FirstSetUpView(SetUpMixin, StageView):
    """Staff who have none yet, before they are logged in."""

    stage_key = FirstSecondFactor.key
    extra_context = {
        "lead": gettext_lazy(
            "管理人员登录须用密码和动态口令两样。设置一次，以后登录时填写手机上的6位数字。"
        ),
    }

    def dispatch(self, request, *args, **kwargs):
        if second_factor.is_on(self.asking):
            return self._go_on()
        return super().dispatch(request, *args, **kwargs)

    def _go_on(self):
        """Set up: by this log-in, which goes on; or meanwhile by another, and then this
        one has to show a code like any."""
        records = get_authentication_records(self.request, self.asking)
        is_mine = any(record["method"] == "mfa" for record in records)
        if is_mine and self.request.method == "POST":
            return self.stage.exit()
        if is_mine:
            return show_codes(self, [])
        clear_login(self.request)
        return redirect("account_login")


class RecoveryCodesView(StaffView):
    form_class = forms.NewCodesForm
    title = gettext_lazy("换新的恢复码")
    extra_context = {"lead": gettext_lazy("换新后，原来的恢复码全部作废。")}

    def act(self, form):
        codes = second_factor.new_recovery_codes(
            user=self.asking, code=form.cleaned_data["code"]
        )
        return show_codes(self, codes)


class SwitchOffView(StaffView):
    """Where it is required, switching it off ends the session: the next log-in sets it
    up again (a new telephone)."""

    form_class = forms.SwitchOffForm
    title = gettext_lazy("关闭动态口令")
    extra_context = {
        "lead": gettext_lazy("换手机时，先在这里关闭，再用新手机重新启用。"),
    }

    def act(self, form):
        second_factor.switch_off(user=self.asking, code=form.cleaned_data["code"])
        if settings.STAFF_SECOND_FACTOR:
            get_adapter(self.request).logout(self.request)
            text = _("动态口令已关闭。请重新登录，并用新手机启用。")
            messages.success(self.request, text)
            return redirect("account_login")
        messages.success(self.request, _("动态口令已关闭。"))
        return redirect("account_security")


# --- passwords -----------------------------------------------------------------------


class RestedView(StageView):
    """After a code, an account that rested long: its number may be another's by now."""

    stage_key = RestedLong.key
    form_class = forms.RestedForm
    title = gettext_lazy("确认是您本人")
    extra_context = {
        "lead": gettext_lazy(
            "这个账号很久没有登录，手机号可能已换了机主，请再核对一项。都填不出的，"
            "请到所在单位工会或服务台当面办理；这不是您的账号的，请联系服务台注销后"
            "再用本号码注册。"
        ),
    }

    def act(self, form):
        password = form.cleaned_data["password"]
        if not password:
            last6 = form.cleaned_data["identity_last6"]
            verification.recognise(user=self.asking, identity_last6=last6)
            return self.stage.exit()
        try:
            is_right = get_adapter(self.request).reauthenticate(self.asking, password)
        except ValidationError as locked:
            form.add_error("password", locked)
            return self.form_invalid(form)
        if not is_right:
            form.add_error("password", _("密码不正确"))
            return self.form_invalid(form)
        return self.stage.exit()


class RenewPasswordView(StageView):
    """A password that is too old, or that somebody else chose, at a log-in."""

    stage_key = RenewPassword.key
    form_class = forms.NewPasswordForm
    title = gettext_lazy("设置新密码")
    extra_context = {
        "lead": gettext_lazy(
            "您的密码已到更换时间，或是由他人代设的。按规定，管理人员须换上自己设的新密码后才能登录。"
        ),
    }

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.asking}

    def act(self, form):
        passwords.set_password(
            user=self.asking, password=form.cleaned_data["password1"], by=self.asking
        )
        return self.stage.exit()


class ChangePasswordView(LoginRequiredMixin, GuardView):
    form_class = forms.ChangePasswordForm
    title = gettext_lazy("修改密码")
    extra_context = {
        "lead": gettext_lazy("改好后，您在其他手机和电脑上的登录会全部退出。"),
    }

    def dispatch(self, request, *args, **kwargs):
        """Who has no password yet sets the first one by a code to their number."""
        user = request.user
        if user.is_authenticated and not user.has_usable_password():
            back = urlencode({"next": reverse("account_security")})
            return redirect(f"{reverse('account_reset_password')}?{back}")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.asking}

    def form_valid(self, form):
        """The old password counts its failures where the log-in does."""
        try:
            is_right = get_adapter(self.request).reauthenticate(
                self.asking, form.cleaned_data["oldpassword"]
            )
        except ValidationError as locked:
            form.add_error("oldpassword", locked)
            return self.form_invalid(form)
        if not is_right:
            form.add_error("oldpassword", _("现在的密码不正确"))
            return self.form_invalid(form)
        return super().form_valid(form)

    def act(self, form):
        request, user = self.request, self.asking
        device = LoginDevice.objects.filter(pk=request.session.session_key).first()
        user = passwords.set_password(
            user=user, password=form.cleaned_data["password1"], by=user
        )
        update_session_auth_hash(request, user)
        devices.note_device(
            user=user,
            session_key=request.session.session_key,
            since=device.logged_in_at if device else None,
            **seen(get_adapter(request), request),
        )
        text = _("密码已修改，其他设备上的登录已全部退出。")
        messages.success(request, text)
        return redirect("account_security")


# --- devices -------------------------------------------------------------------------


class SecurityView(LoginRequiredMixin, TemplateView):
    """One's own log-in at a glance: password, second factor, browsers."""

    template_name = "account/security.html"

    def get_context_data(self, **kwargs):
        user, request = self.request.user, self.request
        mine = devices.of(user)
        for device in mine:
            device.is_this = device.pk == request.session.session_key
            device.used_at = devices.used_at(device)
        has_factor = user.is_staff and second_factor.is_on(user)
        return super().get_context_data(
            crumbs=[(_("我的"), reverse("my")), (_("账号安全"), "")],
            devices=mine,
            has_others=any(not device.is_this for device in mine),
            has_factor=has_factor,
            codes_left=second_factor.codes_left(user) if has_factor else 0,
            must_have_factor=settings.STAFF_SECOND_FACTOR,
            **kwargs,
        )


class EndDevicesView(LoginRequiredMixin, View):
    """“退出其他设备”."""

    def get(self, request):
        """Where a log-in in between lands: back at the page, nothing done."""
        return redirect("account_security")

    def post(self, request):
        devices.end_others(user=request.user, this=request.session.session_key)
        messages.success(request, _("其他设备上的登录已全部退出。"))
        return redirect("account_security")


# --- what met an ended session -----------------------------------------------------


class KeptView(LoginRequiredMixin, TemplateView):
    """What this person sent when their session was over, to be sent again."""

    template_name = "account/kept.html"

    def get_context_data(self, **kwargs):
        form = kept.offered_to(self.request)
        return super().get_context_data(
            crumbs=[(_("我的"), reverse("my")), (_("保留的内容"), "")],
            kept=form,
            shown=list(labelled(self.request, form.path, form.fields)) if form else [],
            **kwargs,
        )


class KeptDropView(LoginRequiredMixin, View):
    """No longer needed."""

    def get(self, request):
        return redirect("account_kept")

    def post(self, request):
        kept.drop(request.session)
        messages.success(request, _("保留的内容已删除。"))
        return redirect("my")


class UnusedView(TemplateView):
    """An account of staff that lay unused for too long."""

    template_name = "account/unused.html"
    extra_context = {"days": settings.STAFF_UNUSED_DAYS}
