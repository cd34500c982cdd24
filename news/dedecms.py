"""The articles of a DedeCMS site, out of a dump of its database.

``archives`` holds the heads, ``addonarticle`` the texts, ``arctype`` the columns, in any
order and behind any prefix. They are laid aside in a file of their own (SQLite, gone
with the process) and put together there, so that memory does not grow with the site.
"""

import json
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import BinaryIO

from django.utils.translation import gettext as _

from common import letters
from common.errors import Reason, Refusal
from news import sqldump
from news.enums import BylineRole
from news.oldarticles import OldArticle

_TABLE = re.compile(r"(?:(\w+)_)?(archives|addonarticle|arctype)")
_ARTICLE = "1"  # the kind (channel) of ordinary articles
_NOBODY = {"", "admin", "administrator", "未知", "佚名", "本站", "网站管理员"}
_NOWHERE = {"", "未知", "本站", "本站原创", "原创", "网络", "互联网"}
# #p#小标题#e# parts an article into pages; its own word stands where nobody wrote one
_PAGE = re.compile(r"(?:<p>\s*+)?#p#([^#<]{0,100})#e#(?:\s*+</p>)?")
_PAGE_TITLES = {"", "分页标题", "副标题"}


class _Wanted:
    """The tables of one site, whatever their prefix. Two sites in one dump are one too
    many: which is meant, nobody but its owner knows."""

    def __init__(self, prefix: str | None):
        self.prefix = prefix
        self.seen: set[str] = set()

    def __contains__(self, table: str) -> bool:
        found = _TABLE.fullmatch(table)
        if found is None:
            return False
        prefix = found[1] or ""
        self.seen.add(prefix)
        return self.prefix is None or prefix == self.prefix

    def check(self) -> None:
        if self.prefix is None and len(self.seen) > 1:
            text = _("文件中有几个网站的表（%(names)s），请用--prefix指明一个")
            names = "、".join(sorted(self.seen))
            raise Refusal(Reason("prefix_unclear", text % {"names": names}))


def articles(file: BinaryIO, *, prefix: str | None = None) -> Iterator[OldArticle]:
    """Every article of the dump, by its number; nothing is handed out before the whole
    dump was read. ``prefix`` as in ``dede_archives``: ``dede``.

    Raises Damaged for a dump that is not whole, Refusal where it holds no articles or
    those of several sites.
    """
    wanted = _Wanted(prefix)
    with tempfile.NamedTemporaryFile(prefix="articles-", suffix=".sqlite") as place:
        store = sqlite3.connect(place.name)
        try:
            _lay_aside(store, sqldump.rows(file, wanted))
            wanted.check()
            if store.execute("SELECT 1 FROM head LIMIT 1").fetchone() is None:
                text = _("文件中没有DedeCMS的文章（archives表是空的，或没有这张表）")
                raise Refusal(Reason("no_articles", text))
            yield from _put_together(store)
        finally:
            store.close()


_HEAD = (
    *("id", "typeid", "channel", "arcrank", "title", "shorttitle", "writer", "source"),
    *("litpic", "pubdate", "senddate", "description"),
)


def _lay_aside(store, found) -> None:
    store.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        "CREATE TABLE head (number INTEGER, column_id, facts);"
        "CREATE TABLE body (id, body, leads_to);"
        "CREATE TABLE type (id, name);"
    )
    for row in found:
        values = row.values
        kind = _TABLE.fullmatch(row.table)[2]
        if kind == "archives":
            facts = {"line": row.line, **{name: values.get(name) for name in _HEAD}}
            number, column = values.get("id"), values.get("typeid")
            store.execute(
                "INSERT INTO head VALUES (?, ?, ?)", [number, column, json.dumps(facts)]
            )
        elif kind == "addonarticle":
            facts = [values.get(name) for name in ("aid", "body", "redirecturl")]
            store.execute("INSERT INTO body VALUES (?, ?, ?)", facts)
        else:
            facts = [values.get("id"), values.get("typename")]
            store.execute("INSERT INTO type VALUES (?, ?)", facts)
    store.executescript(
        "CREATE INDEX body_id ON body (id); CREATE INDEX type_id ON type (id);"
    )


def _put_together(store) -> Iterator[OldArticle]:
    cursor = store.execute(
        "SELECT facts, name, body, leads_to FROM head"
        " LEFT JOIN type ON type.id = column_id"
        " LEFT JOIN body ON body.id = CAST(number AS TEXT)"
        " ORDER BY number, head.rowid"
    )
    for facts, column, body, leads_to in cursor:
        yield _article(json.loads(facts), column, body, leads_to)


def _article(head: dict, column, body, leads_to) -> OldArticle:
    writer, source = _words(head["writer"]), _words(head["source"])
    at = _moment(head["pubdate"]) or _moment(head["senddate"])
    return OldArticle(
        line=head["line"],
        key=str(head["id"] or ""),
        title=_words(head["title"]),
        column=_words(column),
        published_at=at,
        source_name="" if source in _NOWHERE else source,
        summary=_words(head["description"])[:300],
        body=_pages(letters.seen(body or "")),
        bylines=()
        if writer.lower() in _NOBODY
        else ((str(BylineRole.AUTHOR), writer),),
        trouble=_not_public(head, leads_to) or _incomplete(column, body, at),
        was_public=not _not_public(head, leads_to),
    )


def _not_public(head, leads_to) -> str:
    rank = str(head["arcrank"] or "0")
    if str(head["channel"] or _ARTICLE) != _ARTICLE:
        return _("不是普通文章（图集、软件等），不导入")
    if rank.startswith("-"):
        return _("在旧站未审核或已删除，不导入")
    if rank != "0":
        return _("在旧站只有会员可见，不导入")
    if (leads_to or "").strip():
        return _("是跳转到别处的链接，没有正文，不导入")
    return ""


def _incomplete(column, body, at) -> str:
    if body is None:
        return _("文件中没有这一篇的正文")
    if column is None:
        return _("文件中没有这一篇的栏目")
    return "" if at else _("没有发布时间")


def _words(text) -> str:
    """One line of text, which DedeCMS keeps as HTML."""
    return letters.line(unescape(text or ""))


def _moment(seconds) -> datetime | None:
    """Unix seconds; what DedeCMS prints in +08:00 is the same moment."""
    text = str(seconds or "")
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**32:
        return None
    return datetime.fromtimestamp(int(text), UTC)


def _pages(body: str) -> str:
    def heading(found):
        title = found[1].strip()
        return "" if title in _PAGE_TITLES else f"<h2>{title}</h2>"

    return _PAGE.sub(heading, body)
