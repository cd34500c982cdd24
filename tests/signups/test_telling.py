"""What the desk tells, one test a kind: who gets it and nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.models import Notice, NoticeText
from signups.models import Offering, SeatPool, Signup
from signups.services import offerings, seats
from signups.services.leaving import give_up_all
from tests.factories import (
    make_offering,
    make_union,
    make_user,
    make_worker,
    make_worker_with_login,
)

pytestmark = pytest.mark.django_db


def ask(offering, worker):
    return seats.sign_up(offering_id=offering.pk, worker=worker, by=worker.user)


def told(*kinds):
    """(account, kind, row it leads to) of every notice, or of these kinds."""
    rows = Notice.objects.values_list("user", "kind", "url_arg")
    return {
        (user, kind.removeprefix("signups."), arg)
        for user, kind, arg in rows
        if not kinds or kind.removeprefix("signups.") in kinds
    }


@pytest.fixture
def desk():
    return make_user(is_staff=True)


@pytest.fixture
def queue():
    """One seat, held by the first of three with log-ins; the others wait."""
    offering = make_offering(capacity=1)
    people = [make_worker_with_login() for _n in range(3)]
    signups = [ask(offering, worker) for worker in people]
    return offering, people, signups


def settle(offering):
    # the tests' transaction is never committed
    return seats.settle(offering_id=offering.pk)


def test_sign_up_by_oneself_tells_nobody(queue):
    assert told() == set()


def test_promotion_tells_the_one_who_got_the_seat(queue):
    offering, (_first, second, _third), signups = queue
    seats.cancel(signup=signups[0], by=signups[0].worker.user)

    settle(offering)
    settle(offering)

    assert told() == {(second.user_id, "promoted", signups[1].pk)}
    assert NoticeText.objects.get().notice.user_id == second.user_id


def test_promotion_of_a_worker_without_an_account_tells_nobody():
    offering = make_offering(capacity=1)
    held = ask(offering, make_worker_with_login())
    seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)
    seats.cancel(signup=held, by=held.worker.user)

    assert settle(offering) == 1
    assert told() == set()


def test_promotion_of_a_block_tells_who_booked_it(desk):
    offering = make_offering(capacity=2)
    Offering.objects.filter(pk=offering.pk).update(max_block=2)
    held = ask(offering, make_worker_with_login())
    booked = seats.book_block(
        offering_id=offering.pk, union_org=make_union(), seats=2, by=desk
    )
    assert booked.status == "waiting"
    seats.cancel(signup=held, by=held.worker.user)

    settle(offering)

    assert told() == {(desk.pk, "promoted", offering.url_arg)}


def test_offer_tells_until_when_and_its_lapse_tells_too(queue):
    offering, (_first, second, third), signups = queue
    Offering.objects.filter(pk=offering.pk).update(is_offered=True)
    seats.cancel(signup=signups[0], by=signups[0].worker.user)
    settle(offering)
    assert told() == {(second.user_id, "offered", signups[1].pk)}
    text = NoticeText.objects.get()
    assert text.good_until == Signup.objects.get(pk=signups[1].pk).offer_until

    Signup.objects.filter(pk=signups[1].pk).update(
        offer_until=timezone.now() - timedelta(minutes=1)
    )
    settle(offering)

    assert told() == {
        (second.user_id, "offered", signups[1].pk),
        (second.user_id, "lapsed", signups[1].pk),
        (third.user_id, "offered", signups[2].pk),
    }
    assert NoticeText.objects.get(pk=text.pk).state == "cancelled"


def test_accepted_offer_needs_no_text_any_more(queue):
    offering, (_first, second, _third), signups = queue
    Offering.objects.filter(pk=offering.pk).update(is_offered=True)
    seats.cancel(signup=signups[0], by=signups[0].worker.user)
    settle(offering)

    seats.accept(signup=signups[1], by=second.user)

    assert NoticeText.objects.get().state == "cancelled"


def test_promoted_then_given_back_leaves_no_text(queue):
    offering, (_first, second, _third), signups = queue
    seats.cancel(signup=signups[0], by=signups[0].worker.user)
    settle(offering)

    seats.cancel(signup=signups[1], by=second.user)

    mine = NoticeText.objects.get(notice__user=second.user)
    assert (mine.state, mine.dropped) == ("cancelled", "replaced")


def test_cancel_by_staff_tells_whose_signup_it_was_and_why(queue, desk):
    _offering, (first, _second, third), signups = queue

    seats.cancel(signup=signups[2], by=desk, reason="重复报名")

    assert told() == {(third.user_id, "cancelled", signups[2].pk)}
    notice = Notice.objects.get()
    assert "重复报名" in notice.body
    assert "重复报名" not in notice.sms.text
    assert first.user_id != third.user_id


def test_giving_up_everything_tells_nobody_of_their_own_deed(queue):
    _offering, (first, _second, _third), _signups = queue

    give_up_all(worker=first)

    assert told() == set()


def test_sign_up_by_staff_tells_the_worker(desk):
    offering, worker = make_offering(), make_worker_with_login()

    signup = seats.sign_up(offering_id=offering.pk, worker=worker, by=desk)
    seats.sign_up(offering_id=offering.pk, worker=worker, by=desk)

    assert told() == {(worker.user_id, "signed_up", signup.pk)}
    assert Notice.objects.count() == 1


def test_sign_up_by_staff_of_who_had_asked_themselves_tells_nobody(desk):
    offering, worker = make_offering(), make_worker_with_login()
    ask(offering, worker)

    seats.sign_up(offering_id=offering.pk, worker=worker, by=desk)

    assert told() == set()


def test_call_off_tells_everybody_who_held_or_waited_and_nobody_else(queue, desk):
    offering, people, signups = queue
    left = make_worker_with_login()
    seats.cancel(signup=ask(offering, left), by=left.user)
    ask(make_offering(), make_worker_with_login())

    offerings.withdraw_offering(offering=offering, reason="教室检修", by=desk)
    offerings.withdraw_offering(offering=offering, reason="教室检修", by=desk)

    assert told() == {
        (worker.user_id, "called_off", signup.pk)
        for worker, signup in zip(people, signups, strict=True)
    }
    assert Notice.objects.count() == NoticeText.objects.count() == 3


def test_call_off_takes_back_what_was_to_be_told_before(queue, desk):
    offering, people, _signups = queue
    move(offering, desk, hours=3)

    offerings.withdraw_offering(offering=offering, reason="教室检修", by=desk)

    waiting = NoticeText.objects.filter(state="waiting")
    assert waiting.count() == len(people)
    assert {text.notice.kind for text in waiting} == {"signups.called_off"}


@pytest.mark.parametrize("people", [2, 12])
def test_call_off_costs_the_same_however_many_are_told(
    desk, people, django_assert_num_queries
):
    offering = make_offering(capacity=people)
    for _n in range(people):
        ask(offering, make_worker_with_login())

    with django_assert_num_queries(24):  # one looks for what the search must read again
        offerings.withdraw_offering(offering=offering, reason="教室检修", by=desk)

    assert Notice.objects.count() == people


def test_call_off_late_in_the_evening_goes_at_night_where_it_begins_at_dawn(
    queue, desk, monkeypatch
):
    from members.services import outbox

    offering, _people, _signups = queue
    starts_at = offering.occasions.get().starts_at
    monkeypatch.setattr(
        outbox, "end_of_quiet", lambda now: starts_at - timedelta(hours=1)
    )

    offerings.withdraw_offering(offering=offering, reason="教室检修", by=desk)

    assert set(NoticeText.objects.values_list("is_urgent", flat=True)) == {True}


# --- times and places ------------------------------------------------------------------


def move(offering, by, *, hours=0, place="示例教室"):
    occasion = offering.occasions.get()
    later = timedelta(hours=hours)
    return offerings.move_occasion(
        occasion=occasion,
        starts_at=occasion.starts_at + later,
        ends_at=occasion.ends_at + later,
        place=place,
        by=by,
    )


def everybody(kind, queue):
    _offering, people, signups = queue
    return {
        (worker.user_id, kind, signup.pk)
        for worker, signup in zip(people, signups, strict=True)
    }


def test_move_tells_who_is_seated_and_who_waits(queue, desk):
    move(queue[0], desk, hours=3)

    assert told() == everybody("moved", queue)


def test_move_to_another_room_tells_that_the_time_stays(queue, desk):
    move(queue[0], desk, place="示例大厅")

    assert told() == everybody("elsewhere", queue)


def test_move_to_where_it_was_tells_nobody(queue, desk):
    move(queue[0], desk)

    assert told() == set()


def test_moved_again_takes_the_older_text_back(queue, desk):
    move(queue[0], desk, hours=3)
    move(queue[0], desk, hours=-3)

    assert Notice.objects.count() == 6
    assert NoticeText.objects.filter(state="waiting").count() == 3


def test_move_of_what_is_over_tells_nobody(queue, desk):
    offering = queue[0]
    past = timezone.now() - timedelta(days=1)
    offering.occasions.update(starts_at=past - timedelta(hours=2), ends_at=past)

    move(offering, desk, place="示例大厅")

    assert told() == set()


def test_several_times_changed_at_once_are_told_once(queue, desk):
    offering = queue[0]
    first = offering.occasions.get().starts_at
    times = [
        (first + timedelta(days=n, hours=1), first + timedelta(days=n, hours=3), "示例")
        for n in range(3)
    ]

    offerings.set_occasions(offering=offering, times=times, by=desk)
    offerings.set_occasions(offering=offering, times=times, by=desk)

    assert told() == everybody("rescheduled", queue)
    assert Notice.objects.count() == 3


def test_cancelled_occasion_tells_who_is_seated_and_who_waits(queue, desk):
    occasion = queue[0].occasions.get()

    offerings.cancel_occasion(occasion=occasion, by=desk)
    offerings.cancel_occasion(occasion=occasion, by=desk)

    assert told() == everybody("occasion_cancelled", queue)
    assert Notice.objects.count() == 3


def test_more_seats_tell_who_gets_them(queue, desk):
    offering, (_first, second, _third), signups = queue
    pool = SeatPool.objects.get(offering=offering)

    offerings.set_capacity(pool=pool, capacity=2, by=desk)
    settle(offering)

    assert told() == {(second.user_id, "promoted", signups[1].pk)}
