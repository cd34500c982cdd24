"""What a volunteer fills in of themselves. Shape only: rules live in services."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.dates import WEEKDAYS
from members.models import UnionOrg
from volunteers.enums import PartOfDay, time_in_words
from volunteers.models import PARTS, TIMES, Skill


class AskForm(forms.Form):
    """Why one would like to come in; may stay empty."""

    message = forms.CharField(
        label=_("想对队长说的话"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ProfileForm(forms.Form):
    """特长、地点、时间. ``rows`` lays the times out as a week."""

    skills = forms.ModelMultipleChoiceField(
        label=_("我会的"),
        queryset=Skill.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("请重新勾选特长。"),
            "invalid_pk_value": _("请重新勾选特长。"),
        },
    )
    districts = forms.ModelMultipleChoiceField(
        label=_("方便去的地方"),
        queryset=UnionOrg.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("请重新勾选地方。"),
            "invalid_pk_value": _("请重新勾选地方。"),
        },
    )
    free = forms.TypedMultipleChoiceField(
        label=_("有空的时间"),
        required=False,
        coerce=int,
        choices=[(time, str(time)) for time in range(TIMES)],
        error_messages={"invalid_choice": _("请重新勾选有空的时间。")},
    )

    def __init__(self, *args, profile=None, **kwargs):
        kept = profile.skills.all() if profile else Skill.objects.none()
        initial = {}
        if profile:
            initial = {
                "skills": [skill.pk for skill in kept],
                "districts": [org.pk for org in profile.districts.all()],
                "free": profile.free,
            }
        super().__init__(*args, initial=initial, **kwargs)
        # what was chosen before stays to be chosen, also when it is offered no more
        self.fields["skills"].queryset = Skill.objects.offered() | Skill.objects.filter(
            pk__in=initial.get("skills", [])
        )
        self.fields["districts"].queryset = UnionOrg.objects.districts()

    @property
    def rows(self) -> list[tuple[str, list[tuple[int, str, bool]]]]:
        """(weekday, [(time, what it is called, whether it is ticked)])"""
        ticked = {str(time) for time in self["free"].value() or []}
        return [
            (
                f"周{name}",
                [
                    (
                        weekday * PARTS + part,
                        time_in_words(weekday * PARTS + part),
                        str(weekday * PARTS + part) in ticked,
                    )
                    for part in PartOfDay
                ],
            )
            for weekday, name in enumerate(WEEKDAYS)
        ]
