"""三审三校: a version is sent, read by three people one after the other, and then public.

Used alike by pages, actions and commands. Lock order: Article, then what belongs to it.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from common import history
from common.errors import Reason, Refusal
from common.services import refusing
from common.workdays import add_workdays
from members.models import User
from members.services.notices import notify
from news import notices
from news.content import Content, content_reasons, empty_reasons, unready_reasons
from news.enums import LEVEL_OF, ColumnJob, Level, Outcome, Stage, Step
from news.models import (
    Article,
    ArticleStep,
    ArticleVersion,
    Claim,
    Decision,
    VersionEditor,
)
from news.services import duties
from news.services.drafts import Working, working_on
from news.services.publishing import (
    LONGEST_REASON,
    owes_reviews,
    publish,
    reason_given,
)
from news.services.versions import add_version, content_of, refuse
from news.services.wording import check, wording_reasons

CLAIMED_FOR = timedelta(minutes=30)


@transaction.atomic
@history.on_record
def send(
    *, article: Article, by: User | None, seen: str | None = None
) -> ArticleVersion:
    """Make a version of what was typed and hand it to the first review. Whatever was
    decided about an older version no longer counts; the public goes on reading what it
    reads.

    ``seen`` is the token of what the page showed. Raises Refusal: ``by`` does not write
    in this column, another saved since, a reason of ``content_reasons`` or
    ``unready_reasons``, nothing in it to read or to see, or nothing to send: it is
    under review, or public, as it is.
    """
    article = Article.objects.select_for_update().get(pk=article.pk)
    duties.check_edits(by, article.column_id)
    now = working_on(article)
    if seen is not None and seen != now.token:
        text = _("您打开后，这篇稿件已有他人保存，因此没有送审。请看过后再送审。")
        raise Refusal(Reason("stale", text))
    refuse(_unfit(article, now.content))
    version = _version_to_send(article, now, by)
    _put(article, Stage.FIRST, version)
    _step(Step.SENT, version, by)
    return version


def sending_reasons(article: Article) -> list[Reason]:
    """Every ground on which what was typed may not be sent as it is. Tells nobody."""
    return _unfit(article, working_on(article).content)


def _unfit(article: Article, content: Content) -> list[Reason]:
    return [
        *content_reasons(content),
        *unready_reasons(content),
        *empty_reasons(content),
        *_over(article),
    ]


def _over(article: Article) -> list[Reason]:
    """It would be off the page before it is on it."""
    if article.expire_at is None or article.expire_at > timezone.now():
        return []
    text = _("下线时间已过，请改后再送审")
    return [Reason("expires_too_soon", text, field="expire_at")]


def _version_to_send(article: Article, now: Working, by) -> ArticleVersion:
    newest, draft = now.newest, now.draft
    is_new = newest is None or (draft and content_of(newest) != now.content)
    is_live = newest and newest.pk == article.live_version_id
    if not is_new and is_live and not owes_reviews(newest):
        text = _("内容与已发布的版本相同，不需要送审")
        raise Refusal(Reason("nothing_new", text))
    if not is_new and article.stage in LEVEL_OF:
        text = _("这一版正在审核，不需要再送")
        raise Refusal(Reason("under_review", text))
    if not is_new and not newest.decisions.exists():
        if draft is not None:
            draft.delete()
        return newest  # recalled before anybody decided
    number = newest.number + 1 if newest else 1
    version = add_version(article, now.content, number=number, author=by)
    who = {*(draft.editors if draft else ()), *([by.pk] if by else ())}
    VersionEditor.objects.bulk_create(
        [VersionEditor(version=version, user_id=pk) for pk in sorted(who)]
    )
    if draft is not None:
        draft.delete()
    return version


@transaction.atomic
@history.on_record
def decide(
    *,
    version: ArticleVersion,
    level: Level | int,
    outcome: Outcome | str,
    by: User,
    reason: str = "",
) -> Decision:
    """One reviewer's word on the version they read. Approved, it goes on to the next
    review, after the third to the public (``publish``: at its planned time or at once).
    Returned, it is the editor's again, and the next sending begins at the first review.

    Raises Refusal, each in its words: ``by`` does not give this review in this column,
    wrote in the article, or gave another review of this version; the version does not
    wait for this review (any more); a return has no reason; the final review would
    approve with finds of the wording guard that nobody mended or waived; or what
    ``publish`` refuses.
    """
    level, outcome = Level(level), Outcome(outcome)
    article = Article.objects.select_for_update().get(pk=version.article_id)
    refuse(decision_reasons(article=article, version=version, level=level, reviewer=by))
    if level == Level.FINAL and outcome == Outcome.APPROVED:
        refuse(wording_reasons(article=article, content=content_of(version)))
    reason = reason_given(reason) if outcome == Outcome.RETURNED or reason else ""
    taken = Reason("stale", _("这一审刚刚已有结论，请刷新后再看"))
    grounds = {"news_decision_once_a_level": taken, "news_decision_is_due": taken}
    with refusing(grounds):
        decision = Decision.objects.create(
            version=version,
            sha256=version.sha256,
            level=level,
            reviewer=by,
            outcome=outcome,
            reason=reason,
        )
    Claim.objects.filter(article=article).delete()
    if outcome == Outcome.RETURNED:
        _put(article, Stage.RETURNED, version)
        _tell(notices.RETURNED, version, by, level=level.label, reason=reason)
    elif level < Level.FINAL:
        _put(article, Level(level + 1).stage, version)
    else:
        _put(article, Stage.NONE, None)
        _release(article, version, by)
    return decision


def decision_reasons(
    *, article: Article, version: ArticleVersion, level: Level, reviewer: User
) -> list[Reason]:
    """Every ground on which this person may not decide about this version now; the
    buttons of a page ask it too."""
    reasons = []
    if article.review_version_id != version.pk or article.stage != level.stage:
        text = _("这一版现在不在%(level)s环节，可能已有人审过或已有新的版本")
        reasons.append(Reason("stale", text % {"level": level.label}))
    if not duties.may(reviewer, article.column_id, ColumnJob(str(level.stage))):
        text = _("您不是这个栏目的%(level)s人") % {"level": level.label}
        reasons.append(Reason("no_right", text))
    if wrote(reviewer, version):
        text = _("您写过或改过这篇稿件，不能审核")
        reasons.append(Reason("own_words", text))
    if version.decisions.filter(reviewer=reviewer).exists():
        text = _("这一版您已经审过，三审须由三人进行")
        reasons.append(Reason("decided_before", text))
    return reasons


def wrote(user: User, version: ArticleVersion) -> bool:
    """Whether this person typed into this version of the article or into one before."""
    before = ArticleVersion.objects.filter(
        article=version.article_id, number__lte=version.number
    )
    return before.filter(Q(author=user) | Q(editors__user=user)).exists()


def _release(article, version, by) -> None:
    """After the third review. What was released urgently is public already."""
    if article.live_version_id != version.pk or article.withdrawn_at:
        article = publish(article=article, version=version, by=by)
        _tell_published(article, version, by)
    _tell(notices.APPROVED, version, by)


def _tell_published(article, version, by) -> None:
    moment = timezone.localtime(article.publish_at).strftime("%Y-%m-%d %H:%M")
    _tell(notices.PUBLISHED, version, by, when=moment)


@transaction.atomic
@history.on_record
def recall(*, article: Article, by: User | None, reason: str) -> Article:
    """Take what was sent back from the reviewers. The reason stays on record.

    Raises Refusal: ``by`` does not write in this column, it is not under review, it is
    public already by an urgent release, which owes its reviews, or no reason was given.
    """
    article = Article.objects.select_for_update().get(pk=article.pk)
    duties.check_edits(by, article.column_id)
    if article.stage not in LEVEL_OF:
        text = _("这篇稿件没有在审核，不需要撤回")
        raise Refusal(Reason("not_under_review", text))
    version = article.review_version
    if version.pk == article.live_version_id:
        text = _("这一版已紧急发布，须补齐三审，不能撤回。要修改请改后再送审")
        raise Refusal(Reason("released", text))
    reason = reason_given(reason)
    _put(article, Stage.NONE, None)
    _step(Step.RECALLED, version, by, reason)
    return article


@transaction.atomic
@history.on_record
def release_urgently(
    *, version: ArticleVersion, by: User, reason: str
) -> ArticleVersion:
    """Let the public read a version that is still under review, because a person with
    the right answers for it by name and in writing. The three reviews and the guard of
    fixed wording remain due; which of them were passed over stays on record with the
    reason.

    Raises Refusal: ``by`` has not the right or no job in this column, or wrote in the
    article; the version is not the one under review; no reason; released before; or
    what ``publish`` refuses.
    """
    article = Article.objects.select_for_update().get(pk=version.article_id)
    refuse(urgent_reasons(article=article, version=version, approver=by))
    reason = reason_given(reason)
    over = "、".join(passed_over(article=article, version=version))
    over = _("（发布时尚缺：%(what)s）") % {"what": over} if over else ""
    reason = reason[: LONGEST_REASON - len(over)] + over
    again = Reason("released", _("这一版已批准紧急发布"))
    with refusing({"news_articlestep_urgent_once": again}):
        _step(Step.URGENT, version, by, reason)
    article = publish(article=article, version=version, by=by)
    _tell_published(article, version, by)
    return version


def passed_over(*, article: Article, version: ArticleVersion) -> list[str]:
    """What an urgent release of this version does not wait for, in words."""
    given = version.decisions.filter(outcome=Outcome.APPROVED)
    given = set(given.values_list("level", flat=True))
    missing = [str(level.label) for level in Level if level not in given]
    checked = check(article=article, content=content_of(version))
    if not checked.is_clean:
        text = _("规范用语%(n)d处未处理") % {"n": len(checked.hits)}
        missing.append(text)
    return missing


def urgent_reasons(*, article, version, approver) -> list[Reason]:
    """Every ground on which this person may not release this version urgently."""
    reasons = []
    if not approver.has_perm("news.publish_urgently") or not duties.may(
        approver, article.column_id
    ):
        reasons.append(Reason("no_right", _("您没有批准紧急发布的权限")))
    if wrote(approver, version):
        reasons.append(Reason("own_words", _("您写过或改过这篇稿件，不能批准")))
    if article.review_version_id != version.pk or article.stage not in LEVEL_OF:
        text = _("只有正在审核的版本才能紧急发布")
        reasons.append(Reason("not_under_review", text))
    elif article.live_version_id == version.pk and article.withdrawn_at is None:
        reasons.append(Reason("released", _("这一版已批准紧急发布")))
    return reasons


def claim(*, article: Article, user: User) -> Claim:
    """Say that ``user`` is looking at it, for half an hour. It is not taken from another
    who said so before them; whose it is now."""
    now = timezone.now()
    held, is_new = Claim.objects.get_or_create(
        article=article, defaults={"user": user, "at": now}
    )
    if not is_new and (held.user_id == user.pk or not is_claimed(held)):
        Claim.objects.filter(pk=held.pk, at=held.at).update(user=user, at=now)
        held = Claim.objects.select_related("user").get(pk=held.pk)
    return held


def is_claimed(held: Claim | None) -> bool:
    """Whether somebody still looks at it."""
    return held is not None and timezone.now() - held.at < CLAIMED_FOR


def due_day(level: Level) -> date | None:
    """By when a review that begins today is due (settings.NEWS_REVIEW_DAYS, working
    days); None where nobody has entered which days are worked."""
    days = settings.NEWS_REVIEW_DAYS[level.name.lower()]
    try:
        return add_workdays(timezone.localdate(), days)
    except Refusal:
        return None


def _put(article: Article, stage: Stage, version: ArticleVersion | None) -> None:
    level = LEVEL_OF.get(stage)
    article.stage = stage
    article.stage_at = timezone.now() if version else None
    article.review_version = version
    article.due_on = due_day(level) if level else None
    article.save()


def _step(kind: Step, version: ArticleVersion, by: User | None, reason: str = ""):
    return ArticleStep.objects.create(
        article_id=version.article_id, version=version, kind=kind, by=by, reason=reason
    )


def _tell(kind, version: ArticleVersion, by: User | None, **facts) -> None:
    """The authors of the version: who sent it and who typed into it."""
    who = {*version.editors.values_list("user", flat=True)}
    if version.author_id:
        who.add(version.author_id)
    notify(
        kind=kind,
        to=dict.fromkeys(who, version.article_id),
        key=None,
        about=f"article:{version.article_id}",
        facts={"title": version.title, **facts},
        url_name="admin:news_article_change",
        but=by,
    )
