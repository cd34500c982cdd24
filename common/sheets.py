"""Tables that people make by hand, read and written without trusting them.

Reading: XLSX (``workbooks``), and CSV in every encoding an office program saves; any
other kind of file is named, with what to do. How far a file may unpack, how many rows,
columns and cells it may have, is bounded.
Writing: no cell can become a formula, whatever somebody has put into their name.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import PatternFill

from common import numerals, workbooks
from common.workbooks import MAX_COLUMNS, broken, no, save_anew, too_wide

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 30_000  # rows with something in them
MAX_LINE = 100_000  # below it nothing belongs to a list of people

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx behind a password

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Row = tuple[int, tuple[Any, ...]]


@dataclass(frozen=True)
class Table:
    """A file that can be opened. ``sheets`` are the visible ones, in their order;
    ``hidden`` names those that are passed over. ``encoding`` is empty for XLSX;
    ``damaged`` counts the characters that no encoding explains. ``hidden_rows``: (sheet,
    line) of those that ``rows`` has met so far."""

    sheets: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    encoding: str = ""
    damaged: int = 0
    hidden_rows: set[tuple[str, int]] = field(default_factory=set)
    book: workbooks.Book | None = field(default=None, repr=False)
    text: str = field(default="", repr=False)

    def rows(self, sheet: str) -> Iterator[Row]:
        """(line as the office program counts it, values) of each row that is not blank;
        a filled cell that cannot be read is ``workbooks.UNREAD``.

        Lazily, so that memory does not grow with the rows. Raises Refusal on a broken
        file, and past the limits.
        """
        filled = 0
        lines = self._text_lines() if self.book is None else self._book_lines(sheet)
        for line, values in lines:
            if all(_is_blank(value) for value in values):
                continue
            filled += 1
            if line > MAX_LINE:
                text = _(
                    "第%(line)d行还有内容，超过%(n)d行，"
                    "请删除下方多余的内容，或分成几个文件上传"
                )
                raise no("sheet_too_long", text % {"line": line, "n": MAX_LINE})
            if filled > MAX_ROWS:
                text = _("超过%(n)d行，请分成几个文件上传") % {"n": MAX_ROWS}
                raise no("sheet_too_long", text)
            yield line, values

    def _book_lines(self, sheet):
        page = next(page for page in self.book.pages if page.title == sheet)
        for line, values, is_hidden in self.book.rows(page):
            if is_hidden:
                self.hidden_rows.add((sheet, line))
            yield line, values

    def _text_lines(self):
        """Strictly, so that a quote that is never closed cannot swallow what follows."""
        line = 0
        try:
            records = csv.reader(
                io.StringIO(self.text, newline=""),
                delimiter=_delimiter(self.text),
                strict=True,
            )
            for line, values in enumerate(records, start=1):
                if any("\n" in text and _A_PERSON.search(text) for text in values):
                    raise _stray_quote(line)
                if len(values) > MAX_COLUMNS and any(values[MAX_COLUMNS:]):
                    raise too_wide(line)
                yield line, tuple(values)
        except csv.Error as error:
            if "field larger" in str(error):
                raise broken() from error
            raise _stray_quote(line + 1) from error


def _is_blank(value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


# a number as long as a person's: it does not stand in a cell of several lines
_A_PERSON = re.compile(r"\d{15}")


def _stray_quote(line: int):
    text = _(
        '第%(line)d行有一个不成对的引号（"），其后的内容无法分清，'
        "请在原表中删去后重新保存再上传"
    )
    return no("sheet_stray_quote", text % {"line": line})


def read(content: bytes) -> Table:
    """What kind of table this is, by its content and not by its name.

    Raises Refusal: empty, too big, broken, or of another kind, which is named.
    """
    if not content.strip():
        raise no("sheet_empty", _("文件是空的，请换一个"))
    if len(content) > MAX_BYTES:
        sizes = {"most": MAX_BYTES >> 20, "now": numerals.megabytes(len(content))}
        text = _("文件不能超过%(most)dMB，这个是%(now)sMB") % sizes
        raise no("sheet_too_big", text)
    if content.startswith(_OLE):
        text = _(
            "这是旧版Excel（.xls）或加了密码的文件，请另存为不加密码的.xlsx后再上传"
        )
        raise no("sheet_old", text)
    return _read_book(content) if content.startswith(_ZIP) else _read_text(content)


def _read_book(content: bytes) -> Table:
    book = workbooks.Book(content)
    visible = tuple(page.title for page in book.pages if page.is_visible)
    hidden = tuple(page.title for page in book.pages if not page.is_visible)
    if not visible:
        raise no("sheet_empty", _("文件里没有可见的工作表，请换一个"))
    return Table(visible, hidden, book=book)


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
        raise _unknown()
    _name_markup(text[:2_000].lstrip("\ufeff \t\r\n").lower())
    return Table(("CSV",), encoding=encoding, damaged=text.count(LOST), text=text)


def _unknown():
    return no("sheet_unknown", _("不是Excel（.xlsx）或CSV文件，请另存后再上传"))


def _name_markup(head: str) -> None:
    """Files of other programs that are text: say which, and what to do. Raises
    Refusal."""
    if head.startswith("mime-version:") or re.match(r"<(!doctype )?html|<table", head):
        raise no("sheet_html", save_anew(_("这是网页，只是名字写成了.xls")))
    if head.startswith("<") and "office:spreadsheet" in head:
        raise no("sheet_xml", save_anew(_("这是XML表格（Excel 2003）")))
    if head.startswith(("<", "%pdf", "{\\rtf")):
        raise _unknown()
    if head.startswith("id;p"):
        raise no("sheet_slk", save_anew(_("这是SYLK表格（.slk）")))


def decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding. A few bytes that fit nowhere become U+FFFD, so that
    the rows they stand in can be reported; a file full of them is refused."""
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
        raise _unknown()
    return text


def _delimiter(text: str) -> str:
    """The sign that parts most lines into the same number of cells, two or more; of
    several the one that makes more of them."""
    head = text[:20_000]

    def regularity(sign):
        try:
            rows = list(islice(csv.reader(io.StringIO(head), delimiter=sign), 50))
        except csv.Error:
            return 0, 0
        widths = Counter(len(row) for row in rows if any(row))
        width = max(widths, key=lambda n: (n > 1, widths[n], n), default=1)
        return (widths[width] / widths.total(), width) if width > 1 else (0, 0)

    return max(",\t;|，；", key=regularity)


# --- writing ---------------------------------------------------------------------

_RED = PatternFill("solid", start_color="FFC7CE")
_YELLOW = PatternFill("solid", start_color="FFEB9C")
_HEAD = PatternFill("solid", start_color="E7E6E6")
_NO_TITLE = re.compile(r"[\\*?:/\[\]]")  # what a sheet may not be called
FILLS = {"red": _RED, "yellow": _YELLOW, "head": _HEAD}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with a colour: ``red``, ``yellow`` or ``head``."""

    value: str
    fill: str


def to_xlsx(
    rows: Iterable[Sequence[Any]], *, title: str, widths: Sequence[int] = ()
) -> bytes:
    """An XLSX file of one sheet. A cell is a whole number or typed as a string, so that
    nothing in it is ever reckoned; it may be a ``Cell``."""
    return to_workbook([(title, rows, widths)])


def to_workbook(
    pages: Iterable[tuple[str, Iterable[Sequence[Any]], Sequence[int]]],
) -> bytes:
    """An XLSX file of several sheets, each (title, rows, widths) as in ``to_xlsx``. Their
    titles differ."""
    book = Workbook(write_only=True)
    for title, rows, widths in pages:
        page = book.create_sheet(_NO_TITLE.sub(" ", title)[:31])
        for number, width in enumerate(widths):
            page.column_dimensions[chr(ord("A") + number)].width = width
        for row in rows:
            page.append([v if type(v) is int else string(page, v) for v in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def to_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV file that an office program opens in Chinese (UTF-8 with its mark). What it
    would reckon (=, +, -, @ at the start of a cell) stands behind an apostrophe."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    for row in rows:
        writer.writerow([v if type(v) is int else _plain(v) for v in row])
    return file.getvalue().encode("utf-8-sig")


def _plain(value):
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") else text


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
