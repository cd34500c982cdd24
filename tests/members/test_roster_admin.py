"""The pages on which a roster is brought in: who opens them, what they show and do."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from common import crypto
from common.models import AuditEvent, BackgroundTask
from common.services import queue
from members.models import RosterImport, Worker
from members.services import roster, roster_pass, roster_reading
from tests.background import run_tasks
from tests.factories import make_union
from tests.members import rosters as made
from tests.members.rosters import number, plain_csv

pytestmark = pytest.mark.django_db

ADD = "/admin/members/rosterimport/add/"
LIST = "/admin/members/rosterimport/"


def step(name, row):
    return reverse(f"admin:members_rosterimport_{name}", args=[row.pk])


@pytest.fixture
def foreign():
    return keep(make_union(code="B"), plain_csv(["示例乙", number(1), ""]))


def keep(union, content, name="名册.csv"):
    return roster.upload(union_org=union, file_name=name, content=content, by=None)


def send(client, union, content, name="名册.xlsx"):
    file = SimpleUploadedFile(name, content)
    return client.post(ADD, {"union_org": union.pk, "file": file})


def let_apply(client, row, mode="good", **more):
    """Ask for the import, let it be done in the background, and look."""
    client.post(step("check", row), {"mode": mode, **more})
    run_tasks()
    return client.get(step("check", row))


def test_upload_check_and_apply_roster_by_a_steward_step_by_step(
    client, steward, union
):
    uploaded = send(client, union, made.as_xlsx())
    row = RosterImport.objects.get()
    assert uploaded["Location"] == step("columns", row)
    assert row.by == steward

    page = client.get(step("columns", row))
    html = page.content.decode()
    assert "隐藏的工作表没有读取：去年" in html
    assert number(101) not in html
    initial = {f.html_name: f.initial for f, _samples in page.context["columns"]}
    assert initial["column_1"] == "name"
    assert initial["column_8"] == "", "a mobile number is not kept"

    matched = client.post(step("columns", row), initial)
    assert matched["Location"] == step("check", row)
    assert "正在处理" in client.get(step("check", row)).content.decode()
    run_tasks()
    checked = client.get(step("check", row))
    assert Worker.objects.count() == 0
    report = checked.context["report"]
    assert report.sentence in checked.content.decode()
    assert "身份证号码校验不通过，请核对最后一位" in checked.content.decode()

    html = let_apply(client, row).content.decode()
    assert Worker.objects.filter(union_org=union).count() == report.created
    assert html.count(report.sentence) == 1
    assert html.count('class="roster-bad"') == len(
        [f for f in report.findings if f.is_error]
    )


def test_report_of_a_roster_comes_with_red_cells(client, steward, union):
    row = keep(union, plain_csv(["示?甲", number(1), ""], ["示", number(3), ""]))

    response = client.get(step("report", row))

    page = load_workbook(io.BytesIO(response.content)).active
    cells = list(page.iter_rows())
    assert [c.value for c in cells[0]] == ["行号", "姓名", "列", "原值"] + [
        *("原因", "建议", "类别")
    ]
    assert [c.value for c in cells[1][:4]] == [2, "示*甲", "姓名", "示?甲"]
    assert cells[1][3].fill.start_color.rgb.endswith("FFC7CE")
    assert cells[2][3].fill.start_color.rgb.endswith("FFEB9C")
    assert {c.data_type for row in cells for c in row[1:]} == {"s"}
    assert cells[1][0].data_type == "n"


def test_report_of_a_roster_is_still_there_after_apply(client, steward, union):
    row = keep(union, plain_csv(["示?甲", number(1), ""], ["示乙", number(3), ""]))
    page = let_apply(client, row).content.decode()
    response = client.get(step("report", row))

    assert "导入1行，提醒0行，错误1行" in page
    assert load_workbook(io.BytesIO(response.content)).active["D2"].value == "示?甲"


def test_apply_roster_all_or_nothing_changes_nothing_and_can_be_tried_again(
    client, steward, union
):
    row = keep(union, plain_csv(["示?甲", number(1), ""], ["示乙", number(3), ""]))

    response = let_apply(client, row, "all")

    assert "有错误行，全部未导入。" in response.content.decode()
    assert Worker.objects.count() == 0
    assert 'value="good"' in response.content.decode()


def test_apply_roster_whole_roster_marks_who_left(client, steward, union):
    first = keep(union, plain_csv(["示例甲", number(1), ""], ["示例乙", number(3), ""]))
    let_apply(client, first)
    second = keep(union, plain_csv(["示例甲", number(1), ""]))
    page = client.get(step("check", second)).content.decode()
    assert "把名册上没有的1人标为不在册" in page

    done = let_apply(client, second, whole="on")

    assert "标为不在册1人" in done.content.decode()
    assert Worker.objects.get(name="示例乙").left_at is not None


def test_apply_roster_by_a_second_click_shows_the_first_ones_result(
    client, steward, union
):
    row = keep(union, plain_csv(["示例甲", number(1), ""]))
    client.post(step("check", row), {"mode": "good"})
    client.post(step("check", row), {"mode": "good"})
    assert run_tasks() == 1

    again = client.post(step("check", row), {"mode": "good"}, follow=True)

    assert "导入1行，提醒0行，错误0行" in again.content.decode()
    assert list(again.context["messages"]) == []
    assert Worker.objects.count() == 1


def test_match_columns_can_be_put_right(client, steward, union):
    row = keep(union, plain_csv(["示例甲", number(1)], titles=("员工", "证")))
    unmatched = client.get(step("check", row))
    assert "请指明哪一列是“姓名”" in unmatched.content.decode()

    twice = client.post(step("columns", row), {"column_0": "name", "column_1": "name"})
    assert "“姓名”只能对应一列" in twice.content.decode()
    missing = client.post(step("columns", row), {"column_0": "name"})
    assert "请指明哪一列是“身份证号码”" in missing.content.decode()
    done = client.post(
        step("columns", row), {"column_0": "name", "column_1": "identity"}
    )

    assert done["Location"] == step("check", row)
    run_tasks()
    assert client.get(step("check", row)).context["report"].created == 1


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "文件是空的"),
        (b"PK\x03\x04 x", "打不开这个文件，可能已损坏，请换一个"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "请另存为不加密码的.xlsx"),
        (b"one\ntwo\n", "没有找到表头"),
    ],
)
def test_upload_file_that_cannot_be_read_is_said_at_its_box(
    client, steward, union, content, text
):
    response = send(client, union, content)

    assert text in str(response.context["form"].errors["file"])
    assert RosterImport.objects.count() == 0


# --- in the background


def test_roster_is_read_once_and_what_was_shown_is_written(
    client, steward, union, monkeypatch
):
    row = keep(union, plain_csv(["示例甲", number(1), "HY1"], ["示?乙", number(3), ""]))
    client.post(
        step("columns", row),
        {"column_0": "name", "column_1": "identity", "column_2": "member_number"},
    )
    run_tasks()
    monkeypatch.setattr(roster_reading, "read", lambda *a, **k: pytest.fail("again"))

    client.get(step("check", row))
    client.get(step("report", row))
    let_apply(client, row)

    worker = Worker.objects.get()
    assert (worker.name, worker.member_number) == ("示例甲", "HY1")
    row.refresh_from_db()
    assert (row.content, row.reading) == ("", "")


def test_roster_reading_is_sealed_and_holds_no_number(client, steward, union):
    row = keep(union, plain_csv(["示例甲", number(1), ""]))
    roster.check(roster_import=row)
    row.refresh_from_db()

    for sealed in (row.reading, row.report):
        assert "示例甲" not in sealed
        assert "\\u" not in sealed
    assert number(1) not in crypto.unseal(row.reading)
    assert crypto.unseal(row.reading).count(number(1)[-4:]) <= 2


def test_roster_matched_anew_is_read_anew(client, steward, union):
    row = keep(union, plain_csv(["示例甲", number(1), "示例乙"]))
    roster.check(roster_import=row)

    columns = {"name": 2, "identity": 1}
    row = roster.match(roster_import=row, columns=columns, by=steward)
    let_apply(client, row)

    assert Worker.objects.get().name == "示例乙"


def test_apply_roster_says_which_rows_came_to_something_else_meanwhile(
    client, steward, union
):
    row = keep(union, plain_csv(["示例甲", number(1), ""], ["示例乙", number(3), ""]))
    roster.check(roster_import=row)
    first = keep(union, plain_csv(["示例乙", number(3), ""]))
    roster.apply(roster_import=first, by=None)

    page = let_apply(client, row).content.decode()

    assert "检查之后有1行的情况变了，已按现在的情况处理：第3行" in page
    assert Worker.objects.count() == 2


def test_apply_whole_roster_marks_nobody_as_left_whom_the_check_did_not_show(
    client, steward, union
):
    row = keep(union, plain_csv(["示例甲", number(1), ""]))
    roster.check(roster_import=row)
    later = keep(union, plain_csv(["示例新", number(3), ""]))
    roster.apply(roster_import=later, by=None)

    page = let_apply(client, row, whole="on").content.decode()

    assert "检查之后又有1人登记到本工会" in page
    assert [(w.name, w.left_at) for w in Worker.objects.all()] == [("示例新", None)]
    assert "把名册上没有的1人标为不在册" in page  # checked anew
    let_apply(client, row, whole="on")
    assert Worker.objects.get(name="示例新").left_at is not None


def test_apply_roster_that_cannot_be_done_is_said_and_can_be_asked_for_again(
    client, steward, union, monkeypatch
):
    row = keep(union, plain_csv(["示例甲", number(1), ""]))
    through = roster_pass.Run.through
    monkeypatch.setattr(roster_pass.Run, "through", lambda *a, **k: 1 / 0)
    client.post(step("check", row), {"mode": "good"})
    for _ in range(5):
        assert "正在处理" in client.get(step("check", row)).content.decode()
        run_tasks(raising=False, later=True)
    monkeypatch.setattr(roster_pass.Run, "through", through)

    assert "刚才没有完成" in client.get(step("check", row)).content.decode()
    assert Worker.objects.count() == 0
    let_apply(client, row)
    assert Worker.objects.count() == 1


def test_apply_roster_a_second_run_of_the_task_changes_nothing(client, steward, union):
    """As when its worker was killed after the commit."""
    row = keep(union, plain_csv(["示例甲", number(1), ""]))
    client.post(step("check", row), {"mode": "good"})
    task = BackgroundTask.objects.get()
    run_tasks()
    BackgroundTask.objects.update(status="RUNNING", worker_ids=["dead"])

    queue.rescue()
    run_tasks()

    task.refresh_from_db()
    assert task.status == "SUCCESSFUL"
    assert "导入1行" in client.get(step("check", row)).content.decode()
    assert AuditEvent.objects.filter(verb="import_roster", reason="").count() == 1


# --- whose


def test_upload_by_a_steward_is_for_their_own_unions_only(client, steward, foreign):
    content = plain_csv(["示例甲", number(5), ""])

    response = send(client, foreign.union_org, content)
    offered = response.context["form"].fields["union_org"].queryset

    assert set(response.context["form"].errors) == {"union_org"}
    assert [org.code for org in offered] == ["A"]
    assert RosterImport.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("get", "columns"),
        ("post", "columns"),
        ("get", "check"),
        ("post", "check"),
        ("get", "report"),
    ],
)
def test_roster_page_of_another_union_is_not_there(
    client, steward, foreign, name, method
):
    response = getattr(client, method)(step(name, foreign), {"mode": "good"})

    assert response.status_code == 404
    assert Worker.objects.count() == 0


def test_roster_list_shows_no_roster_of_another_union(client, steward, foreign, union):
    mine = keep(union, plain_csv(["示例甲", number(5), ""]))

    response = client.get(LIST)

    assert list(response.context["cl"].result_list) == [mine]
    assert client.get(LIST, {"q": "名册"}).context["cl"].result_count == 1


@pytest.mark.parametrize("role", ["编辑", "培训管理员", "系统管理员"])
@pytest.mark.parametrize("name", ["columns", "check", "report"])
def test_upload_is_refused_to_other_roles(client, enter, foreign, role, name):
    enter(role)

    assert client.get(step(name, foreign)).status_code == 403
    assert client.get(ADD).status_code == 403
    assert client.get(LIST).status_code == 403


def test_roster_page_is_read_only_for_an_auditor(client, enter, foreign):
    enter("审计员")

    assert client.get(LIST).status_code == 200
    page = client.get(step("check", foreign))
    assert page.status_code == 200
    assert 'name="mode"' not in page.content.decode()
    assert client.post(step("check", foreign), {"mode": "good"}).status_code == 403
    assert client.get(step("columns", foreign)).status_code == 403
    assert client.get(step("report", foreign)).status_code == 403
    assert client.get(ADD).status_code == 403
    assert Worker.objects.count() == 0


def test_upload_by_the_desk_is_for_any_union(client, enter, foreign):
    enter("服务台")

    response = let_apply(client, foreign)

    assert "导入1行" in response.content.decode()


def test_roster_list_leads_to_the_step_a_roster_is_at(client, steward, union):
    row = keep(union, plain_csv(["示例甲", number(5), ""]))
    change = reverse("admin:members_rosterimport_change", args=[row.pk])
    assert client.get(change)["Location"] == step("columns", row)

    roster.apply(roster_import=row, by=None)

    assert client.get(change)["Location"] == step("check", row)


@pytest.mark.parametrize("rows", [1, 8])
def test_roster_list_costs_the_same_however_long(
    client, steward, union, rows, django_assert_max_num_queries
):
    for n in range(rows):
        keep(union, plain_csv(["示例甲", number(n), ""]))

    with django_assert_max_num_queries(10):
        response = client.get(LIST)

    assert len(response.context["cl"].result_list) == rows
