"""Forms of the pages under “我的”. Shape and spelling only: rules live in services."""

import re

from allauth.account.adapter import get_adapter
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout, Submit
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from members import identity
from members.enums import CorrectionField
from members.services import passwords

_IDENTITY_NOTICE = (
    '{% include "my/_identity_notice.html" with is_open=form.consent.errors only %}'
)
_LAST6 = re.compile(r"[0-9A-Z]{6}")


def _helper(form, *parts):
    helper = FormHelper(form)
    helper.form_tag = False
    helper.layout = Layout(*parts)
    return helper


class UnionSearchForm(forms.Form):
    """The search box over all unions."""

    q = forms.CharField(
        label=_("单位或工会的名称"),
        max_length=100,
        help_text=_("填平时的叫法就行，如“公交公司”。"),
        error_messages={"required": _("请填写单位或工会的名称")},
    )


class CertificateForm(forms.Form):
    """The number of a certificate, typed or out of the address of its code."""

    number = forms.CharField(
        label=_("证书编号"),
        max_length=60,  # of which blanks, dashes and marks that nobody sees are dropped
        error_messages={"required": _("请填写证书上的编号")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters"}
        ),
    )

    last4 = forms.CharField(
        label=_("证件号码后四位"),
        max_length=20,
        required=False,
        help_text=_(
            "证书上印有后四位的，填上可以核对证书的内容；不填只查编号是否有效。"
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper(self, "number", "last4", Submit("", _("查验")))
        self.helper.disable_csrf = True  # it asks, and changes nothing


class VerifyForm(forms.Form):
    """A name, and one of two numbers; the identity number's end needs its own tick.

    A field's ``need`` is what the page says beside it instead of 必填 or 选填.
    """

    name = forms.CharField(
        label=_("姓名"),
        # thirty characters, which a browser counts twice outside the BMP
        max_length=60,
        error_messages={"required": _("请填写姓名")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    member_number = forms.CharField(
        label=_("会员编号"),
        max_length=60,  # of which marks that nobody sees are dropped
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    identity_last6 = forms.CharField(
        label=_("身份证号码后六位"),
        max_length=20,
        required=False,
        help_text=_("最后一位是X的照填。只用于与名册核对，系统不保存您填写的号码。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    consent = forms.BooleanField(
        label=_("我已阅读上面的说明，同意将身份证号码后六位用于核对职工身份"),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # none of these is simply optional, and none must always be filled in
        self.fields["member_number"].need = _("二选一")
        self.fields["identity_last6"].need = _("二选一")
        self.fields["consent"].need = _("用方式二时必选")
        self.helper = _helper(
            self,
            "name",
            Fieldset(_("方式一：会员编号"), "member_number"),
            Fieldset(
                _("方式二：身份证号码后六位"),
                HTML(_IDENTITY_NOTICE),  # stands before what it is about
                "identity_last6",
                "consent",
            ),
            Submit("verify", _("提交认证")),
        )

    def clean_identity_last6(self):
        number = identity.plain(self.cleaned_data["identity_last6"])
        if number and not _LAST6.fullmatch(number):
            raise forms.ValidationError(
                _("请填写身份证号码的最后6位，现在是%(n)d位"), params={"n": len(number)}
            )
        return number

    def clean(self):
        given = super().clean()
        last6, number = given.get("identity_last6"), given.get("member_number")
        if "identity_last6" in self.errors:
            return given
        if last6 and number:
            self.add_error("identity_last6", _("两种方式任选一种，请只填写一项"))
        elif not last6 and not number:
            self.add_error("member_number", _("请填写会员编号，或身份证号码后六位"))
        elif last6 and not given.get("consent"):
            self.add_error(
                "consent", _("请先阅读说明，同意核对身份证号码后六位，再打勾")
            )
        return given


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("称呼"),
        max_length=30,
        error_messages={"required": _("请填写称呼")},
        help_text=_("页面上怎样称呼您。名册上的姓名不受影响。"),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper(self, "name", Submit("rename", _("保存")))


class CorrectionForm(forms.Form):
    """What is wrong on the roster and how it should be."""

    field = forms.ChoiceField(
        label=_("哪一项有误"),
        choices=CorrectionField,
        error_messages={"required": _("请选择哪一项有误")},
    )
    proposed = forms.CharField(
        label=_("正确内容"),
        max_length=100,
        required=False,
        help_text=_("会籍、一线职工、农民工请填“是”或“否”。请不要填写身份证号码。"),
    )
    note = forms.CharField(
        label=_("说明"),
        max_length=200,
        required=False,
        help_text=_("例如：身份证上的写法。选“其他”时写明哪里有误、正确的是什么。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["proposed"].need = _("选“其他”时可不填")
        self.fields["note"].need = _("选“其他”时必填")
        self.helper = _helper(
            self, "field", "proposed", "note", Submit("ask", _("提交申请"))
        )


class CloseForm(forms.Form):
    """The password of who has one; of others the word itself, typed."""

    WORD = "注销"

    password = forms.CharField(
        label=_("登录密码"),
        validators=[MaxLengthValidator(passwords.LONGEST)],
        strip=False,
        error_messages={"required": _("请填写登录密码")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    word = forms.CharField(
        label=_("请输入“注销”二字"),
        max_length=10,
        error_messages={"required": _("请输入“注销”二字")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        asked = "password" if user.has_usable_password() else "word"
        self.fields.pop("word" if asked == "password" else "password")
        self.helper = _helper(self, asked)

    def clean_password(self):
        """Wrong ones count where those of the log-in do: a stolen session gets no more
        guesses than anybody."""
        password = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise forms.ValidationError(_("密码不正确"))
        return password

    def clean_word(self):
        if self.cleaned_data["word"].strip() != self.WORD:
            raise forms.ValidationError(_("请输入“注销”二字"))
        return self.cleaned_data["word"]
