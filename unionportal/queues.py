"""The roof's own part of the back office's home (``common.queues``): what stands around
every page, and the audit."""

from django.db.models import Exists
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common import workdays
from common.models import BackgroundTask, Holiday
from common.queues import Job, Queue
from members.models import User


def waiting(user) -> list[Queue]:
    """For who runs the site, the years whose days off nobody has entered."""
    made = []
    if user.has_perm("common.add_holiday"):
        me = User.objects.filter(pk=user.pk)  # one row, until it is done
        made += [
            Queue(
                _("%(year)d年放假安排待录入（公示期按工作日计算）") % {"year": year},
                me.exclude(Exists(Holiday.objects.filter(notice_year=year))),
                reverse("admin:common_holiday_notice"),
            )
            for year in workdays.wanted_years(timezone.localdate())
        ]
    if user.has_perm("common.rerun_backgroundtask"):
        made.append(
            Queue(
                _("已停止的后台任务"),
                BackgroundTask.objects.parked(),
                f"{reverse('admin:common_backgroundtask_changelist')}?state=FAILED",
                since="finished_at",
            )
        )
    return made


def jobs(user) -> list[Job]:
    made = []
    if user.has_perm("unionportal.change_sitesettings"):
        made.append(
            Job(
                _("网站设置"),
                reverse("admin:unionportal_sitesettings_changelist"),
                _("名称、电话、页脚"),
            )
        )
    return made
