"""Articles of another site as they are handed over, whatever kind of file that was; and
the portal's own kind: JSON lines (docs/importing.md)."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from typing import BinaryIO

from django.utils.translation import gettext as _

from common import letters
from news.enums import BylineRole
from news.sqldump import Damaged

BEIJING = timezone(timedelta(hours=8))  # what old sites mean by a time without a zone
LONGEST_LINE = 4_000_000  # bytes
LONGEST_KEY = 100  # characters
MOST_PHOTOS = 200


@dataclass(frozen=True)
class OldPhoto:
    """A picture of the upload folder, by its path in it."""

    file: str
    caption: str = ""
    credit: str = ""
    alt: str = ""


@dataclass(frozen=True)
class OldArticle:
    """One article as the other site had it. ``line`` is where it stands in the file;
    ``trouble`` says why it cannot be brought in, "" where nothing is wrong;
    ``was_public`` is false where it is not to be, since nobody could read it there."""

    line: int
    key: str
    title: str = ""
    column: str = ""
    published_at: datetime | None = None
    subtitle: str = ""
    source_name: str = ""
    source_url: str = ""
    is_reprint: bool = False
    summary: str = ""
    editor_note: str = ""
    body: str = ""
    bylines: tuple[tuple[str, str], ...] = ()
    photos: tuple[OldPhoto, ...] = ()
    trouble: str = ""
    was_public: bool = True

    def digest(self, files: tuple[str, ...]) -> str:
        """SHA-256 of what was handed over, with the digests of its picture files: the
        same article again has the same."""
        facts = asdict(self) | {"files": files}
        del facts["line"], facts["trouble"], facts["was_public"]
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def from_json_lines(file: BinaryIO) -> Iterator[OldArticle]:
    """The articles of a file of JSON lines; nothing is handed out before the whole file
    was read once. Raises Damaged for a line that is no JSON object; what is wrong in
    one article is its ``trouble``."""
    for _object in _objects(file):
        pass
    for line, facts in _objects(file):
        yield _article(line, facts)


def _objects(file: BinaryIO) -> Iterator[tuple[int, dict]]:
    file.seek(0)
    line = 0
    while raw := file.readline(LONGEST_LINE + 1):
        line += 1
        if len(raw) > LONGEST_LINE:
            raise Damaged(line, _("这一行太长"))
        if not raw.strip():
            continue
        try:
            facts = json.loads(raw.decode("utf-8-sig" if line == 1 else "utf-8"))
        except (ValueError, RecursionError) as error:
            raise Damaged(line, _("不是完整的JSON")) from error
        if not isinstance(facts, dict):
            raise Damaged(line, _("不是一个JSON对象"))
        yield line, facts


_TEXTS = (
    *("title", "column", "subtitle", "source_name", "source_url"),
    *("summary", "editor_note", "body"),
)
_KNOWN = {*_TEXTS, "key", "published_at", "is_reprint", "bylines", "photos"}
_UNKNOWN = {"roles": "、".join(BylineRole.values)}


def _article(line: int, facts: dict) -> OldArticle:
    key = facts.get("key")
    key = str(key) if isinstance(key, str | int) and not isinstance(key, bool) else ""
    try:
        return OldArticle(line=line, key=key, **_facts(facts))
    except ValueError as error:
        title = facts.get("title")
        shown = title[:200] if isinstance(title, str) else ""
        return OldArticle(line=line, key=key, title=shown, trouble=str(error))


def _facts(facts: dict) -> dict:
    """The fields of an article. Raises ValueError with a sentence for people."""
    if unknown := sorted(facts.keys() - _KNOWN):
        raise ValueError(
            _("不认识的项目：%(names)s") % {"names": "、".join(unknown)[:200]}
        )
    for name in _TEXTS:
        if not isinstance(facts.get(name, ""), str):
            raise ValueError(_("%(name)s须为文字") % {"name": name})
    if not isinstance(facts.get("is_reprint", False), bool):
        raise ValueError(_("is_reprint须为true或false"))
    return {
        **{name: letters.seen(facts.get(name, "")) for name in _TEXTS},
        "is_reprint": facts.get("is_reprint", False),
        "published_at": _moment(facts.get("published_at")),
        "bylines": tuple(map(_byline, _list(facts, "bylines"))),
        "photos": tuple(map(_old_photo, _list(facts, "photos"))),
    }


def _list(facts: dict, name: str) -> list:
    found = facts.get(name, [])
    if not isinstance(found, list) or len(found) > MOST_PHOTOS:
        raise ValueError(_("%(name)s须为列表") % {"name": name})
    return found


def _moment(text) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise ValueError(_("published_at须如2018-06-01T08:30:00+08:00")) from error
    return at if at.tzinfo else at.replace(tzinfo=BEIJING)


def _byline(facts) -> tuple[str, str]:
    role, name = (
        (facts.get("role"), facts.get("name")) if isinstance(facts, dict) else (0, 0)
    )
    if role not in BylineRole.values or not isinstance(name, str):
        raise ValueError(_("bylines须写role（%(roles)s）和name") % _UNKNOWN)
    return role, name


def _old_photo(facts) -> OldPhoto:
    known = {"file", "caption", "credit", "alt"}
    is_right = isinstance(facts, dict) and facts.keys() <= known and facts.get("file")
    if not is_right or not all(isinstance(text, str) for text in facts.values()):
        raise ValueError(_("photos须写file，可写caption、credit、alt"))
    return OldPhoto(**{name: letters.seen(text) for name, text in facts.items()})
