"""What is typed to get in, or to guard it. Shape only: the verbs decide."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from common import letters
from members.services import passwords


class GuardForm(forms.Form):
    """One column, one button."""

    button = _("确定")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.layout = Layout(*self.fields, Submit("", self.button))


class CodeField(forms.CharField):
    """Six digits of the app or eight of a recovery code, in any usual spelling."""

    def __init__(self, **kwargs):
        kwargs.setdefault("error_messages", {})["required"] = _("请填写动态口令")
        super().__init__(max_length=30, **kwargs)

    def clean(self, value):
        return letters.number(super().clean(value))


def _code(**kwargs):
    attrs = {"inputmode": "numeric", "autocomplete": "one-time-code"}
    return CodeField(widget=forms.TextInput(attrs=attrs), **kwargs)


class CodeForm(GuardForm):
    """The second factor at a log-in."""

    button = _("登录")

    code = _code(
        label=_("动态口令"),
        help_text=_(
            "打开手机上的口令应用，填写6位数字；手机不在身边时，填写8位恢复码。"
        ),
    )


class RestedForm(GuardForm):
    """The password, or the end of the identity number on the roster."""

    button = _("登录")

    password = forms.CharField(
        label=_("登录密码"),
        required=False,
        strip=False,
        validators=[MaxLengthValidator(passwords.LONGEST)],
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    identity_last6 = forms.CharField(
        label=_("身份证号后六位"),
        required=False,
        max_length=20,
        help_text=_("没有密码或忘了密码的，填写这一项。只用来核对是您本人，不保存。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SetUpForm(GuardForm):
    button = _("启用动态口令")

    code = _code(
        label=_("动态口令"), help_text=_("填写口令应用里本账号现在显示的6位数字。")
    )


class NewCodesForm(GuardForm):
    button = _("换新的恢复码")

    code = _code(label=_("动态口令"), help_text=_("填写口令应用里现在显示的6位数字。"))


class SwitchOffForm(NewCodesForm):
    button = _("关闭动态口令")


class NewPasswordForm(GuardForm):
    """A new password, twice; the same words for who may not go on without."""

    button = _("保存新密码")

    password1 = forms.CharField(
        label=_("新密码"),
        validators=[MaxLengthValidator(passwords.LONGEST)],
        strip=False,
        error_messages={"required": _("请填写新密码")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("再填一次新密码"),
        validators=[MaxLengthValidator(passwords.LONGEST)],
        strip=False,
        error_messages={"required": _("请再填一次新密码")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = passwords.in_words(user)

    def clean(self):
        cleaned = super().clean()
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("两次填写的新密码不一样"))
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    oldpassword = forms.CharField(
        label=_("现在的密码"),
        validators=[MaxLengthValidator(passwords.LONGEST)],
        strip=False,
        error_messages={"required": _("请填写现在的密码")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    field_order = ["oldpassword", "password1", "password2"]
