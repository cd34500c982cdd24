"""Who does what in which column, and the question whether somebody may.

Locks nothing but the row it changes.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from common import history
from common.errors import Reason, Refusal
from common.services import refusing
from members.models import User
from news.enums import ColumnJob, Level
from news.models import Column, ColumnDuty


@transaction.atomic
@history.on_record
def give_duty(*, column: Column, user: User, job: str, by: User | None) -> ColumnDuty:
    """Let ``user`` do this job in a column, from now on.

    Raises Refusal: their role does not hold the job's permission (it would be a duty
    that nobody can do), or they have it already.
    """
    if not user.has_perm(ColumnJob(job).right):
        text = _("%(name)s没有“%(role)s”角色，请先在账号中添加。")
        said = {"name": user, "role": ColumnJob(job).label}
        raise Refusal(Reason("no_role", text % said, field="user"))
    text = _("这个人在这个栏目已有这项工作。")
    with refusing({"news_columnduty_once": Reason("given", text, field="user")}):
        return ColumnDuty.objects.create(column=column, user=user, job=job)


@transaction.atomic
@history.on_record
def take_duty(*, duty: ColumnDuty, by: User | None) -> None:
    """End somebody's job in a column, at once. What they decided stays on record."""
    duty.delete()


def may(user: User | None, column_id: int, *jobs: ColumnJob) -> bool:
    """Whether this person does one of these jobs in this column (any job, where none
    is named). The system (None) may do everything but review."""
    if user is None:
        return True
    columns = Column.objects.filter(pk=column_id)
    return columns.worked_in_by(user, *jobs).exists()


def levels_of(user: User, column_id: int) -> list[Level]:
    """The reviews that this person gives in this column."""
    return [
        level for level in Level if may(user, column_id, ColumnJob(str(level.stage)))
    ]


def check_edits(user: User | None, column_id: int, *, field: str = "") -> None:
    """Raises Refusal ``column_foreign`` unless this person writes in this column."""
    if not may(user, column_id, ColumnJob.EDIT):
        text = _("您不是这个栏目的编辑")
        raise Refusal(Reason("column_foreign", text, field=field))
