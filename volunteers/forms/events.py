"""What a leader types on a telephone: a service, its posts, the roster of the day. Shape
only: rules live in services."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.moments import ClockField, MomentField
from volunteers.enums import TeamKind
from volunteers.models import MOST_PEOPLE, MOST_POSTS, Need, ServiceEvent
from volunteers.services.day import ABSENT, HERE, Line
from volunteers.services.events import PostFacts

ROWS = 3  # of posts on an empty form


def _moment(label):
    return MomentField(
        label=label,
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date"},
            time_attrs={"type": "time"},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        ),
        error_messages={"required": _("请填写日期和时间。")},
    )


class EventForm(forms.ModelForm):
    """``needs``: those that the team has taken and not planned yet."""

    starts = _moment(_("开始"))
    ends = _moment(_("结束"))
    contact_phone = forms.CharField(
        label=_("联系电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("加密保存，只有报上名的人看得到。"),
    )

    class Meta:
        model = ServiceEvent
        fields = [
            "need",
            "title",
            "kind",
            "place",
            "meeting_point",
            "about",
            "insurance",
            "weather",
            "contact_name",
        ]
        widgets = {
            "about": forms.Textarea(attrs={"rows": 4}),
            "insurance": forms.TextInput(),
            "weather": forms.TextInput(),
        }

    field_order = [
        "need",
        "title",
        "kind",
        "starts",
        "ends",
        "place",
        "meeting_point",
        "about",
        "contact_name",
        "contact_phone",
        "insurance",
        "weather",
    ]

    def __init__(self, *args, needs=None, **kwargs):
        super().__init__(*args, **kwargs)
        event = self.instance
        self.fields["kind"].choices = TeamKind.choices
        self.fields["insurance"].help_text = _("例如：由队里统一购买意外险。")
        self.fields["weather"].help_text = _("例如：下雨改期，前一天晚上通知。")
        if event.pk:
            del self.fields["need"]
            self.fields["contact_phone"].help_text = _("不改请留空。")
            self.initial |= {"starts": event.starts_at, "ends": event.ends_at}
        else:
            rows = Need.objects.none() if needs is None else needs
            self.fields["need"].queryset = rows
            self.fields["need"].empty_label = _("不是应需求安排的")

    def _get_validation_exclusions(self):
        # the verbs say what is wrong with what this form does not ask for
        return super()._get_validation_exclusions() | {"starts_at", "ends_at"}

    def filled(self) -> ServiceEvent:
        """The service as it was typed, not stored."""
        event = self.instance
        event.starts_at = self.cleaned_data["starts"]
        event.ends_at = self.cleaned_data["ends"]
        return event


class PostForm(forms.Form):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("岗位"), max_length=20, required=False)
    number = forms.IntegerField(
        label=_("人数"), min_value=1, max_value=MOST_PEOPLE, required=False
    )
    practised = forms.IntegerField(
        label=_("其中熟手至少"), min_value=0, max_value=MOST_PEOPLE, required=False
    )
    skills = forms.CharField(label=_("要求"), max_length=100, required=False)

    def clean(self):
        said = super().clean()
        if said.get("number") and not said.get("name"):
            self.add_error("name", _("请填写岗位名称。"))
        if said.get("name") and not said.get("number") and "number" not in self.errors:
            self.add_error("number", _("请填写人数。"))
        return said

    @property
    def facts(self) -> PostFacts | None:
        said = self.cleaned_data
        if not said.get("name"):
            return None
        return PostFacts(
            name=said["name"].strip(),
            number=said["number"],
            practised=said.get("practised") or 0,
            skills=said.get("skills", "").strip(),
            pk=said.get("pk"),
        )


class PostRows:
    """The posts of a service as rows of a form; an empty row is no post. ``held``: those
    there are already, (post, seats), which can be changed and not taken away."""

    def __init__(self, data=None, held=()):
        self.held = [post.pk for post, _number in held]
        initial = [
            {
                "pk": post.pk,
                "name": post.name,
                "number": number,
                "practised": post.practised or None,
                "skills": post.skills,
            }
            for post, number in held
        ]
        count = min(MOST_POSTS, max(ROWS, len(initial) + 1))
        if data is not None:
            count = MOST_POSTS
        self.forms = [
            PostForm(
                data,
                prefix=f"post{n}",
                initial=initial[n] if n < len(initial) else None,
                use_required_attribute=False,
            )
            for n in range(count)
        ]
        self.error = ""

    def is_valid(self) -> bool:
        """Whether every row is whole; those that were not used are gone from then on."""
        valid = [form.is_valid() for form in self.forms]
        is_valid = all(valid)
        typed = [form.cleaned_data.get("pk") for form in self.forms]
        if [pk for pk in typed if pk] != self.held:
            self.error = _("岗位在您打开页面以后有变动，请重新打开再改。")
            is_valid = False
        for form in self.forms:
            if form.cleaned_data.get("pk") and not form.cleaned_data.get("name"):
                form.add_error("name", _("已有的岗位不能删除，可以改名或减少人数。"))
                is_valid = False
        used = [form for form in self.forms if form.has_changed() or form.errors]
        self.forms = self.forms[: max(ROWS, len(used), len(self.held))]
        return is_valid

    @property
    def facts(self) -> list[PostFacts]:
        return [form.facts for form in self.forms if form.facts is not None]


@dataclass
class RosterRow:
    """One signup on the roster: what is noted of it, what was typed, what was wrong."""

    signup: object
    post: str
    mark: str = ""
    arrived: str = ""
    left: str = ""
    why: str = ""
    said: str = ""
    has_come: bool = False
    has_left: bool = False
    errors: list[str] = field(default_factory=list)


class RosterRows:
    """The roster of a day: for each signup a mark, the times, and why there was no tap.
    ``stored`` are attendances by signup, ``names`` of posts by offering."""

    def __init__(self, event, signups, stored, names, said_of, data=None):
        self.event = event
        self.rows = [
            self._row(signup, stored.get(signup.pk), names, said_of, data)
            for signup in signups
        ]

    def _row(self, signup, noted, names, said_of, data):
        came = noted is not None and noted.arrived_at is not None
        row = RosterRow(
            signup=signup,
            post=names[signup.offering_id],
            has_come=came and noted.state in ("present", "late"),
            has_left=noted is not None and noted.left_at is not None,
            said=said_of(noted, signup.worker) if noted else "",
        )
        if noted is not None and not row.has_come and noted.state == "absent":
            row.mark = ABSENT
        elif row.has_come:
            row.mark = HERE
        if data is not None:
            key = signup.pk
            row.mark = data.get(f"mark-{key}", row.mark)[:10]
            row.arrived = data.get(f"in-{key}", "")[:10]
            row.left = data.get(f"out-{key}", "")[:10]
            row.why = data.get(f"why-{key}", "")[:100]
        return row

    def lines(self) -> list[Line]:
        """What was typed; a time that is none is said at its row."""
        made = []
        for row in self.rows:
            arrived, left = self._clock(row, row.arrived), self._clock(row, row.left)
            if row.mark not in (HERE, ABSENT):
                row.mark = ""
            made.append(Line(row.signup.pk, row.mark, arrived, left, row.why))
        return made

    def _clock(self, row, typed) -> datetime | None:
        if not typed.strip():
            return None
        try:
            clock = ClockField().clean(typed)
        except ValidationError:
            row.errors.append(_("时间请按24小时制填写，例如9:30。"))
            return None
        start = timezone.localtime(self.event.starts_at)
        at = timezone.make_aware(datetime.combine(start.date(), clock))
        # over midnight: the nearer of the two days
        nearer = at + timedelta(days=1)
        middle = self.event.starts_at + (self.event.ends_at - self.event.starts_at) / 2
        return nearer if abs(nearer - middle) < abs(at - middle) else at

    @property
    def has_errors(self) -> bool:
        return any(row.errors for row in self.rows)

    def show(self, refusal) -> list[str]:
        """Put each reason at its row; returned are those of nobody in particular."""
        by_key = {f"line-{row.signup.pk}": row for row in self.rows}
        rest = []
        for reason in refusal.reasons:
            row = by_key.get(reason.field)
            (row.errors if row else rest).append(str(reason))
        return rest
