from allauth.account.forms import LoginForm as AllauthLoginForm
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import User


class LoginForm(AllauthLoginForm):
    """Mobile number and password; the session always lasts its full time."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""
        self.fields["password"].error_messages["required"] = _("请填写密码")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout("login", "password", Submit("", _("登录")))


class AccountForm(forms.ModelForm):
    """An account in the back office: number and first password only when it is made."""

    phone = forms.CharField(label=_("手机号"), max_length=20)
    password1 = forms.CharField(
        label=_("初始密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    class Meta:
        model = User
        fields = ["name", "groups", "is_staff", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for made_once in ("phone", "password1"):
                self.fields.pop(made_once, None)
