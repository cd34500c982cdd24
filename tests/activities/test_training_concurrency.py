"""One room, one time, two who want it at once: exactly one gets it."""

import threading
import time as clock
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from activities.training import services
from activities.training.models import CourseClass
from activities.venues import services as venues
from activities.venues.models import Room, RoomPart, RoomUse
from common.errors import Refusal
from signups.models import Occasion
from tests.activities.factories import make_class, make_kind, make_term, make_venue
from tests.concurrency import at_once
from tests.factories import make_offering

pytestmark = pytest.mark.django_db(transaction=True)

CONSTRAINT = "activities_venues_roomuse_once"


@pytest.fixture
def rush(monkeypatch):
    """Four classes for one room, and a pause between checking and writing."""
    term, venue, kind = make_term(), make_venue(), make_kind()
    check_free = venues._check_free

    def look_then_dawdle(*args):
        check_free(*args)
        clock.sleep(0.2)

    monkeypatch.setattr(venues, "_check_free", look_then_dawdle)
    return [
        partial(make_class, term=term, venue=venue, kind=kind, room="302教室")
        for _n in range(4)
    ]


def without_locks(monkeypatch):
    """Neither the room's own lock, nor its being made, which would queue them up too."""
    monkeypatch.setattr(
        venues, "_locked", lambda room: [room, *room.parts.order_by("pk")]
    )
    venues.room_named(
        venue=Room._meta.get_field("venue").related_model.objects.get(), name="302教室"
    )


def test_open_class_concurrently_gives_the_room_to_exactly_one(rush):
    outcomes = at_once(rush)

    assert Counter(map(type, outcomes)) == {CourseClass: 1, Refusal: 3}
    [winner] = [o for o in outcomes if isinstance(o, CourseClass)]
    refused = [o for o in outcomes if isinstance(o, Refusal)]
    # each checked after the winner had written: the lock came before the check
    assert all(winner.name in str(refusal) for refusal in refused)
    assert RoomUse.objects.count() == 3


def test_open_class_without_the_lock_is_refused_by_the_table(rush, monkeypatch):
    without_locks(monkeypatch)

    outcomes = at_once(rush)

    assert Counter(map(type, outcomes)) == {CourseClass: 1, Refusal: 3}
    assert RoomUse.objects.count() == 3


def test_open_class_control_without_lock_and_constraint_gives_the_room_twice(
    rush, monkeypatch
):
    """If this fails, the two tests above prove nothing."""
    without_locks(monkeypatch)
    constraint = next(c for c in RoomUse._meta.constraints if c.name == CONSTRAINT)
    with connection.schema_editor() as editor:
        editor.remove_constraint(RoomUse, constraint)
    try:
        at_once(rush)

        assert RoomUse.objects.count() > 3
    finally:
        RoomUse.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(RoomUse, constraint)


def test_change_class_concurrently_with_open_class_in_the_venue(monkeypatch):
    term, venue = make_term(), make_venue()
    kind, moved = make_kind(), make_class(term=term, venue=make_venue())
    check_free = venues._check_free
    opener_looks = threading.Event()

    def look_and_dawdle(room, *args):
        if room.name == "新教室":
            opener_looks.set()
            clock.sleep(0.4)
        return check_free(room, *args)

    monkeypatch.setattr(venues, "_check_free", look_and_dawdle)

    def move():
        assert opener_looks.wait(10)
        return services.change_class(
            course_class=moved, name="改名班", venue=venue, room="礼堂", by=None
        )

    opened, changed = at_once(
        [partial(make_class, term=term, venue=venue, kind=kind, room="新教室"), move]
    )

    assert (opened.venue, changed.venue) == (venue, venue)


# --- a hall, its courts, and lessons beside them -------------------------------------


def slot(room, start, hours=1):
    """A court slot: an offering of one seat whose occasion has the room."""
    offering = make_offering(
        kind="slot",
        capacity=1,
        times=[(start, start + timedelta(hours=hours), str(room))],
    )
    venues.hold_room(
        room=room, occasions=offering.occasions.all(), title=offering.title
    )
    return offering


@pytest.fixture
def hall():
    """A hall of two courts."""
    venue = make_venue()
    whole = Room.objects.create(venue=venue, name="体育馆")
    for name in ("1号场", "2号场"):
        court = Room.objects.create(venue=venue, name=name)
        RoomPart.objects.create(whole=whole, part=court)
    return whole


def test_move_lesson_and_hold_room_stay_out_of_each_others_room():
    made = make_class(room="1号场", name="羽毛球班")
    lesson = made.lessons.in_order().first()
    start = lesson.occasion.starts_at

    with pytest.raises(Refusal) as caught:
        slot(made.room, start + timedelta(minutes=30))
    neighbour = slot(made.room, lesson.occasion.ends_at)

    assert caught.value.codes == {"room_taken"}
    assert "羽毛球班" in str(caught.value)
    with pytest.raises(Refusal) as caught:
        services.move_lesson(
            lesson=lesson,
            starts_at=neighbour.starts_at,
            ends_at=neighbour.ends_at,
            by=None,
        )
    assert neighbour.title in str(caught.value)
    lesson.refresh_from_db()
    assert lesson.occasion.starts_at == start, "everything was rolled back"


def test_hold_room_of_a_hall_has_its_courts(hall):
    start = timezone.now() + timedelta(days=5)
    court, other = hall.parts.order_by("pk")
    slot(court, start)

    with pytest.raises(Refusal):
        slot(hall, start)
    slot(other, start)
    slot(hall, start + timedelta(hours=1))

    with pytest.raises(Refusal):
        slot(other, start + timedelta(hours=1))


def test_hold_room_concurrently_of_hall_and_court_gives_exactly_one(
    hall,
):
    start = timezone.now() + timedelta(days=5)
    court = hall.parts.order_by("pk").first()

    outcomes = at_once([partial(slot, hall, start), partial(slot, court, start)])

    assert sorted(isinstance(o, Refusal) for o in outcomes) == [False, True]


def test_room_use_series_may_move_in_one_statement(hall):
    start = timezone.now() + timedelta(days=5)
    for n in range(3):
        slot(hall, start + timedelta(days=7 * n))

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE activities_venues_roomuse SET during = tstzrange("
            "lower(during) + interval '7 days', upper(during) + interval '7 days')"
        )

    first = RoomUse.objects.filter(room=hall).order_by("during").first()
    assert first.during == DateTimeTZRange(
        start + timedelta(days=7), start + timedelta(days=7, hours=1)
    )
    assert Occasion.objects.count() == 3
