"""The roof's own part of the back office's home (``common.queues``): what stands around
every page, and the audit."""

from datetime import timedelta

from django.db.models import Exists
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common import workdays
from common.enums import AuditOutcome
from common.models import AuditEvent, BackgroundTask, Holiday
from common.queues import Job, Queue
from members.models import User
from signups.models import PaperSheet

WEEK = timedelta(days=7)


def waiting(user) -> list[Queue]:
    """For the auditor, deeds of the last week that were refused or failed; for who runs
    the site, the years whose days off nobody has entered."""
    made = []
    if user.has_perm("common.view_auditevent"):
        made.append(
            Queue(
                _("近7天被拒绝或失败的操作"),
                AuditEvent.objects.filter(at__gt=Now() - WEEK).exclude(
                    outcome=AuditOutcome.DONE
                ),
                f"{reverse('admin:audit')}?kind=refused",
                since="at",
            )
        )
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
    if user.has_perms(["members.view_worker", "signups.add_signup"]):
        made.append(
            Queue(
                _("待核对的纸质名单"),
                PaperSheet.objects.managed_by(user).left_open().exclude(photo_key=""),
                reverse("admin:papers"),
                since="photo_at",
            )
        )
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
    if user.has_perm("members.confirm_roster"):
        made.append(
            Job(
                _("本工会的职工"),
                reverse("admin:steward"),
                _("认证、申请、名册"),
            )
        )
        made.append(
            Job(
                _("职工报班情况"),
                reverse("admin:steward_classes"),
                _("本工会谁报了什么班"),
            )
        )
    if user.has_perm("common.view_change"):
        made.append(
            Job(
                _("操作记录"), reverse("admin:audit"), _("何时、何人、做了什么，可导出")
            )
        )
    if user.has_perms(["members.view_worker", "signups.add_signup"]):
        made.append(
            Job(
                _("服务台"),
                reverse("admin:desk"),
                _("找人，代为报名、取消、签到，打印报名单"),
            )
        )
        made.append(
            Job(
                _("纸质名单"),
                reverse("admin:papers"),
                _("打印、上传照片、按编码录入、核对"),
            )
        )
    if user.has_perm("unionportal.change_sitesettings"):
        made.append(
            Job(
                _("网站设置"),
                reverse("admin:unionportal_sitesettings_changelist"),
                _("名称、电话、页脚"),
            )
        )
    return made
