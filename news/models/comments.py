"""What readers say under an article (跟帖评论).

Nobody reads a comment before a moderator let it through: the table takes a new row in
no other state, and changes a state only along ``MOVES``. Its words are never edited.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common import history
from common.models import Timestamped
from news.commentquerysets import (
    CommentAppealQuerySet,
    CommentQuerySet,
    CommentReportQuerySet,
    CommentSwitchQuerySet,
    CommentVoteQuerySet,
    CommentWordQuerySet,
)
from news.enums import (
    SHOWN,
    TURNED_DOWN,
    CommentMode,
    CommentState,
    ReportKind,
)
from news.models.articles import Article

LONGEST_COMMENT = 500  # characters
LONGEST_REASON = 200
LONGEST_APPEAL = 300

MOVES = [
    ("pending", "approved"),
    ("pending", "rejected"),
    ("approved", "flagged"),
    ("approved", "hidden"),
    ("flagged", "approved"),
    ("flagged", "hidden"),
    # after an appeal
    ("rejected", "approved"),
    ("hidden", "approved"),
    # by its author, whatever was said of it
    *((state, "deleted") for state in CommentState.values if state != "deleted"),
]


@pgtrigger.register(
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    pgtrigger.ReadOnly(
        name="never_edited", fields=["article", "hides_name", "written_at"]
    ),
    # half a year after it was taken back, nothing is left of the words
    pgtrigger.Protect(
        name="words_stay",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__text__df=pgtrigger.F("new__text"))
        & ~pgtrigger.Q(new__text="", new__state="deleted"),
    ),
    # an account may only be forgotten
    pgtrigger.Protect(
        name="author_stays",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__user__df=pgtrigger.F("new__user"))
        & pgtrigger.Q(new__user__isnull=False),
    ),
    pgtrigger.Protect(
        name="begins_unread",
        operation=pgtrigger.Insert,
        condition=~pgtrigger.Q(new__state="pending"),
    ),
    pgtrigger.FSM(name="moves", field="state", transitions=MOVES),
)
class Comment(models.Model):
    """What one reader said under one article. ``decided_by`` is who decided last;
    ``reason`` is for its author."""

    article = models.ForeignKey(
        Article,
        verbose_name=_("文章"),
        on_delete=models.PROTECT,
        related_name="comments",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("作者"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="comments",
    )
    text = models.TextField(_("评论"), max_length=LONGEST_COMMENT)
    hides_name = models.BooleanField(_("匿名"), default=False)
    state = models.CharField(
        _("状态"), max_length=10, choices=CommentState, default=CommentState.PENDING
    )
    written_at = models.DateTimeField(_("发表时间"), db_default=Now(), editable=False)
    state_at = models.DateTimeField(_("状态变更时间"), db_default=Now(), editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("审核人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("审核时间"), null=True, editable=False)
    reason = models.CharField(_("原因"), max_length=LONGEST_REASON, blank=True)

    objects = CommentQuerySet.as_manager()
    changeable = (
        *("user", "text", "state", "state_at"),
        *("decided_by", "decided_at", "reason"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("评论")
        ordering = ["-pk"]
        permissions = [
            ("moderate_comment", _("审核评论")),
            ("close_comments", _("开放和关闭全部评论")),
        ]
        indexes = [
            models.Index(
                name="news_comment_shown",
                fields=["article", "-id"],
                condition=Q(state__in=SHOWN),
            ),
            models.Index(
                name="news_comment_waiting",
                fields=["state", "written_at"],
                condition=Q(state__in=["pending", "flagged"]),
            ),
            models.Index(name="news_comment_of", fields=["user", "-written_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="news_comment_says_something",
                condition=~Q(text="") | Q(state="deleted"),
                violation_error_message=_("请填写评论。"),
            ),
            models.CheckConstraint(
                name="news_comment_decided_before_shown",
                condition=Q(state__in=["pending", "deleted"])
                | Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="news_comment_turned_down_with_reason",
                condition=~Q(state__in=TURNED_DOWN) | ~Q(reason=""),
                violation_error_message=_("请写明原因，作者会看到。"),
            ),
        ]
        triggers = [history.track(but=["text"])]

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"


class CommentVote(models.Model):
    """赞: one person's one vote for a comment."""

    comment = models.ForeignKey(
        Comment, verbose_name=_("评论"), on_delete=models.PROTECT, related_name="votes"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    at = models.DateTimeField(_("时间"), db_default=Now(), editable=False)

    objects = CommentVoteQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("评论的赞")
        constraints = [
            models.UniqueConstraint(
                name="news_commentvote_once", fields=["comment", "user"]
            )
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"


class CommentReport(models.Model):
    """举报: what one reader has against a comment; closed when a moderator looked."""

    comment = models.ForeignKey(
        Comment,
        verbose_name=_("评论"),
        on_delete=models.PROTECT,
        related_name="reports",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("举报人"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    kind = models.CharField(_("原因"), max_length=10, choices=ReportKind)
    # purpose: the moderator learns what is meant; blanked when the account is closed
    note = models.CharField(_("说明"), max_length=LONGEST_REASON, blank=True)
    at = models.DateTimeField(_("举报时间"), db_default=Now(), editable=False)
    closed_at = models.DateTimeField(_("处理时间"), null=True, editable=False)

    objects = CommentReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("评论举报")
        ordering = ["pk"]
        indexes = [models.Index(name="news_commentreport_by", fields=["user", "-at"])]
        constraints = [
            models.UniqueConstraint(
                name="news_commentreport_once", fields=["comment", "user"]
            )
        ]
        triggers = [history.track(but=["note"])]

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"


class CommentAppeal(models.Model):
    """申诉: the author of a comment that was turned down asks, once, for another
    moderator to look."""

    comment = models.OneToOneField(
        Comment, verbose_name=_("评论"), on_delete=models.PROTECT, related_name="appeal"
    )
    # purpose: who answers learns why; blanked when the account is closed
    text = models.CharField(_("申诉理由"), max_length=LONGEST_APPEAL, blank=True)
    asked_at = models.DateTimeField(_("申诉时间"), db_default=Now(), editable=False)
    is_upheld = models.BooleanField(_("申诉成立"), null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("答复人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, editable=False)
    answer = models.CharField(_("答复"), max_length=LONGEST_REASON, blank=True)

    objects = CommentAppealQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("评论申诉")
        ordering = ["pk"]
        indexes = [
            models.Index(
                name="news_commentappeal_open",
                fields=["asked_at"],
                condition=Q(answered_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="news_commentappeal_dismissed_with_answer",
                condition=~Q(is_upheld=False) | ~Q(answer=""),
                violation_error_message=_("请写明答复，作者会看到。"),
            ),
        ]
        triggers = [history.track(but=["text"])]

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"


class CommentSwitch(models.Model):
    """How far comments are on: of one article, or of all (``article`` None)."""

    article = models.ForeignKey(
        Article,
        verbose_name=_("文章"),
        on_delete=models.CASCADE,
        null=True,
        related_name="comment_switches",
    )
    mode = models.CharField(_("评论"), max_length=10, choices=CommentMode)
    note = models.CharField(
        _("原因（只在后台可见）"), max_length=LONGEST_REASON, blank=True
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("设置人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    changed_at = models.DateTimeField(_("设置时间"), auto_now=True)

    objects = CommentSwitchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("评论开关")
        constraints = [
            models.UniqueConstraint(
                name="news_commentswitch_one_each",
                fields=["article"],
                nulls_distinct=False,
            )
        ]
        triggers = [history.track()]

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"


class CommentWord(Timestamped):
    """A word that a moderator must not overlook. It refuses nothing by itself."""

    word = models.CharField(_("提示词"), max_length=40)
    # as it is looked for: no blanks and marks, full-width and traditional forms made one
    folded = models.CharField(_("比对形式"), max_length=40, editable=False)
    note = models.CharField(_("说明"), max_length=100, blank=True)

    objects = CommentWordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("评论提示词")
        ordering = ["word"]
        constraints = [
            models.CheckConstraint(
                name="news_commentword_is_one", condition=~Q(folded="")
            ),
            models.UniqueConstraint(
                name="news_commentword_once",
                fields=["folded"],
                violation_error_message=_("这个词已经在表中。"),
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        return self.word
