"""Lists on paper for units without computers: what was printed, its photo, what was
typed back from it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common import history
from members.models import UnionOrg, Worker
from signups.enums import PaperOutcome, PaperPurpose
from signups.models.offerings import Occasion, Offering
from signups.models.requests import Signup
from signups.querysets import PaperSheetQuerySet


class PaperSheet(models.Model):
    """One sheet of A4: people of one union, for one offering; to sign up, or to tick who
    came to one ``occasion``. ``total`` is what was counted on the paper: a sheet is
    closed when as many lines were typed back."""

    purpose = models.CharField(_("用途"), max_length=10, choices=PaperPurpose)
    offering = models.ForeignKey(
        Offering, verbose_name=_("报名项目"), on_delete=models.PROTECT, related_name="+"
    )
    occasion = models.ForeignKey(
        Occasion,
        verbose_name=_("场次"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    union_org = models.ForeignKey(
        UnionOrg,
        verbose_name=_("单位"),
        on_delete=models.PROTECT,
        related_name="paper_sheets",
    )
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("打印人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    printed_at = models.DateTimeField(_("打印时间"), db_default=Now())
    photo_key = models.CharField(max_length=32, blank=True, default="", editable=False)
    photo_sha256 = models.CharField(max_length=64, blank=True, default="")
    photo_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("上传人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    photo_at = models.DateTimeField(_("上传时间"), null=True)
    total = models.PositiveSmallIntegerField(_("纸上合计"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("核对人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("核对时间"), null=True)

    objects = PaperSheetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("纸质名单")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="signups_papersheet_purpose_says_of_what",
                condition=Q(purpose=PaperPurpose.SIGN_UP, occasion__isnull=True)
                | Q(purpose=PaperPurpose.ATTENDANCE, occasion__isnull=False),
            ),
            models.CheckConstraint(
                name="signups_papersheet_closed_with_photo_and_total",
                condition=Q(closed_at__isnull=True, total__isnull=True)
                | Q(closed_at__isnull=False, total__isnull=False) & ~Q(photo_key=""),
            ),
        ]
        triggers = [history.track(but=["photo_key", "photo_sha256"])]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.number}"

    @property
    def number(self) -> str:
        """As it stands on the paper."""
        return f"{self.pk:06d}"


class PaperLine(models.Model):
    """One person on a sheet, and what was typed back of them. ``outcome`` is empty until
    then; ``said`` is why it could not be done."""

    sheet = models.ForeignKey(
        PaperSheet,
        verbose_name=_("名单"),
        on_delete=models.PROTECT,
        related_name="lines",
    )
    number = models.PositiveSmallIntegerField(_("行"))
    worker = models.ForeignKey(
        Worker, verbose_name=_("职工"), on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(
        _("结果"), max_length=10, choices=PaperOutcome, blank=True, default=""
    )
    said = models.CharField(max_length=300, blank=True, default="")
    signup = models.ForeignKey(
        Signup,
        verbose_name=_("报名"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("录入人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    entered_at = models.DateTimeField(_("录入时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("纸质名单的行")
        ordering = ["sheet", "number"]
        constraints = [
            models.UniqueConstraint(
                name="signups_paperline_number_once", fields=["sheet", "number"]
            ),
            models.UniqueConstraint(
                name="signups_paperline_worker_once", fields=["sheet", "worker"]
            ),
            models.CheckConstraint(
                name="signups_paperline_entered_says_when",
                condition=Q(outcome="", entered_at__isnull=True)
                | ~Q(outcome="") & Q(entered_at__isnull=False),
            ),
        ]
        triggers = [history.track(but=["said"])]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
