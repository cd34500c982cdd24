"""Pages that prove a number by a code: signing up, logging in, a new password, another
number. They keep what they need in the (encrypted) session, and show four digits of the
number at most."""

import time

from allauth.account.adapter import get_adapter
from allauth.account.stages import LoginStageController
from allauth.account.utils import get_next_redirect_url, perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.forms import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from common.errors import Refusal
from members import forms, phones
from members.addresses import address_of
from members.enums import SmsKind
from members.library import record_authentication
from members.models import User
from members.security.stages import ProveNumber
from members.services import codes, selfservice, texting, verification
from members.stages import agree, agreed_before
from members.views.consents import with_next

SENT = "sms_code"  # session: the code on its way
NEXT = "sms_next"  # session: where to go afterwards
MAY_CHANGE = "may_change_phone"  # session: until when, in seconds since 1970

# purpose -> the page on which another number can be given
START = {
    SmsKind.LOGIN: "account_request_login_code",
    SmsKind.RESET: "account_reset_password",
    SmsKind.OLD_PHONE: "account_change_phone",
    SmsKind.NEW_PHONE: "account_change_phone_new",
}


def sent_code(request) -> codes.SentCode | None:
    kept = request.session.get(SENT)
    return codes.SentCode(**kept) if kept else None


def where_to(request) -> str:
    """Where somebody goes on who is logged in already: to the page they were on their
    way to, else to their own."""
    target = get_next_redirect_url(request)
    return target or request.session.pop(NEXT, None) or settings.LOGIN_REDIRECT_URL


def log_in(request, user, *, signup=False):
    """Through the library's own stages, whatever they ask for."""
    target = request.session.pop(NEXT, None)
    request.session.pop(SENT, None)
    # without the number: it would stay in the session as long as the log-in lasts
    record_authentication(request, user, method="code")
    return perform_login(request, user, redirect_url=target, signup=signup)


class PrivateFormView(FormView):
    """Never kept by a browser, its fields never shown in an error report."""

    heading = ""

    @method_decorator([never_cache, sensitive_post_parameters()])
    def dispatch(self, *args, **kwargs):
        return super().dispatch(*args, **kwargs)

    def get_context_data(self, **kwargs):
        kwargs.setdefault("heading", self.heading)
        mine = (
            [(_("我的"), reverse("my"))] if self.request.user.is_authenticated else []
        )
        kwargs["crumbs"] = [*mine, (kwargs["heading"], "")]
        return super().get_context_data(**kwargs)

    def refused(self, form, refusal):
        form.show(refusal)
        return self.form_invalid(form)


class AskCodeView(PrivateFormView):
    """Asks for a number and sends it a code. What follows is the same for every number,
    known or not: the text itself tells whoever holds the phone."""

    purpose = ""
    lead = ""
    form_class = forms.AskCodeForm
    template_name = "account/ask_code.html"

    def get_form_kwargs(self):
        level = texting.captcha_level(address_of(self.request))
        return super().get_form_kwargs() | {"captcha_level": level}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            lead=self.lead,
            version=settings.PRIVACY_VERSION,
            by_password=with_next(self.request, "account_login"),
            **kwargs,
        )

    def phone(self, form):
        return form.cleaned_data["phone"]

    def form_valid(self, form):
        user, phone = self.request.user, self.phone(form)
        try:
            sent = codes.send_code(
                purpose=self.purpose,
                phone=phone,
                address=address_of(self.request),
                by=user if user.is_authenticated else None,
                captcha=form.captcha(),
            )
        except Refusal as refusal:
            return self.refused(form, refusal)
        self.request.session[SENT] = sent.as_dict()
        if form.cleaned_data.get("agreed"):
            agree(self.request, phone)
        # not before: whoever only reads the page leaves nothing behind
        if target := get_next_redirect_url(self.request):
            self.request.session[NEXT] = target
        if sent.is_crowded:
            text = _(
                "现在获取验证码的人很多，短信可能收不到。没有收到的，请过一小时再获取；"
                "设过密码的可以用密码登录"
            )
            messages.warning(self.request, text)
        elif not sent.is_certain:
            text = _("短信平台没有回应，短信可能没有发出。如果没有收到，请稍后重新获取")
            messages.warning(self.request, text)
        return redirect("account_code")


class LoginCodeView(AskCodeView):
    """A number, and the notice agreed to; a number without an account becomes one when
    its code is typed (``CodeView.after_login``)."""

    purpose = SmsKind.LOGIN
    form_class = forms.LoginCodeForm
    heading = _("短信验证码登录")
    lead = _("不用密码，也不用先注册：还没有账号的，填写验证码后随即开立。")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            return redirect(where_to(request))
        return super().dispatch(request, *args, **kwargs)


class SignupView(LoginCodeView):
    """The same for who looks for it under this name."""

    heading = _("注册账号")
    lead = _(
        "填写手机号和验证码即注册完成，不用设密码。已有账号的随即登录。"
        "报名前还要认证职工身份。"
    )


class ProvePhoneView(AskCodeView):
    """In the middle of a log-in: a number that somebody else typed. The code leads on as
    any code for logging in does, and the password typed with the number goes."""

    purpose = SmsKind.LOGIN
    form_class = forms.FirstCodeForm
    heading = _("验证手机号")
    lead = _(
        "您的账号由工作人员开设。首次登录要向您的手机发送验证码，确认是您本人；"
        "开设时的初始密码随即作废。"
    )

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            return redirect(where_to(request))
        self.stage = LoginStageController.enter(request, ProveNumber.key)
        if self.stage is None:
            return redirect("account_login")
        return super().dispatch(request, *args, **kwargs)

    def phone(self, form):
        return phones.of(self.stage.login.user)

    def form_valid(self, form):
        if target := self.stage.login.redirect_url:
            self.request.session[NEXT] = target
        return super().form_valid(form)


class ResetView(AskCodeView):
    """A new password, or the first one: who is logged in need not type their number."""

    purpose = SmsKind.RESET
    heading = _("重设密码")
    lead = _("忘记密码？用手机号收取验证码，就可以设置新密码。")

    def dispatch(self, request, *args, **kwargs):
        user = request.user
        self.own = phones.of(user) if user.is_authenticated else ""
        if self.own:
            self.form_class = forms.FirstCodeForm
            self.heading = _("设置登录密码")
            self.lead = _("先向尾号%(last4)s的手机发送验证码，确认是您本人。") % {
                "last4": user.phone_last4
            }
        return super().dispatch(request, *args, **kwargs)

    def phone(self, form):
        return self.own or super().phone(form)


def may_set_password(sent) -> bool:
    """Not for the account of a number that may be another's by now."""
    user = User.objects.by_phone(sent.phone)
    return user is None or not verification.has_rested(user)


class CodeView(PrivateFormView):
    """Where the code is typed, whatever it is for."""

    heading = _("填写短信验证码")
    form_class = forms.CodeForm
    template_name = "account/code.html"

    def dispatch(self, request, *args, **kwargs):
        self.sent = sent_code(request)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        if self.sent:
            level = texting.captcha_level(address_of(self.request))
            kwargs.setdefault("resend", forms.ResendForm(captcha_level=level))
            kwargs["phone"] = phones.masked(self.sent.phone[-4:])
            kwargs["minutes"] = settings.SMS_CODE_SECONDS // 60
            kwargs["start_url"] = reverse(START[self.sent.purpose])
            kwargs["is_reset"] = self.sent.purpose == SmsKind.RESET
        return super().get_context_data(sent=self.sent, **kwargs)

    def post(self, request, *args, **kwargs):
        if self.sent is None:
            return redirect("account_code")
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        steps_on = self.sent.purpose == SmsKind.RESET
        if steps_on and codes.is_proven(self.sent) and may_set_password(self.sent):
            # a second tap, or “back”
            return redirect("account_set_password")
        try:
            codes.check(sent=self.sent, typed=form.cleaned_data["code"])
            return getattr(self, f"after_{self.sent.purpose}")()
        except Refusal as refusal:
            return self.refused(form, refusal)

    def after_reset(self):
        """A number that may be another's by now sets no password: it logs in first."""
        if verification.has_rested(codes.owner(self.sent)):
            return self.after_login()
        return redirect("account_set_password")

    def after_login(self):
        """Whose number it is comes in; a number that has no account yet becomes one,
        with the consent that was given before its code was sent."""
        phone = self.sent.phone
        user = User.objects.by_phone(phone)
        if user is None:
            return self._open(phone, agreed_before(self.request, phone))
        selfservice.prove_phone(user=user)
        return log_in(self.request, user)

    def _open(self, phone, agreed):
        if agreed is None:
            text = _("《个人信息处理告知》有更新，请阅读后重新获取验证码")
            messages.warning(self.request, text)
            return redirect(START[SmsKind.LOGIN])
        user = selfservice.register(phone=phone, **agreed)
        text = _(
            "您已登录。下次仍可用短信验证码登录；想用密码的，可在“我的”中的“账号安全”设置"
        )
        messages.success(self.request, text)
        return log_in(self.request, user, signup=True)

    def after_old_phone(self):
        return let_change(self.request)

    def after_new_phone(self):
        if not may_change(self.request):
            return redirect("account_change_phone")
        selfservice.change_phone(user=self.request.user, phone=self.sent.phone)
        for name in (SENT, MAY_CHANGE):
            self.request.session.pop(name, None)
        messages.success(self.request, _("手机号已更换，下次请用新手机号登录"))
        return redirect("my")


class ResendView(AskCodeView):
    """Another code for the same purpose; the one before is no longer good."""

    form_class = forms.ResendForm

    def dispatch(self, request, *args, **kwargs):
        self.sent = sent_code(request)
        if request.method != "POST" or self.sent is None:
            return redirect("account_code")
        self.purpose = self.sent.purpose
        return super().dispatch(request, *args, **kwargs)

    def phone(self, form):
        return self.sent.phone

    def form_invalid(self, form):
        """On the page of the code, whose own form is as it was."""
        page = CodeView()
        page.setup(self.request)
        page.sent = self.sent
        context = page.get_context_data(resend=form, form=forms.CodeForm())
        return page.render_to_response(context)


class SetPasswordView(PrivateFormView):
    """The last step of a forgotten password, and of a first one."""

    heading = _("设置密码")
    form_class = forms.NewPasswordForm
    template_name = "account/set_password.html"

    def dispatch(self, request, *args, **kwargs):
        self.sent = sent_code(request)
        may = self.sent and self.sent.purpose == SmsKind.RESET
        if not (may and codes.is_proven(self.sent) and may_set_password(self.sent)):
            return redirect("account_code")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        user = User.objects.by_phone(self.sent.phone)
        return super().get_form_kwargs() | {"user": user}

    def form_valid(self, form):
        try:
            user = codes.owner(self.sent)
            selfservice.reset_password(
                user=user, password=form.cleaned_data["password"]
            )
        except Refusal as refusal:
            return self.refused(form, refusal)
        messages.success(self.request, _("密码已设置，您已登录"))
        return log_in(self.request, user)


def let_change(request):
    """The account's owner has just shown who they are: ten minutes for a new number."""
    request.session[MAY_CHANGE] = int(time.time()) + settings.SMS_CODE_SECONDS
    request.session.pop(SENT, None)
    return redirect("account_change_phone_new")


def may_change(request) -> bool:
    until = request.session.get(MAY_CHANGE, 0)
    return request.user.is_authenticated and time.time() < until


class ChangePhoneView(LoginRequiredMixin, PrivateFormView):
    """Another number, first step: the password, or a code at the old number."""

    heading = _("更换手机号")
    form_class = forms.OwnPasswordForm
    template_name = "account/change_phone.html"

    def get_context_data(self, **kwargs):
        level = texting.captcha_level(address_of(self.request))
        kwargs.setdefault("by_code", forms.ResendForm(captcha_level=level))
        user = self.request.user
        phone = phones.masked(user.phone_last4)
        return super().get_context_data(phone=phone, **kwargs)

    def form_valid(self, form):
        password = form.cleaned_data["password"]
        try:
            is_right = get_adapter().reauthenticate(self.request.user, password)
        except ValidationError as too_often:
            form.add_error("password", too_often)
            return self.form_invalid(form)
        if not is_right:
            form.add_error("password", _("密码不正确"))
            return self.form_invalid(form)
        return let_change(self.request)


class OldPhoneView(LoginRequiredMixin, AskCodeView):
    """A code to the account's present number."""

    purpose = SmsKind.OLD_PHONE
    form_class = forms.ResendForm

    def get(self, request, *args, **kwargs):
        return redirect("account_change_phone")

    def phone(self, form):
        return phones.of(self.request.user)

    def form_invalid(self, form):
        page = ChangePhoneView()
        page.setup(self.request)
        context = page.get_context_data(by_code=form, form=forms.OwnPasswordForm())
        return page.render_to_response(context)


class NewPhoneView(LoginRequiredMixin, AskCodeView):
    purpose = SmsKind.NEW_PHONE
    form_class = forms.NewPhoneForm
    heading = _("更换手机号")
    lead = _("请输入新的手机号，我们会向它发送验证码。")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not may_change(request):
            return redirect("account_change_phone")
        return super().dispatch(request, *args, **kwargs)
