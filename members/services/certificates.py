"""Certificates: issued once, revoked with a reason, verified by anybody."""

import hmac

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import history, letters
from common.errors import Reason, Refusal
from members import certificatenumbers, notices
from members.enums import CertificateKind
from members.models import Certificate, User, Worker
from members.noticekinds import Kind
from members.services.notices import notify


@transaction.atomic
@history.on_record
def issue(
    *,
    holder: Worker | None,
    kind: CertificateKind,
    title: str,
    by: User | None,
    facts: dict[str, str] | None = None,
    holder_name: str = "",
    holder_last4: str = "",
) -> Certificate:
    """Issue a certificate under a new number, with the holder's name as it is now, or
    as ``holder_name`` says: of a group, and of who is no worker of ours. ``facts`` is
    what else is printed on it, label → text; where ``holder_last4`` (the end of a number
    that is printed too) is given, ``check_last4`` opens it. Whether somebody has earned
    one is for the room that asks."""
    certificate = Certificate.objects.create(
        number=certificatenumbers.draw(),
        kind=CertificateKind(kind),
        holder=holder,
        holder_name=holder_name or holder.name,
        holder_last4=holder_last4,
        title=title,
        facts=facts or {},
        issued_by=by,
    )
    certificate.refresh_from_db(fields=["issued_at"])
    _tell(notices.CERTIFICATE, certificate, by)
    return certificate


@transaction.atomic
@history.on_record
def revoke(*, certificate: Certificate, reason: str, by: User | None) -> Certificate:
    """Revoke a certificate for good; its number answers that it is. Refusal:
    ``reason_missing``, ``already_revoked``."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    reason = reason.strip()
    grounds = []
    if not reason:
        text = _("请填写撤销原因。")
        grounds.append(Reason("reason_missing", text, field="reason"))
    if certificate.revoked_at is not None:
        grounds.append(Reason("already_revoked", _("这份证书已经撤销。")))
    if grounds:
        raise Refusal(*grounds)
    certificate.revoked_at = timezone.now()
    certificate.revoked_by = by
    certificate.revoke_reason = reason
    certificate.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    _tell(notices.CERTIFICATE_REVOKED, certificate, by)
    return certificate


def _tell(kind: Kind, certificate: Certificate, by: User | None) -> None:
    holder = certificate.holder
    if holder is None or holder.user_id is None:
        return
    notify(
        kind=kind,
        to={holder.user_id: None},
        key=certificate.pk,
        about=f"certificate:{certificate.pk}",
        facts={
            "title": certificate.title,
            "number": certificate.printed_number,
            "reason": certificate.revoke_reason,
        },
        url_name="my",
        but=by,
    )


def verify(typed: str) -> Certificate:
    """The certificate of a number as somebody typed it.

    Raises Refusal at ``number``: ``number_malformed`` (not typed right), or
    ``number_unknown``.
    """
    number = certificatenumbers.typed(typed)
    if not certificatenumbers.is_whole(number):
        text = _("编号不正确，请与证书逐字核对：共12位，不含数字0、1和字母I、L、O。")
        raise Refusal(Reason("number_malformed", text, field="number"))
    certificate = Certificate.objects.filter(number=number).first()
    if certificate is None:
        text = _("没有这个编号的证书。请核对编号，或向颁发证书的工会查询。")
        raise Refusal(Reason("number_unknown", text, field="number"))
    return certificate


def check_last4(certificate: Certificate, typed: str) -> None:
    """Whether ``typed`` is the end of the number printed on it: then whoever asks has the
    paper, and may compare what it says. Raises Refusal at ``last4``: ``last4_wrong``."""
    asked = letters.number(typed).encode()
    if not certificate.holder_last4 or not hmac.compare_digest(
        asked, certificate.holder_last4.encode()
    ):
        text = _("后四位与这份证书不符，请照证书上印的填写。")
        raise Refusal(Reason("last4_wrong", text, field="last4"))
