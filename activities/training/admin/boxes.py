"""Forms of a class and of a lesson, as the back office shows them."""

import re

from django import forms
from django.contrib.admin.widgets import (
    AdminDateWidget,
    AdminSplitDateTime,
    AdminTextareaWidget,
    AdminTextInputWidget,
    AdminTimeWidget,
)
from django.utils.translation import gettext_lazy as _

from activities.training import services
from common.moments import ClockField, DayField, MomentField
from signups.enums import Audience, PoolKind

WEEKDAYS = [
    (1, _("周一")),
    (2, _("周二")),
    (3, _("周三")),
    (4, _("周四")),
    (5, _("周五")),
    (6, _("周六")),
    (7, _("周日")),
]


def named(words):
    """A split date-time box whose two halves say what they are."""
    widget = AdminSplitDateTime()
    for part, word in zip(widget.widgets, (_("日期"), _("时间")), strict=True):
        part.attrs["aria-label"] = f"{words} {word}"
    return widget


class DaysField(forms.CharField):
    """Dates, one a line or parted by blanks or commas."""

    def clean(self, value):
        words = re.split(r"[\s,，、;；]+", (super().clean(value) or "").strip())
        days = set()
        for word in filter(None, words):
            try:
                days.add(DayField().clean(word))
            except forms.ValidationError as error:
                if error.code == "year":
                    raise
                raise forms.ValidationError(
                    _("“%(word)s”不是日期，请写成2018-06-18。"), params={"word": word}
                ) from error
        return days


_ON_TOP = _("另为一线职工、农民工预留，不占上面的名额。")


def room_box():
    return forms.CharField(
        label=_("教室"),
        required=False,
        max_length=30,
        help_text=_("如：302教室"),
        widget=AdminTextInputWidget,
    )


class NewClassForm(forms.ModelForm):
    """What ``services.open_class`` takes: the facts, the seats, and a plan from which
    the lessons are made."""

    room = room_box()
    capacity = forms.IntegerField(
        label=_("名额"), min_value=0, max_value=services.MOST_SEATS
    )
    reserved = forms.IntegerField(
        label=_("预留名额"),
        min_value=0,
        max_value=services.MOST_SEATS,
        initial=0,
        help_text=_ON_TOP,
    )
    reserved_for = forms.ChoiceField(
        label=_("预留给"), choices=Audience, initial=Audience.EITHER
    )
    reserved_until = MomentField(
        label=_("预留至"),
        required=False,
        widget=named(_("预留至")),
        help_text=_("此后未用完的预留名额向所有人开放；留空为一直预留。"),
    )
    waitlist_limit = forms.IntegerField(
        label=_("候补上限"),
        required=False,
        min_value=0,
        max_value=services.MOST_SEATS,
        help_text=_("留空为不限，0为不设候补。"),
    )
    is_members_only = forms.BooleanField(
        label=_("限工会会员"), required=False, initial=True
    )
    first_day = DayField(label=_("第一次课不早于"), widget=AdminDateWidget)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("星期几上课"),
        coerce=int,
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
    )
    starts = ClockField(label=_("上课时间"), widget=AdminTimeWidget)
    ends = ClockField(label=_("下课时间"), widget=AdminTimeWidget)
    lessons = forms.IntegerField(
        label=_("课次"), min_value=1, max_value=services.MOST_LESSONS
    )
    skip = DaysField(
        label=_("停课日"),
        max_length=2000,
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("其他不上课的日子，一行一个，如2018-06-18。"),
    )
    avoids_holidays = forms.BooleanField(
        label=_("避开法定节假日"),
        required=False,
        initial=True,
        help_text=_(
            "按已录入的放假安排；课次所在年份尚未录入时，请去掉勾选并自行填写停课日。"
        ),
    )


class ClassForm(forms.ModelForm):
    """A class that is open: facts, and the rules and seats that stand at the desk."""

    room = room_box()
    capacity = forms.IntegerField(
        label=_("名额"), min_value=0, max_value=services.MOST_SEATS
    )
    reserved = forms.IntegerField(
        label=_("预留名额"),
        min_value=0,
        max_value=services.MOST_SEATS,
        required=False,
        help_text=_ON_TOP,
    )
    opens_at = MomentField(label=_("报名开始"), widget=named(_("报名开始")))
    closes_at = MomentField(label=_("报名截止"), widget=named(_("报名截止")))
    cancel_until = MomentField(
        label=_("可取消至"), required=False, widget=named(_("可取消至"))
    )
    waitlist_limit = forms.IntegerField(
        label=_("候补上限"),
        required=False,
        min_value=0,
        max_value=services.MOST_SEATS,
        help_text=_("留空为不限，0为不设候补。"),
    )
    is_members_only = forms.BooleanField(label=_("限工会会员"), required=False)

    AT_THE_DESK = (
        "opens_at",
        "closes_at",
        "cancel_until",
        "waitlist_limit",
        "is_members_only",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "capacity" not in self.fields:
            return  # somebody who may only view
        self.initial["room"] = self.instance.room_name
        offering = self.instance.offering
        for name in self.AT_THE_DESK:
            self.initial[name] = getattr(offering, name)
        pools = {pool.kind: pool.capacity for pool in offering.pools.all()}
        self.initial["capacity"] = pools[PoolKind.GENERAL]
        if PoolKind.AUDIENCE in pools:
            self.initial["reserved"] = pools[PoolKind.AUDIENCE]
        else:
            self.fields["reserved"].disabled = True


class LessonForm(forms.ModelForm):
    starts_at = MomentField(label=_("开始"), widget=named(_("开始")))
    ends_at = MomentField(label=_("结束"), widget=named(_("结束")))
    room = room_box()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "starts_at" in self.fields:
            self.initial["starts_at"] = self.instance.occasion.starts_at
            self.initial["ends_at"] = self.instance.occasion.ends_at
            self.initial["room"] = self.instance.room.name if self.instance.room else ""
            self.fields["room"].help_text = ""
            self.fields["room"].widget.attrs["aria-label"] = _("教室")
            # a row of a lesson has six columns: its boxes are short
            self.fields["topic"].widget.attrs |= {"class": "", "size": 18}
            self.fields["room"].widget.attrs |= {"class": "", "size": 9}
