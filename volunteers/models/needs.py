"""What is asked of the volunteers, and by whom."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common import crypto, history
from common.models import Timestamped
from members.models import UnionOrg
from volunteers.enums import NeedMove, NeedState, TeamKind
from volunteers.models.teams import VolunteerTeam
from volunteers.querysets import NeedQuerySet, PartnerQuerySet, SkillQuerySet

MOST_PEOPLE = 500


class Skill(Timestamped):
    """Something a volunteer can do, of a list that staff keep."""

    name = models.CharField(_("名称"), max_length=20, unique=True)
    is_active = models.BooleanField(
        _("可选"),
        default=True,
        help_text=_("不再使用的请取消勾选；已选它的志愿者和需求不受影响。"),
    )

    objects = SkillQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("技能")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="volunteers_skill_has_name",
                condition=~Q(name=""),
                violation_error_message=_("请填写名称。"),
            )
        ]
        triggers = [history.track()]

    def __str__(self):
        return self.name


class Partner(Timestamped):
    """A social organisation that files needs and sees its own alone. One that works with
    the unions no more is set inactive: its accounts see nothing then."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    about = models.CharField(_("业务范围"), max_length=200, blank=True)
    is_active = models.BooleanField(_("合作中"), default=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("合作社会组织")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="volunteers_partner_has_name",
                condition=~Q(name=""),
                violation_error_message=_("请填写名称。"),
            )
        ]
        triggers = [history.track()]

    def __str__(self):
        return self.name


class PartnerUser(models.Model):
    """An account that acts for a partner; of one partner only."""

    partner = models.ForeignKey(
        Partner,
        verbose_name=_("合作社会组织"),
        on_delete=models.CASCADE,
        related_name="accounts",
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.CASCADE,
        related_name="partner_account",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("合作社会组织的账号")
        triggers = [history.track()]

    def __str__(self):
        return f"{self.partner_id} · {self.user_id}"


class Need(Timestamped):
    """Help that a union or a partner asks for, from filing to the service or the end
    without one. Whom to call is stored encrypted and shown to who took it."""

    # exactly one of the two asks
    union_org = models.ForeignKey(
        UnionOrg,
        verbose_name=_("提出单位"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    partner = models.ForeignKey(
        Partner,
        verbose_name=_("提出的社会组织"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
    )
    title = models.CharField(_("需要什么帮助"), max_length=40)
    kind = models.CharField(_("类别"), max_length=10, choices=TeamKind)
    detail = models.TextField(
        _("说明"),
        max_length=1000,
        blank=True,
        help_text=_("请不要写个人的姓名和电话。"),
    )
    district = models.ForeignKey(
        UnionOrg,
        verbose_name=_("区县（行业）"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    place = models.CharField(_("地点"), max_length=80)
    starts_at = models.DateTimeField(_("最早开始"))
    ends_at = models.DateTimeField(_("最晚结束"))
    people = models.PositiveSmallIntegerField(_("需要人数"))
    skills = models.ManyToManyField(
        Skill, verbose_name=_("需要的技能"), blank=True, related_name="+"
    )
    # purpose: the team that took it calls somebody before it comes
    contact_name = models.CharField(_("联系人"), max_length=30, blank=True)
    contact_cipher = models.TextField(blank=True, editable=False)
    state = models.CharField(
        _("状态"), max_length=10, choices=NeedState, default=NeedState.OPEN
    )
    # offered to, or taken by
    team = models.ForeignKey(
        VolunteerTeam,
        verbose_name=_("志愿服务队"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提出人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    filed_at = models.DateTimeField(_("提出时间"), db_default=Now(), editable=False)
    # when a team took it; between the two lies the response time
    taken_at = models.DateTimeField(_("承接时间"), null=True, editable=False)
    ended_at = models.DateTimeField(_("办结时间"), null=True, editable=False)
    reason = models.CharField(_("未满足或撤回的原因"), max_length=200, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("服务需求")
        ordering = ["-pk"]
        permissions = [
            ("take_need", _("以队长身份承接服务需求")),
            ("assign_need", _("指派服务需求")),
        ]
        indexes = [
            models.Index(name="volunteers_need_of_state", fields=["state", "filed_at"])
        ]
        constraints = [
            models.CheckConstraint(
                name="volunteers_need_one_asks",
                condition=Q(union_org__isnull=False, partner__isnull=True)
                | Q(union_org__isnull=True, partner__isnull=False),
                violation_error_message=_("请选择提出需求的单位。"),
            ),
            models.CheckConstraint(
                name="volunteers_need_has_title",
                condition=~Q(title="") & ~Q(place=""),
                violation_error_message=_("请填写需要什么帮助和地点。"),
            ),
            models.CheckConstraint(
                name="volunteers_need_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("最晚结束的时间要晚于最早开始的时间。"),
            ),
            models.CheckConstraint(
                name="volunteers_need_people",
                condition=Q(people__gte=1, people__lte=MOST_PEOPLE),
                violation_error_message=_("需要人数请填1至500。"),
            ),
            models.CheckConstraint(
                name="volunteers_need_team_as_state",
                condition=Q(state=NeedState.OPEN, team__isnull=True)
                | Q(
                    state__in=[
                        NeedState.OFFERED,
                        NeedState.TAKEN,
                        NeedState.PLANNED,
                        NeedState.DONE,
                    ],
                    team__isnull=False,
                )
                | Q(state__in=[NeedState.UNMET, NeedState.WITHDRAWN]),
            ),
            models.CheckConstraint(
                name="volunteers_need_taken_as_state",
                condition=Q(
                    state__in=[NeedState.OPEN, NeedState.OFFERED],
                    taken_at__isnull=True,
                )
                | Q(
                    state__in=[NeedState.TAKEN, NeedState.PLANNED, NeedState.DONE],
                    taken_at__isnull=False,
                )
                | Q(state__in=[NeedState.UNMET, NeedState.WITHDRAWN]),
            ),
            models.CheckConstraint(
                name="volunteers_need_ends_with_reason",
                condition=Q(
                    state__in=[NeedState.UNMET, NeedState.WITHDRAWN],
                    ended_at__isnull=False,
                )
                & ~Q(reason="")
                | Q(state=NeedState.DONE, ended_at__isnull=False)
                | Q(
                    state__in=[
                        NeedState.OPEN,
                        NeedState.OFFERED,
                        NeedState.TAKEN,
                        NeedState.PLANNED,
                    ],
                    ended_at__isnull=True,
                ),
                violation_error_message=_("请写明原因。"),
            ),
        ]
        triggers = [history.track(but=["contact_name", "contact_cipher"])]

    def __str__(self):
        return self.title

    @property
    def contact_phone(self) -> str:
        """The number to call, whole; empty where none was given. For who took it."""
        return crypto.unseal(self.contact_cipher) if self.contact_cipher else ""

    @property
    def asked_for_by(self) -> str:
        """Who asks, by name. Needs both relations fetched."""
        return str(self.union_org or self.partner)


class NeedStep(models.Model):
    """One thing that happened to a need, with its time: what is measured of the needs
    is counted from these."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(_("事项"), max_length=10, choices=NeedMove)
    team = models.ForeignKey(
        VolunteerTeam,
        verbose_name=_("志愿服务队"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("操作人"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"), db_default=Now(), editable=False)

    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("需求经过")
        ordering = ["need", "pk"]
        indexes = [models.Index(name="volunteers_needstep_at", fields=["at"])]
        constraints = [
            models.CheckConstraint(
                name="volunteers_needstep_has_reason",
                condition=~Q(
                    move__in=[
                        NeedMove.DECLINED,
                        NeedMove.RETURNED,
                        NeedMove.UNMET,
                        NeedMove.WITHDRAWN,
                    ]
                )
                | ~Q(reason=""),
                violation_error_message=_("请写明原因。"),
            ),
            models.CheckConstraint(
                name="volunteers_needstep_has_team",
                condition=~Q(
                    move__in=[
                        NeedMove.OFFERED,
                        NeedMove.TAKEN,
                        NeedMove.DECLINED,
                        NeedMove.RETURNED,
                    ]
                )
                | Q(team__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"{self.get_move_display()} {self.need_id}"
