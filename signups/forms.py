"""The check page's form. Shape only: whether a seat is left is the service's business."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class SignupForm(forms.Form):
    """The consent, and what the page promised when it was read: a seat or the queue."""

    SEAT, QUEUE = "seat", "queue"

    promised = forms.ChoiceField(
        choices=[(SEAT, SEAT), (QUEUE, QUEUE)], widget=forms.HiddenInput
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
        label = _("参加候补") if promised == self.QUEUE else _("确认报名")
        self.helper.layout = Layout("promised", "agree", Submit("sign_up", label))
