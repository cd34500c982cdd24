"""Volunteer teams and who belongs to them."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import history, links, searching
from common.models import Timestamped
from members.models import UnionOrg, Worker
from volunteers.enums import JoinMode, MemberRole, TeamKind
from volunteers.querysets import MembershipQuerySet, VolunteerTeamQuerySet


class VolunteerTeam(Timestamped):
    """One volunteer team of the city's unions. A team that ended is set inactive."""

    name = models.CharField(_("队名"), max_length=60, unique=True)
    kind = models.CharField(_("类别"), max_length=10, choices=TeamKind)
    union_org = models.ForeignKey(
        UnionOrg,
        verbose_name=_("所属工会"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="volunteer_teams",
    )
    leader = models.ForeignKey(
        Worker,
        verbose_name=_("队长"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="led_teams",
        help_text=_("公开页面显示姓氏和星号；本人同意公开全名的，请填写下一项。"),
    )
    leader_agreed_on = models.DateField(
        _("队长同意公开全名的日期"),
        null=True,
        blank=True,
        help_text=_("队长本人同意后填写；留空只显示姓氏。更换队长时请重新征求同意。"),
    )
    slogan = models.CharField(_("口号"), max_length=60, blank=True)
    founded_on = models.DateField(_("成立日期"), null=True, blank=True)
    intro = models.TextField(_("简介"), blank=True, help_text=_("空一行即另起一段。"))
    honours = models.TextField(
        _("队伍荣誉"), max_length=1000, blank=True, help_text=_("每项一行。")
    )
    news_path = models.CharField(
        _("本站报道的地址"),
        max_length=100,
        blank=True,
        help_text=_("例如：/news/series/3/。队伍页面会给出链接。"),
    )
    join_mode = models.CharField(
        _("加入方式"), max_length=10, choices=JoinMode, default=JoinMode.REQUEST
    )
    is_recruiting = models.BooleanField(
        _("正在招募"),
        default=False,
        help_text=_("在队伍名录里标出“正在招募”，排在前面。"),
    )
    is_active = models.BooleanField(
        _("开展活动"), default=True, help_text=_("不再活动的队伍请取消勾选，不要删除。")
    )

    objects = VolunteerTeamQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("志愿服务队")
        ordering = ["name"]
        permissions = [("view_all_teams", _("查看全市志愿服务队"))]
        constraints = [
            models.CheckConstraint(
                name="volunteers_volunteerteam_has_name",
                condition=~Q(name=""),
                violation_error_message=_("请填写队名。"),
            ),
            models.CheckConstraint(
                name="volunteers_volunteerteam_only_active_recruits",
                condition=Q(is_active=True) | Q(is_recruiting=False),
                violation_error_message=_("不再活动的队伍不能招募。"),
            ),
            models.CheckConstraint(
                name="volunteers_volunteerteam_recruits_openly",
                condition=Q(is_recruiting=False)
                | Q(join_mode__in=[JoinMode.REQUEST, JoinMode.FREE]),
                violation_error_message=_(
                    "正在招募的队伍，加入方式须为“申请”或“自由加入”。"
                ),
            ),
            models.CheckConstraint(
                name="volunteers_volunteerteam_news_of_this_site",
                condition=Q(news_path="") | Q(news_path__startswith="/news/"),
                violation_error_message=_("请填写本站新闻的地址，以/news/开头。"),
            ),
        ]
        triggers = [
            history.track(),
            searching.watch(
                "teams",
                columns=[
                    "name",
                    "kind",
                    "union_org_id",
                    "slogan",
                    "intro",
                    "is_active",
                ],
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return links.row("volunteers:team-detail", self.pk)

    @property
    def leader_public_name(self) -> str:
        """The leader's name as visitors read it: masked until they have agreed to be
        named; empty without a leader. Needs the leader fetched."""
        if self.leader is None:
            return ""
        return self.leader.name if self.leader_agreed_on else self.leader.masked_name

    @property
    def picture_url(self) -> str:
        """The drawing of its kind: a list of teams shows at a glance who does what."""
        return static(f"img/team-{self.kind}.svg")


class Membership(Timestamped):
    """One stay of a worker in a team, with its dates. A worker may be in many teams;
    one of them is home. Whoever leaves keeps the row, and coming back is a new one.
    """

    team = models.ForeignKey(
        VolunteerTeam,
        verbose_name=_("志愿服务队"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    worker = models.ForeignKey(
        Worker,
        verbose_name=_("队员"),
        on_delete=models.PROTECT,
        related_name="team_memberships",
    )
    is_home = models.BooleanField(
        _("主队"), default=False, help_text=_("每位队员只有一支主队。")
    )
    role = models.CharField(
        _("职务"),
        max_length=10,
        choices=MemberRole,
        default=MemberRole.MEMBER,
        help_text=_("副队长在后台看到的与队长相同；另须有“队长”角色。"),
    )
    joined_on = models.DateField(_("入队日期"), default=timezone.localdate)
    left_on = models.DateField(_("退队日期"), null=True, blank=True)
    # the member's own word, for this team's page
    agreed_on = models.DateField(
        _("本人同意公开全名的日期"), null=True, blank=True, editable=False
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("队员")
        permissions = [
            ("export_members", _("导出队员名单")),
            ("call_members", _("查看队员手机号")),
        ]
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="volunteers_membership_once",
                fields=["team", "worker"],
                condition=Q(left_on__isnull=True),
                violation_error_message=_("该职工已在这支队伍中。"),
            ),
            models.UniqueConstraint(
                name="volunteers_membership_one_home",
                fields=["worker"],
                condition=Q(is_home=True, left_on__isnull=True),
                violation_error_message=_("该职工已有主队。"),
            ),
            models.CheckConstraint(
                name="volunteers_membership_left_after_joining",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                violation_error_message=_("退队日期不能早于入队日期。"),
            ),
        ]
        triggers = [history.track(operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.worker} · {self.team}"

    @property
    def public_name(self) -> str:
        """As visitors read it: masked until the member agreed. Needs the worker."""
        return self.worker.name if self.agreed_on else self.worker.masked_name
