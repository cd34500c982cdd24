"""How one comes into a team, and what a volunteer says of themselves."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common import history
from common.models import Timestamped
from members.models import UnionOrg, Worker
from volunteers.enums import JoinSide, JoinState, PartOfDay
from volunteers.models.needs import Skill
from volunteers.models.teams import VolunteerTeam
from volunteers.querysets import JoinRequestQuerySet, VolunteerProfileQuerySet

# a free time is weekday × parts of a day, Monday morning being 0
PARTS = len(PartOfDay)
TIMES = 7 * PARTS


class JoinRequest(models.Model):
    """A worker asks to come into a team, or is invited. The other side answers, once;
    who asked may take it back before. The row is the history."""

    team = models.ForeignKey(
        VolunteerTeam,
        verbose_name=_("志愿服务队"),
        on_delete=models.PROTECT,
        related_name="join_requests",
    )
    worker = models.ForeignKey(
        Worker,
        verbose_name=_("职工"),
        on_delete=models.PROTECT,
        related_name="join_requests",
    )
    side = models.CharField(_("方式"), max_length=10, choices=JoinSide)
    # purpose: who answers learns why; blanked when the account is closed
    message = models.CharField(_("附言"), max_length=200, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=JoinState, default=JoinState.OPEN
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提出人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("提出时间"), db_default=Now(), editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("答复人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, editable=False)
    answer = models.CharField(_("答复"), max_length=200, blank=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("入队申请")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                name="volunteers_joinrequest_open",
                fields=["team", "asked_at"],
                condition=Q(state=JoinState.OPEN),
            ),
            models.Index(name="volunteers_joinrequest_asked", fields=["asked_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="volunteers_joinrequest_one_open",
                fields=["team", "worker"],
                condition=Q(state=JoinState.OPEN),
                violation_error_message=_("已有一项待答复的入队申请。"),
            ),
            models.CheckConstraint(
                name="volunteers_joinrequest_answered_once",
                condition=Q(state=JoinState.OPEN, answered_at__isnull=True)
                | ~Q(state=JoinState.OPEN) & Q(answered_at__isnull=False),
            ),
            # an invited worker need not say why they decline
            models.CheckConstraint(
                name="volunteers_joinrequest_declined_with_reason",
                condition=~Q(state=JoinState.DECLINED)
                | Q(side=JoinSide.TEAM)
                | ~Q(answer=""),
                violation_error_message=_("不同意时请写明原因，申请人会看到。"),
            ),
        ]
        triggers = [history.track(but=["message"])]

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"


class VolunteerProfile(Timestamped):
    """What a worker says they can do, where and when. Theirs alone to change; leaders of
    teams and coordinators see of it only why somebody is suggested."""

    worker = models.OneToOneField(
        Worker,
        verbose_name=_("职工"),
        on_delete=models.CASCADE,
        related_name="volunteer_profile",
    )
    skills = models.ManyToManyField(
        Skill, verbose_name=_("我会的"), blank=True, related_name="profiles"
    )
    districts = models.ManyToManyField(
        UnionOrg, verbose_name=_("方便去的地方"), blank=True, related_name="+"
    )
    free = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("有空的时间"),
        default=list,
        blank=True,
    )

    objects = VolunteerProfileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("志愿者资料")
        constraints = [
            models.CheckConstraint(
                name="volunteers_volunteerprofile_times_of_a_week",
                condition=Q(free__contained_by=list(range(TIMES))),
                violation_error_message=_("有空的时间超出了一周。"),
            )
        ]
        triggers = [history.track()]

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"
