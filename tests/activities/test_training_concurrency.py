"""One room, one time, two classes at once: exactly one gets it."""

import time as clock
from collections import Counter
from functools import partial

import pytest
from django.db import connection

from activities.training import services
from activities.training.models import CourseClass, Lesson
from common.errors import Refusal
from tests.activities.factories import make_class, make_kind, make_term, make_venue
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)

CONSTRAINT = "activities_training_lesson_room_once"


@pytest.fixture
def rush(monkeypatch):
    """Four classes for one room, and a pause between looking and writing."""
    term, venue, kind = make_term(), make_venue(), make_kind()
    looked = services._check_room

    def look_then_dawdle(*args, **kwargs):
        looked(*args, **kwargs)
        clock.sleep(0.2)

    monkeypatch.setattr(services, "_check_room", look_then_dawdle)
    return [
        partial(make_class, term=term, venue=venue, kind=kind, room="302教室")
        for _n in range(4)
    ]


def test_a_room_goes_to_exactly_one_class(rush):
    outcomes = at_once(rush)

    assert Counter(map(type, outcomes)) == {CourseClass: 1, Refusal: 3}
    [winner] = [o for o in outcomes if isinstance(o, CourseClass)]
    refused = [o for o in outcomes if isinstance(o, Refusal)]
    # each looked after the winner had written: the lock came before the look
    assert all(winner.name in str(refusal) for refusal in refused)
    assert Lesson.objects.count() == 3


def test_without_the_lock_the_table_still_refuses(rush, monkeypatch):
    monkeypatch.setattr(services, "lock_venue", lambda *, venue: venue)

    outcomes = at_once(rush)

    assert Counter(map(type, outcomes)) == {CourseClass: 1, Refusal: 3}
    assert Lesson.objects.count() == 3


def test_without_lock_and_constraint_this_rush_would_double_book(rush, monkeypatch):
    """The control: if this fails, the two tests above prove nothing."""
    monkeypatch.setattr(services, "lock_venue", lambda *, venue: venue)
    constraint = next(c for c in Lesson._meta.constraints if c.name == CONSTRAINT)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Lesson, constraint)
    try:
        at_once(rush)

        assert Lesson.objects.count() > 3
    finally:
        Lesson.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Lesson, constraint)
