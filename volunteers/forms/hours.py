"""What a host fills in who confirms how many were served. Shape only."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CountersignForm(forms.Form):
    signer = forms.CharField(
        label=_("您的姓名"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    remark = forms.CharField(
        label=_("意见"),
        max_length=200,
        required=False,
        help_text=_("人数不对的，请写明应是多少。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
