"""The classes of a term's sheet, taken away as a workbook and brought back."""

import io
from datetime import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from activities.training.admin import planfile
from activities.training.models import TermPlan
from common.errors import Refusal
from tests.activities.test_training_plans import copied, last, manager, page

pytestmark = pytest.mark.django_db

__all__ = ["last", "manager"]


def a_file(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bring(client, plan, content, revision=None):
    return client.post(
        reverse("admin:activities_training_termplan_bring", args=[plan.pk]),
        {
            "revision": plan.revision if revision is None else revision,
            "file": SimpleUploadedFile("classes.xlsx", content),
        },
        follow=True,
    )


def test_file_of_a_sheet_brought_back_unchanged_changes_nothing(manager, last):
    plan = copied(last)
    before = [dict(row) for row in plan.rows]
    at = reverse("admin:activities_training_termplan_file", args=[plan.pk])
    content = manager.get(at).content

    bring(manager, plan, content)

    plan.refresh_from_db()
    head, *_rows = load_workbook(io.BytesIO(content)).active.values
    assert list(head) == list(planfile.labels().values())
    kept = [{k: v for k, v in row.items() if v} for row in plan.rows]
    assert kept == [{k: v for k, v in row.items() if v} for row in before]


def test_file_changes_a_class_of_the_same_name_and_adds_the_others(manager, last):
    plan = copied(last)
    known, before = plan.rows[0], len(plan.rows)
    content = a_file(
        ["第八期排课"],
        ["班名", "名额", "星期", "上课", "场馆"],
        [known["name"], 33, "周二、周四", time(18, 30), "没有的馆"],
        ["示例新班", "25", "6", "9:00", ""],
    )

    answer = bring(manager, plan, content)

    plan.refresh_from_db()
    assert len(plan.rows) == before + 1
    row, new = plan.rows[0], plan.rows[-1]
    assert (row["capacity"], row["weekdays"], row["starts"]) == ("33", "2,4", "18:30")
    assert (row["key"], row["source"]) == (known["key"], known["source"])
    assert (new["name"], new["capacity"], new["weekdays"]) == ("示例新班", "25", "6")
    # what is not understood is named at its box, as it was written
    errors = answer.context["sheet"].rows[0].errors
    assert "没有的馆" in str(errors["venue"])


@pytest.mark.parametrize(
    "content", [b"not a table at all \x00\x01", a_file(["姓名", "手机"], ["示例", "1"])]
)
def test_file_that_is_no_sheet_of_classes_is_refused_in_words(manager, last, content):
    plan = copied(last)

    answer = bring(manager, plan, content)

    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert TermPlan.objects.get().revision == plan.revision


def test_file_onto_a_sheet_that_somebody_saved_since_is_refused(manager, last):
    plan = copied(last)

    bring(manager, plan, a_file(["班名"], ["示例新班"]), revision=plan.revision + 7)

    assert TermPlan.objects.get().rows == plan.rows


def test_file_of_too_many_classes_is_refused():
    rows = [["班名"], *([f"示例{n}班"] for n in range(61))]

    with pytest.raises(Refusal) as caught:
        planfile.read(a_file(*rows), [])

    assert caught.value.codes == {"too_many"}


def test_file_is_closed_to_who_opens_no_terms(client, last):
    plan = copied(last)

    assert client.get(page(plan)).status_code == 302
    at = reverse("admin:activities_training_termplan_file", args=[plan.pk])
    assert client.get(at).status_code == 302
