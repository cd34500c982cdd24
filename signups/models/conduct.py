"""What it costs others when somebody does not come: points that expire, and how one
asks that they be taken back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common import history
from members.models import Worker
from signups.enums import (
    UNIT_GROUNDS,
    AppealState,
    ConductCause,
    Ground,
    Lifting,
    OfferingKind,
)
from signups.models.offerings import Occasion
from signups.models.requests import Signup
from signups.querysets import AppealQuerySet, ConductPointQuerySet


class ConductPoint(models.Model):
    """Points of one worker for one signup and one cause: computed once from what
    happened (a late cancel, an absence nobody excused), by the rules that the offering
    was opened with. It counts until ``expires_at`` unless it was lifted."""

    signup = models.ForeignKey(
        Signup,
        verbose_name=_("报名"),
        on_delete=models.PROTECT,
        related_name="conduct_points",
    )
    # the signup's, and its offering's: taking a seat reads nothing else
    worker = models.ForeignKey(
        Worker,
        verbose_name=_("职工"),
        on_delete=models.PROTECT,
        related_name="conduct_points",
    )
    kind = models.CharField(_("种类"), max_length=20, choices=OfferingKind)
    cause = models.CharField(_("事由"), max_length=20, choices=ConductCause)
    weight = models.PositiveSmallIntegerField(_("分数"))
    # of an absence
    occasion = models.ForeignKey(
        Occasion,
        verbose_name=_("场次"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    happened_at = models.DateTimeField(_("发生时间"))
    expires_at = models.DateTimeField(_("有效至"))
    made_at = models.DateTimeField(_("计分时间"), db_default=Now(), editable=False)
    lifted_at = models.DateTimeField(_("撤销时间"), null=True)
    lifted_as = models.CharField(
        _("撤销原因"), max_length=10, choices=Lifting, blank=True
    )

    objects = ConductPointQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("守约计分")
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="signups_conductpoint_once", fields=["signup", "cause"]
            ),
            models.CheckConstraint(
                name="signups_conductpoint_sane",
                condition=Q(weight__range=(1, 20), expires_at__gt=F("happened_at")),
            ),
            models.CheckConstraint(
                name="signups_conductpoint_lifted_says_why",
                condition=Q(lifted_at__isnull=True, lifted_as="")
                | Q(lifted_at__isnull=False) & ~Q(lifted_as=""),
            ),
        ]
        indexes = [
            models.Index(
                name="signups_conductpoint_counting",
                fields=["worker", "kind"],
                condition=Q(lifted_at__isnull=True),
            )
        ]
        triggers = [history.track()]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class Appeal(models.Model):
    """A worker asks that a point be taken back: once their unit, which confirms what it
    knows (overtime, travel, sickness), and once whoever runs what was missed."""

    point = models.ForeignKey(
        ConductPoint,
        verbose_name=_("守约计分"),
        on_delete=models.PROTECT,
        related_name="appeals",
    )
    ground = models.CharField(_("理由"), max_length=10, choices=Ground)
    is_for_unit = models.GeneratedField(
        verbose_name=_("由单位证明"),
        expression=Q(ground__in=UNIT_GROUNDS),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # purpose: how whoever decides can tell
    text = models.CharField(_("说明"), max_length=300)
    state = models.CharField(
        _("状态"), max_length=10, choices=AppealState, default=AppealState.OPEN
    )
    asked_at = models.DateTimeField(_("提出时间"), db_default=Now(), editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("办理人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("办理时间"), null=True, editable=False)
    answer = models.CharField(_("答复"), max_length=200, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("计分申诉")
        ordering = ["-pk"]
        permissions = [("excuse_absence", _("为本单位职工证明缺席"))]
        constraints = [
            models.UniqueConstraint(
                name="signups_appeal_once_each",
                fields=["point", "is_for_unit"],
                violation_error_message=_("已经提出过，请等候答复。"),
            ),
            models.CheckConstraint(
                name="signups_appeal_ground_known",
                condition=Q(ground__in=Ground.values),
            ),
            models.CheckConstraint(
                name="signups_appeal_answered_once",
                condition=Q(state=AppealState.OPEN, answered_at__isnull=True)
                | ~Q(state=AppealState.OPEN) & Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="signups_appeal_refused_with_reason",
                condition=~Q(state=AppealState.REFUSED) | ~Q(answer=""),
                violation_error_message=_("不同意须写明原因。"),
            ),
        ]
        triggers = [history.track(but=["text", "answer"])]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
