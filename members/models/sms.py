"""Text messages that were asked for, and what people agreed to."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from members.enums import ConsentKind, SmsKind, SmsOutcome
from members.querysets import ConsentQuerySet, SmsMessageQuerySet


class SmsMessage(models.Model):
    """One text message: that it was asked for, not what it said nor to whom.

    The row stands before the gateway is called, so a text whose fate nobody learned
    (the process died, the gateway never answered) stands as ``unknown``.
    """

    # also what the gateway gets, so that a text it has seen is not sent again
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("用途"), max_length=12, choices=SmsKind)
    # purpose: to count the texts of a number; a keyed fingerprint, nobody reads it
    phone_hmac = models.CharField(max_length=64, editable=False)
    # purpose: to see one visitor ask for many numbers; a keyed fingerprint as well.
    # Empty where nobody asked: the portal told somebody something
    address_hmac = models.CharField(max_length=64, editable=False)
    # purpose: to count the texts of an account: who asked logged in, else whose number
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="sms_messages",
    )
    created_at = models.DateTimeField(_("请求时间"), db_default=Now(), editable=False)
    outcome = models.CharField(
        _("结果"), max_length=8, choices=SmsOutcome, default=SmsOutcome.UNKNOWN
    )
    tries = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    used_at = models.DateTimeField(_("验证时间"), null=True, blank=True)

    # not stored: it was asked for when only numbers with an account get a text, which
    # is nobody's to know
    is_crowded = False

    objects = SmsMessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("短信")
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                name="members_sms_by_phone", fields=["phone_hmac", "created_at"]
            ),
            models.Index(
                name="members_sms_by_address", fields=["address_hmac", "created_at"]
            ),
            models.Index(name="members_sms_by_time", fields=["created_at"]),
        ]

    def __str__(self):
        return self.get_kind_display()


class Consent(models.Model):
    """That somebody agreed to one version of a notice, and whether they still do."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.CASCADE,
        related_name="consents",
    )
    kind = models.CharField(
        _("告知"), max_length=10, choices=ConsentKind, default=ConsentKind.PRIVACY
    )
    version = models.CharField(_("版本"), max_length=20)
    given_at = models.DateTimeField(_("同意时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("同意记录")
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(
                name="members_consent_stands_once",
                fields=["user", "kind", "version"],
                condition=Q(withdrawn_at__isnull=True),
                violation_error_message=_("已同意过这个版本。"),
            ),
            models.CheckConstraint(
                name="members_consent_withdrawn_after_given",
                condition=Q(withdrawn_at__isnull=True)
                | Q(withdrawn_at__gte=models.F("given_at")),
                violation_error_message=_("撤回时间不能早于同意时间。"),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.version}"
