"""The auditor's page: what happened in sentences, narrowed, page by page, as a file."""

import csv
import io
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from activities.training.models import TermPlan
from common import audit, history
from common.models import AuditEvent, Change
from members.models import SmsChoice, Worker
from news.models import Article
from tests.factories import make_union, make_user, make_worker
from tests.news.factories import make_column, make_draft
from unionportal import auditing, deeds
from unionportal.roles import ROLES
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:audit")
EXPORT = reverse("admin:audit_export")


@pytest.fixture
def auditor(client):
    write_roles()
    user = make_user(roles=["审计员"], is_staff=True, name="秦正")
    client.force_login(user)
    return user


def change(by, row, **columns):
    with transaction.atomic(), history.asked_by(by):
        type(row).objects.filter(pk=row.pk).update(**columns)


def sentences(client, **query):
    return client.get(PAGE, query).context["sentences"]


def test_auditor_reads_who_changed_what_from_what_to_what(client, auditor):
    editor = make_user(name="周文静", is_staff=True)
    article = make_draft(title="木棉花开", column=make_column(name="要闻"))
    change(editor, article, is_pinned=True)
    change(editor, article, column=make_column(name="公告"))

    moved, pinned = sentences(client, who="周文静")

    assert (pinned.who, pinned.deed, pinned.thing) == (
        "周文静", "修改", "文章“木棉花开”",
    )  # fmt: skip
    assert pinned.detail == "栏目置顶由“否”改为“是”"
    # a relation by its title, not by its number
    assert moved.detail == "栏目由“要闻”改为“公告”"


def test_auditor_reads_of_people_by_masked_names_and_no_numbers(client, auditor):
    worker = make_worker(name="王小棉", user=make_user(phone="+8613800001111"))
    change(make_user(name="陈立新"), worker, is_migrant=True)
    audit.record("reveal_phone", by=auditor, of=worker, reason="核对13800001111")

    html = client.get(PAGE).content.decode()

    assert "王*棉" in html
    assert "王小棉" not in html
    assert "13800001111" not in html


def test_auditor_sees_what_the_system_did_and_what_was_refused(client, auditor):
    article = make_draft()
    with transaction.atomic(), history.asked_by(None, cause="tick"):
        Article.objects.filter(pk=article.pk).update(is_pinned=True)
    AuditEvent.objects.create(verb="log_in", outcome="refused", request_id="r1")

    assert sentences(client, kind="update")[0].who == "系统（定时任务）"
    (refused,) = sentences(client, kind="refused")
    assert (refused.who, refused.result) == ("未登录者", "被拒绝")


def test_auditor_narrows_by_person_room_kind_and_days(client, auditor):
    editor = make_user(name="周文静")
    article, worker = make_draft(), make_worker()
    change(editor, article, is_pinned=True)
    change(auditor, worker, is_migrant=True)
    audit.record("export", by=editor, of=worker)
    today = timezone.localdate()

    def found(**query):
        return [(s.who, s.kind, s.deed) for s in sentences(client, **query)]

    assert found(who=f"#{editor.pk}", kind="update") == [("周文静", "文章", "修改")]
    assert found(who="周文静", room="members") == [("周文静", "职工", "导出数据")]
    assert found(room="members", kind="update") == [("秦正", "职工", "修改")]
    assert found(who="没有这个人") == []
    assert found(until=today - timedelta(days=1)) == []
    assert len(found(since=today, until=today)) > 3


def test_auditor_is_told_of_days_in_the_wrong_order(client, auditor):
    response = client.get(PAGE, {"since": "2018-06-02", "until": "2018-06-01"})

    assert response.status_code == 200
    assert "until" in response.context["form"].errors


def test_auditor_turns_pages_without_a_row_missing_or_twice(
    client, auditor, monkeypatch
):
    """Changes and events of one moment, on either side of the end of a page."""
    monkeypatch.setattr(auditing, "PAGE", 3)
    for _n in range(4):
        make_draft()
    Article.objects.update(is_pinned=True)
    one_moment = Change.objects.latest("pk").at
    for _n in range(4):
        AuditEvent.objects.create(verb="export", outcome="done", at=one_moment)
    assert Change.objects.filter(at=one_moment).count() == 4
    expected = Change.objects.count() + AuditEvent.objects.count()

    seen, before, pages = [], "", 0
    while before is not None:
        context = client.get(PAGE, {"before": before} if before else {}).context
        seen += context["sentences"]
        before, pages = context["more"], pages + 1

    assert len(seen) == expected
    assert pages == -(-expected // 3)
    assert sum(s.deed == "导出数据" for s in seen) == 4


@pytest.mark.parametrize(
    "typed", ["x", "~", "2018-01-01~0~1", "2018-13-99T00:00:00+08:00~0~1"]
)
def test_auditor_page_of_no_moment_is_404(client, auditor, typed):
    assert client.get(PAGE, {"before": typed}).status_code == 404


@pytest.mark.parametrize("rows", [2, 30])
def test_auditor_page_costs_at_most_ten_queries(client, auditor, rows):
    for _n in range(rows):
        change(auditor, make_draft(), is_pinned=True)
        change(auditor, make_worker(), is_migrant=True)
        audit.record("export", by=auditor, of=make_union())

    with CaptureQueriesContext(connection) as queries:
        response = client.get(PAGE, {"who": "秦正"})

    assert len(queries) <= 10
    assert len(response.context["sentences"]) <= auditing.PAGE


def export(client, **more):
    typed = {"who": "秦正", "kind": "update", "as": "xlsx"}
    return client.post(EXPORT, typed | more)


def test_auditor_exports_what_is_shown_and_the_export_is_on_record(client, auditor):
    article = make_draft(title="=SUM(A1)")
    change(auditor, article, is_pinned=True)
    change(auditor, make_worker(name="王小棉"), is_migrant=True)

    sheet = load_workbook(io.BytesIO(export(client).content)).active
    comma = export(client, **{"as": "csv"}).content.decode("utf-8-sig")

    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[3:5] for row in rows] == [["职工", "王*棉"], ["文章", "=SUM(A1)"]]
    typed = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value}
    assert typed == {"s"}
    assert [row[4] for row in csv.reader(io.StringIO(comma))][1:] == [
        "王*棉", "'=SUM(A1)",
    ]  # fmt: skip
    event = AuditEvent.objects.filter(verb="export").latest("pk")
    assert (event.by, event.of_model) == (auditor, "common.change")
    assert (event.reason, event.after) == ("操作人：秦正，操作：修改", "2条操作记录")


def test_auditor_export_of_too_much_is_refused_and_not_on_record(
    client, auditor, monkeypatch
):
    monkeypatch.setattr(auditing, "MOST_EXPORTED", 1)
    article = make_draft()
    for pinned in (True, False):
        change(auditor, article, is_pinned=pinned)

    response = export(client)

    assert (response.status_code, response["Location"]) == (
        302,
        f"{PAGE}?who={quote('秦正')}&kind=update",
    )
    assert not AuditEvent.objects.filter(verb="export").exists()


def test_auditor_export_by_get_does_nothing(client, auditor):
    assert client.get(EXPORT)["Location"] == PAGE
    assert not AuditEvent.objects.filter(verb="export").exists()


@pytest.mark.parametrize("role", sorted(ROLES.keys() - {"审计员"}))
def test_audit_pages_are_closed_to_other_roles(client, role):
    write_roles()
    client.force_login(make_user(roles=[role], is_staff=True))

    assert client.get(PAGE).status_code == 403
    assert client.post(EXPORT).status_code == 403


def test_titles_have_a_path_that_exists_for_every_named_table():
    models = [*history.tracked().values(), Worker]

    auditing._titles({(model, 0) for model in models})


def test_titles_name_every_table_that_is_tracked():
    tracked = history.tracked().values()

    assert [model for model in tracked if auditing._paths(model) is None] == []


def test_auditor_reads_no_bare_number_where_a_row_has_a_title(client, auditor):
    plan = TermPlan.objects.create(content={"term": {"title": "第七期才艺培训"}})
    choice = SmsChoice.objects.create(kind="signups.called_off", is_on=False)
    change(make_user(name="陈立新"), choice, is_on=True)

    said = {sentence.thing for sentence in sentences(client)}

    assert f"{plan._meta.verbose_name}“第七期才艺培训”" in said
    assert f"{choice._meta.verbose_name}“停办”" in said


def test_home_says_what_one_did_oneself_and_once_for_each_click(auditor, monkeypatch):
    editor, first, second = make_user(name="周文静"), make_draft(), make_draft()
    monkeypatch.setattr(history, "_request", lambda: {"request": "one click"})
    for row in (first, second):
        change(editor, row, is_pinned=True)
    change(auditor, first, is_pinned=False)
    audit.record("log_in", by=editor, of=editor)
    audit.record("export", by=editor, of=Article)

    said = {(one.deed, one.title) for one in deeds.recent(editor)}

    assert said == {("导出数据", ""), ("修改", first.title)}
    assert [one.deed for one in deeds.recent(auditor)] == ["修改"]


def test_home_says_once_what_one_did_again_and_again(monkeypatch):
    editor, first, second = make_user(), make_draft(), make_draft()
    clicks = iter("abc")

    for row, is_pinned in ((first, True), (second, True), (first, False)):
        click = {"request": next(clicks)}
        monkeypatch.setattr(history, "_request", lambda click=click: click)
        change(editor, row, is_pinned=is_pinned)

    assert [one.title for one in deeds.recent(editor)] == [first.title, second.title]
