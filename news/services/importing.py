"""Articles of the site before this one: brought in as what they are, published there
before, by a named person and on a stated ground; nobody reviews them a second time.

Lock order: the turn of the source, then Article.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import history, images, letters, markup, pagecache, richtext
from common.errors import Reason, Refusal
from common.picturestore import Kept
from common.services import in_turn
from members.models import User
from news.content import (
    Content,
    Credit,
    PhotoWords,
    content_reasons,
    empty_reasons,
    unready_reasons,
)
from news.ledgers import ImportedArticle
from news.models import Article, ArticlePhoto, ArticleVersion, Byline, Column
from news.oldarticles import LONGEST_KEY, MOST_PHOTOS, OldArticle, OldPhoto
from news.querysets import FIRST_YEAR
from news.services.pictures import keep_picture
from news.services.publishing import file_version
from news.services.versions import add_version, cleaned, refuse

AT_ONCE = 50  # articles of one transaction

NEW, CHANGED, SAME = "new", "changed", "unchanged"
KEPT, SKIPPED, REFUSED = "kept", "skipped", "refused"


@dataclass
class Outcome:
    """What became of one article of the file. ``result``: new, changed, unchanged, kept
    (ours was edited since, and stays), skipped (was not public there), refused."""

    line: int
    key: str
    title: str
    result: str = NEW
    notes: list[str] = field(default_factory=list)
    pictures: int = 0
    article: int | None = None


@dataclass
class _Run:
    source: str
    reason: str
    by: User | None
    uploads: Path | None
    names: Mapping[str, str]
    is_dry: bool
    columns: dict[str, Column] = field(default_factory=dict)


def check_importer(who: User | None, source: str, reason: str) -> None:
    """Raises Refusal unless this person may bring articles in, and source and ground
    are said."""
    reasons = []
    if who is None or not who.is_active or not who.has_perm("news.import_articles"):
        text = _("请用--by写明导入人的手机号，其账号须有“导入旧站文章”的权限")
        reasons.append(Reason("no_right", text))
    for code, text, most in [("source", source, 40), ("reason", reason, 200)]:
        if not 0 < len(letters.line(text)) <= most:
            said = _("请用--%(name)s写明，最多%(n)d个字")
            reasons.append(Reason(f"{code}_missing", said % {"name": code, "n": most}))
    refuse(reasons)


def import_articles(
    *,
    articles: Iterable[OldArticle],
    source: str,
    importer: User | None,
    reason: str,
    uploads: Path | None = None,
    columns: Mapping[str, str] | None = None,
    is_dry: bool = False,
) -> Iterator[Outcome]:
    """Bring articles in, a few in one transaction; what became of each, in their order.

    ``source`` and an article's key name it for good: again, it is unchanged, or a new
    version where the other site's has changed and ours was not edited since.
    ``uploads`` is the folder of the other site's files, ``columns`` what its columns
    are called here; a column that is not there is made. ``is_dry`` changes nothing.
    A bad article is reported and passed over. Raises Refusal as ``check_importer``.
    """
    if not is_dry:
        check_importer(importer, source, reason)
    run = _Run(
        source=letters.line(source),
        reason=letters.line(reason),
        by=importer,
        uploads=uploads.resolve() if uploads else None,
        names=columns or {},
        is_dry=is_dry,
    )
    waiting = iter(articles)
    while batch := list(islice(waiting, AT_ONCE)):
        yield from _rehearse(run, batch) if is_dry else _batch(run, batch, by=importer)


def _rehearse(run: _Run, batch) -> list[Outcome]:
    return [_one(run, old) for old in batch]


@transaction.atomic
@pagecache.publishes
@history.on_record
def _batch(run: _Run, batch: Iterable[OldArticle], *, by: User | None) -> list[Outcome]:
    with in_turn(f"import_articles {run.source}"):
        return [_one(run, old) for old in batch]


def _one(run: _Run, old: OldArticle) -> Outcome:
    """Each stands alone: what is refused leaves the others be."""
    outcome = Outcome(old.line, letters.line(old.key)[:LONGEST_KEY], old.title[:200])
    if old.trouble:
        outcome.result = REFUSED if old.was_public else SKIPPED
        outcome.notes.append(old.trouble)
        return outcome
    try:
        with transaction.atomic():
            _bring_in(run, old, outcome)
    except Refusal as refusal:
        outcome.result, outcome.article = REFUSED, None
        outcome.notes = [str(reason) for reason in refusal.reasons]
    return outcome


def _bring_in(run: _Run, old: OldArticle, outcome: Outcome) -> None:
    refuse(_place_reasons(run, old))
    pictures = _Pictures(run.uploads, old)
    body = pictures.drawn(old.body)
    digest = old.digest(tuple(sorted(pictures.files)))
    kept = (
        ImportedArticle.objects.filter(source=run.source, external_key=outcome.key)
        .select_related("article", "version")
        .first()
    )
    if kept is not None:
        outcome.article = kept.article_id
        outcome.result = CHANGED
        if kept.row_sha256 == digest:
            outcome.result = SAME
            return
        if why := _why_ours_stays(kept):
            outcome.result = KEPT
            outcome.notes.append(why)
            return
    content = pictures.content(old, body, of=kept, is_dry=run.is_dry)
    outcome.pictures = len(content.photos)
    outcome.notes += pictures.notes()
    grounds = content_reasons(content) + unready_reasons(content)
    refuse(grounds or empty_reasons(cleaned(content)))
    column = _column(run, old, outcome)
    if not run.is_dry:
        _file(run, old, content, column, digest, kept, outcome)


def _place_reasons(run: _Run, old: OldArticle) -> list[Reason]:
    reasons = []
    if not 0 < len(letters.line(old.key)) <= LONGEST_KEY:
        text = _("原编号（key）须有，最多%(n)d个字") % {"n": LONGEST_KEY}
        reasons.append(Reason("key_missing", text))
    name = _name_here(run, old)
    most = _longest(Column, "name")
    if not 0 < len(name) <= most:
        text = _("栏目“%(name)s”须有名称，最多%(n)d个字，可用--column改名")
        said = text % {"name": name[:40], "n": most}
        reasons.append(Reason("column_unfit", said))
    at = old.published_at
    if at is None or at.year < FIRST_YEAR or at > timezone.now():
        text = _("发布时间须在%(year)d年以后、现在以前") % {"year": FIRST_YEAR}
        reasons.append(Reason("time_unfit", text))
    for model, name, values in _TEXTS:
        most = _longest(model, name)
        if any(len(text) > most for text in values(old)):
            label = model._meta.get_field(name).verbose_name
            text = _("%(name)s超过%(n)d个字") % {"name": label, "n": most}
            reasons.append(Reason("text_too_long", text))
    return reasons


_TEXTS: list[tuple[type, str, Callable[[OldArticle], Iterable[str]]]] = [
    (ArticleVersion, "title", lambda old: [old.title]),
    (ArticleVersion, "subtitle", lambda old: [old.subtitle]),
    (ArticleVersion, "source_name", lambda old: [old.source_name]),
    (ArticleVersion, "source_url", lambda old: [old.source_url]),
    (ArticleVersion, "summary", lambda old: [old.summary]),
    (Byline, "name", lambda old: [name for _role, name in old.bylines]),
    (ArticlePhoto, "caption", lambda old: [photo.caption for photo in old.photos]),
    (ArticlePhoto, "credit", lambda old: [photo.credit for photo in old.photos]),
    (ArticlePhoto, "alt", lambda old: [photo.alt for photo in old.photos]),
]


def _longest(model, name: str) -> int:
    return model._meta.get_field(name).max_length


def _why_ours_stays(kept: ImportedArticle) -> str:
    if kept.article.withdrawn_at is not None:
        return _("旧站的稿件有改动，但本站已撤稿，保持撤稿")
    if ArticleVersion.objects.newest_of(kept.article) != kept.version:
        return _("旧站的稿件有改动，但导入后本站也改过，保留本站的")
    return ""


def _name_here(run: _Run, old: OldArticle) -> str:
    name = letters.line(old.column)
    return letters.line(run.names.get(name, name))


def _column(run: _Run, old: OldArticle, outcome: Outcome) -> Column | None:
    """The column of this name; a new one stands in no menu. None in a dry run where
    there is none yet."""
    name = _name_here(run, old)
    if name not in run.columns:
        found = Column.objects.filter(name=name).first()
        if found is None:
            outcome.notes.append(_("新建栏目“%(name)s”") % {"name": name})
            if run.is_dry:
                return None
            return Column.objects.create(name=name)
        run.columns[name] = found
    return run.columns[name]


def _file(run, old, content, column, digest, kept, outcome) -> None:
    at = old.published_at
    if kept is None:
        article = Article.objects.create(column=column, publish_at=at)
        number = 1
    else:
        article = Article.objects.select_for_update().get(pk=kept.article_id)
        number = kept.version.number + 1
    version = add_version(article, content, number=number, author=run.by)
    file_version(version=version, by=run.by, at=at, reason=run.reason)
    facts = {
        "version": version,
        "row_sha256": digest,
        "by": run.by,
        "reason": run.reason,
    }
    ImportedArticle.objects.update_or_create(
        source=run.source,
        external_key=outcome.key,
        defaults=facts,
        create_defaults=facts | {"article": article},
    )
    outcome.article = article.pk


# --- pictures ---------------------------------------------------------------------------

_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "ul", "ol", "li", "blockquote"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption"),
    *("b", "strong", "i", "em", "u", "s", "sub", "sup", "br", "hr", "a", "img"),
}
_ATTRIBUTES = {
    "img": {"src", "alt", "title"},
    "a": {"href", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}


class _Pictures:
    """The pictures of one article: found in the upload folder by their addresses, each
    file once, in the order of the text."""

    def __init__(self, uploads: Path | None, old: OldArticle):
        self.uploads = uploads
        self.files: dict[str, Path] = {}  # SHA-256 → file
        self.words: dict[str, OldPhoto] = {}
        self.missing = self.bad = self.dead_links = self.wordless = 0
        for photo in old.photos:
            if name := self._named(photo.file):
                self.words.setdefault(name, photo)
            else:
                self.missing += 1

    def drawn(self, body: str) -> str:
        """The text with the pictures that were found, each called by its SHA-256."""
        if len(body) > richtext.LONGEST:
            return body  # is refused
        root = markup.tree(markup.tamed(body, _TAGS, _ATTRIBUTES))
        for node in list(root.walk()):
            if node.tag == "img":
                self._draw(node)
            elif node.tag == "a" and not richtext.address(
                node.attributes.get("href", "")
            ):
                self.dead_links += bool(node.text.strip())
                node.tag, node.attributes = "", {}  # the words alone
        return root.html()

    def _draw(self, node: markup.Node) -> None:
        name = self._named(node.attributes.get("src", ""))
        if not name:
            self.missing += 1
            node.tag, node.attributes, node.children = "", {}, []
            return
        said = node.attributes.get("alt", "") or node.attributes.get("title", "")
        words = self.words.get(name) or OldPhoto(file=name)
        if not words.alt:
            words = replace(
                words, alt=letters.line(said)[: _longest(ArticlePhoto, "alt")]
            )
        self.words[name] = words
        node.attributes = {"data-file": name}

    def _named(self, address: str) -> str:
        """The SHA-256 of the file that an address means, "" where there is none."""
        path = self._path(address)
        if path is None or len(self.files) >= MOST_PHOTOS:
            return ""
        try:
            if path.stat().st_size > images.MAX_BYTES:
                return ""
            name = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            return ""
        self.files.setdefault(name, path)
        return name

    def _path(self, address: str) -> Path | None:
        """A file inside the folder, never one outside of it, whatever the address says.
        The folder may be that of the site, ``uploads`` itself or one below it."""
        try:
            parts = [
                part
                for part in unquote(urlsplit(address.strip()).path).split("/")
                if part not in ("", ".")
            ]
        except ValueError:
            return None
        if self.uploads is None or not parts or "\0" in address or "%00" in address:
            return None
        for skipped in range(min(len(parts), 3)):
            path = self.uploads.joinpath(*parts[skipped:])
            try:
                path = path.resolve()
                if path.is_relative_to(self.uploads) and path.is_file():
                    return path
            except (OSError, RuntimeError):
                return None
        return None

    def content(self, old: OldArticle, body: str, *, of, is_dry: bool) -> Content:
        """The article as it is stored, its pictures kept; those that the last import
        kept are used again."""
        held = {photo.sha256: photo for photo in of.version.photos.all()} if of else {}
        photos, keys = [], {}
        for number, (name, words) in enumerate(self.words.items(), start=1):
            picture = self._keep(name, held.get(name), is_dry)
            if picture is None:
                continue
            keys[name] = picture.key
            alt = words.alt
            if not alt:
                self.wordless += 1
                said = {"title": letters.line(old.title)[:60], "n": number}
                alt = _("《%(title)s》配图%(n)d") % said
            photos.append(PhotoWords(picture, words.caption, words.credit, alt))
        for name in self.words:
            body = body.replace(
                f'data-file="{name}"', f'data-file="{keys.get(name, "")}"'
            )
        body = body.replace('<img data-file="">', "")
        return Content(
            title=old.title,
            subtitle=old.subtitle,
            is_reprint=old.is_reprint,
            source_name=old.source_name,
            source_url=old.source_url,
            summary=old.summary,
            editor_note=old.editor_note,
            body=body,
            bylines=tuple(Credit(role, name) for role, name in old.bylines),
            photos=tuple(photos),
        )

    def _keep(self, name: str, held: ArticlePhoto | None, is_dry: bool) -> Kept | None:
        if held is not None:
            return Kept(held.key, held.sha256, held.width, held.height)
        try:
            with self.files[name].open("rb") as file:
                upload = File(file, name="picture")
                if is_dry:
                    picture = images.read(upload)
                    return Kept(name[:32], name, picture.width, picture.height)
                return keep_picture(upload)
        except (Refusal, OSError):
            self.bad += 1
            return None

    def notes(self) -> list[str]:
        counts = Counter(
            {
                _("%(n)d张图片在上传目录中找不到"): self.missing,
                _("%(n)d张图片不能读取"): self.bad,
                _("%(n)d张图片没有画面描述，暂以标题代替"): self.wordless,
                _("%(n)d个链接指向旧站内部，只保留文字"): self.dead_links,
            }
        )
        return [text % {"n": n} for text, n in counts.items() if n]
