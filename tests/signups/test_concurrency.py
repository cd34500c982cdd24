"""What holds when everybody asks at once, and the controls that prove the tests."""

import threading
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from common.errors import Refusal
from signups.models import SeatPool, Signup
from signups.services import seats
from tests.concurrency import at_once
from tests.factories import make_limit, make_offering, make_worker

pytestmark = pytest.mark.django_db(transaction=True)


def ask(offering, worker):
    return partial(seats.sign_up, offering_id=offering.pk, worker=worker, by=None)


def by_status(offering):
    rows = Signup.objects.filter(offering=offering).values_list("status")
    return dict(rows.annotate(Count("pk")).order_by())


def test_sign_up_concurrently_of_fifty_workers_fills_twenty_seats():
    offering = make_offering(capacity=20)
    workers = [make_worker() for _ in range(50)]

    outcomes = at_once([ask(offering, worker) for worker in workers])

    assert Counter(type(outcome) for outcome in outcomes) == {Signup: 50}
    assert by_status(offering) == {"seated": 20, "waiting": 30}
    pool = SeatPool.objects.get(offering=offering)
    assert (pool.taken, pool.owed) == (20, 0)
    # order of arrival is order of id: whoever is seated came before whoever waits
    seated = Signup.objects.filter(status="seated").values_list("pk", flat=True)
    waiting = Signup.objects.filter(status="waiting").values_list("pk", flat=True)
    assert max(seated) < min(waiting)


def read_then_insert(offering, worker):
    """The control: count, think, insert, as the naive form does."""
    pool = SeatPool.objects.get(offering=offering)
    seated = Signup.objects.filter(offering=offering, status="seated").count()
    threading.Event().wait(0.05)
    if seated < pool.capacity:
        return Signup.objects.create(
            offering=offering,
            worker=worker,
            pool=pool,
            busy=offering.busy,
            status="seated",
        )
    return Signup.objects.create(offering=offering, worker=worker, status="waiting")


def test_sign_up_control_reading_then_inserting_oversells():
    """If this fails, the test above proves nothing."""
    offering = make_offering(capacity=20)
    workers = [make_worker() for _ in range(50)]

    at_once([partial(read_then_insert, offering, worker) for worker in workers])

    assert by_status(offering)["seated"] > 20


def test_sign_up_concurrently_by_double_clicks_is_one_request():
    offering = make_offering(capacity=3)
    workers = [make_worker() for _ in range(6)]

    outcomes = at_once([ask(offering, worker) for worker in workers for _ in range(4)])

    assert Counter(type(outcome) for outcome in outcomes) == {Signup: 24}
    assert len({outcome.pk for outcome in outcomes}) == 6
    assert by_status(offering) == {"seated": 3, "waiting": 3}
    assert SeatPool.objects.get(offering=offering).taken == 3


@pytest.mark.parametrize("number", [2, 12])
def test_sign_up_concurrently_by_one_worker_for_clashing_classes_gives_one(number):
    """With many at once this also shows the worker's lock: without it two half-inserted
    rows wait for each other, and "busy" is reported for a deadlock."""
    start = timezone.now() + timedelta(days=5)
    for _round in range(4):
        worker = make_worker()
        clashing = [
            make_offering(
                times=[(start + timedelta(minutes=n), start + timedelta(hours=2), "")]
            )
            for n in range(number)
        ]

        outcomes = at_once([ask(offering, worker) for offering in clashing])

        kinds = Counter(type(outcome) for outcome in outcomes)
        assert kinds == {Signup: 1, Refusal: number - 1}
        refusals = [o for o in outcomes if isinstance(o, Refusal)]
        assert {code for o in refusals for code in o.codes} == {"clash"}
        taken = SeatPool.objects.filter(offering__in=clashing).values_list("taken")
        assert sorted(taken) == [(0,)] * (number - 1) + [(1,)]


def test_sign_up_concurrently_for_many_gets_no_more_than_the_limit():
    limit, worker = make_limit(most=2), make_worker()
    wanted = [make_offering(limits=[limit]) for _ in range(6)]

    at_once([ask(offering, worker) for offering in wanted])

    assert Signup.objects.filter(worker=worker, status="seated").count() == 2
    assert sum(SeatPool.objects.values_list("taken", flat=True)) == 2


def cancel_concurrently_with_sign_up(offering, seated, newcomer):
    """Force the interleaving: the newcomer has seen "full" and not yet committed when
    the seated one cancels and settles (and sees nobody waiting)."""
    has_looked, may_commit = threading.Event(), threading.Event()
    outcome = {}

    def sign_up():
        try:
            with transaction.atomic():
                outcome["signup"] = seats.sign_up(
                    offering_id=offering.pk, worker=newcomer, by=None
                )
                outcome["reported"] = outcome["signup"].status
                has_looked.set()
                assert may_commit.wait(10)
        finally:
            has_looked.set()
            connection.close()

    thread = threading.Thread(target=sign_up)
    thread.start()
    assert has_looked.wait(10)
    seats.cancel(signup=seated, by=None)
    may_commit.set()
    thread.join(10)
    assert outcome["reported"] == "waiting"  # it did see "full" inside its transaction
    return outcome["signup"]


def test_cancel_concurrently_with_sign_up_leaves_no_free_seat_while_someone_waits():
    offering = make_offering(capacity=1)
    seated = seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)

    newcomer = cancel_concurrently_with_sign_up(offering, seated, make_worker())

    assert newcomer.status == "seated"  # and the caller's row says so
    newcomer.refresh_from_db()
    assert newcomer.status == "seated"
    assert SeatPool.objects.get(offering=offering).taken == 1


def test_sign_up_control_without_settling_after_waiting_strands_the_seat(
    monkeypatch,
):
    """If this fails, the interleaving above is not the dangerous one."""
    offering = make_offering(capacity=1)
    seated = seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)
    settle = seats.settle
    main = threading.get_ident()
    monkeypatch.setattr(
        seats,
        "settle",
        lambda **kw: settle(**kw) if threading.get_ident() == main else 0,
    )

    newcomer = cancel_concurrently_with_sign_up(offering, seated, make_worker())

    newcomer.refresh_from_db()
    assert newcomer.status == "waiting"
    assert SeatPool.objects.get(offering=offering).taken == 0


def test_cancel_concurrently_with_many_sign_ups_leaves_no_seat_empty():
    offering = make_offering(capacity=8)
    leaving = [
        seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)
        for _ in range(8)
    ]
    coming = [make_worker() for _ in range(12)]

    outcomes = at_once(
        [partial(seats.cancel, signup=signup, by=None) for signup in leaving]
        + [ask(offering, worker) for worker in coming]
    )

    assert not [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    assert by_status(offering) == {"cancelled": 8, "seated": 8, "waiting": 4}
    pool = SeatPool.objects.get(offering=offering)
    assert (pool.taken, pool.owed) == (8, 0)


def test_settle_concurrently_gives_two_freed_seats_to_two_waiters():
    offering = make_offering(capacity=4)
    leaving = [
        seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)
        for _ in range(4)
    ]
    waiters = [
        seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)
        for _ in range(4)
    ]

    at_once([partial(seats.cancel, signup=signup, by=None) for signup in leaving])

    for waiter in waiters:
        waiter.refresh_from_db()
    assert [waiter.status for waiter in waiters] == ["seated"] * 4
