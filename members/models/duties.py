"""Roles that one administrator asks for somebody and another one confirms."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from members.enums import RoleRequestState
from members.models.users import User
from members.querysets import RoleRequestQuerySet


class RoleRequest(models.Model):
    """Roles, or the way into the back office, that wait for a second person by name.

    The row is the history: it is answered once and never deleted.
    """

    user = models.ForeignKey(
        User,
        verbose_name=_("账号"),
        on_delete=models.PROTECT,
        related_name="role_requests",
    )
    # names of roles, as in ``roles.py``
    roles = ArrayField(
        models.CharField(max_length=150),
        verbose_name=_("新增角色"),
        default=list,
        blank=True,
    )
    gives_staff = models.BooleanField(_("可进入管理后台"), default=False)
    state = models.CharField(
        _("状态"),
        max_length=10,
        choices=RoleRequestState,
        default=RoleRequestState.OPEN,
    )
    asked_by = models.ForeignKey(
        User,
        verbose_name=_("提出人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("提出时间"), db_default=Now(), editable=False)
    answered_by = models.ForeignKey(
        User,
        verbose_name=_("办理人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("办理时间"), null=True, editable=False)

    objects = RoleRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("角色申请")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="members_rolerequest_one_open",
                fields=["user"],
                condition=Q(state=RoleRequestState.OPEN),
                violation_error_message=_("该账号已有一项待确认的角色申请。"),
            ),
            models.CheckConstraint(
                name="members_rolerequest_answered_once",
                condition=Q(state=RoleRequestState.OPEN, answered_at__isnull=True)
                | ~Q(state=RoleRequestState.OPEN) & Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="members_rolerequest_two_people",
                condition=~Q(state=RoleRequestState.CONFIRMED)
                | ~Q(answered_by=F("asked_by")) & ~Q(answered_by=F("user")),
                violation_error_message=_("须由另一位系统管理员确认。"),
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"
