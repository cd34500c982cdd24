"""Opening a term: copied, checked as a whole, seen before it is public, published at
once or not at all."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from activities.training.models import CourseClass, Term, TermPlan
from activities.training.services import call_off_class, move_lesson, plans
from activities.venues.models import RoomUse
from common import pagecache
from common.models import Holiday
from signups.enums import Audience
from signups.models import Draw, Offering
from signups.services.offerings import Reserve
from tests.activities.factories import make_class, make_term
from tests.factories import make_user
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db

NEW = reverse("admin:activities_training_termplan_add")


def page(plan, name="change"):
    return reverse(f"admin:activities_training_termplan_{name}", args=[plan.pk])


@pytest.fixture
def manager(client):
    write_roles()
    user = make_user(roles=["培训管理员"], is_staff=True)
    client.force_login(user)
    return client


@pytest.fixture
def last():
    """A term with two classes in one room on two days, one of which has a reserve."""
    term = make_term(title="第七期示例培训", number=7)
    first = term.starts_on
    make_class(
        term=term,
        name="示例瑜伽班",
        room="302教室",
        first_day=first,
        teacher_name="示例·杨",
        intro="示例介绍",
        topics=["开课", "练习", "结课"],
        reserve=Reserve(audience=Audience.EITHER, capacity=4),
    )
    make_class(
        term=term,
        name="示例茶艺班",
        room="302教室",
        first_day=first + timedelta(days=1),
    )
    return term


def copied(term, **given):
    given = {"number": 8, "title": "第八期示例培训", "by": None} | given
    starts_on = given.pop("starts_on", term.starts_on + timedelta(weeks=52))
    return plans.copy_term(source=term, starts_on=starts_on, **given)


def boxes(plan, **changes):
    """What a browser sends of the sheet; ``changes`` by the name of the box."""
    sent = {"revision": plan.revision, "classes-total": len(plan.rows)}
    sent |= plan.content["term"]
    for number, row in enumerate(plan.rows):
        sent |= {f"classes-{number}-{name}": text for name, text in row.items()}
    return sent | {name.replace("__", "-"): text for name, text in changes.items()}


def test_copy_term_moves_the_window_and_keeps_the_rhythm(last):
    plan = copied(last)

    term, [yoga, tea] = plan.content["term"], plan.rows
    opens = timezone.localtime(last.opens_at) + timedelta(weeks=52)
    assert (term["opens_at_0"], term["opens_at_1"]) == (
        opens.date().isoformat(),
        f"{opens:%H:%M}",
    )
    assert yoga["weekdays"] == str(last.starts_on.isoweekday())
    assert (yoga["starts"], yoga["ends"], yoga["lessons"]) == ("19:00", "20:30", "3")
    assert (yoga["capacity"], yoga["reserved"]) == ("10", "4")
    assert tea["name"] == "示例茶艺班"


def test_copy_term_does_not_take_a_moved_lesson_for_the_rhythm(last):
    lesson = last.classes.first().lessons.in_order().first()
    moved = lesson.occasion.starts_at - timedelta(days=2, hours=5)
    move_lesson(
        lesson=lesson, starts_at=moved, ends_at=moved + timedelta(hours=1), by=None
    )

    row = copied(last).rows[0]

    assert row["weekdays"] == str(last.starts_on.isoweekday())
    assert row["starts"] == "19:00"


def test_copy_term_twice_makes_one_plan(last):
    assert copied(last) == copied(last)


def test_plan_page_proposes_what_comes_next(manager, last):
    form = manager.get(NEW).context["form"]

    assert form.initial["number"] == 8
    assert form.initial["title"] == "第八期示例培训"
    day = date.fromisoformat(form.initial["starts_on"])
    assert day > last.ends_on and day.isoweekday() == last.starts_on.isoweekday()


def test_plan_of_the_last_term_is_public_after_four_posts_and_no_box(manager, last):
    """Everything is proposed: whoever changes nothing types nothing."""
    form = manager.get(NEW).context["form"]
    manager.post(NEW, form.initial)
    plan = TermPlan.objects.get()
    answer = manager.post(page(plan), boxes(plan) | {"_publish": "1"})
    assert answer.url == page(plan, "publish")
    plan.refresh_from_db()
    answer = manager.post(page(plan, "publish"), {"revision": plan.revision})

    term = Term.objects.get(number=8)
    assert answer.url == term.get_absolute_url()
    assert term.is_published
    yoga = term.classes.get(name="示例瑜伽班")
    assert yoga.intro == "示例介绍" and yoga.offering.is_listed
    assert [lesson.topic for lesson in yoga.lessons.in_order()] == [
        "开课",
        "练习",
        "结课",
    ]
    pools = {pool.kind: pool.capacity for pool in yoga.offering.pools.all()}
    assert pools == {"general": 10, "audience": 4}
    last_day = max(timezone.localdate(c.offering.ends_at) for c in term.classes.all())
    assert term.ends_on == last_day
    assert RoomUse.objects.filter(title="示例茶艺班").count() == 6


def test_publish_plan_twice_is_publishing_once(manager, last):
    plan = copied(last)
    sent = {"revision": 0}

    manager.post(page(plan, "publish"), sent)
    answer = manager.post(page(plan, "publish"), sent)

    assert Term.objects.filter(number=8).count() == 1
    assert answer.url == Term.objects.get(number=8).get_absolute_url()


def test_plan_with_a_taken_room_says_so_at_the_box_and_publishes_nothing(manager, last):
    plan = copied(last)
    there = Term.objects.get(pk=last.pk)
    starts_on = date.fromisoformat(plan.content["term"]["starts_on"])
    other = make_term(starts_on=starts_on, ends_on=starts_on + timedelta(days=90))
    make_class(
        term=other,
        name="先到的班",
        room="302 教室",
        venue=there.classes.first().venue,
        first_day=starts_on,
        starts=time(20),
        ends=time(21),
    )

    sheet = manager.get(page(plan)).context["sheet"]
    answer = manager.post(page(plan, "publish"), {"revision": plan.revision})

    assert "先到的班" in str(sheet.rows[0].errors["room"])
    assert not sheet.rows[1].errors
    assert answer.url == page(plan)
    assert not Term.objects.filter(number=8).exists()


def test_publish_plan_takes_everything_back_when_one_class_cannot_open(last):
    """The room went between the check and the verb."""
    from activities.training.admin.plansheet import Sheet

    plan = copied(last)
    sheet = Sheet(plan.content)
    assert sheet.is_ready
    row = sheet.planned_rows[1]
    before = Offering.objects.count()
    clash = sheet.planned_rows[0].__class__(
        **vars(row) | {"key": "x", "name": "第三个班"}
    )

    with pytest.raises(plans.Refusal) as caught:
        plans.publish_plan(
            plan=plan,
            revision=0,
            term=sheet.planned_term,
            rows=[*sheet.planned_rows, clash],
            by=None,
        )

    assert {reason.field for reason in caught.value.reasons} == {"x.room"}
    assert not Term.objects.filter(number=8).exists()
    assert Offering.objects.count() == before
    plan.refresh_from_db()
    assert plan.term is None


def test_plan_rows_that_clash_are_both_named(manager, last):
    plan = copied(last)
    tea = plan.rows[0]["weekdays"]

    manager.post(page(plan), boxes(plan, classes__1__weekdays=tea))
    sheet = manager.get(page(plan)).context["sheet"]

    assert "示例茶艺班" in str(sheet.rows[0].errors["room"])
    assert "示例瑜伽班" in str(sheet.rows[1].errors["room"])


def test_plan_warns_of_a_teacher_in_two_rooms_and_publishes_all_the_same(manager, last):
    """Two teachers may share a name."""
    plan = copied(last)
    same = {"weekdays": plan.rows[0]["weekdays"], "room": "105教室"}
    same["teacher_name"] = "示例·杨"
    sent = {f"classes-1-{name}": text for name, text in same.items()}

    manager.post(page(plan), boxes(plan) | sent)
    sheet = manager.get(page(plan)).context["sheet"]

    assert "示例茶艺班" in "".join(sheet.rows[0].warnings)
    assert sheet.is_ready


def test_plan_leaves_festivals_out_unless_the_row_keeps_them(manager, last):
    plan = copied(last)
    day = date.fromisoformat(plan.content["term"]["starts_on"]) + timedelta(weeks=1)
    Holiday.objects.update_or_create(
        date=day,
        defaults={
            "works": False,
            "name": "示例节",
            "notice_year": day.year,
            "notice": "示例",
        },
    )

    row = manager.get(page(plan)).context["sheet"].rows[0]
    assert day not in row.schedule.days and len(row.schedule.days) == 3
    assert "示例节" in row.span

    manager.post(page(plan), boxes(plan, classes__0__keeps_holidays="on"))
    row = manager.get(page(plan)).context["sheet"].rows[0]
    assert day in row.schedule.days

    plan.refresh_from_db()
    manager.post(page(plan, "publish"), {"revision": plan.revision})
    lessons = CourseClass.objects.get(term__number=8, name="示例瑜伽班").lessons
    starts = [timezone.localdate(x.occasion.starts_at) for x in lessons.in_order()]
    assert day in starts


def test_plan_of_a_year_without_its_notice_warns_and_is_not_held_up(manager, last):
    plan = copied(last, starts_on=date(2150, 3, 1))

    sheet = manager.get(page(plan)).context["sheet"]

    assert "2150" in "".join(sheet.warnings)
    assert sheet.is_ready


def test_plan_keeps_what_is_wrong_and_says_what(manager, last):
    plan = copied(last)
    typed = {"classes-0-starts": "七点", "classes-0-name": "", "number": "八"}

    manager.post(page(plan), boxes(plan) | typed)
    answer = manager.get(page(plan))

    sheet = answer.context["sheet"]
    assert "七点" in answer.content.decode()
    assert {"starts", "name"} <= set(sheet.rows[0].errors)
    assert "number" in sheet.term.errors
    assert not sheet.is_ready


def test_plan_row_is_added_and_taken_off_without_a_script(manager, last):
    plan = copied(last)

    manager.post(page(plan), boxes(plan) | {"_add_row": "1"})
    plan.refresh_from_db()
    assert len(plan.rows) == 3
    drop = {"classes-0-drop": "1", "classes-2-drop": "1"}
    manager.post(page(plan), boxes(plan) | drop)
    plan.refresh_from_db()

    assert [row["name"] for row in plan.rows] == ["示例茶艺班"]


def test_plan_that_somebody_saved_since_comes_back_with_both(manager, last):
    plan = copied(last)
    stale = boxes(plan, classes__0__name="我的班名")
    manager.post(page(plan), boxes(plan, classes__0__name="他的班名"))

    answer = manager.post(page(plan), stale)

    text = answer.content.decode()
    assert "我的班名" in text and "他的班名" in text
    plan.refresh_from_db()
    assert plan.rows[0]["name"] == "他的班名"
    # that page has seen the newer state: saving it again is a decision
    stale["revision"] = answer.context["plan"].revision
    manager.post(page(plan), stale)
    plan.refresh_from_db()
    assert plan.rows[0]["name"] == "我的班名"


def test_publish_of_a_plan_that_changed_since_is_refused(manager, last):
    plan = copied(last)
    manager.post(page(plan), boxes(plan, classes__0__capacity="12"))

    manager.post(page(plan, "publish"), {"revision": 0})

    assert not Term.objects.filter(number=8).exists()


def test_plan_is_seen_as_a_visitor_will_and_nothing_of_it_stays(manager, last):
    plan = copied(last)
    before = (Term.objects.count(), Offering.objects.count(), RoomUse.objects.count())

    term = manager.get(page(plan, "preview"))
    key = plan.rows[0]["key"]
    there = reverse("admin:activities_training_termplan_class", args=[plan.pk, key])
    made = manager.get(there)

    assert "第八期示例培训" in term.content.decode()
    assert there in term.content.decode()  # its links lead on within the preview
    assert "示例介绍" in made.content.decode()
    after = (Term.objects.count(), Offering.objects.count(), RoomUse.objects.count())
    assert after == before


def test_plan_that_was_looked_at_leaves_no_piece_that_another_page_could_find(
    manager, last
):
    """Pieces of public pages are kept by each process, under a generation."""
    assert "第八期" in manager.get(page(copied(last), "preview")).content.decode()

    now = pagecache.moment().generation
    found = [
        piece
        for generation, _until, piece in pagecache._cached.values()
        if generation >= now and "第八期" in repr(piece)
    ]
    assert found == []


def test_plan_tells_of_a_class_that_was_called_off(manager, last):
    call_off_class(course_class=last.classes.first(), reason="教师病假", by=None)
    plan = copied(last)

    sheet = manager.get(page(plan)).context["sheet"]

    assert "停办" in "".join(sheet.rows[0].warnings)


def test_plan_is_dropped_after_asking(manager, last):
    plan = copied(last)

    manager.get(page(plan, "drop"))
    assert TermPlan.objects.exists()
    manager.post(page(plan, "drop"))
    assert not TermPlan.objects.exists()


@pytest.mark.parametrize("role", ["任课教师", "服务台", "审计员", "编辑"])
def test_plan_is_closed_to_other_roles(client, last, role):
    write_roles()
    plan = copied(last)
    client.force_login(make_user(roles=[role], is_staff=True))

    for name in ("change", "publish", "preview", "drop"):
        assert client.get(page(plan, name)).status_code == 403, name
        assert client.post(page(plan, name)).status_code in (403, 405), name
    assert client.post(NEW, {}).status_code == 403


@pytest.mark.parametrize("rows", [2, 9])
def test_plan_sheet_costs_the_same_however_long(
    manager, last, rows, django_assert_num_queries
):
    for _n in range(rows - 2):
        make_class(term=last)
    plan = copied(last)
    manager.get(page(plan))
    manager.get(page(plan))  # what was said the first time has been read

    with django_assert_num_queries(11):
        manager.get(page(plan))


def drawn_for(plan):
    """What the sheet is sent with when a draw shall give the seats."""
    closes = parse_datetime(
        f"{plan.content['term']['closes_at_0']} {plan.content['term']['closes_at_1']}"
    )
    value_at, results_at = closes + timedelta(days=1), closes + timedelta(days=2)
    return {
        "is_drawn": "on",
        "value_name": "双色球第2018066期",
        "value_form": "七个两位数",
        "value_at_0": f"{value_at:%Y-%m-%d}",
        "value_at_1": f"{value_at:%H:%M}",
        "results_at_0": f"{results_at:%Y-%m-%d}",
        "results_at_1": f"{results_at:%H:%M}",
    }


def test_plan_lets_a_draw_give_the_seats_of_all_its_classes(manager, last):
    plan = copied(last)
    manager.post(page(plan), boxes(plan) | drawn_for(plan))
    plan.refresh_from_db()

    manager.post(page(plan, "publish"), {"revision": plan.revision})

    [draw] = Draw.objects.all()
    made = Term.objects.get(number=8).classes.all()
    assert {one.offering.draw for one in made} == {draw}
    assert draw.value_name == "双色球第2018066期"


def test_plan_of_a_draw_asks_for_the_public_value_at_its_boxes(manager, last):
    plan = copied(last)
    late = drawn_for(plan) | {
        "value_at_0": plan.content["term"]["closes_at_0"],
        "value_at_1": "00:00",
        "value_form": "",
    }
    manager.post(page(plan), boxes(plan) | late)

    sheet = manager.get(page(plan)).context["sheet"]

    assert sheet.term.errors.keys() == {"value_at", "value_form"}
    assert not sheet.is_ready
