"""What is done in the background: a steward's roster that is being checked, and a task
that was given up and waits for the administrator."""

import csv
import io

from django.utils import timezone
from django_tasks import TaskResultStatus as Status

from common import tasks
from common.models import BackgroundTask
from common.services import queue
from members import identity
from members.models import Stewardship
from members.services import roster

_NAMES = ["示例甲", "示例乙", "示例丙", "示?丁", "示例戊"]


def make() -> None:
    duty = Stewardship.objects.filter(user__is_active=True).order_by("pk").first()
    kept = roster.upload(
        union_org=duty.union_org,
        file_name="2018年上半年会员名册.csv",
        content=_file(),
        by=duty.user,
    )
    roster.match(roster_import=kept, columns=kept.columns, by=duty.user)
    roster.start_check(roster_import=kept, by=duty.user)
    given_up = roster.check_in_background.enqueue(kept.pk)
    BackgroundTask.objects.filter(pk=given_up.id).update(
        status=Status.FAILED,
        worker_ids=["demonstration"] * tasks.TRIES,
        exception_class_path=queue.DIED,
        finished_at=timezone.now(),
    )


def _file() -> bytes:
    """Invented people of no county; one has a character that was lost."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["姓名", "身份证号码", "会员编号"])
    for n, name in enumerate(_NAMES):
        seventeen = f"5104991990010{n + 1}00{n}"
        rows.writerow([name, seventeen + identity.check_digit(seventeen), ""])
    return out.getvalue().encode("utf-8-sig")
