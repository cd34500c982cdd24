"""One room, one time, two classes at once: exactly one gets it."""

import threading
import time as clock
from collections import Counter
from functools import partial

import pytest
from django.db import connection

from activities.training import services
from activities.training.models import CourseClass, Lesson
from common import pagecache
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


def forget_every_lock(monkeypatch):
    """The venue's, and the page generation's, which would queue them up as well."""
    monkeypatch.setattr(services, "lock_venue", lambda *, venue: venue)
    monkeypatch.setattr(pagecache, "raise_generation", lambda: None)


def test_a_room_goes_to_exactly_one_class(rush):
    outcomes = at_once(rush)

    assert Counter(map(type, outcomes)) == {CourseClass: 1, Refusal: 3}
    [winner] = [o for o in outcomes if isinstance(o, CourseClass)]
    refused = [o for o in outcomes if isinstance(o, Refusal)]
    # each looked after the winner had written: the lock came before the look
    assert all(winner.name in str(refusal) for refusal in refused)
    assert Lesson.objects.count() == 3


def test_without_the_lock_the_table_still_refuses(rush, monkeypatch):
    forget_every_lock(monkeypatch)

    outcomes = at_once(rush)

    assert Counter(map(type, outcomes)) == {CourseClass: 1, Refusal: 3}
    assert Lesson.objects.count() == 3


def test_without_lock_and_constraint_this_rush_would_double_book(rush, monkeypatch):
    """The control: if this fails, the two tests above prove nothing."""
    forget_every_lock(monkeypatch)
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


def test_one_class_moves_into_a_venue_while_another_opens_there(monkeypatch):
    """Each holds what the other needs next: the venue, and the page generation."""
    term, venue = make_term(), make_venue()
    kind, moved = make_kind(), make_class(term=term, venue=make_venue())
    look = services._check_room
    opener_looks = threading.Event()

    def look_and_dawdle(where, room, *args, **kwargs):
        if room == "新教室":
            opener_looks.set()
            clock.sleep(0.4)
        return look(where, room, *args, **kwargs)

    monkeypatch.setattr(services, "_check_room", look_and_dawdle)

    def move():
        assert opener_looks.wait(10)
        return services.change_class(
            course_class=moved, name="改名班", venue=venue, room="礼堂", by=None
        )

    opened, changed = at_once(
        [partial(make_class, term=term, venue=venue, kind=kind, room="新教室"), move]
    )

    assert (opened.venue, changed.venue) == (venue, venue)
