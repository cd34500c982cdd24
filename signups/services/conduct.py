"""Points for late cancels and absences: given once from what happened, told at once,
lifted when the unit or whoever runs it agrees.

Numbers come from the rules that the offering was opened with. Called within the verbs of
the desk, under the locks that these hold; an appeal locks its point.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from common import history
from common.errors import Reason, Refusal
from common.services import refusing
from common.workdays import Calendar
from members.models import User, Worker
from signups.enums import (
    AppealState,
    AttendanceState,
    ConductCause,
    Ground,
    Lifting,
)
from signups.models import Appeal, Attendance, ConductPoint, Signup
from signups.services import standing, telling

LONGEST_TEXT = 300
LONGEST_ANSWER = 200
_DAY = timedelta(days=1)


def expiry(since: datetime, days: int) -> datetime:
    """``days`` days after a moment, at its time of day; days off by the official notices
    do not count. A year without its notice has none."""
    calendar, at = Calendar(), timezone.localtime(since)
    while days:
        at += _DAY
        day = at.date()
        days -= not (calendar.knows(day) and calendar.is_holiday(day))
    return at


# --- giving ---------------------------------------------------------------------------


def late_cancel(*, signup: Signup, points: int, at: datetime) -> ConductPoint | None:
    """What a late cancel costs; None where the rules count it nothing. ``points`` is
    ``standing.late_cost``."""
    if not points or signup.worker_id is None:
        return None
    return _give(signup, ConductCause.LATE_CANCEL, points, at)


@transaction.atomic
@history.on_record
def judge_absences(*, signups: Collection[int], by: User | None) -> int:
    """What attendances of these signups that were noted, or corrected, mean: one point
    row for the first unexcused absence of a signup, none for who was promoted too late to
    know, and none any more where the only absence it stood for was a mistake. How many
    had to be judged: one query finds them, and nearly everybody came."""
    absent = Attendance.objects.filter(
        signup=OuterRef("pk"), state=AttendanceState.ABSENT
    )
    held = ConductPoint.objects.filter(
        signup=OuterRef("pk"), cause=ConductCause.NO_SHOW
    )
    rows = Signup.objects.filter(
        Exists(absent) | Exists(held),
        pk__in=signups,
        worker__isnull=False,
        offering__rules__no_show_points__gt=0,
    )
    found = list(rows.select_related("offering__rules", "worker").order_by("pk"))
    for signup in found:
        _judge(signup, by)
    return len(found)


def _judge(signup: Signup, by: User | None) -> ConductPoint | None:
    rules = signup.offering.rules
    held = ConductPoint.objects.filter(
        signup=signup, cause=ConductCause.NO_SHOW
    ).first()
    if held is not None and held.lifted_as not in ("", Lifting.CORRECTED):
        return held  # somebody has decided
    absence = _absence(signup)
    if absence is None:
        if held is not None and held.lifted_at is None:
            _lift(held, Lifting.CORRECTED, "", by)
        return held
    at = absence.occasion.ends_at
    if held is None:
        return _give(
            signup, ConductCause.NO_SHOW, rules.no_show_points, at, absence.occasion
        )
    if held.lifted_at is not None or held.occasion_id != absence.occasion_id:
        held.occasion, held.happened_at = absence.occasion, at
        held.expires_at = expiry(at, rules.point_days)
        held.lifted_at, held.lifted_as = None, ""
        held.save()
        _tell(held)
    return held


def _absence(signup: Signup) -> Attendance | None:
    """The first time somebody did not come and could have known."""
    rows = Attendance.objects.filter(
        signup=signup,
        state=AttendanceState.ABSENT,
        occasion__cancelled_at__isnull=True,
    ).select_related("occasion")
    for row in rows.order_by("occasion__starts_at", "pk"):
        if not standing.is_promoted_late(signup, row.occasion.starts_at):
            return row
    return None


def _give(signup, cause, points, at, occasion=None) -> ConductPoint:
    point, is_new = ConductPoint.objects.get_or_create(
        signup=signup,
        cause=cause,
        defaults={
            "worker_id": signup.worker_id,
            "kind": signup.offering.kind,
            "weight": points,
            "occasion": occasion,
            "happened_at": at,
            "expires_at": expiry(at, signup.offering.rules.point_days),
        },
    )
    if is_new:
        _tell(point)
    return point


def _tell(point: ConductPoint) -> None:
    rules = point.signup.offering.rules
    telling.points(
        point=point, total=counting(point.worker, point.kind), block=rules.block_points
    )


def counting(worker: Worker, kind: str = "") -> int:
    """How many points of a worker count now, against offerings of this kind or in
    all."""
    rows = ConductPoint.objects.counting().filter(worker=worker)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.aggregate(n=Sum("weight"))["n"] or 0


def _lift(point: ConductPoint, why: str, answer: str, by: User | None) -> None:
    point.lifted_at, point.lifted_as = standing.database_now(), why
    point.save(update_fields=["lifted_at", "lifted_as"])
    telling.points_lifted(point=point, answer=answer, but=by)


# --- appealing ------------------------------------------------------------------------


@transaction.atomic
@history.on_record
def appeal(*, point: ConductPoint, ground: str, text: str, by: User) -> Appeal:
    """Ask that a point of one's own be taken back: the unit, for what it can confirm,
    and whoever runs what was missed for all else; each once.

    Refusal: ``not_yours``, ``text_missing``, ``text_too_long``, ``ground_unknown``,
    ``not_counting`` (lifted or expired), ``already_appealed``.
    """
    point = ConductPoint.objects.select_for_update(of=("self",)).get(pk=point.pk)
    text = " ".join(text.split())
    if not Worker.objects.filter(pk=point.worker_id, user=by).exists():
        raise Refusal(Reason("not_yours", _("只能为自己的计分申诉。")))
    if ground not in Ground.values:
        raise Refusal(Reason("ground_unknown", _("请选择理由。"), field="ground"))
    if not text:
        raise Refusal(Reason("text_missing", _("请写明情况。"), field="text"))
    if len(text) > LONGEST_TEXT:
        said = _("说明请不超过%(n)d字。") % {"n": LONGEST_TEXT}
        raise Refusal(Reason("text_too_long", said, field="text"))
    if point.lifted_at is not None or point.expires_at <= standing.database_now():
        said = _("这次计分已不再计算，无需申诉。")
        raise Refusal(Reason("not_counting", said))
    said = _("已经提出过，请等候答复；每次计分可请单位证明一次、申诉一次。")
    once = Reason("already_appealed", said)
    with refusing({"signups_appeal_once_each": once}):
        return Appeal.objects.create(point=point, ground=ground, text=text)


@transaction.atomic
@history.on_record
def answer_appeal(
    *, appeal: Appeal, accepted: bool, by: User, answer: str = ""
) -> Appeal:
    """Confirm what a worker says, which takes the point back, or say why not; they are
    told. An absence that the unit confirms is written down as excused.

    Refusal: ``not_yours_to_answer`` (see ``AppealQuerySet.decidable_by``),
    ``already_answered``, ``reason_missing``, ``answer_too_long``.
    """
    answer = " ".join(answer.split())
    signup = Signup.objects.filter(conduct_points__appeals=appeal.pk)
    list(
        signup.select_for_update(no_key=True)
    )  # before its point, as who notes it does
    point = ConductPoint.objects.select_for_update(of=("self",)).get(pk=appeal.point_id)
    if not Appeal.objects.decidable_by(by).filter(pk=appeal.pk).exists():
        said = _("这项申诉不由您办理。")
        raise Refusal(Reason("not_yours_to_answer", said))
    appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    appeal.point = point
    if appeal.state != AppealState.OPEN:
        raise Refusal(Reason("already_answered", _("这项申诉已有答复。")))
    if not accepted and not answer:
        said = _("不同意须写明原因，本人会看到。")
        raise Refusal(Reason("reason_missing", said, field="answer"))
    if len(answer) > LONGEST_ANSWER:
        said = _("答复请不超过%(n)d字。") % {"n": LONGEST_ANSWER}
        raise Refusal(Reason("answer_too_long", said, field="answer"))
    appeal.state = AppealState.ACCEPTED if accepted else AppealState.REFUSED
    appeal.answer, appeal.answered_by = answer, by
    appeal.answered_at = standing.database_now()
    appeal.save()
    if not accepted:
        telling.appeal_refused(appeal=appeal, but=by)
        return appeal
    if point.lifted_at is None:
        _lift(
            point,
            Lifting.EXCUSED if appeal.is_for_unit else Lifting.APPEALED,
            answer,
            by,
        )
    if appeal.is_for_unit and point.occasion_id is not None:
        Attendance.objects.filter(
            signup=point.signup_id,
            occasion=point.occasion_id,
            state=AttendanceState.ABSENT,
        ).update(state=AttendanceState.EXCUSED)
    return appeal
