"""Files from other offices: each comes to its right value, or is refused in words."""

import io
import zipfile
from pathlib import Path

import pytest

from common.errors import Refusal
from members import cells, headers
from members.models import Worker
from members.services import roster
from tests.members.rosters import number, plain_csv

pytestmark = pytest.mark.django_db

CASES = Path(__file__).parents[1] / "cases" / "roster"
NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def case(name):
    return next(CASES.glob(f"{name}-*")).read_bytes()


def bring(union, content, **how):
    kept = roster.upload(union_org=union, file_name="名册", content=content, by=None)
    return roster.apply(roster_import=kept, by=None, **how)


def taken(union):
    rows = Worker.objects.filter(union_org=union, left_at=None)
    return {row.name: row.member_number for row in rows}


def reported(report):
    return sorted({(f.line, f.code) for f in report.findings})


def people(*names, **numbered):
    return dict.fromkeys(names, "") | numbered


# file → whom it brings in with which member number, and what is said of which line;
# or the code of its refusal
EXPECTED = {
    "00": (people("常甲", "常乙"), []),
    "01": (people("严甲", "严乙"), []),
    "02": (people("填甲", "填乙"), []),
    "03": (people("字甲", "字乙"), []),
    "04": (people("日甲", "日乙"), []),
    "05": (people("串甲", "串乙"), []),
    "06": (people("斜甲", "斜乙"), []),
    "09": ({}, [(2, "cell_unread"), (3, "cell_unread")]),
    "11": (people("回车甲", "回丙", 回乙="PZH"), []),
    "12": (people("李〇〇", "王〇明"), []),
    "13": (
        people("高一文", "石玉", "黄虎"),
        [(2, "name_radical"), (3, "name_radical"), (4, "name_radical")],
    ),
    "14": (people("双甲", "双乙", "双丙", "双丁"), []),
    "15": (people(员甲="PZH1001", 员乙="PZH1002", 员丙="PZH1003", 员丁="PZH1004"), []),
    "17": (people("隐甲", "隐乙"), []),
    "18": (people("合甲"), [(3, "name_missing")]),
    "19": "sheet_html",
    "20": "sheet_xml",
    "21": "sheet_stray_quote",
    "26": (people("等甲", "等乙"), []),
    "28": (people("址甲", "址乙"), []),
    "33": (people(双甲头="H100", 双乙头="H200"), []),
    "35": "sheet_ods",
    "50": (people("整甲", "整乙", "整丙", "整丁", "整戊"), []),
    "51": (people("整甲", "整乙", "整丙"), [(5, "cell_unread"), (6, "cell_unread")]),
    "53": (people(格甲="000123", 格乙="004567"), []),
    "54": (people(格丙="PZH20180001"), []),
    "57": (people("旧甲"), [(2, "identity_old"), (3, "twice_in_file")]),
    "58": (
        people("老甲", "老丙"),
        [
            (2, "identity_aged"),
            (3, "identity_birth"),
            (4, "identity_young"),
            (5, "identity_birth"),
        ],
    ),
    "61": (people("头甲", "头乙", "头丙"), []),
    "62": (people("尺甲", "尺乙"), []),
    "63": (people(看甲="PZH70001"), []),
    "64": (people(零甲="000007"), []),
}


def test_read_roster_every_file_of_the_folder_has_its_right_value():
    assert {path.name[:2] for path in CASES.iterdir()} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_read_roster_file_from_another_office_comes_to_its_right_value(union, name):
    expected = EXPECTED[name]
    if isinstance(expected, str):
        with pytest.raises(Refusal) as caught:
            bring(union, case(name))
        assert caught.value.codes == {expected}
        return
    report = bring(union, case(name))

    assert (taken(union), reported(report)) == expected
    for text in [f.column + f.value + f.reason + f.name for f in report.findings]:
        assert "510499" not in text


def test_read_roster_reports_a_very_long_cell_like_any_other(union):
    content = plain_csv(["示 例" * 30_000, number(1), ""], ["示例乙", number(3), ""])

    assert reported(bring(union, content)) == [(2, "name_long")]


def test_read_roster_number_that_ended_in_a_line_break_is_whole(union):
    bring(union, case("11"))

    assert Worker.objects.get(name="回丙").identity_last4 == "0252"


# --- a workbook, part by part

PARTS = {
    "_rels/.rels": '<Relationships><Relationship Id="r" Target="xl/workbook.xml" '
    'Type="http://x/officeDocument"/></Relationships>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" '
    'Target="worksheets/sheet1.xml" Type="http://x/worksheet"/><Relationship Id="r2" '
    'Target="worksheets/sheet2.xml" Type="http://x/worksheet"/><Relationship Id="r3" '
    'Target="sharedStrings.xml" Type="http://x/sharedStrings"/><Relationship Id="r4" '
    'Target="styles.xml" Type="http://x/styles"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns:r="http://r"><sheets>'
    '<sheet name="名册" r:id="r1"/></sheets></workbook>',
}


def text(value, attributes=""):
    return f'<c t="inlineStr" {attributes}><is><t>{value}</t></is></c>'


def workbook(*rows, ns=NS, **parts):
    """An .xlsx of ``rows``: each a list of texts and of cells as XML, or a whole row as
    XML. ``parts`` by the name of their file without its ending."""
    written = ""
    for line, row in enumerate(rows, start=1):
        if isinstance(row, str):
            written += row
            continue
        cells = "".join(c if c.startswith("<") else text(c) for c in row)
        written += f'<row r="{line}">{cells}</row>'
    sheet = f'<worksheet xmlns="{ns}"><sheetData>{written}</sheetData></worksheet>'
    made = PARTS | {"xl/worksheets/sheet1.xml": sheet}
    for name, content in parts.items():
        folder = "worksheets/" if name.startswith("sheet") else ""
        made[f"xl/{folder}{name}.xml"] = content
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in made.items():
            archive.writestr(name, content)
    return out.getvalue()


TITLES = ["姓名", "身份证号码", "会员编号"]


def styles(*codes):
    formats = "".join(
        f'<numFmt numFmtId="{164 + n}" formatCode="{code}"/>'
        for n, code in enumerate(codes)
    )
    cells = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(codes)))
    return f"<styleSheet><numFmts>{formats}</numFmts><cellXfs>{cells}</cellXfs></styleSheet>"


# --- formulas


def test_read_roster_reports_a_formula_without_a_result_wherever_it_counts(union):
    content = workbook(
        ["姓名", "身份证号码", "会员编号", "出生日期"],
        ["示例甲", number(1), "<c><f>A2</f></c>"],
        ["示例乙", number(3), "", '<c><f t="shared" si="0"/></c>'],
    )

    report = bring(union, content)

    assert reported(report) == [(2, "cell_unread"), (3, "cell_unread")]
    assert [f.is_error for f in report.findings] == [True, False]
    assert taken(union) == {"示例乙": ""}


def test_read_roster_formula_with_a_result_is_its_result(union):
    content = workbook(
        TITLES,
        [
            '<c t="str"><f>B9</f><v>示例甲</v></c>',
            number(1),
            '<c t="str"><f>IF(1,"")</f><v></v></c>',
        ],
        ["示例乙", f'<c t="str"><f>T(1)</f><v>{number(3)}</v></c>'],
    )

    assert (reported(bring(union, content)), taken(union)) == (
        [],
        {"示例甲": "", "示例乙": ""},
    )


def test_read_roster_reports_a_text_that_is_not_in_the_file(union):
    content = workbook(
        TITLES,
        ['<c t="s"><v>0</v></c>', number(1)],
        ['<c t="s"><v>7</v></c>', number(3)],
        sharedStrings="<sst><si><r><t>示</t></r><r><t>例甲</t></r></si></sst>",
    )

    assert reported(bring(union, content)) == [(3, "cell_unread")]
    assert taken(union) == {"示例甲": ""}


# --- who is in the file is not struck off


def test_apply_roster_marks_nobody_in_the_file_as_left(union):
    bring(union, case("50"))

    report = bring(union, case("51"), whole=True)

    assert report.left == 0
    assert len(taken(union)) == 5
    assert any("没有标记离开人员" in notice for notice in report.notices)


HIDDEN = (
    '<workbook xmlns:r="http://r"><sheets><sheet name="名册" r:id="r1"/>'
    '<sheet name="{0}" state="{1}" r:id="r2"/></sheets></workbook>'
)


def second_sheet(*values):
    cells = "".join(map(text, values))
    return f"<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>"


@pytest.mark.parametrize("state", ["visible", "hidden"])
def test_apply_roster_does_not_mark_as_left_who_stands_on_another_sheet(union, state):
    bring(union, plain_csv(["示例甲", number(1), ""], ["示例乙", number(3), ""]))
    content = workbook(
        TITLES,
        ["示例甲", number(1)],
        workbook=HIDDEN.format("二车间", state),
        sheet2=second_sheet("示例乙", number(3)),
    )

    report = bring(union, content, whole=True)

    assert (report.left, len(taken(union))) == (0, 2)
    assert any("另有1人" in notice for notice in report.notices)


def test_apply_roster_does_not_mark_as_left_who_stands_elsewhere_or_is_refused(union):
    everybody = [[f"示例{n}", number(i), ""] for i, n in enumerate("甲乙丙丁戊")]
    bring(union, plain_csv(*everybody))
    content = plain_csv(
        ["示例甲", number(0), "", "示例乙", number(1)],  # two lists side by side
        ["示例丙", number(2), "HY1", "", ""],
        ["示例丁", number(3), "HY1", "", ""],
        ["示例改", number(4), "", "", ""],
        ["示例戊", number(4), "", "", ""],
        titles=[*TITLES, "姓名", "身份证号码"],
    )

    report = bring(union, content, whole=True)

    assert report.left == 0
    assert reported(report) == [
        (3, "number_twice"),
        (4, "number_twice"),
        (5, "twice_other_name"),
        (6, "twice_other_name"),
    ]
    assert any("列中也有身份证号码" in notice for notice in report.notices)
    assert len(taken(union)) == 5


def test_apply_roster_marks_who_really_left(union):
    bring(union, plain_csv(["示例甲", number(1), ""], ["示例乙", number(3), ""]))

    report = bring(union, plain_csv(["示例甲", number(1), ""]), whole=True)

    assert (report.left, taken(union)) == (1, {"示例甲": ""})


# --- headers


def test_read_roster_table_without_a_header_begins_with_its_first_person(union):
    content = workbook(
        ["示例厂名册"],
        ["<c><v>1</v></c>", "示例甲", number(1)],
        ["<c><v>2</v></c>", "示例乙", number(3)],
    )

    report = bring(union, content)

    assert taken(union) == {"示例甲": "", "示例乙": ""}
    assert any("没有找到表头，从第2行起" in notice for notice in report.notices)


def test_read_roster_reports_people_above_the_header(union):
    content = plain_csv(
        TITLES, ["示例乙", number(3), ""], titles=("示例甲", number(1), "")
    )

    report = bring(union, content)

    assert reported(report) == [(1, "above_header")]
    assert taken(union) == {"示例乙": ""}
    assert report.refused == 1


def test_upload_no_number_stands_in_a_title(union):
    secret = number(1)
    kept = roster.upload(
        union_org=union,
        file_name="a",
        content=workbook(
            ["姓名", "身份证号码", f"填表人{secret}", "备注"],
            ["示例甲", number(3), "", ""],
            [f"合计{secret}", "", "", ""],
            workbook=HIDDEN.format(secret, "hidden"),
            sheet2=second_sheet("去年"),
        ),
        by=None,
    )

    preview = roster.preview(roster_import=kept)
    report = roster.check(roster_import=kept)

    shown = f"{preview} {report} {kept.sheet}"
    assert secret not in shown and secret[:14] not in shown


def test_read_roster_two_rows_of_titles_are_one_header(union):
    above = workbook(  # the group stands above, the columns' own titles below
        ["序号", "基本信息", "", "会籍"],
        ["", "姓名", "身份证号", "会员编号"],
        ["<c><v>1</v></c>", "示例甲", number(1), "HY1"],
    )
    three = workbook(
        ["姓名", "证件", "", "会员信息"],
        ["", "种类", "号码", "编号"],
        ["", "", "身份证号码", "会员编号"],
        ["示例乙", "身份证", number(3), "HY3"],
    )

    assert reported(bring(union, above)) == reported(bring(union, three)) == []
    assert taken(union) == {"示例甲": "HY1", "示例乙": "HY3"}


def test_read_roster_person_below_the_titles_is_no_second_row_of_titles(union):
    content = workbook(["姓名", "身份证号", "类别"], ["示例甲", "", "农民工"])

    assert reported(roster.rehearse(union_org=union, content=content)) == [
        (2, "identity_missing")
    ]


# --- how the file is made


def test_read_roster_what_is_not_needed_to_read_may_be_broken(union):
    odd = "<styleSheet><fonts count='x'/><fills><fill/></fills><dxfs/></styleSheet>"
    content = io.BytesIO(workbook(TITLES, ["示例甲", number(1), "7"], styles=odd))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("docProps/core.xml", "no XML at all")
        archive.writestr("xl/theme/theme1.xml", "<a>")
        archive.writestr("xl/calcChain.xml", b"\0\xff")

    assert reported(bring(union, content.getvalue())) == []
    assert taken(union) == {"示例甲": "7"}


def test_read_roster_strict_spelling_and_prefixes_are_read(union):
    strict = workbook(
        ["姓名", "身份证号码", "入会日期"],
        ["示例甲", number(1), '<c t="d"><v>2018-06-01T00:00:00</v></c>'],
        ns=STRICT,
    )
    prefixed = (
        f'<x:worksheet xmlns:x="{NS}"><x:sheetData><x:row>'
        + "".join(f'<x:c t="str"><x:v>{t}</x:v></x:c>' for t in TITLES)
        + "</x:row><x:row>"
        + "".join(f'<x:c t="str"><x:v>{t}</x:v></x:c>' for t in ["示例乙", number(3)])
        + "</x:row></x:sheetData></x:worksheet>"
    )

    assert reported(bring(union, strict)) == []
    assert reported(bring(union, workbook(sheet1=prefixed))) == []
    assert taken(union) == {"示例甲": "", "示例乙": ""}


def archive_of(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


TABLE = "<table><tr><td>姓名</td><td>身份证号码</td></tr></table>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (archive_of(**{"xl__workbook.bin": b"x"}), "sheet_xlsb"),
        (archive_of(**{"word__document.xml": "x"}), "sheet_document"),
        (archive_of(**{"名册.csv": "姓名,身份证号码"}), "sheet_zip"),
        (archive_of(**{"Index__Document.iwa": "x"}), "sheet_numbers"),
        (("MIME-Version: 1.0\n\n" + TABLE).encode(), "sheet_html"),
        (("\ufeff <!DOCTYPE html>" + TABLE).encode("utf-16"), "sheet_html"),
        (TABLE.encode("gbk"), "sheet_html"),
        (b"ID;PWXL;N;E\nC;Y1;X1;K1", "sheet_slk"),
    ],
)
def test_read_roster_another_kind_of_file_is_named(union, content, code):
    with pytest.raises(Refusal) as caught:
        bring(union, content)

    assert caught.value.codes == {code}
    assert "上传" in str(caught.value)


def test_read_roster_escapes_of_a_workbook_are_what_they_stand_for(union):
    strings = (
        "<sst><si><t>示例_x000D_\n甲</t><rPh><t>シ</t></rPh></si>"
        "<si><t>HY_x005F_x000D_1</t></si></sst>"
    )
    content = workbook(
        TITLES,
        ['<c t="s"><v>0</v></c>', f"{number(1)}_x000d_", '<c t="s"><v>1</v></c>'],
        sharedStrings=strings,
    )

    assert reported(bring(union, content)) == []
    assert taken(union) == {"示例甲": "HY_x000D_1"}


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("000000", "7", "000007"),
        ("&quot;PZH&quot;00000000", "7", "PZH00000007"),
        ("\\P\\Z0000", "12", "PZ0012"),
        ("00\\-0000", "120034", "12-0034"),
        ("[Red]0000;[Blue]-0000", "7", "0007"),
        ("&quot;会&quot;#", "123", "会123"),
        ("0000", "12345", "12345"),
        ("0", "7", "7"),
        ("General", "7", "7"),
        ("#,##0", "1234", "1234"),
        ("0.00", "7", "7"),
        ("[&gt;=100]0000;0", "7", "7"),
    ],
)
def test_read_roster_member_number_is_what_the_sheet_shows(union, code, value, shown):
    content = workbook(
        TITLES,
        ["示例甲", number(1), f'<c s="0"><v>{value}</v></c>'],
        styles=styles(code),
    )

    assert reported(bring(union, content)) == []
    assert taken(union) == {"示例甲": shown}


def test_read_roster_zeros_of_a_format_do_not_bring_lost_digits_back(union):
    content = workbook(
        TITLES,
        ["示例甲", f'<c s="0"><v>{number(1)[:17]}0</v></c>'],
        styles=styles("0" * 18),
    )

    assert reported(bring(union, content)) == [(2, "identity_digits_lost")]


def test_read_roster_hidden_rows_are_read_and_said(union):
    rows = [
        f'<row r="{n}" hidden="{"true" if n > 3 else 0}">'
        f"{text(f'示例{chr(0x4E00 + n)}')}{text(number(n))}</row>"
        for n in range(2, 20)
    ]

    report = bring(union, workbook(TITLES, *rows))

    assert len(taken(union)) == 18
    assert any("隐藏的行也读取了：共16行（第4行、" in n for n in report.notices)


# --- text


def csv(*lines):
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    "lines",
    [
        ("姓名,身份证号码", '"示例甲,1', f"示例乙,{number(3)}"),
        ("姓名,身份证号码", '"示例"甲,1', f"示例乙,{number(3)}"),
        ("姓名,身份证号码", '"示例甲,1', f'示例乙,{number(3)}",', "示例丙,2"),
    ],
)
def test_read_roster_reports_a_stray_quote_with_its_line(union, lines):
    with pytest.raises(Refusal, match="第2行有一个不成对的引号"):
        bring(union, csv(*lines))


def test_read_roster_quotes_that_belong_there_are_read(union):
    content = csv(
        '"姓\n名","身份证号码",备注',
        f'示例甲,"{number(1)}","两行\n""备注"""',
        f'示例乙,{number(3)},5"管',
    )

    assert reported(bring(union, content)) == []
    assert taken(union) == {"示例甲": "", "示例乙": ""}


def test_read_roster_text_written_as_a_formula_is_unwrapped(union):
    content = csv(
        "姓名,身份证号码,会员编号",
        f'="示例甲","=""{number(1)}""","=""007"""',
        f'示例乙,= "{number(3)}",',
    )
    sheet = workbook(TITLES, ["示例丙", f'="{number(5)}"'])

    assert reported(bring(union, content)) == reported(bring(union, sheet)) == []
    assert taken(union) == {"示例甲": "007", "示例乙": "", "示例丙": ""}


@pytest.mark.parametrize("sign", [",", ";", "\t", "|", "，"])
def test_read_roster_delimiter_is_the_one_that_parts_evenly(union, sign):
    others = {",": "，；、", "，": ",;"}.get(sign, ",，,、")
    content = csv(
        "示例厂名册",
        sign.join(["姓名", "身份证号码", "住址"]),
        sign.join(["示例甲", number(1), f"东区{others}1号"]),
        sign.join(["示例乙", number(3), f"东区{others[0]}2号"]),
    )

    assert reported(bring(union, content)) == []
    assert taken(union) == {"示例甲": "", "示例乙": ""}


# --- people


def test_read_roster_reports_who_is_in_doubt(union):
    rows = {
        "示例小": number(1, "20250601"),
        "示例老": number(3, "19200101"),
        "示例旧": "510499800101115",
        "⽼○": number(5),
        "示例外": number(7, county="999156"),
        "示例零": number(9, county="900156"),
        "示例照": "EA1234567",
        "示例护": "G12345678",
    }
    content = plain_csv(*([name, typed, ""] for name, typed in rows.items()))

    report = bring(union, content)

    assert reported(report) == [
        (2, "identity_young"),
        (3, "identity_aged"),
        (4, "identity_old"),
        (5, "name_radical"),
        (6, "identity_province"),
        (7, "identity_province"),
        (8, "identity_passport"),
        (9, "identity_passport"),
    ]
    assert set(taken(union)) == {"示例小", "示例老", "示例旧", "老〇"}
    assert [f.name for f in report.findings][:4] == ["示*小", "示*老", "示*旧", "老*"]


def test_read_roster_does_not_report_a_child_who_is_no_member(union):
    content = plain_csv(
        ["示例小", number(1, "20250601"), "否"], titles=("姓名", "身份证号", "会员")
    )

    assert reported(bring(union, content)) == []


def test_read_roster_of_several_units_says_into_which_one_it_goes(union):
    titles = ("所属工会", "姓名", "身份证号码")
    rows = [[f"示例{n}厂工会", "示例甲", number(n)] for n in range(16)]

    several = roster.rehearse(union_org=union, content=plain_csv(*rows, titles=titles))
    one = roster.rehearse(union_org=union, content=plain_csv(rows[0], titles=titles))
    section = plain_csv(*rows, titles=("部门", *titles[1:]))

    assert any("16个不同的单位" in n and union.name in n for n in several.notices)
    assert not one.notices
    assert not roster.rehearse(union_org=union, content=section).notices


@pytest.mark.parametrize(
    "cell", ["9" * 5000, "x" + " " * 32_000 + "x", "2018-06-01" + " " * 200 + "x"]
)
def test_read_roster_long_cell_is_no_day(cell):
    assert cells.read_day(cell) == (None, False)


def test_read_roster_title_is_read_so_far_and_no_further():
    """A cell of brackets left open took eleven seconds."""
    assert headers.word("身份证号（" + "请填写18位" * 50 + "）") == "身份证号"
    assert len(headers.word("(" * 32_000)) < 2000
