"""What an article says, as one value, its digest, and why it may not be saved or
published."""

import hashlib
import json
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from common import filekinds, filestore, letters, pasting, richtext
from common.errors import Reason
from common.picturestore import Kept
from news import videohosts
from news.enums import BylineRole

MOST_FILES = 20  # of one article; so many links to films too
_WEB = ("https://", "http://")  # an address is printed as a link


@dataclass(frozen=True)
class Credit:
    """Who did what: ``role`` is a ``BylineRole``."""

    role: str
    name: str

    @property
    def in_words(self) -> str:
        return f"{BylineRole(self.role).label} {self.name}"


@dataclass(frozen=True)
class PhotoWords:
    """One picture of a version and what is said about it."""

    picture: Kept
    caption: str = ""
    credit: str = ""
    alt: str = ""
    is_decorative: bool = False

    @property
    def in_words(self) -> str:
        return self.caption or self.alt or _("装饰图片")

    @property
    def is_undescribed(self) -> bool:
        """Whoever cannot see it would hear nothing of it."""
        return not self.is_decorative and not self.alt.strip()


@dataclass(frozen=True)
class FileWords:
    """One file of a version, to be downloaded or, a film, to be seen; ``name`` is what
    readers call it, without its ending."""

    file: filestore.Kept
    name: str

    @property
    def in_words(self) -> str:
        label = filekinds.KINDS[self.file.kind].label
        return f"{self.name}（{label}，{filestore.size_in_words(self.file.size)}）"


@dataclass(frozen=True)
class VideoLink:
    """A film that another site shows: the address of its page there, and its title."""

    url: str
    title: str

    @property
    def in_words(self) -> str:
        return f"{self.title}（{self.url}）"


@dataclass(frozen=True)
class Content:
    """Everything of an article that is read: what a version keeps for good.

    ``body`` is rich text as typed; it is cleaned when it is saved.
    """

    title: str
    subtitle: str = ""
    is_reprint: bool = False
    source_name: str = ""
    source_url: str = ""
    summary: str = ""
    editor_note: str = ""
    body: str = ""
    bylines: tuple[Credit, ...] = ()
    photos: tuple[PhotoWords, ...] = ()
    # what this version puts right in what the public read before, in public
    correction: str = ""
    files: tuple[FileWords, ...] = ()
    videos: tuple[VideoLink, ...] = ()


def to_json(content: Content) -> dict:
    """``content`` as a draft keeps it."""
    return asdict(content)


def from_json(kept: dict) -> Content:
    """The content that a draft keeps. A field of a later release has its default."""
    words = dict(kept)
    words["bylines"] = tuple(Credit(**line) for line in kept.get("bylines", ()))
    words["photos"] = tuple(
        PhotoWords(**photo | {"picture": Kept(**photo["picture"])})
        for photo in kept.get("photos", ())
    )
    words["files"] = tuple(
        FileWords(filestore.Kept(**one["file"]), one["name"])
        for one in kept.get("files", ())
    )
    words["videos"] = tuple(VideoLink(**one) for one in kept.get("videos", ()))
    return Content(**words)


# The format in which versions are stored from now on. A field more in Content is one
# more format with a function of its own below; the functions of older formats never
# change, or versions stored before could not be published any more.
FORMAT = 3


def _format_1(content: Content) -> dict:
    return {
        "format": 1,
        "title": content.title,
        "subtitle": content.subtitle,
        "is_reprint": content.is_reprint,
        "source_name": content.source_name,
        "source_url": content.source_url,
        "summary": content.summary,
        "editor_note": content.editor_note,
        "body": content.body,
        "bylines": [{"role": line.role, "name": line.name} for line in content.bylines],
        "photos": [
            {
                "picture": {
                    "key": photo.picture.key,
                    "sha256": photo.picture.sha256,
                    "width": photo.picture.width,
                    "height": photo.picture.height,
                },
                "caption": photo.caption,
                "credit": photo.credit,
                "alt": photo.alt,
                "is_decorative": photo.is_decorative,
            }
            for photo in content.photos
        ],
    }


def _format_2(content: Content) -> dict:
    return _format_1(content) | {"format": 2, "correction": content.correction}


def _format_3(content: Content) -> dict:
    return _format_2(content) | {
        "format": 3,
        "files": [
            {
                "name": one.name,
                "key": one.file.key,
                "sha256": one.file.sha256,
                "size": one.file.size,
                "kind": one.file.kind,
            }
            for one in content.files
        ],
        "videos": [{"url": one.url, "title": one.title} for one in content.videos],
    }


_FORMATS = {1: _format_1, 2: _format_2, 3: _format_3}


def digest(content: Content, number: int) -> str:
    """SHA-256 of the content's canonical JSON (sorted keys, no blanks, UTF-8) as the
    format of this number writes it. ValueError for a format that this release does not
    know."""
    if number not in _FORMATS:
        raise ValueError(f"Unknown format of an article version: {number}.")
    text = json.dumps(
        _FORMATS[number](content),
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()


def content_reasons(content: Content) -> list[Reason]:
    """Every ground on which this content may not be saved."""
    reasons = []
    if not letters.line(content.title):
        reasons.append(Reason("title_missing", _("请填写标题"), field="title"))
    if content.source_url and not content.source_url.startswith(_WEB):
        text = _("原文网址须以 http:// 或 https:// 开头")
        reasons.append(Reason("source_url_malformed", text, field="source_url"))
    keys = [photo.picture.key for photo in content.photos]
    if len(set(keys)) < len(keys):
        text = _("同一张照片不能添加两次")
        reasons.append(Reason("photo_twice", text, field="photos"))
    files = [one.file.key for one in content.files]
    if len(set(files)) < len(files):
        text = _("同一个文件不能添加两次")
        reasons.append(Reason("file_twice", text, field="files"))
    for name in ("files", "videos"):
        if len(getattr(content, name)) > MOST_FILES:
            text = _("一篇文章最多%(n)d个附件、%(n)d个视频链接") % {"n": MOST_FILES}
            reasons.append(Reason("too_many_files", text, field=name))
    if any(not videohosts.host_of(one.url) for one in content.videos):
        reasons.append(
            Reason("video_unknown", videohosts.unknown_in_words(), field="videos")
        )
    too_long = richtext.length_reasons(content.body, "body")
    reasons += too_long or richtext.link_reasons(content.body, "body")
    if not too_long and set(richtext.pictures(content.body)) - set(keys):
        text = _("正文中有不属于本稿件的照片，请删去，或先在“照片”中添加再插入")
        reasons.append(Reason("picture_unknown", text, field="body"))
    return reasons


def unready_reasons(content: Content) -> list[Reason]:
    """What may be missing while one writes and looks at a preview, and not when it is
    sent: nobody has to find words for a picture before seeing it on the page."""
    reasons = []
    if content.is_reprint and not content.source_name.strip():
        text = _("转载的文章请填写来源")
        reasons.append(Reason("source_missing", text, field="source_name"))
    places = [n for n, photo in enumerate(content.photos, 1) if photo.is_undescribed]
    if places:
        text = _(
            "第%(places)s张照片还没有画面描述（看不见图片的人会听到这句话），"
            "请填写，或勾选“仅作装饰”"
        )
        words = {"places": "、".join(map(str, places))}
        reasons.append(Reason("photo_undescribed", text % words, field="photos"))
    return reasons


def empty_reasons(content: Content) -> list[Reason]:
    """Why this stored content may not be published: pictures pasted from elsewhere are
    not kept, and an article of nothing else would be a title alone; the mark that holds
    the place of one is no word for readers."""
    marks = len(pasting.MARK.findall(content.body))
    if marks:
        text = _(
            "正文中还有%(n)d处“〔此处放照片〕”记号，请在那里插入照片，或删去记号后再送审"
        )
        return [Reason("photo_missing", text % {"n": marks}, field="body")]
    if (
        content.photos
        or content.files
        or content.videos
        or richtext.plain(content.body, 1)
    ):
        return []
    text = _("正文是空的，请填写正文，或添加照片、附件、视频后再送审")
    return [Reason("body_empty", text, field="body")]
