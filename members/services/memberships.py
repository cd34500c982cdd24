"""Verbs of the half-yearly roster check (each January and July)."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import audit, history
from common.enums import AuditVerb
from common.errors import Reason, Refusal
from members.models import UnionOrg, User


@transaction.atomic
@history.on_record
def confirm_roster(
    *, org: UnionOrg, by: User | None, reason: str | None = None
) -> UnionOrg:
    """The roster of ``org`` was gone through. Said by hand when nothing has changed
    (then ``reason`` stays empty), or by an import of the whole roster.

    The unions below have rosters of their own. Raises Refusal: ``not_managed``.
    """
    if by is not None and not UnionOrg.objects.managed_by(by).filter(pk=org.pk):
        raise Refusal(Reason("not_managed", _("您没有管理这个工会的权限。")))
    UnionOrg.objects.filter(pk=org.pk).update(roster_confirmed_at=Now())
    org.refresh_from_db(fields=["roster_confirmed_at"])
    audit.record(
        AuditVerb.UPDATE_MEMBERSHIP, by=by, of=org, reason=reason or _("核对无变动")
    )
    return org
