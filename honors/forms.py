"""What the hall's filters may look like. Read from the address, never printed."""

from django import forms

from honors.enums import Industry


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
