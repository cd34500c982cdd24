"""A person's own data: seen, taken along, corrected, and ended. Nobody else's."""

import json
from functools import partial
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from common import audit, crypto
from common.errors import Refusal
from common.models import AuditEvent
from members.enums import CorrectionField, CorrectionState
from members.models import (
    Consent,
    CorrectionRequest,
    SmsMessage,
    Stewardship,
    User,
    VerificationTry,
)
from members.services import owndata as members_data
from members.services import transfers, verification
from news.services import comments
from signups.services import seats
from tests.factories import (
    PASSWORD,
    make_offering,
    make_union,
    make_user,
    make_worker,
    make_worker_with_login,
)
from tests.honors.factories import make_honoree
from tests.news.comments import approved, make_comment, turned_down
from tests.volunteers.factories import (
    make_membership,
    make_profile,
    make_skill,
    make_team,
)

pytestmark = pytest.mark.django_db
LAST6 = "31002X"


@pytest.fixture
def worker():
    return make_worker_with_login(name="王示刚", member_number="SL-77")


@pytest.fixture
def stranger():
    """Somebody else with one of everything."""
    other = make_worker_with_login(name="李外人", member_number="SL-88")
    seats.sign_up(
        offering_id=make_offering(title="外人的班").pk, worker=other, by=other.user
    )
    make_membership(worker=other, team=make_team(name="外人的队"))
    make_honoree(worker=other, name="外人的荣誉")
    members_data.ask_correction(
        worker=other, by=other.user, field="name", proposed="外人改名"
    )
    tried, given = make_union(name="外人试过"), make_union(name="外人转来")
    VerificationTry.objects.create(user=other.user, union_org=tried, outcome="wrong")
    transfers.transfer(worker=other, to=given, by=None, reason="示例")
    Consent.objects.create(
        user=other.user, kind="identity", version="外人同意", given_at=timezone.now()
    )
    audit.record("reveal_phone", by=make_user(name="外人被查"), of=other.user)
    SmsMessage.objects.create(kind="new_phone", phone_hmac="x", user=other.user)
    return other


FOREIGN = ("外人", "SL-88", "换号验证码（新号码）")


def page(client, address, method="get", **data):
    return getattr(client, method)(reverse(address), data)


def download(client, kind):
    return page(client, "my-data-download", "post", format=kind)


# --- seeing


def test_own_data_page_shows_what_every_room_keeps(client, worker):
    offering = make_offering(title="示例茶艺班")
    seats.sign_up(offering_id=offering.pk, worker=worker, by=worker.user)
    make_membership(worker=worker, team=make_team(name="示例护江队"))
    make_honoree(worker=worker, name="示例工匠")
    members_data.ask_correction(
        worker=worker, by=worker.user, field="name", proposed="王示钢"
    )
    there = make_union(name="示例转入厂工会")
    transfers.transfer(worker=worker, to=there, by=None, reason="示例调动")
    VerificationTry.objects.create(
        user=worker.user, union_org=make_union(name="示例试过厂工会"), outcome="wrong"
    )
    Consent.objects.create(
        user=worker.user, kind="identity", version="示例1版", given_at=timezone.now()
    )
    SmsMessage.objects.create(kind="reset", phone_hmac="x", user=worker.user)
    client.force_login(worker.user)

    text = page(client, "my-data").content.decode()
    tree = json.loads(download(client, "json").content)

    for kept in (
        "王示刚", "SL-77", "示例茶艺班", "示例护江队", "示例工匠", "王示钢",
        "示例调动", "示例转入厂工会", "示例试过厂工会", "示例1版", "重设密码验证码",
    ):  # fmt: skip
        assert kept in text
        assert kept in json.dumps(tree, ensure_ascii=False)


def test_own_data_page_shows_the_number_by_its_end_and_the_file_in_full(client):
    user = make_user(phone="13900007788")
    client.force_login(user)

    assert "13900007788" not in page(client, "my-data").content.decode()
    assert "13900007788" in download(client, "json").content.decode()


def test_own_data_page_shows_an_address_by_its_beginning_and_the_file_in_full():
    client = Client(REMOTE_ADDR="203.0.113.7")
    client.force_login(make_user())
    download(client, "json")  # which the audit remembers

    html = page(client, "my-data").content.decode()

    assert "203.0.113.7" not in html
    assert "203.0.*.*" in html
    assert "203.0.113.7" in download(client, "json").content.decode()


def test_own_data_page_says_who_saw_the_full_number(client, worker):
    staff = make_user(is_staff=True, name="示例查号员")
    for row in (worker, worker.user):
        audit.record("reveal_phone", by=staff, of=row, reason="回访")
    client.force_login(worker.user)

    text = page(client, "my-data").content.decode()

    assert text.count("示例查号员") == 2
    assert "回访" in text


def test_own_data_page_does_not_say_why_a_try_failed(client):
    """The audit says that a row is taken; to who tried it would be an oracle."""
    row = make_worker(
        user=make_user(), identity_last6_hmac=crypto.digest("identity-last6", LAST6)
    )
    user = make_user()
    with pytest.raises(Refusal):
        verification.verify(
            user=user,
            union_org=row.union_org,
            name=row.name,
            identity_last6=LAST6,
            consented=True,
        )
    client.force_login(user)

    for text in (
        page(client, "my-data").content.decode(),
        download(client, "json").content.decode(),
    ):
        assert "已有账号" not in text


@pytest.mark.parametrize("rows", [1, 6])
def test_own_data_page_costs_the_same_however_much_is_kept(client, worker, rows):
    for _ in range(rows):
        offering = make_offering()
        seats.sign_up(offering_id=offering.pk, worker=worker, by=worker.user)
        make_membership(worker=worker)
        make_honoree(worker=worker)
        VerificationTry.objects.create(
            user=worker.user, union_org=worker.union_org, outcome="wrong"
        )
        Stewardship.objects.create(user=worker.user, union_org=make_union())
        make_profile(worker, skills=[make_skill()], districts=[make_union()])
        SmsMessage.objects.create(kind="reset", phone_hmac="x", user=worker.user)
    client.force_login(worker.user)
    page(client, "my-data")

    with CaptureQueriesContext(connection) as queries:
        page(client, "my-data")

    assert len(queries) == 35  # hours of old lists are the newest


# --- nobody else's


def test_own_data_of_another_is_neither_seen_nor_downloaded(client, worker, stranger):
    client.force_login(worker.user)

    answers = [
        page(client, "my-data"),
        page(client, "my-correction"),
        page(client, "my-verify"),
        page(client, "my-close"),
        download(client, "json"),
        client.get(reverse("my-data"), {"user": stranger.user.pk, "id": stranger.pk}),
        client.post(
            reverse("my-data-download"),
            {"format": "json", "user": stranger.user.pk, "worker": stranger.pk},
        ),
    ]

    for answer in answers:
        text = answer.content.decode()
        assert [word for word in FOREIGN if word in text] == []


@pytest.mark.parametrize("name", ["my-name", "my-correction", "my-close"])
def test_own_data_forms_reach_no_rows_of_another(client, worker, stranger, name):
    before = User.objects.values().get(pk=stranger.user.pk)
    asked = CorrectionRequest.objects.filter(worker=stranger).count()
    client.force_login(worker.user)

    client.post(
        reverse(name),
        {
            "name": "示例新名",
            "field": "other",
            "note": "示例",
            "password": PASSWORD,
            "user": stranger.user.pk,
            "worker": stranger.pk,
            "is_staff": "1",
            "state": "accepted",
        },
    )

    assert User.objects.values().get(pk=stranger.user.pk) == before
    assert CorrectionRequest.objects.filter(worker=stranger).count() == asked
    worker.user.refresh_from_db()
    assert not worker.user.is_staff


# --- taking along


def test_own_data_as_xlsx_holds_strings_only_whatever_they_look_like(client):
    worker = make_worker_with_login(name="=cmd|' /C calc'!A0", member_number="+1")
    members_data.rename(user=worker.user, name="@SUM(1,1)")
    members_data.ask_correction(
        worker=worker, by=worker.user, field="other", proposed="-1", note="\t=1+1"
    )
    client.force_login(worker.user)

    answer = download(client, "xlsx")

    book = load_workbook(BytesIO(answer.content))
    cells = [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert {cell.data_type for cell in cells} == {"s"}
    values = {cell.value for cell in cells}
    assert {"=cmd|' /C calc'!A0", "@SUM(1,1)", "+1", "-1"} <= values


def test_own_data_as_json_holds_every_section(client, worker):
    make_membership(worker=worker, team=make_team(name="示例护江队"))
    client.force_login(worker.user)

    tree = json.loads(download(client, "json").content)

    assert tree["职工身份"][0]["姓名"] == "王示刚"
    assert tree["志愿服务"][0]["队名"] == "示例护江队"
    assert "守约计分" in tree
    assert len(tree) == 28


def test_own_data_as_xlsx_holds_what_the_json_holds(client, worker):
    make_membership(worker=worker, team=make_team(name="示例护江队"))
    make_honoree(worker=worker, name="示例工匠")
    client.force_login(worker.user)

    tree = json.loads(download(client, "json").content)
    book = load_workbook(BytesIO(download(client, "xlsx").content))

    assert book.sheetnames == list(tree)
    for title, facts in tree.items():
        head, *rows = book[title].iter_rows(values_only=True)
        if title == "您的操作记录":  # the first download itself is one more
            rows = rows[1:]
        assert [
            dict(zip(head, [value or "" for value in row], strict=True)) for row in rows
        ] == facts


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_own_data_download_is_stored_nowhere_and_is_on_record(client, worker, kind):
    client.force_login(worker.user)

    answer = download(client, kind)

    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == f'attachment; filename="my-data.{kind}"'
    event = AuditEvent.objects.get(by=worker.user)
    assert (event.verb, event.after) == ("download_own_data", kind)


def test_own_data_download_in_an_unknown_format_gives_nothing(client, worker):
    client.force_login(worker.user)

    assert download(client, "exe").status_code == 302
    assert not AuditEvent.objects.exists()


# --- correcting


def test_rename_changes_ones_own_display_name_at_once_and_not_the_roster(
    client, worker
):
    client.force_login(worker.user)

    page(client, "my-name", "post", name=" 小王 ")

    worker.refresh_from_db()
    assert (worker.user.name, worker.name) == ("小王", "王示刚")
    assert AuditEvent.objects.get(by=worker.user).verb == "correct_own_data"


def test_ask_correction_waits_for_the_union(client, worker):
    client.force_login(worker.user)

    page(client, "my-correction", "post", field="name", proposed="王示钢", note="有误")

    asked = CorrectionRequest.objects.get()
    worker.refresh_from_db()
    assert (asked.worker, asked.state) == (worker, CorrectionState.OPEN)
    assert worker.name == "王示刚"


@pytest.mark.parametrize(
    ("field", "proposed", "column", "value"),
    [
        ("name", "王示钢", "name", "王示钢"),
        ("name", "阿卜杜 • 王", "name", "阿卜杜·王"),
        ("member_number", "ＳＬ-99", "member_number", "SL-99"),
        ("member_number", "SL-٩٩", "member_number", "SL-99"),
        ("is_frontline", "是", "is_frontline", True),
        ("is_member", "否", "is_member", False),
    ],
)
def test_answer_correction_accepting_corrects_the_roster(
    worker, field, proposed, column, value
):
    asked = members_data.ask_correction(
        worker=worker, by=worker.user, field=field, proposed=proposed
    )

    members_data.answer_correction(
        request=asked, by=make_user(is_staff=True), accepted=True
    )

    worker.refresh_from_db()
    asked.refresh_from_db()
    assert getattr(worker, column) == value
    assert asked.state == CorrectionState.ACCEPTED


def refused(call, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value.codes


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("nothing_asked", {"field": "name", "proposed": " "}),
        ("nothing_asked", {"field": "other", "proposed": "x"}),
        ("yes_or_no", {"field": "is_member", "proposed": "也许"}),
        ("name_long", {"field": "name", "proposed": "长" * 31}),
        ("name_lost", {"field": "name", "proposed": "王?刚"}),
        ("name_characters", {"field": "name", "proposed": "=1+1"}),
        ("member_number", {"field": "member_number", "proposed": "=1+1"}),
    ],
)
def test_answer_correction_refusing_leaves_the_roster(worker, code, given):
    assert refused(
        members_data.ask_correction, worker=worker, by=worker.user, **given
    ) == {code}


def test_ask_correction_asks_one_thing_once_at_a_time(worker):
    ask = partial(
        members_data.ask_correction, worker=worker, by=worker.user, proposed="王示钢"
    )
    ask(field=CorrectionField.NAME)

    assert refused(ask, field=CorrectionField.NAME) == {"already_asked"}


def test_answer_correction_is_given_once_with_a_reason_and_by_somebody_else(worker):
    make_worker(member_number="SL-9")
    asked = members_data.ask_correction(
        worker=worker, by=worker.user, field="member_number", proposed="SL-9"
    )
    answer = partial(members_data.answer_correction, request=asked)
    steward = make_user(is_staff=True)

    assert refused(answer, by=worker.user, accepted=True) == {"own_request"}
    assert refused(answer, by=steward, accepted=False) == {"reason_missing"}
    assert refused(answer, by=steward, accepted=True) == {"number_taken"}
    answer(by=steward, accepted=False, answer="号码属于他人")
    assert refused(answer, by=steward, accepted=True) == {"already_answered"}


def test_own_data_page_says_what_to_do_to_who_is_on_no_roster_any_more(client):
    worker = make_worker_with_login(left_at=timezone.now())
    client.force_login(worker.user)

    page = client.get(reverse("my")).content.decode()

    assert "已不在册" in page
    assert "名册上已没有您" in page
    assert reverse("my-correction") in page
    assert "工会会员</span>" not in page


def test_own_data_holds_ones_comments_and_what_one_said_of_others(client, worker):
    mine = turned_down(make_comment(by=worker.user, text="我说过的话"), "离题")
    theirs = approved(make_comment(text="外人说的话"))
    comments.like_comment(comment=theirs, by=worker.user)
    comments.report_comment(
        comment=theirs, kind="abuse", note="说的不是事实", by=worker.user
    )
    client.force_login(worker.user)

    tree = json.loads(download(client, "json").content)

    [row] = tree["评论"]
    assert (row["评论"], row["原因"], row["文章"]) == (
        "我说过的话",
        "离题",
        mine.article.title,
    )
    assert tree["举报的评论"][0]["说明"] == "说的不是事实"
    assert tree["点赞的评论"][0]["评论编号"] == str(theirs.pk)
    assert "外人说的话" not in json.dumps(tree, ensure_ascii=False)
