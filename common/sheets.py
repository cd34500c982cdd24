"""Tables that people make by hand, read and written without trusting them.

Reading: XLSX, and CSV in every encoding an office program saves. How far a file may
unpack, how many rows and columns it may have, is bounded before anything is parsed.
Writing: no cell can become a formula, whatever somebody has put into their name.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import PatternFill

from common.errors import Reason, Refusal

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 64 * 1024 * 1024
MAX_PART = 16 * 1024 * 1024  # strings and styles are held in memory, sheets stream
MAX_PARTS = 2_000
MAX_ROWS = 30_000  # rows with something in them
MAX_LINES = 1_048_576  # rows of any kind: Excel's own limit
MAX_COLUMNS = 256
# An honest sheet packs five to forty times; a bomb a thousand times.
MAX_PACKING = 150
PACKING_MATTERS_FROM = 4 * 1024 * 1024

# An identity number in a cell that is formatted as a date: openpyxl warns, with the
# number in the sentence, and that would stand in the log.
warnings.filterwarnings("ignore", message="Cell .* is marked as a date")

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx behind a password

Row = tuple[int, tuple[Any, ...]]


def _no(code: str, text: str) -> Refusal:
    return Refusal(Reason(code, text, field="file"))


def _broken() -> Refusal:
    return _no("sheet_broken", _("打不开这个文件，可能已损坏，请换一个"))


def _too_big() -> Refusal:
    return _no("sheet_too_big", _("文件展开后过大，请删除多余内容后重新保存再上传"))


@dataclass(frozen=True)
class Table:
    """A file that can be opened. ``sheets`` are the visible ones, in their order;
    ``hidden`` names those that are passed over. ``encoding`` is empty for XLSX;
    ``damaged`` counts the characters that no encoding explains."""

    sheets: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    encoding: str = ""
    damaged: int = 0
    content: bytes = field(default=b"", repr=False)
    text: str = field(default="", repr=False)

    def rows(self, sheet: str) -> Iterator[Row]:
        """(line as the office program counts it, values) of each row that is not blank.

        Lazily, so that memory does not grow with the rows. Raises Refusal on a broken
        file, and past the limits.
        """
        lines = self._text_lines() if self.encoding else self._book_lines(sheet)
        filled = 0
        for line, values in enumerate(lines, start=1):
            if line > MAX_LINES:
                raise _too_big()
            if len(values) > MAX_COLUMNS:
                text = _("第%(line)d行超过%(n)d列，请删除右侧多余的列后重新上传")
                raise _no("sheet_too_wide", text % {"line": line, "n": MAX_COLUMNS})
            if all(value is None or value == "" for value in values):
                continue
            filled += 1
            if filled > MAX_ROWS:
                text = _("超过%(n)d行，请分成几个文件上传") % {"n": MAX_ROWS}
                raise _no("sheet_too_long", text)
            yield line, tuple(values)

    def _book_lines(self, sheet):
        with _book(self.content) as book:
            page = book[sheet]
            page.reset_dimensions()  # what a sheet says of its size may be anything
            yield from page.iter_rows(values_only=True, max_row=MAX_LINES)

    def _text_lines(self):
        try:
            yield from csv.reader(
                io.StringIO(self.text, newline=""), delimiter=_delimiter(self.text)
            )
        except csv.Error as error:
            raise _broken() from error


@contextmanager
def _book(content: bytes):
    """The workbook, closed again. openpyxl answers a malformed file with whatever its
    parsing ran into, so every exception in here means: this file is broken."""
    book = None
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        yield book
    except (Refusal, GeneratorExit):
        raise
    except Exception as error:
        raise _broken() from error
    finally:
        if book is not None:
            book.close()


def read(content: bytes) -> Table:
    """What kind of table this is, by its content and not by its name.

    Raises Refusal: empty, too big, an old .xls, broken, or neither XLSX nor text.
    """
    if not content.strip():
        raise _no("sheet_empty", _("文件是空的，请换一个"))
    if len(content) > MAX_BYTES:
        sizes = {"most": MAX_BYTES >> 20, "now": f"{len(content) / (1 << 20):.1f}"}
        text = _("文件不能超过%(most)dMB，这个是%(now)sMB") % sizes
        raise _no("sheet_too_big", text)
    if content.startswith(_OLE):
        text = _(
            "这是旧版Excel（.xls）或加了密码的文件，请另存为不加密码的.xlsx后再上传"
        )
        raise _no("sheet_old", text)
    return _read_book(content) if content.startswith(_ZIP) else _read_text(content)


def _read_book(content: bytes) -> Table:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _broken() from error
    # A part never unpacks to more than the directory says: zipfile stops there.
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _too_big()
    for part in parts:
        is_big = part.file_size > PACKING_MATTERS_FROM
        is_bomb = part.file_size > MAX_PACKING * max(part.compress_size, 1)
        is_held = not part.filename.startswith("xl/worksheets/")
        if (is_big and is_bomb) or (is_held and part.file_size > MAX_PART):
            raise _too_big()
    visible, hidden = [], []
    with _book(content) as book:
        for page in book.worksheets:
            shown = page.sheet_state == "visible"
            (visible if shown else hidden).append(page.title)
    if not visible:
        raise _no("sheet_empty", _("文件里没有可见的工作表，请换一个"))
    return Table(tuple(visible), tuple(hidden), content=content)


# --- text ------------------------------------------------------------------------

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),  # Excel's “Unicode text”
    (b"\xfe\xff", "utf-16"),
)
LOST = "\ufffd"


def _read_text(content: bytes) -> Table:
    text, encoding = decode(content)
    if "\0" in text:
        raise _no("sheet_unknown", _("不是Excel（.xlsx）或CSV文件，请另存后再上传"))
    return Table(("CSV",), encoding=encoding, damaged=text.count(LOST), text=text)


def decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding. A few bytes that fit nowhere become U+FFFD, so that
    the rows they stand in can be told; a file full of them is refused."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _bearable(content, encoding), encoding
    for encoding in ("utf-8", "gb18030"):  # GBK is the beginning of GB18030
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    lost = {e: content.decode(e, "replace").count(LOST) for e in ("utf-8", "gb18030")}
    encoding = min(lost, key=lost.get)
    return _bearable(content, encoding), encoding


def _bearable(content: bytes, encoding: str) -> str:
    text = content.decode(encoding, "replace")
    if text.count(LOST) * 20 > len(text):
        raise _no("sheet_unknown", _("不是Excel（.xlsx）或CSV文件，请另存后再上传"))
    return text


def _delimiter(text: str) -> str:
    head = text[:20_000]
    return max(",\t;", key=head.count)


# --- writing ---------------------------------------------------------------------

_BEGINS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_RED = PatternFill("solid", start_color="FFC7CE")
_YELLOW = PatternFill("solid", start_color="FFEB9C")
_HEAD = PatternFill("solid", start_color="E7E6E6")
FILLS = {"red": _RED, "yellow": _YELLOW, "head": _HEAD}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with a colour: ``red``, ``yellow`` or ``head``."""

    value: str
    fill: str


def to_xlsx(
    rows: Iterable[Sequence[Any]], *, title: str, widths: Sequence[int] = ()
) -> bytes:
    """An XLSX file of one sheet. Every cell is typed as a string, so that nothing in
    it is ever reckoned; a cell may be a ``Cell``."""
    book = Workbook(write_only=True)
    page = book.create_sheet(title[:31])
    for number, width in enumerate(widths):
        page.column_dimensions[chr(ord("A") + number)].width = width
    for row in rows:
        page.append([string(page, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def string(page, value):
    """A cell of ``page`` that is never reckoned, whatever stands in it."""
    fill = None
    if isinstance(value, Cell):
        value, fill = value.value, FILLS[value.fill]
    text = ILLEGAL_CHARACTERS_RE.sub("", "" if value is None else str(value))
    cell = WriteOnlyCell(page, value=text)
    cell.data_type = "s"
    if fill is not None:
        cell.fill = fill
    return cell


def to_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with BOM, as Excel opens it rightly. A cell that an office program would
    take for a formula begins with ``'``."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        values = [v.value if isinstance(v, Cell) else v for v in row]
        writer.writerow(["" if v is None else harmless(str(v)) for v in values])
    return out.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """``text`` as a CSV cell that is never a formula."""
    return "'" + text if text.startswith(_BEGINS_A_FORMULA) else text
