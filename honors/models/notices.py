"""公示: a list of people that everybody may object to, for working days that are counted
and stored; and the objections, of which only who deals with them knows anything.

What the tables themselves hold: a period ends on the day that the notices of days off
say; a published notice and its entries never change; nobody is approved but after a
period of exactly these words, and neither approved nor conferred while an objection to
them or to the whole list is open. An objection and an approval take turns at the row of
the notice.
"""

import re
from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common import history, links
from common.models import Timestamped
from honors.enums import (
    OPEN_OBJECTION,
    DocumentFormat,
    NameOrder,
    ObjectionKind,
    ObjectionSource,
    ObjectionState,
    PeriodState,
)
from honors.models.nominations import Nomination, NominationStep
from honors.models.wall import AwardEdition
from honors.querysets import ObjectionQuerySet, PublicNoticeQuerySet
from members import certificatenumbers

LONGEST_OBJECTION = 2000
LONGEST_SUMMARY = 60  # what the table of one A4 page has room for, eleven times

_WORDS = {
    "TODAY": "(statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date",
    "OPEN_STATES": ", ".join(f"'{state.value}'" for state in OPEN_OBJECTION),
}


def _sql(text: str) -> str:
    """A trigger's text, with what several say written out: the day, the states of an
    open objection, and a refusal under the name of a constraint."""
    for word, meaning in _WORDS.items():
        text = text.replace(word, meaning)
    return re.sub(
        r"REFUSE (\w+);",
        r"RAISE EXCEPTION '\1' USING ERRCODE = 'check_violation', CONSTRAINT = '\1';",
        text,
    )


class NoticePeriod(pgtrigger.Trigger):
    """``ends_on`` is reckoned here once more; what is published is frozen but for the
    end that another period puts to it."""

    name = "period"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    func = _sql(
        """
        IF TG_OP = 'UPDATE' AND OLD.published_at IS NOT NULL THEN
            IF to_jsonb(NEW) - '{stopped_at,stop_reason,published_by_id,updated_at}'
                    ::text[]
                <> to_jsonb(OLD) - '{stopped_at,stop_reason,published_by_id,updated_at}'
                    ::text[]
                OR OLD.stopped_at IS NOT NULL AND (NEW.stopped_at, NEW.stop_reason)
                    IS DISTINCT FROM (OLD.stopped_at, OLD.stop_reason) THEN
                REFUSE honors_publicnotice_fixed;
            END IF;
            RETURN NEW;
        END IF;
        IF NEW.ends_on <> honors_period_end(
                NEW.starts_on, NEW.workdays, NEW.first_day_counts) THEN
            REFUSE honors_publicnotice_period;
        END IF;
        IF NEW.published_at IS NULL THEN RETURN NEW; END IF;
        IF NEW.starts_on < (NEW.published_at AT TIME ZONE 'Asia/Shanghai')::date THEN
            REFUSE honors_publicnotice_begins_in_time;
        END IF;
        IF NOT EXISTS (SELECT FROM honors_noticeentry e WHERE e.notice_id = NEW.id) THEN
            REFUSE honors_publicnotice_of_somebody;
        END IF;
        IF EXISTS (SELECT FROM honors_noticeentry e
                JOIN honors_nomination n ON n.id = e.nomination_id
                WHERE e.notice_id = NEW.id AND (n.content_digest <> e.content_digest
                    OR n.state NOT IN ('shortlisted', 'city_notice'))) THEN
            REFUSE honors_publicnotice_up_to_date;
        END IF;
        RETURN NEW;
    """
    )


class PublicNotice(Timestamped):
    """One period of one list. A list whose content changes gets another period: a row
    of its own that ``restarts`` this one, which is then stopped and stays on record.
    ``ends_on`` is the last day, whole, on which an objection is in time."""

    edition = models.ForeignKey(
        AwardEdition,
        verbose_name=_("评选届次"),
        on_delete=models.PROTECT,
        related_name="public_notices",
    )
    title = models.CharField(_("标题"), max_length=80)
    lead = models.TextField(_("正文"), max_length=400)
    starts_on = models.DateField(_("开始日期"))
    workdays = models.PositiveSmallIntegerField(_("工作日天数"))
    first_day_counts = models.BooleanField(_("首日计入天数"), default=True)
    ends_on = models.DateField(_("截止日期"), editable=False)
    name_order = models.CharField(
        _("名单排列"), max_length=10, choices=NameOrder, default=NameOrder.SURNAME
    )
    phone = models.CharField(_("联系电话"), max_length=30)
    email = models.EmailField(_("电子邮箱"), max_length=80, blank=True)
    address = models.CharField(_("通信地址"), max_length=100)
    office = models.CharField(_("落款单位"), max_length=40)
    published_at = models.DateTimeField(_("发布时间"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("发布人"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    restarts = models.OneToOneField(
        "self",
        verbose_name=_("重新公示的是"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="restarted_as",
    )
    stopped_at = models.DateTimeField(_("终止时间"), null=True, editable=False)
    stop_reason = models.CharField(
        _("终止原因"), max_length=200, blank=True, editable=False
    )

    objects = PublicNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("公示")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="honors_publicnotice_five_workdays",
                condition=Q(workdays__gte=5, workdays__lte=30),
                violation_error_message=_("市级公示为5到30个工作日。"),
            ),
            models.CheckConstraint(
                name="honors_publicnotice_ends_after_start",
                condition=Q(ends_on__gt=F("starts_on")),
            ),
            models.CheckConstraint(
                name="honors_publicnotice_stopped_with_reason",
                condition=Q(stopped_at__isnull=True, stop_reason="")
                | Q(stopped_at__isnull=False, published_at__isnull=False)
                & ~Q(stop_reason=""),
                violation_error_message=_("请写明重新公示的原因。"),
            ),
            models.UniqueConstraint(
                name="honors_publicnotice_one_draft",
                fields=["edition"],
                condition=Q(published_at__isnull=True),
                violation_error_message=_("这一届已有一份待发布的公示。"),
            ),
        ]
        triggers = [
            NoticePeriod(),
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
            history.track(),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return links.row("honors:notice-detail", self.pk)

    def state_on(self, day: date) -> PeriodState:
        """Where it is on a day; a stopped one is that for good."""
        if self.published_at is None:
            return PeriodState.DRAFT
        if self.stopped_at is not None:
            return PeriodState.STOPPED
        if day < self.starts_on:
            return PeriodState.SCHEDULED
        return PeriodState.RUNNING if day <= self.ends_on else PeriodState.ENDED


class EntryFrozen(pgtrigger.Trigger):
    """The list of a published notice is fixed; an entry is about a nomination of the
    same edition."""

    name = "frozen"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    declare = [("row", "honors_noticeentry%ROWTYPE")]
    func = _sql(
        """
        IF TG_OP = 'INSERT' THEN row := NEW; ELSE row := OLD; END IF;
        PERFORM FROM honors_publicnotice p WHERE p.id = row.notice_id
            AND p.published_at IS NULL FOR UPDATE;
        IF NOT FOUND THEN
            REFUSE honors_noticeentry_frozen;
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF NEW.notice_id <> row.notice_id OR NOT EXISTS (
                SELECT FROM honors_nomination n
                JOIN honors_publicnotice p ON p.edition_id = n.edition_id
                WHERE n.id = NEW.nomination_id AND p.id = NEW.notice_id) THEN
            REFUSE honors_noticeentry_of_its_edition;
        END IF;
        RETURN NEW;
    """
    )


class NoticeEntry(models.Model):
    """One line of a notice: who, as the public reads it. ``number`` is the place by
    strokes, ``content_digest`` that of the nomination's words which were shown."""

    notice = models.ForeignKey(
        PublicNotice, on_delete=models.CASCADE, related_name="entries"
    )
    nomination = models.ForeignKey(
        Nomination, on_delete=models.PROTECT, related_name="notice_entries"
    )
    number = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("姓名或集体名称"), max_length=60)
    employer = models.CharField(_("单位"), max_length=100)
    position = models.CharField(_("职务或岗位"), max_length=60, blank=True)
    summary = models.CharField(_("简要事迹（表内）"), max_length=LONGEST_SUMMARY)
    brief = models.TextField(_("简要事迹"))
    content_digest = models.CharField(_("内容校验值"), max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("公示名单")
        ordering = ["notice", "number"]
        constraints = [
            models.UniqueConstraint(
                name="honors_noticeentry_once", fields=["notice", "nomination"]
            ),
            # a draft's list is put in order anew
            models.UniqueConstraint(
                name="honors_noticeentry_number_once",
                fields=["notice", "number"],
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
        triggers = [EntryFrozen()]

    def __str__(self):
        return self.name


class ObjectionRules(pgtrigger.Trigger):
    """An objection comes in time (what came by letter by its postmark), goes the way
    from receipt over investigation to an outcome, and waits for its turn at the row of
    the notice, where approvals wait too."""

    name = "rules"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    declare = [("period", "honors_publicnotice%ROWTYPE"), ("day", "date")]
    func = _sql(
        """
        SELECT * INTO period FROM honors_publicnotice p WHERE p.id = NEW.notice_id
            FOR UPDATE;
        IF NEW.nomination_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM honors_noticeentry e WHERE e.notice_id = NEW.notice_id
                AND e.nomination_id = NEW.nomination_id) THEN
            REFUSE honors_objection_about_an_entry;
        END IF;
        IF TG_OP = 'INSERT' THEN
            day := CASE WHEN NEW.source = 'letter' THEN NEW.postmarked_on
                ELSE TODAY END;
            IF period.published_at IS NULL OR period.stopped_at IS NOT NULL
                    OR day > TODAY OR day < period.starts_on THEN
                REFUSE honors_objection_while_noticed;
            END IF;
            IF day > period.ends_on THEN
                REFUSE honors_objection_in_time;
            END IF;
            IF NEW.state <> 'received' THEN
                REFUSE honors_objection_begins;
            END IF;
            RETURN NEW;
        END IF;
        IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
                ('received', 'investigating'), ('investigating', 'upheld'),
                ('investigating', 'dismissed')) THEN
            REFUSE honors_objection_in_order;
        END IF;
        RETURN NEW;
    """
    )


class Objection(models.Model):
    """What somebody has against a list or a person on it. Who they are and what they
    say is one sealed text (``services.objections``), which neither the history nor any
    list holds; ``receipt_check`` is a keyed fingerprint of the receipt's number with the
    end of their phone's. The outcome's words are sealed too."""

    notice = models.ForeignKey(
        PublicNotice,
        verbose_name=_("公示"),
        on_delete=models.PROTECT,
        related_name="objections",
    )
    # nobody: against the list as a whole, or not known yet
    nomination = models.ForeignKey(
        Nomination,
        verbose_name=_("涉及人选"),
        on_delete=models.PROTECT,
        null=True,
        related_name="objections",
    )
    receipt = models.CharField(_("回执编号"), max_length=12, unique=True)
    receipt_check = models.CharField(max_length=64)
    # of the form that was sent: the same one twice is one objection
    sent_as = models.UUIDField(unique=True, editable=False)
    kind = models.CharField(_("反映方式"), max_length=10, choices=ObjectionKind)
    source = models.CharField(_("来源"), max_length=10, choices=ObjectionSource)
    postmarked_on = models.DateField(_("邮戳日期"), null=True, blank=True)
    sealed = models.TextField(editable=False)
    state = models.CharField(
        _("状态"),
        max_length=14,
        choices=ObjectionState,
        default=ObjectionState.RECEIVED,
    )
    received_at = models.DateTimeField(_("收到时间"), db_default=Now())
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("登记人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("办结时间"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("办结人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    outcome = models.TextField(editable=False, blank=True)  # sealed

    objects = ObjectionQuerySet.as_manager()
    changeable = (
        "nomination",
        "state",
        "entered_by",
        "decided_at",
        "decided_by",
        "outcome",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("异议")
        ordering = ["-pk"]
        default_permissions = ()
        permissions = [("handle_objection", _("办理异议"))]
        constraints = [
            models.CheckConstraint(
                name="honors_objection_receipt_wellformed",
                condition=Q(receipt__regex=certificatenumbers.PATTERN),
            ),
            models.CheckConstraint(
                name="honors_objection_letter_has_postmark",
                condition=Q(source=ObjectionSource.LETTER, postmarked_on__isnull=False)
                | ~Q(source=ObjectionSource.LETTER) & Q(postmarked_on__isnull=True),
                violation_error_message=_("来信请填写邮戳日期。"),
            ),
            models.CheckConstraint(
                name="honors_objection_decided_whole",
                condition=Q(
                    state__in=OPEN_OBJECTION, decided_at__isnull=True, outcome=""
                )
                | ~Q(state__in=OPEN_OBJECTION)
                & Q(decided_at__isnull=False)
                & ~Q(outcome=""),
                violation_error_message=_("请写明调查结论。"),
            ),
            models.CheckConstraint(
                name="honors_objection_upheld_about_somebody",
                condition=~Q(state=ObjectionState.UPHELD) | Q(nomination__isnull=False),
                violation_error_message=_("请选择异议涉及的人选。"),
            ),
        ]
        indexes = [
            models.Index(
                name="honors_objection_open",
                fields=["notice"],
                condition=Q(state__in=OPEN_OBJECTION),
            )
        ]
        triggers = [
            ObjectionRules(),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="never_changed",
                exclude=[
                    *("nomination", "state", "entered_by"),
                    *("decided_at", "decided_by", "outcome"),
                ],
            ),
            history.track(
                but=["sealed", "receipt", "receipt_check", "sent_as", "outcome"]
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"

    @property
    def printed_receipt(self) -> str:
        return certificatenumbers.grouped(self.receipt)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_OBJECTION


class _Kept(models.Model):
    """A part of a docket: written once, sealed."""

    changeable = ()

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Protect(
                name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]


class ObjectionNote(_Kept):
    """What an investigation did or found."""

    objection = models.ForeignKey(
        Objection, on_delete=models.PROTECT, related_name="notes"
    )
    sealed = models.TextField(editable=False)
    # the number stays and leads nowhere once the account is gone
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    at = models.DateTimeField(_("时间"), db_default=Now())

    class Meta(_Kept.Meta):
        verbose_name = verbose_name_plural = _("调查记录")
        ordering = ["objection", "pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"


class ObjectionFile(_Kept):
    """A scan or picture that came with an objection: sealed in the table itself, so it
    lies in no folder. ``size`` in bytes, as it is shown."""

    objection = models.ForeignKey(
        Objection, on_delete=models.PROTECT, related_name="files"
    )
    is_seal = models.BooleanField(_("盖章件"), default=False)
    format = models.CharField(_("格式"), max_length=10, choices=DocumentFormat)
    size = models.PositiveIntegerField(_("大小"))
    sealed = models.TextField(editable=False)

    class Meta(_Kept.Meta):
        verbose_name = verbose_name_plural = _("异议材料")
        ordering = ["objection", "pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"


# --- the gate -------------------------------------------------------------------------


class StepGate(pgtrigger.Trigger):
    """Nobody is approved but after a whole period of exactly these words, and neither
    approved nor conferred while an objection to them, or to a whole list they stand on,
    is open. Waits for who is objecting at the same moment."""

    name = "gate"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    # not a step that there is none of: the table's own rule says so
    condition = pgtrigger.Q(
        new__from_state="city_notice", new__to_state="approved"
    ) | pgtrigger.Q(new__from_state="approved", new__to_state="conferred")
    func = _sql(
        """
        PERFORM FROM honors_publicnotice p WHERE p.id IN (SELECT e.notice_id
            FROM honors_noticeentry e WHERE e.nomination_id = NEW.nomination_id)
            ORDER BY p.id FOR UPDATE;
        IF EXISTS (SELECT FROM honors_objection o
                JOIN honors_noticeentry e ON e.notice_id = o.notice_id
                WHERE e.nomination_id = NEW.nomination_id
                AND coalesce(o.nomination_id, e.nomination_id) = e.nomination_id
                AND o.state IN (OPEN_STATES)) THEN
            REFUSE honors_nominationstep_unopposed;
        END IF;
        IF NEW.to_state = 'approved' AND NOT EXISTS (SELECT FROM honors_publicnotice p
                JOIN honors_noticeentry e ON e.notice_id = p.id
                JOIN honors_nomination n ON n.id = e.nomination_id
                WHERE n.id = NEW.nomination_id AND p.published_at IS NOT NULL
                AND p.stopped_at IS NULL AND p.ends_on < TODAY
                AND e.content_digest = n.content_digest) THEN
            REFUSE honors_nominationstep_noticed;
        END IF;
        RETURN NEW;
    """
    )


class EditionGate(pgtrigger.Trigger):
    """No edition is conferred while an objection is open to one of its lists as a whole,
    or to somebody who would be conferred with it."""

    name = "gate"
    when = pgtrigger.Before
    operation = pgtrigger.Update
    condition = pgtrigger.Q(
        old__conferred_at__isnull=True, new__conferred_at__isnull=False
    )
    func = _sql(
        """
        PERFORM FROM honors_publicnotice p WHERE p.edition_id = NEW.id
            ORDER BY p.id FOR UPDATE;
        IF EXISTS (SELECT FROM honors_objection o
                JOIN honors_publicnotice p ON p.id = o.notice_id
                LEFT JOIN honors_nomination n ON n.id = o.nomination_id
                WHERE p.edition_id = NEW.id AND o.state IN (OPEN_STATES)
                AND coalesce(n.state = 'approved', true)) THEN
            REFUSE honors_awardedition_unopposed;
        END IF;
        RETURN NEW;
    """
    )


pgtrigger.register(StepGate())(NominationStep)
pgtrigger.register(EditionGate())(AwardEdition)
