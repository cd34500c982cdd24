"""Limits and single occasions: what the wings change after something is open."""

from datetime import timedelta

import pytest

from common.errors import Refusal
from signups.models import Occasion, Signup
from signups.services import offerings, seats
from tests.factories import make_offering, make_worker

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def move(occasion, by):
    return offerings.move_occasion(
        occasion=occasion,
        starts_at=occasion.starts_at + by,
        ends_at=occasion.ends_at + by,
        place="礼堂",
        by=None,
    )


def test_move_occasion_keeps_its_row_and_moves_the_offerings_times():
    offering = make_offering()
    occasion = offering.occasions.get()

    moved = move(occasion, DAY)

    offering.refresh_from_db()
    assert moved.pk == occasion.pk
    assert offering.starts_at == occasion.starts_at + DAY
    assert Occasion.objects.get().place == "礼堂"


def test_move_occasion_moves_the_time_of_the_seated():
    one, other = make_offering(), make_offering()
    worker = make_worker()
    seats.sign_up(offering_id=one.pk, worker=worker, by=None)
    there = other.occasions.get()

    offerings.move_occasion(
        occasion=one.occasions.get(),
        starts_at=there.starts_at,
        ends_at=there.ends_at,
        place="",
        by=None,
    )

    with pytest.raises(Refusal) as caught:
        seats.sign_up(offering_id=other.pk, worker=worker, by=None)
    assert caught.value.codes == {"clash"}


def test_move_occasion_onto_another_seat_leaves_both_seats():
    one, other = make_offering(), make_offering()
    worker = make_worker()
    for offering in (one, other):
        seats.sign_up(offering_id=offering.pk, worker=worker, by=None)
    there = other.occasions.get()

    offerings.move_occasion(
        occasion=one.occasions.get(),
        starts_at=there.starts_at,
        ends_at=there.ends_at,
        place="",
        by=None,
    )

    assert Signup.objects.filter(worker=worker, status="seated").count() == 2


def test_move_occasion_refuses_times_that_run_backwards():
    occasion = make_offering().occasions.get()

    with pytest.raises(Refusal) as caught:
        offerings.move_occasion(
            occasion=occasion,
            starts_at=occasion.ends_at,
            ends_at=occasion.starts_at,
            place="",
            by=None,
        )

    assert caught.value.codes == {"times_backwards"}


def test_change_limit_lowered_takes_no_seat_away():
    limit = offerings.open_limit(title="示例期", most=2, by=None)
    worker = make_worker()
    for _n in range(2):
        seats.sign_up(
            offering_id=make_offering(limits=[limit]).pk, worker=worker, by=None
        )

    offerings.change_limit(limit=limit, title="新名", most=1, by=None)

    limit.refresh_from_db()
    assert (limit.title, limit.most) == ("新名", 1)
    assert Signup.objects.filter(worker=worker, status="seated").count() == 2
    with pytest.raises(Refusal) as caught:
        seats.sign_up(
            offering_id=make_offering(limits=[limit]).pk, worker=worker, by=None
        )
    assert caught.value.codes == {"limit"}
