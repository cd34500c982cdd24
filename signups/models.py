"""The desk: every scarce place in the house is asked for here, in one table, so that
nobody can be in two places at once in any wing.

A class, a slot, a post … each has one Offering. Capacity stands in its pools only.
"""

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.fields import TstzMultiRangeField
from common.models import Timestamped
from members.models import Worker
from signups.enums import LIVE, Audience, PoolKind, SignupStatus
from signups.querysets import OfferingQuerySet, SeatPoolQuerySet, SignupQuerySet


class OfferingGroup(Timestamped):
    """Offerings of which one worker may hold only so many seats (the classes of a
    term)."""

    title = models.CharField(_("名称"), max_length=100)
    seats_each = models.PositiveSmallIntegerField(_("每人限报"), default=1)

    class Meta:
        verbose_name = verbose_name_plural = _("限报组")
        constraints = [
            models.CheckConstraint(
                name="signups_offeringgroup_seats_each_sane",
                condition=Q(seats_each__gte=1, seats_each__lte=20),
                violation_error_message=_("每人限报应为1至20。"),
            )
        ]

    def __str__(self):
        return self.title


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["busy"],
)
class Offering(Timestamped):
    """One thing that can be asked for: its window, its rules and its times."""

    title = models.CharField(_("名称"), max_length=200)
    page = models.CharField(_("页面地址"), max_length=200)
    # what a person agrees to with the tick; the desk's own rules come on top
    notice = models.TextField(
        _("报名须知"), blank=True, default="", help_text=_("一行一条。")
    )
    opens_at = models.DateTimeField(_("报名开始"))
    closes_at = models.DateTimeField(_("报名截止"))
    cancel_until = models.DateTimeField(_("可取消至"), null=True, blank=True)
    group = models.ForeignKey(
        OfferingGroup,
        verbose_name=_("限报组"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="offerings",
    )
    is_listed = models.BooleanField(
        _("已公开"), default=True, help_text=_("未公开的不能报名，也没有人看得到。")
    )
    is_members_only = models.BooleanField(_("限工会会员"), default=True)
    waitlist_limit = models.PositiveIntegerField(
        _("候补上限"),
        null=True,
        blank=True,
        help_text=_("留空为不限，0为不设候补。"),
    )
    withdrawn_at = models.DateTimeField(_("停办时间"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("停办原因"), max_length=200, blank=True)
    # the times of its occasions: written by services.offerings only
    busy = TstzMultiRangeField(default="{}", editable=False)
    starts_at = models.DateTimeField(_("首场开始"), null=True, editable=False)
    ends_at = models.DateTimeField(_("末场结束"), null=True, editable=False)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("报名项目")
        ordering = ["-opens_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="signups_offering_window_runs_forward",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("报名截止应晚于报名开始。"),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return self.page


class Occasion(models.Model):
    """One stretch of time at one place. Half-open: one may end as the next begins."""

    offering = models.ForeignKey(
        Offering,
        verbose_name=_("报名项目"),
        on_delete=models.CASCADE,
        related_name="occasions",
    )
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    place = models.CharField(_("地点"), max_length=100, blank=True)
    # for people's calendars, which only take a change that counts as newer
    moves = models.PositiveIntegerField(_("改期次数"), default=0, editable=False)
    changed_at = models.DateTimeField(_("变动时间"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("场次")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="signups_occasion_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("结束时间应晚于开始时间。"),
            )
        ]

    def __str__(self):
        return f"{timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"


@pghistory.track(
    pghistory.InsertEvent(),
    # taken and owed move with every signup, which has its own record
    pghistory.UpdateEvent(
        condition=pghistory.AnyChange("capacity", "audience", "until")
    ),
    pghistory.DeleteEvent(),
)
class SeatPool(models.Model):
    """So many seats of an offering, for everybody or kept for an audience.

    ``taken`` counts seats held and owed; ``owed`` of them were freed and belong to the
    queue, so that no newcomer can snatch one.
    """

    offering = models.ForeignKey(
        Offering,
        verbose_name=_("报名项目"),
        on_delete=models.CASCADE,
        related_name="pools",
    )
    kind = models.CharField(
        _("种类"), max_length=10, choices=PoolKind, default=PoolKind.GENERAL
    )
    audience = models.CharField(
        _("预留给"), max_length=10, choices=Audience, blank=True
    )
    capacity = models.PositiveIntegerField(_("名额"))
    taken = models.PositiveIntegerField(_("已占"), default=0, editable=False)
    owed = models.PositiveIntegerField(_("待递补"), default=0, editable=False)
    until = models.DateTimeField(
        _("预留至"),
        null=True,
        blank=True,
        help_text=_("此后未用完的预留名额向所有人开放。"),
    )

    objects = SeatPoolQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("名额")
        constraints = [
            models.CheckConstraint(
                name="signups_seatpool_counts_hold",
                condition=Q(taken__lte=F("capacity"), owed__lte=F("taken")),
                violation_error_message=_("名额不能少于已报名人数。"),
            ),
            # the statement that takes a seat looks at one reserve, then one general
            models.UniqueConstraint(
                name="signups_seatpool_one_of_a_kind",
                fields=["offering", "kind"],
                violation_error_message=_("同一项只能有一种普通名额和一种预留名额。"),
            ),
            models.CheckConstraint(
                name="signups_seatpool_reserve_has_audience",
                condition=(
                    Q(kind=PoolKind.GENERAL, audience="", until__isnull=True)
                    | Q(kind=PoolKind.RESERVED) & ~Q(audience="")
                ),
                violation_error_message=_("预留名额须写明预留给谁，普通名额不写。"),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.taken}/{self.capacity}"


# Only changes are tracked: who asked and when stands on the row itself, and an insert
# trigger would cost a rush a third of its speed.
@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["busy"])
class Signup(models.Model):
    """One worker's request for one offering. A cancelled row stays as history; coming
    back is a new row at the end of the queue.

    Order by id is the order of arrival: the statement takes the id after the pools are
    settled.
    """

    offering = models.ForeignKey(
        Offering,
        verbose_name=_("报名项目"),
        on_delete=models.PROTECT,
        related_name="signups",
    )
    worker = models.ForeignKey(
        Worker,
        verbose_name=_("职工"),
        on_delete=models.PROTECT,
        related_name="signups",
    )
    pool = models.ForeignKey(
        SeatPool,
        verbose_name=_("名额"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="signups",
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=SignupStatus, editable=False
    )
    # when this person is taken up, by this signup: the offering's times
    busy = TstzMultiRangeField(null=True, editable=False)
    group = models.ForeignKey(
        OfferingGroup,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    group_slot = models.PositiveSmallIntegerField(null=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("经办人"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("报名时间"), db_default=Now(), editable=False)
    changed_at = models.DateTimeField(_("变动时间"), db_default=Now(), editable=False)
    # why somebody else cancelled it, for the person to read
    cancelled_reason = models.CharField(
        _("取消原因"), max_length=200, blank=True, db_default="", editable=False
    )

    objects = SignupQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("报名")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="signups_signup_one_live_each",
                fields=["offering", "worker"],
                condition=Q(status__in=LIVE),
                violation_error_message=_("该职工已报名此项。"),
            ),
            ExclusionConstraint(
                name="signups_signup_no_clash",
                expressions=[
                    ("worker", RangeOperators.EQUAL),
                    ("busy", RangeOperators.OVERLAPS),
                ],
                condition=Q(status=SignupStatus.SEATED),
                violation_error_message=_("与该职工已报名的时间冲突。"),
            ),
            models.UniqueConstraint(
                name="signups_signup_group_slot_once",
                fields=["group", "worker", "group_slot"],
                condition=Q(status=SignupStatus.SEATED),
                violation_error_message=_("该职工已达到限报数。"),
            ),
            models.CheckConstraint(
                name="signups_signup_seated_holds_all",
                condition=(
                    ~Q(status=SignupStatus.SEATED)
                    | Q(pool__isnull=False, busy__isnull=False)
                    & (
                        Q(group__isnull=True, group_slot__isnull=True)
                        | Q(group__isnull=False, group_slot__gte=1)
                    )
                ),
            ),
            models.CheckConstraint(
                name="signups_signup_others_hold_nothing",
                condition=(
                    Q(status=SignupStatus.SEATED)
                    | Q(pool__isnull=True, busy__isnull=True, group_slot__isnull=True)
                ),
            ),
        ]
        indexes = [
            models.Index(
                name="signups_signup_queue",
                fields=["offering", "id"],
                condition=Q(status=SignupStatus.WAITING),
            ),
        ]

    def __str__(self):
        # no relation is followed: this prints in every log entry of the admin
        return f"{self._meta.verbose_name} {self.pk}"
