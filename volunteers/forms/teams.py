"""What the directory's filters may look like. Read from the address, never printed."""

from django import forms

from volunteers.enums import TeamKind


class TeamFilterForm(forms.Form):
    """The visitor's filters. What does not fit is left out, so that a mangled address
    still shows the teams."""

    kind = forms.ChoiceField(required=False, choices=TeamKind)
    district = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    recruiting = forms.IntegerField(required=False, min_value=1, max_value=1)

    @property
    def chosen(self) -> dict:
        """The filters in force, by name."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}
