"""How much one worker may hold: by term, day, week, in seats or in hours."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from common.errors import Refusal
from signups.enums import LimitPer, LimitUnit
from signups.models import Charge, Signup
from signups.services import offerings, seats
from tests.concurrency import at_once
from tests.factories import make_limit, make_offering, make_worker

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


def monday() -> datetime:
    """Nine in the morning of Shanghai, of a Monday in the week after next."""
    day = timezone.localdate() + timedelta(days=14)
    day -= timedelta(days=day.weekday())
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))


def on(start, *, hours=1, limits, **fields):
    times = [(start, start + hours * HOUR, "")]
    return make_offering(capacity=9, times=times, limits=limits, **fields)


def ask(offering, worker, **wish):
    return seats.sign_up(offering_id=offering.pk, worker=worker, by=None, **wish)


def refused(offering, worker, **wish):
    with pytest.raises(Refusal) as caught:
        ask(offering, worker, **wish)
    return caught.value


def test_limit_of_one_a_day_counts_the_day_of_shanghai():
    limit = make_limit(most=1, per=LimitPer.DAY)
    worker, start = make_worker(), monday()
    late = start.replace(hour=23) - timedelta(days=1)  # Sunday here, Sunday in UTC too
    early = start.replace(hour=1)  # Monday here, still Sunday in UTC
    ask(on(late, limits=[limit]), worker)

    assert ask(on(early, limits=[limit]), worker).status == "seated"
    refusal = refused(on(start, limits=[limit]), worker)

    assert refusal.codes == {"limit"}
    assert "每天每人限报1项" in str(refusal)


def test_limit_of_hours_a_week_is_counted_in_minutes():
    limit = make_limit(most=180, unit=LimitUnit.MINUTES, per=LimitPer.WEEK)
    worker, start = make_worker(), monday()
    ask(on(start, hours=2, limits=[limit]), worker)

    assert refused(on(start + 24 * HOUR, hours=2, limits=[limit]), worker).codes == {
        "limit"
    }
    assert ask(on(start + 48 * HOUR, hours=1, limits=[limit]), worker)
    assert ask(on(start + 7 * 24 * HOUR, hours=2, limits=[limit]), worker)


def test_limit_of_seats_counts_companions():
    limit = make_limit(most=3, unit=LimitUnit.SEATS)
    worker, start = make_worker(), monday()
    ask(on(start, limits=[limit], max_seats=4), worker, seats=2)
    second = on(start + 24 * HOUR, limits=[limit], max_seats=4)

    assert refused(second, worker, seats=2).codes == {"limit"}
    assert ask(second, worker, seats=1).status == "seated"


def test_limits_hold_together():
    term, day = make_limit(most=2), make_limit(most=1, per=LimitPer.DAY)
    worker, start = make_worker(), monday()
    both = [term, day]
    ask(on(start, limits=both), worker)

    same_day = refused(on(start + 3 * HOUR, limits=both), worker)
    ask(on(start + 24 * HOUR, limits=both), worker)
    third = refused(on(start + 24 * HOUR + 3 * HOUR, limits=both), worker)

    assert [reason.code for reason in same_day.reasons] == ["limit"]
    assert [reason.code for reason in third.reasons] == ["limit", "limit"]


def test_change_limit_raised_seats_who_was_held_back_by_it():
    limit = make_limit(most=1)
    worker, start = make_worker(), monday()
    full = make_offering(capacity=0, times=[(start, start + HOUR, "")], limits=[limit])
    waits = ask(full, worker)
    ask(on(start + 24 * HOUR, limits=[limit]), worker)
    offerings.set_capacity(pool=full.pools.get(), capacity=1, by=None)
    waits.refresh_from_db()
    held_back = waits.status

    offerings.change_limit(limit=limit, title=limit.title, most=2, by=None)

    waits.refresh_from_db()
    assert (held_back, waits.status) == ("waiting", "seated")


def test_move_occasion_moves_what_a_seat_counts_against_the_limit():
    limit = make_limit(most=1, per=LimitPer.DAY)
    start = monday()
    offering = on(start, limits=[limit])

    offerings.move_occasion(
        occasion=offering.occasions.get(),
        starts_at=start + 24 * HOUR,
        ends_at=start + 25 * HOUR,
        place="",
        by=None,
    )

    day = timezone.localtime(start + 24 * HOUR).date()
    assert list(Charge.objects.values_list("period", "amount")) == [(day, 1)]


def rush(limit):
    worker, start = make_worker(), monday()
    wanted = [on(start + n * 24 * HOUR, limits=[limit]) for n in range(8)]
    calls = [partial(ask, offering, worker) for offering in wanted]
    outcomes = at_once(calls)
    return Signup.objects.seated().filter(worker=worker).count(), outcomes


@pytest.mark.parametrize(
    ("limit", "most"),
    [
        ({"most": 2}, 2),
        ({"most": 180, "unit": "minutes"}, 3),
    ],
)
def test_sign_up_concurrently_of_one_worker_keeps_to_the_limit(limit, most):
    seated, outcomes = rush(make_limit(**limit))

    assert seated == most
    refusals = [o for o in outcomes if isinstance(o, Refusal)]
    assert {code for r in refusals for code in r.codes} == {"limit"}


def test_sign_up_control_without_the_workers_lock_oversteps_the_limit():
    """The lock of the function taken away: if this holds, the test above proves
    nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef('signups_take(bigint, bigint, bigint, bigint, "
            "integer, boolean)'::regprocedure)"
        )
        (text,) = cursor.fetchone()
        lock = "PERFORM pg_advisory_xact_lock((7::bigint << 48) + p_worker);"
        sitting_down = "IF v_has_room THEN"
        assert lock in text
        assert text.count(sitting_down) == 1
        # a pause between looking and sitting down, as a busy server makes one
        unlocked = text.replace(lock, "").replace(
            sitting_down, f"PERFORM pg_sleep(0.2); {sitting_down}"
        )
        cursor.execute(unlocked.replace("%", "%%"), [])
    try:
        seated, _outcomes = rush(make_limit(most=1))
    finally:
        with connection.cursor() as cursor:
            cursor.execute(text.replace("%", "%%"), [])

    assert seated > 1
