"""Certificates of every kind in one table, under one row of numbers."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from members import certificatenumbers, names
from members.enums import CertificateKind
from members.models.people import Worker
from members.querysets import CertificateQuerySet


@pgtrigger.register(
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    # people may be forgotten, a certificate be revoked; what it says stays
    pgtrigger.ReadOnly(
        name="never_changed",
        exclude=[
            "holder",
            "issued_by",
            "revoked_at",
            "revoked_by",
            "revoke_reason",
        ],
    ),
)
class Certificate(models.Model):
    """One certificate as it was issued. Never changed: a mistake is revoked and issued
    again under another number. The row is the history: it says who issued and who
    revoked it."""

    number = models.CharField(_("编号"), max_length=12, unique=True)
    # no choices here: a new kind is a line of CertificateKind and no migration
    kind = models.CharField(_("类别"), max_length=20)
    holder = models.ForeignKey(
        Worker,
        verbose_name=_("持有人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="certificates",
    )
    # purpose: the certificate proves what it said, whatever the person is called later
    holder_name = models.CharField(_("持有人姓名（当时）"), max_length=60)
    # the end of the number that is printed on it: who has the paper knows it
    holder_last4 = models.CharField(
        _("证件号码后四位（当时）"), max_length=4, blank=True, editable=False
    )
    title = models.CharField(_("名称"), max_length=100)
    # what else is printed on it, label → text
    facts = models.JSONField(_("内容"), default=dict)
    issued_at = models.DateTimeField(_("颁发时间"), db_default=Now())
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("颁发人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    revoked_at = models.DateTimeField(_("撤销时间"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("撤销人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    revoke_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)

    objects = CertificateQuerySet.as_manager()
    changeable = ("holder", "issued_by", "revoked_at", "revoked_by", "revoke_reason")

    class Meta:
        verbose_name = verbose_name_plural = _("证书")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="members_certificate_number_wellformed",
                condition=Q(number__regex=certificatenumbers.PATTERN),
                violation_error_message=_("证书编号不正确。"),
            ),
            models.CheckConstraint(
                name="members_certificate_revoked_with_reason",
                condition=Q(revoked_at__isnull=True, revoke_reason="")
                | Q(revoked_at__isnull=False) & ~Q(revoke_reason=""),
                violation_error_message=_("撤销证书须写明原因。"),
            ),
        ]

    def __str__(self):
        return self.printed_number

    @property
    def printed_number(self) -> str:
        return certificatenumbers.grouped(self.number)

    @property
    def kind_name(self) -> str:
        return CertificateKind(self.kind).label

    @property
    def masked_holder(self) -> str:
        """王*刚, as everybody may read who has the number."""
        return names.masked(self.holder_name)
