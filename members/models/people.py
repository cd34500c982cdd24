"""Unions, workers, and who looks after whom."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import finding, history
from common.models import Timestamped
from members import names
from members.enums import StewardRole, UnionLevel
from members.models.users import User
from members.querysets import (
    StewardshipQuerySet,
    UnionOrgQuerySet,
    WorkerQuerySet,
)


class UnionOrg(Timestamped):
    """One union organisation. The tree is in the codes: a code starts with its
    parent's, so a district is a prefix."""

    parent = models.ForeignKey(
        "self",
        verbose_name=_("上级工会"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    code = models.CharField(_("编码"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    # purpose: people find their union by what they call their workplace
    short_names = models.CharField(
        _("简称和单位名"),
        max_length=200,
        blank=True,
        help_text=_(
            "职工平时怎样称呼这家单位，多个之间用顿号或空格分开，如“公交、公交公司”。"
            "职工认证身份时按名称、简称查找。"
        ),
    )
    level = models.CharField(
        _("层级"), max_length=10, choices=UnionLevel, default=UnionLevel.GRASSROOTS
    )
    # each January and July somebody says that the roster was gone through
    roster_confirmed_at = models.DateTimeField(
        _("名册核对时间"), null=True, blank=True, editable=False
    )

    objects = UnionOrgQuerySet.as_manager()
    searched_columns = ("name", "short_names")

    class Meta:
        verbose_name = verbose_name_plural = _("工会组织")
        ordering = ["code"]
        permissions = [("confirm_roster", _("确认名册已核对"))]
        indexes = [
            # a C-collated index, so that "code starts with" can use it
            models.Index(
                name="members_unionorg_prefix",
                fields=["code"],
                opclasses=["varchar_pattern_ops"],
            ),
            finding.index("members_unionorg_found", ("name", "short_names")),
        ]
        constraints = [
            models.CheckConstraint(
                name="members_unionorg_not_own_parent",
                condition=~Q(parent=models.F("pk")),
                violation_error_message=_("上级工会不能是自己。"),
            ),
            models.UniqueConstraint(
                name="members_unionorg_one_city",
                fields=["level"],
                condition=Q(level=UnionLevel.CITY),
                violation_error_message=_("市总工会只有一个。"),
            ),
        ]

    def __str__(self):
        return self.name

    def is_start_of(self, code: str) -> bool:
        """Whether a union of this code would stand below this one."""
        return code != self.code and code.startswith(self.code)


class Worker(Timestamped):
    """One person known to a union, with or without a log-in.

    Nobody stores the identity number: a keyed fingerprint finds it again, the last
    four characters are for people's eyes.
    """

    user = models.OneToOneField(
        User,
        verbose_name=_("账号"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="worker",
    )
    union_org = models.ForeignKey(
        UnionOrg,
        verbose_name=_("所在工会"),
        on_delete=models.PROTECT,
        related_name="workers",
    )
    name = models.CharField(_("姓名"), max_length=30)
    member_number = models.CharField(_("会员编号"), max_length=30, blank=True)
    identity_hmac = models.CharField(
        max_length=64, null=True, blank=True, unique=True, editable=False
    )
    identity_last4 = models.CharField(
        _("证件尾号"), max_length=4, blank=True, editable=False
    )
    # purpose: a person proves with six characters that the roster's row is theirs
    identity_last6_hmac = models.CharField(max_length=64, blank=True, editable=False)
    is_member = models.BooleanField(_("工会会员"), default=False)
    is_frontline = models.BooleanField(_("一线职工"), default=False)
    is_migrant = models.BooleanField(_("农民工"), default=False)
    verified_at = models.DateTimeField(_("认证时间"), null=True, blank=True)
    # purpose: to know who is on the union's roster no more, without losing their history
    left_at = models.DateTimeField(
        _("不在册时间"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("最近一次整册导入时名册上已没有此人。"),
    )

    objects = WorkerQuerySet.as_manager()
    searched_columns = ("name", "member_number")

    class Meta:
        verbose_name = verbose_name_plural = _("职工")
        ordering = ["pk"]
        indexes = [
            finding.index("members_worker_found", ("name", "member_number")),
        ]
        permissions = [
            ("view_all_workers", _("查看全市职工")),
            ("verify_worker", _("人工认证职工身份")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="members_worker_member_number_once",
                fields=["member_number"],
                condition=~Q(member_number=""),
                violation_error_message=_("该会员编号已登记给其他职工。"),
            ),
            models.CheckConstraint(
                name="members_worker_has_name",
                condition=~Q(name=""),
                violation_error_message=_("请填写姓名。"),
            ),
        ]
        # closing an account must leave a history that leads to nobody
        triggers = [
            history.track(
                but=[
                    "name",
                    "member_number",
                    "identity_hmac",
                    "identity_last4",
                    "identity_last6_hmac",
                ],
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self):
        return self.name

    @property
    def masked_name(self) -> str:
        """王*刚, as shown where others may look."""
        return names.masked(self.name)


class Stewardship(Timestamped):
    """Which back-office user looks after which union (and those below it)."""

    user = models.ForeignKey(
        User,
        verbose_name=_("账号"),
        on_delete=models.CASCADE,
        related_name="stewardships",
    )
    union_org = models.ForeignKey(
        UnionOrg,
        verbose_name=_("工会"),
        on_delete=models.CASCADE,
        related_name="stewardships",
    )
    role = models.CharField(
        _("职责"), max_length=10, choices=StewardRole, default=StewardRole.STEWARD
    )

    objects = StewardshipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("工会干部任职")
        constraints = [
            models.UniqueConstraint(
                name="members_stewardship_once",
                fields=["user", "union_org", "role"],
                violation_error_message=_("该账号已有这项任职。"),
            )
        ]
        triggers = [history.track()]

    def __str__(self):
        return f"{self.user} · {self.union_org}"
