"""What the public reads: shown from a time on, and taken away."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import history, letters, pagecache
from common.errors import Reason, Refusal
from members.models import User
from news.content import digest, empty_reasons
from news.enums import Level, Outcome, Stage, Step
from news.models import Article, ArticleStep, ArticleVersion
from news.services.versions import content_of, print_version, refuse

LONGEST_REASON = 500  # characters


@transaction.atomic
@pagecache.publishes
@history.on_record
def publish(
    *,
    article: Article,
    version: ArticleVersion,
    by: User | None,
    at: datetime | None = None,
) -> Article:
    """Make ``version``, which somebody has read, the one that the public reads,
    from ``at`` on.

    ``at`` None: a published article keeps its time; another one takes the time that was
    planned for it, or is public at once where that is past since it was sent. An older
    day that was planned from the start is an old article filed later; a future one is a
    scheduled publication, for which nobody has to be awake. A correction of what is
    public takes effect at once and leaves its time beside the publication's.

    Raises Refusal: three people have not approved these words and nobody released them
    urgently (``not_approved``; what is or was public needs no more), somebody sent a
    newer version meanwhile (``stale``), the article is public and ``at`` would take it
    off the page, it would expire before it is published, or there is nothing in it to
    read or to see.
    """
    article = Article.objects.select_for_update().get(pk=article.pk)
    newest = ArticleVersion.objects.newest_of(article)
    if newest != version and version.pk != article.live_version_id:
        text = _(
            "您打开后，这篇稿件又有了新的版本（第%(n)d版），因此没有发布。"
            "请看过新的版本再发布。"
        )
        raise Refusal(Reason("stale", text % {"n": newest.number}))
    version = ArticleVersion.objects.get(pk=version.pk)  # as stored
    content = content_of(version)
    if digest(content, version.format) != version.sha256:
        raise ValueError(f"Version {version.pk} is not what was saved.")
    refuse(empty_reasons(content))
    now = pagecache.moment().now
    was_public = is_public(article, now)
    if not (version.pk == article.live_version_id or is_released(version)):
        text = _("这一版还没有通过初审、复审和终审，不能发布")
        raise Refusal(Reason("not_approved", text))
    if at is None:
        at = _planned(article, version, now)
    if was_public and at > now:
        raise Refusal(already_public())
    if article.expire_at and article.expire_at <= max(at, now):
        text = _("下线时间须在发布时间之后")
        raise Refusal(Reason("expires_too_soon", text, field="expire_at"))
    if was_public and article.live_version_id != version.pk:
        article.corrected_at = now
    article.publish_at = at
    article.withdrawn_at = None
    article.live_version = version
    print_version(article, version)
    article.save()
    ArticleStep.objects.create(
        article=article, version=version, kind=Step.PUBLISHED, by=by, from_at=at
    )
    return article


def is_released(version: ArticleVersion) -> bool:
    """Whether these words may be public: all three reviews approved them, a named
    person released them urgently, or they were public elsewhere before."""
    return _is_read(version) or _has_step(version, Step.URGENT, Step.FILED)


def owes_reviews(version: ArticleVersion) -> bool:
    """Whether a named person released it urgently and three people have not approved
    it since (``ArticleQuerySet.released_unread``)."""
    return _has_step(version, Step.URGENT) and not _is_read(version)


def _is_read(version) -> bool:
    approved = version.decisions.filter(outcome=Outcome.APPROVED, sha256=version.sha256)
    return approved.count() == len(Level)


def _has_step(version, *kinds) -> bool:
    return version.steps.filter(kind__in=kinds).exists()


@transaction.atomic
@pagecache.publishes
@history.on_record
def file_version(
    *, version: ArticleVersion, at: datetime | None, by: User | None, reason: str
) -> Article:
    """Put on the page what was public elsewhere before, under its day: an old site's
    article was read there, and is not reviewed a second time. ``reason`` says whence.

    For commands only; no page leads here. Raises Refusal as ``publish``.
    """
    article = Article.objects.select_for_update().get(pk=version.article_id)
    if article.stage != Stage.NONE:
        article.stage, article.review_version = Stage.NONE, None
        article.stage_at = article.due_on = None
        article.save()
    ArticleStep.objects.create(
        article=article, version=version, kind=Step.FILED, by=by, reason=reason
    )
    return publish(article=article, version=version, by=by, at=at)


def _planned(article, version, now) -> datetime:
    at = article.publish_at
    if at is None or article.withdrawn_at is not None:
        return now
    if article.live_version_id or at > now or at < version.created_at:
        return at
    return now  # its time came while it was being read


@transaction.atomic
@pagecache.publishes
@history.on_record
def publish_now(*, article: Article, by: User | None) -> Article:
    """Let the public read at once what was approved before and waits for its time, or
    was withdrawn. Raises Refusal as ``publish``, when nothing was approved, or when
    what was withdrawn had been released urgently and its reviews are still due: one
    person's word holds once, and nobody else's stands for it."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if article.live_version_id is None:
        text = _("没有审定的版本，请先送审")
        raise Refusal(Reason("not_approved", text))
    if is_public(article, pagecache.moment().now):
        raise Refusal(Reason("already_public", _("文章已经公开")))
    if article.withdrawn_at and owes_reviews(article.live_version):
        text = _("这一版是紧急发布的，三审没有完成，撤稿后须重新送审")
        raise Refusal(Reason("not_approved", text))
    now = pagecache.moment().now
    return publish(article=article, version=article.live_version, by=by, at=now)


@transaction.atomic
@pagecache.publishes
@history.on_record
def withdraw(*, article: Article, by: User | None, reason: str) -> Article:
    """Take a published or scheduled article off the public pages, pictures included,
    at once; a review under way ends, or it would bring the article back. Its address
    answers 410. The reason stays on record. Doing it twice changes nothing.

    Raises Refusal: it was never published, or no reason was given.
    """
    article = Article.objects.select_for_update().get(pk=article.pk)
    if not article.live_version_id:
        text = _("这篇稿件没有发布过，不需要撤稿")
        raise Refusal(Reason("never_published", text))
    if article.withdrawn_at is None:
        reason = reason_given(reason)
        article.withdrawn_at = pagecache.moment().now
        if article.stage != Stage.NONE:
            article.stage = Stage.RETURNED
            article.stage_at = article.withdrawn_at
            article.due_on = None
        article.save()
        ArticleStep.objects.create(
            article=article,
            version_id=article.live_version_id,
            kind=Step.WITHDRAWN,
            by=by,
            reason=reason,
        )
    return article


def reason_given(reason: str) -> str:
    """The reason as it is kept. Raises Refusal where there is none."""
    reason = letters.line(reason)
    if not reason:
        raise Refusal(Reason("reason_missing", _("请填写原因"), field="reason"))
    if len(reason) > LONGEST_REASON:
        text = _("原因最多%(n)d个字") % {"n": LONGEST_REASON}
        raise Refusal(Reason("reason_too_long", text, field="reason"))
    return reason


def is_public(article: Article, now: datetime) -> bool:
    return bool(
        article.live_version_id
        and article.withdrawn_at is None
        and article.publish_at <= now
    )


def already_public() -> Reason:
    text = _("文章已经发布，不能改为定时；更正会立即生效")
    return Reason("already_public", text, field="publish_at")
