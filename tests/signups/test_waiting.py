"""Waiting as the people who wait see it: an offer with its deadline, accepted, declined
or left to lapse; the rank and how it moved."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from signups.enums import OfferingKind
from signups.models import SeatPool, Signup
from signups.services import offerings, seats
from tests.factories import (
    make_limit,
    make_offering,
    make_worker,
    make_worker_with_login,
)

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


def ask(offering, worker=None):
    made = seats.sign_up(
        offering_id=offering.pk, worker=worker or make_worker(), by=None
    )
    return Signup.objects.get(pk=made.pk)


def at(start):
    return [(start, start + HOUR, "")]


def now_is(signup):
    return Signup.objects.get(pk=signup.pk)


def lapse(*signups):
    Signup.objects.filter(pk__in=[one.pk for one in signups]).update(
        offer_until=timezone.now() - timedelta(seconds=1)
    )


def offered(worker, *, behind=1, **fields):
    """A seat offered to ``worker``, who waited first; so many wait behind."""
    offering = make_offering(capacity=1, is_offered=True, **fields)
    held, mine = ask(offering), ask(offering, worker)
    others = [ask(offering) for _ in range(behind)]
    seats.cancel(signup=held, by=None)
    return offering, now_is(mine), others


def test_accept_by_post_takes_the_seat_and_a_second_press_changes_nothing(client):
    worker = make_worker_with_login()
    _offering, mine, _others = offered(worker)
    client.force_login(worker.user)

    for _ in range(2):
        client.post(reverse("signups:signup-accept", args=[mine.pk]))

    assert now_is(mine).status == "seated"
    assert SeatPool.objects.get().taken == 1


def test_decline_by_post_offers_the_seat_to_the_next(client):
    worker = make_worker_with_login()
    _offering, mine, [next_one] = offered(worker)
    client.force_login(worker.user)

    for _ in range(2):
        client.post(reverse("signups:signup-decline", args=[mine.pk]))

    assert now_is(mine).status == "declined"
    assert now_is(next_one).status == "offered"


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_offer_of_somebody_else_is_not_found_and_stays(client, verb):
    worker = make_worker_with_login()
    _offering, mine, _others = offered(worker)
    client.force_login(make_worker_with_login().user)

    response = client.post(reverse(f"signups:signup-{verb}", args=[mine.pk]))

    assert response.status_code == 404
    assert now_is(mine).status == "offered"


def test_get_of_accept_changes_nothing_and_leads_to_the_page_that_asks(client):
    worker = make_worker_with_login()
    _offering, mine, _others = offered(worker)
    client.force_login(worker.user)

    response = client.get(reverse("signups:signup-accept", args=[mine.pk]))

    assert response["Location"] == mine_page(mine)
    assert now_is(mine).status == "offered"


def mine_page(signup):
    return reverse("signups:signup-detail", args=[signup.pk])


def test_third_waiter_may_accept_when_three_offers_lapsed_in_turn(client):
    worker = make_worker_with_login()
    offering = make_offering(capacity=1, is_offered=True)
    held = ask(offering)
    waiters = [ask(offering) for _ in range(3)]
    fourth = ask(offering, worker)
    seats.cancel(signup=held, by=None)
    for waiter in waiters[:2]:
        lapse(waiter)
        seats.settle(offering_id=offering.pk)
    lapse(waiters[2])  # and no task has run since
    client.force_login(worker.user)

    page = client.get(mine_page(fourth))
    client.post(reverse("signups:signup-accept", args=[fourth.pk]))

    assert page.context["may_accept"]
    assert [now_is(one).status for one in waiters] == ["lapsed"] * 3
    assert now_is(fourth).status == "seated"


def test_lapsed_offer_reads_as_lapsed_before_anybody_passed_it_on(client):
    worker = make_worker_with_login()
    _offering, mine, _others = offered(worker)
    lapse(mine)
    client.force_login(worker.user)

    page = client.get(mine_page(mine))

    assert page.context["signup"].state == "lapsed"
    assert not page.context["may_accept"]


def test_my_page_shows_the_offer_its_deadline_and_the_rank_that_moved(client):
    worker = make_worker_with_login()
    _offering, mine, _others = offered(worker)
    queue = make_offering(capacity=1)
    held, first, second = ask(queue), ask(queue), ask(queue)
    waiting = ask(queue, worker)
    seats.cancel(signup=held, by=None)  # first is promoted
    seats.cancel(signup=second, by=None)  # leaves the queue
    client.force_login(worker.user)

    page = client.get(reverse("my"))

    assert [one.pk for one in page.context["offered"]] == [mine.pk]
    [shown] = page.context["waiting"]
    assert (shown.pk, shown.rank, shown.queue, shown.moved) == (waiting.pk, 1, 1, 2)
    assert now_is(first).status == "seated"


def test_rank_did_not_move_for_who_left_before_one_came_or_before_yesterday():
    offering = make_offering(capacity=1)
    ask(offering)
    early, gone = ask(offering), ask(offering)
    seats.cancel(signup=gone, by=None)
    mine = ask(offering)
    seats.cancel(signup=early, by=None)
    Signup.objects.filter(pk=early.pk).update(left_queue_at=timezone.now() - 72 * HOUR)
    Signup.objects.filter(pk=mine.pk).update(created_at=timezone.now() - 96 * HOUR)
    Signup.objects.filter(pk=gone.pk).update(left_queue_at=timezone.now() - 97 * HOUR)

    [row] = Signup.objects.filter(pk=mine.pk).with_moves(timezone.now() - 24 * HOUR)

    assert row.moved == 0


def test_offer_stands_as_long_as_the_rules_say():
    offerings.publish_rules(
        kind=OfferingKind.CLASS, cancel_hours=24, text="", by=None,
        is_offered=True, offer_hours=6, offer_before_hours=48,
    )  # fmt: skip
    soon = make_offering(capacity=1, times=at(timezone.now() + 40 * HOUR))
    later = make_offering(capacity=1, starts_in_days=20)
    first = {}
    for offering in (soon, later):
        held, first[offering] = ask(offering), ask(offering)
        seats.cancel(signup=held, by=None)

    left = now_is(first[later]).offer_until - timezone.now()
    assert timedelta(hours=5, minutes=59) < left <= 6 * HOUR
    assert now_is(first[soon]).status == "seated"


def test_set_capacity_raised_promotes_and_lowered_evicts_nobody():
    offering = make_offering(capacity=2)
    held = [ask(offering) for _ in range(2)]
    waiters = [ask(offering) for _ in range(2)]
    pool = SeatPool.objects.get()

    offerings.set_capacity(pool=pool, capacity=3, by=None)
    with pytest.raises(Exception, match="3"):
        offerings.set_capacity(pool=pool, capacity=2, by=None)

    assert [now_is(one).status for one in [*held, *waiters]] == [
        "seated", "seated", "seated", "waiting",
    ]  # fmt: skip


def test_accept_is_refused_where_the_limit_was_reached_meanwhile(client):
    worker = make_worker_with_login()
    limit = make_limit(most=1)
    _offering, mine, _others = offered(worker, limits=[limit])
    ask(make_offering(limits=[limit]), worker)
    client.force_login(worker.user)

    client.post(reverse("signups:signup-accept", args=[mine.pk]))

    assert now_is(mine).status == "offered"


def test_forms_of_an_offer_carry_the_token_that_lets_them_through():
    worker = make_worker_with_login()
    _offering, mine, _others = offered(worker)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(worker.user)
    for page in (f"/signups/{mine.pk}/", reverse("my")):
        text = browser.get(page).content.decode()
        accept = text.index(reverse("signups:signup-accept", args=[mine.pk]))
        [token] = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', text[accept:])[:1]

    browser.post(
        reverse("signups:signup-accept", args=[mine.pk]),
        {"csrfmiddlewaretoken": token},
    )

    assert now_is(mine).status == "seated"


def test_sign_up_that_is_committed_is_answered_though_what_follows_fails(
    monkeypatch, caplog
):
    """The database goes away in the moment after: who waits waits, and is told so."""

    def gone(**_given):
        raise OperationalError("server closed the connection unexpectedly")

    offering = make_offering(capacity=1)
    held, waits = ask(offering), ask(offering)
    monkeypatch.setattr(seats, "settle", gone)

    seats.cancel(signup=held, by=None)  # its seat is owed now, and nobody passes it on
    made = seats.ask(offering_id=offering.pk, worker=make_worker(), by=None)

    assert (now_is(made).status, now_is(waits).status) == ("waiting", "waiting")
    assert now_is(held).status == "cancelled"
    assert caplog.text.count("Error calling") == 2
