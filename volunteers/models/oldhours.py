"""Hours of before this portal, brought in from lists. They stand apart from those with
evidence here: in a table of their own, and in no sum with them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import history
from common.models import BackgroundTask, Timestamped
from members.models import Worker
from volunteers.models.teams import VolunteerTeam
from volunteers.querysets import HoursImportQuerySet, ImportedHoursQuerySet


class HoursImport(Timestamped):
    """One file. It is kept sealed until it is applied, a day at the most; the report,
    sealed as well, to the end of that day. What remains are counts and the hours."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("经办人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    file_name = models.CharField(_("文件名"), max_length=200)
    source = models.CharField(_("出处"), max_length=60)
    content = models.TextField(blank=True, editable=False)
    report = models.TextField(blank=True, editable=False)
    job = models.ForeignKey(
        BackgroundTask, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # why what was last asked for came to nothing
    said = models.CharField(max_length=500, blank=True, editable=False)
    created = models.PositiveIntegerField(_("新增"), default=0)
    unchanged = models.PositiveIntegerField(_("已有"), default=0)
    refused = models.PositiveIntegerField(_("错误"), default=0)
    applied_at = models.DateTimeField(_("导入时间"), null=True)
    taken_back_at = models.DateTimeField(_("撤回时间"), null=True)

    objects = HoursImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("历史时长导入")
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [("import_hours", _("导入历史服务时长"))]
        constraints = [
            models.CheckConstraint(
                name="volunteers_hoursimport_applied_and_empty",
                condition=Q(applied_at__isnull=True, taken_back_at__isnull=True)
                | Q(applied_at__isnull=False, content=""),
            ),
            models.CheckConstraint(
                name="volunteers_hoursimport_has_source",
                condition=~Q(source=""),
                violation_error_message=_("请写明出处，例如：2016年志愿服务台账。"),
            ),
        ]

    def __str__(self):
        return self.file_name

    @property
    def is_underway(self) -> bool:
        """Whether it is being checked or brought in, or soon will be."""
        return self.job is not None and self.job.is_underway


class ImportedHours(models.Model):
    """One line of an old list: somebody served on a day. Nothing here shows it."""

    imported_from = models.ForeignKey(
        HoursImport,
        verbose_name=_("导入"),
        on_delete=models.PROTECT,
        related_name="hours",
    )
    line = models.PositiveIntegerField(_("行号"))
    team = models.ForeignKey(
        VolunteerTeam,
        verbose_name=_("志愿服务队"),
        on_delete=models.PROTECT,
        related_name="imported_hours",
    )
    worker = models.ForeignKey(
        Worker,
        verbose_name=_("志愿者"),
        on_delete=models.PROTECT,
        related_name="imported_hours",
    )
    served_on = models.DateField(_("服务日期"))
    title = models.CharField(_("服务"), max_length=40)
    minutes = models.PositiveSmallIntegerField(_("服务时长（分钟）"))

    objects = ImportedHoursQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("历史时长（导入）")
        ordering = ["-served_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="volunteers_importedhours_once",
                fields=["worker", "team", "served_on", "title"],
                violation_error_message=_("这一条已经导入。"),
            ),
            models.CheckConstraint(
                name="volunteers_importedhours_within_a_day",
                condition=Q(minutes__gte=1, minutes__lte=24 * 60),
                violation_error_message=_("一条时长应在1分钟到24小时之间。"),
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
