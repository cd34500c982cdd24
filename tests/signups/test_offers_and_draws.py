"""What the wings to come build upon: a freed seat that is offered, a draw, occasions
that are cancelled, and who came."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError
from django.utils import timezone

from common.errors import Refusal
from signups.enums import UNNUMBERED, Mode
from signups.models import Attendance, Occasion, SeatPool, Signup
from signups.services import offerings, seats, standing
from signups.services.attendance import note_attendance
from tests.concurrency import at_once
from tests.factories import make_offering, make_worker

pytestmark = pytest.mark.django_db(transaction=True)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ask(offering, worker=None):
    signup = seats.sign_up(
        offering_id=offering.pk, worker=worker or make_worker(), by=None
    )
    signup.refresh_from_db()
    return signup


def now_is(signup):
    return Signup.objects.get(pk=signup.pk)


def at(start, hours=2):
    return [(start, start + hours * HOUR, "")]


# --- offers ------------------------------------------------------------------------


def offered(**fields):
    """One seat that is offered to the first of two waiters."""
    offering = make_offering(capacity=1, is_offered=True, **fields)
    held, first, second = (ask(offering) for _ in range(3))
    seats.cancel(signup=held, by=None)
    return offering, now_is(first), now_is(second)


def lapse(signup):
    Signup.objects.filter(pk=signup.pk).update(
        offer_until=timezone.now() - timedelta(seconds=1)
    )


def test_cancel_offers_the_seat_to_the_first_waiter_for_a_day():
    offering, first, second = offered()

    assert (first.status, second.status) == ("offered", "waiting")
    assert first.busy is None
    left = first.offer_until - timezone.now()
    assert timedelta(hours=23) < left <= timedelta(hours=24)
    assert standing.look_at(offering, make_worker()).left == 0


def test_accept_takes_the_offered_seat_and_the_persons_time():
    offering, first, _second = offered()

    seats.accept(signup=first, by=None)
    seats.accept(signup=first, by=None)

    assert now_is(first).status == "seated"
    assert now_is(first).busy == offering.busy
    assert SeatPool.objects.get().taken == 1


def test_decline_passes_the_offer_on():
    _offering, first, second = offered()

    seats.decline(signup=first, by=None)

    assert (now_is(first).status, now_is(second).status) == ("declined", "offered")


def test_accept_of_a_lapsed_offer_is_refused_and_the_next_has_it():
    _offering, first, second = offered()
    lapse(first)

    with pytest.raises(Refusal) as caught:
        seats.accept(signup=first, by=None)

    assert caught.value.codes == {"offer_lapsed"}
    assert (now_is(first).status, now_is(second).status) == ("lapsed", "offered")


def test_accept_of_a_lapsed_seat_is_open_to_the_next_though_no_task_has_run():
    _offering, first, second = offered()
    lapse(first)

    seats.accept(signup=second, by=None)

    assert now_is(second).status == "seated"


def test_accept_concurrently_with_lapsing_seats_exactly_one():
    outcomes = set()
    for _ in range(6):
        _offering, first, second = offered()
        Signup.objects.filter(pk=first.pk).update(
            offer_until=timezone.now() + timedelta(milliseconds=30)
        )
        at_once(
            [
                partial(seats.accept, signup=first, by=None),
                partial(seats.accept, signup=second, by=None),
            ]
        )
        statuses = now_is(first).status, now_is(second).status
        assert statuses.count("seated") <= 1
        outcomes.add(statuses)
    assert outcomes <= {
        ("seated", "waiting"),
        ("lapsed", "seated"),
        ("lapsed", "offered"),
        ("offered", "waiting"),
    }


def test_cancel_in_the_last_twelve_hours_seats_the_waiter_at_once():
    _offering, first, _second = offered(times=at(timezone.now() + 11 * HOUR))

    assert first.status == "seated"


def test_accept_is_refused_where_something_else_is_held_by_now():
    start = timezone.now() + 5 * DAY
    _offering, first, _second = offered(times=at(start))
    ask(make_offering(times=at(start), title="声乐"), first.worker)

    with pytest.raises(Refusal) as caught:
        seats.accept(signup=first, by=None)

    assert caught.value.codes == {"clash"}
    assert now_is(first).status == "offered"


# --- a draw ------------------------------------------------------------------------


def test_sign_up_for_a_draw_takes_no_seat_and_may_be_left_freely():
    offering = make_offering(
        capacity=1, mode=Mode.DRAW, cancel_until=timezone.now() - HOUR
    )

    entries = [ask(offering) for _ in range(3)]
    seats.cancel(signup=entries[2], by=None)

    assert [now_is(entry).status for entry in entries] == [
        "applied",
        "applied",
        "cancelled",
    ]
    assert SeatPool.objects.get().taken == 0


def test_draw_queue_comes_in_its_order_and_before_latecomers():
    offering = make_offering(capacity=1, mode=Mode.DRAW)
    lost = [ask(offering) for _ in range(3)]
    # as a draw writes it: the losers by their numbers, the seat is somebody else's
    for number, signup in zip((2, 3, 1), lost, strict=True):
        Signup.objects.filter(pk=signup.pk).update(status="waiting", queue_no=number)
    SeatPool.objects.update(taken=1)
    offerings.change_offering(offering=offering, waitlist_limit=None, by=None)
    type(offering).objects.filter(pk=offering.pk).update(mode=Mode.FIRST)
    late = ask(offering)

    ranks = {
        signup.pk: signup.rank for signup in Signup.objects.with_rank().order_by("pk")
    }
    SeatPool.objects.update(owed=1)
    seats.settle(offering_id=offering.pk)

    assert [ranks[signup.pk] for signup in (*lost, late)] == [2, 3, 1, 4]
    assert late.queue_no == UNNUMBERED
    assert now_is(lost[2]).status == "seated"


# --- occasions ---------------------------------------------------------------------


def test_set_occasions_again_keeps_the_rows_and_cancels_what_is_left_over():
    start = timezone.now() + 5 * DAY
    offering = make_offering(times=[*at(start), *at(start + DAY), *at(start + 2 * DAY)])
    first, second, third = offering.occasions.all()

    kept = offerings.set_occasions(
        offering=offering, times=[*at(start + HOUR), *at(start + 2 * DAY)], by=None
    )

    assert [occasion.pk for occasion in kept] == [first.pk, third.pk]
    assert Occasion.objects.get(pk=second.pk).cancelled_at is not None
    assert kept[0].starts_at == start + HOUR


def test_cancel_occasion_frees_peoples_time_and_keeps_its_row():
    start = timezone.now() + 5 * DAY
    offering = make_offering(times=[*at(start), *at(start + DAY)])
    worker = make_worker()
    ask(offering, worker)
    other = make_offering(times=at(start))

    offerings.cancel_occasion(occasion=offering.occasions.first(), by=None)

    assert ask(other, worker).status == "seated"
    offering.refresh_from_db()
    assert (offering.starts_at, offering.occasions.count()) == (start + DAY, 2)


def test_sign_up_keeps_the_rest_after_an_occasion_apart_from_the_next():
    start = timezone.now() + 5 * DAY
    worker = make_worker()
    ask(make_offering(times=at(start), rest_after=HOUR), worker)

    with pytest.raises(Refusal) as caught:
        ask(make_offering(times=at(start + 2 * HOUR)), worker)

    assert caught.value.codes == {"clash"}
    assert ask(make_offering(times=at(start + 3 * HOUR)), worker).status == "seated"


# --- attendance --------------------------------------------------------------------


@pytest.fixture
def seated():
    start = timezone.now() + 5 * DAY
    offering = make_offering(
        capacity=3, times=[*at(start), *at(start + DAY)], max_seats=3
    )
    return seats.sign_up(
        offering_id=offering.pk, worker=make_worker(), seats=3, by=None
    )


def occasions_of(signup):
    return list(signup.offering.occasions.all())


def test_note_attendance_once_for_an_occasion_and_corrects_it(seated):
    first, second = occasions_of(seated)

    note_attendance(signup=seated, occasion=first, state="absent", by=None)
    note_attendance(signup=seated, occasion=first, state="late", people=2, by=None)
    note_attendance(
        signup=seated, occasion=second, state="made_up", made_up_at=first, by=None
    )

    rows = Attendance.objects.order_by("pk").values_list("state", "people")
    assert list(rows) == [("late", 2), ("made_up", 3)]


def test_note_attendance_is_refused_where_it_cannot_be(seated):
    first, second = occasions_of(seated)
    elsewhere = make_offering().occasions.get()
    offerings.cancel_occasion(occasion=second, by=None)
    second.refresh_from_db()

    def codes(**given):
        given = {"signup": seated, "occasion": first, "state": "present"} | given
        with pytest.raises(Refusal) as caught:
            note_attendance(by=None, **given)
        return caught.value.codes

    assert codes(occasion=elsewhere) == {"other_offering"}
    assert codes(occasion=second) == {"occasion_cancelled"}
    assert codes(people=4) == {"too_many_people"}
    assert codes(state="made_up") == {"made_up_where"}
    seats.cancel(signup=seated, by=None)
    assert codes() == {"not_seated"}


def test_attendance_table_refuses_a_second_one_for_an_occasion(seated):
    first, _second = occasions_of(seated)
    Attendance.objects.create(signup=seated, occasion=first, state="present")

    with pytest.raises(IntegrityError, match="signups_attendance_once"):
        Attendance.objects.create(signup=seated, occasion=first, state="absent")


# --- a season at once --------------------------------------------------------------


def test_open_many_opens_a_season_in_a_handful_of_statements(
    django_assert_max_num_queries,
):
    now = timezone.now()
    drafts = [
        offerings.Draft(
            kind="slot",
            title=f"羽毛球{n}号场",
            url_name="home",
            opens_at=now - HOUR,
            closes_at=now + 30 * DAY,
            capacity=1,
            times=at(now + (n + 1) * DAY, hours=1),
        )
        for n in range(60)
    ]
    limit = offerings.open_limit(title="场地", most=1, per="day", by=None)

    with django_assert_max_num_queries(20):
        made = offerings.open_many(drafts=drafts, limits=[limit], by=None)

    assert len(made) == 60
    assert ask(made[7]).status == "seated"
    assert {offering.kind for offering in made} == {"slot"}
