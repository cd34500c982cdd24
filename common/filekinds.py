"""Files that people may hand on as they are: what one is by its content, whatever its
name says, and whether anything in it could act on the computer of who opens it.

Read are documents (PDF), texts (DOCX), tables (XLSX) and films (MP4). What every file
may cost to look at is bounded: its bytes before this, its parts here. Nothing is
unpacked to the disk and nothing is run.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from django.utils.translation import gettext as _

from common.errors import Reason, Refusal
from common.workbooks import BROKEN_PACKAGE

MEGA = 1024 * 1024
_MOST_PARTS = 3_000
_MOST_UNPACKED = 200 * MEGA
_MOST_READ = 2 * MEGA  # of one part that says how the others hang together
_MOST_INFLATED = 8 * MEGA  # of a PDF's streams of objects, all together


@dataclass(frozen=True)
class Kind:
    """A format: the ending of its name, what a browser is told, what people call it,
    the bytes that one may have."""

    name: str
    mime: str
    label: str
    most: int


_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = Kind("pdf", "application/pdf", "PDF", 10 * MEGA)
DOCX = Kind("docx", f"{_OFFICE}.wordprocessingml.document", "DOCX", 10 * MEGA)
XLSX = Kind("xlsx", f"{_OFFICE}.spreadsheetml.sheet", "XLSX", 10 * MEGA)
MP4 = Kind("mp4", "video/mp4", "MP4", 18 * MEGA)  # a request may have twenty
KINDS = {kind.name: kind for kind in (PDF, DOCX, XLSX, MP4)}

_MAIN_PARTS = {
    "word/document.xml": (DOCX, f"{DOCX.mime}.main+xml"),
    "xl/workbook.xml": (XLSX, f"{XLSX.mime}.main+xml"),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _no(code: str, text: str) -> Refusal:
    return Refusal(Reason(code, text, field="file"))


def _broken() -> Refusal:
    return _no("file_broken", _("打不开这个文件，可能已损坏，请换一个"))


def read(content: bytes) -> tuple[Kind, bytes]:
    """What a file is, and its bytes as they may be handed on: of a film without the
    place and the maker's words that a telephone writes into it.

    Refusal: ``file_empty``, ``file_unknown``, ``file_large``, ``file_broken``,
    ``file_old``, ``file_locked``, ``file_acts``, ``film_unplayable``.
    """
    if not content:
        raise _no("file_empty", _("这个文件是空的，请换一个"))
    if content.startswith(b"%PDF-"):
        _check_size(content, PDF)
        _check_pdf(content)
        return PDF, content
    if content.startswith(b"PK\x03\x04"):
        _check_size(content, DOCX)
        return _office_kind(content), content
    if content[4:8] == b"ftyp":
        _check_size(content, MP4)
        return MP4, _film(content)
    if content.startswith(_OLE):
        text = _("这是旧格式或加了密码的文件，请另存为.docx或.xlsx（不加密码）后再传")
        raise _no("file_old", text)
    text = _("只收PDF、Word（.docx）、Excel（.xlsx）文件和MP4视频")
    raise _no("file_unknown", text)


def _check_size(content: bytes, kind: Kind) -> None:
    if len(content) <= kind.most:
        return
    text = _("%(kind)s文件不能超过%(most)dMB，这个是%(size).1fMB")
    words = {
        "kind": kind.label,
        "most": kind.most // MEGA,
        "size": len(content) / MEGA,
    }
    raise _no("file_large", text % words)


def _acts(what: str) -> Refusal:
    text = _("这个文件里有%(what)s，读者打开时可能会运行，请去掉后再传")
    return _no("file_acts", text % {"what": what})


# --- PDF ---------------------------------------------------------------------------

_ESCAPED = re.compile(rb"#([0-9a-fA-F]{2})")
_END = rb"(?![A-Za-z0-9])"
_RUNS = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFile|EmbeddedFiles|RichMedia|XFA|SubmitForm"
    rb"|ImportData)" + _END
)
_OBJECTS = re.compile(rb"/ObjStm" + _END)


def _check_pdf(content: bytes) -> None:
    """Whole, without a password, and nothing in its objects that runs or is a file."""
    if b"%%EOF" not in content[-1024:]:
        raise _broken()
    left = _MOST_INFLATED
    pieces = [_outside_streams(content)]
    for packed in _streams_of_objects(content):
        unpacking = zlib.decompressobj()
        try:
            piece = unpacking.decompress(packed, left)
        except zlib.error as error:
            raise _broken() from error
        left -= len(piece)
        if left <= 0:
            raise _no("file_large", _("这个PDF文件太复杂，请重新导出后再传"))
        pieces.append(piece)
    for piece in pieces:
        named = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), piece)
        if re.search(rb"/Encrypt" + _END, named):
            text = _("这个PDF文件加了密码或限制，请导出不加密的后再传")
            raise _no("file_locked", text)
        if _RUNS.search(named):
            raise _acts(_("脚本、动作或夹带的文件"))


def _streams(content: bytes) -> Iterator[tuple[int, int, int]]:
    """(where its dictionary begins at the earliest, where a stream begins, where it
    ends)."""
    at = 0
    while (start := content.find(b"stream", at)) >= 0:
        end = content.find(b"endstream", start)
        if end < 0:
            return
        yield at, start + len(b"stream"), end
        at = end + len(b"endstream")


def _outside_streams(content: bytes) -> bytes:
    """The objects without the bytes of pictures and pages, where any name may stand by
    chance."""
    kept, at = [], 0
    for _before, start, end in _streams(content):
        kept.append(content[at:start])
        at = end
    return b"".join([*kept, content[at:]])


def _streams_of_objects(content: bytes) -> Iterator[bytes]:
    for before, start, end in _streams(content):
        head = content[max(before, start - 2048) : start]
        if _OBJECTS.search(_ESCAPED.sub(lambda f: bytes([int(f[1], 16)]), head)):
            yield content[start:end].lstrip(b"\r\n")


# --- DOCX and XLSX -------------------------------------------------------------------


def _office_kind(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _parts(archive)
            kind = _kind_of(archive, parts)
            _check_parts(archive, parts)
    except BROKEN_PACKAGE as error:
        raise _broken() from error
    return kind


def _parts(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > _MOST_PARTS or sum(i.file_size for i in infos) > _MOST_UNPACKED:
        raise _no("file_large", _("这个文件展开后过大，请精简后再传"))
    found = {}
    for info in infos:
        name = info.filename.replace("\\", "/").lstrip("/").lower()
        if name in found or info.flag_bits & 1:  # twice, or behind a password
            raise _broken()
        found[name] = info
    return found


def _kind_of(archive, parts) -> Kind:
    """By its main part and by what the list of contents says of it."""
    named = [main for main in _MAIN_PARTS if main in parts]
    if len(named) != 1 or "[content_types].xml" not in parts:
        text = _("这个压缩包不是Word（.docx）或Excel（.xlsx）文件，请换一个")
        raise _no("file_unknown", text)
    types = {}
    for tag, attributes in _elements(archive, parts["[content_types].xml"]):
        said = attributes.get("ContentType", "").lower()
        if "macroenabled" in said or "vba" in said:
            raise _acts(_("宏"))
        if tag == "Override":
            name = attributes.get("PartName", "").lstrip("/").lower()
            types[name] = said
    kind, wanted = _MAIN_PARTS[named[0]]
    if types.get(named[0]) != wanted.lower():
        raise _broken()
    return kind


_PARTS_THAT_ACT = re.compile(
    r"vbaproject|vbadata|(^|/)activex/|(^|/)macrosheets/|(^|/)embeddings/|\.bin$"
    r"|\.(exe|dll|js|vbs|ps1|bat|cmd|scr|hta|lnk|swf)$"
)
# ``.bin`` of every honest workbook: how its printer is set
_PRINTER = re.compile(r"(^|/)printersettings/printersettings\d+\.bin$")
# relations whose target elsewhere only waits for a click
_CLICKED = ("hyperlink", "image", "externallinkpath")


def _check_parts(archive, parts) -> None:
    for name, info in parts.items():
        if _PARTS_THAT_ACT.search(name) and not _PRINTER.search(name):
            raise _acts(_("宏、控件或夹带的文件"))
        if name.endswith(".rels"):
            for _tag, attributes in _elements(archive, info):
                kind = attributes.get("Type", "").lower().rpartition("/")[2]
                is_outside = attributes.get("TargetMode", "").lower() == "external"
                if is_outside and kind not in _CLICKED:
                    raise _acts(_("从别处取来的模板或对象"))
        is_link = name.startswith("xl/externallinks/") and name.endswith(".xml")
        if is_link and any(tag == "ddeLink" for tag, _a in _elements(archive, info)):
            raise _acts(_("DDE链接"))


def _elements(archive, info) -> list[tuple[str, dict]]:
    """Each element of a small part: its name without prefix, its attributes."""
    if info.file_size > _MOST_READ:
        raise _no("file_large", _("这个文件展开后过大，请精简后再传"))
    found = []
    parser = expat.ParserCreate()

    def doctype(*_declared):  # entities begin there; no office program writes one
        raise _broken()

    def start(tag, attributes):
        found.append((tag.rpartition(":")[2], attributes))

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.Parse(archive.read(info), True)
    return found


# --- MP4 -----------------------------------------------------------------------------

_BRANDS = re.compile(rb"iso[m2-9]|mp4[12]|avc1|M4V |MSNV|dash|f4v ")
_PLAYED = (b"avc1", b"avc3", b"vp09", b"av01")  # by every browser of these years
_HOLDS_BOXES = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
# places, names of telephones, thumbnails, histories of editing
_TOLD = (b"udta", b"meta", b"uuid")
_MOST_BOXES = 2_000


def _film(content: bytes) -> bytes:
    """The film without what a telephone tells about its maker, and as long as before,
    so that everything in it stands where it stood."""
    kept = bytearray(content)
    seen, codecs, count = set(), set(), 0
    waiting = [(0, len(content))]
    try:
        while waiting:
            start, end = waiting.pop()
            for name, body, after in _boxes(content, start, end):
                count += 1
                if count > _MOST_BOXES:
                    raise _broken()
                seen.add(name)
                if name in _HOLDS_BOXES:
                    waiting.append((body, after))
                elif name in _TOLD:
                    kept[body - 4 : body] = b"free"
                    kept[body:after] = bytes(after - body)
                elif name == b"stsd":
                    codecs.add(content[body + 12 : body + 16])
    except struct.error as error:
        raise _broken() from error
    if not _BRANDS.match(content[8:12]):
        raise _unplayable()
    if not {b"moov", b"mdat"} <= seen:
        raise _broken()
    if not codecs & set(_PLAYED):
        raise _unplayable()
    return bytes(kept)


def _unplayable() -> Refusal:
    text = _("这个视频多数浏览器放不了，请导出为MP4（H.264编码）后再传")
    return _no("film_unplayable", text)


def _boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, where its body begins, where it ends) of each box; a box longer than what
    holds it is none."""
    while start < end:
        size, name = struct.unpack_from(">I4s", content, start)
        body = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, body)
            body += 8
        elif size == 0:
            size = end - start
        if start + size > end or start + size < body:
            raise _broken()
        yield name, body, start + size
        start += size
