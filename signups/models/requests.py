"""Who asked for what, where they stand, and whether they came."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common import history
from common.fields import TstzMultiRangeField
from members.models import UnionOrg, Worker
from signups.enums import LIVE, UNNUMBERED, AttendanceState, SignupStatus
from signups.models.offerings import Occasion, Offering, SeatPool
from signups.querysets import SignupQuerySet

S = SignupStatus
_OF_WORKER = Q(worker__isnull=False)
_TIME_OF_WORKER = _OF_WORKER & Q(busy__isnull=False) | Q(
    worker__isnull=True, busy__isnull=True
)


# Only changes are tracked: who asked and when stands on the row itself, and an insert
# trigger would cost a rush a third of its speed.
class Signup(models.Model):
    """One request for seats of one offering: a worker's (with companions, if
    ``seats`` is more than one), or a union's block for its people.

    Three columns say what a row holds, not its status: ``pool`` its seats, ``busy`` the
    person's time and a count against limits, ``ended_at`` null that it lives. A row
    that has ended stays as history; coming back is a new row at the end of the queue.

    The queue's order is (``queue_no``, ``id``): numbers are given by a draw, ids are the
    order of arrival, since a row takes its id after the pools are settled.
    """

    offering = models.ForeignKey(
        Offering,
        verbose_name=_("报名项目"),
        on_delete=models.PROTECT,
        related_name="signups",
        db_index=False,  # signups_signup_queue begins with it; a second index misleads
    )
    worker = models.ForeignKey(
        Worker,
        verbose_name=_("职工"),
        on_delete=models.PROTECT,
        null=True,
        related_name="signups",
    )
    union_org = models.ForeignKey(
        UnionOrg,
        verbose_name=_("单位"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="blocks",
    )
    seats = models.PositiveSmallIntegerField(
        _("名额"), default=1, db_default=1, editable=False
    )
    pool = models.ForeignKey(
        SeatPool,
        verbose_name=_("名额种类"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="signups",
    )
    status = models.CharField(
        _("状态"), max_length=20, choices=SignupStatus, editable=False
    )
    # when this person is taken up, by this signup: the offering's times
    busy = TstzMultiRangeField(null=True, editable=False)
    queue_no = models.IntegerField(
        _("排队号"), default=UNNUMBERED, db_default=UNNUMBERED, editable=False
    )
    # of a draw: which choice it is, and how many tickets it has
    choice_rank = models.PositiveSmallIntegerField(
        _("志愿顺序"), null=True, editable=False
    )
    weight = models.PositiveSmallIntegerField(
        _("抽签权重"), default=1, db_default=1, editable=False
    )
    promoted_at = models.DateTimeField(_("递补时间"), null=True, editable=False)
    # a waiter who left the queue by themselves: ranks are told how they moved
    left_queue_at = models.DateTimeField(_("离开候补"), null=True, editable=False)
    offer_until = models.DateTimeField(_("确认截止"), null=True, editable=False)
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
    ended_at = models.DateTimeField(_("结束时间"), null=True, editable=False)
    # why somebody else cancelled it, for the person to read
    cancelled_reason = models.CharField(
        _("取消原因"), max_length=200, blank=True, db_default="", editable=False
    )

    objects = SignupQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("报名")
        ordering = ["-pk"]
        permissions = [
            ("view_all_signups", _("查看所有报名")),
            ("call_people", _("查看报名人的手机号")),
            ("note_attendance", _("登记考勤")),
        ]
        constraints = [
            models.CheckConstraint(
                name="signups_signup_one_holder",
                condition=Q(worker__isnull=True) ^ Q(union_org__isnull=True),
            ),
            models.CheckConstraint(
                name="signups_signup_seats_sane",
                condition=Q(seats__range=(1, 20))
                | Q(seats__range=(1, 500), worker__isnull=True),
            ),
            # the one place where "lives" is spelled out: all else asks for ended_at
            models.CheckConstraint(
                name="signups_signup_ended_or_live",
                condition=Q(ended_at__isnull=True, status__in=LIVE)
                | Q(ended_at__isnull=False)
                & Q(status__in=[s for s in S if s not in LIVE]),
            ),
            models.CheckConstraint(
                name="signups_signup_holds_what_its_state_says",
                condition=(
                    Q(status=S.SEATED, pool__isnull=False) & _TIME_OF_WORKER
                    | Q(
                        status=S.OFFERED,
                        pool__isnull=False,
                        busy__isnull=True,
                        promoted_at__isnull=False,
                    )
                    | Q(
                        status__in=[
                            S.APPLIED,
                            S.WAITING,
                            S.CANCELLED,
                            S.CANCELLED_LATE,
                            S.LAPSED,
                            S.DECLINED,
                            S.NOT_DRAWN,
                            S.CALLED_OFF,
                        ],
                        pool__isnull=True,
                        busy__isnull=True,
                    )
                ),
            ),
            models.UniqueConstraint(
                name="signups_signup_one_live_each",
                fields=["worker", "offering"],
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("该职工已报名此项。"),
            ),
            models.UniqueConstraint(
                name="signups_signup_one_live_block",
                fields=["union_org", "offering"],
                condition=Q(ended_at__isnull=True, union_org__isnull=False),
                violation_error_message=_("该单位已报名此项。"),
            ),
            ExclusionConstraint(
                name="signups_signup_no_clash",
                expressions=[
                    ("worker", RangeOperators.EQUAL),
                    ("busy", RangeOperators.OVERLAPS),
                ],
                condition=Q(busy__isnull=False),
                violation_error_message=_("与该职工已报名的时间冲突。"),
            ),
        ]
        indexes = [
            # the queue, the counts by state and the foreign key; no other index begins
            # with the offering (docs/decisions/0003)
            models.Index(
                name="signups_signup_queue",
                fields=["offering", "status", "queue_no", "id"],
            ),
            models.Index(
                name="signups_signup_offers",
                fields=["pool"],
                condition=Q(status=S.OFFERED),
            ),
        ]
        triggers = [
            history.track(
                but=["busy", "cancelled_reason"],
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self):
        # no relation is followed: this prints in every log entry of the admin
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_live(self) -> bool:
        return self.ended_at is None

    @property
    def may_accept(self) -> bool:
        """Whether a seat is there to be accepted: offered, or let lapse by so many before
        that this waiter is next though nobody has passed it on yet. Of rows with
        ``state``, ``rank`` and ``freed``."""
        if self.state == S.OFFERED:
            return True
        return self.state == S.WAITING and bool(self.rank) and self.rank <= self.freed


class Attendance(models.Model):
    """Whether somebody who held a seat came to one occasion, or to another one in its
    stead (``made_up_at``). ``people`` counts those of a party who came."""

    signup = models.ForeignKey(
        Signup,
        verbose_name=_("报名"),
        on_delete=models.PROTECT,
        related_name="attendances",
    )
    occasion = models.ForeignKey(
        Occasion,
        verbose_name=_("场次"),
        on_delete=models.PROTECT,
        related_name="attendances",
    )
    state = models.CharField(_("到场"), max_length=10, choices=AttendanceState)
    made_up_at = models.ForeignKey(
        Occasion,
        verbose_name=_("补课场次"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    people = models.PositiveSmallIntegerField(_("到场人数"), default=1)
    arrived_at = models.DateTimeField(_("签到时间"), null=True, blank=True)
    left_at = models.DateTimeField(_("签退时间"), null=True, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("登记人"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("考勤")
        ordering = ["occasion", "signup"]
        constraints = [
            models.UniqueConstraint(
                name="signups_attendance_once",
                fields=["signup", "occasion"],
                violation_error_message=_("这一场已登记过。"),
            ),
            models.CheckConstraint(
                name="signups_attendance_state_known",
                condition=Q(state__in=AttendanceState.values),
            ),
            models.CheckConstraint(
                name="signups_attendance_people_sane",
                condition=Q(people__range=(0, 500)),
            ),
            models.CheckConstraint(
                name="signups_attendance_made_up_says_where",
                condition=Q(state=AttendanceState.MADE_UP, made_up_at__isnull=False)
                | ~Q(state=AttendanceState.MADE_UP) & Q(made_up_at__isnull=True),
                violation_error_message=_("补课须写明补在哪一场。"),
            ),
            models.CheckConstraint(
                name="signups_attendance_leaves_after_coming",
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("arrived_at")),
                violation_error_message=_("签退应晚于签到。"),
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
