"""The register of the union's channels, and what inspections of them found."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import history
from common.errors import Reason
from members.models import User
from news.enums import Severity
from news.ledgers import Channel, Inspection
from news.services.versions import refuse


@transaction.atomic
@history.on_record
def save_channel(*, channel: Channel, by: User | None) -> Channel:
    """Save one channel of the register."""
    channel.save()
    return channel


@transaction.atomic
@history.on_record
def save_inspection(*, inspection: Inspection, by: User) -> Inspection:
    """Save what somebody found, or that it was put right; ``by`` stays whoever wrote it
    down first. Raises Refusal with every reason of ``inspection_reasons``."""
    refuse(inspection_reasons(inspection))
    if inspection.pk is None:
        inspection.by = by
    inspection.save()
    return inspection


def inspection_reasons(inspection: Inspection) -> list[Reason]:
    """Every ground on which an inspection may not be saved like this."""
    reasons = []
    today = timezone.localdate()
    if inspection.on > today:
        text = _("检查日期不能在今天以后")
        reasons.append(Reason("on_future", text, field="on"))
    has_problem = inspection.severity != Severity.NONE
    if has_problem and not inspection.findings.strip():
        text = _("请写明发现的问题")
        reasons.append(Reason("findings_missing", text, field="findings"))
    if has_problem and inspection.due_on is None:
        text = _("请填写整改期限")
        reasons.append(Reason("due_missing", text, field="due_on"))
    if inspection.due_on and inspection.due_on < inspection.on:
        text = _("整改期限不能早于检查日期")
        reasons.append(Reason("due_early", text, field="due_on"))
    if inspection.fixed_on:
        if not inspection.on <= inspection.fixed_on <= today:
            text = _("整改日期须在检查日期以后、今天以前")
            reasons.append(Reason("fixed_unfit", text, field="fixed_on"))
        if not inspection.fixed_note.strip():
            text = _("请写明整改情况")
            reasons.append(Reason("fixed_note_missing", text, field="fixed_note"))
    return reasons
