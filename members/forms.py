from allauth.account.forms import LoginForm as AllauthLoginForm
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from common import letters
from members import captcha, noticekinds
from members.adapter import PhoneField
from members.models import User
from members.services import notices, passwords


class LoginForm(AllauthLoginForm):
    """Mobile number and password; the session always lasts its full time."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""
        self.fields["password"].need = _("用密码时必填")
        # no maxlength on the page: a browser would cut a pasted one without a word
        longest = MaxLengthValidator(passwords.LONGEST)
        self.fields["password"].validators.append(longest)
        self.fields["password"].error_messages["required"] = _("请填写密码")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout("login", "password", Submit("", _("登录")))


class AccountForm(forms.ModelForm):
    """An account in the back office: number and first password only when it is made."""

    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        help_text=_("填写本人正在使用的号码：首次登录时向它发送验证码。"),
    )
    password1 = forms.CharField(
        label=_("初始密码"),
        validators=[MaxLengthValidator(passwords.LONGEST)],
        help_text=_("只能用到首次登录；本人收到验证码后自己设置密码。"),
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


class RevealPhoneForm(forms.Form):
    """Why somebody wants to see a full number; the service says whether it will do."""

    reason = forms.CharField(
        label=_("查看原因"),
        required=False,  # the refusal of the service is on record, the form's is not
        max_length=200,
        help_text=_("如“通知其领取演出票”，不少于5个字。"),
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "cols": 60,
                "class": "vLargeTextField",
                "required": True,
                "autocomplete": "off",
            }
        ),
    )


class RefusableForm(forms.Form):
    """A form that can show the Refusal of the verb it led to, at the fields meant."""

    button = _("下一步")
    rows: tuple[str, ...] = ()
    action = ""  # a URL name, for a form that also stands on another's page

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_action = self.action
        self.lay_out(*self.rows)

    def lay_out(self, *rows):
        # two of these forms may stand on a page: their buttons have names of their own
        name = f"submit-{type(self).__name__.lower()}"
        button = Submit("", self.button, css_id=name)
        self.helper.layout = Layout(*rows, button)

    def show(self, refusal):
        refusal.show_in(self)


class AnswerField(forms.CharField):
    """Must be filled in, says the page; left empty it is for the verb to judge, which
    also takes the script's work."""

    def validate(self, value):
        """Nothing is wrong with an empty one."""


class CaptchaForm(RefusableForm):
    """Asks for a captcha once so many texts were asked for from one address.

    ``work`` is filled in by ``static/js/proof.js``, which then takes the question away.
    """

    work = forms.CharField(required=False, widget=forms.HiddenInput, max_length=2000)
    signed = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)
    answer = AnswerField(
        label=_("验证问题"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, captcha_level=None, **kwargs):
        """``captcha_level``: how much work it asks for; None: no captcha."""
        super().__init__(*args, **kwargs)
        self.captcha_level = captcha_level
        if captcha_level is None:
            for name in ("work", "signed", "answer"):
                self.fields.pop(name)
            return
        self.lay_out(*self.rows, "work", "signed", "answer")
        kept = self.data.get("signed", "") if self.is_bound else ""
        if captcha.question(kept):
            self._ask(kept)
        else:
            self.ask_anew()

    def ask_anew(self):
        """Another sum and other work: the last answer was wrong, used or too old."""
        signed = captcha.new_sum()
        if self.is_bound:
            self.data = self.data.copy()
            self.data["signed"], self.data["work"], self.data["answer"] = signed, "", ""
        self._ask(signed)

    def _ask(self, signed):
        self.fields["signed"].initial = signed
        self.fields["answer"].label = captcha.question(signed)
        self.fields["answer"].help_text = _("请填写数字，用来确认您不是自动程序")
        self.fields["work"].widget.attrs |= {
            "data-proof": captcha.new_work(self.captcha_level),
            "data-done": _("已自动完成验证，不用回答问题"),
        }

    def clean_answer(self):
        return letters.number(self.cleaned_data["answer"])

    def captcha(self):
        """The answers, for the verb that decides whether they were needed."""
        given = self.cleaned_data
        return captcha.Captcha(
            work=given.get("work", ""),
            signed=given.get("signed", ""),
            answer=given.get("answer", ""),
        )

    def show(self, refusal):
        super().show(refusal)
        if "captcha" in refusal.codes and "answer" in self.fields:
            self.ask_anew()


class AskCodeForm(CaptchaForm):
    """A number to which a code is sent."""

    button = _("获取短信验证码")
    rows = ("phone",)

    phone = PhoneField()


_NOTICE = '{% include "account/_notice.html" with portal=portal version=version only %}'


def _tick():
    """The box under the notice on personal data, never ticked beforehand."""
    return forms.BooleanField(
        label=_("我已阅读并同意《个人信息处理告知》"),
        error_messages={"required": _("同意后才能继续")},
    )


class LoginCodeForm(AskCodeForm):
    """A number that logs in, or becomes an account: nothing is sent before the notice
    was agreed to."""

    rows = ("phone", HTML(_NOTICE), "agreed")

    agreed = _tick()


class CodeAtLoginForm(CaptchaForm):
    """The same on the log-in page, whose one box for the number is called ``login``."""

    login = PhoneField()
    agreed = _tick()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agreed"].need = _("用验证码时必选")


class NewPhoneForm(AskCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = _("新手机号")
        self.fields["phone"].widget.attrs["autocomplete"] = "tel-national"


class ResendForm(CaptchaForm):
    """Another code to the number that the session knows."""

    button = _("重新获取验证码")


class FirstCodeForm(CaptchaForm):
    """The first code to the number of an account that staff opened."""

    button = _("获取短信验证码")


class CodeForm(RefusableForm):
    """The six digits. Pasting works, and phones offer the code by themselves."""

    rows = ("code",)
    action = "account_code"

    code = forms.CharField(
        label=_("短信验证码"),
        max_length=30,
        error_messages={"required": _("请填写短信验证码")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )

    def clean_code(self):
        code = letters.number(self.cleaned_data["code"]).replace("-", "")
        if len(code) != 6 or not code.isdecimal():
            raise forms.ValidationError(_("短信验证码应为6位数字"))
        return code


class NewPasswordForm(RefusableForm):
    """A password for the account whose number was just proven."""

    button = _("完成")
    rows = ("password",)

    password = forms.CharField(
        label=_("设置密码"),
        validators=[MaxLengthValidator(passwords.LONGEST)],
        strip=False,
        error_messages={"required": _("请填写密码")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, user=None, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = passwords.in_words(user)

    def clean_password(self):
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def show(self, refusal):
        for reason in refusal.reasons:
            field = "password" if reason.field == passwords.FIELD else None
            self.add_error(field, str(reason))


class OwnPasswordForm(RefusableForm):
    """The password of who is logged in, before something that a thief would do."""

    rows = ("password",)
    action = "account_change_phone"

    password = forms.CharField(
        label=_("当前密码"),
        validators=[MaxLengthValidator(passwords.LONGEST)],
        strip=False,
        error_messages={"required": _("请填写密码")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ConsentForm(RefusableForm):
    """One box, never ticked beforehand."""

    button = _("同意并继续")
    rows = ("agreed",)

    agreed = _tick()


class TextsForm(forms.Form):
    """The texts one may do without: ticked are those that come."""

    kinds = forms.MultipleChoiceField(
        label=_("发短信告诉我"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不勾选的只在“消息”里告诉您，不发短信。"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = notices.texts_chosen()
        sent = [kind for kind in noticekinds.texted() if chosen[kind.name]]
        self.may = [kind for kind in sent if kind.may_refuse]
        self.always = [kind.label for kind in sent if not kind.may_refuse]
        refused = set(user.sms_refusals.values_list("kind", flat=True))
        self.fields["kinds"].choices = [(kind.name, kind.label) for kind in self.may]
        self.fields["kinds"].initial = [
            kind.name for kind in self.may if kind.name not in refused
        ]
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout("kinds", Submit("", _("保存")))

    @property
    def refused(self) -> list[str]:
        """Those that are not to come any more."""
        wanted = self.cleaned_data["kinds"]
        return [kind.name for kind in self.may if kind.name not in wanted]
