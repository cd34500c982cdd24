"""A roster is brought in: every row comes to what it should, in every encoding."""

import io
import subprocess
import sys
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone
from openpyxl import Workbook

from common import crypto
from common.errors import Busy, Refusal
from common.models import Change
from members import identity
from members.models import RosterImport, Worker
from members.services import roster, roster_pass
from tests.concurrency import at_once
from tests.factories import make_union, make_user, make_worker
from tests.members import rosters as made
from tests.members.rosters import number, plain_csv

pytestmark = pytest.mark.django_db


def bring(union, content, *, name="名册.csv", **how):
    kept = roster.upload(union_org=union, file_name=name, content=content, by=None)
    return roster.apply(roster_import=kept, by=None, **how)


def fingerprint(whole):
    return identity.fingerprint(identity.read(whole, today=timezone.localdate()))


def member(union, whole, **fields):
    return make_worker(union_org=union, identity_hmac=fingerprint(whole), **fields)


# --- every row of the great roster


@pytest.fixture
def neighbours():
    other = make_union(code="B")
    member(other, made.ELSEWHERE, name="示例别")
    make_worker(union_org=other, name="示例占位", member_number=made.TAKEN)
    return other


def said(report):
    lines = {}
    for finding in report.findings:
        lines.setdefault(finding.line, set()).add(finding.code)
    return lines


@pytest.mark.parametrize("kind", made.FILES)
def test_check_roster_every_row_comes_to_what_it_should(union, neighbours, kind):
    report = bring(union, made.FILES[kind](), name=f"名册.{kind}")

    rows = dict(enumerate(made.rows(is_xlsx=kind == "xlsx"), start=made.FIRST))
    expected, kept_out = {}, set()
    for line, row in rows.items():
        is_lost = kind == "gbk" and row.gbk_codes is not None
        if codes := row.gbk_codes if is_lost else row.codes:
            expected[line] = codes
        if is_lost or row.outcome == "refused":
            kept_out.add(line)
    assert said(report) == expected
    assert {f.line for f in report.findings if f.is_error} == kept_out
    arrived = [r for n, r in rows.items() if r.outcome == "new" and n not in kept_out]
    assert report.created == Worker.objects.filter(union_org=union).count()
    assert report.created == len(arrived)
    assert report.refused == len(kept_out)
    assert len({code for codes in expected.values() for code in codes}) >= 20


def test_check_roster_great_roster_has_twenty_kinds_of_fault():
    faults = [row.codes for row in made.rows(is_xlsx=True)]
    assert len(set().union(*faults)) >= 20


def test_check_roster_what_is_stored_leads_to_nobody(union, neighbours):
    bring(union, made.as_xlsx())

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w::text FROM members_worker w UNION ALL "
            "SELECT r::text FROM members_rosterimport r UNION ALL "
            "SELECT c::text FROM common_change c"
        )
        dump = "\n".join(line for (line,) in cursor.fetchall())
    whole = number(101)
    assert whole not in dump
    assert whole[:14] not in dump
    assert "示例厂工会会员名册" not in dump


def test_apply_roster_makes_a_worker_of_a_row_who_can_be_found_and_verified(union):
    bring(union, plain_csv(["示例·甲", number(101), "HY1"]))

    worker = Worker.objects.get()
    assert (worker.name, worker.member_number, worker.union_org) == (
        "示例·甲",
        "HY1",
        union,
    )
    assert worker.identity_hmac == crypto.digest("identity", number(101))
    assert worker.identity_last4 == number(101)[-4:]
    assert worker.identity_last6_hmac == identity.last6_fingerprint(number(101)[-6:])
    assert worker.is_member
    assert worker.verified_at is None
    assert worker.user is None


@pytest.mark.parametrize("kind", made.FILES)
def test_report_shows_no_number(union, neighbours, kind):
    report = bring(union, made.FILES[kind]())

    for finding in report.findings:
        digits = [c for c in finding.value if c.isdigit()]
        assert len(digits) <= 8, finding
        if finding.column.startswith("身份证"):
            assert len(digits) <= 4, finding


def test_preview_reports_hidden_sheets_and_skipped_rows(union, neighbours):
    report = bring(union, made.as_xlsx())

    assert report.notices[0] == "隐藏的工作表没有读取：去年"
    assert "合计" in report.notices[1]
    assert not Worker.objects.filter(name="示例旧").exists()


def test_preview_reports_a_gbk_file_that_lost_characters(union, neighbours):
    report = bring(union, made.FILES["gbk"]())

    assert any("GBK编码" in notice for notice in report.notices)
    lost = [f for f in report.findings if f.code == "name_lost"]
    assert lost[0].reason == (
        "姓名含有不能识别的字符“?”，请按身份证填写，生僻字可直接粘贴"
    )


def test_check_roster_reports_a_number_in_a_date_cell_and_logs_it_nowhere(union):
    book = Workbook()
    book.active.append(["姓名", "身份证号码"])
    book.active.append(["示例甲", float(number(103))])
    book.active["B2"].number_format = "yyyy-mm-dd"
    out = io.BytesIO()
    book.save(out)

    report = bring(union, out.getvalue())
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from django.conf import settings; settings.configure();"
            "from common import sheets; table = sheets.read(sys.stdin.buffer.read());"
            "print(len(list(table.rows(table.sheets[0]))))",
        ],
        input=out.getvalue(),
        capture_output=True,
        check=True,
    )

    assert [f.code for f in report.findings] == ["identity_digits_lost"]
    assert (done.stdout, done.stderr) == (b"2\n", b"")


def test_upload_number_in_the_name_of_a_file_is_masked(union):
    kept = roster.upload(
        union_org=union,
        file_name=f"{number(101)}.csv",
        content=plain_csv(["示例甲", number(101), ""]),
        by=None,
    )

    assert kept.file_name == "***.csv"


# --- again, and what has changed


@pytest.mark.parametrize("kind", ["xlsx", "gb18030"])
def test_apply_roster_same_roster_again_changes_nothing(union, neighbours, kind):
    content = made.FILES[kind]()
    first = bring(union, content)
    before = list(Worker.objects.order_by("pk").values())

    again = bring(union, content)

    assert (again.created, again.changed) == (0, 0)
    assert again.unchanged == first.created
    assert list(Worker.objects.order_by("pk").values()) == before


def test_apply_roster_old_number_and_the_new_one_are_one_person(union):
    old = "510499800101115"
    bring(union, plain_csv(["示例甲", old, ""]))

    again = bring(union, plain_csv(["示例甲", number(115), ""]))

    assert (again.created, again.unchanged) == (0, 1)


def test_check_roster_says_all_and_changes_nothing(union):
    stays = member(union, number(1), name="示例留", identity_last6_hmac="x")
    member(union, number(3), name="示例旧名", identity_last6_hmac="x")
    member(union, number(5), name="示例走", identity_last6_hmac="x")
    before = list(Worker.objects.order_by("pk").values())
    content = plain_csv(
        [stays.name, number(1), ""],
        ["示例新名", number(3), "HY3"],
        ["示例新人", number(7), ""],
    )

    report = roster.rehearse(union_org=union, content=content, whole=True)

    assert (report.created, report.changed, report.unchanged) == (1, 1, 1)
    assert report.changes[0].fields == {
        "name": ("示例旧名", "示例新名"),
        "member_number": ("", "HY3"),
    }
    assert report.newcomers == [(4, "示例新人")]
    assert report.missing == ["示例走"]
    assert list(Worker.objects.order_by("pk").values()) == before
    assert RosterImport.objects.count() == 0


def test_check_roster_of_an_uploaded_file_foretells_the_import(union, neighbours):
    kept = roster.upload(
        union_org=union, file_name="名册.xlsx", content=made.as_xlsx(), by=None
    )

    checked = roster.check(roster_import=kept)
    assert Worker.objects.filter(union_org=union).count() == 0
    done = roster.apply(roster_import=kept, by=None)

    assert checked.sentence == done.sentence
    assert checked.findings == done.findings


def test_apply_roster_leaves_what_the_file_does_not_say(union):
    worker = member(
        union, number(1), name="示例甲", is_migrant=True, member_number="M1"
    )

    bring(union, plain_csv(["示例甲", number(1)], titles=("姓名", "身份证号")))

    worker.refresh_from_db()
    assert worker.is_migrant
    assert worker.member_number == "M1"


def test_apply_roster_finds_who_was_registered_by_hand_by_member_number_and_name(union):
    by_hand = make_worker(union_org=union, name="示例甲", member_number="HY1")

    report = bring(union, plain_csv(["示例甲", number(1), "HY1"]))

    by_hand.refresh_from_db()
    assert (report.created, report.changed) == (0, 1)
    assert by_hand.identity_hmac == fingerprint(number(1))


def test_apply_roster_reports_a_person_of_another_union_and_moves_nobody(
    union, neighbours
):
    before = Worker.objects.filter(union_org=neighbours).values()

    report = bring(union, plain_csv(["示例别", made.ELSEWHERE, "HY5"]))

    (finding,) = report.findings
    assert (finding.code, finding.is_error) == ("elsewhere", False)
    assert neighbours.name not in finding.reason + finding.advice
    assert (report.imported, report.warned) == (0, 1)
    assert list(Worker.objects.filter(union_org=neighbours).values()) == list(before)


# --- all or nothing, the whole roster


def test_apply_roster_all_or_nothing_is_stopped_by_one_bad_row(union):
    content = plain_csv(["示例甲", number(1), ""], ["", number(3), ""])
    kept = roster.upload(union_org=union, file_name="a.csv", content=content, by=None)

    report = roster.apply(roster_import=kept, by=None, all_or_nothing=True)

    assert not report.is_applied
    assert Worker.objects.count() == 0
    assert roster.apply(roster_import=kept, by=None).created == 1


def test_apply_whole_roster_marks_missing_people_as_left(union):
    gone = member(union, number(5), name="示例走", identity_last6_hmac="x")
    by_hand = make_worker(union_org=union, name="示例手")
    content = plain_csv(["示例甲", number(1), ""])

    part = bring(union, content)
    gone.refresh_from_db()
    assert (part.left, gone.left_at) == (0, None)
    whole = bring(union, content, whole=True)

    gone.refresh_from_db()
    by_hand.refresh_from_db()
    assert whole.left == 1
    assert gone.left_at is not None
    assert by_hand.left_at is None, "without a document nobody can compare them"


def test_apply_roster_who_comes_back_is_on_the_roster_again(union):
    bring(union, plain_csv(["示例甲", number(1), ""]))
    bring(union, plain_csv(["示例乙", number(3), ""]), whole=True)

    report = bring(union, plain_csv(["示例甲", number(1), ""]))

    assert report.changes[0].fields == {"left_at": ("不在册", "在册")}
    assert Worker.objects.get(name="示例甲").left_at is None


def test_apply_roster_nobody_leaves_while_a_bad_row_may_be_anybody(union):
    gone = member(union, number(5), name="示例走", identity_last6_hmac="x")
    content = plain_csv(["示例甲", number(1), ""], ["示例走", number(5)[:17], ""])

    report = bring(union, content, whole=True)

    gone.refresh_from_db()
    assert (report.left, gone.left_at) == (0, None)
    assert "没有标记离开人员" in report.notices[-1]


def test_apply_roster_bad_row_whose_person_is_known_keeps_them_on_the_roster(union):
    there = member(union, number(5), name="示例在", identity_last6_hmac="x")

    report = bring(union, plain_csv(["示?在", number(5), ""]), whole=True)

    there.refresh_from_db()
    assert (report.refused, report.missing, there.left_at) == (1, [], None)


# --- the file is kept no longer than needed


def test_apply_roster_twice_is_refused_and_its_file_is_emptied(union):
    kept = roster.upload(
        union_org=union,
        file_name="a.csv",
        content=plain_csv(["示例甲", number(1), ""]),
        by=None,
    )
    assert "示例甲" not in kept.content
    roster.apply(roster_import=kept, by=None)

    with pytest.raises(Refusal) as caught:
        roster.apply(roster_import=kept, by=None)

    kept.refresh_from_db()
    assert caught.value.codes == {"import_gone"}
    assert (kept.content, kept.created, kept.imported) == ("", 1, 1)


def test_forget_outdated_after_a_day_file_and_report_are_gone(union):
    content = plain_csv(["示?甲", number(1), ""])
    kept = roster.upload(union_org=union, file_name="a.csv", content=content, by=None)
    done = roster.upload(union_org=union, file_name="a.csv", content=content, by=None)
    roster.apply(roster_import=done, by=None)
    done.refresh_from_db()
    assert len(roster.findings_of(roster_import=done)) == 1
    day = timezone.timedelta(days=1, minutes=1)
    RosterImport.objects.update(created_at=timezone.now() - day)

    with pytest.raises(Refusal) as caught:
        roster.apply(roster_import=kept, by=None)
    forgotten = roster.forget_outdated()

    assert caught.value.codes == {"import_gone"}
    assert forgotten == 2
    done.refresh_from_db()
    kept.refresh_from_db()
    assert (kept.content, done.report) == ("", "")
    assert roster.findings_of(roster_import=done) == []


def test_apply_roster_import_says_who_and_leaves_history(union):
    worker = member(union, number(1), name="示例甲", is_migrant=False)
    by = make_user()
    content = plain_csv(
        ["示例甲", number(1), "是"], titles=("姓名", "身份证号", "农民工")
    )
    kept = roster.upload(union_org=union, file_name="a.csv", content=content, by=by)

    roster.apply(roster_import=kept, by=by)

    (change,) = Change.objects.of(worker)
    assert (change.by, change.context) == (by, {"roster_import": kept.pk})
    kept.refresh_from_db()
    assert kept.by == by


# --- columns


def test_match_columns_column_without_a_known_name_can_be_said(union):
    content = plain_csv(["示例甲", number(1)], titles=("员工", "证"))
    kept = roster.upload(union_org=union, file_name="a.csv", content=content, by=None)
    with pytest.raises(Refusal) as caught:
        roster.apply(roster_import=kept, by=None)
    assert caught.value.codes == {"roster_column_missing"}

    roster.match(roster_import=kept, columns={"name": 0, "identity": 1}, by=None)

    assert roster.apply(roster_import=kept, by=None).created == 1


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"name": 0}, "roster_column_missing"),
        ({"name": 0, "identity": 0}, "roster_column_twice"),
        ({"name": 0, "identity": 9}, "roster_column_unknown"),
        ({"name": 0, "identity": 1, "is_staff": 2}, "roster_column_unknown"),
    ],
)
def test_match_columns_match_that_cannot_be_is_refused(union, columns, code):
    content = plain_csv(["示例甲", number(1), ""])
    kept = roster.upload(union_org=union, file_name="a.csv", content=content, by=None)

    with pytest.raises(Refusal) as caught:
        roster.match(roster_import=kept, columns=columns, by=None)

    assert code in caught.value.codes


def test_preview_masks_documents(union):
    kept = roster.upload(
        union_org=union, file_name="a.xlsx", content=made.as_xlsx(), by=None
    )

    preview = roster.preview(roster_import=kept)

    assert preview.header.line == 4
    assert set(preview.columns) >= {"name", "identity", "gender", "born_on"}
    assert number(101) not in str(preview.samples)
    assert number(101)[-4:] in str(preview.samples)
    assert len(preview.samples) == roster.SAMPLES


# --- cost, and two at once


@pytest.mark.parametrize("people", [10, 400])
def test_check_roster_costs_the_same_statements_however_many_rows(
    union, people, django_assert_max_num_queries
):
    content = plain_csv(*(["示例甲", number(n), f"HY{n}"] for n in range(people)))
    kept = roster.upload(union_org=union, file_name="a.csv", content=content, by=None)

    with django_assert_max_num_queries(20):
        report = roster.apply(roster_import=kept, by=None)

    assert report.created == people
    content = plain_csv(*(["示例乙", number(n), f"HZ{n}"] for n in range(people)))
    kept = roster.upload(union_org=union, file_name="a.csv", content=content, by=None)

    with django_assert_max_num_queries(20):
        report = roster.apply(roster_import=kept, by=None)

    assert report.changed == people


def test_progress_is_reported(union, monkeypatch):
    monkeypatch.setattr(roster_pass, "BATCH", 2)
    seen = []

    bring(
        union,
        plain_csv(*(["示例甲", number(n), ""] for n in range(5))),
        tell=seen.append,
    )

    assert seen == [2, 4, 5]


@pytest.mark.parametrize("step", ["check", "apply"])
def test_progress_others_see_how_far_it_is_before_it_ends(union, monkeypatch, step):
    monkeypatch.setattr(roster_pass, "BATCH", 2)
    content = plain_csv(*(["示例甲", number(n), ""] for n in range(5)))
    kept, other = [
        roster.upload(union_org=union, file_name="a.csv", content=content, by=None)
        for _ in range(2)
    ]
    batch, seen = roster_pass.Run._batch, []

    def elsewhere():
        yield from (roster.progress(roster_import=row) for row in (kept, other))

    def watch(run, people):
        batch(run, people)
        seen.append(at_once([lambda: list(elsewhere())])[0])

    monkeypatch.setattr(roster_pass.Run, "_batch", watch)
    if step == "apply":
        roster.apply(roster_import=kept, by=None)
    else:
        roster.check(roster_import=kept)

    # what a batch has done is said behind it
    assert seen == [[None, None], [2, None], [4, None]]


@pytest.mark.django_db(transaction=True)
def test_progress_is_none_after_the_end(union):
    content = plain_csv(["示例甲", number(1), ""])
    kept = roster.upload(union_org=union, file_name="a.csv", content=content, by=None)

    roster.check(roster_import=kept)
    assert roster.progress(roster_import=kept) is None

    roster.apply(roster_import=kept, by=None)
    assert roster.progress(roster_import=kept) is None


@pytest.mark.django_db(transaction=True)
def test_apply_roster_two_rosters_of_one_union_come_in_one_after_the_other():
    union = make_union(code="A")
    people = [["示例甲", number(n), f"HY{n}"] for n in range(60)]
    kept = [
        roster.upload(
            union_org=union, file_name="a.csv", content=plain_csv(*rows), by=None
        )
        for rows in (people, people[::-1])
    ]

    done = at_once([partial(roster.apply, roster_import=k, by=None) for k in kept])

    assert sorted(report.created for report in done) == [0, 60]
    assert sorted(report.unchanged for report in done) == [0, 60]
    assert all(report.refused == 0 for report in done)
    assert Worker.objects.count() == 60


def test_apply_roster_while_somebody_is_registered_elsewhere_costs_one_row(
    union, neighbours, monkeypatch
):
    write = roster_pass.Run._write

    def register_first(run, new, changed):
        member(neighbours, number(3), name="示例快")
        write(run, new, changed)

    monkeypatch.setattr(roster_pass.Run, "_write", register_first)

    report = bring(
        union, plain_csv(["示例甲", number(1), ""], ["示例快", number(3), ""])
    )

    (finding,) = report.findings
    assert (finding.line, finding.code, finding.is_error) == (3, "overtaken", True)
    assert (report.created, report.refused) == (1, 1)
    assert [w.name for w in Worker.objects.filter(union_org=union)] == ["示例甲"]


@pytest.mark.django_db(transaction=True)
def test_apply_two_rosters_at_once_puts_one_person_into_one_union():
    unions = [make_union(code="A"), make_union(code="B")]
    people = [["示例甲", number(n), ""] for n in range(60)]
    kept = [
        roster.upload(
            union_org=union, file_name="a.csv", content=plain_csv(*rows), by=None
        )
        for union, rows in zip(unions, (people, people[::-1]), strict=True)
    ]

    done = at_once([partial(roster.apply, roster_import=k, by=None) for k in kept])

    reports = [report for report in done if not isinstance(report, Busy)]
    assert Worker.objects.count() == 60
    assert sum(report.created for report in reports) == 60
    for report in reports:
        assert report.created + report.refused + report.warned == 60


def test_apply_whole_roster_is_the_half_yearly_check_and_a_part_is_not(union):
    bring(union, plain_csv(["示例甲", number(1), ""]))
    union.refresh_from_db()
    assert union.roster_confirmed_at is None

    bring(union, plain_csv(["示例甲", number(1), ""]), whole=True)

    union.refresh_from_db()
    assert union.roster_confirmed_at is not None
