"""Verbs of a worker's row that somebody fills in by hand."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from common import history
from common.errors import Reason
from common.services import refusing
from members import names, notices, rosters
from members.models import User, Worker
from members.services.notices import notify

# what of their row a person is told of; never what it was or is
_TOLD = ["name", "member_number", "is_member", "is_frontline", "is_migrant"]


@transaction.atomic
@history.on_record
def save_worker(*, worker: Worker, by: User | None) -> Worker:
    """Store a worker as filled in, new or changed.

    Name and member number get the spelling a roster would give them, or the next
    roster would not find the person again. A name that was there already is not judged
    again. Raises Refusal: what is no name, a member number that is none or somebody
    else's.
    """
    held = Worker.objects.filter(pk=worker.pk).first()
    if held is None or held.name != worker.name:
        worker.name = names.read(worker.name)
    if held is None or held.member_number != worker.member_number:
        worker.member_number = rosters.read_member_number(worker.member_number)
    store(worker)
    if held is not None and held.user_id is not None:
        _tell(held, worker, by)
    return worker


def _tell(held: Worker, worker: Worker, by: User | None) -> None:
    changed = [
        str(Worker._meta.get_field(name).verbose_name)
        for name in _TOLD
        if getattr(held, name) != getattr(worker, name)
    ]
    if changed:
        notify(
            kind=notices.ROSTER_CHANGED,
            to={held.user_id: None},
            about=f"worker:{held.pk}",
            facts={"fields": "、".join(changed)},
            url_name="my-data",
            but=by,
        )


def store(worker: Worker, *, fields: Collection[str] | None = None) -> None:
    """Save a worker, or these fields alone. Refusal: ``number_taken``."""
    text = _("该会员编号已登记给其他职工。")
    taken = Reason("number_taken", text, field="member_number")
    with refusing({"members_worker_member_number_once": taken}):
        worker.save(update_fields=fields)
