"""A person's own calendar: by a secret address alone, and nothing about anybody else."""

import logging
from datetime import timedelta

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.logs import JsonFormatter
from members.models import User
from signups.models import CalendarFeed, Occasion
from signups.services import feeds, offerings, seats
from tests.factories import make_offering, make_worker, make_worker_with_login
from unionportal import services as roof

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return make_worker_with_login(name="王示刚")


def address(token):
    return reverse("signups:calendar-feed", args=[token])


def entries(token):
    """uid → entry, asked for by a program without any cookie."""
    answer = Client().get(address(token))
    assert answer.status_code == 200
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["UID"]): event for event in events}


def seat(worker, **fields):
    offering = make_offering(**fields)
    return seats.sign_up(offering_id=offering.pk, worker=worker, by=worker.user)


def test_calendar_feed_holds_what_one_has_a_seat_of_and_no_name(worker):
    mine = seat(worker, title="我的班")
    full = make_offering(capacity=1, title="候补的班")
    other = make_worker(name="李外人")
    seats.sign_up(offering_id=full.pk, worker=other, by=None)
    seats.sign_up(offering_id=full.pk, worker=worker, by=worker.user)  # waits
    make_offering(title="外人的班")
    token = feeds.make(user=worker.user)

    [entry] = entries(token).values()
    text = Client().get(address(token)).content.decode()

    assert str(entry["SUMMARY"]) == mine.offering.title
    assert worker.name not in text and other.name not in text
    assert entry["DTSTART"].params["TZID"] == "Asia/Shanghai"


def test_calendar_feed_moves_cancels_and_follows_one_who_comes_back(worker):
    signup = seat(worker)
    token = feeds.make(user=worker.user)
    occasion = Occasion.objects.get()
    before = entries(token)

    offerings.move_occasion(
        occasion=occasion,
        starts_at=occasion.starts_at + timedelta(days=1),
        ends_at=occasion.ends_at + timedelta(days=1),
        place="另一间",
        by=None,
    )
    moved = entries(token)
    seats.cancel(signup=signup, by=worker.user)
    cancelled = entries(token)
    seats.sign_up(offering_id=signup.offering_id, worker=worker, by=worker.user)
    back = entries(token)

    assert before.keys() == moved.keys() == cancelled.keys() == back.keys()
    [uid] = before
    numbers = [int(e[uid]["SEQUENCE"]) for e in (before, moved, cancelled, back)]
    assert numbers == sorted(set(numbers)), "each is newer than the one before"
    states = [e[uid].get("STATUS") for e in (before, moved, cancelled, back)]
    assert states == [None, None, "CANCELLED", None]
    assert str(moved[uid]["LOCATION"]) == "另一间"


def test_calendar_feed_says_what_was_called_off(worker):
    signup = seat(worker)
    token = feeds.make(user=worker.user)

    offerings.withdraw_offering(offering=signup.offering, reason="示例原因", by=None)

    [entry] = entries(token).values()
    assert entry["STATUS"] == "CANCELLED"


def test_calendar_feed_costs_the_same_however_many(
    worker, django_assert_max_num_queries
):
    for _n in range(6):
        seat(worker)
    token = feeds.make(user=worker.user)

    with django_assert_max_num_queries(4):
        assert len(entries(token)) == 6


def test_calendar_feed_is_404_once_revoked_renewed_or_made_up(worker):
    first = feeds.make(user=worker.user)
    second = feeds.make(user=worker.user)

    assert Client().get(address(first)).status_code == 404
    assert Client().get(address(second)).status_code == 200
    feeds.revoke(user=worker.user)
    assert Client().get(address(second)).status_code == 404
    assert Client().get(address("x" * 43)).status_code == 404


def test_calendar_feed_ends_with_the_account(worker):
    token = feeds.make(user=worker.user)
    User.objects.filter(pk=worker.user_id).update(is_active=False)
    assert Client().get(address(token)).status_code == 404
    User.objects.filter(pk=worker.user_id).update(is_active=True)

    roof.close_account(user=User.objects.get(pk=worker.user_id))

    assert Client().get(address(token)).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_calendar_feed_is_kept_by_nobody_on_the_way_and_the_secret_by_no_table(worker):
    token = feeds.make(user=worker.user)

    answer = Client().get(address(token))

    assert (
        "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    )
    assert not answer.cookies
    assert token not in CalendarFeed.objects.get().token_hash


def test_log_lines_hold_no_address_of_a_calendar(worker):
    token = feeds.make(user=worker.user)
    said = ("Not Found: %s", (address(token),))
    line = logging.LogRecord("x", logging.WARNING, "", 1, *said, None)

    assert token not in JsonFormatter().format(line)


def test_my_calendar_page_shows_the_address_once(client, worker):
    client.force_login(worker.user)
    there = reverse("my-calendar")

    shown = client.post(there, {"make": "1"}, follow=True)
    found = shown.context["address"]
    again = client.get(there)

    assert Client().get(found).status_code == 200
    assert found in shown.content.decode() and found not in again.content.decode()
    client.post(there, {"revoke": "1"})
    assert Client().get(found).status_code == 404


def test_calendar_feed_forgets_what_is_long_over(worker):
    seat(worker)
    past = timezone.now() - timedelta(days=200)
    Occasion.objects.update(starts_at=past, ends_at=past + timedelta(hours=1))
    offering = Occasion.objects.get().offering
    type(offering).objects.update(starts_at=past, ends_at=past + timedelta(hours=1))

    assert entries(feeds.make(user=worker.user)) == {}
