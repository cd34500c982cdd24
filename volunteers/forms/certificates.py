"""Of which days somebody wants a certificate; for whom the staff issues one. Shape only."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common import moments


def _day(label):
    return moments.DayField(
        label=label,
        required=False,
        error_messages={"invalid": _("请填写日期，例如2018-06-01。")},
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class PeriodForm(forms.Form):
    first_on = _day(_("自"))
    last_on = _day(_("至"))


class ForSomebodyForm(PeriodForm):
    """A worker is found by name and number together: neither alone leads to a person."""

    field_order = ["name", "number", "first_on", "last_on"]
    name = forms.CharField(
        label=_("姓名"), max_length=60, error_messages={"required": _("请填写姓名")}
    )
    number = forms.CharField(
        label=_("会员编号或手机号"),
        max_length=60,
        error_messages={"required": _("请填写会员编号或手机号")},
    )
