"""The back office's form of an honoree, and what the hall's filters may look like."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.receipts import PictureForm, picture_box
from honors.enums import Industry
from honors.models import Honoree


class HonoreeForm(PictureForm):
    """The back office's form of one honoree, with a place for a portrait."""

    PICTURE, SHELF = "portrait", "honors"
    STANDS_FOR = {
        "portrait": ("portrait_key", ["portrait", "receipt", "is_portrait_removed"])
    }

    portrait = picture_box(
        label=_("照片"),
        help_text=_("JPG、PNG、WebP或GIF，10MB以内；没有照片时显示示意图。"),
    )
    is_portrait_removed = forms.BooleanField(label=_("去掉现有照片"), required=False)

    class Meta:
        model = Honoree
        fields = []  # the admin's fieldsets say which

    def clean(self):
        cleaned = super().clean()
        if self.kept:
            self.fields["portrait"].widget.attrs["data-kept"] = _("已收到照片")
            self["portrait"].help_text = _(
                "照片已收到，改正其他问题后保存即可，不必重新选择。"
            )
        return cleaned


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
