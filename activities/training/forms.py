"""What the filters of a term's classes may look like. Read from the address."""

from django import forms

from activities.training.enums import Order, When

_MOST = 2**31 - 1


class TermFilterForm(forms.Form):
    """The visitor's filters. What does not fit is left out, so that a mangled address
    still shows the classes."""

    kind = forms.IntegerField(required=False, min_value=1, max_value=_MOST)
    venue = forms.IntegerField(required=False, min_value=1, max_value=_MOST)
    when = forms.ChoiceField(required=False, choices=When)
    free = forms.IntegerField(required=False, min_value=1, max_value=1)
    order = forms.ChoiceField(required=False, choices=Order)

    @property
    def chosen(self) -> dict:
        """The filters in force, by name."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}
