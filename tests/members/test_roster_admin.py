"""The pages on which a roster is brought in: who opens them, what they show and do."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from members.models import RosterImport, Worker
from members.services import roster
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
    checked = client.get(step("check", row))
    assert Worker.objects.count() == 0
    report = checked.context["report"]
    assert report.sentence in checked.content.decode()
    assert "身份证号码校验不通过，请核对最后一位" in checked.content.decode()

    done = client.post(step("check", row), {"mode": "good"}, follow=True)
    assert Worker.objects.filter(union_org=union).count() == report.created
    html = done.content.decode()
    assert str(done.context["messages"]._loaded_data[0]) == report.sentence
    assert html.count(report.sentence) == 2, "in the message and on the page"
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
    client.post(step("check", row), {"mode": "good"})

    page = client.get(step("check", row)).content.decode()
    response = client.get(step("report", row))

    assert "导入1行，提醒0行，错误1行" in page
    assert load_workbook(io.BytesIO(response.content)).active["D2"].value == "示?甲"


def test_apply_roster_all_or_nothing_changes_nothing_and_can_be_tried_again(
    client, steward, union
):
    row = keep(union, plain_csv(["示?甲", number(1), ""], ["示乙", number(3), ""]))

    response = client.post(step("check", row), {"mode": "all"}, follow=True)

    assert "有错误行，全部未导入。" in response.content.decode()
    assert Worker.objects.count() == 0
    assert 'value="good"' in response.content.decode()


def test_apply_roster_whole_roster_marks_who_left(client, steward, union):
    first = keep(union, plain_csv(["示例甲", number(1), ""], ["示例乙", number(3), ""]))
    client.post(step("check", first), {"mode": "good"})
    second = keep(union, plain_csv(["示例甲", number(1), ""]))
    page = client.get(step("check", second)).content.decode()
    assert "把名册上没有的1人标为不在册" in page

    done = client.post(
        step("check", second), {"mode": "good", "whole": "on"}, follow=True
    )

    assert "标为不在册1人" in done.content.decode()
    assert Worker.objects.get(name="示例乙").left_at is not None


def test_apply_roster_by_a_second_click_shows_the_first_ones_result(
    client, steward, union
):
    row = keep(union, plain_csv(["示例甲", number(1), ""]))
    client.post(step("check", row), {"mode": "good"}, follow=True)

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

    response = client.post(step("check", foreign), {"mode": "good"}, follow=True)

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
