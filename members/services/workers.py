"""Verbs of a worker's row that somebody fills in by hand."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common import history
from common.errors import Reason, Refusal
from members import names, rosters
from members.models import User, Worker


@transaction.atomic
@history.on_record
def save_worker(*, worker: Worker, by: User | None) -> Worker:
    """Store a worker as filled in, new or changed.

    Name and member number get the spelling a roster would give them, or the next
    roster would not find the person again. A name that was there already is not judged
    anew. Raises Refusal: what is no name, a member number that is none or somebody
    else's.
    """
    held = Worker.objects.filter(pk=worker.pk).first()
    if held is None or held.name != worker.name:
        worker.name = names.read(worker.name)
    if held is None or held.member_number != worker.member_number:
        worker.member_number = rosters.read_member_number(worker.member_number)
    try:
        with transaction.atomic():
            worker.save()
    except IntegrityError as error:
        text = _("该会员编号已登记给其他职工。")
        raise Refusal(Reason("number_taken", text, field="member_number")) from error
    return worker
