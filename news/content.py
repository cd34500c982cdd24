"""What an article says, as one value, and why it may not be saved or published."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from common import letters, richtext
from common.errors import Reason

_WEB = ("https://", "http://")  # an address is printed as a link


@dataclass(frozen=True)
class Credit:
    """Who did what: ``role`` is a ``BylineRole``."""

    role: str
    name: str


@dataclass(frozen=True)
class KeptPicture:
    """A verified picture in the store: the name of its folder, the SHA-256 of the
    uploaded file, the size of its largest rendition."""

    key: str
    sha256: str
    width: int
    height: int


@dataclass(frozen=True)
class PhotoWords:
    """One picture of a version and what is said about it."""

    picture: KeptPicture
    caption: str = ""
    credit: str = ""
    alt: str = ""
    is_decorative: bool = False


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


def content_reasons(content: Content) -> list[Reason]:
    """Every ground on which this content may not be saved (domain.md N1)."""
    reasons = []
    if not letters.line(content.title):
        reasons.append(Reason("title_missing", _("请填写标题"), field="title"))
    if content.is_reprint and not content.source_name.strip():
        text = _("转载的文章请填写来源")
        reasons.append(Reason("source_missing", text, field="source_name"))
    if content.source_url and not content.source_url.startswith(_WEB):
        text = _("原文网址须以 http:// 或 https:// 开头")
        reasons.append(Reason("source_url_malformed", text, field="source_url"))
    if any(
        not photo.is_decorative and not photo.alt.strip() for photo in content.photos
    ):
        text = _("请为每张照片填写画面描述，或勾选“仅作装饰”")
        reasons.append(Reason("photo_undescribed", text, field="photos"))
    keys = [photo.picture.key for photo in content.photos]
    if len(set(keys)) < len(keys):
        text = _("同一张照片不能添加两次")
        reasons.append(Reason("photo_twice", text, field="photos"))
    too_long = richtext.length_reasons(content.body, "body")
    reasons += too_long
    if not too_long and set(richtext.pictures(content.body)) - set(keys):
        text = _("正文中有不属于本稿件的照片，请删去，或先在“照片”中添加再插入")
        reasons.append(Reason("picture_unknown", text, field="body"))
    return reasons


def empty_reasons(content: Content) -> list[Reason]:
    """Why this stored content may not be published: pictures pasted from elsewhere are
    not kept, and an article of nothing else would be a title alone."""
    if content.photos or richtext.plain(content.body, 1):
        return []
    text = _("正文是空的，请填写正文或添加照片后再发布")
    return [Reason("body_empty", text, field="body")]
