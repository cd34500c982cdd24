from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from activities.training import services
from activities.training.models import CourseClass, Lesson, Term
from common.errors import Refusal
from signups.enums import Audience, PoolKind, SignupStatus
from signups.models import Occasion, Offering
from signups.services import seats
from signups.services.offerings import Reserve
from tests.activities.factories import make_class, make_term, make_venue
from tests.factories import make_worker

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")


def refused(verb, **arguments) -> set[str]:
    with pytest.raises(Refusal) as caught:
        verb(**arguments)
    return caught.value.codes


def times_of(course_class):
    return [
        (lesson.occasion.starts_at, lesson.occasion.ends_at)
        for lesson in course_class.lessons.in_order()
    ]


# --- terms


def test_open_term_limits_each_worker():
    term = make_term(seats_each=1)
    worker = make_worker()
    first, second = (
        make_class(term=term),
        make_class(term=term, starts=time(9, 0), ends=time(10, 0)),
    )

    seats.sign_up(offering_id=first.offering.pk, worker=worker, by=None)

    assert refused(
        seats.sign_up, offering_id=second.offering.pk, worker=worker, by=None
    ) == {"limit"}


def test_change_term_unpublished_makes_its_classes_unknown_to_sign_up():
    term = make_term(is_published=False)
    offering = make_class(term=term).offering
    hidden = refused(
        seats.sign_up, offering_id=offering.pk, worker=make_worker(), by=None
    )

    services.change_term(term=term, is_published=True, by=None)
    signup = seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)

    assert hidden == {"not_listed"}
    assert signup.status == SignupStatus.SEATED


def test_open_term_refuses_a_window_and_days_that_run_backwards_together():
    now = timezone.now()

    codes = refused(
        make_term,
        opens_at=now,
        closes_at=now - timedelta(hours=1),
        starts_on=date(2030, 5, 2),
        ends_on=date(2030, 5, 1),
    )

    assert codes == {"window_backwards", "days_backwards"}
    assert Term.objects.count() == 0


def test_open_term_gives_a_number_once():
    make_term(number=6)

    assert refused(make_term, number=6) == {"number_taken"}


def test_change_term_window_reaches_classes_that_had_the_terms_own():
    term = make_term()
    usual = make_class(term=term)
    special = make_class(term=term, closes_at=term.closes_at + timedelta(days=1))
    later = term.closes_at + timedelta(days=3)

    services.change_term(term=term, closes_at=later, by=None)

    usual.offering.refresh_from_db()
    special.offering.refresh_from_db()
    assert usual.offering.closes_at == later
    assert special.offering.closes_at == term.closes_at + timedelta(days=1)


def test_change_class_keeps_with_the_offering_what_people_agree_to():
    """At its opening, when the term's words change, and when its own rule does."""
    term = make_term(notice="请按时到课。")
    sure, unsure = make_class(term=term), make_class(term=term, min_to_open=8)
    few = "报名不足8人，本班可能停办。"

    def asked(made):
        return Offering.objects.get(pk=made.offering_id).notice

    assert (asked(sure), asked(unsure)) == ("请按时到课。", f"请按时到课。\n{few}")
    services.change_term(term=term, notice="缺课请先说。", by=None)
    assert (asked(sure), asked(unsure)) == ("缺课请先说。", f"缺课请先说。\n{few}")
    services.change_class(course_class=unsure, min_to_open=0, by=None)
    assert asked(unsure) == "缺课请先说。"


def test_change_term_with_a_raised_limit_lets_a_waiter_in(
    django_capture_on_commit_callbacks,
):
    term = make_term(seats_each=1)
    one = make_class(term=term)
    two = make_class(term=term, capacity=1, starts=time(9, 0), ends=time(10, 0))
    worker = make_worker()
    seats.sign_up(offering_id=two.offering.pk, worker=make_worker(), by=None)
    waiting = seats.sign_up(offering_id=two.offering.pk, worker=worker, by=None)
    seats.sign_up(offering_id=one.offering.pk, worker=worker, by=None)
    services.change_class(course_class=two, capacity=2, by=None)

    with django_capture_on_commit_callbacks(execute=True):
        services.change_term(term=term, seats_each=2, by=None)

    waiting.refresh_from_db()
    assert waiting.status == SignupStatus.SEATED


# --- classes


def test_lesson_days_skip_holidays_and_begin_on_the_first_weekday():
    days = services.lesson_days(
        first_day=date(2030, 4, 29),  # a Monday
        weekdays={2, 4},
        lessons=4,
        skip={date(2030, 5, 2)},
    )

    assert days == [
        date(2030, 4, 30),
        date(2030, 5, 7),
        date(2030, 5, 9),
        date(2030, 5, 14),
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"weekdays": set()}, "no_weekday"),
        ({"lessons": 0}, "lessons"),
        ({"lessons": 61}, "lessons"),
        ({"ends": time(19, 0)}, "times_backwards"),
        ({"first_day": date(2029, 1, 1)}, "outside_term"),
    ],
)
def test_open_class_refuses_a_plan_that_does_not_work_and_leaves_nothing(changed, code):
    assert refused(make_class, **changed) == {code}
    assert CourseClass.objects.count() == Occasion.objects.count() == 0


def test_lesson_days_refuse_holidays_without_end():
    first = date(2030, 1, 1)
    skip = {first + timedelta(days=n) for n in range(800)}

    assert refused(
        services.lesson_days, first_day=first, weekdays={1}, lessons=1, skip=skip
    ) == {"too_many_skipped"}


def test_lesson_days_avoid_the_days_off_of_the_notices():
    asked = {
        "first_day": date(2018, 4, 24),  # a Tuesday; the first of May is one, too
        "weekdays": {2, 6},
        "lessons": 3,
        "skip": {date(2018, 5, 5)},
    }

    avoiding = services.lesson_days(avoids_holidays=True, **asked)

    # the worked Saturday is taught on as any other
    assert avoiding == [date(2018, 4, 24), date(2018, 4, 28), date(2018, 5, 8)]
    assert date(2018, 5, 1) in services.lesson_days(**asked)


def test_lesson_days_in_a_year_without_its_notice_are_not_guessed():
    asked = {"first_day": date(2026, 12, 22), "weekdays": {2}, "skip": ()}
    told = {"avoids_holidays": True}

    assert services.lesson_days(lessons=1, **asked, **told) == [date(2026, 12, 22)]
    assert refused(services.lesson_days, lessons=2, **asked, **told) == {
        "holidays_unknown"
    }
    assert len(services.lesson_days(lessons=2, **asked)) == 2


def test_open_class_has_seats_times_and_lessons():
    until = timezone.now() + timedelta(days=3)
    term = make_term()
    made = make_class(
        term=term,
        capacity=24,
        reserve=Reserve(audience=Audience.EITHER, capacity=6, until=until),
        topics=["认识茶具", "第一泡"],
        room="201教室",
    )

    offering = made.offering
    assert offering.title == made.name
    assert offering.get_absolute_url() == f"/activities/training/classes/{made.pk}/"
    assert (offering.opens_at, offering.closes_at) == (term.opens_at, term.closes_at)
    pools = offering.pools.order_by("-position").values_list(
        "kind", "audience", "capacity"
    )
    assert list(pools) == [
        (PoolKind.GENERAL, "", 24),
        (PoolKind.AUDIENCE, Audience.EITHER, 6),
    ]
    lessons = list(made.lessons.in_order())
    assert [lesson.topic for lesson in lessons] == ["认识茶具", "第一泡", ""]
    starts = [lesson.occasion.starts_at for lesson in lessons]
    assert starts[0] == datetime.combine(term.starts_on, time(19), SHANGHAI)
    assert starts[1] - starts[0] == timedelta(days=7)
    assert lessons[0].occasion.place == f"{made.venue.name}201教室"
    assert offering.cancel_until == starts[0] - timedelta(hours=24)
    assert offering.starts_at == starts[0]


def test_open_class_gives_a_name_once_in_a_term():
    term = make_term()
    make_class(term=term, name="茶艺班")

    assert refused(make_class, term=term, name="茶艺班") == {"name_taken"}
    make_class(term=make_term(), name="茶艺班")


def test_open_class_refuses_one_room_at_one_time_to_two():
    held = make_class(room="302教室")

    with pytest.raises(Refusal) as caught:
        make_class(
            term=held.term, room="302教室", starts=time(20, 29), ends=time(21, 30)
        )

    assert [reason.code for reason in caught.value.reasons] == ["room_taken"] * 3
    assert held.name in str(caught.value)
    assert CourseClass.objects.count() == 1


def test_open_class_allows_a_room_back_to_back_and_in_another_venue():
    held = make_class(room="302教室")

    make_class(term=held.term, room="302教室", starts=time(20, 30), ends=time(21, 30))
    make_class(term=held.term, room="302教室", venue=make_venue())

    assert CourseClass.objects.count() == 3


def test_open_class_without_a_room_clashes_with_nobody():
    held = make_class(room="")

    make_class(term=held.term, room="")

    assert CourseClass.objects.count() == 2


def test_change_class_room_moves_the_lessons_to_come():
    made = make_class(room="302教室")

    services.change_class(course_class=made, room="108教室", by=None)

    lessons = list(made.lessons.in_order())
    assert {lesson.room.name for lesson in lessons} == {"108教室"}
    assert {lesson.occasion.place for lesson in lessons} == {
        f"{made.venue.name}108教室"
    }
    make_class(term=made.term, room="302教室")


def test_change_class_room_is_refused_where_it_is_taken():
    held = make_class(room="302教室")
    made = make_class(term=held.term, room="108教室")

    codes = refused(services.change_class, course_class=made, room="302教室", by=None)

    assert codes == {"room_taken"}
    made.refresh_from_db()
    assert made.room.name == "108教室"


def test_change_class_name_is_the_offerings_title_too():
    made = make_class()

    services.change_class(course_class=made, name="新班名", by=None)

    made.offering.refresh_from_db()
    assert made.offering.title == "新班名"


def test_change_class_seats_below_those_taken_are_refused_at_the_field():
    made = make_class(capacity=2)
    for _n in range(2):
        seats.sign_up(offering_id=made.offering.pk, worker=make_worker(), by=None)

    with pytest.raises(Refusal) as caught:
        services.change_class(course_class=made, capacity=1, by=None)

    assert [(r.code, r.field) for r in caught.value.reasons] == [
        ("below_taken", "capacity")
    ]


def test_change_class_with_an_unknown_field_is_a_fault_of_the_caller():
    with pytest.raises(TypeError):
        services.change_class(course_class=make_class(), term=None, by=None)


def test_call_off_class_frees_its_room_and_its_peoples_time():
    made = make_class(room="302教室")
    signup = seats.sign_up(offering_id=made.offering.pk, worker=make_worker(), by=None)

    services.call_off_class(course_class=made, reason="报名不足10人", by=None)

    again = make_class(term=made.term, room="302教室")
    assert seats.sign_up(offering_id=again.offering.pk, worker=signup.worker, by=None)
    made.offering.refresh_from_db()
    assert made.offering.withdrawn_reason == "报名不足10人"


def test_call_off_class_leaves_a_class_that_is_over_as_it_was():
    made = make_class()
    hour_ago = timezone.now() - timedelta(hours=1)
    Offering.objects.filter(pk=made.offering_id).update(ends_at=hour_ago)

    assert refused(
        services.call_off_class, course_class=made, reason="停水", by=None
    ) == {"over"}


def test_call_off_class_needs_a_reason():
    assert refused(
        services.call_off_class, course_class=make_class(), reason="  ", by=None
    ) == {"needs_reason"}


def test_change_class_is_refused_once_called_off():
    made = make_class()
    services.call_off_class(course_class=made, reason="停水", by=None)

    lesson = made.lessons.in_order().first()
    assert refused(services.change_class, course_class=made, name="x", by=None) == {
        "called_off"
    }
    assert refused(
        services.move_lesson,
        lesson=lesson,
        starts_at=lesson.occasion.starts_at,
        ends_at=lesson.occasion.ends_at,
        by=None,
    ) == {"called_off"}


# --- lessons


def move(lesson, by_days, **more):
    shift = timedelta(days=by_days)
    return services.move_lesson(
        lesson=lesson,
        starts_at=lesson.occasion.starts_at + shift,
        ends_at=lesson.occasion.ends_at + shift,
        by=None,
        **more,
    )


def test_move_lesson_keeps_its_occasion_and_its_first_planned_day():
    made = make_class()
    lesson = made.lessons.in_order().first()
    planned = lesson.occasion.starts_at

    move(move(lesson, 2), 1)

    now = Lesson.objects.in_order().get(pk=lesson.pk)
    assert now.occasion_id == lesson.occasion_id
    assert now.occasion.starts_at == planned + timedelta(days=3)
    assert now.moved_from == planned


def test_move_lesson_back_has_nothing_to_strike_out():
    lesson = make_class().lessons.in_order().first()

    back = move(move(lesson, 2), -2)

    assert back.moved_from is None


def move_by(lesson, days):
    by = timedelta(days=days)
    return services.move_lesson(
        lesson=lesson,
        starts_at=lesson.occasion.starts_at + by,
        ends_at=lesson.occasion.ends_at + by,
        by=None,
    )


def deadline_of(made):
    made.offering.refresh_from_db()
    return made.offering.cancel_until


def test_move_lesson_moves_the_usual_deadline_of_the_first():
    made = make_class(lessons=2)
    first, second = made.lessons.in_order()
    usual = deadline_of(made)

    move_by(second, 1)
    unmoved = deadline_of(made)
    move_by(first, 3)
    moved = deadline_of(made)
    move_by(made.lessons.in_order().first(), 30)  # now the other one comes first

    assert unmoved == usual
    assert moved == usual + timedelta(days=3)
    second.occasion.refresh_from_db()
    assert deadline_of(made) == second.occasion.starts_at - timedelta(days=1)


def test_move_lesson_leaves_a_deadline_set_by_hand():
    by_hand = timezone.now() + timedelta(days=5)
    made = make_class(cancel_until=by_hand)

    move_by(made.lessons.in_order().first(), 3)

    assert deadline_of(made) == by_hand


def test_move_lesson_is_in_everybodys_time():
    made = make_class()
    worker = make_worker()
    seats.sign_up(offering_id=made.offering.pk, worker=worker, by=None)
    lesson = made.lessons.in_order().last()
    other = make_class(
        term=made.term,
        first_day=timezone.localdate(lesson.occasion.starts_at) + timedelta(days=2),
        lessons=1,
    )

    move(lesson, 2)

    assert refused(
        seats.sign_up, offering_id=other.offering.pk, worker=worker, by=None
    ) == {"clash"}


def test_move_lesson_into_a_taken_room_or_backwards_is_refused():
    made = make_class(room="302教室")
    other = make_class(
        term=made.term,
        room="302教室",
        first_day=made.term.starts_on + timedelta(days=1),
    )
    lesson = made.lessons.in_order().first()

    with pytest.raises(Refusal) as caught:
        move(lesson, 1)

    assert caught.value.codes == {"room_taken"}
    assert other.name in str(caught.value)
    assert refused(
        services.move_lesson,
        lesson=lesson,
        starts_at=lesson.occasion.ends_at,
        ends_at=lesson.occasion.starts_at,
        by=None,
    ) == {"times_backwards"}


def test_move_lesson_to_another_room_at_its_own_time():
    lesson = make_class(room="302教室").lessons.in_order().first()

    moved = move(lesson, 0, room="303教室")

    assert (moved.room.name, moved.moved_from) == ("303教室", None)


def test_teacher_clashes_of_two_classes_at_once_are_a_warning():
    one = make_class(teacher_name="示例·罗老师")
    two = make_class(term=one.term, teacher_name="示例·罗老师")
    make_class(
        term=one.term,
        teacher_name="示例·罗老师",
        first_day=one.term.starts_on + timedelta(days=1),
    )

    warnings = services.teacher_clashes(course_class=two)

    assert len(warnings) == 1
    assert one.name in warnings[0]
