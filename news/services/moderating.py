"""What moderators do with comments: let through, turn down, keep, take off the page,
answer an appeal, and open or close comments.

A moderator works in the article's column and has the right to; nobody decides on what
they wrote themselves, and whoever turned a comment down does not answer its appeal.
Lock order: Comment, then its reports and appeal.
"""

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import history, letters, pagecache
from common.errors import Reason, Refusal
from members.models import User
from members.services.notices import notify
from members.services.verification import database_now
from news import notices
from news.commentquerysets import MODERATE
from news.enums import SHOWN, CommentMode, CommentState
from news.models import (
    Article,
    Column,
    ColumnDuty,
    Comment,
    CommentAppeal,
    CommentSwitch,
    CommentWord,
)
from news.models.comments import LONGEST_REASON
from news.querysets import ALL_COLUMNS
from news.services.commentwords import found_in
from news.services.duties import may

CLOSE = "news.close_comments"


def may_moderate(user: User, article: Article) -> bool:
    """Whether this person decides on comments under an article."""
    return user.has_perm(MODERATE) and may(user, article.column_id)


def moderated_alone(user: User) -> QuerySet[Column]:
    """Columns in which this person moderates and nobody else does: appeals against their
    decisions have nobody who may answer them. One query."""
    if not user.has_perm(MODERATE):
        return Column.objects.none()
    others = _holding(MODERATE).exclude(pk=user.pk)
    everywhere = others.filter(pk__in=_holding(ALL_COLUMNS))
    theirs = ColumnDuty.objects.filter(column=OuterRef("pk"), user__in=others)
    mine = Column.objects.worked_in_by(user).active()
    return mine.exclude(Exists(theirs) | Exists(everywhere))


def _holding(right: str) -> QuerySet[User]:
    """Who can log in and was given this right, by a role or by name."""
    app, codename = right.split(".")
    found = Permission.objects.filter(
        content_type__app_label=app, codename=codename
    ).values("pk")
    given = Q(groups__permissions__in=found) | Q(user_permissions__in=found)
    return User.objects.filter(given, is_active=True).order_by().values("pk")


@transaction.atomic
@pagecache.publishes
@history.on_record
def approve_comment(*, comment: Comment, by: User, knows_words: bool = True) -> Comment:
    """Let readers read it; its author is told. ``knows_words``: the moderator has it
    alone before them, with the words of the list marked; together with others one that
    has such a word is not let through.

    Refusal: ``not_moderator``, ``own_comment``, ``already_decided``, ``has_words``.
    """
    row = _row(comment, by, CommentState.PENDING)
    if not knows_words and found_in(row.text, CommentWord.objects.folded()):
        said = _("含提示词，请打开单独审核。")
        raise Refusal(Reason("has_words", said))
    _decide(row, CommentState.APPROVED, by)
    _tell(notices.COMMENT_SHOWN, row, by)
    return row


@transaction.atomic
@history.on_record
def refuse_comment(*, comment: Comment, by: User, reason: str) -> Comment:
    """Do not let it through, and say why to its author. Refusal: ``not_moderator``,
    ``own_comment``, ``already_decided``, ``reason_missing``, ``reason_too_long``."""
    row = _row(comment, by, CommentState.PENDING)
    _decide(row, CommentState.REJECTED, by, _given(reason))
    _tell(notices.COMMENT_REFUSED, row, by, reason=row.reason)
    return row


@transaction.atomic
@history.on_record
def keep_comment(*, comment: Comment, by: User) -> Comment:
    """What readers reported stays on the page; they are told. Refusal:
    ``not_moderator``, ``own_comment``, ``already_decided``."""
    row = _row(comment, by, CommentState.FLAGGED)
    _decide(row, CommentState.APPROVED, by)
    _answer_reports(row, by, _("经核查，评论予以保留"))
    return row


@transaction.atomic
@pagecache.publishes
@history.on_record
def hide_comment(*, comment: Comment, by: User, reason: str) -> Comment:
    """Take it off the page, reported or not; author and reporters are told. Refusal:
    ``not_moderator``, ``own_comment``, ``already_decided``, ``reason_missing``,
    ``reason_too_long``."""
    row = _row(comment, by, *SHOWN)
    _decide(row, CommentState.HIDDEN, by, _given(reason))
    _tell(notices.COMMENT_HIDDEN, row, by, reason=row.reason)
    _answer_reports(row, by, _("评论已撤下"))
    return row


@transaction.atomic
@pagecache.publishes
@history.on_record
def answer_appeal(
    *, appeal: CommentAppeal, is_upheld: bool, by: User, answer: str = ""
) -> CommentAppeal:
    """Show what was turned down after all, or let that stand and say why; its author is
    told. Refusal: ``not_moderator``, ``own_comment``, ``own_decision``,
    ``already_decided``, ``reason_missing``, ``reason_too_long``."""
    row = _row(appeal.comment, by, CommentState.REJECTED, CommentState.HIDDEN)
    asked = CommentAppeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    if asked.answered_at is not None:
        raise Refusal(_already_decided())
    if row.decided_by_id == by.pk:
        said = _("这条评论是您处理的，申诉请由其他审核人员答复。")
        raise Refusal(Reason("own_decision", said))
    asked.answer = letters.line(answer) if is_upheld else _given(answer)
    asked.answer = asked.answer[:LONGEST_REASON]
    asked.is_upheld, asked.answered_by = is_upheld, by
    asked.answered_at = database_now()
    asked.save()
    if is_upheld:
        _decide(row, CommentState.APPROVED, by)
    said = _("申诉成立，评论已显示") if is_upheld else _("维持原处理")
    _tell(notices.APPEAL_ANSWERED, row, by, state=said, reason=asked.answer)
    return asked


@transaction.atomic
@pagecache.publishes
@history.on_record
def set_comments(
    *, article: Article | None, mode: str, by: User, note: str = ""
) -> CommentSwitch:
    """Open or close comments: of one article, or (None) of all at once, from the commit
    on. Whoever answers for the whole newsroom may do both, a moderator the first, in
    their columns. Refusal: ``not_moderator``, ``reason_too_long``."""
    allowed = by.has_perm(CLOSE)
    if article is not None:
        allowed = allowed or may_moderate(by, article)
    if not allowed:
        raise Refusal(_not_moderator())
    note = letters.line(note)
    if len(note) > LONGEST_REASON:
        raise Refusal(_too_long("note"))
    switch, _made = CommentSwitch.objects.update_or_create(
        article=article,
        defaults={"mode": CommentMode(mode), "note": note, "changed_by": by},
    )
    return switch


# --- row by row --------------------------------------------------------------------


def each(comments, verb, **facts) -> tuple[int, list[tuple[Comment, Refusal]]]:
    """Do ``verb`` to each comment by itself: how many were done, and which were refused
    and why. One that fails leaves the others as they are."""
    done, refused = 0, []
    for comment in comments:
        try:
            verb(comment=comment, **facts)
        except Refusal as refusal:
            refused.append((comment, refusal))
        else:
            done += 1
    return done, refused


# --- what they share ---------------------------------------------------------------


def _row(comment: Comment, by: User, *states) -> Comment:
    """The row, locked, if it stands in one of these states and is theirs to decide."""
    rows = Comment.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("article").get(pk=comment.pk)
    if not may_moderate(by, row.article):
        raise Refusal(_not_moderator())
    if row.user_id == by.pk:
        said = _("不能审核自己的评论，请由其他审核人员处理。")
        raise Refusal(Reason("own_comment", said))
    if row.state not in states:
        raise Refusal(_already_decided())
    return row


def _decide(row: Comment, state: CommentState, by: User, reason: str = "") -> None:
    row.state, row.reason, row.decided_by = state, reason, by
    row.decided_at = row.state_at = database_now()
    row.save(update_fields=["state", "reason", "decided_by", "decided_at", "state_at"])


def _answer_reports(row: Comment, by: User, said: str) -> None:
    reporters = list(row.reports.open().values_list("user", flat=True))
    row.reports.open().update(closed_at=Now())
    notify(
        kind=notices.REPORT_ANSWERED,
        to=dict.fromkeys(reporters, row.article_id),
        about=f"comment:{row.pk}",
        facts={"title": row.article.title, "state": said},
        url_name="news:article-detail",
        but=by,
    )


def _tell(kind, row: Comment, by: User, **facts) -> None:
    if row.user_id is None:
        return
    notify(
        kind=kind,
        to={row.user_id: None},
        about=f"comment:{row.pk}",
        facts={"title": row.article.title, **facts},
        url_name="news:my-comments",
        but=by,
    )


def _given(reason: str) -> str:
    reason = letters.line(reason).rstrip("。")
    if not reason:
        said = _("请写明原因，作者会看到。")
        raise Refusal(Reason("reason_missing", said, field="reason"))
    if len(reason) > LONGEST_REASON:
        raise Refusal(_too_long("reason"))
    return reason


def _too_long(field: str) -> Reason:
    said = _("原因最多%(n)d个字。") % {"n": LONGEST_REASON}
    return Reason("reason_too_long", said, field=field)


def _not_moderator() -> Reason:
    return Reason("not_moderator", _("您不是这个栏目的评论审核人员。"))


def _already_decided() -> Reason:
    return Reason("already_decided", _("已由他人处理，或已被作者删除。"))
