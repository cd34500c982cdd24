"""How asking for some offerings went, counted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from signups.models import Attendance, Offering, Signup
from signups.services import draws, figures, seats
from tests.factories import make_offering, make_user, make_worker
from tests.signups.test_draws import drawn, enter, open_draw

pytestmark = pytest.mark.django_db(transaction=True)


def of(*offerings):
    keys = [one.pk for one in offerings]
    return figures.of_offerings(Offering.objects.filter(pk__in=keys).order_by("pk"))


def ask(offering):
    signup = seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)
    signup.refresh_from_db()
    return signup


def test_figures_follow_each_person_from_the_queue_to_the_room():
    offering = make_offering(capacity=2, is_offered=True)
    held, seated, declines, lapses, accepts, offered, waits, leaves = (
        ask(offering) for _ in range(8)
    )
    seats.cancel(signup=leaves, by=None)
    seats.cancel(signup=held, by=None)
    seats.decline(signup=declines, by=None)
    yesterday = timezone.now() - timedelta(days=1)
    Signup.objects.filter(pk=lapses.pk).update(offer_until=yesterday)
    seats.settle(offering_id=offering.pk)
    seats.accept(signup=accepts, by=None)
    seats.cancel(signup=seated, by=None)
    Attendance.objects.create(
        signup=accepts, occasion=offering.occasions.get(), state="present"
    )

    [found] = of(offering)

    assert (found.seats, found.seated, found.offered, found.free) == (2, 1, 1, 0)
    assert (found.waiting, found.left) == (1, 1)
    assert (found.promoted, found.declined, found.lapsed) == (1, 1, 1)
    assert (found.cancelled, found.cancelled_late) == (2, 0)
    assert (found.came, found.excused, found.absent) == (1, 0, 0)


def test_figures_count_who_did_not_come_by_lesson_and_by_person():
    now = timezone.now()
    offering = make_offering(
        capacity=3,
        times=[
            (now + timedelta(hours=n), now + timedelta(hours=n + 1), "") for n in (1, 3)
        ],
    )
    people = [ask(offering) for _ in range(3)]
    first, second = offering.occasions.order_by("starts_at")
    for occasion in (first, second):
        for signup, state in zip(people, ["late", "excused", "absent"], strict=True):
            Attendance.objects.create(signup=signup, occasion=occasion, state=state)

    [found] = of(offering)

    assert (found.came, found.excused, found.absent) == (2, 2, 2)
    assert found.absentees == 1


def test_figures_keep_the_results_of_a_draw_until_its_release():
    draw, made = open_draw(classes=2, capacity=1)
    for _ in range(3):
        worker = make_worker()
        for offering in made:
            enter(offering, worker)
    entered = [(row.first, row.further, row.won) for row in of(*made)]
    drawn(draw)
    kept = [(row.first, row.further, row.won, row.queued) for row in of(*made)]
    draws.release(draw=draw, by=make_user())
    told = [(row.first, row.further) for row in of(*made)]

    assert entered == [(3, 0, 0), (0, 3, 0)]
    assert kept == [(3, 0, 0, 0), (0, 3, 0, 0)]
    assert told == [(3, 0), (0, 3)]
    assert sum(row.won for row in of(*made)) == 2
    assert sum(row.queued for row in of(*made)) > 0


@pytest.mark.parametrize("count", [1, 4])
def test_figures_cost_six_queries_however_many_offerings(
    count, django_assert_num_queries
):
    made = [make_offering() for _ in range(count)]
    for offering in made:
        ask(offering)

    with django_assert_num_queries(6):
        assert len(of(*made)) == count
