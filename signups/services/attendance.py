"""Who came: the attendance of people who held a seat. Evidence for everything that is
counted of them later.

``checkin``  a person taps for themselves (or is tapped for), by the code of the hour
``attendance``  whoever leads notes one or a whole list, and corrects

Lock order: Occasion, then Signup by id, then Attendance.
"""

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
from signups.services import conduct

_CAME = (AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.MADE_UP)


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
    of what they asked for, or made it up at another one. Noted again, it is corrected;
    a time of arriving or leaving that is not given stays as it was.

    Raises Refusal: ``not_seated``, ``other_offering``, ``occasion_cancelled``,
    ``too_many_people``, ``made_up_where``.
    """
    signup = Signup.objects.select_for_update(of=("self",), no_key=True).get(
        pk=signup.pk
    )
    if people is None:
        people = signup.seats if state in _CAME else 0
    grounds = []
    if signup.status != SignupStatus.SEATED:
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
    times = {"arrived_at": arrived_at, "left_at": left_at}
    attendance, _made = Attendance.objects.update_or_create(
        signup=signup,
        occasion=occasion,
        defaults={
            "state": state,
            "people": people,
            **{name: at for name, at in times.items() if at is not None},
            "made_up_at": made_up_at,
            "noted_by": by,
        },
    )
    conduct.judge_absences(signups=[signup.pk], by=by)
    return attendance


@dataclass(frozen=True)
class Mark:
    """What was marked for one signup, and what the page had shown (both a state of
    ``enums.AttendanceState``, or empty: not noted). ``is_rest``: it was not marked by
    name, and gives way to whatever is noted by now."""

    signup: int
    state: str
    was: str = ""
    is_rest: bool = False


@transaction.atomic
@history.on_record
def note_all(
    *, occasion: Occasion, marks: Collection[Mark], by: User | None
) -> list[Attendance]:
    """Write down a whole list at once, or nothing of it, in a handful of statements
    however many names it has. Only what was changed on the page is written; a mark once
    noted is corrected, never taken away, and when somebody tapped stays on record.

    Refusal: ``too_early`` (the day has not come), ``occasion_cancelled``; at the field
    ``state-<signup>``: ``marked_since`` for what somebody else noted differently
    meanwhile, ``not_seated``, ``made_up_where`` (noted by ``note_attendance`` only).
    """
    occasion = Occasion.objects.select_for_update(no_key=True).get(pk=occasion.pk)
    if timezone.localdate(occasion.starts_at) > timezone.localdate():
        text = _("还没有到上课的日子，不能登记考勤。")
        raise Refusal(Reason("too_early", text))
    if occasion.cancelled_at is not None:
        raise Refusal(Reason("occasion_cancelled", _("这一场已取消。")))
    stored = {row.signup_id: row for row in occasion.attendances.all()}
    changed = [
        mark
        for mark in marks
        if mark.state
        and mark.state != mark.was
        and not (mark.is_rest and mark.signup in stored)
        and (mark.signup not in stored or mark.state != stored[mark.signup].state)
    ]
    # locked in one order: a tap of one of them waits, or was there first
    signups = {
        signup.pk: signup
        for signup in Signup.objects.filter(
            offering=occasion.offering_id, pk__in=[mark.signup for mark in changed]
        )
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    }
    stored |= {
        row.signup_id: row for row in occasion.attendances.filter(signup__in=signups)
    }
    changed = [
        mark
        for mark in changed
        if mark.signup in signups and not (mark.is_rest and mark.signup in stored)
    ]
    grounds = [
        ground
        for mark in changed
        for ground in _against(mark, signups[mark.signup], stored.get(mark.signup))
    ]
    if grounds:
        raise Refusal(*grounds)
    noted = []
    for mark in changed:
        row = stored.get(mark.signup) or Attendance(
            signup_id=mark.signup, occasion=occasion
        )
        row.state, row.noted_by = mark.state, by
        row.people = signups[mark.signup].seats if mark.state in _CAME else 0
        row.made_up_at = None
        noted.append(row)
    Attendance.objects.bulk_create([row for row in noted if row.pk is None])
    Attendance.objects.bulk_update(
        [row for row in noted if row.signup_id in stored],
        ["state", "noted_by", "people", "made_up_at"],
    )
    conduct.judge_absences(signups=[row.signup_id for row in noted], by=by)
    return noted


def _against(mark: Mark, signup: Signup, row: Attendance | None):
    """Every reason why this mark cannot be written, each at its field."""
    field = f"state-{mark.signup}"
    if signup.status != SignupStatus.SEATED:
        yield Reason("not_seated", _("没有名额，不能登记到场。"), field=field)
    if mark.state == AttendanceState.MADE_UP:
        yield Reason("made_up_where", _("补课须写明补在哪一场。"), field=field)
    if row is not None and row.state not in (mark.was, mark.state):
        text = _("他人已登记为“%(state)s”，请核对后再保存。")
        text %= {"state": AttendanceState(row.state).label}
        yield Reason("marked_since", text, field=field)
