"""The question and the verb agree where queue, reserve and limit meet."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.errors import Refusal
from common.models import Change
from signups.enums import Audience
from signups.models import SeatPool, Signup
from signups.services import offerings, seats, standing
from signups.services.offerings import Reserve
from tests.factories import (
    make_limit,
    make_offering,
    make_user,
    make_worker,
    make_worker_with_login,
)

pytestmark = pytest.mark.django_db(transaction=True)


def sign_up(offering, worker=None):
    signup = seats.sign_up(
        offering_id=offering.pk, worker=worker or make_worker(), by=None
    )
    signup.refresh_from_db()
    return signup


def test_look_at_full_waitlist_of_others_leaves_ones_reserved_seat_open():
    offering = make_offering(
        capacity=1,
        waitlist_limit=1,
        reserves=[Reserve(audience=Audience.FRONTLINE, capacity=1)],
    )
    sign_up(offering)
    sign_up(offering)  # waits, and fills the waitlist
    frontline = make_worker(is_frontline=True)

    seen = standing.look_at(offering, frontline)

    assert (seen.codes, seen.would_wait) == ([], False)
    assert sign_up(offering, frontline).status == "seated"


def test_settle_takes_a_waiter_of_the_audience_before_a_newcomer_to_the_reserve():
    offering = make_offering(
        capacity=1,
        waitlist_limit=1,
        reserves=[Reserve(audience=Audience.FRONTLINE, capacity=1)],
    )
    first = make_worker(is_frontline=True)
    sign_up(offering)
    sign_up(offering, make_worker(is_frontline=True))
    waiter = sign_up(offering, first)
    assert waiter.status == "waiting"
    SeatPool.objects.filter(kind="audience").update(capacity=2)

    newcomer = sign_up(offering, make_worker(is_frontline=True))

    waiter.refresh_from_db()
    assert (waiter.status, newcomer.status) == ("seated", "waiting")


def test_look_at_free_seat_is_open_where_who_waits_cannot_take_it():
    limit = make_limit()
    offering = make_offering(capacity=1, waitlist_limit=1, limits=[limit])
    first, blocked = sign_up(offering), make_worker()
    sign_up(offering, blocked)
    sign_up(make_offering(limits=[limit]), blocked)  # all that the limit allows
    seats.cancel(signup=first, by=None)
    newcomer = make_worker()

    assert standing.look_at(offering, newcomer).codes == []
    assert sign_up(offering, newcomer).status == "seated"


def test_sign_up_of_who_has_something_else_then_does_not_wait_either():
    start = timezone.now() + timedelta(days=5)
    times = [(start, start + timedelta(hours=2), "")]
    worker = make_worker()
    sign_up(make_offering(times=times), worker)
    full = make_offering(times=times, capacity=0)

    assert standing.look_at(full, worker).codes == ["clash"]
    with pytest.raises(Refusal) as caught:
        sign_up(full, worker)
    assert caught.value.codes == {"clash"}


def test_sign_up_without_a_waitlist_lets_nobody_wait_however_many_ask():
    offering = make_offering(capacity=1, waitlist_limit=0)
    sign_up(offering)

    assert standing.look_at(offering, make_worker()).codes == ["full"]


def test_change_limit_lowered_holds_whichever_slot_is_held():
    limit, worker = make_limit(most=2), make_worker()
    held = [sign_up(make_offering(limits=[limit]), worker) for _ in range(2)]
    offerings.change_limit(limit=limit, title=limit.title, most=1, by=None)
    seats.cancel(signup=held[0], by=None)  # slot 1 is free, slot 2 is held
    third = make_offering(limits=[limit])

    assert standing.look_at(third, worker).codes == ["limit"]
    with pytest.raises(Refusal) as caught:
        sign_up(third, worker)
    assert caught.value.codes == {"limit"}


def test_change_limit_lowered_promotes_nobody_past_it():
    limit, worker = make_limit(most=2), make_worker()
    full = make_offering(limits=[limit], capacity=0)
    waiting = sign_up(full, worker)
    held = [sign_up(make_offering(limits=[limit]), worker) for _ in range(2)]
    offerings.change_limit(limit=limit, title=limit.title, most=1, by=None)
    seats.cancel(signup=held[0], by=None)

    offerings.set_capacity(
        pool=SeatPool.objects.get(offering=full), capacity=1, by=None
    )

    waiting.refresh_from_db()
    assert waiting.status == "waiting"


def test_settle_all_frees_what_is_owed_to_nobody():
    """A crash between a cancel and its settling, and an empty queue."""
    offering = make_offering(capacity=1, waitlist_limit=0)
    sign_up(offering)
    Signup.objects.update(
        status="cancelled", pool=None, busy=None, ended_at=timezone.now()
    )
    SeatPool.objects.update(owed=1)

    seats.settle_all()

    assert SeatPool.objects.get(offering=offering).taken == 0
    assert sign_up(offering).status == "seated"


def test_cancel_records_who_cancelled():
    worker, clerk = make_worker_with_login(), make_user()
    for by in (worker.user, clerk):
        signup = sign_up(make_offering(), worker)
        seats.cancel(signup=signup, by=by, reason="重复报名")
        change = Change.objects.of(signup).last()

        assert change.after["status"] == "cancelled"
        assert change.by == by
