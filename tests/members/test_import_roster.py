"""``manage.py import_roster``: what it says, writes and how it ends."""

import io

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from members.models import RosterImport, Worker
from tests.factories import make_union
from tests.members import rosters as made
from tests.members.rosters import number, plain_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def union():
    return make_union(code="A01")


@pytest.fixture
def run(tmp_path, union):
    def run(content, *options, name="名册.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        out, err, code = io.StringIO(), io.StringIO(), 0
        try:
            call_command(
                "import_roster",
                str(path),
                "--union=A01",
                *options,
                stdout=out,
                stderr=err,
            )
        except SystemExit as end:
            code = end.code
        return code, out.getvalue(), err.getvalue()

    return run


GOOD = plain_csv(["示例甲", number(1), "HY1"])
MIXED = plain_csv(["示例甲", number(1), "HY1"], ["示?乙", number(3), ""])


def test_import_roster_good_roster_ends_with_zero(run, union):
    code, out, _err = run(GOOD)

    assert (code, out.splitlines()[-1]) == (0, "导入1行，提醒0行，错误0行")
    assert Worker.objects.get().union_org == union
    assert RosterImport.objects.get().content == ""


def test_import_roster_reports_bad_rows_on_stderr_and_by_the_exit_code(run):
    code, out, err = run(MIXED)

    assert (code, out.splitlines()[-1]) == (2, "导入1行，提醒0行，错误1行")
    assert "第3行 示*乙 姓名 示?乙 错误：姓名含有不能识别的字符“?”" in err
    assert number(3) not in out + err


def test_import_roster_all_or_nothing(run):
    code, out, _err = run(MIXED, "--all-or-nothing")

    assert (code, out.splitlines()[-1]) == (1, "有错误行，全部未导入。")
    assert Worker.objects.count() == 0


def test_import_roster_dry_run_shows_the_difference_and_changes_nothing(run):
    run(GOOD)
    content = plain_csv(["示例改", number(1), "HY1"], ["示例新", number(5), ""])

    code, out, err = run(content, "--dry-run")

    lines = out.splitlines()
    assert code == 0
    assert "+ 示例新" in lines
    assert "~ 示例改：姓名 示例甲→示例改" in lines
    assert lines[-1] == "导入2行，提醒1行，错误0行"
    assert [w.name for w in Worker.objects.all()] == ["示例甲"]
    assert RosterImport.objects.count() == 1
    assert "已处理2行" in err


def test_import_roster_whole_roster(run):
    run(GOOD)

    code, out, _err = run(plain_csv(["示例新", number(5), ""]), "--whole")

    assert code == 0
    assert "离开1" in out
    assert Worker.objects.get(name="示例甲").left_at is not None


def test_import_roster_report_is_written_as_xlsx(run, tmp_path):
    report = tmp_path / "report.xlsx"

    run(made.as_xlsx(), f"--report={report}", name="名册.xlsx")

    cells = list(load_workbook(report).active.iter_rows())
    assert len(cells) > 20
    assert number(225)[:17] not in str([c.value for row in cells for c in row])


def test_import_roster_column_can_be_named(run):
    content = plain_csv(["示例甲", number(1)], titles=("员工", "证 件"))

    code, _out, _err = run(content, "--column=name=员工", "--column=identity=证件")

    assert (code, Worker.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--column=identity=没有"], "表头中没有“没有”这一列"),
        (["--column=salary=姓名"], "FIELD=HEADER"),
    ],
)
def test_import_roster_column_that_is_not_there(run, options, text):
    with pytest.raises(CommandError, match=text):
        run(GOOD, *options)


def test_import_roster_what_cannot_begin_is_a_command_error(run, tmp_path):
    with pytest.raises(CommandError, match="文件是空的"):
        run(b"")
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_roster", str(tmp_path / "none.xlsx"), "--union=A01")
    with pytest.raises(CommandError, match="No union"):
        call_command("import_roster", str(tmp_path / "none.xlsx"), "--union=Z")
