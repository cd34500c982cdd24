"""What somebody types who objects, or asks how far their objection is. Shape only."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from common import images
from common.moments import DayField
from honors.enums import ObjectionKind, ObjectionSource

_FILES = f"application/pdf,.pdf,{images.ACCEPT}"
_TOLD = _("PDF或照片，10MB以内；几页的请合成一个PDF。")


def _file(label):
    return forms.FileField(
        label=label,
        required=False,
        max_length=500,
        help_text=_TOLD,
        widget=forms.FileInput(attrs={"accept": _FILES}),
        error_messages={"empty": _("这个文件是空的，请换一个。")},
    )


class ObjectionForm(forms.Form):
    """``sent_as`` makes the same form sent twice one objection."""

    sent_as = forms.CharField(max_length=36, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("以什么名义反映"),
        choices=ObjectionKind,
        initial=ObjectionKind.PERSON,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("请选择以什么名义反映。"),
            "invalid_choice": _("请选择以什么名义反映。"),
        },
    )
    name = forms.CharField(
        label=_("真实姓名"),
        max_length=60,
        required=False,
        help_text=_("以单位名义反映的，填写联系人。"),
    )
    phone = forms.CharField(
        label=_("联系电话"),
        max_length=60,
        required=False,
        help_text=_("查询办理情况时要用到后四位。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    unit = forms.CharField(
        label=_("单位全称"),
        max_length=200,
        required=False,
    )
    nomination = forms.TypedChoiceField(
        label=_("反映谁"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("请重新选择反映谁。")},
    )
    # longer texts are kept, and said to be too long
    text = forms.CharField(
        label=_("反映的事实和依据"),
        max_length=20_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("最多2000字。请实事求是，写明时间、地点和经过。"),
    )
    seal = _file(_("盖公章的材料"))
    evidence = _file(_("其他证明材料"))

    PARTS = (
        *("sent_as", "kind", "name", "phone", "unit"),
        *("nomination", "text", "seal", "evidence"),
    )
    SEND = _("提交异议")

    def __init__(self, *args, entries, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sent_as"].initial = uuid.uuid4
        listed = [(entry.nomination_id, entry.name) for entry in entries]
        self.fields["nomination"].choices = [("", _("整个名单")), *listed]
        for name in ("name", "phone", "text"):
            self.fields[name].need = _("必填")
        for name in ("unit", "seal"):
            self.fields[name].need = _("以单位名义的必填")
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.PARTS, Submit("send", self.SEND))

    def clean_sent_as(self):
        """A mangled one is a form of its own."""
        try:
            return uuid.UUID(self.cleaned_data["sent_as"])
        except ValueError:
            return uuid.uuid4()


class LetterForm(ObjectionForm):
    """What came by letter or in person, entered in the back office."""

    source = forms.ChoiceField(
        label=_("来源"),
        choices=[
            (ObjectionSource.LETTER.value, ObjectionSource.LETTER.label),
            (ObjectionSource.VISIT.value, ObjectionSource.VISIT.label),
        ],
        error_messages={"required": _("请选择来源。")},
    )
    postmarked_on = DayField(
        label=_("邮戳日期"),
        required=False,
        help_text=_("来信以邮戳日期为准。"),
        error_messages={"invalid": _("请按“2018-06-01”的格式填写日期。")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    PARTS = (*("sent_as", "source", "postmarked_on"), *ObjectionForm.PARTS[1:])
    SEND = _("登记异议")


class ReceiptForm(forms.Form):
    """Both are asked for by POST: neither stands in an address or a log."""

    receipt = forms.CharField(
        label=_("回执编号"),
        max_length=40,
        error_messages={"required": _("请填写回执编号。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    last4 = forms.CharField(
        label=_("所留电话的后四位"),
        max_length=10,
        error_messages={"required": _("请填写所留电话的后四位。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout("receipt", "last4", Submit("ask", _("查询")))
