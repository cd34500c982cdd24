"""The state button: one row of the table of states for each test."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from common import dates
from signups.buttons import button, seats_line
from signups.enums import Audience, OfferingKind
from signups.models import Offering, SeatPool
from signups.services import offerings, seats, standing
from signups.services.offerings import Reserve
from tests.factories import (
    make_limit,
    make_offering,
    make_user,
    make_worker,
    make_worker_with_login,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def sign_up(offering, worker=None):
    return seats.sign_up(
        offering_id=offering.pk, worker=worker or make_worker(), by=None
    )


def shown(offering, worker=None, user=None):
    offering = Offering.objects.get(pk=offering.pk)
    if user is None:
        user = worker.user if worker else AnonymousUser()
    return button(standing.look_at(offering, worker), user=user)


@pytest.fixture
def worker():
    return make_worker_with_login()


def ask(offering):
    return reverse("signups:signup-create", args=[offering.pk])


def test_button_for_a_visitor_logs_in_and_goes_on_to_the_check_page():
    offering = make_offering()

    made = shown(offering)

    assert (made.state, made.label, made.method) == ("anonymous", "登录后报名", "get")
    assert made.url.startswith(reverse("account_login"))
    assert made.url.endswith(ask(offering).replace("/", "%2F"))
    assert made.line == f"报名至{dates.moment(offering.closes_at)}"


def test_button_for_a_visitor_says_full_before_the_login():
    made = shown(make_offering(capacity=0))

    assert (made.label, made.tone) == ("登录后参加候补", "line")
    assert made.line.startswith("名额已满，候补登记至")


def test_button_for_a_login_without_a_worker_leads_to_where_it_becomes_one():
    offering = make_offering()

    made = shown(offering, user=make_user())

    assert (made.state, made.method) == ("no_worker", "get")
    assert made.url == f"/my/verify/?next={quote(ask(offering), safe='')}"


def test_button_open(worker):
    offering = make_offering()

    made = shown(offering, worker)

    assert (made.state, made.label, made.url) == ("open", "立即报名", ask(offering))
    assert (made.is_active, made.reasons) == (True, [])


def test_button_full_leads_to_the_queue_and_says_its_length(worker):
    offering = make_offering(capacity=1)
    sign_up(offering)
    sign_up(offering)

    made = shown(offering, worker)

    assert (made.state, made.url) == ("waitlist", ask(offering))
    assert (made.label, made.line) == ("名额已满，参加候补", "已有1人候补")


def test_button_for_the_first_in_the_queue_says_until_when_one_may_join(worker):
    made = shown(make_offering(capacity=0), worker)

    assert made.line.startswith("候补登记至")


def test_button_for_a_seat_of_ones_own_reserve_is_open_whoever_else_waits():
    offering = make_offering(
        capacity=0, reserves=[Reserve(audience=Audience.FRONTLINE, capacity=5)]
    )
    sign_up(offering)
    insider = make_worker_with_login(is_frontline=True)
    outsider = make_worker_with_login()

    assert shown(offering, insider).state == "open"
    assert shown(offering, outsider).state == "waitlist"


def test_button_not_open_yet_says_when_it_changes_by_itself(worker):
    offering = make_offering(opens_at=timezone.now() + HOUR)

    for made in (shown(offering, worker), shown(offering)):
        assert (made.state, made.is_active) == ("not_open", False)
        assert made.lifts_at == offering.opens_at
        assert made.label == f"{dates.moment(offering.opens_at)} 开始报名"
        assert made.reasons == []


def closed():
    now = timezone.now()
    return {"opens_at": now - 9 * HOUR, "closes_at": now - HOUR}


@pytest.mark.parametrize(
    ("starts_in_hours", "state"), [(24, "closed"), (-1, "running"), (-4, "over")]
)
def test_button_after_closing(worker, starts_in_hours, state):
    start = timezone.now() + starts_in_hours * HOUR
    offering = make_offering(times=[(start, start + 2 * HOUR, "")], **closed())

    assert shown(offering, worker).state == state
    assert shown(offering).state == state
    assert not shown(offering, worker).is_active


def test_button_withdrawn_says_why_even_to_who_had_a_seat(worker):
    offering = make_offering()
    sign_up(offering, worker)
    offerings.withdraw_offering(offering=offering, reason="场地检修", by=None)

    for made in (shown(offering, worker), shown(offering)):
        assert (made.state, made.line, made.is_active) == (
            "withdrawn",
            "场地检修",
            False,
        )


def test_button_seated_may_leave_until_the_deadline(worker):
    until = timezone.now() + HOUR
    offering = make_offering(cancel_until=until)
    signup = sign_up(offering, worker)

    made = shown(offering, worker)

    assert (made.state, made.label, made.tone) == ("signed_up", "已报名", "ok")
    assert made.line == f"{dates.moment(until)}前可取消"
    assert made.extra_url == reverse("signups:signup-cancel", args=[signup.pk])


def test_button_seated_after_the_deadline_has_no_way_out(worker):
    offering = make_offering(cancel_until=timezone.now() - HOUR)
    sign_up(offering, worker)

    made = shown(offering, worker)

    assert (made.line, made.extra_url) == ("取消时间已过", "")


def test_button_waiting_says_the_rank(worker):
    offering = make_offering(capacity=0)
    sign_up(offering)
    sign_up(offering, worker)
    sign_up(offering)

    made = shown(offering, worker)

    assert (made.state, made.label) == ("waiting", "候补中 · 第2位")
    assert (made.line, made.extra_label) == ("共3人候补", "取消候补")


def not_member(worker):
    worker.is_member = False
    worker.save()
    return make_offering()


def left_union(worker):
    worker.left_at = timezone.now()
    worker.save()
    return make_offering()


def limit(worker):
    limit = make_limit()
    sign_up(make_offering(limits=[limit]), worker)
    return make_offering(limits=[limit])


def clash(worker):
    start = timezone.now() + 30 * HOUR
    times = [(start, start + HOUR, "")]
    sign_up(make_offering(times=times), worker)
    return make_offering(times=times)


def full(worker):
    return make_offering(capacity=0, waitlist_limit=0)


def returned_often(worker):
    offering = make_offering()
    for _ in range(standing.MOST_RETURNS):
        seats.cancel(signup=sign_up(offering, worker), by=None)
    return offering


@pytest.mark.parametrize(
    "case", [not_member, left_union, limit, clash, returned_often, full]
)
def test_button_refused_says_the_reason_of_sign_up_and_cannot_be_pressed(worker, case):
    offering = case(worker)

    made = shown(offering, worker)

    reason = standing.look_at(offering, worker).reasons[0]
    assert (made.state, made.line) == (case.__name__, reason.text)
    assert made.label
    assert not made.is_active
    # who could give a seat back is led to where that is done
    leads_on = case in (limit, clash)
    assert made.extra_url == (reverse("my") if leads_on else "")
    assert bool(made.extra_label) is leads_on


def test_button_further_reasons_stand_apart(worker):
    offering = clash(worker)
    worker.is_member = False
    worker.save()

    made = shown(offering, worker)

    assert made.state == "not_member"
    assert len(made.reasons) == 1
    assert "时间冲突" in made.reasons[0]


@pytest.mark.parametrize(
    ("taken", "line"),
    [
        (0, ("余10席", False)),
        (7, ("余3席", False)),
        (8, ("名额紧张，余2席", True)),
        (10, ("已满", False)),
    ],
)
def test_seats_line_turns_to_a_warning_when_a_fifth_is_left(taken, line):
    offering = make_offering(capacity=10)
    SeatPool.objects.update(taken=taken)

    assert seats_line(standing.look_at(offering, None)) == line


@pytest.mark.parametrize(
    "past",
    [
        {"closes_at": timezone.now() - HOUR},
        {"withdrawn_at": timezone.now(), "withdrawn_reason": "教师生病"},
        {"ends_at": timezone.now() - HOUR},
    ],
)
def test_seats_line_praises_no_seats_that_cannot_be_had_any_more(past):
    """Nine of ten taken: while it ran the page warned that seats were few."""
    offering = make_offering(capacity=10, opens_at=timezone.now() - 9 * HOUR)
    SeatPool.objects.update(taken=9)
    Offering.objects.update(**past)
    offering.refresh_from_db()

    assert seats_line(standing.look_at(offering, None)) == ("", False)


def test_seats_line_of_what_is_left_for_others():
    reserve = Reserve(audience=Audience.MIGRANT, capacity=4)
    offering = make_offering(capacity=0, reserves=[reserve])

    assert seats_line(standing.look_at(offering, None)) == ("余4席为预留名额", True)
    migrant = make_worker(is_migrant=True)
    assert seats_line(standing.look_at(offering, migrant)) == ("余4席", False)


def test_seats_line_of_what_has_not_opened_says_how_many_there_are():
    offering = make_offering(capacity=9, opens_at=timezone.now() + HOUR)

    assert seats_line(standing.look_at(offering, None)) == ("共9席", False)


def test_seats_line_adds_up_where_some_are_kept_for_others():
    reserve = Reserve(audience=Audience.MIGRANT, capacity=4)
    offering = make_offering(capacity=9, reserves=[reserve])

    assert seats_line(standing.look_at(offering, None)) == ("余9席，另预留4席", False)
    migrant = make_worker(is_migrant=True)
    assert seats_line(standing.look_at(offering, migrant)) == ("余13席", False)


def test_button_of_what_is_no_class_begins_and_ends_in_its_own_words(worker):
    """“已开课” of a concert would be wrong."""
    now = timezone.now()
    offering = make_offering(kind=OfferingKind.PROGRAMME, closes_at=now - HOUR / 2)
    words = {now - HOUR: "已开始", now - 3 * HOUR: "已结束"}

    for start, label in words.items():
        times = [(start, start + 2 * HOUR, "")]
        offerings.set_occasions(offering=offering, times=times, by=None)
        assert shown(offering, worker).label == label
