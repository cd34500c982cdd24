"""Verbs of the newsroom. The only code here that writes to its tables.

Lock order: Series, then Article. What the public sees changes only in
``publish``, ``withdraw`` and ``place`` (``pagecache.publishes``). The review in three
levels will stand between ``save_version`` and ``publish``: a version is what it will
decide about.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common import history, letters, pagecache, picturestore, richtext
from common.errors import Reason, Refusal
from members.models import User
from news.content import (
    FORMAT,
    Content,
    Credit,
    KeptPicture,
    PhotoWords,
    content_reasons,
    digest,
    empty_reasons,
)
from news.enums import BylineRole
from news.models import (
    Article,
    ArticlePhoto,
    ArticleVersion,
    Byline,
    Column,
    Series,
)

MOST_PARTS = 999  # of a series
SUMMARY_LENGTH = 100  # characters of the body that stand in for a missing summary
_IN_BRACKETS = re.compile(r"[（(]([^（()）]*)[)）]")
_DASHES = " \u3000\u2014\u2500-"


def keep_picture(upload) -> KeptPicture:
    """Verify an uploaded picture and store its renditions under a name of our own.

    Raises Refusal as ``common.images.read`` does. Nothing shows the files until a
    version names them.
    """
    key, picture = picturestore.keep("news", upload)
    return KeptPicture(key, picture.sha256, picture.width, picture.height)


def forget_pictures() -> int:
    """Delete the pictures of forms that were refused and never came back; how many."""
    return picturestore.sweep(
        "news", lambda key: ArticlePhoto.objects.filter(key=key).exists()
    )


def picture_path(key: str, width: int) -> str:
    return picturestore.path("news", key, width)


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
) -> Article:
    """A new draft with its first version. The public sees nothing of it.

    Raises Refusal with every reason of ``content_reasons`` and ``place_reasons``.
    """
    place = {
        "series": series,
        "series_no": series_no,
        "publish_at": publish_at,
        "expire_at": expire_at,
    }
    _hold(series)
    _refuse(content_reasons(content) + place_reasons(article=None, **place))
    article = Article.objects.create(
        column=column,
        title=letters.line(content.title),
        is_pinned=is_pinned,
        is_headline=is_headline,
        **place,
    )
    _add_version(article, content, number=1, by=by)
    return article


@transaction.atomic
@history.on_record
def save_version(
    *, article: Article, content: Content, by: User | None, base: int | None = None
) -> ArticleVersion:
    """Keep ``content`` as the article's newest version; what is public stays as it is.

    ``base`` is the number of the version that was read before typing. Content that is
    word for word the newest version makes no new one. Raises Refusal: somebody saved
    another version since ``base``, or a reason of ``content_reasons``.
    """
    article = Article.objects.select_for_update().get(pk=article.pk)
    newest = ArticleVersion.objects.newest_of(article)
    number = newest.number if newest else 0
    if base is not None and base != number:
        text = _(
            "您打开后，这篇稿件已有人保存了新的版本（第%(n)d版）。您填写的内容仍在下面，"
            "请在另一窗口打开稿件，核对后再保存。"
        )
        raise Refusal(Reason("stale", text % {"n": number}))
    _refuse(content_reasons(content))
    if newest and content_of(newest) == _cleaned(content):
        return newest
    return _add_version(article, content, number=number + 1, by=by)


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
) -> Article:
    """Put the article in its column and series and set its times; at once for the
    public if it is published. ``by`` is on record in the article's history.

    Raises Refusal with every reason of ``place_reasons``, or when a published article
    would be left without a time or put off.
    """
    _hold(series)
    article = Article.objects.select_for_update().get(pk=article.pk)
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
    if _is_public(article, now) and publish_at and publish_at > now:
        reasons.append(_already_public())
    _refuse(reasons)
    article.column = column
    article.series = series
    article.series_no = series_no
    article.publish_at = publish_at
    article.expire_at = expire_at
    article.is_pinned = is_pinned
    article.is_headline = is_headline
    article.save()
    return article


@dataclass(frozen=True)
class Filing:
    """A published article without pictures, as an archive or another site hands it
    over."""

    column: Column
    content: Content
    publish_at: datetime


@transaction.atomic
@pagecache.publishes
@history.on_record
def file_articles(*, filings: Collection[Filing], by: User | None) -> int:
    """Put many articles on the page at once, in a few statements; how many.

    What is stored is what ``create_article`` and ``publish`` would have stored for each
    (tests/news/test_filing.py). Raises Refusal with the reasons of the first content
    that may not be saved, and ValueError for one with pictures: they need files.
    """
    for filing in filings:
        _refuse(content_reasons(filing.content))
        _refuse(empty_reasons(_cleaned(filing.content)))
        if filing.content.photos:
            raise ValueError("Articles with pictures are created one by one.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('news_articleversion', 'id'))"
            " FROM generate_series(1, %s)",
            [len(filings)],
        )
        numbers = [row[0] for row in cursor.fetchall()]
    articles, versions, bylines = [], [], []
    for filing, number in zip(filings, numbers, strict=True):
        content = _cleaned(filing.content)
        version = _version(content, number=1, by=by)
        version.pk = number
        article = Article(
            column=filing.column, publish_at=filing.publish_at, live_version_id=number
        )
        _print_words(article, version)
        articles.append(article)
        versions.append(version)
        bylines += _bylines(content, version)
    # an article names its version before that is there: its key is checked at the end
    Article.objects.bulk_create(articles)
    for article, version in zip(articles, versions, strict=True):
        version.article = article
    ArticleVersion.objects.bulk_create(versions)
    Byline.objects.bulk_create(bylines)
    return len(articles)


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
    """Make ``version``, which somebody has looked at, the one that the public reads,
    from ``at`` on.

    ``at`` None: a published article keeps its time, any other is public at once. A past
    ``at`` is an old article filed later; a future one is a scheduled publication, for
    which nobody has to be awake (domain.md N4). A correction of what is public takes
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
    _refuse(empty_reasons(content))
    now = pagecache.moment().now
    is_public = _is_public(article, now)
    if at is None:
        stands = article.live_version_id and article.withdrawn_at is None
        at = article.publish_at if stands else now
    if is_public and at > now:
        raise Refusal(_already_public())
    if article.expire_at and article.expire_at <= max(at, now):
        text = _("下线时间须在发布时间之后")
        raise Refusal(Reason("expires_too_soon", text, field="expire_at"))
    if is_public and article.live_version_id != version.pk:
        article.corrected_at = now
    article.publish_at = at
    article.withdrawn_at = None
    article.live_version = version
    _print(article, version)
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


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_column(*, column: Column, by: User | None) -> Column:
    """Save a column; the menus follow at once."""
    column.save()
    return column


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_series(*, series: Series, by: User | None) -> Series:
    """Save a series; the pages of its parts follow at once."""
    series.save()
    return series


def content_of(version: ArticleVersion) -> Content:
    """What a version keeps, as one value: two queries."""
    photos = tuple(
        PhotoWords(
            KeptPicture(photo.key, photo.sha256, photo.width, photo.height),
            photo.caption,
            photo.credit,
            photo.alt,
            photo.is_decorative,
        )
        for photo in version.photos.all()
    )
    bylines = tuple(Credit(line.role, line.name) for line in version.bylines.all())
    return Content(
        title=version.title,
        subtitle=version.subtitle,
        is_reprint=version.is_reprint,
        source_name=version.source_name,
        source_url=version.source_url,
        summary=version.summary,
        editor_note=version.editor_note,
        body=version.body,
        bylines=bylines,
        photos=photos,
    )


def _hold(series: Series | None) -> None:
    """Nobody else numbers a part of this series until the caller is done."""
    if series is not None:
        Series.objects.select_for_update().get(pk=series.pk)


def _is_public(article: Article, now: datetime) -> bool:
    return bool(
        article.live_version_id
        and article.withdrawn_at is None
        and article.publish_at <= now
    )


def _already_public() -> Reason:
    text = _("文章已经发布，不能改为定时；更正会立即生效")
    return Reason("already_public", text, field="publish_at")


def _refuse(reasons: list[Reason]) -> None:
    if reasons:
        raise Refusal(*reasons)


def _cleaned(content: Content) -> Content:
    """``content`` as it is stored: lines trimmed, the body through the one policy."""
    pictures = {photo.picture.key: _photo(photo) for photo in content.photos}

    def figure(key):
        return _figure(pictures[key]) if key in pictures else None

    return replace(
        content,
        title=letters.line(content.title),
        subtitle=letters.line(content.subtitle).lstrip(_DASHES),
        source_name=content.source_name.strip(),
        source_url=content.source_url.strip(),
        summary=letters.line(content.summary),
        editor_note=content.editor_note.replace("\r\n", "\n").strip(),
        body=richtext.clean(content.body, figure),
        bylines=tuple(
            Credit(str(BylineRole(line.role)), line.name.strip())
            for line in content.bylines
            if line.name.strip()
        ),
        photos=tuple(
            replace(
                photo,
                caption=photo.caption.strip(),
                credit=_unwrapped(photo.credit),
                alt=photo.alt.strip(),
            )
            for photo in content.photos
        ),
    )


def _unwrapped(credit: str) -> str:
    """Without the brackets that the page puts around a credit by itself."""
    whole = _IN_BRACKETS.fullmatch(credit.strip())
    return whole[1].strip() if whole else credit.strip()


def _photo(photo: PhotoWords) -> ArticlePhoto:
    return ArticlePhoto(
        key=photo.picture.key,
        sha256=photo.picture.sha256,
        width=photo.picture.width,
        height=photo.picture.height,
        caption=photo.caption.strip(),
        credit=_unwrapped(photo.credit),
        alt=photo.alt.strip(),
        is_decorative=photo.is_decorative,
    )


def _figure(photo: ArticlePhoto) -> richtext.Node:
    """A picture in the text, as it is stored: caption and alternative text come from
    the photo, so that they are typed in one place only."""
    image = richtext.Node(
        "img",
        {
            "src": photo.medium_url,
            "srcset": photo.srcset,
            "sizes": "(min-width: 800px) 720px, 100vw",
            "alt": photo.spoken,
            "width": str(photo.width),
            "height": str(photo.height),
            "loading": "lazy",
            "data-file": photo.key,
        },
    )
    if photo.spoken:  # a link needs words; a decorative picture is not worth one
        image = richtext.Node("a", {"href": photo.large_url}, [image])
    words = photo.caption_with_credit
    caption = [richtext.Node("figcaption", {}, [words])] if words else []
    return richtext.Node("figure", {"class": "fig"}, [image, *caption])


def _add_version(
    article: Article, content: Content, *, number: int, by: User | None
) -> ArticleVersion:
    content = _cleaned(content)
    version = _version(content, number=number, by=by)
    version.article = article
    version.save()
    Byline.objects.bulk_create(_bylines(content, version))
    placed = set(richtext.pictures(content.body))
    photos = [_photo(photo) for photo in content.photos]
    for order, photo in enumerate(photos):
        photo.version = version
        photo.order = order
        photo.is_placed = photo.key in placed
    ArticlePhoto.objects.bulk_create(photos)
    keys = [photo.key for photo in photos]
    transaction.on_commit(partial(picturestore.settle, "news", *keys), robust=True)
    if not article.live_version_id:
        _print(article, version)
        article.save()
    return version


def _version(content: Content, *, number: int, by: User | None) -> ArticleVersion:
    return ArticleVersion(
        number=number,
        title=content.title,
        subtitle=content.subtitle,
        is_reprint=content.is_reprint,
        source_name=content.source_name,
        source_url=content.source_url,
        summary=content.summary,
        editor_note=content.editor_note,
        body=content.body,
        format=FORMAT,
        sha256=digest(content, FORMAT),
        author=by,
    )


def _bylines(content: Content, version: ArticleVersion) -> list[Byline]:
    return [
        Byline(version=version, role=line.role, name=line.name, order=order)
        for order, line in enumerate(content.bylines)
    ]


def _print_words(article: Article, version: ArticleVersion) -> None:
    article.title = version.title
    article.subtitle = version.subtitle
    article.source_name = version.source_name
    article.summary = version.summary or richtext.plain(version.body, SUMMARY_LENGTH)


def _print(article: Article, version: ArticleVersion) -> None:
    """Copy onto the article what lists print of this version."""
    _print_words(article, version)
    article.lead_photo = version.photos.first()
