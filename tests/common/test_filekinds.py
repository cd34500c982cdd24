"""What a file is says its content, and nothing that could act gets past."""

import zlib

import pytest

from common import filekinds
from common.errors import Refusal
from tests.filesamples import box, film, office, pdf


def refused(content):
    with pytest.raises(Refusal) as refusal:
        filekinds.read(content)
    return refusal.value.codes


def objects(inner: bytes) -> bytes:
    packed = zlib.compress(inner)
    stream = b"3 0 obj\n<< /Type /ObjStm /Length %d >>\nstream\n" % len(packed)
    return pdf().replace(b"trailer", stream + packed + b"\nendstream\nendobj\ntrailer")


def relation(kind, mode="External"):
    return (
        f'<Relationship Id="r1" Type="http://x/{kind}" Target="x" TargetMode="{mode}"/>'
    )


def test_read_tells_what_a_file_is_whatever_it_is_called():
    for content, name in (
        (pdf(), "pdf"),
        (office("docx"), "docx"),
        (office("xlsx"), "xlsx"),
        (film(), "mp4"),
    ):
        kind, kept = filekinds.read(content)
        assert kind.name == name
        assert len(kept) == len(content)


def test_read_takes_what_honest_programs_write():
    printer = [("xl/printerSettings/printerSettings1.bin", b"x")]
    for content in (
        office("xlsx", more=printer),
        office("docx", relation=relation("hyperlink")),
        objects(b"1 0 << /Type /Font >>"),
        pdf(b"/Note (stream of words) "),
    ):
        filekinds.read(content)


def test_read_refuses_a_pdf_in_which_something_runs_or_hides():
    for extra in (
        b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> ",
        b"/OpenAction << /S /J#61vaScript >> ",
        b"/AA << /O << /S /Launch /F (cmd.exe) >> >> ",
        b"/Names << /EmbeddedFiles 5 0 R >> ",
        b"/AcroForm << /XFA 5 0 R >> ",
    ):
        assert refused(pdf(extra)) == {"file_acts"}, extra
    assert refused(objects(b"7 0 << /S /JavaScript /JS (x) >>")) == {"file_acts"}
    assert refused(pdf(b"/Encrypt 9 0 R ")) == {"file_locked"}
    assert refused(pdf()[:60]) == {"file_broken"}
    bomb = objects(b"\0" * (filekinds._MOST_INFLATED + 1))
    assert refused(bomb) == {"file_large"}


def test_read_refuses_an_office_file_with_macros_or_what_comes_from_elsewhere():
    macro = "application/vnd.ms-word.document.macroEnabled.main+xml"
    for content in (
        office("docx", more=[("word/vbaProject.bin", b"x")]),
        office("docx", more=[("WORD\\VBAPROJECT.BIN", b"x")]),
        office("docx", main=macro),
        office("docx", more=[("word/embeddings/oleObject1.bin", b"x")]),
        office("docx", more=[("word/activeX/activeX1.xml", b"<x/>")]),
        office("docx", relation=relation("attachedTemplate")),
        office("docx", relation=relation("oleObject")),
        office("xlsx", more=[("xl/macrosheets/sheet1.xml", b"<x/>")]),
        office(
            "xlsx", more=[("xl/externalLinks/externalLink1.xml", b"<a><ddeLink/></a>")]
        ),
    ):
        assert refused(content) == {"file_acts"}


def test_read_refuses_other_files_and_broken_ones_in_words():
    entity = '<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'
    twice = office("docx", more=[("Word/Document.xml", b"<x/>")])
    for content, code in (
        (b"", "file_empty"),
        (b"<html><script>act()</script>", "file_unknown"),
        (b"MZ" + bytes(100), "file_unknown"),
        (filekinds._OLE + bytes(100), "file_old"),
        (office("docx")[:-40], "file_broken"),
        (office("docx", main="text/html"), "file_broken"),
        (office("docx", more=[("word/_rels/x.rels", entity)]), "file_broken"),
        (twice, "file_broken"),
        (film(codec=b"mp4v"), "film_unplayable"),
        (film()[:-1], "file_broken"),
        (box(b"ftyp", b"isom\0\0\0\0"), "file_broken"),
        (box(b"ftyp", b"qt  \0\0\0\0") + film(), "film_unplayable"),
        (pdf() + bytes(filekinds.PDF.most), "file_large"),
    ):
        assert refused(content) == {code}, content[:40]


def test_read_takes_the_place_where_it_was_filmed_out_of_a_film():
    content = film()

    _kind, kept = filekinds.read(content)

    assert b"+26.58" in content
    assert b"+26.58" not in kept
    assert kept[kept.index(b"mdat") :] == content[content.index(b"mdat") :]
