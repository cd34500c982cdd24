"""Lists on paper: whose, what a code says, what the total must agree with."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from common.errors import Refusal
from common.models import Change
from members.enums import StewardRole
from members.models import Worker
from members.services import rights
from signups.models import Attendance, Occasion, PaperSheet, Signup
from signups.services import checkin, papers, seats
from tests.factories import make_offering, make_union, make_user, make_worker
from unionportal.demo.album import FOLDER
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db


@pytest.fixture
def union():
    return make_union(name="示例纸上厂工会")


@pytest.fixture
def steward(client, union):
    write_roles()
    user = make_user(roles=["工会干部"], is_staff=True)
    rights.give_stewardship(
        user=user, union_org=union, role=StewardRole.STEWARD, by=None
    )
    client.force_login(user)
    return user


def photo():
    name = sorted(FOLDER.glob("*.webp"))[0]
    return SimpleUploadedFile("list.webp", name.read_bytes())


def printed(union, by, people=3, **more):
    """(sheet with its photo, its workers in the order of its lines)."""
    for n in range(people):
        make_worker(union_org=union, name=f"示例{n}号")
    offering = more.pop("offering", None) or make_offering(capacity=2)
    [sheet] = papers.print_sheets(offering=offering, union_org=union, by=by, **more)
    PaperSheet.objects.update(photo_key="0" * 32)
    sheet.refresh_from_db()
    return sheet, [line.worker for line in sheet.lines.select_related("worker")]


def enter(sheet, *numbers, by):
    codes = [papers.code_of(sheet, n) for n in numbers]
    return papers.enter(sheet=sheet, codes=codes, by=by)


def refused(call, *args, **kwargs):
    with pytest.raises(Refusal) as refusal:
        call(*args, **kwargs)
    return refusal.value


def page(sheet, name="paper", *args):
    return reverse(f"admin:{name}", args=[sheet.pk, *args])


def test_sheet_is_printed_with_masked_names_and_codes(client, steward, union):
    make_worker(union_org=union, name="王示范刚", member_number="SL123456")
    offering = make_offering(title="纸上的班")
    sent = {
        "what": f"offering-{offering.pk}",
        "union": union.name,
        "only_without": "on",
    }

    answer = client.post(reverse("admin:papers"), sent, follow=True)

    sheet = PaperSheet.objects.get()
    text = answer.content.decode()
    assert papers.code_of(sheet, 1) in text and sheet.number in text
    assert "王**刚" in text and "王示范刚" not in text and "SL123456" not in text
    assert client.get(page(sheet, "paper-code"))["Content-Type"] == "image/svg+xml"


def test_sheet_leaves_out_who_is_signed_up_or_has_left(steward, union):
    offering = make_offering()
    gone = make_worker(union_org=union)
    Worker.objects.filter(pk=gone.pk).update(left_at=timezone.now())
    has = make_worker(union_org=union)
    seats.sign_up(offering_id=offering.pk, worker=has, by=None)

    asked = {"offering": offering, "union_org": union, "by": steward}
    assert refused(papers.print_sheets, **asked).codes == {"nobody"}


def test_steward_goes_from_paper_to_closed_sheet_in_goes(client, steward, union):
    sheet, workers = printed(union, steward)
    there = page(sheet)
    codes = [papers.code_of(sheet, n) for n in (1, 2, 3)]

    client.post(there, {"act": "photo", "file": photo()})
    client.post(there, {"act": "codes", "codes": codes[0]})
    early = client.post(there, {"act": "total", "total": "3"})
    client.post(there, {"act": "codes", "codes": f"{codes[0]}\n{codes[1]}，{codes[2]}"})
    client.post(there, {"act": "total", "total": "3"})

    sheet.refresh_from_db()
    assert "少录2人" in str(early.context["total"].errors)
    assert sheet.closed_at is not None and sheet.closed_by == steward
    assert [row.worker for row in Signup.objects.order_by("pk")] == workers
    assert set(Signup.objects.values_list("asked_by", flat=True)) == {steward.pk}
    states = list(sheet.lines.values_list("outcome", flat=True))
    assert states == ["done", "done", "waits"]  # two seats
    asked = Change.objects.filter(of_table="signups_papersheet", verb="update")
    assert asked.latest("pk").by_id == steward.pk


def test_entering_keeps_the_limits_of_the_desk_and_says_why(steward, union):
    sheet, workers = printed(union, steward)
    Worker.objects.filter(pk=workers[1].pk).update(is_member=False)

    lines = enter(sheet, 1, 2, by=steward)

    assert [line.outcome for line in lines] == ["done", "refused"]
    assert lines[1].said
    assert papers.entered(sheet) == 2, "it was ticked on the paper"


def test_wrong_code_stops_before_anything_is_done(steward, union):
    sheet, _workers = printed(union, steward)
    other, _others = printed(make_union(), steward, offering=sheet.offering)
    good = papers.code_of(sheet, 1)
    slipped = good[:-1] + str((int(good[-1]) + 1) % 10)

    for bad in (slipped, papers.code_of(other, 2), "9999", "abc", "0000"):
        said = refused(papers.enter, sheet=sheet, codes=[good, bad], by=steward)
        assert said.codes == {"wrong_code"} and bad in str(said)
    assert refused(papers.enter, sheet=sheet, codes=[good, good], by=steward).codes == {
        "twice"
    }
    assert not Signup.objects.exists()


def test_code_with_one_wrong_digit_is_never_another_line(steward, union):
    sheet, _workers = printed(union, steward, people=30)
    codes = {papers.code_of(sheet, n) for n in range(1, 31)}

    for code in codes:
        for place in range(4):
            for digit in "0123456789":
                typed = code[:place] + digit + code[place + 1 :]
                assert typed == code or papers.line_of(sheet, typed) is None


def test_nothing_is_entered_without_a_photo_or_after_closing(steward, union):
    sheet, _workers = printed(union, steward)
    PaperSheet.objects.update(photo_key="")
    sheet.refresh_from_db()
    asked = {"sheet": sheet, "codes": [papers.code_of(sheet, 1)], "by": steward}
    assert refused(papers.enter, **asked).codes == {"no_photo"}
    assert "no_photo" in refused(papers.close, sheet=sheet, total=0, by=steward).codes

    PaperSheet.objects.update(photo_key="0" * 32)
    closed = papers.close(sheet=sheet, total=0, by=steward)

    assert refused(papers.enter, **(asked | {"sheet": closed})).codes == {"closed"}
    assert papers.close(sheet=sheet, total=0, by=steward) == closed
    assert refused(papers.close, sheet=sheet, total=1, by=steward).codes == {"closed"}


def test_line_typed_by_mistake_is_taken_back_and_the_seat_with_it(steward, union):
    sheet, _workers = printed(union, steward)
    [line] = enter(sheet, 1, by=steward)

    papers.take_back(line=line, by=steward)
    papers.take_back(line=line, by=steward)

    signup = Signup.objects.get()
    assert (signup.status, bool(signup.cancelled_reason)) == ("cancelled", True)
    assert papers.entered(sheet) == 0
    [again] = enter(sheet, 1, by=steward)
    assert again.outcome == "done"


def test_paper_of_who_came_notes_them_and_leaves_taps_alone(steward, union):
    offering = make_offering(capacity=5)
    for n in range(2):
        worker = make_worker(union_org=union, name=f"示例{n}甲")
        seats.sign_up(offering_id=offering.pk, worker=worker, by=None)
    now = timezone.now()
    Occasion.objects.update(
        starts_at=now + timedelta(hours=2), ends_at=now + timedelta(hours=3)
    )
    occasion = Occasion.objects.select_related("offering__rules").get()
    sheet, workers = printed(
        union, steward, people=0, offering=offering, occasion=occasion
    )
    code = papers.code_of(sheet, 1)
    early = refused(papers.enter, sheet=sheet, codes=[code], by=steward)
    Occasion.objects.update(starts_at=now - timedelta(hours=1))
    occasion.refresh_from_db()
    tapped = checkin.check_in(
        occasion=occasion,
        worker=workers[1],
        code=checkin.code_of(occasion).digits,
        by=steward,
    )

    sheet = PaperSheet.objects.select_related("occasion__offering__rules").get()
    enter(sheet, 1, 2, by=steward)

    assert early.codes == {"too_early"}
    states = dict(Attendance.objects.values_list("signup__worker", "state"))
    assert states == {workers[0].pk: "present", workers[1].pk: "late"}
    assert Attendance.objects.get(pk=tapped.pk).arrived_at == tapped.arrived_at


def test_sheet_photo_and_lines_of_another_union_are_404_by_every_door(
    client, steward, union
):
    other = make_union()
    sheet, _workers = printed(other, make_user())
    [line] = enter(sheet, 1, by=None)
    doors = [page(sheet), page(sheet, "paper-print"), page(sheet, "paper-code")]
    doors += [page(sheet, "paper-photo", width) for width in (240, 480, 1600)]

    for door in doors:
        assert client.get(door).status_code == 404
    assert client.post(page(sheet), {"act": "total", "total": "1"}).status_code == 404
    there = page(sheet, "paper-take-back", line.pk)
    assert client.post(there).status_code == 404
    assert sheet.number not in client.get(reverse("admin:papers")).content.decode()
    offering = {"what": f"offering-{sheet.offering_id}", "union": other.name}
    client.post(reverse("admin:papers"), offering)
    assert PaperSheet.objects.count() == 1


def test_photo_is_shown_to_its_union_alone_and_kept_by_no_cache(
    client, steward, union, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    sheet, _workers = printed(union, steward)
    client.post(page(sheet), {"act": "photo", "file": photo()})
    there = page(sheet, "paper-photo", 480)

    own = client.get(there)
    client.force_login(make_worker(user=make_user(), union_org=union).user)
    worker = client.get(there)
    client.logout()

    assert own.status_code == 200 and "no-store" in own["Cache-Control"]
    assert worker.status_code in (302, 403)
    assert client.get(there).status_code == 302


@pytest.mark.parametrize("role", ["编辑", "任课教师", "审计员"])
def test_paper_lists_are_closed_to_who_serves_nobody(client, role, union):
    write_roles()
    sheet, _workers = printed(union, make_user())
    client.force_login(make_user(roles=[role], is_staff=True))

    assert client.get(reverse("admin:papers")).status_code == 403
    assert client.get(page(sheet)).status_code == 403
