"""Running a class: who may see and do what, and that it is done by the verbs."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.training import services
from activities.venues.models import RoomUse
from common.models import AuditEvent
from members.models import Notice
from signups.models import Attendance, Occasion
from signups.services.attendance import note_attendance
from tests.activities.factories import make_class, make_term, seat
from tests.factories import make_user, make_worker, make_worker_with_login
from tests.pages import markup
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db


def page(name, made, *args):
    return reverse(
        f"admin:activities_training_courseclass_{name}", args=[made.pk, *args]
    )


def staff(*roles):
    write_roles()
    return make_user(roles=roles, is_staff=True)


@pytest.fixture
def manager(client):
    client.force_login(staff("培训管理员"))
    return client


def running(**fields):
    """A class whose first lesson is today, from now to the end of the day."""
    today = timezone.localdate()
    term = make_term(starts_on=today, ends_on=today + timedelta(days=90))
    hours = {"starts": time(23, 50), "ends": time(23, 59)}
    return make_class(term=term, first_day=today, **hours | fields)


@pytest.fixture
def teacher(client):
    """Somebody who teaches one class, and is logged in; and their class."""
    user = staff("任课教师")
    worker = make_worker(user=user, name="示例·任课")
    made = running(teacher=worker, teacher_name=worker.name)
    client.force_login(user)
    client.made = made
    return client


# --- seeing


def test_class_page_shows_who_is_seated_and_who_waits_without_a_number(manager):
    made = make_class(capacity=1)
    first, second = make_worker_with_login(), make_worker_with_login()
    seat(made, first)
    seat(made, second)

    response = manager.get(page("run", made))

    text = markup(response)
    assert first.name in text and second.name in text
    assert "候补第1位" in text
    assert f"尾号{first.user.phone_last4}" in text
    people = response.context["people"]
    assert [row.worker for row in people] == [first, second]


def test_class_page_reveals_a_number_for_a_reason_and_leaves_it_on_record(manager):
    from members import phones

    made = make_class()
    worker = make_worker_with_login()
    row = seat(made, worker)
    number = phones.of(worker.user).removeprefix("+86")
    there = page("number", made, row.pk)

    assert number not in manager.get(there).content.decode()
    assert number not in manager.post(there, {"reason": ""}).content.decode()
    assert number in manager.post(there, {"reason": "电话通知改期"}).content.decode()

    event = AuditEvent.objects.filter(verb="reveal_phone", outcome="done").get()
    assert event.reason == "电话通知改期"


def test_class_page_reveals_nobody_of_another_class(manager):
    made, other = make_class(), make_class()
    row = seat(other, make_worker_with_login())

    answer = manager.post(page("number", made, row.pk), {"reason": "电话通知改期"})

    assert answer.status_code == 404


def test_class_page_export_is_on_record_and_without_a_number(manager):
    from io import BytesIO

    from openpyxl import load_workbook

    made = make_class()
    worker = make_worker_with_login(name="=1+1")
    seat(made, worker)

    answer = manager.get(page("export", made))

    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert rows[1][2] == "=1+1" and rows[1][4] == f"尾号{worker.user.phone_last4}"
    event = AuditEvent.objects.get(verb="export")
    assert event.of_key == str(made.pk)


@pytest.mark.parametrize("people", [1, 6])
def test_class_page_costs_the_same_however_many(
    manager, people, django_assert_num_queries
):
    made = make_class()
    for _n in range(people):
        seat(made, make_worker_with_login())
    manager.get(page("run", made))

    with django_assert_num_queries(9):
        manager.get(page("run", made))


# --- doing


def test_lesson_called_off_frees_the_room_and_the_page_says_why(manager, client):
    made = make_class()
    lesson = made.lessons.in_order().first()
    seat(made, make_worker_with_login())

    manager.post(page("lesson_off", made, lesson.pk), {"reason": "教师培训"})

    lesson.refresh_from_db()
    assert lesson.occasion.cancelled_at is not None
    assert not RoomUse.objects.filter(occasion=lesson.occasion).exists()
    assert "停课：教师培训" in markup(client.get(made.get_absolute_url()))
    assert "原因：教师培训" in Notice.objects.get().body


def test_lesson_is_not_called_off_without_a_reason_nor_as_the_last_one(manager):
    made = make_class(lessons=2)
    first, last = made.lessons.in_order()

    answer = manager.post(page("lesson_off", made, first.pk), {"reason": "  "})
    assert answer.context["form"].errors["reason"]
    services.call_off_lesson(lesson=first, reason="示例", by=None)
    answer = manager.post(page("lesson_off", made, last.pk), {"reason": "示例"})
    assert answer.context["form"].errors["reason"]

    last.refresh_from_db()
    assert last.occasion.cancelled_at is None


def test_lesson_that_was_called_off_is_not_moved_nor_holds_a_room_again():
    made = make_class()
    lesson = made.lessons.in_order().first()
    services.call_off_lesson(lesson=lesson, reason="示例", by=None)

    with pytest.raises(services.lessons.Refusal) as caught:
        services.move_lesson(
            lesson=lesson,
            starts_at=lesson.occasion.starts_at + timedelta(days=1),
            ends_at=lesson.occasion.ends_at + timedelta(days=1),
            by=None,
        )
    assert caught.value.codes == {"lesson_off"}
    services.change_class(course_class=made, room="新教室", by=None)
    assert not RoomUse.objects.filter(occasion=lesson.occasion).exists()


def test_lesson_called_off_first_moves_the_deadline_for_giving_back(manager):
    made = make_class()
    first, second, _third = made.lessons.in_order()

    services.call_off_lesson(lesson=first, reason="示例", by=None)

    made.offering.refresh_from_db()
    assert made.offering.starts_at == second.occasion.starts_at
    assert made.offering.cancel_until == second.occasion.starts_at - timedelta(days=1)


def test_lesson_is_moved_and_a_taken_room_is_said_at_its_box(manager):
    made, other = make_class(), make_class()
    lesson = made.lessons.in_order().first()
    taken = other.lessons.in_order().first()
    start = timezone.localtime(taken.occasion.starts_at)
    sent = {"day": start.date(), "starts": "19:00", "ends": "20:00"}
    sent |= {"room": taken.room.name, "moves": 0}

    answer = manager.post(page("move", made, lesson.pk), sent)
    assert other.name in str(answer.context["form"].errors["room"])
    sent |= {"starts": "08:00", "ends": "09:00"}
    manager.post(page("move", made, lesson.pk), sent)

    lesson.refresh_from_db()
    assert timezone.localtime(lesson.occasion.starts_at).hour == 8


def test_lesson_moved_by_somebody_else_since_is_asked_again(manager):
    made = make_class()
    lesson = made.lessons.in_order().first()
    start = timezone.localtime(lesson.occasion.starts_at)
    sent = {"day": start.date(), "starts": "08:00", "ends": "09:00", "room": ""}
    sent["moves"] = 0
    manager.post(page("move", made, lesson.pk), sent)

    other = sent | {"starts": "10:00", "ends": "11:00"}
    answer = manager.post(page("move", made, lesson.pk), other)

    lesson.refresh_from_db()
    assert timezone.localtime(lesson.occasion.starts_at).hour == 8
    form = answer.context["form"]
    assert form.non_field_errors() and form["starts"].value() == "10:00"
    manager.post(
        page("move", made, lesson.pk), other | {"moves": form["moves"].value()}
    )
    lesson.refresh_from_db()
    assert timezone.localtime(lesson.occasion.starts_at).hour == 10


def test_seat_is_taken_back_with_a_reason_that_its_person_reads(manager):
    made = make_class(capacity=1)
    row = seat(made)

    manager.post(page("cancel", made, row.pk), {"reason": ""})
    row.refresh_from_db()
    assert row.is_live
    manager.post(page("cancel", made, row.pk), {"reason": "本人来电"})

    row.refresh_from_db()
    assert not row.is_live and row.cancelled_reason == "本人来电"


def test_class_is_called_off_from_its_page(manager):
    made = make_class()
    row = seat(made)

    manager.post(page("call_off", made), {"reason": "人数不足"})

    row.refresh_from_db()
    assert row.status == "called_off"


def test_class_is_written_to_once_and_nobody_else_reads_it(manager):
    made, other = make_class(capacity=1), make_class()
    seated, waiting, stranger = [make_worker_with_login() for _n in range(3)]
    seat(made, seated), seat(made, waiting), seat(other, stranger)
    make_worker()  # who has no account is not told
    there = page("write", made)

    assert manager.post(there, {"text": " "}).context["form"].errors["text"]
    for _n in range(2):
        manager.post(there, {"text": "请带一支毛笔。"})

    told = Notice.objects.filter(kind="signups.message")
    assert {row.user_id for row in told} == {seated.user_id, waiting.user_id}
    assert told.count() == 2 and told.first().body == "请带一支毛笔。"


# --- the teacher


def test_teacher_meets_todays_lesson_first_and_no_other_persons_class(teacher):
    other = running()

    text = markup(teacher.get(reverse("admin:activities_training_courseclass_mine")))

    assert teacher.made.name in text and other.name not in text
    lesson = teacher.made.lessons.in_order().first()
    assert page("attendance", teacher.made, lesson.pk) in text


def test_teacher_notes_who_came_and_corrects_it(teacher):
    made = teacher.made
    lesson = made.lessons.in_order().first()
    came, late = [direct_seat(made) for _n in range(2)]
    there = page("attendance", made, lesson.pk)

    teacher.post(there, {f"state-{came.pk}": "present", f"state-{late.pk}": "absent"})
    again = {
        f"state-{came.pk}": "present",
        f"was-{came.pk}": "present",
        f"state-{late.pk}": "late",
        f"was-{late.pk}": "absent",
    }
    teacher.post(there, again)

    states = dict(Attendance.objects.values_list("signup", "state"))
    assert states == {came.pk: "present", late.pk: "late"}


def test_teacher_ticks_who_is_missing_and_the_rest_came(teacher):
    made = teacher.made
    lesson = made.lessons.in_order().first()
    away, *others = [direct_seat(made) for _n in range(3)]

    sent = {f"state-{away.pk}": "absent", "_rest": "1"}
    teacher.post(page("attendance", made, lesson.pk), sent)

    states = dict(Attendance.objects.values_list("signup", "state"))
    assert states == {away.pk: "absent"} | {row.pk: "present" for row in others}


def direct_seat(made):
    """A seat in a class that has begun: the sign-up stays open for whoever asks."""
    return seat(made, make_worker())


def test_teacher_shows_the_code_by_which_people_check_in(teacher):
    made = teacher.made
    lesson = made.lessons.in_order().first()
    now = timezone.now()
    Occasion.objects.filter(pk=lesson.occasion_id).update(
        starts_at=now + timedelta(minutes=20), ends_at=now + timedelta(hours=2)
    )
    direct_seat(made)

    shown = teacher.get(page("code", made, lesson.pk))
    picture = teacher.get(page("code_picture", made, lesson.pk))

    code = shown.context["door"]["code"].digits
    assert code in shown.content.decode()
    assert (shown.context["door"]["here"], shown.context["door"]["seated"]) == (0, 1)
    assert picture["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture["Cache-Control"]


def test_teacher_shows_no_code_before_the_door_opens(teacher):
    made = teacher.made
    lesson = made.lessons.in_order().last()  # weeks away

    shown = teacher.get(page("code", made, lesson.pk))

    assert shown.context["door"]["code"] is None and shown.context["door"]["is_before"]


def test_attendance_that_somebody_noted_meanwhile_is_not_overwritten(teacher):
    made = teacher.made
    lesson = made.lessons.in_order().first()
    row = direct_seat(made)
    note_attendance(signup=row, occasion=lesson.occasion, state="excused", by=None)

    answer = teacher.post(
        page("attendance", made, lesson.pk),
        {f"state-{row.pk}": "absent", f"was-{row.pk}": ""},
    )

    assert Attendance.objects.get().state == "excused"
    [shown] = answer.context["people"]
    assert shown.state == "absent" and shown.was == "excused" and shown.error
    # having seen it, they decide
    sent = {f"state-{row.pk}": "absent", f"was-{row.pk}": "excused"}
    teacher.post(page("attendance", made, lesson.pk), sent)
    assert Attendance.objects.get().state == "absent"


def test_attendance_is_not_noted_before_its_day(teacher):
    made = teacher.made
    later = made.lessons.in_order().last()
    row = direct_seat(made)

    answer = teacher.post(
        page("attendance", made, later.pk), {f"state-{row.pk}": "present"}
    )

    assert answer.context["has_errors"]
    assert not Attendance.objects.exists()


def test_teacher_gets_404_for_another_persons_class_by_every_door(teacher):
    other = running()
    lesson, row = other.lessons.in_order().first(), direct_seat(other)
    doors = [
        page("run", other),
        page("print", other),
        page("attendance", other, lesson.pk),
        page("code", other, lesson.pk),
        page("code_picture", other, lesson.pk),
    ]
    for door in doors:
        assert teacher.get(door).status_code == 404, door
        assert teacher.post(door, {f"state-{row.pk}": "present"}).status_code in (
            404,
            405,
        )
    assert not Attendance.objects.exists()


def test_teacher_changes_nothing_of_their_own_class_and_sees_no_number(teacher):
    made = teacher.made
    lesson, row = made.lessons.in_order().last(), direct_seat(made)
    doors = [
        page("export", made),
        page("call_off", made),
        page("write", made),
        page("number", made, row.pk),
        page("cancel", made, row.pk),
        page("move", made, lesson.pk),
        page("lesson_off", made, lesson.pk),
    ]

    for door in doors:
        assert teacher.get(door).status_code == 403, door
        assert teacher.post(door, {"reason": "示例原因"}).status_code == 403, door
    assert made.lessons.taking_place().count() == 3


@pytest.mark.parametrize("role", ["编辑", "场馆管理员", "服务台"])
def test_class_pages_are_closed_to_other_roles(client, role):
    made = running()
    client.force_login(staff(role))
    lesson = made.lessons.in_order().first()

    assert client.get(page("run", made)).status_code == 403
    assert client.get(page("attendance", made, lesson.pk)).status_code == 403
