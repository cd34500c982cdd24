"""Terms and classes for tests. Times are relative to now; names are invented."""

from datetime import time, timedelta
from itertools import count

from django.urls import reverse
from django.utils import timezone

from activities.training import services
from activities.training.models import CourseClass, CourseKind, Term
from activities.venues.models import Venue
from signups.services import seats
from tests.factories import make_worker

_number = count(1)


def make_venue(**fields) -> Venue:
    n = next(_number)
    fields.setdefault("name", f"示例文化宫{n}")
    return Venue.objects.create(**fields)


def make_kind(**fields) -> CourseKind:
    n = next(_number)
    fields.setdefault("name", f"示例门类{n}")
    return CourseKind.objects.create(**fields)


def make_term(*, opens_in_days=-1, closes_in_days=7, **fields) -> Term:
    """Sign-up runs since yesterday, for a week; classes begin in ten days."""
    n = next(_number)
    now = timezone.now()
    today = timezone.localdate()
    given = {
        "number": n,
        "title": f"第{n}期示例培训",
        "seats_each": 2,
        "opens_at": now + timedelta(days=opens_in_days),
        "closes_at": now + timedelta(days=closes_in_days),
        "starts_on": today + timedelta(days=10),
        "ends_on": today + timedelta(days=100),
        "notice": "请按时到课。\n缺课请提前请假。",
        "contact_phone": "0812-0000000",
        "is_published": True,
        "by": None,
    }
    return services.open_term(**given | fields)


def make_class(*, term=None, **fields) -> CourseClass:
    """Ten places, three lessons on one weekday, each class in a room of its own."""
    n = next(_number)
    term = term or make_term()
    first = fields.get("first_day", term.starts_on)
    given = {
        "kind": fields.get("kind") or CourseKind.objects.first() or make_kind(),
        "name": f"示例班{n}",
        "venue": fields.get("venue") or Venue.objects.first() or make_venue(),
        "room": f"{n}教室",
        "teacher_name": f"示例·教师{n}",
        "first_day": first,
        "weekdays": {first.isoweekday()},
        "starts": time(19, 0),
        "ends": time(20, 30),
        "lessons": 3,
        "capacity": 10,
        "min_to_open": 0,
        "by": None,
    }
    return services.open_class(term=term, **given | fields)


def seat(course_class, worker=None):
    return seats.sign_up(
        offering_id=course_class.offering.pk, worker=worker or make_worker(), by=None
    )


def check_page(course_class) -> str:
    return reverse("signups:signup-create", args=[course_class.offering_id])
