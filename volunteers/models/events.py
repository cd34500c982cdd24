"""A service: one day of a team, its posts, and what was noted on the day."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common import crypto, history, links
from common.models import Timestamped
from signups.models import Offering, Signup
from volunteers.enums import CountersignState, EventState, Side, TeamKind
from volunteers.models.needs import Need
from volunteers.models.teams import VolunteerTeam
from volunteers.querysets import EventPhotoQuerySet, ServiceEventQuerySet

LONGEST = timedelta(hours=24)
MOST_POSTS = 8
MOST_PEOPLE = 500  # of one post


class ServiceEvent(Timestamped):
    """One service of a team: when, where, for what. Seats stand at the desk, with its
    posts; whom to call is stored encrypted and shown to those signed up."""

    team = models.ForeignKey(
        VolunteerTeam,
        verbose_name=_("志愿服务队"),
        on_delete=models.PROTECT,
        related_name="events",
    )
    need = models.ForeignKey(
        Need,
        verbose_name=_("服务需求"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
    )
    title = models.CharField(_("服务名称"), max_length=40)
    kind = models.CharField(_("类别"), max_length=10, choices=TeamKind)
    about = models.TextField(_("说明"), max_length=1000, blank=True)
    place = models.CharField(_("服务地点"), max_length=80)
    meeting_point = models.CharField(_("集合地点"), max_length=80, blank=True)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    insurance = models.CharField(_("保险"), max_length=200, blank=True)
    weather = models.CharField(_("天气"), max_length=200, blank=True)
    # purpose: whoever comes can call on the day
    contact_name = models.CharField(_("联系人"), max_length=30, blank=True)
    contact_cipher = models.TextField(blank=True, editable=False)
    called_off_at = models.DateTimeField(_("取消时间"), null=True, editable=False)
    called_off_reason = models.CharField(
        _("取消原因"), max_length=200, blank=True, default=""
    )
    # the hours were written down and the day is done
    closed_at = models.DateTimeField(_("登记时长的时间"), null=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("发布人"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = ServiceEventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("志愿服务活动")
        ordering = ["-starts_at", "-pk"]
        permissions = [("run_service", _("组织志愿服务活动"))]
        indexes = [
            models.Index(
                name="volunteers_event_of_team", fields=["team", "-starts_at"]
            ),
            models.Index(name="volunteers_event_starts", fields=["starts_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="volunteers_serviceevent_has_title",
                condition=~Q(title="") & ~Q(place=""),
                violation_error_message=_("请填写服务名称和地点。"),
            ),
            models.CheckConstraint(
                name="volunteers_serviceevent_length_sane",
                condition=Q(ends_at__gt=F("starts_at"))
                & Q(ends_at__lte=F("starts_at") + LONGEST),
                violation_error_message=_("结束应晚于开始，一次服务不超过24小时。"),
            ),
            models.CheckConstraint(
                name="volunteers_serviceevent_called_off_says_why",
                condition=Q(called_off_at__isnull=True, called_off_reason="")
                | Q(called_off_at__isnull=False, closed_at__isnull=True)
                & ~Q(called_off_reason=""),
                violation_error_message=_("请填写取消原因。"),
            ),
        ]
        triggers = [history.track(but=["contact_name", "contact_cipher"])]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return links.row("volunteers:event-detail", self.pk)

    @property
    def contact_phone(self) -> str:
        """The number to call, whole; empty where none was given. For those signed up."""
        return crypto.unseal(self.contact_cipher) if self.contact_cipher else ""

    @property
    def minutes(self) -> int:
        """How long it is: no record of it is longer."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def state(self, now) -> EventState:
        if self.called_off_at is not None:
            return EventState.CALLED_OFF
        if self.closed_at is not None:
            return EventState.CLOSED
        if now < self.starts_at:
            return EventState.COMING
        return EventState.RUNNING if now < self.ends_at else EventState.OVER


class Post(models.Model):
    """One kind of work at a service. How many it takes stands in its seat pools at the
    desk: ``practised`` of them are kept for who has served often enough."""

    event = models.ForeignKey(
        ServiceEvent,
        verbose_name=_("志愿服务活动"),
        on_delete=models.PROTECT,
        related_name="posts",
    )
    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    name = models.CharField(_("岗位"), max_length=20)
    skills = models.CharField(_("要求"), max_length=100, blank=True)
    practised = models.PositiveSmallIntegerField(
        _("其中熟手至少"),
        default=0,
        help_text=_("最后这些名额只留给参加过多次服务的志愿者。"),
    )
    offering = models.OneToOneField(
        Offering,
        verbose_name=_("报名项目"),
        on_delete=models.PROTECT,
        editable=False,
        related_name="post",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("岗位")
        ordering = ["event", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="volunteers_post_name_once",
                fields=["event", "name"],
                violation_error_message=_("同一次服务的岗位不能同名。"),
            ),
            models.CheckConstraint(
                name="volunteers_post_has_name",
                condition=~Q(name=""),
                violation_error_message=_("请填写岗位名称。"),
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        return self.name


class DayEntry(models.Model):
    """What a leader wrote down in place of a tap: that somebody came or went, when, and
    why they did not tap. The newest of each side holds; none is ever changed."""

    signup = models.ForeignKey(
        Signup,
        verbose_name=_("报名"),
        on_delete=models.PROTECT,
        related_name="day_entries",
    )
    side = models.CharField(_("到场或离开"), max_length=3, choices=Side)
    at = models.DateTimeField(_("时间"))
    reason = models.CharField(_("原因"), max_length=100)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("登记人"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    noted_at = models.DateTimeField(_("登记时间"), db_default=Now(), editable=False)

    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("点名登记")
        ordering = ["signup", "pk"]
        constraints = [
            models.CheckConstraint(
                name="volunteers_dayentry_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("请写明原因。"),
            ),
            models.CheckConstraint(
                name="volunteers_dayentry_side_known",
                condition=Q(side__in=Side.values),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class EventPhoto(models.Model):
    """A photo of a service: evidence for the team and the coordinator, for everybody
    once it was published."""

    event = models.ForeignKey(
        ServiceEvent,
        verbose_name=_("志愿服务活动"),
        on_delete=models.PROTECT,
        related_name="photos",
    )
    key = models.CharField(_("文件"), max_length=32, unique=True, editable=False)
    sha256 = models.CharField(_("指纹"), max_length=64, editable=False)
    width = models.PositiveIntegerField(_("宽"), default=0, editable=False)
    height = models.PositiveIntegerField(_("高"), default=0, editable=False)
    caption = models.CharField(_("说明"), max_length=60, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("上传人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    at = models.DateTimeField(_("上传时间"), db_default=Now(), editable=False)
    published_at = models.DateTimeField(_("公开时间"), null=True, editable=False)

    objects = EventPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("服务照片")
        ordering = ["event", "pk"]
        triggers = [history.track()]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class Countersign(models.Model):
    """How many a service served: people, and person-times, which are never added up with
    each other. They count once the host has confirmed them through a link that only they
    have; of the link its fingerprint is kept."""

    event = models.OneToOneField(
        ServiceEvent,
        verbose_name=_("志愿服务活动"),
        on_delete=models.PROTECT,
        related_name="countersign",
    )
    people = models.PositiveIntegerField(_("服务人数"))
    person_times = models.PositiveIntegerField(_("服务人次"))
    host = models.CharField(_("接受服务的单位"), max_length=60)
    state = models.CharField(
        _("状态"),
        max_length=10,
        choices=CountersignState,
        default=CountersignState.WAITING,
    )
    link_digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("链接有效至"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("登记人"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("登记时间"), db_default=Now(), editable=False)
    # purpose: who of the host answers for the figures
    signer = models.CharField(_("确认人"), max_length=30, blank=True)
    remark = models.CharField(_("意见"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("确认时间"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("服务人数确认")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="volunteers_countersign_figures_sane",
                condition=Q(people__gte=1, people__lte=1_000_000)
                & Q(person_times__gte=F("people"), person_times__lte=1_000_000),
                violation_error_message=_("人数至少为1，人次不能少于人数。"),
            ),
            models.CheckConstraint(
                name="volunteers_countersign_answered_by_somebody",
                condition=Q(
                    state=CountersignState.WAITING, answered_at__isnull=True, signer=""
                )
                | ~Q(state=CountersignState.WAITING)
                & Q(answered_at__isnull=False)
                & ~Q(signer=""),
            ),
            models.CheckConstraint(
                name="volunteers_countersign_disputed_says_why",
                condition=~Q(state=CountersignState.DISPUTED) | ~Q(remark=""),
                violation_error_message=_("请写明哪里不对。"),
            ),
        ]
        triggers = [
            history.track(but=["link_digest", "signer", "remark"]),
            pgtrigger.Trigger(
                name="keeps",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=CountersignState.SIGNED),
                func="""
                    RAISE EXCEPTION 'what a host has confirmed stays as it was'
                    USING ERRCODE = 'check_violation',
                          CONSTRAINT = 'volunteers_countersign_keeps';
                """,
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
