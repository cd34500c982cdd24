"""Excel workbooks (.xlsx), read for what stands in their cells and nothing else.

Fonts, fills and properties of the document are never read, so that none of them
can make a file unreadable; of the styles only how a number is shown. The XML streams
through expat: no tree is built, no gap between rows is filled, nothing is expanded,
and the number of its elements is bounded.
"""

import datetime
import io
import math
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from common.errors import Reason, Refusal

MAX_UNPACKED = 64 * 1024 * 1024
MAX_PART = 16 * 1024 * 1024  # strings and styles are held in memory, sheets stream
MAX_PARTS = 2_000
MAX_PAGES = 500
MAX_COLUMNS = 256
MAX_ELEMENTS = 3_000_000  # of all XML that is read: two to four a cell
MAX_DEPTH = 30
MAX_NAMES = 5_000  # of elements and attributes, which expat never forgets
MAX_TAG = 1024 * 1024  # expat holds a tag with all its attributes until it ends
# An honest sheet packs five to forty times; a bomb a thousand times.
MAX_PACKING = 150
PACKING_MATTERS_FROM = 4 * 1024 * 1024

_CHUNK = 64 * 1024
# what a damaged or hostile package of XML makes the libraries raise
BROKEN_PACKAGE = (
    *(zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError),
    *(ValueError, LookupError, NotImplementedError, RuntimeError, OverflowError),
)


def no(code: str, text: str) -> Refusal:
    return Refusal(Reason(code, text, field="file"))


def broken() -> Refusal:
    return no("sheet_broken", _("打不开这个文件，可能已损坏，请换一个"))


def too_big() -> Refusal:
    return no("sheet_too_big", _("文件展开后过大，请删除多余内容后重新保存再上传"))


def save_anew(what: str) -> str:
    advice = _("请在Excel或WPS中打开，另存为Excel工作簿（.xlsx）后再上传")
    return f"{what}，{advice}"


def too_wide(line: int) -> Refusal:
    text = _("第%(line)d行超过%(n)d列，请删除右侧多余的列后重新上传")
    return no("sheet_too_wide", text % {"line": line, "n": MAX_COLUMNS})


def too_many_cells() -> Refusal:
    text = _(
        "表格中的单元格过多（只设了格式的空白格也算），"
        "请把名册部分复制到新的工作簿后再上传"
    )
    return no("sheet_too_big", text)


class Unread:
    """What a filled cell holds that cannot be read: a formula without its result, or a
    text that is not in the file."""

    def __repr__(self):
        return "UNREAD"


UNREAD = Unread()

# line, values, whether the row is hidden
Row = tuple[int, tuple[Any, ...], bool]


@dataclass(frozen=True)
class Page:
    title: str
    part: str
    is_visible: bool


class Book:
    """A workbook, opened: its ``pages`` in their order. Raises Refusal: broken, no
    workbook at all, or larger than anything honest."""

    def __init__(self, content: bytes):
        self.elements = 0
        self._strings: list[str] | None = None
        with _told():
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            self._parts = self._weighed()
            _name_another_kind(self._archive, self._parts)
            self._workbook = self._related("").get("officedocument", "xl/workbook.xml")
            self._links = self._related(self._workbook)
            head = _Workbook()
            self._read(self._workbook, head)
            if len(head.sheets) > MAX_PAGES:
                raise too_big()
            targets = self._targets(self._workbook)
            self.pages = [
                Page(title, targets[link][1], is_visible)
                for title, link, is_visible in head.sheets
                if targets[link][0] == "worksheet"
            ]
            self._epoch = _EPOCH_1904 if head.is_1904 else _EPOCH
            styles = _Styles()
            if self._links.get("styles") in self._parts:
                self._read(self._links["styles"], styles)
            self._formats = styles.formats()

    def rows(self, page: Page) -> Iterator[Row]:
        """Each row in which a cell is filled, lazily."""
        with _told():
            if self._strings is None:
                strings = _Strings()
                if self._links.get("sharedstrings") in self._parts:
                    self._read(self._links["sharedstrings"], strings)
                self._strings = strings.found
            sheet = _Sheet(self._strings, self._formats, self._epoch)
            for _chunk in self._stream(page.part, sheet):
                yield from sheet.taken()
            yield from sheet.taken()

    def _weighed(self) -> dict[str, zipfile.ZipInfo]:
        """The parts by name, however it is written: some programs write backslashes
        and capitals."""
        parts = self._archive.infolist()
        # A part never unpacks to more than the directory says: zipfile stops there.
        whole = sum(part.file_size for part in parts)
        if len(parts) > MAX_PARTS or whole > MAX_UNPACKED:
            raise too_big()
        found = {}
        for part in parts:
            name = part.filename.replace("\\", "/").lstrip("/").lower()
            is_big = part.file_size > PACKING_MATTERS_FROM
            is_bomb = part.file_size > MAX_PACKING * max(part.compress_size, 1)
            is_held = name.startswith("xl/") and not name.startswith("xl/worksheets/")
            if (is_big and is_bomb) or (is_held and part.file_size > MAX_PART):
                raise too_big()
            found[name] = part
        return found

    def _stream(self, name, handler) -> Iterator[None]:
        """Feed a part to ``handler``, a piece at a time."""
        part = self._parts[name]
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise broken()
        names = {}
        parser = expat.ParserCreate(intern=names)
        parser.buffer_text = True
        depth = fed = 0
        begin, finish = handler.start, handler.end
        bare = _Bare()

        def start(tag, attributes):
            nonlocal depth
            depth += 1
            self.elements += 1
            if self.elements > MAX_ELEMENTS:
                raise too_many_cells()
            if depth > MAX_DEPTH:
                raise broken()
            begin(bare[tag], attributes)

        def end(tag):
            nonlocal depth
            depth -= 1
            finish(bare[tag])

        def doctype(*_declared):  # no workbook has one, and entities begin there
            raise broken()

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = handler.data
        parser.StartDoctypeDeclHandler = doctype
        with self._archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
                fed += len(chunk)
                is_long = fed - parser.CurrentByteIndex > MAX_TAG
                if is_long or len(names) > MAX_NAMES:
                    raise broken()
                yield
        parser.Parse(b"", True)

    def _read(self, name, handler) -> None:
        for _chunk in self._stream(name, handler):
            pass

    def _targets(self, owner: str) -> dict[str, tuple[str, str]]:
        """Id → (kind, part) of what a part points to."""
        folder, file = posixpath.split(owner)
        name = posixpath.join(folder, "_rels", f"{file}.rels")
        links = _Links()
        if name in self._parts:
            self._read(name, links)
        return {
            key: (kind, posixpath.normpath(posixpath.join("/", folder, target))[1:])
            for key, kind, target in links.found
        }

    def _related(self, owner: str) -> dict[str, str]:
        return dict(self._targets(owner).values())


@contextmanager
def _told():
    """Whatever a malformed file makes its reading run into means: it is broken."""
    try:
        yield
    except BROKEN_PACKAGE as error:
        raise broken() from error


def _name_another_kind(archive, parts) -> None:
    """Other files that are ZIPs: say which, and what to do. Raises Refusal."""
    begin = b""
    if "mimetype" in parts and parts["mimetype"].file_size < 200:
        begin = archive.read(parts["mimetype"])
    if begin.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        raise no("sheet_ods", save_anew(_("这是OpenDocument表格（.ods）")))
    if "xl/workbook.bin" in parts:
        raise no("sheet_xlsb", save_anew(_("这是Excel二进制工作簿（.xlsb）")))
    if any(name.startswith("index/") and name.endswith(".iwa") for name in parts):
        text = _("这是Numbers表格，请导出为Excel工作簿（.xlsx）后再上传")
        raise no("sheet_numbers", text)
    if begin or "word/document.xml" in parts or "ppt/presentation.xml" in parts:
        text = _("这是文档，不是表格，请把名册放进Excel工作簿（.xlsx）后再上传")
        raise no("sheet_document", text)
    if "[content_types].xml" not in parts and not any("workbook" in n for n in parts):
        text = _("这是压缩包，请解压后上传其中的名册（.xlsx或CSV）")
        raise no("sheet_zip", text)


# --- the parts -------------------------------------------------------------------


class _Part:
    """What is taken from a part's XML. Tags come without their prefix: the strict and
    the usual spelling of the format differ in nothing else."""

    def start(self, tag, attributes):
        pass

    def end(self, tag):
        pass

    def data(self, text):
        pass


class _Bare(dict):
    """Tag → the tag without its prefix."""

    def __missing__(self, tag):
        self[tag] = name = tag.rpartition(":")[2]
        return name


class _Links(_Part):
    def __init__(self):
        self.found: list[tuple[str, str, str]] = []

    def start(self, tag, attributes):
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes["Type"].rpartition("/")[2].lower()
            target = attributes["Target"].replace("\\", "/").lower()
            self.found.append((attributes["Id"], kind, target))


class _Workbook(_Part):
    def __init__(self):
        self.sheets: list[tuple[str, str, bool]] = []
        self.is_1904 = False

    def start(self, tag, attributes):
        if tag == "workbookPr":
            self.is_1904 = attributes.get("date1904") in ("1", "true")
        elif tag == "sheet":
            link = next(v for k, v in attributes.items() if k.endswith(":id"))
            is_visible = attributes.get("state", "visible") == "visible"
            self.sheets.append((_unescaped(attributes["name"]), link, is_visible))


class _Strings(_Part):
    def __init__(self):
        self.found: list[str] = []
        self._text: list[str] = []
        self._is_text = self._is_sound = False

    def start(self, tag, attributes):
        if tag == "t":
            self._is_text = not self._is_sound
        elif tag == "rPh":  # how a character is pronounced
            self._is_sound = True

    def end(self, tag):
        if tag == "t":
            self._is_text = False
        elif tag == "rPh":
            self._is_sound = False
        elif tag == "si":
            self.found.append(_unescaped("".join(self._text)))
            self._text.clear()

    def data(self, text):
        if self._is_text:
            self._text.append(text)


class _Styles(_Part):
    """How numbers are shown."""

    def __init__(self):
        self._codes: dict[str, str] = {}
        self._cells: list[str] = []
        self._inside = ""

    def start(self, tag, attributes):
        if tag in ("numFmts", "cellXfs"):
            self._inside = tag
        elif tag == "numFmt" and self._inside == "numFmts":
            self._codes[attributes["numFmtId"]] = attributes.get("formatCode", "")
        elif tag == "xf" and self._inside == "cellXfs":
            self._cells.append(attributes.get("numFmtId", "0"))

    def end(self, tag):
        if tag == self._inside:
            self._inside = ""

    def formats(self) -> "list[Format | None]":
        made = {key: format_of(code) for key, code in self._codes.items()}
        return [
            made.get(key, DAY if key in _BUILT_IN_DAYS else None) for key in self._cells
        ]


class _Sheet(_Part):
    def __init__(self, strings, formats, epoch):
        self._strings, self._formats, self._epoch = strings, formats, epoch
        self._ready: list[Row] = []
        self._columns: dict[str, int] = {}  # letters → number
        self._line, self._is_hidden = 0, False
        self._cells: dict[int, Any] = {}
        self._column = -1
        self._kind, self._style = "n", None
        self._text: list[str] = []
        self._has_formula = self._has_value = False
        self._is_text = self._is_sound = self._is_cell = False

    def taken(self) -> list[Row]:
        ready, self._ready = self._ready, []
        return ready

    def start(self, tag, attributes):
        if tag == "c":
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s")
            self._column = self._number(attributes.get("r", ""))
            self._has_formula = self._has_value = False
            self._is_cell = True
        elif tag in ("v", "t"):
            self._is_text = self._is_cell and not self._is_sound
            self._has_value = self._has_value or self._is_text
        elif tag == "f":
            self._has_formula = True
        elif tag == "row":
            self._line = int(attributes.get("r", self._line + 1))
            if self._line < 1:
                raise broken()
            self._is_hidden = attributes.get("hidden") in ("1", "true")
            self._cells, self._column = {}, -1
        elif tag == "rPh":
            self._is_sound = True

    def end(self, tag):
        if tag == "c":
            value = self._value("".join(self._text))
            self._text.clear()
            self._is_cell = False
            if value is None or value == "":
                return
            if self._column >= MAX_COLUMNS:
                raise too_wide(self._line)
            self._cells[self._column] = value
        elif tag in ("v", "t"):
            self._is_text = False
        elif tag == "row":
            if self._cells:
                width = max(self._cells) + 1
                values = tuple(self._cells.get(n) for n in range(width))
                self._ready.append((self._line, values, self._is_hidden))
                self._cells = {}
        elif tag == "rPh":
            self._is_sound = False

    def data(self, text):
        if self._is_text:
            self._text.append(text)

    def _number(self, place: str) -> int:
        """The column of “B3”, counted from 0; of a cell that does not say, the next."""
        letters = place.rstrip("0123456789")
        if not letters:
            return self._column + 1
        number = self._columns.get(letters)
        if number is None:
            if len(letters) > 3 or not (letters.isascii() and letters.isalpha()):
                return MAX_COLUMNS
            number = 0
            for letter in letters.upper():
                number = number * 26 + ord(letter) - ord("A") + 1
            number -= 1
            self._columns[letters] = number
        return number

    def _value(self, raw: str) -> Any:
        kind = self._kind
        if not raw and self._has_formula:
            # an empty text is a result, nothing at all is none
            return None if kind == "str" and self._has_value else UNREAD
        if kind == "s":
            if not raw:
                return None
            known = raw.isdecimal() and int(raw) < len(self._strings)
            return self._strings[int(raw)] if known else UNREAD
        if not raw or kind in ("inlineStr", "str", "e"):
            return _unescaped(raw)
        if kind == "b":
            return raw.strip() in ("1", "true")
        if kind == "d":
            return _day_of_iso(raw)
        style = self._style
        is_known = style is not None and 0 <= int(style) < len(self._formats)
        return _number_shown(
            raw, self._formats[int(style)] if is_known else None, self._epoch
        )


_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _unescaped(text: str) -> str:
    """``_x000D_`` is how a workbook writes what XML cannot: here a line break."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda found: _character(int(found[1], 16)), text)


def _character(code: int) -> str:
    return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)


# --- numbers as they are shown ---------------------------------------------------


@dataclass(frozen=True)
class Format:
    """``pieces`` of a whole number: placeholders (0, #, ?) and literal texts, each with
    whether it is a placeholder. A day has none."""

    pieces: tuple[tuple[str, bool], ...] = ()


DAY = Format()
_BUILT_IN_DAYS = {
    str(n) for n in (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))
}
_EPOCH = datetime.datetime(1899, 12, 30)  # Excel's day 0
_EPOCH_1904 = datetime.datetime(1904, 1, 1)
_LAST_DAY = 2_958_466  # the year 10000
EXACT = 10**15  # digits that Excel keeps of a number: 15
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[([^\]]*)\]|([0#?])|(.)', re.DOTALL)


def format_of(code: str) -> Format | None:
    """What of a number's format matters here: that it is a day, or that zeros and
    letters are put in (000000, "PZH"0000). None where the bare number says it all."""
    if len(code) > 255 or code.strip().lower() in ("general", "@", ""):
        return None
    pieces, signs = [], set()
    for quoted, escaped, bracket, place, sign in _TOKEN.findall(code):
        if sign == ";":
            break  # negative numbers, nought, texts
        if bracket[:1] in ("<", ">", "="):
            return None
        if place:
            pieces.append((place, True))
        elif literal := quoted or escaped:
            pieces.append((literal, False))
        elif sign:
            signs.add(sign.lower())
            pieces.append((sign, False))
    if signs & set("ymdhs"):
        return DAY
    if signs & set(".,%e/@"):
        return None
    places = [piece for piece, is_place in pieces if is_place]
    has_literal = any(text.strip() for text, is_place in pieces if not is_place)
    if not places or (places.count("0") < 2 and not has_literal):
        return None
    return Format(tuple(pieces))


def shown(number: int, form: Format) -> str:
    """A whole number as a cell of this format shows it."""
    digits = str(number) if number else ""
    first = next(n for n, (_piece, is_place) in enumerate(form.pieces) if is_place)
    out = []
    for n in range(len(form.pieces) - 1, -1, -1):
        piece, is_place = form.pieces[n]
        if not is_place:
            out.append(piece)
        elif n == first:
            out.append(digits or ("0" if piece == "0" else ""))
        elif digits:
            out.append(digits[-1])
            digits = digits[:-1]
        elif piece == "0":
            out.append("0")
    return "".join(reversed(out)).strip()


def _number_shown(raw: str, form: Format | None, epoch: datetime.datetime) -> Any:
    raw = raw.strip()
    try:
        is_plain = raw.isdecimal() and len(raw) < 30
        number = int(raw) if is_plain else float(raw)
    except ValueError:
        return _unescaped(raw)
    if not math.isfinite(number):
        return raw
    if isinstance(number, float) and number.is_integer() and abs(number) < EXACT:
        number = int(number)
    if form is None:
        return number
    if form is DAY:
        return _day(number, epoch) if 1 <= number < _LAST_DAY else number
    if isinstance(number, int) and 0 <= number < EXACT:
        return shown(number, form)
    return number


def _day(number: float, epoch: datetime.datetime) -> datetime.datetime:
    if epoch is _EPOCH and number < 60:
        number += 1  # Excel believes in 29 February 1900
    return epoch + datetime.timedelta(seconds=round(number * 86_400))


def _day_of_iso(raw: str) -> Any:
    try:
        return datetime.datetime.fromisoformat(raw.strip()).replace(tzinfo=None)
    except ValueError:
        return raw
