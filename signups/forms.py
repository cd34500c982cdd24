"""The check page's form. Shape only: whether a seat is left is the service's business."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signups.enums import Ground


class SignupForm(forms.Form):
    """The consent, and what the page promised when it was read: a seat, the queue or
    an entry in a draw."""

    SEAT, QUEUE, ENTRY = PROMISES = ["seat", "queue", "entry"]

    promised = forms.ChoiceField(
        choices=[(one, one) for one in PROMISES], widget=forms.HiddenInput
    )
    agree = forms.BooleanField(
        label=gettext_lazy("我已阅读并同意报名须知"),
        error_messages={"required": gettext_lazy("请先阅读并同意报名须知，再打勾。")},
    )

    def __init__(self, *args, promised: str = "", **kwargs):
        super().__init__(*args, initial={"promised": promised}, **kwargs)
        self.helper = FormHelper(self)
        # the page opens the form and puts the token there: the fields are kept
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        # sent without its tick it still asks for what it promised
        promised = promised or self.data.get("promised", "")
        labels = {self.QUEUE: _("参加候补"), self.ENTRY: _("确认登记")}
        label = labels.get(promised, _("确认报名"))
        self.helper.layout = Layout("promised", "agree", Submit("sign_up", label))


class CheckInForm(forms.Form):
    """The code that is shown at the door. Whether it is right is the service's business."""

    code = forms.CharField(
        label=gettext_lazy("签到码"),
        max_length=12,
        error_messages={"required": gettext_lazy("请填写现场屏幕上的6位数字。")},
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "maxlength": "12",
                "size": "8",
            }
        ),
    )
    people = forms.IntegerField(
        label=gettext_lazy("到场人数"), min_value=1, max_value=500, required=False
    )

    def __init__(self, *args, seats: int = 1, label: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        boxes = ["code"]
        if seats > 1:
            boxes.append("people")
            self.fields["people"].initial = seats
        else:
            del self.fields["people"]
        self.helper.layout = Layout(*boxes, Submit("tap", label or _("签到")))

    def clean_code(self):
        """The digits, however they were set apart or typed by a Chinese keyboard."""
        typed = self.cleaned_data["code"].translate(_FULL_WIDTH)
        return "".join(typed.split()).replace("-", "")


_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


class AppealForm(forms.Form):
    """Why a point should not count. How long, and whether, is the verb's to say."""

    ground = forms.ChoiceField(
        label=gettext_lazy("理由"),
        choices=Ground.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "加班、出差、病假由您所在单位的工会证明；其他原因由主办方办理。"
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "写明时间和情况，不超过300字。请不要写身份证号和手机号。"
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.layout = Layout("ground", "text", Submit("send", _("提交申诉")))
