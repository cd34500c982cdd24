"""What the log-in library asks us about phone numbers.

allauth speaks of phones in canonical form; the table holds ciphers. Only this adapter
and ``members.services`` touch them.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.errors import Reason, Refusal
from members import phones
from members.models import User
from members.security.adapter import SecureLogin
from members.services import accounts


class PhoneField(forms.CharField):
    """A mobile number in any usual spelling; cleans to the canonical form."""

    widget = forms.TextInput(
        attrs={
            # not type="tel": there a user name may not be completed
            "inputmode": "tel",
            "autocomplete": "username",
            "maxlength": 20,
        }
    )

    def __init__(self, **kwargs):
        kwargs["label"] = _("手机号")
        kwargs.setdefault("max_length", 40)  # what is typed may have blanks and signs
        kwargs.setdefault("error_messages", {})["required"] = _("请填写手机号")
        super().__init__(**kwargs)

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return value
        phone = phones.canonical(value)
        if phone is None:
            raise forms.ValidationError(_("手机号码应为11位数字"))
        return phone


class AccountAdapter(SecureLogin):
    error_messages = SecureLogin.error_messages | {
        "phone_password_mismatch": _("手机号或密码不正确"),
        "too_many_login_attempts": _("连续输错5次，请10分钟后再试"),
    }

    def is_open_for_signup(self, request):
        """Not through the library: it makes the account before the number is proven.
        Our own pages sign people up (``members.views.codes``)."""
        return False

    def is_safe_url(self, url):
        """The library's answer; no for an address that it cannot even take apart."""
        try:
            return super().is_safe_url(url)
        except ValueError:  # "//[" is half of an IPv6 address
            return False

    def phone_form_field(self, **kwargs):
        return PhoneField(**kwargs)

    def get_user_by_phone(self, phone):
        return User.objects.by_phone(phone)

    def get_phone(self, user):
        phone = phones.of(user)
        return (phone, user.phone_verified) if phone else None

    def set_phone(self, user, phone, verified):
        accounts.set_phone(user=user, phone=phone, verified=verified)

    def set_phone_verified(self, user, phone):
        accounts.set_phone(user=user, phone=phone, verified=True)

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        """The library's own code pages have no address: it keeps the tries in the
        session, where many guesses at the same moment count as one."""
        raise Refusal(Reason("sms_closed", _("请从登录页获取短信验证码。")))

    def _get_login_attempts_cache_key(self, request, **credentials):
        """One bucket of failures per number.

        The library builds the key from e-mail or user name, which phones lack: all
        numbers would share one bucket and seven strangers could lock out a city.
        (Private method: the version is pinned, and a test watches the lock.)
        """
        return credentials.get("phone") or credentials.get("username") or ""

    def get_login_stages(self):
        """Whoever has not agreed to today's notice is asked before they are in."""
        return [*super().get_login_stages(), "members.stages.ConsentStage"]

    def add_message(self, *args, **kwargs):
        """No "signed in as …" banner: the page itself shows who is logged in."""
