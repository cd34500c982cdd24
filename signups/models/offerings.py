"""What can be asked for: its rules, its times, its seats, and how much one may hold."""

from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import history
from common.fields import TstzMultiRangeField
from common.models import Timestamped
from members.models import UnionOrg
from signups.enums import Audience, LimitPer, LimitUnit, Mode, OfferingKind, PoolKind
from signups.querysets import (
    OccasionQuerySet,
    OfferingQuerySet,
    RulesQuerySet,
    SeatPoolQuerySet,
)


class Rules(models.Model):
    """One version of the rules of a kind of offering. A version never changes: other
    rules are another row, for what is opened from then on."""

    kind = models.CharField(_("种类"), max_length=20, choices=OfferingKind)
    version = models.PositiveIntegerField(_("版本"), editable=False)
    cancel_hours = models.PositiveSmallIntegerField(
        _("取消截止"),
        default=24,
        help_text=_("首场开始前多少小时可以自行取消，0为开始前都可以。"),
    )
    # waiting
    is_offered = models.BooleanField(
        _("递补须本人确认"),
        default=False,
        help_text=_("空出的名额先请候补的人确认，逾期让给下一位。"),
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("确认时限"), default=24, help_text=_("候补的人在多少小时内确认。")
    )
    offer_before_hours = models.PositiveSmallIntegerField(
        _("最晚确认"),
        default=12,
        help_text=_("首场开始前多少小时起不再请人确认，直接递补。"),
    )
    grace_hours = models.PositiveSmallIntegerField(
        _("临时递补免计分"),
        default=24,
        help_text=_("开始前多少小时以内才递补的，不来或取消都不计分。"),
    )
    # what it costs others when somebody does not come: 0 is nothing
    late_points = models.PositiveSmallIntegerField(_("逾期取消计分"), default=2)
    last_minute_hours = models.PositiveSmallIntegerField(
        _("临场取消"), default=2, help_text=_("首场开始前多少小时以内算临场。")
    )
    last_minute_points = models.PositiveSmallIntegerField(_("临场取消计分"), default=3)
    no_show_points = models.PositiveSmallIntegerField(_("无故缺席计分"), default=3)
    point_days = models.PositiveSmallIntegerField(
        _("计分有效天数"), default=20, help_text=_("法定节假日不计在内。")
    )
    block_points = models.PositiveSmallIntegerField(
        _("暂停报名的分数"),
        default=6,
        help_text=_("有效计分满此数的暂停报名，0为从不暂停。"),
    )
    text = models.TextField(_("规则"), blank=True, help_text=_("一行一条。"))
    made_at = models.DateTimeField(_("发布时间"), db_default=Now(), editable=False)
    # checking in: see services.checkin
    check_in_minutes = models.PositiveSmallIntegerField(
        _("签到提前"),
        default=30,
        db_default=30,
        help_text=_("开始前多少分钟起可以签到，到结束为止。"),
    )
    late_minutes = models.PositiveSmallIntegerField(
        _("迟到"),
        default=10,
        db_default=10,
        help_text=_("开始后多少分钟起签到算迟到。"),
    )
    checks_out = models.BooleanField(
        _("须签退"),
        default=False,
        db_default=False,
        help_text=_("结束后30分钟内可以签退。"),
    )
    # of voluntary service: see signups_spacing
    day_hours = models.PositiveSmallIntegerField(
        _("每天最多小时"),
        default=0,
        db_default=0,
        help_text=_("只用于志愿服务岗位；一人一天最多服务多少小时，0为不限。"),
    )
    rest_minutes = models.PositiveSmallIntegerField(
        _("两次之间休息"),
        default=0,
        db_default=0,
        help_text=_("只用于志愿服务岗位；至少多少分钟，0为不限。"),
    )
    travel_minutes = models.PositiveSmallIntegerField(
        _("换地点路上"),
        default=0,
        db_default=0,
        help_text=_("只用于志愿服务岗位；地点不同时至少留多少分钟，0为不限。"),
    )
    practised_after = models.PositiveSmallIntegerField(
        _("参加几次为熟手"),
        default=3,
        db_default=3,
        help_text=_("到场满此数的，可以报为熟手留的名额。"),
    )

    objects = RulesQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("报名规则")
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                name="signups_rules_version_once", fields=["kind", "version"]
            ),
            models.CheckConstraint(
                name="signups_rules_cancel_hours_sane",
                condition=Q(cancel_hours__lte=24 * 30),
                violation_error_message=_("取消截止应在首场开始前30天以内。"),
            ),
            models.CheckConstraint(
                name="signups_rules_check_in_sane",
                condition=Q(check_in_minutes__lte=240, late_minutes__lte=240),
                violation_error_message=_("签到提前和迟到都不超过240分钟。"),
            ),
            models.CheckConstraint(
                name="signups_rules_hours_sane",
                condition=Q(
                    offer_hours__range=(1, 24 * 7),
                    offer_before_hours__range=(1, 24 * 7),
                    grace_hours__lte=24 * 7,
                    last_minute_hours__lte=24 * 7,
                ),
                violation_error_message=_("确认、递补的时限应在1小时至7天之间。"),
            ),
            models.CheckConstraint(
                name="signups_rules_points_sane",
                condition=Q(
                    late_points__lte=20,
                    last_minute_points__lte=20,
                    no_show_points__lte=20,
                    block_points__lte=100,
                    point_days__range=(1, 366),
                ),
                violation_error_message=_("每次计分不超过20分，有效期1至366天。"),
            ),
            models.CheckConstraint(
                name="signups_rules_spacing_sane",
                condition=Q(
                    day_hours__lte=24,
                    rest_minutes__lte=24 * 60,
                    travel_minutes__lte=24 * 60,
                    practised_after__lte=100,
                ),
                violation_error_message=_(
                    "每天最多24小时，休息和路上不超过1440分钟，熟手不超过100次。"
                ),
            ),
        ]
        triggers = [history.track(operation=pgtrigger.Insert | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.get_kind_display()} {self.version}"


class Limit(Timestamped):
    """How much of some offerings one worker may hold: two classes of a term, one court
    slot a day, six hours a week."""

    title = models.CharField(_("名称"), max_length=100)
    most = models.PositiveIntegerField(_("最多"), default=1)
    unit = models.CharField(
        _("计什么"), max_length=10, choices=LimitUnit, default=LimitUnit.SIGNUPS
    )
    per = models.CharField(
        _("计多久"), max_length=10, choices=LimitPer, default=LimitPer.ALL
    )

    class Meta:
        verbose_name = verbose_name_plural = _("限报")
        constraints = [
            models.CheckConstraint(
                name="signups_limit_most_sane",
                condition=Q(most__gte=1, most__lte=100_000),
                violation_error_message=_("每人限报至少为1。"),
            )
        ]

    def __str__(self):
        return self.title


def page_address(url_name: str, url_arg: int | None) -> str:
    """Where the page of an offering with these columns is; for who has no row."""
    return reverse(url_name, args=[] if url_arg is None else [url_arg])


class Offering(Timestamped):
    """One thing that can be asked for: its window, its rules and its times."""

    kind = models.CharField(
        _("种类"), max_length=20, choices=OfferingKind, editable=False
    )
    title = models.CharField(_("名称"), max_length=200)
    # its page: the name of an address and its number
    url_name = models.CharField(_("页面"), max_length=80, editable=False)
    url_arg = models.BigIntegerField(_("页面参数"), null=True, editable=False)
    organiser = models.ForeignKey(
        UnionOrg,
        verbose_name=_("主办工会"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="offerings",
        help_text=_("留空为市总工会。"),
    )
    rules = models.ForeignKey(
        Rules,
        verbose_name=_("报名规则"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="offerings",
    )
    # what a person agrees to with the tick; the desk's own rules come on top
    notice = models.TextField(
        _("报名须知"), blank=True, default="", help_text=_("一行一条。")
    )
    mode = models.CharField(
        _("方式"), max_length=10, choices=Mode, default=Mode.FIRST, editable=False
    )
    # whose results give its seats; None: whoever comes first
    draw = models.ForeignKey(
        "signups.Draw",
        verbose_name=_("摇号"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="offerings",
    )
    opens_at = models.DateTimeField(_("报名开始"))
    closes_at = models.DateTimeField(_("报名截止"))
    cancel_until = models.DateTimeField(_("可取消至"), null=True, blank=True)
    limits = models.ManyToManyField(
        Limit, verbose_name=_("限报"), blank=True, related_name="offerings"
    )
    # a person with companions, or a union's block for its people: 0 for no blocks
    max_seats = models.PositiveSmallIntegerField(_("每人最多名额"), default=1)
    max_block = models.PositiveSmallIntegerField(_("单位最多名额"), default=0)
    # added to the end of each occasion: a way home, a rest
    rest_after = models.DurationField(
        _("结束后休息"), default=timedelta(0), editable=False
    )
    # a freed seat is offered and has to be accepted, instead of being given
    is_offered = models.BooleanField(_("递补须确认"), default=False)
    # until then seats are saved for the party that is next; afterwards the first that
    # fits has them
    saves_until = models.DateTimeField(_("为同行人留座至"), null=True, blank=True)
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
    # called off because too few people came together (未开班)
    is_unopened = models.BooleanField(
        _("未开班"), default=False, db_default=False, editable=False
    )
    # offerings with the same word here do for one another: what is shown to whom this
    # one refuses
    alike = models.CharField(
        _("同类"), max_length=60, blank=True, default="", db_default="", editable=False
    )
    # the times of its occasions: written by signups_set_times only
    busy = TstzMultiRangeField(default="{}", editable=False)
    starts_at = models.DateTimeField(_("首场开始"), null=True, editable=False)
    ends_at = models.DateTimeField(_("末场结束"), null=True, editable=False)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("报名项目")
        ordering = ["-opens_at", "pk"]
        # one for each OfferingKind
        permissions = [
            ("manage_class", _("管理培训班的报名")),
            ("manage_programme", _("管理演出活动的报名")),
            ("manage_slot", _("管理场地时段的预约")),
            ("manage_post", _("管理志愿服务岗位的报名")),
            ("manage_meet", _("管理联谊活动的报名")),
        ]
        constraints = [
            models.CheckConstraint(
                name="signups_offering_window_runs_forward",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("报名截止应晚于报名开始。"),
            ),
            models.CheckConstraint(
                name="signups_offering_seats_sane",
                condition=Q(max_seats__range=(1, 20), max_block__range=(0, 500)),
                violation_error_message=_("每人名额应为1至20，单位名额不超过500。"),
            ),
            models.CheckConstraint(
                name="signups_offering_mode_known", condition=Q(mode__in=Mode.values)
            ),
            models.CheckConstraint(
                name="signups_offering_kind_known",
                condition=Q(kind__in=OfferingKind.values),
            ),
            models.CheckConstraint(
                name="signups_offering_rest_sane",
                condition=Q(
                    rest_after__gte=timedelta(0), rest_after__lte=timedelta(hours=24)
                ),
            ),
        ]
        indexes = [
            models.Index(
                name="signups_offering_alike",
                fields=["alike"],
                condition=~Q(alike=""),
            )
        ]
        triggers = [history.track(but=["busy"])]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return page_address(self.url_name, self.url_arg)

    @property
    def limit_titles(self) -> str:
        """What tells two of one name apart: the term they belong to. Reads ``limits``."""
        return "、".join(limit.title for limit in self.limits.all())

    @property
    def is_over(self) -> bool:
        """Its last occasion is; what has no time is never over."""
        return self.ends_at is not None and self.ends_at <= timezone.now()


class Occasion(models.Model):
    """One stretch of time at one place. Half-open: one may end as the next begins.

    An occasion is never deleted and stays the same row when it is moved: attendance,
    lessons and calendars point to it.
    """

    offering = models.ForeignKey(
        Offering,
        verbose_name=_("报名项目"),
        on_delete=models.PROTECT,
        related_name="occasions",
    )
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    place = models.CharField(_("地点"), max_length=100, blank=True)
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, editable=False)
    # whose code opens this one too: several posts of one day have one door
    door = models.ForeignKey(
        "self",
        verbose_name=_("共用签到码的场次"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    # for people's calendars, which only take a change that counts as newer
    moves = models.PositiveIntegerField(_("改期次数"), default=0, editable=False)
    changed_at = models.DateTimeField(_("变动时间"), db_default=Now(), editable=False)

    objects = OccasionQuerySet.as_manager()

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
        triggers = [history.track()]

    def __str__(self):
        return f"{timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"


class Charge(models.Model):
    """What a seat of an offering counts against a limit, period by period. Computed
    with the offering's times (``signups_set_times``), never typed."""

    offering = models.ForeignKey(
        Offering, on_delete=models.CASCADE, related_name="charges"
    )
    limit = models.ForeignKey(Limit, on_delete=models.PROTECT, related_name="charges")
    period = models.DateField()  # the first day; 0001-01-01 where all time is one
    amount = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="signups_charge_once", fields=["offering", "limit", "period"]
            ),
            models.CheckConstraint(
                name="signups_charge_amount_sane", condition=Q(amount__gte=1)
            ),
        ]

    def __str__(self):
        return f"{self._meta.object_name} {self.pk}"


class SeatPool(models.Model):
    """So many seats of an offering, for everybody or kept for some. Pools are tried in
    the order of ``position``.

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
    position = models.PositiveSmallIntegerField(_("次序"), default=50, editable=False)
    audience = models.CharField(
        _("预留给"), max_length=10, choices=Audience, blank=True
    )
    # the code, not the id: "of this union or of one below it" is then one prefix
    union_org = models.ForeignKey(
        UnionOrg,
        verbose_name=_("预留给单位"),
        to_field="code",
        db_column="union_code",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
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
        ordering = ["offering", "position"]
        constraints = [
            models.CheckConstraint(
                name="signups_seatpool_counts_hold",
                condition=Q(taken__lte=F("capacity"), owed__lte=F("taken")),
                violation_error_message=_("名额不能少于已报名人数。"),
            ),
            models.UniqueConstraint(
                name="signups_seatpool_order",
                fields=["offering", "position"],
                violation_error_message=_("同一项的名额次序不能相同。"),
            ),
            models.CheckConstraint(
                name="signups_seatpool_kind_says_for_whom",
                condition=(
                    Q(
                        kind=PoolKind.GENERAL,
                        audience="",
                        union_org__isnull=True,
                        until__isnull=True,
                    )
                    | Q(kind=PoolKind.AUDIENCE, union_org__isnull=True)
                    & ~Q(audience="")
                    | Q(kind=PoolKind.UNION, audience="", union_org__isnull=False)
                    | Q(
                        kind__in=[PoolKind.DOOR, PoolKind.PRACTISED],
                        audience="",
                        union_org__isnull=True,
                    )
                ),
                violation_error_message=_("预留名额须写明预留给谁，普通名额不写。"),
            ),
        ]
        # taken and owed move with every signup, which has its own record
        triggers = [
            history.track(
                but=["taken", "owed"],
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("capacity", "audience", "union_code", "until")
                | pgtrigger.Delete,
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.taken}/{self.capacity}"
