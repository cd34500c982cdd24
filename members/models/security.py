"""What guards a log-in: passwords that may not come back, browsers that are logged in."""

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.querysets import LoginDeviceQuerySet


class OldPassword(models.Model):
    """A password that was in use before, as its hash: staff may not take it again.

    Purpose: GB/T 22239 bars the last five. No more of them are kept, and none of
    workers.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="old_passwords"
    )
    password = models.CharField(max_length=128)
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("用过的密码")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.user_id} {self.replaced_at:%Y-%m-%d}"


class LoginDevice(models.Model):
    """One browser in which somebody is logged in, for their own eyes. It goes with its
    session, whoever ends that.

    Purpose of ``kind`` and ``address``: that people recognise a device that is not
    theirs. The address is masked to its first two groups before it comes here; of what
    the browser says about itself only the kind of device is kept.
    """

    session = models.OneToOneField(
        Session, on_delete=models.CASCADE, primary_key=True, related_name="device"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices"
    )
    kind = models.CharField(_("设备"), max_length=60)
    address = models.CharField(_("网络地址"), max_length=20, blank=True)
    logged_in_at = models.DateTimeField(_("登录时间"))

    objects = LoginDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("登录设备")

    def __str__(self):
        return self.kind
