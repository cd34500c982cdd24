"""A worker's row that somebody fills in by hand is spelled as a roster would spell it."""

import pytest
from django.urls import reverse

from common.errors import Refusal
from members.models import Worker
from members.services import roster, workers
from tests.factories import make_worker
from tests.members.rosters import number, plain_csv

pytestmark = pytest.mark.django_db

LIST = reverse("admin:members_worker_changelist")


def add(client, union, **typed):
    return client.post(
        reverse("admin:members_worker_add"), {"union_org": union.pk} | typed
    )


def test_save_worker_name_and_number_are_stored_in_a_rosters_spelling(
    client, steward, union
):
    add(client, union, name="阿卜杜 • 示例", member_number="ＳＬ-٩ 9")

    worker = Worker.objects.get()
    assert (worker.name, worker.member_number) == ("阿卜杜·示例", "SL-99")


def test_apply_roster_finds_who_was_registered_by_hand(client, steward, union):
    add(client, union, name="阿卜杜▪示例", member_number="ＨＹ１")
    content = plain_csv(["阿卜杜·示例", number(1), "HY1"])
    kept = roster.upload(union_org=union, file_name="a.csv", content=content, by=None)

    report = roster.apply(roster_import=kept, by=None)

    assert (report.created, report.changed, report.findings) == (0, 1, [])
    assert Worker.objects.count() == 1


def test_apply_roster_finds_whose_name_was_typed_without_its_dot(union):
    make_worker(union_org=union, name="阿卜杜示例", member_number="HY1")
    content = plain_csv(["阿卜杜·示例", number(1), "HY1"])
    kept = roster.upload(union_org=union, file_name="a.csv", content=content, by=None)

    report = roster.apply(roster_import=kept, by=None)

    assert (report.created, report.changed) == (0, 1)
    assert [f.code for f in report.findings] == ["name_changed"]
    assert Worker.objects.get().name == "阿卜杜·示例"


@pytest.mark.parametrize(
    ("typed", "field", "text"),
    [
        ({"name": "示?例"}, "name", "姓名含有不能识别的字符“?”"),
        ({"name": "=1+1"}, "name", "姓名含有不是文字的字符“=”"),
        ({"member_number": "@1"}, "member_number", "会员编号不能识别"),
        ({"member_number": "ＨＹ１"}, "member_number", "该会员编号已登记给其他职工"),
    ],
)
def test_save_worker_reports_at_its_box_what_a_roster_would_refuse(
    client, steward, union, typed, field, text
):
    make_worker(union_org=union, member_number="HY1")

    response = add(client, union, **({"name": "示例", "member_number": ""} | typed))

    errors = response.context["adminform"].form.errors
    assert [field] == list(errors)
    assert text in errors[field][0]
    assert Worker.objects.count() == 1


def test_save_worker_does_not_judge_again_what_was_there(union):
    worker = make_worker(union_org=union, name="བསོད་ནམས", member_number="@1")
    worker.is_migrant = True

    workers.save_worker(worker=worker, by=None)

    worker.refresh_from_db()
    assert worker.is_migrant


def test_save_worker_refuses_a_new_spelling_of_somebody_elses_number(union):
    make_worker(union_org=union, member_number="HY1")

    with pytest.raises(Refusal) as caught:
        workers.save_worker(
            worker=Worker(union_org=union, name="示例", member_number="HY １"), by=None
        )

    assert caught.value.codes == {"number_taken"}


@pytest.mark.parametrize(
    "typed", ["SL-29", "ＳＬ－２９", "SL-٢٩", "阿卜杜•示例", "阿卜杜 · 示例"]
)
def test_worker_list_search_finds_them_however_typed(client, steward, union, typed):
    there = make_worker(union_org=union, name="阿卜杜·示例", member_number="SL-29")
    make_worker(union_org=union, name="别人", member_number="SL-30")

    found = client.get(LIST, {"q": typed}).context["cl"].result_list

    assert list(found) == [there]
