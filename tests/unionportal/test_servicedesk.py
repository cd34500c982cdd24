"""The service desk: whose people, what is done for them, and what stands on record."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members import phones
from members.enums import CorrectionField, StewardRole
from members.models import CorrectionRequest
from members.services import rights
from signups.buttons import button
from signups.models import Attendance, Occasion, Signup
from signups.services import checkin, seats, standing
from tests.activities.factories import make_class, make_term, seat
from tests.factories import (
    make_offering,
    make_union,
    make_user,
    make_worker,
    make_worker_with_login,
)
from tests.pages import markup
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db

FIND = reverse("admin:desk")


def page(name, worker, *args):
    return reverse(f"admin:desk-{name}", args=[worker.pk, *args])


def enter(client, role):
    write_roles()
    user = make_user(roles=[role], is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def desk(client):
    client.user = enter(client, "服务台")
    return client


def steward_of(client, union):
    user = enter(client, "工会干部")
    rights.give_stewardship(
        user=user, union_org=union, role=StewardRole.STEWARD, by=None
    )
    return user


# --- finding


def test_desk_finds_a_person_by_number_name_and_member_number(desk):
    worker = make_worker_with_login(name="示例·何满", member_number="SL9001")
    make_worker(name="示例·别人")
    number = phones.of(worker.user).removeprefix("+86")

    for typed in (number, "何满", "sl9001", f" {number[:3]} {number[3:]}"):
        answer = desk.post(FIND, {"q": typed})
        assert answer.get("Location") == page("person", worker), typed


def test_desk_lists_people_of_one_name_apart_and_no_whole_number(desk):
    union = make_union(name="示例另一厂工会")
    one, other = (
        make_worker_with_login(name="示例·同名"),
        make_worker(name="示例·同名", union_org=union),
    )

    answer = desk.post(FIND, {"q": "示例·同名"})

    assert answer.context["found"] == [one, other]
    text = markup(answer)
    assert "示例另一厂工会" in text
    assert phones.of(one.user).removeprefix("+86") not in text


def test_desk_of_a_steward_finds_and_opens_their_own_people_only(client):
    mine, other = make_union(), make_union()
    steward_of(client, mine)
    own, foreign = make_worker(union_org=mine), make_worker(union_org=other)
    row = seats.sign_up(offering_id=make_offering().pk, worker=foreign, by=None)

    assert client.get(page("person", own)).status_code == 200
    assert not client.post(FIND, {"q": foreign.name}).context["found"]
    for door in (page("person", foreign), page("slip", foreign, row.pk)):
        assert client.get(door).status_code == 404
    sent = {"offering": make_offering().pk}
    assert client.post(page("sign-up", foreign), sent).status_code == 404
    assert Signup.objects.count() == 1


def test_desk_does_not_show_anothers_signup_under_a_person(desk):
    worker, other = make_worker(), make_worker()
    row = seats.sign_up(offering_id=make_offering().pk, worker=other, by=None)

    for name in ("slip", "cancel"):
        assert desk.get(page(name, worker, row.pk)).status_code == 404
    answer = desk.post(page("cancel", worker, row.pk), {"reason": "示例原因"})
    assert answer.status_code == 404
    row.refresh_from_db()
    assert row.is_live


@pytest.mark.parametrize("role", ["编辑", "任课教师", "审计员", "志愿服务统筹"])
def test_desk_is_closed_to_who_serves_nobody(client, role):
    enter(client, role)
    worker = make_worker()

    for door in (FIND, page("person", worker), page("sign-up", worker)):
        assert client.get(door).status_code == 403, door
        assert client.post(door, {"offering": make_offering().pk}).status_code in (
            403,
            405,
        )
    assert not Signup.objects.exists()


# --- one page


def test_desk_page_says_what_a_person_holds_and_asked_for(desk):
    worker = make_worker_with_login()
    made = make_class()
    seat(made, worker)
    CorrectionRequest.objects.create(
        worker=worker,
        field=CorrectionField.NAME,
        proposed="示例",
        asked_at=timezone.now(),
    )

    text = markup(desk.get(page("person", worker)))

    assert made.name in text and "更正姓名" in text
    assert f"尾号{worker.user.phone_last4}" in text
    assert phones.of(worker.user).removeprefix("+86") not in text


@pytest.mark.parametrize("held", [1, 6])
def test_desk_page_costs_the_same_however_much_they_hold(
    desk, held, django_assert_num_queries
):
    worker = make_worker_with_login()
    for _n in range(held):
        seats.sign_up(offering_id=make_offering().pk, worker=worker, by=None)
    desk.get(page("person", worker))

    with django_assert_num_queries(9):
        desk.get(page("person", worker))


@pytest.mark.parametrize("offered", [2, 9])
def test_desk_choice_costs_the_same_however_much_is_offered(
    desk, offered, django_assert_num_queries
):
    worker = make_worker_with_login()
    seats.sign_up(offering_id=make_offering().pk, worker=worker, by=None)
    for _n in range(offered):
        make_offering()
    desk.get(page("sign-up", worker))

    with django_assert_num_queries(10):
        desk.get(page("sign-up", worker))


# --- doing


def test_desk_signs_somebody_up_on_record_and_leads_to_the_slip(desk):
    worker, made = make_worker(), make_class()

    answer = desk.post(page("sign-up", worker), {"offering": made.offering_id})

    row = Signup.objects.get()
    assert (row.worker, row.asked_by) == (worker, desk.user)
    assert answer.url == page("slip", worker, row.pk)
    text = markup(desk.get(answer.url))
    assert made.name in text and worker.name in text and "12351" in text
    assert text.count("教室</li>") == 3  # each time with its place


def test_desk_signs_up_twice_and_it_is_once(desk):
    worker, made = make_worker(), make_class()

    for _n in range(2):
        desk.post(page("sign-up", worker), {"offering": made.offering_id})

    assert Signup.objects.count() == 1


def test_desk_is_held_to_the_limits_of_the_person(desk):
    """The same reasons as for themselves: beforehand, and of the verb."""
    worker = make_worker()
    term = make_term(seats_each=1)
    first, second = make_class(term=term), make_class(term=term)
    seat(first, worker)

    rows = desk.get(page("sign-up", worker)).context["rows"]
    codes = {r["offering"].pk: {x.code for x in r["reasons"]} for r in rows}
    assert "limit" in codes[second.offering_id]
    answer = desk.post(
        page("sign-up", worker), {"offering": second.offering_id}, follow=True
    )

    assert "每人限报1项" in markup(answer)
    assert Signup.objects.count() == 1


def test_desk_says_of_a_class_that_has_begun_what_the_workers_button_says(desk):
    worker, start = make_worker_with_login(), timezone.now() - timedelta(days=1)
    offering = make_offering(times=[(start, start + timedelta(days=3), "示例教室")])

    [row] = desk.get(page("sign-up", worker)).context["rows"]
    own = button(standing.look_at(offering, worker), user=worker.user)

    assert "已开课" in row["until"]
    assert row["until"] == own.line
    assert row["until"] in markup(desk.get(page("sign-up", worker)))


def test_desk_puts_into_the_queue_and_the_slip_says_the_rank(desk):
    worker, made = make_worker(), make_class(capacity=1)
    seat(made)

    answer = desk.post(page("sign-up", worker), {"offering": made.offering_id})

    assert "候补：第1位（共1位）" in markup(desk.get(answer.url))


def test_desk_signs_nobody_up_for_what_is_not_public(desk):
    worker = make_worker()
    hidden = make_class(term=make_term(is_published=False))

    for typed in (hidden.offering_id, "x", "9" * 30):
        answer = desk.post(page("sign-up", worker), {"offering": typed})
        assert answer.status_code == 404
    assert not Signup.objects.exists()


def test_desk_cancels_for_a_reason_that_the_person_reads(desk):
    worker = make_worker()
    row = seat(make_class(), worker)

    answer = desk.post(page("cancel", worker, row.pk), {"reason": " "})
    assert answer.context["form"].errors["reason"]
    desk.post(page("cancel", worker, row.pk), {"reason": "本人来电"})

    row.refresh_from_db()
    assert not row.is_live and row.cancelled_reason == "本人来电"
    assert "本人来电" in markup(desk.get(page("person", worker)))


def begun(worker):
    """(signup, occasion) of a class whose door is open now."""
    row = seats.sign_up(offering_id=make_offering().pk, worker=worker, by=None)
    now = timezone.now()
    Occasion.objects.filter(offering=row.offering_id).update(
        starts_at=now, ends_at=now + timedelta(hours=1)
    )
    rows = Occasion.objects.select_related("offering__rules")
    return row, rows.get(offering=row.offering_id)


def test_steward_checks_their_people_in_by_the_code_of_the_door_only(client):
    union = make_union()
    steward = steward_of(client, union)
    worker = make_worker(union_org=union)
    row, occasion = begun(worker)
    there = page("check-in", worker, row.pk)

    assert there in markup(client.get(page("person", worker)))
    client.post(there, {"code": "1"})
    assert not Attendance.objects.exists()
    client.post(there, {"code": checkin.code_of(occasion).digits})

    noted = Attendance.objects.get()
    assert (noted.signup.worker, noted.noted_by, noted.state) == (
        worker,
        steward,
        "present",
    )


def test_steward_checks_in_nobody_of_another_union_and_nobody_early(client):
    steward_of(client, make_union())
    foreign = make_worker(union_org=make_union())
    row, occasion = begun(foreign)
    code = {"code": checkin.code_of(occasion).digits}
    assert client.post(page("check-in", foreign, row.pk), code).status_code == 404

    enter(client, "服务台")
    Occasion.objects.update(
        starts_at=timezone.now() + timedelta(hours=2),
        ends_at=timezone.now() + timedelta(hours=3),
    )
    assert client.get(page("check-in", foreign, row.pk)).status_code == 404
    assert not Attendance.objects.exists()


def test_steward_cancels_for_their_people_and_for_nobody_else(client):
    union = make_union()
    steward_of(client, union)
    own, foreign = make_worker(union_org=union), make_worker(union_org=make_union())
    rows = [
        seats.sign_up(offering_id=make_offering().pk, worker=one, by=None)
        for one in (own, foreign)
    ]

    for one, row in zip((own, foreign), rows, strict=True):
        client.post(page("cancel", one, row.pk), {"reason": "本人要求"})

    assert list(Signup.objects.order_by("pk").values_list("status", flat=True)) == [
        "cancelled",
        "seated",
    ]
