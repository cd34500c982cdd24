"""What the public reads: shown from a time on, and taken away."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import history, pagecache
from common.errors import Reason, Refusal
from members.models import User
from news.content import digest, empty_reasons
from news.models import Article, ArticleVersion
from news.services.versions import content_of, print_version, refuse


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

    ``at`` None: a published article keeps its time, any other is public at once. A past
    ``at`` is an old article filed later; a future one is a scheduled publication, for
    which nobody has to be awake. A correction of what is public takes
    effect at once and leaves its time beside the publication's.

    Raises Refusal: somebody saved a newer version meanwhile (``stale``), the article is
    public and ``at`` would take it off the page, it would expire before it is published,
    or there is nothing in it to read or to see.
    """
    article = Article.objects.select_for_update().get(pk=article.pk)
    newest = ArticleVersion.objects.newest_of(article)
    if newest != version:
        text = _(
            "您打开后，这篇稿件又有了新的版本（第%(n)d版），因此没有发布。"
            "请看过新的版本再发布。"
        )
        raise Refusal(Reason("stale", text % {"n": newest.number}))
    version = newest  # as stored, whatever the caller holds
    content = content_of(version)
    if digest(content, version.format) != version.sha256:
        raise ValueError(f"Version {version.pk} is not what was saved.")
    refuse(empty_reasons(content))
    now = pagecache.moment().now
    was_public = is_public(article, now)
    if at is None:
        stands = article.live_version_id and article.withdrawn_at is None
        at = article.publish_at if stands else now
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
    return article


@transaction.atomic
@pagecache.publishes
@history.on_record
def withdraw(*, article: Article, by: User | None) -> Article:
    """Take a published or scheduled article off the public pages, pictures included,
    at once. Its address answers 410. Doing it twice changes nothing.

    Raises Refusal: it was never published.
    """
    article = Article.objects.select_for_update().get(pk=article.pk)
    if not article.live_version_id:
        text = _("这篇稿件没有发布过，不需要撤稿")
        raise Refusal(Reason("never_published", text))
    if article.withdrawn_at is None:
        article.withdrawn_at = pagecache.moment().now
        article.save()
    return article


def is_public(article: Article, now: datetime) -> bool:
    return bool(
        article.live_version_id
        and article.withdrawn_at is None
        and article.publish_at <= now
    )


def already_public() -> Reason:
    text = _("文章已经发布，不能改为定时；更正会立即生效")
    return Reason("already_public", text, field="publish_at")
