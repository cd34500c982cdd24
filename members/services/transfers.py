"""Verbs of moving between unions. Signups, honours and history hang on the worker's row
and stay as they are.

Lock order: Worker, then UnionTransfer.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, history
from common.enums import AuditVerb
from common.errors import Reason, Refusal
from members import notices
from members.enums import TransferSide, TransferState
from members.models import UnionOrg, UnionTransfer, User, Worker
from members.services.notices import notify
from members.services.verification import database_now


@transaction.atomic
@history.on_record
def transfer(
    *, worker: Worker, to: UnionOrg, by: User | None, reason: str
) -> UnionTransfer:
    """Move ``worker`` to the union ``to``, or propose it.

    Whoever looks after both unions (the desk and city staff look after all; None is the
    system) moves at once; whoever looks after one proposes, and a steward of the other
    side answers. ``worker`` is as the caller last read it: who was moved meanwhile is
    not moved again unseen.

    Raises Refusal: ``not_managed`` (neither side), ``same_union``,
    ``moved_meanwhile``, ``already_proposed``, ``reason_missing``.
    """
    row = _locked(worker)
    gives = by is None or _looks_after(by, row.union_org_id)
    receives = by is None or _looks_after(by, to.pk)
    open_one = UnionTransfer.objects.filter(worker=row, state=TransferState.PROPOSED)
    grounds = []
    if not (gives or receives):
        text = _("您没有管理转出或转入工会的权限。")
        grounds.append(Reason("not_managed", text, field="to_org"))
    if row.union_org_id != worker.union_org_id:
        grounds.append(Reason("moved_meanwhile", _("该职工刚刚已转会，请刷新查看。")))
    elif row.union_org_id == to.pk:
        text = _("该职工已在这个工会。")
        grounds.append(Reason("same_union", text, field="to_org"))
    if open_one.exists() and not (gives and receives):
        text = _("该职工已有一项待确认的转会。")
        grounds.append(Reason("already_proposed", text))
    if not reason.strip():
        grounds.append(Reason("reason_missing", _("请写明原因。"), field="reason"))
    if grounds:
        raise Refusal(*grounds)
    asked = UnionTransfer(
        worker=row, from_org_id=row.union_org_id, to_org=to, reason=reason, asked_by=by
    )
    if not (gives and receives):
        asked.asked_side = TransferSide.GIVING if gives else TransferSide.RECEIVING
        asked.save()
        audit.record(AuditVerb.TRANSFER_WORKER, by=by, of=row, reason=reason)
        return asked
    for overtaken in open_one:
        _answer(overtaken, TransferState.DECLINED, by, _("已由上级直接办理"))
        _tell_asker(overtaken, _("已由上级直接办理"), by)
    return _move(asked, row, by)


@transaction.atomic
@history.on_record
def accept(*, transfer: UnionTransfer, by: User) -> UnionTransfer:
    """The other side agrees and the worker moves.

    Raises Refusal: ``already_answered``, ``not_other_side`` (who proposed cannot agree
    in the other's name), ``moved_meanwhile``.
    """
    row = _locked(transfer.worker)
    asked = UnionTransfer.objects.select_for_update(of=("self",)).get(pk=transfer.pk)
    _check_open(asked)
    is_given = asked.asked_side == TransferSide.GIVING
    if not _looks_after(by, asked.to_org_id if is_given else asked.from_org_id):
        raise Refusal(Reason("not_other_side", _("须由另一方工会确认。")))
    if row.union_org_id != asked.from_org_id:
        raise Refusal(Reason("moved_meanwhile", _("该职工已不在转出工会。")))
    moved = _move(asked, row, by)
    _tell_asker(moved, _("已获同意"), by)
    return moved


@transaction.atomic
@history.on_record
def decline(*, transfer: UnionTransfer, by: User, reason: str) -> UnionTransfer:
    """Either side lets a proposal go; the worker stays where they are.

    Raises Refusal: ``already_answered``, ``not_managed``, ``reason_missing``.
    """
    asked = UnionTransfer.objects.select_for_update(of=("self",)).get(pk=transfer.pk)
    _check_open(asked)
    sides = (asked.from_org_id, asked.to_org_id)
    if not any(_looks_after(by, side) for side in sides):
        raise Refusal(Reason("not_managed", _("您没有管理转出或转入工会的权限。")))
    if not reason.strip():
        raise Refusal(Reason("reason_missing", _("请写明原因。"), field="answer"))
    _answer(asked, TransferState.DECLINED, by, reason)
    audit.record(AuditVerb.TRANSFER_WORKER, by=by, of=asked, reason=reason)
    _tell_asker(asked, _("未获同意"), by)
    return asked


def _locked(worker: Worker) -> Worker:
    return Worker.objects.select_for_update(of=("self",), no_key=True).get(pk=worker.pk)


def _looks_after(by: User, org_id: int) -> bool:
    return UnionOrg.objects.managed_by(by).filter(pk=org_id).exists()


def _check_open(asked: UnionTransfer) -> None:
    if asked.state != TransferState.PROPOSED:
        raise Refusal(Reason("already_answered", _("这项转会已有答复。")))


def _answer(
    asked: UnionTransfer, state: str, by: User | None, answer: str = ""
) -> None:
    asked.state, asked.by, asked.answer = state, by, answer
    asked.at = database_now()
    asked.save()


def _move(asked: UnionTransfer, row: Worker, by: User | None) -> UnionTransfer:
    """Whoever comes to a union is on its roster again."""
    _answer(asked, TransferState.DONE, by)
    row.union_org_id, row.left_at = asked.to_org_id, None
    row.save(update_fields=["union_org", "left_at", "updated_at"])
    audit.record(AuditVerb.TRANSFER_WORKER, by=by, of=row, reason=asked.reason)
    if row.user_id is not None:
        notify(
            kind=notices.TRANSFERRED,
            to={row.user_id: None},
            key=asked.pk,
            about=f"transfer:{asked.pk}",
            facts={"title": asked.to_org.name, "old": asked.from_org.name},
            url_name="my",
            but=by,
        )
    return asked


def _tell_asker(asked: UnionTransfer, state: str, by: User | None) -> None:
    """Whoever proposed it, by the masked name: they may look after that worker no
    more."""
    if asked.asked_by_id is None:
        return
    notify(
        kind=notices.TRANSFER_ANSWERED,
        to={asked.asked_by_id: asked.pk},
        key=asked.pk,
        about=f"transfer:{asked.pk}",
        facts={
            "state": state,
            "name": asked.worker.masked_name,
            "old": asked.from_org.name,
            "new": asked.to_org.name,
            "answer": asked.answer,
        },
        url_name="admin:members_uniontransfer_change",
        but=by,
    )
