"""Two verbs run concurrently, each held at the worst moment by force."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.utils import timezone

from common.errors import Busy
from signups.models import SeatPool, Signup
from signups.services import leaving, offerings, seats, standing
from tests.factories import make_limit, make_offering, make_worker

pytestmark = pytest.mark.django_db(transaction=True)

A_MOMENT = 0.3  # seconds in which a concurrent verb gets as far as it can


@contextmanager
def under_way(act):
    """``act`` has been done in another connection, and is not committed before the
    block ends or a moment has passed, whichever is first."""
    done = threading.Event()
    failed = []

    def run():
        try:
            with transaction.atomic():
                act()
                done.set()
                threading.Event().wait(A_MOMENT)
        except Exception as error:
            failed.append(error)
        finally:
            done.set()
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert done.wait(10)
    try:
        yield
    finally:
        thread.join(10)
    assert failed == []


def sign_up(offering, worker=None):
    return seats.sign_up(
        offering_id=offering.pk, worker=worker or make_worker(), by=None
    )


def free_for(worker, offering):
    """Whether nothing the worker holds stands against this offering's time."""
    return standing.look_at(offering, worker).codes == []


def at(start):
    return [(start, start + timedelta(hours=2), "")]


def test_sign_up_concurrently_with_withdraw_offering_leaves_the_person_free():
    start = timezone.now() + timedelta(days=5)
    limit = make_limit()
    offering, other = (make_offering(times=at(start), limits=[limit]) for _ in range(2))
    worker = make_worker()

    with under_way(partial(sign_up, offering, worker)):
        offerings.withdraw_offering(offering=offering, reason="示例", by=None)

    assert Signup.objects.get().status == "called_off"
    assert SeatPool.objects.get(offering=offering).taken == 0
    assert free_for(worker, other)
    assert sign_up(other, worker).status == "seated"


def test_sign_up_concurrently_with_set_occasions_has_the_new_times():
    start = timezone.now() + timedelta(days=5)
    later = start + timedelta(days=1)
    offering = make_offering(times=at(start))
    before, after = make_offering(times=at(start)), make_offering(times=at(later))
    worker = make_worker()

    with under_way(partial(sign_up, offering, worker)):
        offerings.set_occasions(offering=offering, times=at(later), by=None)

    assert free_for(worker, before)
    assert not free_for(worker, after)


def test_change_offering_and_set_capacity_concurrently_with_sign_up_do_not_deadlock():
    """A sign-up holds the pool and needs the offering's key as it commits; a class that
    is changed holds the offering and then needs the pool."""
    offering = make_offering()
    closes_at = offering.closes_at + timedelta(days=1)

    with under_way(partial(sign_up, offering)), transaction.atomic():
        offerings.change_offering(offering=offering, closes_at=closes_at, by=None)
        offerings.set_capacity(
            pool=SeatPool.objects.get(offering=offering), capacity=9, by=None
        )

    pool = SeatPool.objects.get(offering=offering)
    assert (pool.capacity, pool.taken, pool.owed) == (9, 1, 0)


@pytest.mark.parametrize("statement", [1, 2])
def test_look_at_while_its_reader_is_promoted_is_no_error(statement):
    """The promotion falls between any two queries of the page."""
    offering = make_offering(capacity=1)
    first, reader = sign_up(offering), make_worker()
    sign_up(offering, reader)
    asked = []

    def promoted_in_between(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if "signups_" in sql:  # a table or the name of a prepared statement
            asked.append(sql)
            if len(asked) == statement:
                thread = threading.Thread(target=leave)
                thread.start()
                thread.join(10)
        return result

    def leave():
        seats.cancel(signup=first, by=None)
        connection.close()

    with connection.execute_wrapper(promoted_in_between):
        seen = standing.look_at(offering, reader)

    assert len(asked) >= statement
    assert seen.signup is not None


def test_cancel_while_the_offering_is_blocked_is_busy_and_no_fault():
    signup = sign_up(make_offering())
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")

    with (
        under_way(partial(seats.lock, worker_id=signup.worker_id)),
        pytest.raises(Busy),
    ):
        seats.cancel(signup=signup, by=None)

    signup.refresh_from_db()
    assert signup.status == "seated"
    connection.close()


def held_by(worker):
    return Signup.objects.live().filter(worker=worker).count()


def test_give_up_all_waits_for_the_workers_own_sign_up_under_way():
    offering, worker = make_offering(), make_worker()

    with under_way(partial(sign_up, offering, worker)):
        leaving.give_up_all(worker=worker)

    assert held_by(worker) == 0
    assert SeatPool.objects.get().taken == 0


def test_give_up_all_takes_back_a_sign_up_made_concurrently():
    """An account is closed in one window while another one signs up."""
    offering, worker = make_offering(), make_worker()

    with under_way(partial(leaving.give_up_all, worker=worker)):
        assert sign_up(offering, worker).status == "seated"

    assert held_by(worker) == 0
    assert SeatPool.objects.get().taken == 0
