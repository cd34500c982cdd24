"""Articles: begun, and put in their place.

Lock order: Series, then Article.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import history, pagecache
from common.errors import Reason
from members.models import User
from news.content import Content, content_reasons
from news.models import Article, Column, Series
from news.services import duties
from news.services.drafts import begin
from news.services.publishing import already_public, is_public
from news.services.versions import cleaned, refuse

MOST_PARTS = 999  # of a series


def place_reasons(
    *,
    series: Series | None,
    series_no: int | None,
    publish_at: datetime | None,
    expire_at: datetime | None,
    article: Article | None,
) -> list[Reason]:
    """Every ground on which an article may not stand at this place and time."""
    reasons = []
    if series is None and series_no is not None:
        text = _("填写了期数，请选择系列报道")
        reasons.append(Reason("series_missing", text, field="series"))
    if series is not None and not series_no:
        text = _("请填写这是系列的第几期")
        reasons.append(Reason("part_missing", text, field="series_no"))
    if series is not None and series_no and series_no > MOST_PARTS:
        text = _("期数最多为%(n)d") % {"n": MOST_PARTS}
        reasons.append(Reason("part_too_large", text, field="series_no"))
    elif series is not None and series_no:
        others = series.articles.exclude(pk=article.pk if article else None)
        if others.filter(series_no=series_no).exists():
            text = _("这个系列已有第%(n)d期") % {"n": series_no}
            reasons.append(Reason("part_taken", text, field="series_no"))
    if publish_at and expire_at and expire_at <= publish_at:
        text = _("下线时间须在发布时间之后")
        reasons.append(Reason("expires_too_soon", text, field="expire_at"))
    return reasons


@transaction.atomic
@history.on_record
def create_article(
    *,
    column: Column,
    content: Content,
    by: User | None,
    series: Series | None = None,
    series_no: int | None = None,
    publish_at: datetime | None = None,
    expire_at: datetime | None = None,
    is_pinned: bool = False,
    is_headline: bool = False,
    keywords: Sequence[str] = (),
    chosen: Iterable[Article] = (),
    is_typing: bool = False,
) -> Article:
    """A new article with its draft; nothing of it has been sent. The public sees
    nothing of it.

    Raises Refusal with every reason of ``content_reasons`` and ``place_reasons``, or
    when ``by`` does not write in this column. ``is_typing``: kept while somebody types,
    with no more than a title and a column.
    """
    place = {
        "series": series,
        "series_no": series_no,
        "publish_at": publish_at,
        "expire_at": expire_at,
    }
    duties.check_edits(by, column.pk, field="column")
    _hold(series)
    reasons = [] if is_typing else content_reasons(content)
    refuse(reasons + place_reasons(article=None, **place))
    article = Article.objects.create(
        column=column,
        is_pinned=is_pinned,
        is_headline=is_headline,
        keywords=list(keywords),
        **place,
    )
    article.chosen.set(chosen)
    begin(article, cleaned(content), by)
    return article


@transaction.atomic
@pagecache.publishes
@history.on_record
def place(
    *,
    article: Article,
    column: Column,
    series: Series | None,
    series_no: int | None,
    publish_at: datetime | None,
    expire_at: datetime | None,
    is_pinned: bool,
    is_headline: bool,
    by: User | None,
    keywords: Sequence[str] | None = None,
    chosen: Iterable[Article] | None = None,
) -> Article:
    """Put the article in its column and series and set its times; at once for the
    public if it is published. ``keywords`` and ``chosen`` (what is to be read after it)
    None: as they were. ``by`` is on record in the article's history.

    Raises Refusal with every reason of ``place_reasons``, when a published article
    would be left without a time or put off, or ``by`` does not write in the column that
    it leaves or in the one that it enters.
    """
    _hold(series)
    article = Article.objects.select_for_update().get(pk=article.pk)
    for of in {article.column_id, column.pk}:
        duties.check_edits(by, of, field="column")
    reasons = place_reasons(
        series=series,
        series_no=series_no,
        publish_at=publish_at,
        expire_at=expire_at,
        article=article,
    )
    if article.live_version_id and publish_at is None:
        text = _("已发布的文章须有发布时间；要撤下请用“撤稿”")
        reasons.append(Reason("time_missing", text, field="publish_at"))
    now = pagecache.moment().now
    if is_public(article, now) and publish_at and publish_at > now:
        reasons.append(already_public())
    refuse(reasons)
    article.column = column
    article.series = series
    article.series_no = series_no
    article.publish_at = publish_at
    article.expire_at = expire_at
    article.is_pinned = is_pinned
    article.is_headline = is_headline
    if keywords is not None:
        article.keywords = list(keywords)
    article.save()
    if chosen is not None:
        article.chosen.set([other for other in chosen if other != article])
    return article


def _hold(series: Series | None) -> None:
    """Nobody else numbers a part of this series until the caller is done."""
    if series is not None:
        Series.objects.select_for_update().get(pk=series.pk)
