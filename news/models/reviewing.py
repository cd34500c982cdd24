"""How an article comes to be public: typed as a draft, sent as a version, read by three
people, none of whom wrote it.

The rules of a decision are held by ``Decision``'s trigger too, so that no other door
leads past them.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import history
from common.models import Timestamped
from news.enums import ColumnJob, Level, Outcome, Step
from news.models.articles import Article, ArticleVersion, Column
from news.querysets import ColumnDutyQuerySet

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete


class ColumnDuty(Timestamped):
    """Who does what in a column. The role says what somebody may do at all, this row
    where; neither is enough without the other."""

    column = models.ForeignKey(
        Column, verbose_name=_("栏目"), on_delete=models.CASCADE, related_name="duties"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.CASCADE,
        related_name="column_duties",
    )
    job = models.CharField(_("工作"), max_length=10, choices=ColumnJob)

    objects = ColumnDutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("栏目分工")
        ordering = ["column__order", "column", "job", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="news_columnduty_once",
                fields=["column", "user", "job"],
                violation_error_message=_("这个人在这个栏目已有这项工作。"),
            )
        ]
        triggers = [history.track()]

    def __str__(self):
        return f"{self.column} {self.get_job_display()} {self.user}"


class Draft(models.Model):
    """What editors are typing into an article and have not sent. The only text that
    changes; sending makes a version of it and deletes it.

    ``content`` is a ``Content`` as JSON (``content.to_json``); nothing in it has been
    judged yet. ``revision`` grows with every saving.
    """

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, related_name="draft"
    )
    base_version = models.ForeignKey(
        ArticleVersion, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)
    content = models.JSONField()
    # the pictures and files it names, so that they are not swept away
    picture_keys = ArrayField(models.CharField(max_length=32), default=list)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("起草人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    # everybody who typed into it: none of them will review it
    editors = ArrayField(models.BigIntegerField(), default=list)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    saved_at = models.DateTimeField(_("保存时间"), auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = _("草稿")

    def __str__(self):
        return f"{self.article} #{self.revision}"


@pgtrigger.register(
    pgtrigger.Protect(name="never_changed", operation=_APPEND_ONLY),
)
class VersionEditor(models.Model):
    """Somebody who typed into a version, its sender included: they review no version of
    this article from then on."""

    version = models.ForeignKey(
        ArticleVersion, on_delete=models.PROTECT, related_name="editors"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("版本的编辑")
        constraints = [
            models.UniqueConstraint(
                name="news_versioneditor_once", fields=["version", "user"]
            )
        ]

    def __str__(self):
        return f"{self.version_id} {self.user_id}"


class DecisionIsFair(pgtrigger.Trigger):
    """The rules of a decision that look at other rows. Whoever comes here without
    having asked the service is refused like by any other check of the table."""

    name = "fair"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    declare = [("read_article", "bigint"), ("read_number", "integer")]
    func = """
        SELECT v.article_id, v.number INTO read_article, read_number
            FROM news_articleversion v
            WHERE v.id = NEW.version_id AND v.sha256 = NEW.sha256;
        IF read_article IS NULL THEN
            RAISE EXCEPTION 'The decision is about other words than the version has.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'news_decision_same_words';
        END IF;
        IF NOT EXISTS (SELECT FROM news_article a
                WHERE a.id = read_article AND a.review_version_id = NEW.version_id
                AND a.stage = (ARRAY['first', 'second', 'final'])[NEW.level]) THEN
            RAISE EXCEPTION 'The version does not wait for this review.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'news_decision_is_due';
        END IF;
        IF EXISTS (SELECT FROM news_articleversion v
                LEFT JOIN news_versioneditor e ON e.version_id = v.id
                WHERE v.article_id = read_article AND v.number <= read_number
                AND NEW.reviewer_id IN (v.author_id, e.user_id)) THEN
            RAISE EXCEPTION 'Who wrote does not review.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'news_decision_not_author';
        END IF;
        IF NEW.level > 1 AND NOT EXISTS (SELECT FROM news_decision d
                WHERE d.version_id = NEW.version_id AND d.level = NEW.level - 1
                AND d.outcome = 'approved') THEN
            RAISE EXCEPTION 'A review was skipped.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'news_decision_no_skip';
        END IF;
        RETURN NEW;
    """


@pgtrigger.register(
    pgtrigger.Protect(name="never_changed", operation=_APPEND_ONLY),
    DecisionIsFair(),
)
class Decision(models.Model):
    """One reviewer's word on one version. It holds for those words only: ``sha256`` is
    the version's, and a newer version has none."""

    version = models.ForeignKey(
        ArticleVersion, on_delete=models.PROTECT, related_name="decisions"
    )
    sha256 = models.CharField(_("校验值"), max_length=64, editable=False)
    level = models.PositiveSmallIntegerField(_("审次"), choices=Level)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("审核人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    outcome = models.CharField(_("结论"), max_length=10, choices=Outcome)
    reason = models.CharField(_("意见"), max_length=500, blank=True)
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("审核意见")
        ordering = ["version", "level"]
        constraints = [
            models.UniqueConstraint(
                name="news_decision_once_a_level",
                fields=["version", "level"],
                violation_error_message=_("这一审已有结论。"),
            ),
            models.UniqueConstraint(
                name="news_decision_once_a_reviewer",
                fields=["version", "reviewer"],
                violation_error_message=_("同一人只能审一次。"),
            ),
            models.CheckConstraint(
                name="news_decision_known_level",
                condition=Q(level__in=list(Level)),
                violation_error_message=_("没有这一审。"),
            ),
            models.CheckConstraint(
                name="news_decision_return_has_reason",
                condition=Q(outcome=Outcome.APPROVED)
                | Q(outcome=Outcome.RETURNED) & ~Q(reason=""),
                violation_error_message=_("退改请填写意见。"),
            ),
        ]

    def __str__(self):
        return f"{self.get_level_display()}{self.get_outcome_display()}"


@pgtrigger.register(
    pgtrigger.Protect(name="never_changed", operation=_APPEND_ONLY),
)
class ArticleStep(models.Model):
    """What happened to an article beside the reviewers' decisions, for good: sent,
    recalled, published, published urgently, withdrawn."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="steps")
    version = models.ForeignKey(
        ArticleVersion, on_delete=models.PROTECT, related_name="steps"
    )
    kind = models.CharField(_("事项"), max_length=10, choices=Step)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("操作人"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    reason = models.CharField(_("原因"), max_length=500, blank=True)
    # of a publication: from when on the public reads it
    from_at = models.DateTimeField(_("发布时间"), null=True)
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("稿件流程")
        ordering = ["article", "pk"]
        constraints = [
            models.CheckConstraint(
                name="news_articlestep_has_reason",
                condition=~Q(kind__in=[Step.URGENT, Step.WITHDRAWN, Step.RECALLED])
                | ~Q(reason=""),
                violation_error_message=_("请填写原因。"),
            ),
            models.CheckConstraint(
                name="news_articlestep_urgent_named",
                condition=~Q(kind=Step.URGENT) | Q(by__isnull=False),
                violation_error_message=_("紧急发布须有批准人。"),
            ),
            models.UniqueConstraint(
                name="news_articlestep_urgent_once",
                fields=["version"],
                condition=Q(kind=Step.URGENT),
                violation_error_message=_("这一版已批准紧急发布。"),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.article_id}"


class Claim(models.Model):
    """Who is looking at an article just now. It forbids nobody anything, and is over
    half an hour later (``services.reviewing.CLAIMED_FOR``)."""

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, related_name="claim"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("正在审阅")

    def __str__(self):
        return f"{self.article_id} {self.user_id}"
