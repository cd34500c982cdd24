"""A roster that was brought in: who, for which union, and what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import BackgroundTask, Timestamped
from members.enums import ImportState
from members.models.people import UnionOrg
from members.models.users import User
from members.querysets import RosterImportQuerySet
from members.rosters import sentence


class RosterImport(Timestamped):
    """One file. It is kept sealed until it is applied, a day at the most, and with it
    what was read of it; then both are thrown away, and what remains are the counts. The
    report, sealed as well, outlives the file to the end of that day."""

    union_org = models.ForeignKey(
        UnionOrg,
        verbose_name=_("工会"),
        on_delete=models.PROTECT,
        related_name="roster_imports",
    )
    by = models.ForeignKey(
        User,
        verbose_name=_("经办人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    file_name = models.CharField(_("文件名"), max_length=200)
    sheet = models.CharField(_("工作表"), max_length=100)
    content = models.TextField(blank=True, editable=False)
    # members.services.roster_reading.Reading of the file by these columns
    reading = models.TextField(blank=True, editable=False)
    # roster_pass.Report: of the last check, then of the import
    report = models.TextField(blank=True, editable=False)
    # the check or the import that was last asked for in the background, and why it came
    # to nothing
    job = models.ForeignKey(
        BackgroundTask, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    said = models.CharField(max_length=500, blank=True, editable=False)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    header_line = models.PositiveIntegerField(_("表头行"))
    # field name → number of the file's column, from 0
    columns = models.JSONField(_("列的对应"), default=dict)
    state = models.CharField(
        _("状态"), max_length=10, choices=ImportState, default=ImportState.UPLOADED
    )
    is_whole = models.BooleanField(_("整册"), default=False)
    created = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("更新"), default=0)
    unchanged = models.PositiveIntegerField(_("未变"), default=0)
    warned = models.PositiveIntegerField(_("提醒"), default=0)
    refused = models.PositiveIntegerField(_("错误"), default=0)
    left = models.PositiveIntegerField(_("离开"), default=0)
    applied_at = models.DateTimeField(_("导入时间"), null=True, blank=True)

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("名册导入")
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [("import_roster", _("导入名册"))]
        constraints = [
            models.CheckConstraint(
                name="members_rosterimport_applied_when_and_empty",
                condition=(
                    Q(
                        state=ImportState.APPLIED,
                        applied_at__isnull=False,
                        content="",
                        reading="",
                    )
                    | ~Q(state=ImportState.APPLIED) & Q(applied_at__isnull=True)
                ),
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
        """Rows whose person is on the roster now."""
        return self.created + self.changed + self.unchanged

    @property
    def sentence(self) -> str:
        return sentence(
            imported=self.imported, warned=self.warned, refused=self.refused
        )
