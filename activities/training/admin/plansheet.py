"""The sheet on which a term is prepared: its boxes, and what is wrong with them.

What was typed is kept as it is (``TermPlan.content``) and read anew each time the sheet
is shown, so that a sheet half filled in tells as much as one that came back.
"""

import re

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.training.admin.boxes import WEEKDAYS, named
from activities.training.models import CourseKind
from activities.training.services import MOST_LESSONS, MOST_SEATS, plans
from activities.venues.models import Venue
from common import dates
from common.modeladmin import LineField
from common.moments import ClockField, DayField, MomentField

LONGEST_TEXT = 5000  # characters of one box that are kept
_PAIRS = ["1,3", "2,4", "3,5", "1,3,5", "6,7"]


def words_of(weekdays: str) -> str:
    """“周二、周四” for "2,4"."""
    names = {str(number): str(name) for number, name in WEEKDAYS}
    return "、".join(names.get(each, "") for each in weekdays.split(","))


def _is_days(text):
    days = text.split(",")
    return len(days) < 8 and all(len(day) == 1 and day in "1234567" for day in days)


class TermBoxes(forms.Form):
    number = forms.IntegerField(label=gettext_lazy("期号"), min_value=1, max_value=999)
    title = LineField(label=gettext_lazy("名称"), max_length=80)
    starts_on = DayField(
        label=gettext_lazy("上课开始"),
        help_text=gettext_lazy("各班从这天起按星期排课；最后一次课就是上课结束。"),
    )
    opens_at = MomentField(
        label=gettext_lazy("报名开始"), widget=named(gettext_lazy("报名开始"))
    )
    closes_at = MomentField(
        label=gettext_lazy("报名截止"), widget=named(gettext_lazy("报名截止"))
    )
    seats_each = forms.IntegerField(
        label=gettext_lazy("每人限报（门）"), min_value=1, max_value=20
    )
    audience = LineField(label=gettext_lazy("招生对象"), max_length=80)
    contact_phone = LineField(
        label=gettext_lazy("咨询电话"), max_length=40, required=False
    )
    notice = forms.CharField(
        label=gettext_lazy("报名须知"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 4}),
        help_text=gettext_lazy("一行一条。"),
    )
    is_drawn = forms.BooleanField(
        label=gettext_lazy("各班由摇号分配名额"),
        required=False,
        help_text=gettext_lazy("不勾选为先到先得，以下四格不用填。"),
    )
    value_name = LineField(
        label=gettext_lazy("摇号用哪个公开数"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("报名截止之后才产生、谁都能查到的数。"),
    )
    value_form = LineField(
        label=gettext_lazy("公开数怎么写"), max_length=100, required=False
    )
    value_at = MomentField(
        label=gettext_lazy("公开数产生"),
        required=False,
        widget=named(gettext_lazy("公开数产生")),
    )
    results_at = MomentField(
        label=gettext_lazy("公布结果"),
        required=False,
        widget=named(gettext_lazy("公布结果")),
    )

    DRAW = ("value_name", "value_form", "value_at", "results_at")

    def clean(self):
        given = super().clean()
        if given.get("is_drawn"):
            for name in self.DRAW:
                if name not in self.errors and not given.get(name):
                    self.add_error(name, _("由摇号分配名额的，须填写此项。"))
            value_at, results_at = given.get("value_at"), given.get("results_at")
            closes = given.get("closes_at")
            if value_at and closes and value_at <= closes:
                self.add_error("value_at", _("公开数应在报名截止之后才产生。"))
            if value_at and results_at and results_at <= value_at:
                self.add_error("results_at", _("公布结果应晚于公开数产生。"))
        opens, closes = given.get("opens_at"), given.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("报名截止应晚于报名开始。"))
        starts_on = given.get("starts_on")
        if opens and starts_on and starts_on < opens.date():
            self.add_error("starts_on", _("上课开始不应早于报名开始。"))
        return given

    def planned(self) -> plans.PlannedTerm:
        given = dict(self.cleaned_data)
        draw = {name: given.pop(name) for name in self.DRAW}
        return plans.PlannedTerm(draw=draw if given.pop("is_drawn") else None, **given)


class ClassBoxes(forms.Form):
    """One row. ``DATA`` are the names under which its texts are kept."""

    kind = forms.TypedChoiceField(label=gettext_lazy("门类"), coerce=int)
    name = LineField(label=gettext_lazy("班名"), max_length=60)
    teacher_name = LineField(label=gettext_lazy("教师"), max_length=30)
    capacity = forms.IntegerField(
        label=gettext_lazy("名额"), min_value=0, max_value=MOST_SEATS
    )
    venue = forms.TypedChoiceField(label=gettext_lazy("场馆"), coerce=int)
    room = LineField(label=gettext_lazy("教室"), max_length=30, required=False)
    weekdays = forms.ChoiceField(label=gettext_lazy("星期"))
    lessons = forms.IntegerField(
        label=gettext_lazy("课次"), min_value=1, max_value=MOST_LESSONS
    )
    starts = ClockField(label=gettext_lazy("上课"))
    ends = ClockField(label=gettext_lazy("下课"))
    first_day = DayField(label=gettext_lazy("晚开课，从"), required=False)
    keeps_holidays = forms.BooleanField(
        label=gettext_lazy("节假日照常"), required=False
    )

    KEPT = ("key", "source", "reserved", "was_called_off")
    WIDTHS = {
        "name": 22, "teacher_name": 8, "capacity": 4, "room": 8, "lessons": 3,
        "starts": 5, "ends": 5, "first_day": 10,
    }  # fmt: skip

    def __init__(self, row: dict, *, number: int, kinds, venues):
        prefix = f"classes-{number}"
        super().__init__(
            {f"{prefix}-{name}": text for name, text in row.items()}, prefix=prefix
        )
        self.row, self.number = row, number
        ask = [("", _("请选择"))]
        self.kinds, self.venues = kinds, venues
        self.fields["kind"].choices = ask + [(k.pk, k.name) for k in kinds.values()]
        self.fields["venue"].choices = ask + [(v.pk, v.name) for v in venues.values()]
        days = [str(day) for day, _name in WEEKDAYS] + _PAIRS
        own = row.get("weekdays", "")
        if own and own not in days and _is_days(own):
            days.append(own)
        self.fields["weekdays"].choices = ask + [(day, words_of(day)) for day in days]
        for name, box in self.fields.items():
            box.widget.attrs["aria-label"] = _("第%(n)d行 %(label)s") % {
                "n": number + 1,
                "label": box.label,
            }
            if name in self.WIDTHS:
                box.widget.attrs["size"] = self.WIDTHS[name]
            if isinstance(box, forms.IntegerField):
                # no arrows to hit by mistake, and as narrow as its number
                attrs = box.widget.attrs | {"inputmode": "numeric"}
                for name in ("min", "max"):  # of a box with arrows only
                    attrs.pop(name, None)
                box.widget = forms.TextInput(attrs=attrs)
            if isinstance(box, forms.ChoiceField):
                box.error_messages["required"] = _("请选择。")
        self.schedule = plans.Schedule()
        self.warnings: list[str] = []

    @property
    def key(self) -> str:
        return self.row.get("key", "")

    def clean(self):
        given = super().clean()
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("下课时间应晚于上课时间。"))
        return given

    def planned(self, starts_on) -> plans.PlannedClass:
        given = self.cleaned_data
        source = self.row.get("source", "")
        return plans.PlannedClass(
            key=self.key,
            kind=self.kinds[given["kind"]],
            name=given["name"],
            teacher_name=given["teacher_name"],
            venue=self.venues[given["venue"]],
            room=given["room"],
            weekdays=frozenset(map(int, given["weekdays"].split(","))),
            starts=given["starts"],
            ends=given["ends"],
            lessons=given["lessons"],
            capacity=given["capacity"],
            first_day=given["first_day"] or starts_on,
            keeps_holidays=given["keeps_holidays"],
            source=int(source) if source.isdecimal() else None,
        )

    @property
    def kept(self):
        """What goes along unseen."""
        return [(name, self.row.get(name, "")) for name in self.KEPT]

    @property
    def cells(self):
        """The boxes of the row, two in each cell of the sheet."""
        pairs = [
            ("name", "kind"),
            ("teacher_name", "capacity"),
            ("venue", "room"),
            ("weekdays", "lessons"),
            ("starts", "ends"),
            ("first_day", "keeps_holidays"),
        ]
        return [[self[name] for name in pair] for pair in pairs]

    @property
    def place(self) -> str:
        given = self.cleaned_data
        return f"{self.venues[given['venue']].name}{given['room']}"

    @property
    def span(self) -> str:
        """When the row meets, in words."""
        days = self.schedule.days
        if not days:
            return ""
        said = _("%(span)s，共%(n)d次") % {
            "span": dates.span(days[0], days[-1]),
            "n": len(days),
        }
        if self.schedule.festivals:
            keeps = self.cleaned_data.get("keeps_holidays")
            text = _("；节假日照常：%(days)s") if keeps else _("；避开%(days)s")
            named_days = "、".join(
                _("%(day)s（%(name)s）") % {"day": dates.day(day), "name": name}
                for day, name in self.schedule.festivals
            )
            said += text % {"days": named_days}
        return said


class Sheet:
    """The whole sheet: ``term`` and ``rows`` are its forms, checked. ``is_ready``: all of
    it could be published."""

    def __init__(self, content: dict):
        kinds = {kind.pk: kind for kind in CourseKind.objects.order_by("position")}
        venues = {venue.pk: venue for venue in Venue.objects.active()}
        self.term = TermBoxes(content.get("term", {}))
        self.rows = [
            ClassBoxes(row, number=number, kinds=kinds, venues=venues)
            for number, row in enumerate(content.get("classes", []))
        ]
        self.is_ready = self.term.is_valid() and bool(self.rows)
        self.planned_rows: list[plans.PlannedClass] = []
        self.warnings: list[str] = []
        starts_on = self.term.cleaned_data.get("starts_on")
        for row in self.rows:
            self._read(row, starts_on)
        if self.planned_rows:
            self._check()
        self.is_ready &= not any(row.errors for row in self.rows)

    def _read(self, row: ClassBoxes, starts_on):
        if not row.is_valid() or starts_on is None:
            return
        if row.row.get("was_called_off"):
            row.warnings.append(_("上一期停办，如不再开请去掉这一行。"))
        first = row.cleaned_data["first_day"]
        if first and first < starts_on:
            row.add_error("first_day", _("不能早于上课开始。"))
        else:
            self.planned_rows.append(row.planned(starts_on))

    def _check(self):
        forms_of = {row.key: row for row in self.rows}
        festivals = plans.Festivals(min(row.first_day for row in self.planned_rows))
        schedules = {
            row.key: plans.schedule(row, festivals) for row in self.planned_rows
        }
        for key, schedule in schedules.items():
            row = forms_of[key]
            row.schedule = schedule
            if len(schedule.days) < row.cleaned_data["lessons"]:
                row.add_error("lessons", _("两年内排不完这些课次。"))
        unknown = {year for made in schedules.values() for year in made.unknown_years}
        for year in sorted(unknown):
            text = _("%(year)d年的放假安排尚未录入，这一年的课暂按不放假排。")
            self.warnings.append(text % {"year": year})
        for found in plans.check_plan(self.planned_rows, schedules):
            row = forms_of[found.key]
            if found.stops:
                row.add_error(found.field, found.text)
            else:
                row.warnings.append(found.text)

    @property
    def planned_term(self) -> plans.PlannedTerm:
        return self.term.planned()

    @property
    def faults(self) -> int:
        """How many boxes have to be mended."""
        return len(self.term.errors) + sum(len(row.errors) for row in self.rows)

    def show(self, refusal) -> None:
        """What the verbs refused, at the boxes of its rows."""
        by_key = {row.key: row for row in self.rows}
        for reason in refusal.reasons:
            key, _dot, box = reason.field.rpartition(".")
            form = by_key.get(key, self.term)
            form.add_error(
                _BOX_OF.get(box, box) if box in form.fields else None, str(reason)
            )
        self.is_ready = False

    def show_other(self, stored: dict) -> None:
        """What somebody else saved since the page was opened: at each box that differs,
        and the rows they added as further rows."""
        self._differ(self.term, stored.get("term", {}))
        by_key = {row.get("key"): row for row in stored.get("classes", [])}
        for row in self.rows:
            if other := by_key.get(row.key):
                self._differ(row, other)

    def _differ(self, form, other):
        row = getattr(form, "row", None)
        for name, box in form.fields.items():
            parts = [f"{name}_0", f"{name}_1"] if hasattr(box, "fields") else [name]
            mine = form.data if row is None else row
            if all(mine.get(part, "") == other.get(part, "") for part in parts):
                continue
            said = " ".join(filter(None, (other.get(part, "") for part in parts)))
            if isinstance(box, forms.ChoiceField):
                said = {str(k): v for k, v in box.choices}.get(said, said)
            elif isinstance(box, forms.BooleanField):
                said = _("是") if said else _("否")
            text = _("他人已改为“%(said)s”，再次保存即以您的为准。")
            form.add_error(name, text % {"said": said or _("空")})


_BOX_OF = {"skip": "first_day"}


def content_of(post) -> dict:
    """What was typed on a sheet, as it is kept; rows that were taken off are left out,
    and so is an added row in which nothing was typed."""

    def text(name):
        return post.get(name, "").replace("\0", "")[:LONGEST_TEXT]

    term = {}
    for name, box in TermBoxes.base_fields.items():
        parts = [f"{name}_0", f"{name}_1"] if hasattr(box, "fields") else [name]
        term |= {part: text(part) for part in parts}
    rows, total = [], text("classes-total")
    names = [*ClassBoxes.base_fields, *ClassBoxes.KEPT]
    for number in range(min(int(total), plans.MOST_ROWS) if _is_small(total) else 0):
        row = {name: text(f"classes-{number}-{name}") for name in names}
        if not post.get(f"classes-{number}-drop"):
            row["key"] = _NO_KEY.sub("", row["key"])[:20] or f"n{number}"
            rows.append(row)
    return {"term": term, "classes": _keyed(rows)}


_NO_KEY = re.compile("[^a-z0-9-]")


def _is_small(text):
    return text.isascii() and text.isdecimal() and len(text) < 4


def _keyed(rows):
    """Every row by a key of its own, whatever was sent."""
    seen = set()
    for number, row in enumerate(rows):
        while row["key"] in seen:
            row["key"] = f"{row['key'][:12]}-{number}"
        seen.add(row["key"])
    return rows


def blank_row(rows) -> dict:
    """A further row, at the place of the last one: it rarely is another house."""
    numbers = [int(row["key"][1:]) for row in rows if row["key"][1:].isdecimal()]
    row = {"key": f"n{max(numbers, default=0) + 1}"}
    if rows:
        row |= {name: rows[-1].get(name, "") for name in ("venue", "lessons")}
    return row
