"""A refusal to the many (``seats.ask``) names the first of the reasons that the page
after it gives, without having asked for the others."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from signups.models import Offering, Signup
from signups.services import seats, standing
from tests.factories import make_limit, make_offering, make_worker

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def not_open(worker):
    return make_offering(opens_at=timezone.now() + HOUR)


def closed(worker):
    now = timezone.now()
    return make_offering(opens_at=now - 2 * HOUR, closes_at=now - HOUR)


def over(worker):
    start = timezone.now() - 3 * HOUR
    return make_offering(times=[(start, start + HOUR, "")])


def withdrawn(worker):
    offering = make_offering()
    Offering.objects.filter(pk=offering.pk).update(
        withdrawn_at=timezone.now(), withdrawn_reason="老师病了。"
    )
    return offering


def not_listed(worker):
    return make_offering(is_listed=False)


def not_member(worker):
    type(worker).objects.filter(pk=worker.pk).update(is_member=False)
    return make_offering()


def left_union(worker):
    type(worker).objects.filter(pk=worker.pk).update(left_at=timezone.now())
    return make_offering()


def clash(worker):
    first = make_offering()
    seats.sign_up(offering_id=first.pk, worker=worker, by=None)
    times = [(o.starts_at, o.ends_at, "") for o in first.occasions.all()]
    return make_offering(times=times)


def limit(worker):
    """And a clash, which is said after it."""
    only = make_limit(most=1)
    first = make_offering(limits=[only])
    seats.sign_up(offering_id=first.pk, worker=worker, by=None)
    times = [(o.starts_at, o.ends_at, "") for o in first.occasions.all()]
    return make_offering(times=times, limits=[only])


def returned_often(worker):
    offering = make_offering()
    for _ in range(standing.MOST_RETURNS):
        signup = seats.sign_up(offering_id=offering.pk, worker=worker, by=None)
        seats.cancel(signup=signup, by=None)
    return offering


def full(worker):
    offering = make_offering(capacity=1, waitlist_limit=0)
    seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)
    return offering


def full_and_waited_for(worker):
    offering = make_offering(capacity=1, waitlist_limit=1)
    for _ in range(2):
        seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)
    return offering


CASES = [
    *(not_open, closed, over, withdrawn, not_listed, not_member, left_union),
    *(clash, limit, returned_often, full, full_and_waited_for),
]


def test_ask_refuses_with_the_first_of_the_reasons_of_the_page():
    for case in CASES:
        worker = make_worker()
        offering = case(worker)
        offering.refresh_from_db()
        worker.refresh_from_db()
        before = Signup.objects.count()

        with pytest.raises(seats.NotSeated) as refused:
            seats.ask(offering_id=offering.pk, worker=worker, by=None)

        first = standing.look_at(offering, worker).reasons[0]
        assert refused.value.code == first.code, case
        assert refused.value.code == case.__name__.partition("_and_")[0]
        assert str(refused.value)
        shown = None if case is not_listed else offering.get_absolute_url()
        assert refused.value.url == shown
        assert Signup.objects.count() == before


def test_ask_gives_the_seat_and_the_row_that_lives():
    offering, worker = make_offering(capacity=1), make_worker()
    seated = seats.ask(offering_id=offering.pk, worker=worker, by=None)
    again = seats.ask(offering_id=offering.pk, worker=worker, by=None)
    waiting = seats.ask(offering_id=offering.pk, worker=make_worker(), by=None)

    assert (seated.status, again.pk, waiting.status) == ("seated", seated.pk, "waiting")
    assert seated.pool.offering == offering
    with pytest.raises(Offering.DoesNotExist):
        seats.ask(offering_id=offering.pk + 1, worker=worker, by=None)


@pytest.mark.django_db(transaction=True)
def test_refusal_to_the_many_is_one_statement():
    offering, worker = full(make_worker()), make_worker()

    with (
        CaptureQueriesContext(connection) as captured,
        pytest.raises(seats.NotSeated),
    ):
        seats.ask(offering_id=offering.pk, worker=worker, by=None)

    assert len(captured) == 1
