import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import SuspiciousOperation
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from common import history
from common.enums import AuditOutcome, AuditVerb, ChangeVerb
from common.querysets import (
    AuditEventQuerySet,
    BackgroundTaskQuerySet,
    ChangeQuerySet,
    HolidayQuerySet,
    SearchEntryQuerySet,
    TaskWorkerQuerySet,
)


class Timestamped(models.Model):
    """When a row was made and last changed, by the application's clock."""

    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        abstract = True


class PageGeneration(models.Model):
    """One row: how many changes of public pages were counted and thrown away.

    This and the number of rows of ``PageChange`` are the page generation, under which
    each process caches finished pieces (``common.pagecache``). No row yet means zero.
    """

    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="common_pagegeneration_single_row", condition=models.Q(pk=1)
            )
        ]

    def __str__(self):
        return str(self.number)


class PageChange(models.Model):
    """A change of what the public sees, not yet counted in ``PageGeneration``: it is
    there with the commit that made it. A row more waits for nobody, where one row that
    everybody changes made verbs wait for each other in a ring.

    With the same commit every process that serves is told (``common.following``)."""

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="tell",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="PERFORM pg_notify('common_pages', ''); RETURN NULL;",
            )
        ]

    def __str__(self):
        return str(self.pk)


class AuditEvent(models.Model):
    """One action that belongs to no row of a tracked table: a log-in, an export, a
    reveal of a full number, a right given or taken. Written by ``common.audit.record`` only.

    The table refuses UPDATE and DELETE, whoever asks. Two things may be blanked, each by
    one function of the database that does nothing else: the frozen name of a person who
    closed their account (``audit.forget``), and addresses that were kept for
    ``common.services.ADDRESSES_KEPT``. Kept for six months at least (Cybersecurity Law),
    with who, from where and whether it went through (GB/T 22239).
    """

    at = models.DateTimeField(_("时间"), db_default=Now(), editable=False)
    # no choices here: a new verb is a line of AuditVerb and no migration
    verb = models.CharField(_("操作"), max_length=30)
    # Rows outlive accounts: the number stays and leads nowhere once the account is gone,
    # so there is neither a foreign key in the database nor anything to do on deletion.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("操作人"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="+",
    )
    # purpose: who it was, still readable when the account has another name
    by_label = models.CharField(_("操作人（当时）"), max_length=60, blank=True)
    # purpose: telling a break-in from the person themselves (GB/T 22239 8.1.4.3)
    address = models.GenericIPAddressField(_("来源地址"), null=True, blank=True)
    of_model = models.CharField(_("对象类别"), max_length=80, blank=True)
    of_key = models.CharField(_("对象编号"), max_length=40, blank=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=AuditOutcome)
    reason = models.CharField(_("事由"), max_length=200, blank=True)
    before = models.CharField(_("变更前"), max_length=500, blank=True)
    after = models.CharField(_("变更后"), max_length=500, blank=True)
    request_id = models.CharField(_("请求编号"), max_length=20, blank=True)

    objects = AuditEventQuerySet.as_manager()
    changeable = ()  # for the application's role (docs/conventions.md, Models)

    class Meta:
        verbose_name = verbose_name_plural = _("审计记录")
        ordering = ["-pk"]
        indexes = [
            models.Index(name="common_auditevent_at", fields=["-at"]),
            models.Index(name="common_auditevent_by", fields=["by", "-at"]),
            models.Index(name="common_auditevent_verb", fields=["verb", "-at"]),
            models.Index(name="common_auditevent_of", fields=["of_model", "of_key"]),
        ]
        constraints = [
            # one event is one line, in every file it is ever written to
            models.CheckConstraint(
                name="common_auditevent_no_control_characters",
                condition=~models.Q(reason__regex="[[:cntrl:]]")
                & ~models.Q(by_label__regex="[[:cntrl:]]")
                & ~models.Q(before__regex="[[:cntrl:]]")
                & ~models.Q(after__regex="[[:cntrl:]]"),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'UPDATE'
                       AND current_setting('portal.forgetting', true) = 'on'
                       AND (NEW.by_label = '' OR NEW.by_label = OLD.by_label)
                       AND (NEW.address IS NULL OR NEW.address = OLD.address)
                       AND to_jsonb(NEW) - '{by_label,address}'::text[]
                         = to_jsonb(OLD) - '{by_label,address}'::text[]
                    THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'audit events are append-only';
                """,
            )
        ]

    def __str__(self):
        return f"{AuditVerb(self.verb).label} #{self.pk}"


class AuditSeal(models.Model):
    """One link of a chain over the audit: a digest of the events since the link before
    and of that link's digest, so that no event can be changed, removed or slipped in
    later without ``check_audit`` finding it (GB/T 22239 8.1.4.3).

    Written by ``common.services.seal_audit`` only; the table refuses UPDATE and DELETE.
    """

    number = models.PositiveIntegerField(_("序号"), primary_key=True)
    until = models.DateTimeField(_("封存到"), unique=True)
    events = models.PositiveIntegerField(_("记录数"))
    digest = models.CharField(_("摘要"), max_length=52)
    # goes into ``digest`` where the addresses do not: they are blanked after a while
    addresses = models.CharField(_("来源地址摘要"), max_length=52)
    created_at = models.DateTimeField(_("封存时间"), db_default=Now(), editable=False)

    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("审计封存")
        ordering = ["number"]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="RAISE EXCEPTION 'audit seals are append-only';",
            )
        ]

    def __str__(self):
        return f"{self.number}:{self.digest}"


class Change(models.Model):
    """One change of one row of a tracked table, written by the trigger of that table
    (``common.history``). Only columns that changed are kept, and none that says who a
    person is: the table refuses UPDATE and DELETE, whoever asks.
    """

    at = models.DateTimeField(_("时间"), db_default=Now(), editable=False)
    of_table = models.CharField(_("类别"), max_length=63)
    of_id = models.BigIntegerField(_("对象编号"))
    verb = models.CharField(_("操作"), max_length=6, choices=ChangeVerb)
    before = models.JSONField(_("变更前"), null=True)
    after = models.JSONField(_("变更后"), null=True)
    # as in AuditEvent: the number stays and leads nowhere once the account is gone
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("操作人"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    # cause, and of a request its number and path
    context = models.JSONField(_("背景"), null=True)

    objects = ChangeQuerySet.as_manager()
    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("变更记录")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                name="common_change_of_row", fields=["of_table", "of_id", "id"]
            ),
            models.Index(
                name="common_change_by",
                fields=["by", "id"],
                condition=models.Q(by__isnull=False),
            ),
            models.Index(name="common_change_at", fields=["at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="common_change_verb_says_what_is_kept",
                condition=models.Q(
                    verb="insert", before__isnull=True, after__isnull=False
                )
                | models.Q(verb="update", before__isnull=False, after__isnull=False)
                | models.Q(verb="delete", before__isnull=False, after__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="RAISE EXCEPTION 'the history is append-only';",
            )
        ]

    def __str__(self):
        return f"#{self.pk}"


class Holiday(Timestamped):
    """A day of a festival, off or (a weekend) worked: every day that its weekday does
    not tell. Each says which notice it stands in; ``notice_year`` is the year of that
    notice, which for the end of December is the next (``common.workdays``)."""

    date = models.DateField(_("日期"), unique=True)
    works = models.BooleanField(_("上班"))
    name = models.CharField(_("节日"), max_length=20)
    notice_year = models.PositiveSmallIntegerField(
        _("通知年度"),
        help_text=_("哪一年的放假通知：12月底的日子属于次年的通知。"),
    )
    notice = models.CharField(_("通知"), max_length=100)
    # who put it in; nobody for what came with the portal. As in AuditEvent
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("录入人"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("放假安排")
        ordering = ["-date"]
        constraints = [
            models.CheckConstraint(
                name="common_holiday_near_its_notice",
                condition=models.Q(date__year=models.F("notice_year"))
                | models.Q(date__year=models.F("notice_year") - 1, date__month=12),
                violation_error_message=_("日期须在通知的年度内，或在上一年的12月。"),
            )
        ]
        triggers = [history.track(operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.date} {self.name}"


class BackgroundTask(DBTaskResult):
    """A background task that was asked for (``common.tasks``): the library's row, with
    the portal's words. Its arguments are keys only; an error is kept without values."""

    objects = BackgroundTaskQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = _("后台任务")
        default_permissions = ("view",)
        permissions = [("rerun_backgroundtask", _("重新运行后台任务"))]

    def __str__(self):
        return str(self.title)

    @property
    def job(self):
        """Its declaration; None when the portal no longer has it."""
        try:
            return self.task
        except (ImportError, SuspiciousOperation):
            return None

    @property
    def is_known(self) -> bool:
        return self.job is not None

    @property
    def title(self) -> str:
        return getattr(self.job, "title", "") or self.task_path.rpartition(".")[2]

    @property
    def seconds(self) -> int:
        """The most it may take."""
        return getattr(self.job, "seconds", 60)

    @property
    def tries(self) -> int:
        return len(self.worker_ids)

    @property
    def is_underway(self) -> bool:
        """Whether it runs, or will without anybody doing anything."""
        return self.status in (Status.READY, Status.RUNNING)

    @property
    def is_parked(self) -> bool:
        return self.status == Status.FAILED

    @property
    def state(self) -> str:
        if self.status == Status.READY:
            return _("等待重试") if self.worker_ids else _("等待运行")
        words = {Status.RUNNING: _("运行中"), Status.FAILED: _("已停止")}
        return words.get(self.status, _("已完成"))


class TaskWorker(models.Model):
    """A process that runs background tasks, and when it last gave a sign of life."""

    name = models.CharField(_("名称"), max_length=64, primary_key=True)
    seen_at = models.DateTimeField(_("最近活动"))

    objects = TaskWorkerQuerySet.as_manager()

    def __str__(self):
        return self.name


# --- searching ------------------------------------------------------------------------


class SearchEntry(models.Model):
    """One thing that readers find by its words (``common.searching``): kept from its
    row's texts, never typed. ``kind`` and ``key`` name the row.

    ``words`` also holds marks: what kind of thing it is, its year and its ``facet``, so
    that one index answers a search with all its filters.
    """

    kind = models.CharField(max_length=20)
    key = models.BigIntegerField()
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    at = models.DateTimeField()  # the order of what is equally good
    # from when until when it is public, where the clock decides
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    facet = models.BigIntegerField(null=True)
    words = SearchVectorField()

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="common_searchentry_once", fields=["kind", "key"]
            )
        ]
        # a change costs a little more, and no search goes through a list of changes
        indexes = [
            GinIndex(
                name="common_searchentry_words", fields=["words"], fastupdate=False
            )
        ]

    def __str__(self):
        return self.title


class SearchDue(models.Model):
    """A row whose texts or times have changed since its ``SearchEntry`` was made: it is
    not found until that is made anew, which the verb that changed it does in its own
    transaction (``common.services.indexing``). Written by triggers only."""

    kind = models.CharField(max_length=20)
    key = models.BigIntegerField()
    by_transaction = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(name="common_searchdue_of", fields=["kind", "key"]),
            models.Index(name="common_searchdue_by", fields=["by_transaction"]),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"


class SearchWord(Timestamped):
    """A word that is never cut apart when texts are searched (疗休养, 总工会). Staff add
    those that the dictionary does not know."""

    word = models.CharField(
        _("词语"),
        max_length=20,
        unique=True,
        help_text=_("2至20个字，只填一个词，例如“疗休养”。"),
    )
    is_suggested = models.BooleanField(
        _("热门搜索"), default=False, help_text=_("在搜索页上推荐给访客。")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("搜索词表")
        ordering = ["word"]
        constraints = [
            models.CheckConstraint(
                name="common_searchword_is_a_word",
                condition=models.Q(word__regex=r"^\w{2,20}$"),
                violation_error_message=_("请填2至20个字的一个词，不含空格和标点。"),
            )
        ]
        triggers = [history.track()]

    def __str__(self):
        return self.word


class SearchRun(models.Model):
    """One making anew of the index: how far it is."""

    started_at = models.DateTimeField(db_default=Now())
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.done}/{self.total}"
