"""Small documents and films for tests, as office programs and telephones write them."""

import io
import struct
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "application/vnd.openxmlformats-officedocument"
MAIN = {
    "docx": ("/word/document.xml", f"{_OFFICE}.wordprocessingml.document.main+xml"),
    "xlsx": ("/xl/workbook.xml", f"{_OFFICE}.spreadsheetml.sheet.main+xml"),
}


def pdf(extra=b"") -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + extra + b">>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
        b"trailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
    )


def office(kind="docx", *, more=(), relation="", main=None) -> bytes:
    """A DOCX or XLSX; ``more``: (name, content) of further parts."""
    part, said = MAIN[kind]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_TYPES}"><Override PartName="{part}" '
            f'ContentType="{main or said}"/></Types>',
        )
        archive.writestr(part[1:], "<document/>")
        archive.writestr(
            f"{part[1:].partition('/')[0]}/_rels/main.xml.rels",
            f'<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>',
        )
        for name, content in more:
            archive.writestr(name, content)
    return out.getvalue()


def box(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def film(*, codec=b"avc1", told=b"+26.58+101.71/", length=4000) -> bytes:
    described = b"\0\0\0\0\0\0\0\1" + box(codec, bytes(78))
    table = box(b"stbl", box(b"stsd", described))
    track = box(b"trak", box(b"mdia", box(b"minf", table)))
    place = box(b"udta", box(b"\xa9xyz", told))
    return (
        box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")
        + box(b"moov", box(b"mvhd", bytes(100)) + track + place)
        + box(b"mdat", bytes(range(256)) * (length // 256))
    )


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/octet-stream")
