"""A draw (摇号): the list of who asked, published before a public number exists, and what
the number decided.

Until a draw is released its results stand here only: no signup, no seat and no count
knows of them.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common import history
from common.models import BackgroundTask, Timestamped
from members.models import UnionOrg, Worker
from signups.enums import DrawOutcome, DrawStage, OfferingKind
from signups.models.offerings import SeatPool
from signups.models.requests import Signup
from signups.querysets import DrawChoiceQuerySet, DrawQuerySet


class Draw(Timestamped):
    """One draw over all offerings that point to it (the classes of a term): each person
    ranks up to ``most_choices`` of them and wins one at most.

    The columns are filled in step by step: the list is frozen, two people type the
    public value, the results are drawn, somebody releases them.
    """

    kind = models.CharField(
        _("种类"), max_length=20, choices=OfferingKind, editable=False
    )
    title = models.CharField(_("名称"), max_length=100)
    organiser = models.ForeignKey(
        UnionOrg,
        verbose_name=_("主办工会"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="draws",
    )
    most_choices = models.PositiveSmallIntegerField(
        _("最多志愿数"), default=3, help_text=_("每人最多登记几个志愿，1至9。")
    )
    value_name = models.CharField(
        _("用哪个公开数"),
        max_length=100,
        help_text=_(
            "登记截止之后才产生、谁都能查到的数，如：中国福利彩票双色球第2018066期开奖"
            "号码。"
        ),
    )
    value_form = models.CharField(
        _("公开数怎么写"),
        max_length=100,
        help_text=_(
            "如：六个红球从小到大，再写蓝球，都写两位，共14位数字，之间不留空。"
        ),
    )
    value_at = models.DateTimeField(
        _("公开数产生时间"), help_text=_("应在登记截止之后，名单须在此之前封存。")
    )
    results_at = models.DateTimeField(_("预计公布结果"))
    # the list: so many general and reserved seats of each offering, as they were frozen
    seats = models.JSONField(_("封存的名额"), default=list, editable=False)
    list_hash = models.CharField(
        _("名单指纹"), max_length=64, blank=True, editable=False
    )
    frozen_at = models.DateTimeField(_("封存时间"), null=True, editable=False)
    value = models.CharField(_("公开数"), max_length=100, blank=True, editable=False)
    seed = models.CharField(_("种子"), max_length=64, blank=True, editable=False)
    drawn_at = models.DateTimeField(_("摇号时间"), null=True, editable=False)
    released_at = models.DateTimeField(_("公布时间"), null=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("公布人"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    # the step that was last asked for in the background, and why it came to nothing
    job = models.ForeignKey(
        BackgroundTask,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    said = models.CharField(
        max_length=500, blank=True, default="", db_default="", editable=False
    )

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("摇号")
        ordering = ["-pk"]
        permissions = [
            ("run_draw", _("主持摇号")),
            ("witness_draw", _("录入摇号公开数")),
        ]
        constraints = [
            models.CheckConstraint(
                name="signups_draw_choices_sane",
                condition=Q(most_choices__range=(1, 9)),
                violation_error_message=_("每人最多志愿数应为1至9。"),
            ),
            models.CheckConstraint(
                name="signups_draw_results_after_value",
                condition=Q(results_at__gt=F("value_at")),
                violation_error_message=_("公布结果应晚于公开数产生时间。"),
            ),
            models.CheckConstraint(
                name="signups_draw_frozen_before_the_value",
                condition=Q(frozen_at__isnull=True, list_hash="")
                | Q(list_hash__regex="^[0-9a-f]{64}$", frozen_at__lt=F("value_at")),
                violation_error_message=_("名单应在公开数产生之前封存。"),
            ),
            models.CheckConstraint(
                name="signups_draw_step_by_step",
                condition=Q(drawn_at__isnull=True, seed="", released_at__isnull=True)
                | Q(frozen_at__isnull=False, drawn_at__isnull=False)
                & Q(seed__regex="^[0-9a-f]{64}$")
                & ~Q(value=""),
            ),
        ]
        triggers = [history.track(but=["seats", "job", "said"])]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("signups:draw-detail", args=[self.pk])

    @property
    def is_underway(self) -> bool:
        """Whether a step is being done in the background, or soon will be."""
        return self.job is not None and self.job.is_underway

    @property
    def stage(self) -> DrawStage:
        """How far it has come. Whether entering is still possible says each offering's
        own window."""
        if self.released_at is not None:
            return DrawStage.RELEASED
        if self.drawn_at is not None:
            return DrawStage.DRAWN
        if self.value:
            return DrawStage.AGREED
        return DrawStage.OPEN if self.frozen_at is None else DrawStage.FROZEN


class DrawEntry(models.Model):
    """One person on the frozen list, under a random number. Never changed."""

    draw = models.ForeignKey(
        Draw, verbose_name=_("摇号"), on_delete=models.PROTECT, related_name="entries"
    )
    worker = models.ForeignKey(
        Worker,
        verbose_name=_("职工"),
        on_delete=models.PROTECT,
        related_name="draw_entries",
    )
    number = models.PositiveIntegerField(_("登记号"))
    weight = models.PositiveSmallIntegerField(_("权重"))

    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("摇号登记")
        ordering = ["draw", "number"]
        constraints = [
            models.UniqueConstraint(
                name="signups_drawentry_number_once", fields=["draw", "number"]
            ),
            models.UniqueConstraint(
                name="signups_drawentry_person_once", fields=["draw", "worker"]
            ),
            models.CheckConstraint(
                name="signups_drawentry_weight_sane",
                condition=Q(weight__gte=1, number__gte=1),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.number}"


class DrawChoice(models.Model):
    """One choice of an entry, and what came of it. Only the outcome is ever written to,
    once."""

    entry = models.ForeignKey(
        DrawEntry,
        verbose_name=_("摇号登记"),
        on_delete=models.PROTECT,
        related_name="choices",
    )
    signup = models.OneToOneField(
        Signup,
        verbose_name=_("报名"),
        on_delete=models.PROTECT,
        related_name="draw_choice",
    )
    rank = models.PositiveSmallIntegerField(_("志愿"))
    # the pools that this person may have a seat of, in the order in which they are tried
    pools = models.CharField(_("可用名额"), max_length=200, blank=True)
    outcome = models.CharField(
        _("结果"), max_length=10, choices=DrawOutcome, blank=True, editable=False
    )
    pool = models.ForeignKey(
        SeatPool,
        verbose_name=_("名额"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    queue_no = models.PositiveIntegerField(_("候补位次"), null=True, editable=False)

    objects = DrawChoiceQuerySet.as_manager()
    changeable = ("outcome", "pool", "queue_no")

    class Meta:
        verbose_name = verbose_name_plural = _("摇号志愿")
        ordering = ["entry", "rank"]
        constraints = [
            models.UniqueConstraint(
                name="signups_drawchoice_rank_once", fields=["entry", "rank"]
            ),
            # nobody wins two
            models.UniqueConstraint(
                name="signups_drawchoice_wins_once",
                fields=["entry"],
                condition=Q(outcome=DrawOutcome.WON),
            ),
            models.CheckConstraint(
                name="signups_drawchoice_holds_what_it_says",
                condition=Q(outcome=DrawOutcome.WON, pool__isnull=False)
                & Q(queue_no__isnull=True)
                | Q(outcome=DrawOutcome.QUEUE, pool__isnull=True) & Q(queue_no__gte=1)
                | Q(outcome__in=["", DrawOutcome.OTHER])
                & Q(pool__isnull=True, queue_no__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="list_kept", exclude=["outcome", "pool", "queue_no"]
            ),
            pgtrigger.Protect(
                name="written_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__outcome__gt=""),
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class DrawValue(models.Model):
    """The public value as one person typed it; two different people must agree."""

    draw = models.ForeignKey(
        Draw, verbose_name=_("摇号"), on_delete=models.PROTECT, related_name="values"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("录入人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    value = models.CharField(_("公开数"), max_length=100)
    typed_at = models.DateTimeField(_("录入时间"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("摇号公开数")
        ordering = ["draw", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="signups_drawvalue_two_people",
                fields=["draw", "by"],
                violation_error_message=_("公开数须由两个人各录一次。"),
            ),
            models.CheckConstraint(
                name="signups_drawvalue_has_digits",
                condition=Q(value__regex="^[0-9]+$"),
                violation_error_message=_("公开数只写数字。"),
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
