"""Verbs by which a person stays master of their data (PIPL art. 15, 44 to 47): their
facts, corrections, consents, and the members' part of closing an account.

The roof puts them together with the wings' parts. Lock order: User, then Worker.
"""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, history
from common.enums import AuditVerb
from common.errors import Reason, Refusal, at_field
from common.models import AuditEvent
from common.services import refusing
from members import names, notices, phones, rosters
from members.browsers import masked_address
from members.enums import ConsentKind, CorrectionField, CorrectionState
from members.models import (
    Consent,
    CorrectionRequest,
    Notice,
    SmsMessage,
    UnionTransfer,
    User,
    VerificationTry,
    Worker,
)
from members.services import devices, duties, second_factor, workers
from members.services.notices import empty, notify
from members.services.verification import database_now, part

# what a person is shown of the audit; a file holds all of it
EVENTS_SHOWN = 50

_YES_NO = {"是": True, "否": False}
_SPELLED = {
    CorrectionField.NAME: names.read,
    CorrectionField.MEMBER_NUMBER: rosters.read_member_number,
}
_FLAGS = (
    CorrectionField.IS_MEMBER,
    CorrectionField.IS_FRONTLINE,
    CorrectionField.IS_MIGRANT,
)


def worker_of(user: User) -> Worker | None:
    """The worker behind a log-in, with the union."""
    return Worker.objects.filter(user=user).select_related("union_org").first()


def facts_of(user: User, *, whole: bool) -> list[tuple[str, list[dict]]]:
    """Everything this room keeps about a person: (title, rows of label → plain value).

    ``whole`` for the file they download: the number in full and every audit event; a
    page shows the last digits and the newest events. A constant number of queries.
    """
    worker = worker_of(user)
    return [
        (_("账号"), [_account(user, whole)]),
        (_("职工身份"), [_worker(worker)] if worker else []),
        (_("后台职责"), _duties(user)),
        (_("认证尝试"), _tries(user)),
        (_("转会"), _moves(worker) if worker else []),
        (_("更正申请"), _corrections(worker) if worker else []),
        (_("同意记录"), _consents(user)),
        (_("登录的设备"), _devices(user)),
        (_("消息"), Notice.objects.facts_of(user)),
        (_("不接收的短信通知"), _refused(user)),
        (_("发给您的短信"), _texts(user, whole)),
        (_("谁查看过您的完整号码"), _looks(user, worker)),
        (_("您的操作记录"), _events(user, whole)),
    ]


def _account(user, whole):
    return {
        _("称呼"): user.name,
        _("手机号"): phones.of(user) if whole else phones.masked(user.phone_last4),
        _("已验证"): user.phone_verified,
        _("开通时间"): user.created_at,
        _("最近登录"): user.last_login,
    }


def _worker(worker):
    kept = _("只存不可还原的指纹")
    return {
        _("姓名"): worker.name,
        _("所在工会"): worker.union_org.name,
        _("会员编号"): worker.member_number,
        _("证件号"): kept if worker.identity_hmac else "",
        _("证件尾号"): worker.identity_last4,
        _("工会会员"): worker.is_member,
        _("一线职工"): worker.is_frontline,
        _("农民工"): worker.is_migrant,
        _("认证时间"): worker.verified_at,
        _("不在册时间"): worker.left_at,
        _("登记时间"): worker.created_at,
    }


def _duties(user):
    roles = [{_("职责"): group.name, _("范围"): ""} for group in user.groups.all()]
    looked_after = user.stewardships.select_related("union_org").order_by("pk")
    return roles + [
        {_("职责"): held.get_role_display(), _("范围"): held.union_org.name}
        for held in looked_after
    ]


def _tries(user):
    rows = VerificationTry.objects.filter(user=user).select_related("union_org")
    return [
        {
            _("时间"): row.at,
            _("所选工会"): row.union_org.name if row.union_org else "",
            _("结果"): row.get_outcome_display(),
        }
        for row in rows.order_by("pk")
    ]


def _moves(worker):
    return [
        {
            _("提出时间"): move.asked_at,
            _("转出工会"): move.from_org.name,
            _("转入工会"): move.to_org.name,
            _("原因"): move.reason,
            _("状态"): move.get_state_display(),
            _("办理时间"): move.at,
        }
        for move in UnionTransfer.objects.of_worker(worker)
    ]


def _corrections(worker):
    return [
        {
            _("提出时间"): row.asked_at,
            _("更正项"): row.get_field_display(),
            _("应为"): row.proposed,
            _("说明"): row.note,
            _("状态"): row.get_state_display(),
            _("答复"): row.answer,
        }
        for row in CorrectionRequest.objects.of_worker(worker)
    ]


def _consents(user):
    return [
        {
            _("事项"): row.get_kind_display(),
            _("版本"): row.version,
            _("同意时间"): row.given_at,
            _("撤回时间"): row.withdrawn_at,
        }
        for row in Consent.objects.filter(user=user).order_by("pk")
    ]


def _devices(user):
    return [
        {
            _("设备"): device.kind,
            _("上网地址"): device.address,
            _("登录时间"): device.logged_in_at,
        }
        for device in devices.of(user)
    ]


def _texts(user, whole):
    """That they were sent and what for; what they said is kept nowhere."""
    rows = SmsMessage.objects.filter(user=user).order_by("-created_at")
    return [
        {
            _("时间"): row.created_at,
            _("用途"): row.get_kind_display(),
            _("结果"): row.get_outcome_display(),
        }
        for row in (rows if whole else rows[:EVENTS_SHOWN])
    ]


def _refused(user):
    return [
        {_("种类"): str(row), _("设置时间"): row.created_at}
        for row in user.sms_refusals.order_by("pk")
    ]


def _looks(user, worker):
    rows = AuditEvent.objects.filter(
        verb=AuditVerb.REVEAL_PHONE, of_model="members.user", of_key=str(user.pk)
    )
    if worker:
        rows |= AuditEvent.objects.filter(
            verb=AuditVerb.REVEAL_PHONE,
            of_model="members.worker",
            of_key=str(worker.pk),
        )
    return [
        {_("时间"): row.at, _("操作人"): row.by_label, _("事由"): row.reason}
        for row in rows.order_by("-pk")
    ]


def _events(user, whole):
    """Without the reasons: the audit knows why a try failed, who tried must not."""
    rows = AuditEvent.objects.filter(by=user).order_by("-pk")
    return [
        {
            _("时间"): row.at,
            _("操作"): AuditVerb(row.verb).label,
            _("上网地址"): row.address or "" if whole else masked_address(row.address),
            _("结果"): row.get_outcome_display(),
        }
        for row in (rows if whole else rows[:EVENTS_SHOWN])
    ]


@transaction.atomic
@history.on_record
def rename(*, user: User, name: str) -> User:
    """Change how the portal addresses a person; the roster's name is not touched.

    ``name`` is up to 30 characters. Raises Refusal: ``name_missing``.
    """
    if not (name := name.strip()):
        raise Refusal(Reason("name_missing", _("请填写称呼"), field="name"))
    user.name = name
    user.save(update_fields=["name"])
    audit.record(AuditVerb.CORRECT_OWN_DATA, by=user, of=user)
    return user


@transaction.atomic
@history.on_record
def ask_correction(
    *, worker: Worker, by: User, field: str, proposed: str, note: str = ""
) -> CorrectionRequest:
    """Ask the union's steward to correct one thing on the roster.

    Yes-or-no things are asked for as 是 or 否; 其他 is said in the note; a name or a
    member number gets a roster's spelling. Raises Refusal: ``nothing_asked``,
    ``yes_or_no``, ``already_asked``, or why it is no name or number.
    """
    proposed, note = proposed.strip(), note.strip()
    if field == CorrectionField.OTHER:
        if not note:
            text = _("请写明哪里有误、应为什么。")
            raise Refusal(Reason("nothing_asked", text, field="note"))
    elif not proposed:
        raise Refusal(Reason("nothing_asked", _("请填写正确内容"), field="proposed"))
    elif field in _FLAGS and proposed not in _YES_NO:
        raise Refusal(Reason("yes_or_no", _("请填写“是”或“否”"), field="proposed"))
    elif field in _SPELLED:
        with at_field("proposed"):
            proposed = _SPELLED[field](proposed)
    text = _("这一项已有待处理的更正申请，请等候工会答复。")
    open_one = Reason("already_asked", text, field="field")
    with refusing({"members_correctionrequest_one_open_each": open_one}):
        asked = CorrectionRequest.objects.create(
            worker=worker, asked_by=by, field=field, proposed=proposed, note=note
        )
    audit.record(AuditVerb.CORRECT_OWN_DATA, by=by, of=asked)
    return asked


@transaction.atomic
@history.on_record
def answer_correction(
    *, request: CorrectionRequest, by: User, accepted: bool, answer: str = ""
) -> CorrectionRequest:
    """The union's steward corrects the roster as asked, or says why not.

    其他 is corrected by hand beforehand; accepting it says so. Raises Refusal:
    ``already_answered``, ``own_request``, ``reason_missing`` (not accepted without an
    answer), ``number_taken``.
    """
    row = Worker.objects.select_for_update(of=("self",), no_key=True).get(
        pk=request.worker_id
    )
    asked = CorrectionRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if asked.state != CorrectionState.OPEN:
        raise Refusal(Reason("already_answered", _("这项申请已有答复。")))
    if row.user_id == by.pk:
        text = _("不能办理自己的申请，请由其他人员办理。")
        raise Refusal(Reason("own_request", text))
    if not accepted and not answer.strip():
        text = _("不予更正须写明原因。")
        raise Refusal(Reason("reason_missing", text, field="answer"))
    if accepted and asked.field != CorrectionField.OTHER:
        _correct(row, asked)
    asked.state = CorrectionState.ACCEPTED if accepted else CorrectionState.REFUSED
    asked.answered_by, asked.answer = by, answer.strip()
    asked.answered_at = database_now()
    asked.save()
    audit.record(AuditVerb.CORRECT_OWN_DATA, by=by, of=asked, reason=answer)
    # the answer is to who asked; of an account that was parted since, to nobody else
    asker = asked.asked_by_id
    if asker is not None:
        kind = notices.CORRECTED if accepted else notices.NOT_CORRECTED
        notify(
            kind=kind,
            to={asker: None},
            key=asked.pk,
            about=f"correction:{asked.pk}",
            facts={"title": asked.get_field_display(), "answer": asked.answer},
            url_name="my-data",
            but=by,
        )
    return asked


def _correct(row: Worker, asked: CorrectionRequest) -> None:
    value = asked.proposed
    if asked.field in _FLAGS:
        value = _YES_NO[value]
    setattr(row, asked.field, value)
    workers.store(row, fields=[asked.field, "updated_at"])


def has_consent(user: User) -> bool:
    """Whether a consent to the comparing of the identity number stands."""
    return _identity_consent(user).exists()


def _identity_consent(user):
    return Consent.objects.standing().filter(user=user, kind=ConsentKind.IDENTITY)


def rests_on_identity(user: User) -> bool:
    """Whether withdrawing the consent to the identity number ends the verification."""
    worker = worker_of(user)
    return (
        worker is not None
        and worker.verified_at is not None
        and VerificationTry.objects.proofs_by_identity(worker).exists()
    )


@transaction.atomic
@history.on_record
def withdraw_identity_consent(*, user: User) -> None:
    """No more comparing of this person's identity number; who was verified by it no
    longer is. The roster stays the union's. Raises Refusal: ``no_consent``.
    """
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if rests_on_identity(user):
        row = Worker.objects.select_for_update(of=("self",), no_key=True).get(user=user)
        part(row)
    if not _identity_consent(user).update(withdrawn_at=database_now()):
        raise Refusal(Reason("no_consent", _("您没有可以撤回的同意。")))
    audit.record(AuditVerb.WITHDRAW_CONSENT, by=user, of=user)


@transaction.atomic
@history.on_record
def close(*, user: User) -> User:
    """Empty an account for good: number, name, password, rights, sessions.

    The worker's row stays with the union, without a log-in. The account's row stays,
    empty, so that history rows keep a number that leads to nobody; the mobile number
    can register again. Who asks must have given up seats and teams before: the roof's
    ``close_account`` does all of it.
    """
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    row = Worker.objects.select_for_update(of=("self",), no_key=True).filter(user=user)
    asked = CorrectionRequest.objects.filter(asked_by=user)
    asked.filter(state=CorrectionState.OPEN).update(
        state=CorrectionState.DROPPED, answered_at=database_now()
    )
    asked.update(proposed="", note="", asked_by=None)
    for worker in row:
        part(worker)
    # the wrong ones go on counting for the number, without the account
    VerificationTry.objects.filter(user=user).update(user=None)
    Consent.objects.filter(user=user).delete()
    SmsMessage.objects.filter(user=user).update(user=None)
    empty(user=user)
    user.old_passwords.all().delete()
    second_factor.forget(user=user)
    devices.end_all(user=user)
    duties.drop(user=user)
    user.stewardships.all().delete()
    user.groups.clear()
    user.user_permissions.clear()
    # Django's own log of the back office writes down how a row was called
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=kind, object_id=str(user.pk)).update(
        object_repr=_("已注销账号")
    )
    audit.record(AuditVerb.CLOSE_ACCOUNT, by=user, of=user)
    audit.forget(user)
    user.closed_at = database_now()
    user.name = user.phone_cipher = user.phone_last4 = ""
    user.phone_hmac = user.last_login = None
    user.phone_verified = user.is_active = False
    user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()
    return user
