"""A list of old honours that was brought in: who did it, and what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import BackgroundTask, Timestamped
from honors.querysets import HonourImportQuerySet
from members.models import User


class HonourImport(Timestamped):
    """One file. It is kept sealed until it is applied, a day at the most; then it is
    thrown away, and what remains are the counts and the honourees that name it. The
    report, sealed as well, is kept to the end of that day."""

    by = models.ForeignKey(
        User,
        verbose_name=_("经办人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    file_name = models.CharField(_("文件名"), max_length=200)
    # what holds for every row where the file has no such column
    year = models.PositiveSmallIntegerField(_("年份"), null=True)
    title = models.CharField(_("荣誉称号"), max_length=40, blank=True)
    content = models.TextField(blank=True, editable=False)
    # services.oldhonours.Report: of the last check, then of the import
    report = models.TextField(blank=True, editable=False)
    # the check or the import that was last asked for in the background, and why it came
    # to nothing
    job = models.ForeignKey(
        BackgroundTask, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    said = models.CharField(max_length=500, blank=True, editable=False)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    created = models.PositiveIntegerField(_("新增"), default=0)
    filled = models.PositiveIntegerField(_("补充"), default=0)
    unchanged = models.PositiveIntegerField(_("未变"), default=0)
    warned = models.PositiveIntegerField(_("提醒"), default=0)
    refused = models.PositiveIntegerField(_("错误"), default=0)
    applied_at = models.DateTimeField(_("导入时间"), null=True)

    objects = HonourImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("旧荣誉导入")
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [("import_honours", _("导入旧荣誉"))]
        constraints = [
            models.CheckConstraint(
                name="honors_honourimport_applied_and_empty",
                condition=Q(applied_at__isnull=True) | Q(content=""),
            )
        ]

    def __str__(self):
        return self.file_name

    @property
    def is_underway(self) -> bool:
        """Whether it is being checked or brought in, or soon will be."""
        return self.job is not None and self.job.is_underway

    @property
    def imported(self) -> int:
        """Rows whose honour is in the register now."""
        return self.created + self.filled + self.unchanged
