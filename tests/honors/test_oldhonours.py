"""Lists of old honours: what is read, what is refused, and that twice is once."""

import io
import tracemalloc

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from common import sheets
from common.errors import Refusal
from honors import services
from honors.enums import Industry, Level, NominationState, ProgramKind
from honors.models import AwardEdition, AwardProgram, Honoree, HonourImport
from honors.services import oldhonours, oldrows
from tests.background import run_tasks
from tests.factories import make_user
from tests.honors.factories import make_edition, make_honoree, make_program
from tests.honors.nominations import make_county, make_nomination, make_secretary
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db


def csv(*rows, head=("年份", "荣誉称号", "姓名")):
    return "\n".join(",".join(map(str, row)) for row in (head, *rows)).encode()


def bring_in(content, **options):
    facts = {name: options.pop(name) for name in ("year", "title") if name in options}
    row = oldhonours.upload(file_name="名单.csv", content=content, by=None, **facts)
    return oldhonours.apply(honour_import=row, by=None, **options)


def codes(report):
    return [(one.line, one.code) for one in report.findings]


def test_import_takes_year_title_and_name_and_marks_where_they_came_from(client):
    report = bring_in(
        csv((1985, "四川省劳动模范", "王　伟"), ("1996年度", "攀枝花工匠", "李示例")),
        is_public=True,
    )

    assert (report.created, report.refused) == (2, 0)
    old = Honoree.objects.get(name="王伟")
    assert old.edition.title == "1985年“四川省劳动模范”"
    program = old.edition.program
    assert (program.level, program.kind) == (
        Level.PROVINCIAL,
        ProgramKind.MODEL_WORKER,
    )
    assert old.imported_from == HonourImport.objects.get()
    assert old.sort_key == "wang2 wei3"
    assert old.stroke_key
    wall = client.get(reverse("honors:honoree-list")).content.decode()
    assert "王伟" in wall


def test_import_leaves_new_editions_to_be_conferred_unless_asked():
    bring_in(csv((1985, "示例称号", "王伟")))

    assert AwardEdition.objects.get().conferred_at is None
    assert not Honoree.objects.on_wall().exists()


def test_import_reads_workbooks_with_merged_cells_totals_and_other_columns():
    county = make_county(name="东区总工会")
    rows = [
        ["历年劳动模范名册"],
        [
            "年度",
            "称号",
            "姓名",
            "单位",
            "县区",
            "行业",
            "性别",
            "联系电话",
            "身份证号",
        ],
        ["1998", "市劳动模范", "王伟", "示例厂", "东区", "钢铁钒钛", "男", "1", "2"],
        ["", "", "丁小宁", "", "", "", "", "13700001234", "510402197001011234"],
        ["合计", "", "2人"],
    ]
    content = sheets.to_xlsx(rows, title="名册")

    report = bring_in(content)

    first, second = Honoree.objects.order_by("pk")
    assert (first.employer, first.district) == ("示例厂", county)
    assert (first.industry, first.gender) == (Industry.STEEL, "man")
    assert (second.name, second.edition) == ("丁小宁", first.edition)
    said = "\n".join(report.notices)
    assert "联系电话" in said
    assert "合并的单元格" in said
    assert report.created == 2


def test_import_takes_year_and_title_from_the_form_where_the_file_has_none():
    report = bring_in(csv(["王伟"], head=["姓名"]), year=1999, title="示例称号")

    assert report.created == 1
    assert Honoree.objects.get().edition.year == 1999
    with pytest.raises(Refusal) as refusal:
        bring_in(csv(["王伟"], head=["姓名"]))
    assert refusal.value.codes == {"no_header"}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("98", "示例称号", "王伟"), "year"),
        ((2199, "示例称号", "王伟"), "year"),
        ((1998, "示例称号", "王?伟"), "name_lost"),
        ((1998, "示例称号", "王伟、李明"), "several_names"),
        ((1998, "示例称号", "510402197001011234"), "no_name"),
        ((1998, "称号" * 30, "王伟"), "too_long"),
    ],
)
def test_import_reports_a_bad_row_and_takes_the_others(row, code):
    report = bring_in(csv((1998, "示例称号", "好示例"), row))

    assert (report.created, report.refused) == (1, 1)
    assert codes(report) == [(3, code)]
    assert "510402197001011234" not in str(report.findings)


def test_import_all_or_nothing_writes_nothing_with_a_bad_row():
    report = bring_in(
        csv((1998, "示例称号", "好示例"), ("不详", "示例称号", "王伟")),
        all_or_nothing=True,
    )

    assert not report.is_applied
    assert not Honoree.objects.exists()
    assert not AwardProgram.objects.exists()
    assert HonourImport.objects.pending().exists()


def test_import_again_changes_nothing_and_a_fuller_list_fills_in():
    bare = csv((1998, "示例称号", "王伟"), (1998, "示例称号", "李示例"))
    bring_in(bare)
    again = bring_in(bare)
    head = ("年份", "荣誉称号", "姓名", "单位", "岗位")
    fuller = csv((1998, "示例称号", "王伟", "示例厂", "钳工"), head=head)
    filled = bring_in(fuller)
    other = bring_in(csv((1998, "示例称号", "王伟", "示例厂", "电工"), head=head))

    assert (again.created, again.unchanged) == (0, 2)
    assert (filled.created, filled.filled) == (0, 1)
    assert (other.filled, other.unchanged, other.warned) == (0, 1, 1)
    assert Honoree.objects.count() == 2
    assert AwardEdition.objects.count() == 1
    kept = Honoree.objects.get(name="王伟")
    assert (kept.employer, kept.position) == ("示例厂", "钳工")


def test_import_leaves_alone_what_people_entered_and_what_was_revoked():
    edition = make_edition(program=make_program(name="示例称号"), year=1998)
    by_hand = make_honoree(edition=edition, name="王伟", employer="示例厂")
    head = ("年份", "荣誉称号", "姓名", "单位", "岗位")
    revoked = make_honoree(edition=edition, name="李示例", employer="示例厂")
    services.revoke(honoree=revoked, reason="示例", by=None)

    report = bring_in(
        csv(
            (1998, "示例称号", "王伟", "示例厂", "钳工"),
            (1998, "示例称号", "李示例", "示例厂", "钳工"),
            head=head,
        )
    )

    by_hand.refresh_from_db()
    revoked.refresh_from_db()
    assert (by_hand.position, revoked.position) == ("", "")
    assert revoked.is_revoked
    assert (report.created, report.unchanged, report.warned) == (0, 2, 2)


def test_import_into_an_edition_that_was_chosen_here_is_refused():
    nomination = make_nomination(NominationState.DRAFT)
    edition = nomination.edition

    report = bring_in(csv((edition.year, edition.program.name, "王伟")))

    assert [code for _line, code in codes(report)] == ["chosen_edition"]
    assert not Honoree.objects.exists()


def test_check_says_what_the_import_will_do_and_writes_nothing():
    content = csv(
        (1998, "示例称号", "王伟"),
        (1998, "示例称号", "王伟"),
        (2001, "示例称号", "李示例"),
    )
    row = oldhonours.upload(file_name="名单.csv", content=content, by=None)

    checked = oldhonours.check(honour_import=row)

    assert not Honoree.objects.exists()
    assert not AwardProgram.objects.exists()
    row.refresh_from_db()
    done = oldhonours.apply(honour_import=row, by=None)
    same = ("created", "filled", "unchanged", "warned", "refused", "editions")
    assert [getattr(checked, n) for n in same] == [getattr(done, n) for n in same]
    assert done.created == 2
    assert codes(done) == [(3, "twice_in_file")]


def test_import_pages_check_in_the_background_then_import(client):
    client.force_login(make_secretary())
    file = io.BytesIO(csv((1998, "示例称号", "王伟"), ("不详", "示例称号", "李示例")))
    file.name = "名单.csv"

    answer = client.post(reverse("admin:honors_honourimport_add"), {"file": file})
    row = HonourImport.objects.get()
    work = reverse("admin:honors_honourimport_work", args=[row.pk])
    assert answer.headers["Location"] == work
    assert "正在处理名单" in client.get(work).content.decode()
    run_tasks()
    page = client.get(work)
    assert page.context["report"].created == 1
    assert page.context["total"] == 1
    client.post(work, {"mode": "good", "is_public": "on"})
    client.post(work, {"mode": "good", "is_public": "on"})
    run_tasks()

    assert "导入结果" in client.get(work).content.decode()
    assert [one.name for one in Honoree.objects.on_wall()] == ["王伟"]
    report = client.get(reverse("admin:honors_honourimport_report", args=[row.pk]))
    assert report.content.startswith(b"PK")
    row.refresh_from_db()
    assert row.content == ""


def test_import_pages_are_for_who_may_import(client):
    row = oldhonours.upload(
        file_name="名单.csv", content=csv((1998, "示例称号", "王伟")), by=None
    )
    pages = [
        reverse("admin:honors_honourimport_add"),
        reverse("admin:honors_honourimport_work", args=[row.pk]),
    ]
    write_roles()
    juror = make_user(roles=["评委"], is_staff=True)
    client.force_login(juror)

    assert [client.get(page).status_code for page in pages] == [403, 403]
    with pytest.raises(Refusal) as refusal:
        oldhonours.apply(honour_import=row, by=juror)
    assert refusal.value.codes == {"import_no_right"}


def test_import_keeps_a_file_for_a_day_only():
    row = oldhonours.upload(
        file_name="名单.csv", content=csv((1998, "示例称号", "王伟")), by=None
    )
    HonourImport.objects.update(created_at=timezone.now() - timezone.timedelta(days=2))

    assert oldhonours.forget_outdated() == 1

    with pytest.raises(Refusal) as refusal:
        oldhonours.apply(honour_import=row, by=None)
    assert refusal.value.codes == {"import_gone"}


def test_import_honours_command_rehearses_then_imports(tmp_path):
    path = tmp_path / "名单.csv"
    path.write_bytes(csv((1998, "示例称号", "王伟"), ("不详", "示例称号", "李示例")))
    out, err = io.StringIO(), io.StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("import_honours", str(path), "--dry-run", stdout=out, stderr=err)
    assert end.value.code == 1
    assert not Honoree.objects.exists()
    with pytest.raises(SystemExit) as end:
        call_command("import_honours", str(path), "--public", stdout=out, stderr=err)

    assert end.value.code == 2
    assert out.getvalue().splitlines()[-1] == "导入1行，提醒0行，错误1行"
    assert "第3行 李示例 年份" in err.getvalue()
    assert Honoree.objects.on_wall().count() == 1
    with pytest.raises(CommandError):
        call_command("import_honours", str(tmp_path / "none.csv"))


def held_by(number):
    """The most memory that bringing in so many rows holds, in bytes."""
    content = csv(
        *((1950 + n % 70, f"示例称号{n % 5}", f"示例人{n}") for n in range(number))
    )
    row = oldhonours.upload(file_name="名单.csv", content=content, by=None)
    tracemalloc.start()
    try:
        report = oldhonours.apply(honour_import=row, by=None)
        return report.created, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_import_of_2000_rows_holds_little_more_memory_than_of_500():
    bring_in(csv((1998, "示例称号", "暖机")))  # dictionaries are loaded once

    few, small = held_by(500)
    many, large = held_by(2_000)

    assert (few, many) == (500, 1_500)  # the first 500 are there already
    assert large - small < 8 * 2**20, (small, large)


def test_header_of_a_private_column_is_never_read():
    head = ("年份", "荣誉称号", "姓名", "出生年月", "家庭住址", "手机")
    found = oldrows.read(
        csv((1998, "示例称号", "王伟", "1970-01-01", "示例路9号", "1"), head=head),
        year=None,
        title="",
        today=timezone.localdate(),
    )

    assert set(found.columns) == {"year", "title", "name"}
    assert "示例路9号" not in str(found)
