"""The secret address at which one person's calendar program asks for their times."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common import history


class CalendarFeed(models.Model):
    """One account's address: only a fingerprint of what is secret in it. Another
    address takes the place of the one before; no row, no address."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.CASCADE,
        related_name="calendar_feed",
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("开通时间"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("日历订阅")
        triggers = [history.track(but=["token_hash"])]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
