"""Hours of before this portal, out of lists: read with care, marked, kept apart."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from common import sheets
from common.errors import Refusal
from tests.background import run_tasks
from tests.factories import make_worker, make_worker_with_login
from tests.volunteers.factories import make_membership, make_team
from tests.volunteers.services import certifiable, make_coordinator, make_leader
from volunteers.models import HoursImport, ImportedHours, ServiceRecord
from volunteers.services import certifying, oldhours

pytestmark = pytest.mark.django_db

HEAD = ["志愿服务队", "姓名", "会员编号", "服务日期", "服务名称", "时长（小时）"]
SOURCE = "2016年志愿服务台账"


def as_csv(*rows, head=HEAD) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([["某某市志愿服务台账"], head, *rows])
    return out.getvalue().encode("utf-8-sig")


def brought(content, by=None, apply=True):
    """The import, checked, and applied if asked."""
    by = by or make_coordinator()
    row = oldhours.upload(file_name="台账.csv", content=content, source=SOURCE, by=by)
    run_tasks()
    row.refresh_from_db()
    if apply:
        oldhours.start_apply(hours_import=row, by=by)
        run_tasks()
        row.refresh_from_db()
    return row


@pytest.fixture
def people():
    team = make_team(name="红星志愿服务队")
    known = make_worker(name="王小刚", member_number="PZH001")
    member = make_worker(name="李秀兰", member_number="PZH002")
    make_membership(team=team, worker=member)
    return team, known, member


def test_import_takes_good_rows_and_says_what_is_wrong_with_the_others(people):
    team, known, member = people
    later = f"{timezone.localdate().year + 1}-03-06"
    row = brought(
        as_csv(
            ["红星志愿服务队", "王小刚", "pzh001", "2016年3月5日", "站台引导", "2.5"],
            ["红星志愿服务队", "李秀兰", "", "2016/3/5", "", "1小时30分"],
            ["没有的队", "王小刚", "PZH001", "2016-03-06", "引导", "2"],
            ["红星志愿服务队", "王大刚", "PZH001", "2016-03-06", "引导", "2"],
            ["红星志愿服务队", "张三", "", "2016-03-06", "引导", "2"],
            ["红星志愿服务队", "王小刚", "PZH001", "2016-13-06", "引导", "2"],
            ["红星志愿服务队", "王小刚", "PZH001", later, "引导", "2"],
            ["红星志愿服务队", "王小刚", "PZH001", "2016-03-07", "引导", "很久"],
            ["红星志愿服务队", "王小刚", "PZH001", "2016-03-08", "引导", "200"],
            ["红星志愿服务队", "王小刚", "PZH001", "2016-03-05", "站台引导", "2.5"],
            ["合计", "", "", "", "", "12"],
        )
    )

    stored = {one.worker: one for one in row.hours.all()}
    assert set(stored) == {known, member}
    assert (stored[known].minutes, stored[member].minutes) == (150, 90)
    assert {one.team for one in stored.values()} == {team}
    codes = {one.code for one in oldhours.result_of(hours_import=row).findings}
    assert codes == {
        *("team", "person", "no_day", "day_off", "no_hours", "hours_off", "twice"),
    }
    assert (row.created, row.unchanged, row.refused) == (2, 0, 8)


def test_check_is_a_dry_run(people):
    row = brought(
        as_csv(["红星志愿服务队", "王小刚", "PZH001", "2016-03-05", "引导", "2"]),
        apply=False,
    )

    assert oldhours.result_of(hours_import=row).created == 1
    assert not ImportedHours.objects.exists() and row.applied_at is None


def test_same_list_again_changes_nothing(people):
    content = as_csv(["红星志愿服务队", "王小刚", "PZH001", "2016-03-05", "引导", "2"])

    first, second = brought(content), brought(content)

    assert (first.created, second.created, second.unchanged) == (1, 0, 1)
    assert ImportedHours.objects.count() == 1


def test_table_takes_one_line_of_a_list_once(people):
    line = ["红星志愿服务队", "王小刚", "PZH001", "2016-03-05", "引导", "2"]
    one = brought(as_csv(line)).hours.get()
    one.pk = None

    with pytest.raises(IntegrityError, match="importedhours_once"):
        one.save()


def test_workbook_is_read_as_a_csv_is(people):
    content = sheets.to_xlsx(
        [HEAD, ["红星志愿服务队", "王小刚", "PZH001", "2016-03-05", "引导", 2]],
        title="台账",
        widths=[10] * 6,
    )

    assert brought(content).created == 1


def test_more_than_a_day_in_a_day_is_refused(people):
    row = brought(
        as_csv(
            ["红星志愿服务队", "王小刚", "PZH001", "2016-03-05", "上午", "14"],
            ["红星志愿服务队", "王小刚", "PZH001", "2016-03-05", "下午", "11"],
        )
    )

    assert row.created == 1
    [finding] = oldhours.result_of(hours_import=row).findings
    assert finding.code == "day_full"


def test_two_members_of_one_name_are_told_apart_by_number_only(people):
    team, _known, member = people
    make_membership(team=team, worker=make_worker(name=member.name))

    row = brought(
        as_csv(["红星志愿服务队", member.name, "", "2016-03-05", "引导", "2"])
    )

    assert row.created == 0
    assert "同名" in oldhours.result_of(hours_import=row).findings[0].reason


def test_imported_hours_are_in_no_sum_and_no_certificate():
    worker = make_worker_with_login(name="王小刚", member_number="PZH001")
    make_team(name="红星志愿服务队")
    record = certifiable(worker=worker)
    brought(as_csv(["红星志愿服务队", "王小刚", "PZH001", "2016-03-05", "引导", "9"]))

    made = certifying.issue(worker=worker, by=worker.user)

    assert made.minutes == record.minutes
    own = ServiceRecord.objects.filter(worker=worker)
    assert own.total()["minutes"] == record.minutes


def test_worker_sees_imported_hours_apart_and_marked(client):
    worker = make_worker_with_login(name="王小刚", member_number="PZH001")
    make_team(name="红星志愿服务队")
    brought(as_csv(["红星志愿服务队", "王小刚", "PZH001", "2016-03-05", "旧引导", "9"]))
    client.force_login(worker.user)

    page = client.get(reverse("volunteers:my-services")).content.decode()

    assert "旧引导" in page and SOURCE in page
    assert "旧引导" in str(client.get(reverse("my-data")).content.decode())


def test_import_can_be_taken_back_and_done_again(people):
    content = as_csv(["红星志愿服务队", "王小刚", "PZH001", "2016-03-05", "引导", "2"])
    row, by = brought(content), make_coordinator()

    assert oldhours.take_back(hours_import=row, by=by) == 1
    assert oldhours.take_back(hours_import=row, by=by) == 0
    assert not ImportedHours.objects.exists()
    assert brought(content).created == 1


def test_file_is_sealed_and_thrown_away(people):
    row = brought(
        as_csv(["红星志愿服务队", "王小刚", "PZH001", "2016-03-05", "引导", "2"]),
        apply=False,
    )
    assert "王小刚" not in row.content + row.report

    HoursImport.objects.update(created_at=timezone.now() - timedelta(days=2))
    oldhours.forget_outdated()

    row.refresh_from_db()
    assert (row.content, row.report) == ("", "")
    with pytest.raises(Refusal) as caught:
        oldhours.start_apply(hours_import=row, by=make_coordinator())
    assert caught.value.codes == {"import_gone"}


def test_leader_imports_nothing():
    with pytest.raises(Refusal) as caught:
        brought(as_csv(), by=make_leader().user)

    assert caught.value.codes == {"not_importer"}


def test_pages_lead_from_the_file_to_the_result(client, people):
    client.force_login(make_coordinator())
    add = reverse("admin:volunteers_hoursimport_add")
    content = as_csv(
        ["红星志愿服务队", "王小刚", "PZH001", "2016-03-05", "引导", "2"],
        ["没有的队", "王小刚", "PZH001", "2016-03-06", "引导", "2"],
    )

    empty = client.post(add, {"source": SOURCE})
    wrong = client.post(
        add, {"source": SOURCE, "file": SimpleUploadedFile("a.csv", b"x,y\n1,2")}
    )
    sent = client.post(
        add, {"source": SOURCE, "file": SimpleUploadedFile("a.csv", content)}
    )
    work = sent["Location"]
    assert "正在处理" in client.get(work).content.decode()
    run_tasks()
    checked = client.get(work).content.decode()
    client.post(work, {"do": "import"})
    run_tasks()

    assert "file" in empty.context["form"].errors
    assert wrong.status_code in (200, 302)
    assert "新增1条" in checked and "没有这支队伍" in checked
    assert "已导入" in client.get(work).content.decode()
    row = HoursImport.objects.latest("pk")
    report = client.get(reverse("admin:volunteers_hoursimport_report", args=[row.pk]))
    assert report["Content-Type"] == sheets.XLSX
    assert ImportedHours.objects.count() == 1
