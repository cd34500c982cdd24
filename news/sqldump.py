"""The rows of a MySQL dump, read as a stream: statements are taken apart, never run.

A dump is damaged when a statement has no end, a row does not have as many values as its
table has columns, bytes fit no encoding, or the line with which ``mysqldump`` says that
it has finished is missing. Then ``Damaged`` names the line. How long a value may be is
bounded (``LONGEST``), and so is what is kept in memory.
"""

import codecs
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from common.errors import Reason, Refusal

LONGEST = 8_000_000  # characters of one value
MOST_COLUMNS = 500
_CHUNK = 1 << 16


class Damaged(Refusal):
    """The file is not whole; ``line`` is where that was seen."""

    def __init__(self, line: int, text: str):
        self.line = line
        said = _("第%(line)d行：%(text)s。文件可能不完整，请重新导出；没有导入任何内容")
        super().__init__(Reason("file_damaged", said % {"line": line, "text": text}))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: ``values`` by the names of its columns, NULL as None."""

    table: str
    line: int
    values: dict[str, str | None]


# Every quantifier is possessive: nothing is read twice.
_TOKEN = re.compile(
    r"(?P<blank>\s++)"
    r"|(?P<comment>--(?=[\s]|\Z)[^\n]*+\n?|\#[^\n]*+\n?|/\*(?:[^*]++|\*(?!/))*+\*/)"
    r"|'(?P<single>(?:[^'\\]++|\\.|'')*+)'"
    r"|\"(?P<double>(?:[^\"\\]++|\\.|\"\")*+)\""
    r"|`(?P<name>(?:[^`]++|``)*+)`"
    r"|(?P<hex>0x[0-9a-fA-F]++)"
    r"|(?P<word>[\w.$+@:-]++)"
    r"|(?P<mark>.)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)|''|\"\"", re.DOTALL)
_ESCAPED = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a"}
_NAMES = re.compile(rb"SET NAMES\s+'?(\w+)", re.IGNORECASE)
_BYTES = {b"latin1", b"binary"}
_BEGUN = "-- MySQL dump", "-- MariaDB dump"
_ENDED = "-- Dump completed"


def encoding_of(file: BinaryIO) -> tuple[str, bool]:
    """How the texts of a dump are spelled, by reading it once: UTF-8 or GB18030, of
    which GBK is the beginning; and whether it was written byte by byte (``latin1``),
    so that it must be taken apart as bytes. Raises Damaged."""
    file.seek(0)
    decoders = {
        name: codecs.getincrementaldecoder(name)() for name in ("utf-8", "gb18030")
    }
    said, line, failed = None, 1, 1
    while chunk := file.read(_CHUNK):
        said = said or _NAMES.search(chunk)
        for name, decoder in list(decoders.items()):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                failed = line + chunk[: max(error.start, 0)].count(b"\n")
                del decoders[name]
        if not decoders:
            break
        line += chunk.count(b"\n")
    for name, decoder in list(decoders.items()):
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            failed = line
            del decoders[name]
    file.seek(0)
    is_bytes = said is not None and said[1].lower() in _BYTES
    if not decoders:
        raise Damaged(failed, _("既不是UTF-8也不是GBK编码"))
    return next(iter(decoders)), is_bytes


def rows(file: BinaryIO, wanted: Container[str]) -> Iterator[Row]:
    """Every row that a dump inserts into one of the ``wanted`` tables (asked by ``in``),
    in their order. Memory does not grow with the file. Raises Damaged."""
    encoding, is_bytes = encoding_of(file)
    tokens = _Tokens(file, "latin-1" if is_bytes else encoding)
    columns: dict[str, list[str]] = {}

    def text(value):
        if value is None or not is_bytes:
            return value
        try:
            return value.encode("latin-1").decode(encoding)
        except UnicodeDecodeError as error:
            raise Damaged(tokens.line, _("既不是UTF-8也不是GBK编码")) from error

    for kind, word in tokens:
        verb = word.upper() if kind == "word" else ""
        if verb == "CREATE":
            _learn(tokens, columns, wanted)
        elif verb in ("INSERT", "REPLACE"):
            for row in _inserted(tokens, columns, wanted):
                values = {name: text(value) for name, value in row.values.items()}
                yield Row(row.table, row.line, values)
        elif (kind, word) != ("mark", ";"):
            tokens.to_end()
    if tokens.is_mysqldump and not tokens.is_completed:
        raise Damaged(tokens.line, _("缺少mysqldump写在末尾的“Dump completed”一行"))


class _Tokens:
    """(kind, text) of each token but blanks and comments; ``kind`` is ``text`` for a
    string, ``name``, ``word``, ``hex`` or ``mark``."""

    def __init__(self, file: BinaryIO, encoding: str):
        self.file = file
        self.decoder = codecs.getincrementaldecoder(encoding)()
        self.held, self.at, self.is_over = "", 0, False
        self.line = 1
        self.is_mysqldump = self.is_completed = False

    def __iter__(self):
        return self

    def __next__(self) -> tuple[str, str]:
        while True:
            found = _TOKEN.match(self.held, self.at)
            # what touches the end of what was read may go on after it
            if found is None or found.end() == len(self.held) or self._is_open(found):
                if self._read_on():
                    continue
                if found is None:
                    raise StopIteration
                if self._is_open(found):
                    raise self.damaged(_("引号或注释没有结束"))
            kind, word = found.lastgroup, found[found.lastgroup]
            self.at = found.end()
            self.line += found[0].count("\n")
            if kind == "comment":
                self.is_mysqldump |= word.startswith(_BEGUN)
                self.is_completed |= word.startswith(_ENDED)
            elif kind in ("single", "double"):
                return "text", _plain(word)
            elif kind == "name":
                return "name", word.replace("``", "`")
            elif kind != "blank":
                return kind, word

    def _is_open(self, found) -> bool:
        """A quote that was not closed, the beginning of a comment."""
        if found.lastgroup != "mark":
            return False
        return found["mark"] in "'\"`" or self.held.startswith("/*", found.start())

    def _read_on(self) -> bool:
        """Hold more of the file; whether there was any."""
        if self.is_over:
            return False
        self.held, self.at = self.held[self.at :], 0
        if len(self.held) > LONGEST:
            raise self.damaged(_("引号没有结束，或内容过长"))
        chunk = self.file.read(max(_CHUNK, len(self.held)))
        self.is_over = not chunk
        self.held += self.decoder.decode(chunk, final=self.is_over)
        return True

    def to_end(self) -> None:
        """Pass over the rest of a statement."""
        for token in self:
            if token == ("mark", ";"):
                return
        raise self.damaged(_("语句没有结束"))

    def need(self) -> tuple[str, str]:
        """The next token of a statement that has not ended."""
        for token in self:
            return token
        raise self.damaged(_("语句没有结束"))

    def damaged(self, text: str) -> Damaged:
        return Damaged(self.line, text)


def _plain(word: str) -> str:
    if "\\" not in word and "''" not in word and '""' not in word:
        return word
    return _ESCAPE.sub(
        lambda found: _ESCAPED.get(found[1], found[1]) if found[1] else found[0][0],
        word,
    )


def _table(tokens: _Tokens) -> tuple[str, tuple[str, str]]:
    """The name of a table without its database, and the token after it."""
    kind, word = tokens.need()
    following = tokens.need()
    if following == ("word", "."):
        kind, word = tokens.need()
        following = tokens.need()
    return word.rpartition(".")[2] if kind == "word" else word, following


def _learn(tokens: _Tokens, columns, wanted) -> None:
    """The columns of a table from its definition."""
    kind, word = tokens.need()
    if kind != "word" or word.upper() != "TABLE":
        if (kind, word) != ("mark", ";"):
            tokens.to_end()
        return
    table, token = _table(tokens)
    while token[1].upper() in ("IF", "NOT", "EXISTS") or table.upper() == "IF":
        if token[1].upper() == "EXISTS":
            table, token = _table(tokens)
        else:
            table, token = "", tokens.need()
    depth, names, before = 0, [], token
    while token != ("mark", ";"):
        if token == ("mark", "("):
            depth += 1
        elif token == ("mark", ")"):
            depth -= 1
        elif depth == 1 and token[0] == "name" and before[1] in ("(", ","):
            names.append(token[1].lower())
        before, token = token, tokens.need()
    if table in wanted:
        columns[table] = names[:MOST_COLUMNS]


def _inserted(tokens: _Tokens, columns, wanted) -> Iterator[Row]:
    token = tokens.need()
    while token[0] == "word" and token[1].upper() in (
        *("IGNORE", "DELAYED", "LOW_PRIORITY", "HIGH_PRIORITY"),
        "INTO",
    ):
        if token[1].upper() == "INTO":
            break
        token = tokens.need()
    if token[1].upper() != "INTO":
        tokens.to_end()
        return
    table, token = _table(tokens)
    if table not in wanted:
        if token != ("mark", ";"):
            tokens.to_end()
        return
    names = columns.get(table, [])
    if token == ("mark", "("):
        names, token = [], tokens.need()
        while token != ("mark", ")"):
            if token[0] in ("name", "word"):
                names.append(token[1].lower())
            if len(names) > MOST_COLUMNS:
                raise tokens.damaged(_("列太多"))
            token = tokens.need()
        token = tokens.need()
    if token[1].upper() not in ("VALUES", "VALUE"):
        raise tokens.damaged(_("INSERT语句没有VALUES"))
    if not names:
        raise tokens.damaged(_("没有表%(table)s的结构") % {"table": table})
    token = tokens.need()
    while token != ("mark", ";"):
        if token == ("mark", "("):
            line = tokens.line
            values = _values(tokens, len(names))
            yield Row(table, line, dict(zip(names, values, strict=True)))
        elif token != ("mark", ","):
            raise tokens.damaged(_("两行数据之间有多余的内容"))
        token = tokens.need()


def _values(tokens: _Tokens, number: int) -> list[str | None]:
    """The values of one row, up to its closing bracket."""
    values, is_due = [], True
    while True:
        kind, word = tokens.need()
        if (kind, word) == ("mark", ")") or (kind, word) == ("mark", ","):
            if is_due:
                raise tokens.damaged(_("缺少一个值"))
            is_due = True
            if word == ")":
                break
        elif kind == "word" and word.startswith("_"):
            continue  # _binary, _utf8mb4: how the text that follows is spelled
        elif not is_due or kind in ("mark", "name"):
            raise tokens.damaged(_("一行数据写得不对"))
        else:
            if kind == "hex":
                word = bytes.fromhex(
                    word[2:].zfill(len(word[2:]) + len(word) % 2)
                ).decode("utf-8", "replace")
            is_null = kind == "word" and word.upper() == "NULL"
            values.append(None if is_null else word)
            is_due = False
        if len(values) > number:
            break
    if len(values) != number:
        said = _("一行有%(n)d个值，应为%(of)d个")
        raise tokens.damaged(said % {"n": len(values), "of": number})
    return values
