"""What the hall's filters may look like. Read from the address, never printed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from honors.enums import Industry
from honors.models import Honoree


class HonoreeForm(forms.ModelForm):
    """The back office's form of one honoree, with a place for a portrait."""

    portrait = forms.FileField(
        label=_("照片"),
        required=False,
        help_text=_("JPG、PNG或WebP，10MB以内；没有照片时显示剪影。"),
    )
    is_portrait_removed = forms.BooleanField(label=_("去掉现有照片"), required=False)

    class Meta:
        model = Honoree
        fields = []  # the admin's fieldsets say which


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
