"""Log-ins."""

import uuid

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import history
from members import phones
from members.querysets import UserManager


class User(AbstractBaseUser, PermissionsMixin):
    """A log-in, found by mobile number. The number is stored encrypted, its keyed
    fingerprint makes it unique, the last four digits are for people's eyes."""

    public_id = models.UUIDField(
        _("公开编号"), default=uuid.uuid4, unique=True, editable=False
    )
    name = models.CharField(_("姓名"), max_length=30, blank=True)
    phone_cipher = models.TextField(blank=True, editable=False)
    phone_hmac = models.CharField(
        max_length=64,
        unique=True,
        null=True,  # an account without a number; the empty string would collide
        editable=False,
    )
    phone_last4 = models.CharField(
        _("手机尾号"), max_length=4, blank=True, editable=False
    )
    phone_verified = models.BooleanField(_("手机已验证"), default=False)
    is_staff = models.BooleanField(_("可进入管理后台"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(
        _("创建时间"), default=timezone.now, editable=False
    )
    closed_at = models.DateTimeField(
        _("注销时间"), null=True, blank=True, editable=False
    )
    # Purpose: the age of a password of staff. None while somebody else chose it (an
    # account made by an administrator) or another rule held (a worker become staff).
    password_set_at = models.DateTimeField(_("密码设置时间"), null=True, editable=False)
    # Purpose: an account of staff that lay unused waits for an administrator; from
    # here its days are counted again.
    reopened_at = models.DateTimeField(_("重新启用时间"), null=True, editable=False)
    # Purpose: who made an account does not confirm its roles.
    opened_by = models.ForeignKey(
        "self",
        verbose_name=_("开设人"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = UserManager()

    USERNAME_FIELD = "public_id"

    class Meta:
        verbose_name = verbose_name_plural = _("账号")
        permissions = [("reveal_phone", _("查看完整手机号"))]
        constraints = [
            models.CheckConstraint(
                name="members_user_phone_whole_or_absent",
                condition=(
                    Q(phone_hmac__isnull=True, phone_cipher="", phone_last4="")
                    | Q(phone_hmac__isnull=False)
                    & ~Q(phone_cipher="")
                    & ~Q(phone_last4="")
                ),
            ),
            models.CheckConstraint(
                name="members_user_closed_is_empty",
                condition=Q(closed_at__isnull=True)
                | Q(phone_hmac__isnull=True, name="", is_active=False, is_staff=False),
            ),
        ]
        # closing an account must leave a history that leads to nobody
        triggers = [
            history.track(
                but=[
                    "password",
                    "last_login",
                    "name",
                    "phone_cipher",
                    "phone_hmac",
                    "phone_last4",
                ],
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self):
        if self.closed_at is not None:
            return str(_("已注销账号"))
        return self.name or phones.masked(self.phone_last4)

    def get_short_name(self):
        return str(self)

    get_full_name = get_short_name
