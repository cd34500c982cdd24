"""The pages of whoever leads an occasion (a teacher, the leader of a team, staff at a
door): who came, and the code that people tap by. Each wing decides whose occasion it is
and puts these into a page of its own:

``read(request, occasion)``  the roll, and the POST that saves it (``_roll.html``)
``door(request, occasion)``  the code, its picture's address, how many are here
                             (``_door.html``)
``picture(request, occasion)``  the code as a QR picture
"""

from dataclasses import dataclass, field

from django.http import HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from common import dates, qr
from common.errors import Reason, Refusal
from members.models import Worker
from signups.enums import AttendanceState
from signups.models import Attendance, Occasion, Signup
from signups.services import attendance, checkin
from signups.services.standing import database_now

MOST = 500  # names on one roll

# what is offered to tick; 补课 is written down where it was made up
MARKS = [
    AttendanceState.PRESENT,
    AttendanceState.LATE,
    AttendanceState.EXCUSED,
    AttendanceState.ABSENT,
]


@dataclass
class Roll:
    """Who has a seat, what is noted of each and what was just ticked. ``noted`` is None
    until something was saved, then how many were."""

    people: list[Signup]
    noted: int | None = None
    reasons: list[Reason] = field(default_factory=list)  # of nobody in particular
    has_errors: bool = False
    marks: list[tuple[str, str]] = field(
        default_factory=lambda: [(mark.value, mark.label) for mark in MARKS]
    )


def read(request, occasion: Occasion) -> Roll:
    """The roll of an occasion for ``admin/signups/_roll.html``; a POST of it saves all
    that was ticked, or nothing, and ``_rest`` in it means that everybody else came.
    Whether they may is the caller's question."""
    people = list(occasion.offering.signups.for_list().seated()[:MOST])
    roll, errors, typed = Roll(people), {}, {}
    if request.method == "POST":
        typed = request.POST
        marks = [_mark(signup.pk, typed) for signup in people]
        try:
            noted = attendance.note_all(occasion=occasion, marks=marks, by=request.user)
        except Refusal as refusal:
            errors = {reason.field: reason for reason in refusal.reasons}
            roll.reasons = [one for one in refusal.reasons if not one.field]
            roll.has_errors = True
        else:
            roll.noted = len(noted)
    stored = {
        row.signup_id: row
        for row in Attendance.objects.filter(occasion=occasion).select_related(
            "noted_by"
        )
    }
    for signup in people:
        row = stored.get(signup.pk)
        signup.was = row.state if row else ""
        signup.state = _known(typed.get(f"state-{signup.pk}")) or signup.was
        signup.error = errors.get(f"state-{signup.pk}")
        signup.said = said_of(row, signup.worker) if row and row.arrived_at else ""
    return roll


def said_of(row: Attendance, worker: Worker | None) -> str:
    """When somebody tapped, and who did it or noted it if it was not they. Reads
    ``noted_by``."""
    parts = []
    if row.arrived_at:
        parts.append(_("%(at)s签到") % {"at": dates.clock(row.arrived_at)})
    if row.left_at:
        parts.append(_("%(at)s签退") % {"at": dates.clock(row.left_at)})
    own = worker.user_id if worker else None
    if row.noted_by_id is not None and row.noted_by_id != own:
        parts.append(_("经办：%(by)s") % {"by": row.noted_by})
    return "，".join(parts)


def door(request, occasion: Occasion) -> dict:
    """What ``admin/signups/_door.html`` prints: the code of this moment, when there is
    one, where people tap, how many are here."""
    now, hours = database_now(), checkin.hours_of(occasion)
    code = checkin.code_of(occasion, now) if hours.shows_code(now) else None
    seated = occasion.offering.signups.seated()
    here = Attendance.objects.filter(
        occasion=occasion, state__in=["present", "late", "made_up"]
    )
    return {
        "code": code,
        "address": request.build_absolute_uri(
            reverse("signups:check-in", args=[occasion.pk])
        ),
        "opens_at": dates.moment(hours.opens_at),
        "late_from": dates.clock(hours.late_from),
        "is_before": now < hours.opens_at,
        "here": here.count(),
        "seated": seated.count(),
        # a closed door asks again in a minute
        "again": code.seconds if code else 60,
    }


def picture(request, occasion: Occasion) -> HttpResponse:
    """The address of an occasion with the code of this moment, for a telephone's camera;
    kept nowhere."""
    code = checkin.code_of(occasion)
    there = reverse("signups:check-in", args=[occasion.pk])
    address = request.build_absolute_uri(f"{there}?code={code.digits}")
    response = HttpResponse(qr.svg(address), content_type="image/svg+xml")
    add_never_cache_headers(response)
    return response


def _mark(key, typed) -> attendance.Mark:
    was, state = (_known(typed.get(f"{name}-{key}")) for name in ("was", "state"))
    is_rest = not state and not was and "_rest" in typed
    if is_rest:
        state = AttendanceState.PRESENT
    return attendance.Mark(signup=key, state=state, was=was, is_rest=is_rest)


def _known(state):
    """A state that may be ticked, or empty."""
    return state if state in AttendanceState.values else ""
