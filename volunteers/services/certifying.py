"""Certificates of hours: issued of what may be certified, revoked by name, or by a
correction of what they say.

Lock order: Worker, then as ``members.services.certificates``.
"""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from common import dates, history, numerals
from common.errors import Reason, Refusal
from members.enums import CertificateKind
from members.models import User, Worker
from members.services import certificates
from volunteers import errors
from volunteers.models import HoursCertificate, HoursCertificateLine, ServiceRecord
from volunteers.querysets.certificates import CERTIFY


@transaction.atomic
@history.on_record
def issue(
    *,
    worker: Worker,
    by: User,
    first_on: date | None = None,
    last_on: date | None = None,
) -> HoursCertificate:
    """Certify a worker's hours of a period (of all time where no day is given), free of
    charge: the worker themselves asks, or who may for others. The same hours asked for
    again are the certificate there is, while it holds.

    Refusal: ``not_certifier``, ``period_backwards``, ``no_hours`` (with when the next
    may be certified, if some are publicised now).
    """
    is_own = worker.user_id is not None and worker.user_id == by.pk
    if not (is_own or by.has_perm(CERTIFY)):
        raise Refusal(errors.NOT_CERTIFIER)
    if first_on and last_on and first_on > last_on:
        raise Refusal(errors.PERIOD_BACKWARDS)
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)
    own = _within(ServiceRecord.objects.filter(worker=worker), first_on, last_on)
    records = list(own.certifiable().order_by("served_on", "pk"))
    if not records:
        raise Refusal(_no_hours(own))
    known = _same(worker, records)
    if known is not None:
        return known
    days = [record.served_on for record in records]
    minutes = sum(record.minutes for record in records)
    services = len({record.event_id for record in records})
    label, last4 = printed_mark(worker)
    paper = certificates.issue(
        holder=worker,
        kind=CertificateKind.SERVICE,
        title=_("志愿服务证明"),
        facts={
            **({label: f"**************{last4}"} if last4 else {}),
            _("服务期间"): _period(min(days), max(days)),
            _("服务次数"): _("%(n)d次") % {"n": services},
            _("服务时长"): _("%(n)s小时") % {"n": numerals.hours(minutes)[0]},
        },
        holder_last4=last4,
        by=by,
    )
    made = HoursCertificate.objects.create(
        paper=paper,
        worker=worker,
        first_on=min(days),
        last_on=max(days),
        minutes=minutes,
    )
    HoursCertificateLine.objects.bulk_create(
        HoursCertificateLine(certificate=made, record=record) for record in records
    )
    return made


def printed_mark(worker: Worker) -> tuple[str, str]:
    """(label, last four characters) of the number by which a paper says whose it is: of
    the identity document, else of the member number; empty where there is neither."""
    if worker.identity_last4:
        return _("证件号码"), worker.identity_last4
    if worker.member_number:
        return _("会员编号"), worker.member_number[-4:]
    return "", ""


def _within(records, first_on, last_on):
    if first_on:
        records = records.filter(served_on__gte=first_on)
    if last_on:
        records = records.filter(served_on__lte=last_on)
    return records


def _no_hours(own) -> Reason:
    waits = own.publicised().order_by("public_until").first()
    if waits is None:
        return errors.NO_HOURS
    text = _("这段时间的时长还在公示，%(at)s以后可以出具。") % {
        "at": dates.moment(waits.public_until)
    }
    return Reason(
        errors.NO_HOURS.code,
        text,
        lifts_at=waits.public_until,
        field=errors.NO_HOURS.field,
    )


def _same(worker, records) -> HoursCertificate | None:
    wanted = {record.pk for record in records}
    newest = HoursCertificate.objects.standing().filter(worker=worker)
    for one in newest.prefetch_related("lines").order_by("-pk")[:20]:
        if {line.record_id for line in one.lines.all()} == wanted:
            return one
    return None


def _period(first: date, last: date) -> str:
    words = _("%(y)d年%(m)d月%(d)d日")
    said = [
        words % {"y": day.year, "m": day.month, "d": day.day} for day in (first, last)
    ]
    return _("%(first)s至%(last)s") % {"first": said[0], "last": said[1]}


@transaction.atomic
@history.on_record
def revoke(*, certificate: HoursCertificate, reason: str, by: User) -> HoursCertificate:
    """Revoke a certificate for good; its holder is told why. Refusal: ``not_certifier``,
    ``reason_missing``, ``already_revoked``."""
    if not by.has_perm(CERTIFY):
        raise Refusal(errors.NOT_CERTIFIER)
    certificates.revoke(certificate=certificate.paper, reason=reason, by=by)
    certificate.paper.refresh_from_db()
    return certificate


@transaction.atomic
@history.on_record
def revoke_of(*, records: Collection[ServiceRecord], by: User | None) -> int:
    """Revoke whatever rests on these records, which were just corrected or voided; how
    many. Called within the verb that confirms the correction."""
    found = HoursCertificate.objects.standing().filter(lines__record__in=records)
    revoked = 0
    for one in found.select_related("paper").distinct().order_by("pk"):
        text = _("所列服务时长已更正，请重新出具。")
        certificates.revoke(certificate=one.paper, reason=text, by=by)
        revoked += 1
    return revoked
