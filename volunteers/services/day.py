"""On the day: what a leader writes down for those who did not tap, and photos.

Lock order: ServiceEvent, then as at the desk (Signup, Attendance).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now

from common import history, pagecache, picturestore
from common.errors import Reason, Refusal
from common.picturestore import Kept
from common.services import after_commit
from members.models import User
from signups.enums import AttendanceState, SignupStatus
from signups.models import Attendance, Signup
from signups.services import attendance, checkin
from signups.services.standing import database_now
from volunteers import errors
from volunteers.enums import Side
from volunteers.models import DayEntry, EventPhoto, ServiceEvent
from volunteers.services.events import check_runs, lock_event, occasions_of

SHELF = "services"
NO_PHONE = "没有手机"  # what stands there where the leader says nothing else
HERE, ABSENT = "here", "absent"
AROUND = timedelta(hours=12)  # how far from the service a time may lie
_CAME = (AttendanceState.PRESENT, AttendanceState.LATE)


@dataclass(frozen=True)
class Line:
    """What was written for one signup: ``mark`` is HERE, ABSENT or empty (as it was);
    times that are not given stay, or are now; ``reason`` says why there was no tap."""

    signup: int
    mark: str = ""
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    reason: str = ""


@transaction.atomic
@history.on_record
def note_roster(
    *, event: ServiceEvent, lines: Collection[Line], by: User | None
) -> int:
    """Write down a whole roster at once, or nothing of it; how many lines said
    something. What people tapped themselves is left alone; what is noted here says who
    noted it and why. A line that says what is noted already changes nothing.

    Refusal: ``not_run_by``, ``called_off``, ``event_closed``, ``not_the_day``; at the
    field ``line-<signup>``: ``not_seated``, ``needs_reason``, ``out_before_in``,
    ``outside_day``, ``not_in`` (a leaving of who never came).
    """
    event = lock_event(event)
    check_runs(by, event.team)
    now = database_now()
    if event.called_off_at is not None:
        raise Refusal(errors.EVENT_OFF)
    if event.closed_at is not None:
        raise Refusal(errors.EVENT_CLOSED)
    occasions = {post.offering_id: occasion for post, occasion in occasions_of(event)}
    first = next(iter(occasions.values()))
    if now < checkin.hours_of(first).opens_at:
        raise Refusal(errors.NOT_THE_DAY)
    asked = {line.signup: line for line in lines if line.mark or line.left_at}
    signups = {
        signup.pk: signup
        for signup in Signup.objects.filter(
            pk__in=asked, offering__in=occasions, status=SignupStatus.SEATED
        )
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    }
    stored = {
        row.signup_id: row for row in Attendance.objects.filter(signup__in=signups)
    }
    grounds = [
        reason.at(f"line-{pk}")
        for pk, line in asked.items()
        for reason in _against(event, line, signups.get(pk), stored.get(pk), now)
    ]
    if grounds:
        raise Refusal(*grounds)
    return sum(
        _note(line, signups[pk], occasions, stored.get(pk), now, by)
        for pk, line in sorted(asked.items())
    )


def _against(event, line, signup, row, now):
    if signup is None:
        yield Reason("not_seated", errors.NOT_SEATED.text)
        return
    came = row is not None and row.arrived_at is not None and row.state in _CAME
    arrived = row.arrived_at if came else line.arrived_at or now
    for at in (line.arrived_at, line.left_at):
        is_far = at is not None and not (
            event.starts_at - AROUND <= at <= event.ends_at + AROUND and at <= now
        )
        if is_far:
            yield errors.OUTSIDE_DAY
            return
    if line.left_at is None:
        return
    if line.mark == ABSENT or not (came or line.mark == HERE):
        yield errors.NEVER_CAME
        return
    if line.left_at <= arrived:
        yield errors.OUT_BEFORE_IN
    is_news = row is None or row.left_at != line.left_at
    if is_news and not line.reason.strip():
        yield errors.WHY_FILLED


def _note(line, signup, occasions, row, now, by) -> bool:
    occasion = occasions[signup.offering_id]
    came = row is not None and row.arrived_at is not None and row.state in _CAME
    if line.mark == ABSENT:
        if row is not None and row.state == AttendanceState.ABSENT:
            return False
        attendance.note_attendance(
            signup=signup, occasion=occasion, state=AttendanceState.ABSENT, by=by
        )
        return True
    is_new = line.mark == HERE and not came
    arrived = line.arrived_at or now if is_new else None
    left = line.left_at if row is None or row.left_at != line.left_at else None
    if not is_new and left is None:
        return False
    state = row.state if came else _state_at(occasion, arrived)
    attendance.note_attendance(
        signup=signup,
        occasion=occasion,
        state=state,
        arrived_at=arrived,
        left_at=left,
        by=by,
    )
    reason = line.reason.strip()[:100]
    for side, at in ((Side.IN, arrived), (Side.OUT, left)):
        if at is not None:
            DayEntry.objects.create(
                signup=signup, side=side, at=at, reason=reason or NO_PHONE, by=by
            )
    return True


def _state_at(occasion, at) -> str:
    late = at >= checkin.hours_of(occasion).late_from
    return AttendanceState.LATE if late else AttendanceState.PRESENT


# --- photos ----------------------------------------------------------------------------


@transaction.atomic
@history.on_record
def add_photo(
    *, event: ServiceEvent, kept: Kept, caption: str, by: User | None
) -> EventPhoto:
    """Keep a photo as evidence: the team and the coordinator see it. The same file sent
    twice is one photo. Refusal: ``not_run_by``, ``called_off``."""
    event = lock_event(event)
    check_runs(by, event.team)
    if event.called_off_at is not None:
        raise Refusal(errors.EVENT_OFF)
    known = event.photos.filter(sha256=kept.sha256).first()
    if known is not None:
        return known
    photo = EventPhoto.objects.create(
        event=event,
        key=kept.key,
        sha256=kept.sha256,
        width=kept.width,
        height=kept.height,
        caption=caption.strip()[:60],
        by=by,
    )
    after_commit(picturestore.settle, SHELF, kept.key)
    return photo


@transaction.atomic
@pagecache.publishes
@history.on_record
def publish_photo(*, photo: EventPhoto, is_public: bool, by: User | None) -> EventPhoto:
    """Show a photo on the service's page, or take it back. Refusal: ``not_run_by``."""
    photo = EventPhoto.objects.select_related("event__team").get(pk=photo.pk)
    check_runs(by, photo.event.team)
    photo.published_at = Now() if is_public else None
    photo.save(update_fields=["published_at"])
    photo.refresh_from_db()
    return photo


def forget_photos() -> int:
    """Delete photos that were uploaded and never attached; how many."""
    return picturestore.sweep(
        SHELF, lambda key: EventPhoto.objects.filter(key=key).exists()
    )
