"""The back office's form of an honoree, and what the hall's filters may look like."""

from dataclasses import asdict

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from common import images, picturestore
from common.errors import Refusal
from honors import services
from honors.enums import Industry
from honors.models import Honoree
from honors.services import KeptPortrait

_SALT = "honors.portrait"


class HonoreeForm(forms.ModelForm):
    """The back office's form of one honoree, with a place for a portrait.

    A portrait that was read is stored at once and its receipt goes back in a hidden
    field, so that another mistake on the page does not lose it. ``kept`` is the new
    portrait, or None.
    """

    portrait = forms.FileField(
        label=_("照片"),
        required=False,
        help_text=_("JPG、PNG、WebP或GIF，10MB以内；没有照片时显示示意图。"),
        widget=forms.FileInput(attrs={"accept": images.ACCEPT}),
    )
    receipt = forms.CharField(required=False, widget=forms.HiddenInput)
    is_portrait_removed = forms.BooleanField(label=_("去掉现有照片"), required=False)

    kept = None

    class Meta:
        model = Honoree
        fields = []  # the admin's fieldsets say which

    def clean(self):
        cleaned = super().clean()
        upload, receipt = cleaned.get("portrait"), cleaned.get("receipt")
        if upload:
            try:
                self.keep(upload)
            except Refusal as refusal:
                self.add_error("portrait", str(refusal))
        elif receipt:
            try:
                self.kept = KeptPortrait(
                    **signing.loads(receipt, salt=_SALT, max_age=picturestore.HOLDS)
                )
            except signing.BadSignature:
                self.add_error("portrait", _("照片请重新选择。"))
        if self.kept:
            self.fields["portrait"].widget.attrs["data-kept"] = _("已收到照片")
            self["portrait"].help_text = _(
                "照片已收到，改正其他问题后保存即可，不必重新选择。"
            )
        return cleaned

    def keep(self, upload):
        """Read and store the upload once, however often this request is tried."""
        if not hasattr(upload, "kept"):
            upload.kept = services.keep_portrait(upload)
        self.kept = upload.kept
        self.data = self.data.copy()
        receipt = signing.dumps(asdict(self.kept), salt=_SALT)
        self.data[self.add_prefix("receipt")] = receipt


class HallFilterForm(forms.Form):
    """The visitor's filters. What does not fit is left out, so that a mangled address
    still shows the wall."""

    program = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    year = forms.IntegerField(required=False, min_value=1949, max_value=2199)
    industry = forms.ChoiceField(required=False, choices=Industry)
    name = forms.CharField(required=False, max_length=60)

    @property
    def chosen(self) -> dict:
        """The filters in force, by name."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}
