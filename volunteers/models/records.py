"""Hours of service: written down by one, confirmed by another, chained."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common import history
from members.models import Worker
from signups.models import Signup
from volunteers.enums import DisputeState, Evidence, RecordSort, RecordState
from volunteers.models.events import Post, ServiceEvent
from volunteers.querysets import HoursDisputeQuerySet, ServiceRecordQuerySet

S = RecordState


class ServiceRecord(models.Model):
    """How long one person served at one service.

    A confirmed row is a link of the chain (``services.chain``) and never changes; what
    was wrong with it is put right by a row that ``supersedes`` it: a correction, or a
    voiding of nought minutes.
    """

    event = models.ForeignKey(
        ServiceEvent,
        verbose_name=_("志愿服务活动"),
        on_delete=models.PROTECT,
        related_name="records",
    )
    post = models.ForeignKey(
        Post,
        verbose_name=_("岗位"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    worker = models.ForeignKey(
        Worker,
        verbose_name=_("志愿者"),
        on_delete=models.PROTECT,
        related_name="service_records",
    )
    signup = models.ForeignKey(
        Signup,
        verbose_name=_("报名"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    sort = models.CharField(
        _("种类"), max_length=10, choices=RecordSort, default=RecordSort.SERVICE
    )
    supersedes = models.ForeignKey(
        "self",
        verbose_name=_("代替"),
        on_delete=models.PROTECT,
        null=True,
        related_name="successors",
    )
    # of the service when it was written down: no record is longer
    served_on = models.DateField(_("服务日期"))
    length = models.PositiveSmallIntegerField(_("活动时长（分钟）"))
    minutes = models.PositiveSmallIntegerField(_("服务时长（分钟）"))
    arrived_at = models.DateTimeField(_("到场"), null=True)
    left_at = models.DateTimeField(_("离开"), null=True)
    evidence_in = models.CharField(_("到场依据"), max_length=10, choices=Evidence)
    evidence_out = models.CharField(_("离开依据"), max_length=10, choices=Evidence)
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=RecordState)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("登记人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("登记时间"), db_default=Now())
    # who brought evidence for somebody who had not tapped
    proved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("佐证人"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    returned_reason = models.CharField(_("退回原因"), max_length=200, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("确认人"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    public_until = models.DateTimeField(_("公示至"), null=True)
    # the chain
    number = models.BigIntegerField(_("链上序号"), null=True, unique=True)
    previous = models.CharField(_("前一条摘要"), max_length=64, blank=True, default="")
    digest = models.CharField(_("摘要"), max_length=64, blank=True, default="")

    objects = ServiceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("服务时长")
        ordering = ["-served_on", "-pk"]
        indexes = [
            models.Index(
                name="volunteers_record_of_worker", fields=["worker", "-served_on"]
            ),
            models.Index(name="volunteers_record_newest", fields=["-served_on", "-id"]),
            models.Index(
                name="volunteers_record_waits",
                fields=["state", "recorded_at"],
                condition=~Q(state=S.CONFIRMED),
            ),
            models.Index(
                name="volunteers_record_public",
                fields=["public_until"],
                condition=Q(state=S.CONFIRMED),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="volunteers_servicerecord_once",
                fields=["event", "worker"],
                condition=Q(supersedes__isnull=True) & ~Q(state=S.DROPPED),
                violation_error_message=_("这次服务已为该志愿者登记过时长。"),
            ),
            models.UniqueConstraint(
                name="volunteers_servicerecord_superseded_once",
                fields=["supersedes"],
                condition=~Q(state=S.DROPPED),
                violation_error_message=_("这条时长已在更正。"),
            ),
            models.CheckConstraint(
                name="volunteers_servicerecord_within_length",
                condition=Q(minutes__lte=F("length")),
                violation_error_message=_("服务时长不能超过活动时长。"),
            ),
            models.CheckConstraint(
                name="volunteers_servicerecord_recorder_not_confirmer",
                condition=Q(confirmed_by__isnull=True)
                | ~Q(confirmed_by=F("recorded_by")),
                violation_error_message=_("登记人不能确认自己登记的时长。"),
            ),
            models.CheckConstraint(
                name="volunteers_servicerecord_prover_not_confirmer",
                condition=Q(confirmed_by__isnull=True)
                | Q(proved_by__isnull=True)
                | ~Q(confirmed_by=F("proved_by")),
                violation_error_message=_("佐证人不能确认自己佐证的时长。"),
            ),
            models.CheckConstraint(
                name="volunteers_servicerecord_sort_as_minutes",
                condition=Q(
                    sort=RecordSort.SERVICE, supersedes__isnull=True, minutes__gte=1
                )
                | Q(
                    sort=RecordSort.SERVICE,
                    supersedes__isnull=True,
                    state__in=[S.UNPROVEN, S.DROPPED],
                )
                | Q(
                    sort=RecordSort.CORRECTION,
                    supersedes__isnull=False,
                    minutes__gte=1,
                )
                | Q(sort=RecordSort.VOID, supersedes__isnull=False, minutes=0),
            ),
            models.CheckConstraint(
                name="volunteers_servicerecord_proven",
                condition=Q(state__in=[S.UNPROVEN, S.DROPPED])
                | ~Q(evidence_in=Evidence.NONE),
                violation_error_message=_("没有签到的，先补佐证材料。"),
            ),
            models.CheckConstraint(
                name="volunteers_servicerecord_confirmed_whole",
                condition=Q(
                    state=S.CONFIRMED,
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                    public_until__isnull=False,
                    number__isnull=False,
                    previous__regex="^[0-9a-f]{64}$",
                    digest__regex="^[0-9a-f]{64}$",
                )
                | ~Q(state=S.CONFIRMED)
                & Q(
                    confirmed_by__isnull=True,
                    confirmed_at__isnull=True,
                    public_until__isnull=True,
                    number__isnull=True,
                    previous="",
                    digest="",
                ),
            ),
        ]
        triggers = [
            history.track(but=["reason", "returned_reason"]),
            pgtrigger.Trigger(
                name="keeps",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'DELETE' OR OLD.state = 'confirmed' THEN
                        RAISE EXCEPTION 'a confirmed record of hours never changes'
                        USING ERRCODE = 'check_violation',
                              CONSTRAINT = 'volunteers_servicerecord_keeps';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="fits",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.length <> (
                        SELECT extract(epoch FROM e.ends_at - e.starts_at)::int / 60
                        FROM volunteers_serviceevent e WHERE e.id = NEW.event_id)
                    THEN
                        RAISE EXCEPTION 'the length of a record is that of its service'
                        USING ERRCODE = 'check_violation',
                              CONSTRAINT = 'volunteers_servicerecord_of_its_service';
                    END IF;
                    IF EXISTS (SELECT FROM members_worker w
                               WHERE w.id = NEW.worker_id
                                   AND w.user_id = NEW.confirmed_by_id)
                    THEN
                        RAISE EXCEPTION 'nobody confirms hours of their own'
                        USING ERRCODE = 'check_violation',
                              CONSTRAINT = 'volunteers_servicerecord_not_ones_own';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class HoursDispute(models.Model):
    """A member says that a record of theirs is wrong, while it is publicised."""

    record = models.ForeignKey(
        ServiceRecord,
        verbose_name=_("服务时长"),
        on_delete=models.PROTECT,
        related_name="disputes",
    )
    # purpose: what whoever decides has to look at
    text = models.CharField(_("说明"), max_length=300)
    state = models.CharField(
        _("状态"), max_length=10, choices=DisputeState, default=DisputeState.OPEN
    )
    asked_at = models.DateTimeField(_("提出时间"), db_default=Now(), editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("答复人"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, editable=False)
    answer = models.CharField(_("答复"), max_length=200, blank=True)

    objects = HoursDisputeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("时长异议")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="volunteers_hoursdispute_one_each",
                fields=["record"],
                violation_error_message=_("已经提出过，请等候答复。"),
            ),
            models.CheckConstraint(
                name="volunteers_hoursdispute_has_text",
                condition=~Q(text=""),
                violation_error_message=_("请说明哪里不对。"),
            ),
            models.CheckConstraint(
                name="volunteers_hoursdispute_answered_whole",
                condition=Q(
                    state=DisputeState.OPEN,
                    answered_at__isnull=True,
                    answered_by__isnull=True,
                )
                | ~Q(state=DisputeState.OPEN)
                & Q(answered_at__isnull=False, answered_by__isnull=False)
                & ~Q(answer=""),
                violation_error_message=_("请写明答复。"),
            ),
        ]
        triggers = [history.track(but=["text", "answer"])]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
