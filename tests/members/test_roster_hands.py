"""What hands make of a roster, and what is said of it: the smaller habits, one by one."""

import datetime
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from members import cells
from members.models import Worker
from members.services import roster
from tests.background import run_tasks
from tests.factories import make_union
from tests.members import rosters as made
from tests.members.rosters import number, plain_csv
from tests.pages import markup

pytestmark = pytest.mark.django_db


def keep(union, content, name="名册.csv"):
    return roster.upload(union_org=union, file_name=name, content=content, by=None)


def page(client, step, row):
    address = reverse(f"admin:members_rosterimport_{step}", args=[row.pk])
    return client.get(address)


def xlsx(*rows, numerals=()):
    """``numerals`` are pairs: how a number stands in the file, how it is to stand."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    part, spelled = "xl/worksheets/sheet1.xml", io.BytesIO()
    with (
        zipfile.ZipFile(out) as old,
        zipfile.ZipFile(spelled, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            data = old.read(entry)
            for plain, other in numerals if entry.filename == part else ():
                assert f"<v>{plain}</v>".encode() in data
                data = data.replace(f"<v>{plain}</v>".encode(), other.encode())
            new.writestr(entry, data)
    return spelled.getvalue()


# --- the header, and rows that are nobody


def test_read_roster_header_stands_below_lines_that_have_cells_of_their_own(union):
    content = xlsx(
        ["示例厂工会会员名册"],
        ["填报单位：", "示例厂工会", "填报日期：", datetime.datetime(2026, 1, 5)],
        ["序号", "* 姓\n名 *", "身份证\n号码", "备注"],
        [1, "示例甲", number(1), ""],
    )

    report = roster.rehearse(union_org=union, content=content)

    assert (report.created, report.findings) == (1, [])


@pytest.mark.parametrize("where", ["审核科", "负责人办公室", "总计划部"])
def test_read_roster_who_works_in_a_department_of_such_a_name_is_no_total(union, where):
    titles = ("部门", "姓名", "身份证号码")
    content = plain_csv(
        [where, "示例甲", ""],
        ["审核：", "", "示例"],
        ["填报单位：示例部", "", "示例"],
        titles=titles,
    )

    report = roster.rehearse(union_org=union, content=content)

    assert [(f.line, f.code) for f in report.findings] == [(2, "identity_missing")]
    assert "跳过2行" in report.notices[0]


# --- numbers and dates


def test_read_roster_numbers_typed_as_numbers_are_what_is_seen(union):
    content = xlsx(
        ["姓名", "身份证号", "会员编号", "入会日期"],
        ["示例甲", 510499800101115, 1001, 43252],
        ["示例乙", number(3), 1002, 20180601],
        numerals=[
            ("510499800101115", "<v>5.10499800101115E14</v>"),
            ("1001", "<v>1.001E3</v>"),
            ("43252", "<v>4.3252E4</v>"),
        ],
    )

    report = roster.apply(roster_import=keep(union, content, "a.xlsx"), by=None)

    assert [f.code for f in report.findings] == ["identity_old"]
    found = Worker.objects.order_by("member_number")
    assert [w.member_number for w in found] == ["1001", "1002"]
    assert found[0].identity_last4 == number(115)[-4:]


DAY = datetime.date(2018, 6, 1)


@pytest.mark.parametrize(
    ("typed", "day", "is_exact"),
    [
        (datetime.datetime(2018, 6, 1, 8, 30), DAY, True),
        (DAY, DAY, True),
        ("2018-06-01", DAY, True),
        ("2018/6/1", DAY, True),
        ("2018.6.1", DAY, True),
        ("2018. 6. 1", DAY, True),
        ("2018年6月1日", DAY, True),
        ("２０１８年６月１日", DAY, True),
        ("٢٠١٨-٠٦-٠١", DAY, True),
        ("20180601", DAY, True),
        (20180601, DAY, True),
        ("'20180601", DAY, True),
        ("2018-06-01 00:00:00", DAY, True),
        (43252, DAY, True),
        ("43252", DAY, True),
        ("2018年6月", DAY, False),
        ("2018-06", DAY, False),
        ("201806", DAY, False),
        (2018.1, None, False),
        ("2018", None, False),
        ("2018-02-30", None, False),
        ("2018年13月1日", None, False),
        ("6月1日", None, False),
        ("去年", None, False),
    ],
)
def test_read_roster_mixed_dates(typed, day, is_exact):
    assert cells.read_day(typed) == (day, is_exact)


# --- what is lost is reported


def test_read_roster_reports_bytes_that_fit_nowhere(client, steward, union):
    content = plain_csv(*(["示例甲", number(n), ""] for n in range(1, 40, 2)))
    row = keep(union, content + b"\xff\xfe\n")

    notice = "文件中有2处不能识别的字符，请在原表中另存为.xlsx后再上传"
    assert notice in markup(page(client, "columns", row))
    assert notice in roster.check(roster_import=row).notices


# --- what is shown before anything is done


def test_columns_page_shows_the_first_rows(client, steward, union):
    people = [[f"示例{n}", number(1), f"HY{n}"] for n in "甲乙丙丁戊己"]
    row = keep(union, plain_csv(*people))

    text = markup(page(client, "columns", row))

    for n in "甲乙丙丁戊":
        assert f"<td>示例{n}</td>" in text
        assert f"<td>HY{n}</td>" in text
    assert "示例己" not in text
    assert f"<td>****{number(1)[-4:]}</td>" in text


def test_check_page_shows_the_difference(client, steward, union):
    first = [["示例甲", number(1), ""], ["示例走", number(5), ""]]
    roster.apply(roster_import=keep(union, plain_csv(*first)), by=None)
    then = [["示例改", number(1), "HY1"], ["示例新", number(3), ""]]

    text = markup(page(client, "check", keep(union, plain_csv(*then))))

    assert "将更新1人" in text
    assert "姓名 “示例甲”→“示例改”，会员编号 “HY1”" in text
    assert "将新增1人" in text
    assert "第3行 示例新" in text
    assert "<li>示例走</li>" in text


def test_import_roster_names_who_would_be_missing(union, tmp_path):
    first = plain_csv(["示例甲", number(1), ""], ["示例走", number(5), ""])
    roster.apply(roster_import=keep(union, first), by=None)
    path, out = tmp_path / "a.csv", io.StringIO()
    path.write_bytes(plain_csv(["示例甲", number(1), ""]))

    call_command(
        "import_roster", str(path), "--union=A", "--dry-run", stdout=out,
        stderr=io.StringIO(),
    )  # fmt: skip

    assert "- 示例走" in out.getvalue().splitlines()


# --- the report


def test_report_file_has_every_finding_with_all_that_is_said_of_it(
    client, steward, union
):
    row = keep(union, made.as_xlsx(), "名册.xlsx")
    findings = roster.check(roster_import=row).findings

    book = load_workbook(io.BytesIO(page(client, "report", row).content))

    lines = list(book.active.iter_rows(min_row=2))
    assert [tuple(c.value or "" for c in line) for line in lines] == [
        (f.line, f.name, f.column, f.value, f.reason, f.advice,
         "错误" if f.is_error else "提醒")
        for f in findings
    ]  # fmt: skip
    for line, finding in zip(lines, findings, strict=True):
        assert line[3].fill.start_color.rgb.endswith(
            "FFC7CE" if finding.is_error else "FFEB9C"
        )
    # one name begins with “=”, one number with “@”
    assert {c.data_type for line in lines for c in line[1:] if c.value} == {"s"}
    for finding in findings:
        assert finding.reason
        assert finding.advice, finding.code
        assert finding.column.replace("\n", "")


def test_report_page_counts_the_findings_it_does_not_list(client, steward, union):
    row = keep(union, plain_csv(*(["示?甲", number(n), ""] for n in range(130))))

    answer = page(client, "check", row)
    book = load_workbook(io.BytesIO(page(client, "report", row).content))

    assert "共130条，这里列出前100条。" in markup(answer)
    assert book.active.max_row == 131


# --- how far it is


def test_progress_page_asks_how_far_it_is(client, steward, union, monkeypatch):
    row = keep(union, plain_csv(["示例甲", number(1), ""]))
    address = reverse("admin:members_rosterimport_progress", args=[row.pk])
    monkeypatch.setattr(roster, "progress", lambda *, roster_import: 7)

    client.post(reverse("admin:members_rosterimport_check", args=[row.pk]),
                {"mode": "good"})  # fmt: skip

    text = markup(page(client, "check", row))
    assert f'data-progress="{address}"' in text
    assert 'http-equiv="refresh"' in text  # without a script
    assert "后台任务进程没有运行" in text
    assert client.get(address).json() == {"done": 7, "is_over": False}
    run_tasks()
    assert client.get(address).json()["is_over"]


def test_progress_of_another_unions_roster_stays_unsaid(client, steward):
    foreign = keep(make_union(code="B"), plain_csv(["示例乙", number(1), ""]))

    assert page(client, "progress", foreign).status_code == 404


def test_upload_reports_a_file_over_the_limit_at_its_box(client, steward, union):
    big = SimpleUploadedFile("a.csv", b"x" * (12 * 1024 * 1024))

    answer = client.post(
        reverse("admin:members_rosterimport_add"), {"union_org": union.pk, "file": big}
    )

    assert "文件不能超过10MB，这个是12.0MB" in str(
        answer.context["form"].errors["file"]
    )
