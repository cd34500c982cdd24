"""What readers do with comments: write, take back, vote, report, appeal.

Whoever writes, reports or appeals is a person whose mobile number was proved (互联网跟帖评论
服务管理规定); their name need not be shown. Where an event came from is kept by the
audit, for half a year.

Lock order: User, then Comment.
"""

import unicodedata
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import audit, dates, history, letters, pagecache
from common.enums import AuditVerb
from common.errors import Reason, Refusal
from common.services import ADDRESSES_KEPT
from members.models import User
from news.enums import SHOWN, TURNED_DOWN, CommentMode, CommentState
from news.models import (
    Article,
    Comment,
    CommentAppeal,
    CommentReport,
    CommentSwitch,
    CommentVote,
)
from news.models.comments import LONGEST_APPEAL, LONGEST_COMMENT, LONGEST_REASON
from news.services.commentwords import folded

MOST_LINES = 20
# how many one person may write, in which time
LIMITS = ((timedelta(minutes=10), 5), (timedelta(days=1), 20))
REPORTS_A_DAY = 20
_DAY = timedelta(days=1)


def cleaned(text: str) -> str:
    """A comment as it is kept: plain text, of marks that nobody sees only the ends of
    lines."""
    kept = (
        char
        for char in letters.prose(text)
        if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn")
    )
    return "".join(kept).strip()


def writing_reasons(user: User) -> list[Reason]:
    """Why this account may neither write nor report, whatever it is about."""
    if user.is_active and user.phone_verified:
        return []
    text = _("评论须先验证手机号。")
    return [Reason("number_unproved", text)]


@transaction.atomic
@history.on_record
def write_comment(
    *, article: Article, text: str, by: User, hides_name: bool = False
) -> Comment:
    """Hand in a comment; nobody but its author and moderators reads it before it is let
    through. The same words under the same article, while they wait, are the one comment.

    ``text`` has ``LONGEST_COMMENT`` characters at most. Refusal: ``number_unproved``,
    ``empty``, ``too_long``, ``too_many_lines``, ``not_public``, ``closed``,
    ``too_often`` (with the time it lifts), ``repeated``.
    """
    author = _locked(by)
    text = cleaned(text)
    grounds = writing_reasons(author) + _text_reasons(text) + _place_reasons(article)
    recent = author.comments.filter(written_at__gt=Now() - _DAY)
    same = folded(text)
    for one in recent.order_by("-pk"):
        if not grounds and _says(one, text, same):
            if one.article_id == article.pk and one.state == CommentState.PENDING:
                return one
            said = _("您今天已发表过同样的评论。")
            grounds.append(Reason("repeated", said, field="text"))
    grounds += _pace_reasons(recent)
    if grounds:
        raise Refusal(*grounds)
    made = Comment.objects.create(
        article=article, user=author, text=text, hides_name=hides_name
    )
    audit.record(AuditVerb.WRITE_COMMENT, by=author, of=made)
    return made


def _locked(by: User) -> User:
    """Their limits are counted by one at a time."""
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)


def _says(comment, text, same) -> bool:
    return comment.text == text or bool(same) and folded(comment.text) == same


def _text_reasons(text):
    if not text:
        return [Reason("empty", _("请填写评论。"), field="text")]
    grounds = []
    if len(text) > LONGEST_COMMENT:
        said = _("评论最多%(n)d个字，现有%(now)d个。")
        said %= {"n": LONGEST_COMMENT, "now": len(text)}
        grounds.append(Reason("too_long", said, field="text"))
    if text.count("\n") >= MOST_LINES:
        said = _("评论最多%(n)d行，请合并一些段落。") % {"n": MOST_LINES}
        grounds.append(Reason("too_many_lines", said, field="text"))
    return grounds


def _place_reasons(article):
    if not Article.objects.live().filter(pk=article.pk).exists():
        return [Reason("not_public", _("这篇文章已经不能阅读。"))]
    if CommentSwitch.objects.mode_of(article.pk) != CommentMode.OPEN:
        return [Reason("closed", _("这篇文章现在不接受评论。"))]
    return []


def _pace_reasons(recent):
    """Deleted ones count: taking one back does not make room."""
    for span, most in LIMITS:
        rows = recent.filter(written_at__gt=Now() - span).order_by("-written_at")
        times = list(rows.values_list("written_at", flat=True)[:most])
        if len(times) == most:
            lifts_at = times[-1] + span
            said = _("您发表得太频繁了，请在%(at)s以后再发表。")
            said %= {"at": dates.moment(lifts_at)}
            return [Reason("too_often", said, lifts_at=lifts_at)]
    return []


@transaction.atomic
@pagecache.publishes
@history.on_record
def delete_comment(*, comment: Comment, by: User) -> Comment:
    """Take one's own comment back, for good: no page shows it from that moment. Twice
    is once. Refusal: ``not_yours``."""
    row = _row(comment)
    if row.user_id != by.pk:
        raise Refusal(Reason("not_yours", _("只能删除自己的评论。")))
    _delete(row)
    return row


def _row(comment: Comment) -> Comment:
    return Comment.objects.select_for_update(of=("self",), no_key=True).get(
        pk=comment.pk
    )


def _delete(row: Comment) -> None:
    if row.state == CommentState.DELETED:
        return
    Comment.objects.filter(pk=row.pk).update(state=CommentState.DELETED, state_at=Now())
    row.reports.open().update(closed_at=Now())
    CommentAppeal.objects.filter(comment=row).open().update(answered_at=Now())


@transaction.atomic
@history.on_record
def like_comment(*, comment: Comment, by: User) -> None:
    """Give one's one vote; twice is once. Refusal: ``number_unproved``, ``own``,
    ``not_shown``, ``closed``."""
    row = Comment.objects.select_related("article").get(pk=comment.pk)
    grounds = writing_reasons(by) + _shown_reasons(row) + _place_reasons(row.article)
    if row.user_id == by.pk:
        grounds.append(Reason("own", _("不能给自己的评论点赞。")))
    if grounds:
        raise Refusal(*grounds)
    vote = CommentVote(comment=row, user=by)
    CommentVote.objects.bulk_create([vote], ignore_conflicts=True)


@transaction.atomic
@history.on_record
def unlike_comment(*, comment: Comment, by: User) -> None:
    """Take one's vote back; twice is once."""
    comment.votes.filter(user=by).delete()


def _shown_reasons(row):
    if row.state in SHOWN:
        return []
    return [Reason("not_shown", _("这条评论已经不在页面上。"))]


@transaction.atomic
@history.on_record
def report_comment(
    *, comment: Comment, kind: str, by: User, note: str = ""
) -> CommentReport:
    """Say what is wrong with a comment; it stays until a moderator has looked, who then
    tells the reporter. Each person reports a comment once.

    Refusal: ``number_unproved``, ``own``, ``not_shown``, ``too_long``, ``too_often``.
    """
    by = _locked(by)
    row = _row(comment)
    known = row.reports.filter(user=by).first()
    if known is not None:
        return known
    note = letters.line(note)
    grounds = writing_reasons(by) + _shown_reasons(row)
    if row.user_id == by.pk:
        grounds.append(Reason("own", _("自己的评论可以直接删除，不必举报。")))
    if len(note) > LONGEST_REASON:
        said = _("说明最多%(n)d个字。") % {"n": LONGEST_REASON}
        grounds.append(Reason("too_long", said, field="note"))
    today = CommentReport.objects.filter(user=by, at__gt=Now() - _DAY)
    if today.count() >= REPORTS_A_DAY:
        said = _("您今天举报的已经很多，请明天再来；紧急的请打页脚的举报电话。")
        grounds.append(Reason("too_often", said))
    if grounds:
        raise Refusal(*grounds)
    made = CommentReport.objects.create(comment=row, user=by, kind=kind, note=note)
    if row.state == CommentState.APPROVED:
        Comment.objects.filter(pk=row.pk).update(
            state=CommentState.FLAGGED, state_at=Now()
        )
    audit.record(AuditVerb.REPORT_COMMENT, by=by, of=row)
    return made


@transaction.atomic
@history.on_record
def appeal(*, comment: Comment, text: str, by: User) -> CommentAppeal:
    """Ask another moderator to look at one's comment that was turned down or taken off
    the page: once. Refusal: ``not_yours``, ``not_turned_down``, ``already_appealed``,
    ``empty``, ``too_long``."""
    row = _row(comment)
    if row.user_id != by.pk:
        raise Refusal(Reason("not_yours", _("只能为自己的评论申诉。")))
    if CommentAppeal.objects.filter(comment=row).exists():
        said = _("这条评论已经申诉过，每条评论只能申诉一次。")
        raise Refusal(Reason("already_appealed", said))
    text = letters.line(text)
    grounds = []
    if row.state not in TURNED_DOWN:
        said = _("只有未通过或被撤下的评论可以申诉。")
        grounds.append(Reason("not_turned_down", said))
    if not text:
        grounds.append(Reason("empty", _("请填写申诉理由。"), field="text"))
    if len(text) > LONGEST_APPEAL:
        said = _("申诉理由最多%(n)d个字。") % {"n": LONGEST_APPEAL}
        grounds.append(Reason("too_long", said, field="text"))
    if grounds:
        raise Refusal(*grounds)
    return CommentAppeal.objects.create(comment=row, text=text)


@transaction.atomic
@pagecache.publishes
@history.on_record
def forget_author(*, user: User) -> None:
    """The comments' part of closing an account: what waits is taken back, what was let
    through stays without a name (已注销用户), and what they wrote to moderators goes."""
    user = _locked(user)
    for row in Comment.objects.filter(user=user, state=CommentState.PENDING):
        _delete(row)
    appeals = CommentAppeal.objects.filter(comment__user=user)
    appeals.open().update(answered_at=Now())
    appeals.update(text="")
    CommentReport.objects.filter(user=user).update(note="")


def forget_texts() -> int:
    """Blank what authors took back longer ago than the law wants it kept; how many."""
    long_ago = Comment.objects.filter(
        state=CommentState.DELETED, state_at__lt=Now() - ADDRESSES_KEPT
    )
    return long_ago.exclude(text="").update(text="")
