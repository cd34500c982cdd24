"""What an article says, as versions that never change: kept, and read back as one value.
The parts of the verbs that make one (``reviewing.send``, ``filing``)."""

import re
from dataclasses import asdict, replace

from django.utils.translation import gettext as _

from common import filestore, letters, picturestore, richtext
from common.errors import Reason, Refusal
from common.picturestore import Kept
from common.services import after_commit
from members.models import User
from news.content import (
    FORMAT,
    Content,
    Credit,
    FileWords,
    PhotoWords,
    VideoLink,
    digest,
)
from news.enums import BylineRole, FileKind
from news.models import (
    Article,
    ArticleFile,
    ArticlePhoto,
    ArticleVersion,
    ArticleVideo,
    Byline,
)
from news.querysets import FILE_FIELDS, PHOTO_FIELDS

FILE_SHELF = "newsfiles"
SUMMARY_LENGTH = 100  # characters of the body that stand in for a missing summary
_IN_BRACKETS = re.compile(r"[（(]([^（()）]*)[)）]")
_DASHES = " \u3000\u2014\u2500-"


def content_of(version: ArticleVersion) -> Content:
    """What a version keeps, as one value: four queries."""
    photos = tuple(
        PhotoWords(
            Kept(photo.key, photo.sha256, photo.width, photo.height),
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
        correction=version.correction,
        files=tuple(
            FileWords(filestore.Kept(one.key, one.sha256, one.size, one.kind), one.name)
            for one in version.files.all()
        ),
        videos=tuple(VideoLink(one.url, one.title) for one in version.videos.all()),
    )


def photos_of(content: Content) -> list[ArticlePhoto]:
    """The pictures of a text that is no version yet, as rows that are not stored."""
    placed = set(richtext.pictures(content.body))
    photos = [_photo(photo) for photo in content.photos]
    for photo in photos:
        photo.is_placed = photo.key in placed
    return photos


def cleaned(content: Content) -> Content:
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
        correction=letters.line(content.correction),
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
        files=tuple(
            FileWords(replace(one.file, name=""), _called(one)) for one in content.files
        ),
        videos=tuple(
            VideoLink(one.url.strip(), letters.line(one.title) or _("视频"))
            for one in content.videos
        ),
    )


def _called(one: FileWords) -> str:
    """What readers call a file: without the ending, which the format says."""
    name = filestore.stem_of(f"{one.name.removesuffix(f'.{one.file.kind}')}.")
    return name or str(FileKind(one.file.kind).label)


def add_version(
    article: Article, content: Content, *, number: int, author: User | None
) -> ArticleVersion:
    content = cleaned(content)
    version = new_version(content, number=number, author=author)
    version.article = article
    version.save()
    Byline.objects.bulk_create(new_bylines(content, version))
    photos = photos_of(content)
    for order, photo in enumerate(photos):
        photo.version = version
        photo.order = order
    ArticlePhoto.objects.bulk_create(photos)
    ArticleFile.objects.bulk_create(new_files(content, version))
    ArticleVideo.objects.bulk_create(
        [
            ArticleVideo(version=version, url=one.url, title=one.title, order=order)
            for order, one in enumerate(content.videos)
        ]
    )
    settle(content)
    if not article.live_version_id:
        print_version(article, version)
        article.save()
    return version


def new_version(
    content: Content, *, number: int, author: User | None
) -> ArticleVersion:
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
        correction=content.correction,
        format=FORMAT,
        sha256=digest(content, FORMAT),
        author=author,
    )


def new_bylines(content: Content, version: ArticleVersion) -> list[Byline]:
    return [
        Byline(version=version, role=line.role, name=line.name, order=order)
        for order, line in enumerate(content.bylines)
    ]


def new_files(content: Content, version: ArticleVersion | None) -> list[ArticleFile]:
    return [
        ArticleFile(
            version=version,
            key=one.file.key,
            sha256=one.file.sha256,
            size=one.file.size,
            kind=one.file.kind,
            name=one.name,
            order=order,
        )
        for order, one in enumerate(content.files)
    ]


def settle(content: Content) -> None:
    """The pictures and files of this content stay, once its rows are committed."""
    shelves = {
        "news": [photo.picture.key for photo in content.photos],
        FILE_SHELF: [one.file.key for one in content.files],
    }
    for shelf, keys in shelves.items():
        after_commit(picturestore.settle, shelf, *keys)


def as_version(content: Content) -> ArticleVersion:
    """A draft as the page of a version prints it; not stored."""
    content = cleaned(content)
    version = new_version(content, number=0, author=None)
    version.byline_rows = [asdict(line) for line in content.bylines]
    version.photo_rows = [
        {name: getattr(photo, name) for name in PHOTO_FIELDS}
        for photo in photos_of(content)
    ]
    version.file_rows = [
        {name: getattr(file, name) for name in FILE_FIELDS}
        for file in new_files(content, None)
    ]
    version.video_rows = [asdict(one) for one in content.videos]
    return version


def print_words(article: Article, version: ArticleVersion) -> None:
    article.title = version.title
    article.subtitle = version.subtitle
    article.source_name = version.source_name
    article.summary = version.summary or richtext.plain(version.body, SUMMARY_LENGTH)


def print_version(article: Article, version: ArticleVersion) -> None:
    """Copy onto the article what lists print of this version."""
    print_words(article, version)
    article.lead_photo = version.photos.first()


def refuse(reasons: list[Reason]) -> None:
    if reasons:
        raise Refusal(*reasons)


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
