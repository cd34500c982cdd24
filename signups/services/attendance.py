"""Who came: the attendance of people who held a seat. Evidence for everything that is
counted of them later."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import history
from common.errors import Reason, Refusal
from members.models import User
from signups.enums import AttendanceState, SignupStatus
from signups.models import Attendance, Occasion, Signup

_HOLDERS = (SignupStatus.SEATED, SignupStatus.COMPLETED, SignupStatus.NO_SHOW)


@transaction.atomic
@history.on_record
def note_attendance(
    *,
    signup: Signup,
    occasion: Occasion,
    state: str,
    by: User | None,
    people: int | None = None,
    arrived_at: datetime | None = None,
    left_at: datetime | None = None,
    made_up_at: Occasion | None = None,
) -> Attendance:
    """Write down whether a signup's person (``people`` of a party) came to an occasion
    of what they asked for, or made it up at another one. Noted again, it is corrected.

    Raises Refusal: ``not_seated``, ``other_offering``, ``occasion_cancelled``,
    ``too_many_people``, ``made_up_where``.
    """
    signup = Signup.objects.select_for_update(of=("self",), no_key=True).get(
        pk=signup.pk
    )
    came = state in (
        AttendanceState.PRESENT,
        AttendanceState.LATE,
        AttendanceState.MADE_UP,
    )
    if people is None:
        people = signup.seats if came else 0
    grounds = []
    if signup.status not in _HOLDERS:
        grounds.append(Reason("not_seated", _("没有名额，不能登记到场。")))
    if occasion.offering_id != signup.offering_id:
        grounds.append(Reason("other_offering", _("这一场不属于所报的项目。")))
    if occasion.cancelled_at is not None:
        grounds.append(Reason("occasion_cancelled", _("这一场已取消。")))
    if people > signup.seats:
        text = _("到场人数不能超过所报的%(n)d个名额。") % {"n": signup.seats}
        grounds.append(Reason("too_many_people", text, field="people"))
    if (state == AttendanceState.MADE_UP) != (made_up_at is not None):
        text = _("补课须写明补在哪一场。")
        grounds.append(Reason("made_up_where", text, field="made_up_at"))
    if grounds:
        raise Refusal(*grounds)
    attendance, _made = Attendance.objects.update_or_create(
        signup=signup,
        occasion=occasion,
        defaults={
            "state": state,
            "people": people,
            "arrived_at": arrived_at,
            "left_at": left_at,
            "made_up_at": made_up_at,
            "noted_by": by,
        },
    )
    return attendance


@dataclass(frozen=True)
class Mark:
    """What was marked for one signup, and what the page had shown (both a state of
    ``enums.AttendanceState``, or empty: not noted)."""

    signup: int
    state: str
    was: str = ""


@transaction.atomic
@history.on_record
def note_all(
    *, occasion: Occasion, marks: Collection[Mark], by: User | None
) -> list[Attendance]:
    """Write down a whole list at once, or nothing of it. Only what was changed on the
    page is written; a mark once noted is corrected, never taken away.

    Refusal: ``too_early`` (the day has not come), ``marked_since`` at the field
    ``state-<signup>`` for what somebody else noted differently meanwhile, and those of
    ``note_attendance``.
    """
    if timezone.localdate(occasion.starts_at) > timezone.localdate():
        text = _("还没有到上课的日子，不能登记考勤。")
        raise Refusal(Reason("too_early", text))
    Occasion.objects.select_for_update(no_key=True).get(pk=occasion.pk)
    stored = dict(occasion.attendances.values_list("signup", "state"))
    changed = [
        mark
        for mark in marks
        if mark.state
        and mark.state != mark.was
        and mark.state != stored.get(mark.signup)
    ]
    grounds = [
        Reason(
            "marked_since",
            _("他人已登记为“%(state)s”，请核对后再保存。")
            % {"state": AttendanceState(stored[mark.signup]).label},
            field=f"state-{mark.signup}",
        )
        for mark in changed
        if stored.get(mark.signup, mark.was) != mark.was
    ]
    if grounds:
        raise Refusal(*grounds)
    signups = occasion.offering.signups.in_bulk([mark.signup for mark in changed])
    return [
        note_attendance(
            signup=signups[mark.signup], occasion=occasion, state=mark.state, by=by
        )
        for mark in changed
        if mark.signup in signups
    ]
