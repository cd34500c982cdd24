"""Tables by hand are read without trusting them, and written without formulas."""

import csv
import gc
import io
import resource
import time
import tracemalloc
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from common import sheets, workbooks
from common.errors import Refusal

DANGEROUS = ["=cmd|'/c calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1"]


def xlsx(*rows, **parts):
    """A workbook; ``parts`` replace files inside it."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content, name, data, *, level=9):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as new,
    ):
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, data)
    return out.getvalue()


def rows_of(content):
    table = sheets.read(content)
    return [row for name in table.sheets for row in table.rows(name)]


def refused(content):
    with pytest.raises(Refusal) as caught:
        rows_of(content)
    return caught.value


# --- reading


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [
        ("utf-8", ","),
        ("utf-8-sig", ","),
        ("gbk", ","),
        ("gb18030", ";"),
        ("utf-16", "\t"),
        ("utf-16-be", "\t"),
    ],
)
def test_read_sheet_every_encoding_of_an_office_program_is_read(encoding, delimiter):
    out = io.StringIO(newline="")
    rows = [["姓名", "备注"], [], ['示例"甲', "两行\n备注"]]
    csv.writer(out, delimiter=delimiter).writerows(rows)
    mark = "\ufeff" if encoding == "utf-16-be" else ""

    read = rows_of((mark + out.getvalue()).encode(encoding))

    assert read == [(1, ("姓名", "备注")), (3, ('示例"甲', "两行\n备注"))]


def test_read_sheet_gb18030_keeps_rare_characters():
    assert rows_of("𠮷田,阿·买\n".encode("gb18030")) == [(1, ("𠮷田", "阿·买"))]


def test_read_sheet_byte_that_fits_nowhere_is_counted():
    table = sheets.read("示例甲,示例乙\n".encode() * 20 + b"\xff\xfe\n")

    assert (table.encoding, table.damaged) == ("utf-8", 2)


def test_read_sheet_lines_are_counted_as_the_office_program_does():
    content = xlsx(["姓名"], [], [None, None], ["示例甲"])

    assert [line for line, _values in rows_of(content)] == [1, 4]


def test_read_sheet_hidden_sheets_are_named_and_not_among_the_visible():
    book = Workbook()
    book.active.append(["姓名"])
    book.create_sheet("藏").sheet_state = "hidden"
    book.create_sheet("深藏").sheet_state = "veryHidden"
    out = io.BytesIO()
    book.save(out)

    table = sheets.read(out.getvalue())

    assert (len(table.sheets), table.hidden) == (1, ("藏", "深藏"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_empty"),
        (b"  \n ", "sheet_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "sheet_old"),
        (b"PK\x03\x04 broken", "sheet_broken"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "sheet_unknown"),
        (b"\xff\xff\xfe" * 500, "sheet_unknown"),
        (b"x" * (sheets.MAX_BYTES + 1), "sheet_too_big"),
        (("," * 300 + "x\n").encode(), "sheet_too_wide"),
        (b"x\n" * (sheets.MAX_ROWS + 1), "sheet_too_long"),
        (b'"' + b"x" * 200_000 + b'"', "sheet_broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_read_sheet_what_is_no_roster_is_refused(content, code):
    assert refused(content).codes == {code}


def test_read_sheet_workbook_with_a_broken_sheet_is_refused():
    content = with_part(xlsx(["x"]), "xl/worksheets/sheet1.xml", b"<worksheet><she")

    assert refused(content).codes == {"sheet_broken"}


def test_read_sheet_wrong_size_of_a_sheet_is_not_believed():
    page = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData>'
        b'<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c></row>'
        b"</sheetData></worksheet>"
    )

    content = with_part(xlsx(["x"]), "xl/worksheets/sheet1.xml", page)

    assert rows_of(content) == [(2, ("x",))]


# --- bombs: refused within five seconds, and memory stays

NS = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
# twenty to the sixth times a thousand letters
ENTITIES = (
    b'<!DOCTYPE z [<!ENTITY a "'
    + b"x" * 1000
    + b'">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(6)
    )
    + b"]><worksheet "
    + NS
    + b'><sheetData><row><c r="A1" t="inlineStr"><is><t>&g;</t></is></c></row>'
    + b"</sheetData></worksheet>"
)


def sheet_of(rows):
    return b"<worksheet " + NS + b"><sheetData>" + rows + b"</sheetData></worksheet>"


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
BOMBS = {
    "a sheet of blanks": (SHEET, sheet_of(b" " * 120_000_000)),
    "strings": (STRINGS, b"<sst " + NS + b">" + b"<si><t/></si>" * 2_000_000),
    "empty rows": (SHEET, sheet_of(b"<row/>" * 3_000_000)),
    "cells far right": (SHEET, sheet_of(b'<row><c r="ZZZ1"><v>1</v></c></row>' * 9000)),
    "entities": (SHEET, ENTITIES),
}
A_ROW = b'<row r="1"><c r="A1"><v>1</v></c></row>'
# what no limit of bytes or of packing stops
SLOW_BOMBS = {
    "empty cells": sheet_of(A_ROW + (b"<row>" + b"<c/>" * 250 + b"</row>") * 45_000),
    "elements of no use": sheet_of(A_ROW + b"<x/>" * 14_000_000),
    "nesting": sheet_of(A_ROW + b"<x>" * 8_000_000),
    "attributes": sheet_of(
        A_ROW + b"<row " + b"".join(b'a%d="" ' % n for n in range(500_000)) + b"/>"
    ),
    "names": sheet_of(A_ROW + b"".join(b"<a%d/>" % n for n in range(500_000))),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_read_sheet_refuses_a_bomb_with_flat_memory(bomb):
    content = with_part(xlsx(["x"]), *BOMBS[bomb])
    refused_cheaply(content)


@pytest.mark.parametrize("bomb", SLOW_BOMBS)
def test_read_sheet_refuses_a_bomb_that_packs_like_honest_files(bomb):
    # level 1 packs too badly to be told by its packing
    refused_cheaply(with_part(xlsx(["x"]), SHEET, SLOW_BOMBS[bomb], level=1))


def refused_cheaply(content):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()  # of this process: others may be busy meanwhile

    refusal = refused(content)

    assert refusal.codes <= {"sheet_too_big", "sheet_too_wide", "sheet_broken"}
    assert time.process_time() - start < 5
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 64 * 1024, "kilobytes"


def test_read_sheet_refuses_one_sheet_named_a_thousand_times():
    named = b"".join(b'<sheet name="%d" r:id="r1"/>' % n for n in range(1000))
    book = b'<workbook xmlns:r="r"><sheets>' + named + b"</sheets></workbook>"

    assert refused(with_part(xlsx(["x"]), "xl/workbook.xml", book)).codes == {
        "sheet_too_big"
    }


def test_read_sheet_refuses_many_small_parts_as_a_bomb():
    content = xlsx(["x"])
    for n in range(20):
        blanks = sheet_of(b" " * (workbooks.PACKING_MATTERS_FROM - 1000))
        content = with_part(content, f"xl/worksheets/sheet{n + 2}.xml", blanks, level=1)

    assert refused(content).codes == {"sheet_too_big"}


def test_read_sheet_refuses_a_row_far_below_without_counting_up_to_it():
    top = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    far = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    empty = b'<row r="1048576"><c r="A1048576" s="1"/></row>'

    assert refused(with_part(xlsx(["x"]), SHEET, sheet_of(top + far))).codes == {
        "sheet_too_long"
    }
    assert rows_of(with_part(xlsx(["x"]), SHEET, sheet_of(top + empty))) == [(1, (1,))]


def test_read_sheet_refuses_a_part_that_lies_about_its_size():
    content = bytearray(with_part(xlsx(["x"]), SHEET, sheet_of(b" " * 50_000_000)))
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(SHEET.encode()))
    content[at + 24 : at + 28] = (1000).to_bytes(4, "little")

    assert refused(bytes(content)).codes == {"sheet_broken"}


# --- writing


def test_to_xlsx_writes_no_cell_as_a_formula():
    content = sheets.to_xlsx([DANGEROUS, [sheets.Cell("=1+1", "red")]], title="表")

    cells = [cell for row in load_workbook(io.BytesIO(content)).active for cell in row]
    filled = [cell for cell in cells if cell.value is not None]
    assert {cell.data_type for cell in filled} == {"s"}
    assert filled[0].value == DANGEROUS[0]
    assert filled[-1].fill.start_color.rgb.endswith("FFC7CE")


def test_to_xlsx_leaves_out_characters_that_it_cannot_hold():
    content = sheets.to_xlsx([["a\0b\x0bc"]], title="表")

    assert load_workbook(io.BytesIO(content)).active["A1"].value == "abc"


@pytest.fixture
def prompt_collection():
    """Rings of parsed elements are freed at once: without it the peak is a matter of
    when the collector happens to come by."""
    usual = gc.get_threshold()
    gc.set_threshold(100, 2, 2)
    yield
    gc.set_threshold(*usual)


def test_read_sheet_memory_stays_flat_however_many_rows(prompt_collection):
    def peak(rows):
        content = xlsx(*([n + 0.5 for n in range(8)] for _ in range(rows)))
        table = sheets.read(content)
        gc.collect()
        tracemalloc.start()
        try:
            assert sum(1 for _row in table.rows(table.sheets[0])) == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    # kept in memory, the 4,500 rows between them would be twice that
    assert peak(5_000) - peak(500) < 700_000, "bytes"
