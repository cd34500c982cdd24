"""Certificates of hours: which records each rests on."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models import Certificate, Worker
from volunteers.models.records import ServiceRecord
from volunteers.querysets import HoursCertificateQuerySet


class HoursCertificate(models.Model):
    """The hours of one person in one period. What it says, who issued it and whether it
    was revoked stand in ``paper``; this row says on which records it rests."""

    paper = models.OneToOneField(
        Certificate,
        verbose_name=_("证书"),
        on_delete=models.PROTECT,
        related_name="hours",
    )
    worker = models.ForeignKey(
        Worker,
        verbose_name=_("志愿者"),
        on_delete=models.PROTECT,
        related_name="hours_certificates",
    )
    # the first and the last day of service in it
    first_on = models.DateField(_("自"))
    last_on = models.DateField(_("至"))
    minutes = models.PositiveIntegerField(_("服务时长（分钟）"))
    records = models.ManyToManyField(
        ServiceRecord,
        verbose_name=_("服务时长"),
        through="HoursCertificateLine",
        related_name="certificates",
    )

    objects = HoursCertificateQuerySet.as_manager()
    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("志愿服务证明")
        ordering = ["-pk"]
        permissions = [("certify_hours", _("为他人出具、撤销志愿服务证明"))]
        constraints = [
            models.CheckConstraint(
                name="volunteers_hourscertificate_sane",
                condition=Q(minutes__gte=1, last_on__gte=F("first_on")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class HoursCertificateLine(models.Model):
    """One record that a certificate rests on."""

    certificate = models.ForeignKey(
        HoursCertificate,
        verbose_name=_("志愿服务证明"),
        on_delete=models.PROTECT,
        related_name="lines",
    )
    record = models.ForeignKey(
        ServiceRecord,
        verbose_name=_("服务时长"),
        on_delete=models.PROTECT,
        related_name="certificate_lines",
    )

    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("证明所列时长")
        ordering = ["certificate", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="volunteers_hourscertificateline_once",
                fields=["certificate", "record"],
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
