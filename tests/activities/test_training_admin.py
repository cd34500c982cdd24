"""The back office of terms, classes, lessons and venues: another caller of the verbs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.training import services
from activities.training.models import CourseClass, CourseKind, Term
from activities.venues.models import Venue
from common.models import Holiday
from signups.enums import Audience, PoolKind
from signups.models import Offering
from signups.services import seats
from signups.services.offerings import Reserve
from tests.activities.factories import (
    make_class,
    make_kind,
    make_term,
    make_venue,
    seat,
)
from tests.factories import make_user, make_worker
from tests.pages import markup
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    write_roles()
    client.force_login(make_user(roles=["培训管理员"], is_staff=True))
    return client


def url(model, action, *args):
    return reverse(
        f"admin:{model._meta.label_lower.replace('.', '_')}_{action}", args=args
    )


def values(response):
    """What the page's forms hold, as a browser would send it back."""
    data = {}
    context = response.context
    forms = [context["adminform"].form]
    for wrapped in context["inline_admin_formsets"]:
        forms += [wrapped.formset.management_form, *wrapped.formset.forms]
    for form in forms:
        for field in form:
            value, name = field.value(), field.html_name
            widget = field.field.widget
            if hasattr(widget, "widgets"):
                for n, part in enumerate(widget.decompress(value)):
                    data[f"{name}_{n}"] = "" if part is None else str(part)
            elif value is True:
                data[name] = "on"
            elif value is not None and value is not False:
                data[name] = value
    return data


def errors(response):
    assert response.status_code == 200, "the form came back"
    return response.context["adminform"].form.errors


# --- terms


def term_data(**changes):
    today = timezone.localdate()
    return {
        "number": 7,
        "title": "第七期",
        "is_published": "on",
        "opens_at_0": str(today),
        "opens_at_1": "09:00",
        "closes_at_0": str(today + timedelta(days=7)),
        "closes_at_1": "18:00",
        "seats_each": 2,
        "audience": "本市工会会员",
        "starts_on": str(today + timedelta(days=10)),
        "ends_on": str(today + timedelta(days=90)),
        "notice": "",
        "contact_phone": "",
    } | changes


def test_term_admin_opens_a_term_with_its_limit(manager):
    response = manager.post(url(Term, "add"), term_data())

    term = Term.objects.get()
    assert response.status_code == 302
    assert (term.number, term.limit.most) == (7, 2)


def test_term_admin_refused_keeps_what_was_typed(manager):
    response = manager.post(url(Term, "add"), term_data(closes_at_0="2001-01-01"))

    assert errors(response) == {"closes_at": ["报名截止应晚于报名开始。"]}
    assert 'value="第七期"' in response.content.decode()
    assert Term.objects.count() == 0


def test_term_admin_changes_the_limit_of_its_offerings(manager):
    term = make_term(seats_each=1)
    change = url(Term, "change", term.pk)

    manager.post(change, values(manager.get(change)) | {"seats_each": 3})

    term.limit.refresh_from_db()
    assert term.limit.most == 3


# --- opening a class


def class_data(term, **changes):
    return {
        "term": term.pk,
        "kind": make_kind().pk,
        "name": "瑜伽基础班",
        "level": "zero",
        "venue": make_venue().pk,
        "room": "302教室",
        "teacher_name": "示例·杨老师",
        "teacher_intro": "",
        "intro": "",
        "needs": "",
        "min_to_open": 10,
        "capacity": 24,
        "reserved": 6,
        "reserved_for": Audience.EITHER,
        "reserved_until_0": "",
        "reserved_until_1": "",
        "waitlist_limit": "",
        "is_members_only": "on",
        "first_day": str(term.starts_on),
        "weekdays": [2, 4],
        "starts": "19:00",
        "ends": "20:30",
        "lessons": 10,
        "skip": "",
    } | changes


def test_class_on_holidays_that_are_not_known_is_refused_and_nothing_is_lost(manager):
    """The box is on by default; whoever takes it off says the days themselves."""
    term = make_term()
    Holiday.objects.all().delete()
    add = reverse("admin:activities_training_courseclass_add")
    assert manager.get(add).context["adminform"].form["avoids_holidays"].value()

    wrong = manager.post(add, class_data(term, name="示例班", avoids_holidays="on"))

    page = wrong.content.decode()
    assert "放假安排尚未录入" in page and "示例班" in page
    assert not CourseClass.objects.exists()
    assert manager.post(add, class_data(term, name="示例班")).status_code == 302


def test_class_admin_opens_a_class_with_seats_and_lessons(manager):
    term = make_term()
    skipped = services.lesson_days(
        first_day=term.starts_on, weekdays={2, 4}, lessons=2, skip=()
    )[1]

    response = manager.post(
        url(CourseClass, "add"), class_data(term, skip=f"{skipped}")
    )

    made = CourseClass.objects.get()
    assert response.status_code == 302
    assert made.lessons.count() == 10
    days = [timezone.localdate(x.occasion.starts_at) for x in made.lessons.in_order()]
    assert skipped not in days
    pools = made.offering.pools.order_by("-position").values_list("kind", "capacity")
    assert list(pools) == [(PoolKind.GENERAL, 24), (PoolKind.AUDIENCE, 6)]


def test_class_admin_names_a_taken_room_at_its_field_with_everything_typed(manager):
    term = make_term()
    data = class_data(term)
    held = make_class(
        term=term,
        venue=Venue.objects.get(pk=data["venue"]),
        room="302教室",
        weekdays={2, 4},
    )

    response = manager.post(url(CourseClass, "add"), data)

    assert held.name in str(errors(response)["room"])
    text = response.content.decode()
    assert 'value="瑜伽基础班"' in text
    assert 'value="19:00"' in text
    assert CourseClass.objects.count() == 1


def test_class_admin_names_a_day_that_is_none(manager):
    response = manager.post(
        url(CourseClass, "add"), class_data(make_term(), skip="2018-06-18 端午")
    )

    assert errors(response)["skip"] == ["“端午”不是日期，请写成2018-06-18。"]


def test_class_admin_warns_of_a_teacher_in_two_rooms(manager):
    term = make_term()
    make_class(term=term, teacher_name="示例·杨老师", weekdays={2, 4}, name="另一班")

    response = manager.post(url(CourseClass, "add"), class_data(term), follow=True)

    assert "同一时间还有“另一班”" in response.content.decode()
    assert CourseClass.objects.count() == 2


# --- changing a class


def change_class(client, made, **changes):
    change = url(CourseClass, "change", made.pk)
    return client.post(change, values(client.get(change)) | changes)


def test_class_admin_saved_without_a_change_changes_nothing(manager):
    made = make_class(reserve=Reserve(audience=Audience.EITHER, capacity=2))
    before = CourseClass.objects.values().get()

    response = change_class(manager, made)

    assert response.status_code == 302
    assert CourseClass.objects.values().get() | {"updated_at": 0} == before | {
        "updated_at": 0
    }
    assert not made.lessons.filter(moved_from__isnull=False).exists()


def test_class_admin_with_raised_seats_serves_the_queue_first(
    manager, django_capture_on_commit_callbacks
):
    made = make_class(capacity=1)
    seats.sign_up(offering_id=made.offering.pk, worker=make_worker(), by=None)
    waits = seats.sign_up(offering_id=made.offering.pk, worker=make_worker(), by=None)

    with django_capture_on_commit_callbacks(execute=True):
        change_class(manager, made, capacity=2)

    waits.refresh_from_db()
    assert waits.status == "seated"


def test_class_admin_with_seats_below_those_taken_comes_back_at_the_field(manager):
    made = make_class(capacity=2)
    for _n in range(2):
        seats.sign_up(offering_id=made.offering.pk, worker=make_worker(), by=None)

    response = change_class(manager, made, capacity=1, name="改了名")

    assert list(errors(response)) == ["capacity"]
    assert 'value="改了名"' in response.content.decode()
    made.refresh_from_db()
    assert made.name != "改了名"


def test_class_admin_changes_the_rules_of_its_offering(manager):
    made = make_class()

    change_class(manager, made, waitlist_limit=5, is_members_only="")

    made.offering.refresh_from_db()
    assert made.offering.waitlist_limit == 5
    assert not made.offering.is_members_only


def test_class_admin_window_backwards_stands_at_its_field_and_in_the_summary(
    manager,
):
    made = make_class()

    response = change_class(manager, made, closes_at_0="2001-01-01")

    assert errors(response) == {"closes_at": ["报名截止应晚于报名开始。"]}
    page = response.content.decode()
    assert 'href="#id_closes_at_0"' in page
    assert 'id="id_closes_at_0"' in page


def test_class_admin_explains_the_reserve_when_adding_and_when_changing(manager):
    made = make_class()

    for page in (url(CourseClass, "add"), url(CourseClass, "change", made.pk)):
        assert "另为一线职工、农民工预留" in manager.get(page).content.decode()


def test_class_admin_leads_to_the_people(manager):
    made = make_class()
    seats.sign_up(offering_id=made.offering_id, worker=make_worker(), by=None)
    there = url(CourseClass, "run", made.pk)

    form = markup(manager.get(url(CourseClass, "change", made.pk)))
    listing = markup(manager.get(url(CourseClass, "changelist")))

    assert f'<a href="{there}">学员和课次（1）</a>' in form
    assert f'<a href="{there}">{made.name}' in listing
    assert manager.get(there).status_code == 200


def test_class_admin_list_opens_with_name_state_and_seats(manager):
    made = make_class()
    gone = make_class()
    services.call_off_class(course_class=gone, reason="停水", by=None)

    response = manager.get(url(CourseClass, "changelist"))

    shown = response.context["cl"].list_display
    assert shown[1:5] == ["page", "state", "seats", "term_number"]
    page = response.content.decode()
    assert "已停办" in page
    assert f"第{made.term.number}期" in page


def test_move_lesson_and_name_lesson_in_the_row_of_the_class_admin(manager):
    made = make_class()
    lesson = made.lessons.in_order().first()
    day = timezone.localdate(lesson.occasion.starts_at) + timedelta(days=1)

    response = change_class(
        manager,
        made,
        **{
            "lessons-0-starts_at_0": str(day),
            "lessons-0-ends_at_0": str(day),
            "lessons-0-topic": "认识茶具",
        },
    )

    assert response.status_code == 302
    moved = made.lessons.in_order().first()
    assert timezone.localdate(moved.occasion.starts_at) == day
    assert moved.moved_from == lesson.occasion.starts_at
    assert moved.topic == "认识茶具"


def test_class_admin_refuses_a_lesson_into_a_taken_room_and_saves_nothing(manager):
    teacher = {"teacher_name": "示例教师"}  # in two rooms: a warning on the way
    held = make_class(room="302教室", **teacher)
    made = make_class(term=held.term, room="108教室", **teacher)

    response = change_class(
        manager, made, **{"lessons-0-room": "302教室", "name": "改了名"}
    )

    assert held.name in str(errors(response))
    assert list(response.context["messages"]) == []
    made.refresh_from_db()
    assert made.name != "改了名"
    assert made.lessons.in_order().first().room.name == "108教室"


def test_call_off_class_admin_asks_for_the_reason_first(manager):
    made = make_class()
    chosen = {"action": "call_off_selected", "_selected_action": [made.pk]}
    listing = url(CourseClass, "changelist")

    asked = manager.post(listing, chosen)
    empty = manager.post(listing, chosen | {"reason": " "}, follow=True)
    made.offering.refresh_from_db()
    assert made.name in asked.content.decode()
    assert "请填写停办原因" in empty.content.decode()
    assert made.offering.withdrawn_at is None

    manager.post(listing, chosen | {"reason": "报名不足10人"})

    made.offering.refresh_from_db()
    assert made.offering.withdrawn_reason == "报名不足10人"


def test_class_that_is_over_is_offered_for_calling_off_nowhere(manager):
    made = make_class()
    address = url(CourseClass, "call_off", made.pk)
    page = url(CourseClass, "run", made.pk)
    assert address in manager.get(page).content.decode()

    hour_ago = timezone.now() - timedelta(hours=1)
    Offering.objects.filter(pk=made.offering_id).update(ends_at=hour_ago)

    assert address not in manager.get(page).content.decode()
    chosen = {"action": "call_off_selected", "_selected_action": [made.pk]}
    listing = url(CourseClass, "changelist")
    answer = manager.post(listing, chosen | {"reason": "停水"}, follow=True)
    assert "都已停办或结课" in answer.content.decode()
    made.offering.refresh_from_db()
    assert made.offering.withdrawn_at is None


def test_call_off_class_admin_first_says_how_many_people_it_concerns(manager):
    made, other, gone = (make_class(capacity=2) for _ in range(3))
    for _ in range(3):
        seat(made)
    seat(other)
    seats.cancel(signup=seat(other), by=None)
    seat(gone)
    services.call_off_class(course_class=gone, reason="停水", by=None)
    rows = [made.pk, other.pk, gone.pk]
    chosen = {"action": "call_off_selected", "_selected_action": rows}

    page = manager.post(url(CourseClass, "changelist"), chosen).content.decode()

    assert "共涉及4人次：已报名3，候补1" in page
    assert f"{made.name}（已报名2人，候补1人）" in page
    assert f"{other.name}（已报名1人，候补0人）" in page
    assert gone.name not in page


def test_class_admin_does_not_change_a_class_that_was_called_off(manager):
    made = make_class()
    services.call_off_class(course_class=made, reason="停水", by=None)

    response = change_class(manager, made, name="改了名")

    assert "该班已停办" in str(errors(response))


# --- who may


@pytest.mark.parametrize(
    ("role", "model", "may_see", "may_add"),
    [
        ("培训管理员", Term, True, True),
        ("培训管理员", CourseKind, True, True),
        ("培训管理员", CourseClass, True, True),
        ("培训管理员", Venue, True, False),
        ("场馆管理员", Venue, True, True),
        ("场馆管理员", CourseClass, False, False),
        ("审计员", Term, True, False),
        ("审计员", CourseClass, True, False),
        ("编辑", CourseClass, False, False),
    ],
)
def test_training_admin_roles_open_the_right_doors(
    client, role, model, may_see, may_add
):
    write_roles()
    client.force_login(make_user(roles=[role], is_staff=True))
    made = make_class()
    row = {Term: made.term, CourseKind: made.kind, Venue: made.venue}.get(model, made)

    seen = client.get(url(model, "changelist")).status_code
    opened = client.get(url(model, "change", row.pk)).status_code
    added = client.get(url(model, "add")).status_code

    assert (seen, opened) == ((200, 200) if may_see else (403, 403))
    assert added == (200 if may_add else 403)


def test_class_admin_shows_a_teacher_their_own_class_and_no_other(client):
    write_roles()
    user = make_user(roles=["任课教师"], is_staff=True)
    own, other = make_class(), make_class()
    CourseClass.objects.filter(pk=own.pk).update(teacher=make_worker(user=user))
    client.force_login(user)

    pages = [client.get(url(CourseClass, "change", made.pk)) for made in (own, other)]

    assert [page.status_code for page in pages] == [200, 302]
    listed = client.get(url(CourseClass, "changelist")).content.decode()
    assert own.name in listed
    assert other.name not in listed
    assert client.get(url(CourseClass, "add")).status_code == 403


def test_class_admin_shows_who_may_only_view_the_lessons_times_and_saves_nothing(
    client,
):
    write_roles()
    user = make_user(roles=["任课教师"], is_staff=True)
    client.force_login(user)
    made = make_class(teacher=make_worker(user=user))
    change = url(CourseClass, "change", made.pk)

    page = client.get(change)
    posted = client.post(change, {"name": "改了名"})

    start = timezone.localtime(made.lessons.in_order().first().occasion.starts_at)
    assert f"{start.month}月{start.day}日19:00" in page.content.decode()
    assert posted.status_code == 403


def test_training_admin_deletes_nothing(manager):
    made = make_class()

    for row in (made, made.term, made.kind):
        assert manager.get(url(type(row), "delete", row.pk)).status_code == 403


@pytest.mark.parametrize("rows", [1, 6])
@pytest.mark.parametrize("model", [Term, CourseClass])
def test_training_admin_lists_cost_the_same_however_long(
    manager, model, rows, django_assert_max_num_queries
):
    for _n in range(rows):
        make_class()

    with django_assert_max_num_queries(12):
        response = manager.get(url(model, "changelist"))

    assert len(response.context["cl"].result_list) == rows


def test_save_venue_in_the_admin_is_for_its_keeper(client):
    write_roles()
    client.force_login(make_user(roles=["场馆管理员"], is_staff=True))

    client.post(url(Venue, "add"), {"name": "示例馆", "position": 1, "is_active": "on"})

    assert Venue.objects.get().name == "示例馆"
