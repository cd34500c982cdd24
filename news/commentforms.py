"""What readers fill in about comments. Shape only: rules live in services."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from news.enums import ReportKind
from news.models.comments import LONGEST_APPEAL, LONGEST_COMMENT, LONGEST_REASON

# what a browser may send before marks that nobody sees are taken out
_SLACK = 4


class _Helped(forms.Form):
    parts = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.parts)


def _too_long(most):
    return {"max_length": _("最多%(n)d个字。") % {"n": most}}


class CommentForm(_Helped):
    text = forms.CharField(
        label=_("您的评论"),
        max_length=LONGEST_COMMENT * _SLACK,
        help_text=_(
            "最多500个字，只能写文字。审核通过后显示，发表后不能修改，可以删除。"
        ),
        error_messages={
            "required": _("请填写评论。"),
            **_too_long(LONGEST_COMMENT),
        },
        widget=forms.Textarea(attrs={"rows": 4}),
        strip=False,
    )
    hides_name = forms.BooleanField(
        label=_("匿名显示"),
        help_text=_("不勾选时显示为“王*”这样隐去一部分的称呼。"),
        required=False,
    )
    parts = ("text", "hides_name", Submit("", _("发表评论")))


class ReportForm(_Helped):
    kind = forms.ChoiceField(
        label=_("举报原因"),
        choices=ReportKind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("请选择举报原因。"),
            "invalid_choice": _("请选择举报原因。"),
        },
    )
    note = forms.CharField(
        label=_("补充说明"),
        max_length=LONGEST_REASON * _SLACK,
        required=False,
        error_messages=_too_long(LONGEST_REASON),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    parts = ("kind", "note", Submit("", _("提交举报")))


class AppealForm(_Helped):
    text = forms.CharField(
        label=_("申诉理由"),
        max_length=LONGEST_APPEAL * _SLACK,
        help_text=_("每条评论可以申诉一次，由另一位审核人员答复。最多300个字。"),
        error_messages={
            "required": _("请填写申诉理由。"),
            **_too_long(LONGEST_APPEAL),
        },
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    parts = ("text", Submit("", _("提交申诉")))
