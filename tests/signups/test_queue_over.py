"""With the first occasion the queue is over: nobody moves up into what has begun, and
nobody in it stands in the way of whoever asks for a free seat.

Seats are exact by the same guarded statement as before the start; the control that
must oversell without it stands in ``test_concurrency.py``.
"""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from common.errors import Refusal
from signups.buttons import button, seats_line
from signups.enums import Audience
from signups.models import Offering, SeatPool, Signup
from signups.services import offerings, seats, standing
from signups.services.offerings import Reserve
from tests.concurrency import at_once
from tests.factories import (
    make_limit,
    make_offering,
    make_user,
    make_worker,
    make_worker_with_login,
)
from tests.pages import markup

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


def ask(offering, worker=None):
    signup = seats.sign_up(
        offering_id=offering.pk, worker=worker or make_worker(), by=None
    )
    signup.refresh_from_db()
    return signup


def begins(offering, in_hours):
    """Two occasions a week apart, the first of them so many hours from now."""
    first = timezone.now() + in_hours * HOUR
    times = [(start, start + HOUR, "302教室") for start in (first, first + 168 * HOUR)]
    offerings.set_occasions(offering=offering, times=times, by=None)
    offering.refresh_from_db()


@pytest.fixture
def waiter(client):
    worker = make_worker_with_login()
    client.force_login(worker.user)
    return worker


def begun(*waiters, capacity=1, **rules):
    """It began an hour ago, is open for a week yet, and these wait in vain."""
    offering = make_offering(capacity=capacity, **rules)
    for _ in range(capacity):
        ask(offering)
    for worker in waiters:
        assert ask(offering, worker).status == "waiting"
    begins(offering, -1)
    return offering


def more_seats(offering, capacity):
    pool = SeatPool.objects.get(offering=offering)
    offerings.set_capacity(pool=pool, capacity=capacity, by=None)


def check(offering):
    return reverse("signups:signup-create", args=[offering.pk])


AGREED = {"promised": "seat", "agree": "on"}


def test_check_page_after_the_start_gives_a_newcomer_the_free_seat(client, waiter):
    offering = begun(make_worker())
    more_seats(offering, 2)

    page = client.get(check(offering)).content.decode()
    client.post(check(offering), AGREED)

    assert 'name="promised" value="seat"' in page
    assert Signup.objects.get(worker=waiter).status == "seated"


def test_sign_up_after_the_start_joins_no_queue_that_cannot_move(client, waiter):
    offering = begun()

    answer = client.post(check(offering), AGREED)

    assert answer.url == offering.get_absolute_url()
    assert not Signup.objects.filter(worker=waiter).exists()
    assert standing.look_at(offering, waiter).codes == ["full"]


def test_cancel_of_who_waited_is_open_whenever_they_like(client, waiter):
    offering = begun(waiter)
    signup = Signup.objects.get(worker=waiter)
    there = reverse("signups:signup-cancel", args=[signup.pk])

    page = client.get(there).content.decode()
    client.post(there)

    assert "取消时间已过" not in page
    assert f'action="{there}"' in page
    signup.refresh_from_db()
    assert signup.status == "cancelled"
    assert SeatPool.objects.get(offering=offering).owed == 0


def test_check_page_after_the_start_gives_who_waited_the_free_seat_like_anybody(
    client, waiter
):
    offering = begun(make_worker(), waiter)
    more_seats(offering, 2)

    page = client.get(check(offering)).content.decode()
    client.post(check(offering), AGREED)

    assert 'name="promised" value="seat"' in page
    mine = Signup.objects.filter(worker=waiter).order_by("pk")
    assert [signup.status for signup in mine] == ["cancelled", "seated"]


def test_sign_up_after_the_start_leaves_who_waited_their_row_where_no_seat_is(waiter):
    offering = begun(waiter)

    with pytest.raises(Refusal) as caught:
        ask(offering, waiter)

    assert caught.value.codes == {"full"}
    assert Signup.objects.get(worker=waiter).status == "waiting"


def test_sign_up_concurrently_of_waiters_and_newcomers_gives_exactly_the_free_seats():
    waiters = [make_worker() for _ in range(8)]
    newcomers = [make_worker() for _ in range(8)]
    offering = begun(*waiters)
    more_seats(offering, 4)  # three are free

    outcomes = at_once(
        [
            partial(seats.sign_up, offering_id=offering.pk, worker=worker, by=None)
            for worker in [*waiters, *newcomers]
        ]
    )

    assert Counter(type(outcome) for outcome in outcomes) == {Signup: 3, Refusal: 13}
    rows = Signup.objects.filter(offering=offering)
    assert rows.filter(status="seated").count() == 4
    pool = SeatPool.objects.get(offering=offering)
    assert (pool.taken, pool.owed) == (4, 0)
    # whoever waited and got none still stands where they stood
    lost = rows.filter(worker__in=waiters, status="waiting").count()
    won = rows.filter(worker__in=waiters, status="seated").count()
    assert lost + won == 8


def test_sign_up_concurrently_in_many_windows_gives_who_waited_one_seat(waiter):
    offering = begun(waiter)
    more_seats(offering, 5)

    call = partial(seats.sign_up, offering_id=offering.pk, worker=waiter, by=None)
    outcomes = at_once([call] * 6)

    assert {outcome.status for outcome in outcomes} == {"seated"}
    assert Signup.objects.live().filter(worker=waiter).count() == 1
    assert SeatPool.objects.get(offering=offering).taken == 2


def test_cancel_after_the_start_frees_the_seat_for_newcomers():
    offering = begun(make_worker())
    seats.cancel(signup=Signup.objects.get(status="seated"), by=None)

    assert ask(offering).status == "seated"


def test_seat_of_what_is_over_is_taken_back_by_nobody():
    offering = begun()
    signup = Signup.objects.get(status="seated")
    Offering.objects.filter(pk=offering.pk).update(
        ends_at=timezone.now() - timedelta(minutes=1)
    )

    with pytest.raises(Refusal) as caught:
        seats.cancel(signup=signup, by=make_user(), reason="示例")

    assert caught.value.codes == {"over"}
    signup.refresh_from_db()
    assert signup.status == "seated"


def test_move_occasion_into_the_future_lets_the_queue_move_again():
    first, second = make_worker(), make_worker()
    offering = begun(first, second)
    more_seats(offering, 2)
    assert standing.look_at(offering, first).rank is None

    begins(offering, 48)

    assert Signup.objects.get(worker=first).status == "seated"
    assert standing.look_at(offering, second).rank == 1


def shown(offering, worker=None):
    """The words of the seats beside the label of the button."""
    offering = Offering.objects.get(pk=offering.pk)
    seen = standing.look_at(offering, worker)
    user = worker.user if worker else AnonymousUser()
    return seats_line(seen)[0], button(seen, user=user).label


def test_button_and_seats_line_agree_after_the_start(waiter):
    offering = begun(waiter)
    newcomer = make_worker_with_login()

    full = [shown(offering, who) for who in (None, newcomer, waiter)]
    more_seats(offering, 10)
    free = [shown(offering, who) for who in (None, newcomer, waiter)]

    assert full == [("已满", "名额已满")] * 3
    assert [words for words, _label in free] == ["余9席"] * 3
    assert [label for _words, label in free] == ["登录后报名", "立即报名", "立即报名"]


def test_button_and_seats_line_agree_where_waiters_cannot_use_the_free_seat():
    """Held back by the limit of the term: the seat is the newcomer's."""
    limit = make_limit()
    offering = make_offering(capacity=1, limits=[limit])
    first, blocked = ask(offering), make_worker()
    ask(offering, blocked)
    ask(make_offering(limits=[limit]), blocked)
    seats.cancel(signup=first, by=None)
    newcomer = make_worker_with_login()

    assert shown(offering, newcomer) == ("余1席", "立即报名")
    assert ask(offering, newcomer).status == "seated"


def test_button_and_seats_line_agree_where_seats_are_left_for_others_only():
    reserve = Reserve(audience=Audience.MIGRANT, capacity=4)
    offering = make_offering(capacity=0, waitlist_limit=0, reserves=[reserve])
    outsider = make_worker_with_login()
    migrant = make_worker_with_login(is_migrant=True)

    assert shown(offering, outsider) == ("余4席为预留名额", "仅余预留名额")
    assert shown(offering, migrant) == ("余4席", "立即报名")
    # who is not logged in may be one of them
    assert shown(offering) == ("余4席为预留名额", "登录后参加候补")


def test_button_tells_a_visitor_that_there_is_no_queue_to_join():
    offering = make_offering(capacity=1, waitlist_limit=0)
    ask(offering)

    assert shown(offering) == ("已满", "名额已满")


def test_signup_page_tells_who_waited_that_the_queue_is_over(client, waiter):
    offering = begun(waiter)
    there = Signup.objects.get(worker=waiter)
    page = reverse("signups:signup-detail", args=[there.pk])

    full = markup(client.get(page))
    more_seats(offering, 2)
    free = markup(client.get(page))

    assert "<h1>候补已结束</h1>" in full
    assert "直接报名" not in full
    assert "直接报名" in free


def test_settle_all_has_nothing_left_where_the_queue_is_over():
    offering = begun(make_worker())
    SeatPool.objects.filter(offering=offering).update(capacity=3)

    assert not Offering.objects.needing_settlement().exists()
    assert seats.settle_all() == 0
