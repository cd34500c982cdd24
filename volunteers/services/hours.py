"""Hours: written down from what was tapped, confirmed by somebody else, publicised for
seven days, disputed, corrected.

Lock order: ServiceEvent, then ServiceRecord by id, then the chain (``services.chain``).
"""

from collections.abc import Collection
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from common import dates, history, pagecache
from common.errors import Reason, Refusal
from common.services import refusing
from members.models import User, Worker
from members.services.notices import notify
from signups.enums import AttendanceState, SignupStatus
from signups.models import Attendance, Signup
from signups.services.standing import database_now
from volunteers import errors, notices
from volunteers.enums import (
    DisputeState,
    Evidence,
    NeedState,
    RecordSort,
    RecordState,
    Side,
)
from volunteers.models import DayEntry, HoursDispute, ServiceEvent, ServiceRecord
from volunteers.services import certifying, chain, needs
from volunteers.services.events import check_runs, lock_event
from volunteers.services.joining import leaders_of

PUBLIC_DAYS = 7
LONGEST = 200  # characters of a reason
# a roster is evidence if it was written so soon after the end
ROSTER_WITHIN = timedelta(hours=24)
MINE = "volunteers:my-services"

S = RecordState
_GROUND = {
    "volunteers_servicerecord_recorder_not_confirmer": errors.RECORDED_BY_ONESELF,
    "volunteers_servicerecord_prover_not_confirmer": errors.PROVED_BY_ONESELF,
    "volunteers_servicerecord_not_ones_own": errors.OWN_RECORD,
    "volunteers_servicerecord_superseded_once": errors.IN_CORRECTION,
    "volunteers_servicerecord_once": errors.IN_CORRECTION,
    "volunteers_servicerecord_within_length": errors.HOURS_TOO_LONG,
}


# --- writing down ----------------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
@history.on_record
def close_day(*, event: ServiceEvent, by: User | None) -> list[ServiceRecord]:
    """Write down the hours of everybody who came, from when they came and went, within
    the service's own times; the day is done then. Doing it twice is doing it once.

    Who tapped nothing and was noted too late stays unproven. Who did not come gets no
    record. Refusal: ``not_run_by``, ``called_off``, ``event_not_over``,
    ``out_missing`` (at ``line-<signup>``, for each).
    """
    event = lock_event(event)
    check_runs(by, event.team)
    if event.closed_at is not None:
        return list(event.records.order_by("pk"))
    grounds = []
    if event.called_off_at is not None:
        grounds.append(errors.EVENT_OFF)
    elif database_now() < event.ends_at:
        grounds.append(errors.EVENT_NOT_OVER)
    if grounds:
        raise Refusal(*grounds)
    came = _came(event)
    missing = [row for row in came if row.left_at is None]
    if missing:
        raise Refusal(
            *(
                Reason(
                    "out_missing",
                    _("%(name)s没有签退，请补填离开时间和原因。")
                    % {"name": row.signup.worker.name},
                    field=f"line-{row.signup_id}",
                )
                for row in missing
            )
        )
    entries = _entries(event)
    made = [
        record
        for row in came
        if (record := _record_of(event, row, entries, by)) is not None
    ]
    for record in made:
        record.save()
    event.closed_at = database_now()
    event.save(update_fields=["closed_at", "updated_at"])
    if event.need_id and event.need.state == NeedState.PLANNED:
        needs.finish(need=event.need, by=None)
    return made


def _came(event) -> list[Attendance]:
    rows = Attendance.objects.filter(
        signup__offering__post__event=event,
        signup__worker__isnull=False,
        state__in=[AttendanceState.PRESENT, AttendanceState.LATE],
    )
    return list(
        rows.select_related("signup__worker", "signup__offering__post").order_by(
            "signup"
        )
    )


def _entries(event) -> dict[tuple[int, str], DayEntry]:
    """The newest of each signup and side."""
    rows = DayEntry.objects.filter(signup__offering__post__event=event)
    return {(row.signup_id, row.side): row for row in rows.order_by("pk")}


def _record_of(event, row, entries, by) -> ServiceRecord | None:
    noted = entries.get((row.signup_id, Side.IN))
    evidence_in = Evidence.CODE
    if noted is not None:
        is_soon = noted.noted_at <= event.ends_at + ROSTER_WITHIN
        evidence_in = Evidence.ROSTER if is_soon else Evidence.NONE
    elif row.arrived_at is None:
        evidence_in = Evidence.NONE
    filled = entries.get((row.signup_id, Side.OUT))
    arrived = max(row.arrived_at or event.starts_at, event.starts_at)
    left = min(row.left_at, event.ends_at)
    minutes = int((left - arrived).total_seconds() // 60)
    if minutes < 1:
        return None
    reasons = [entry.reason for entry in (noted, filled) if entry is not None]
    return ServiceRecord(
        event=event,
        post=row.signup.offering.post,
        worker=row.signup.worker,
        signup=row.signup,
        served_on=timezone.localdate(event.starts_at),
        length=event.minutes,
        minutes=minutes,
        arrived_at=row.arrived_at,
        left_at=row.left_at,
        evidence_in=evidence_in,
        evidence_out=Evidence.CODE if filled is None else Evidence.FILLED,
        reason="；".join(dict.fromkeys(reasons))[:LONGEST],
        state=S.UNPROVEN if evidence_in == Evidence.NONE else S.RECORDED,
        recorded_by=by or event.made_by,
    )


@transaction.atomic
@history.on_record
def record_unproven(
    *, event: ServiceEvent, signup: Signup, minutes: int, reason: str, by: User
) -> ServiceRecord:
    """Write down, after the day was done, that somebody with a seat came though nothing
    shows it: unproven until there is evidence, and then for another person to confirm.

    Refusal: ``not_run_by``, ``event_not_over``, ``not_seated``, ``minutes_wrong``,
    ``within_length``, ``needs_reason``, ``in_correction`` (there is a record).
    """
    event = lock_event(event)
    check_runs(by, event.team)
    grounds = _against_minutes(minutes, event.minutes) + _against_reason(reason)
    if event.closed_at is None:
        grounds.append(errors.EVENT_NOT_OVER)
    held = Signup.objects.filter(
        pk=signup.pk,
        offering__post__event=event,
        worker__isnull=False,
        status=SignupStatus.SEATED,
    ).select_related("worker", "offering__post")
    signup = held.first()
    if signup is None:
        grounds.append(errors.NOT_SEATED)
    if grounds:
        raise Refusal(*grounds)
    with refusing(_GROUND):
        return ServiceRecord.objects.create(
            event=event,
            post=signup.offering.post,
            worker=signup.worker,
            signup=signup,
            served_on=timezone.localdate(event.starts_at),
            length=event.minutes,
            minutes=minutes,
            evidence_in=Evidence.NONE,
            evidence_out=Evidence.NONE,
            reason=reason.strip(),
            state=S.UNPROVEN,
            recorded_by=by,
        )


@transaction.atomic
@history.on_record
def prove(*, record: ServiceRecord, reason: str, by: User) -> ServiceRecord:
    """Bring evidence (who saw it, which photo or list) for a record that has none; then
    somebody else confirms it. Refusal: ``not_run_by``, ``not_ones_own``,
    ``not_unproven``, ``proof_missing``, ``reason_too_long``."""
    record = _locked(record)
    check_runs(by, record.event.team)
    grounds = _against_own(record, by)
    if record.state != S.UNPROVEN:
        grounds.append(errors.NOT_UNPROVEN)
    if not reason.strip():
        grounds.append(errors.PROOF_MISSING)
    elif len(reason.strip()) > LONGEST:
        grounds.append(errors.REASON_LONG)
    if grounds:
        raise Refusal(*grounds)
    record.evidence_in = Evidence.PROOF
    if record.evidence_out == Evidence.NONE:
        record.evidence_out = Evidence.PROOF
    record.reason, record.proved_by = reason.strip(), by
    record.state = S.RECORDED
    record.save()
    return record


@transaction.atomic
@history.on_record
def amend(
    *, record: ServiceRecord, minutes: int, reason: str, by: User
) -> ServiceRecord:
    """Write down anew what nobody has confirmed yet, as when it was given back; whoever
    does it is its recorder from then on. Refusal: ``not_run_by``, ``not_recorded``,
    ``minutes_wrong``, ``within_length``, ``needs_reason``."""
    record = _locked(record)
    check_runs(by, record.event.team)
    grounds = _against_minutes(minutes, record.length) + _against_reason(reason)
    if record.state not in (S.RECORDED, S.RETURNED):
        grounds.append(errors.NOT_RECORDED)
    if grounds:
        raise Refusal(*grounds)
    record.minutes, record.reason = minutes, reason.strip()
    record.recorded_by, record.state = by, S.RECORDED
    record.returned_reason = ""
    record.save()
    return record


@transaction.atomic
@history.on_record
def drop(*, record: ServiceRecord, reason: str, by: User) -> ServiceRecord:
    """Take down what was written by mistake and not confirmed. Refusal: ``not_run_by``,
    ``not_recorded``, ``needs_reason``."""
    record = _locked(record)
    check_runs(by, record.event.team)
    grounds = _against_reason(reason)
    if record.state in (S.CONFIRMED, S.DROPPED):
        grounds.append(errors.NOT_RECORDED)
    if grounds:
        raise Refusal(*grounds)
    record.state, record.returned_reason = S.DROPPED, reason.strip()
    record.save()
    return record


# --- confirming ------------------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
@history.on_record
def confirm(*, records: Collection[ServiceRecord], by: User) -> list[ServiceRecord]:
    """Confirm what somebody else wrote down: each becomes a link of the chain and is
    publicised for seven days, and its person is told. A certificate that rests on what
    was corrected is revoked. All of them or none; those that
    somebody has confirmed meanwhile are left out of what is returned.

    Refusal: ``not_run_by``, ``not_recorded``, ``not_ones_own``,
    ``recorder_not_confirmer``, ``prover_not_confirmer``.
    """
    wanted = sorted(record.pk for record in records)
    rows = list(
        ServiceRecord.objects.select_for_update(of=("self",), no_key=True)
        .select_related("event__team", "worker", "supersedes")
        .filter(pk__in=wanted)
        .order_by("pk")
    )
    rows = [row for row in rows if row.state != S.CONFIRMED]
    grounds = []
    for row in rows:
        check_runs(by, row.event.team)
        grounds += _against_confirming(row, by)
    if grounds:
        raise Refusal(*dict.fromkeys(grounds))
    now = database_now()
    for row in rows:
        row.state, row.confirmed_by, row.confirmed_at = S.CONFIRMED, by, now
        row.public_until = public_until(now)
    with refusing(_GROUND):
        chain.append(rows)
    replaced = [row.supersedes for row in rows if row.supersedes_id]
    if replaced:
        certifying.revoke_of(records=replaced, by=by)
    for row in rows:
        _tell_recorded(row, by)
    return rows


def public_until(confirmed_at: datetime) -> datetime:
    """Seven whole days, beginning with the day after."""
    day = timezone.localdate(confirmed_at) + timedelta(days=PUBLIC_DAYS + 1)
    return timezone.make_aware(datetime.combine(day, time.min))


def _against_confirming(record, by) -> list[Reason]:
    if record.state != S.RECORDED:
        return [errors.NOT_RECORDED]
    grounds = _against_own(record, by)
    if record.recorded_by_id == by.pk:
        grounds.append(errors.RECORDED_BY_ONESELF)
    if record.proved_by_id == by.pk:
        grounds.append(errors.PROVED_BY_ONESELF)
    return grounds


def _against_own(record, by) -> list[Reason]:
    is_own = record.worker.user_id is not None and record.worker.user_id == by.pk
    return [errors.OWN_RECORD] if is_own else []


@transaction.atomic
@history.on_record
def send_back(*, record: ServiceRecord, reason: str, by: User) -> ServiceRecord:
    """Give a record back to whoever wrote it down. Refusal: those of ``confirm``,
    ``needs_reason``."""
    record = _locked(record)
    check_runs(by, record.event.team)
    grounds = _against_confirming(record, by) + _against_reason(reason)
    if grounds:
        raise Refusal(*grounds)
    record.state, record.returned_reason = S.RETURNED, reason.strip()
    record.save()
    return record


def hours_said(minutes: int) -> str:
    """2小时, 2小时30分, 45分."""
    whole, rest = divmod(minutes, 60)
    words = _("%(n)d小时") % {"n": whole} if whole else ""
    if rest or not whole:
        words += _("%(n)d分") % {"n": rest}
    return words


def _tell_recorded(record, by) -> None:
    if record.worker.user_id is None:
        return
    is_first = record.sort == RecordSort.SERVICE
    notify(
        kind=notices.HOURS_RECORDED if is_first else notices.HOURS_CORRECTED,
        to={record.worker.user_id: None},
        key=record.pk,
        about=f"event:{record.event_id}",
        facts={
            "title": record.event.title,
            "hours": hours_said(record.minutes),
            "until": dates.moment(record.public_until),
        },
        url_name=MINE,
        but=by,
    )


# --- putting right ---------------------------------------------------------------------


@transaction.atomic
@history.on_record
def correct(
    *, record: ServiceRecord, minutes: int, reason: str, by: User
) -> ServiceRecord:
    """Write down other hours in the place of confirmed ones, which stay as they are; they
    count until somebody else has confirmed these. Nought minutes void it.

    Refusal: ``not_run_by``, ``not_ones_own``, ``not_in_force``, ``in_correction``,
    ``minutes_wrong``, ``within_length``, ``needs_reason``, ``reason_too_long``.
    """
    record = _locked(record)
    check_runs(by, record.event.team)
    grounds = _against_own(record, by) + _against_reason(reason)
    if minutes:
        grounds += _against_minutes(minutes, record.length)
    if not ServiceRecord.objects.in_force().filter(pk=record.pk).exists():
        grounds.append(errors.NOT_IN_FORCE)
    elif record.successors.live().exists():
        grounds.append(errors.IN_CORRECTION)
    if grounds:
        raise Refusal(*grounds)
    with refusing(_GROUND):
        return ServiceRecord.objects.create(
            event=record.event,
            post=record.post,
            worker=record.worker,
            signup=record.signup,
            sort=RecordSort.CORRECTION if minutes else RecordSort.VOID,
            supersedes=record,
            served_on=record.served_on,
            length=record.length,
            minutes=minutes,
            arrived_at=record.arrived_at,
            left_at=record.left_at,
            evidence_in=record.evidence_in,
            evidence_out=record.evidence_out,
            reason=reason.strip(),
            state=S.RECORDED,
            recorded_by=by,
        )


@transaction.atomic
@history.on_record
def dispute(*, record: ServiceRecord, worker: Worker, text: str, by: User):
    """A member says that a record of theirs is wrong, while it is publicised; it cannot
    be certified until that was answered. Raises ServiceRecord.DoesNotExist for anybody
    else's. Refusal: ``dispute_early``, ``dispute_late``, ``dispute_text``,
    ``dispute_twice``, ``not_in_force``."""
    record = (
        ServiceRecord.objects.select_for_update(of=("self",), no_key=True)
        .select_related("event__team")
        .get(pk=record.pk, worker=worker)
    )
    text = text.strip()
    grounds = []
    if record.state != S.CONFIRMED:
        grounds.append(errors.DISPUTE_EARLY)
    elif database_now() >= record.public_until:
        grounds.append(errors.DISPUTE_LATE)
    elif not ServiceRecord.objects.in_force().filter(pk=record.pk).exists():
        grounds.append(errors.NOT_IN_FORCE)
    elif record.disputes.exists():
        grounds.append(errors.DISPUTE_TWICE)
    if not text:
        grounds.append(errors.DISPUTE_TEXT)
    elif len(text) > 300:
        said = _("说明请不超过300字。")
        grounds.append(Reason("dispute_text", said, field="text"))
    if grounds:
        raise Refusal(*grounds)
    made = HoursDispute.objects.create(record=record, text=text)
    notify(
        kind=notices.HOURS_DISPUTED,
        to=dict.fromkeys(leaders_of(record.event.team), record.pk),
        key=made.pk,
        about=f"event:{record.event_id}",
        facts={"title": record.event.title},
        url_name="admin:volunteers_servicerecord_work",
        but=by,
    )
    return made


@transaction.atomic
@history.on_record
def answer_dispute(
    *, dispute: HoursDispute, minutes: int | None, answer: str, by: User
) -> HoursDispute:
    """Answer an objection: with other ``minutes`` (a correction that somebody else
    confirms), or with None, that the record stands. Its person is told.

    Refusal: ``dispute_answered``, ``dispute_answer``, those of ``correct``.
    """
    found = (
        HoursDispute.objects.select_for_update(of=("self",), no_key=True)
        .select_related("record__event__team", "record__worker")
        .get(pk=dispute.pk)
    )
    record, answer = found.record, answer.strip()
    check_runs(by, record.event.team)
    grounds = _against_own(record, by)
    if found.state != DisputeState.OPEN:
        grounds.append(errors.DISPUTE_ANSWERED)
    if not answer:
        grounds.append(errors.DISPUTE_ANSWER)
    elif len(answer) > LONGEST:
        grounds.append(errors.REASON_LONG.at("answer"))
    if grounds:
        raise Refusal(*grounds)
    if minutes is not None:
        correct(record=record, minutes=minutes, reason=answer, by=by)
    found.state = DisputeState.DISMISSED if minutes is None else DisputeState.UPHELD
    found.answer, found.answered_by, found.answered_at = answer, by, Now()
    found.save()
    if record.worker.user_id is not None:
        notify(
            kind=notices.DISPUTE_ANSWERED,
            to={record.worker.user_id: None},
            key=found.pk,
            about=f"event:{record.event_id}",
            facts={
                "title": record.event.title,
                "state": found.get_state_display(),
                "answer": answer,
            },
            url_name=MINE,
            but=by,
        )
    found.refresh_from_db()
    return found


# --- below the verbs


def _locked(record: ServiceRecord) -> ServiceRecord:
    return (
        ServiceRecord.objects.select_for_update(of=("self",), no_key=True)
        .select_related("event__team", "worker")
        .get(pk=record.pk)
    )


def _against_minutes(minutes: int, length: int) -> list[Reason]:
    if minutes < 1:
        return [errors.MINUTES_WRONG]
    return [errors.HOURS_TOO_LONG] if minutes > length else []


def _against_reason(reason: str) -> list[Reason]:
    if not reason.strip():
        return [errors.WHY_CORRECTED]
    return [errors.REASON_LONG] if len(reason.strip()) > LONGEST else []
