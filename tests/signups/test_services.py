"""The desk's verbs, one after the other. What happens concurrently: test_concurrency.py."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from common.errors import Refusal
from members.models import Worker
from signups.enums import Audience, SignupStatus
from signups.models import SeatPool, Signup
from signups.services import offerings, seats, standing
from signups.services.offerings import Reserve
from tests.factories import make_limit, make_offering, make_user, make_worker

pytestmark = pytest.mark.django_db(transaction=True)


def sign_up(offering, worker=None):
    return seats.sign_up(
        offering_id=offering.pk, worker=worker or make_worker(), by=None
    )


def pool_of(offering):
    return SeatPool.objects.get(offering=offering, kind="general")


def counts(offering):
    pool = pool_of(offering)
    return pool.taken, pool.owed


def refusal_of(offering, worker):
    with pytest.raises(Refusal) as caught:
        seats.sign_up(offering_id=offering.pk, worker=worker, by=None)
    return caught.value


def test_sign_up_takes_a_seat_and_who_asked_is_on_record():
    offering, user = make_offering(capacity=2), make_user()

    signup = seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=user)

    signup.refresh_from_db()
    assert signup.status == SignupStatus.SEATED
    assert signup.asked_by == user
    assert signup.busy == offering.busy
    assert counts(offering) == (1, 0)


def test_sign_up_for_a_full_offering_waits_in_order_of_arrival():
    offering = make_offering(capacity=1)
    sign_up(offering)

    second, third = sign_up(offering), sign_up(offering)

    ranks = Signup.objects.with_rank().order_by("pk").values_list("pk", "rank", "queue")
    assert list(ranks)[1:] == [(second.pk, 1, 2), (third.pk, 2, 2)]
    assert counts(offering) == (1, 0)


def test_sign_up_again_returns_the_first_request():
    offering, worker = make_offering(), make_worker()
    first = sign_up(offering, worker)

    again = sign_up(offering, worker)

    assert again == first
    assert counts(offering) == (1, 0)


def test_cancel_gives_the_seat_to_the_first_waiter():
    offering = make_offering(capacity=1)
    first, second, third = (sign_up(offering) for _ in range(3))

    seats.cancel(signup=first, by=None)

    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.status, third.status) == ("seated", "waiting")
    assert second.busy == offering.busy
    assert counts(offering) == (1, 0)


def test_cancel_owes_the_freed_seat_to_the_queue_until_it_is_settled(monkeypatch):
    """As a crash right after the cancel leaves it: nobody can snatch the seat."""
    offering = make_offering(capacity=1)
    first, waiter = sign_up(offering), sign_up(offering)
    monkeypatch.setattr(seats, "settle", lambda **kwargs: 0)

    seats.cancel(signup=first, by=None)

    assert counts(offering) == (1, 1)
    monkeypatch.undo()
    seats.settle(offering_id=offering.pk)
    waiter.refresh_from_db()
    assert waiter.status == "seated"
    assert counts(offering) == (1, 0)


def test_cancel_twice_frees_one_seat():
    offering = make_offering(capacity=2)
    first = sign_up(offering)
    sign_up(offering)

    seats.cancel(signup=first, by=None)
    seats.cancel(signup=first, by=None)

    assert counts(offering) == (1, 0)


def test_sign_up_after_cancel_is_a_new_row_at_the_end_of_the_queue():
    offering = make_offering(capacity=1)
    sign_up(offering)
    leaver, other = make_worker(), make_worker()
    left = sign_up(offering, leaver)
    sign_up(offering, other)

    seats.cancel(signup=left, by=None)
    back = sign_up(offering, leaver)

    assert back.pk != left.pk
    assert Signup.objects.with_rank().get(pk=back.pk).rank == 2


def test_sign_up_after_cancel_without_end_is_refused_with_the_time_it_lifts():
    """Forty sign-ups and forty cancels left forty rows."""
    offering, other, worker = make_offering(), make_offering(), make_worker()
    for _ in range(standing.MOST_RETURNS):
        seats.cancel(signup=sign_up(offering, worker), by=None)
    first = Signup.objects.filter(worker=worker).earliest("pk")

    with pytest.raises(Refusal) as refused:
        sign_up(offering, worker)

    (reason,) = refused.value.reasons
    assert reason.code == "returned_often"
    assert reason.lifts_at == first.ended_at + timedelta(days=1)
    assert standing.look_at(offering, worker).codes == ["returned_often"]
    assert Signup.objects.count() == standing.MOST_RETURNS
    assert sign_up(other, worker).status == SignupStatus.SEATED
    assert sign_up(offering).status == SignupStatus.SEATED

    Signup.objects.filter(pk=first.pk).update(
        ended_at=first.ended_at - timedelta(days=1)
    )
    assert sign_up(offering, worker).status == SignupStatus.SEATED


def test_sign_up_of_a_newcomer_never_passes_somebody_who_waits():
    """A free seat while somebody waits, as a crash between cancel and settle leaves it."""
    offering = make_offering(capacity=1)
    seated = sign_up(offering)
    waiter = sign_up(offering)
    Signup.objects.filter(pk=seated.pk).update(
        status="cancelled", pool=None, busy=None, ended_at=timezone.now()
    )
    SeatPool.objects.filter(offering=offering).update(taken=0)

    newcomer = sign_up(offering)

    waiter.refresh_from_db()
    newcomer.refresh_from_db()
    assert (waiter.status, newcomer.status) == ("seated", "waiting")


def test_settle_all_repairs_what_a_crash_left_behind():
    offering = make_offering(capacity=1)
    seated, waiter = sign_up(offering), sign_up(offering)
    Signup.objects.filter(pk=seated.pk).update(
        status="cancelled", pool=None, busy=None, ended_at=timezone.now()
    )
    SeatPool.objects.filter(offering=offering).update(owed=1)

    assert seats.settle_all() == 1

    waiter.refresh_from_db()
    assert waiter.status == "seated"
    assert counts(offering) == (1, 0)


def test_settle_passes_over_a_waiter_whose_time_clashes_and_keeps_their_place():
    times = make_offering(capacity=0).occasions.values_list(
        "starts_at", "ends_at", "place"
    )
    offering = make_offering(capacity=1, times=list(times))
    first = sign_up(offering)
    busy_worker = make_worker()
    waits = sign_up(offering, busy_worker)
    free = sign_up(offering)
    elsewhere = make_offering(capacity=1, times=list(times))
    sign_up(elsewhere, busy_worker)

    seats.cancel(signup=first, by=None)

    waits.refresh_from_db()
    free.refresh_from_db()
    assert (waits.status, free.status) == ("waiting", "seated")


def test_settle_promotes_nobody_after_the_start():
    now = timezone.now()
    offering = make_offering(
        capacity=1,
        closes_at=now + timedelta(hours=1),
        times=[(now + timedelta(seconds=60), now + timedelta(hours=2), "")],
    )
    first, waiter = sign_up(offering), sign_up(offering)
    start = now - timedelta(seconds=5)
    offerings.set_occasions(
        offering=offering, times=[(start, now + timedelta(hours=2), "")], by=None
    )

    seats.cancel(signup=first, by=None)

    waiter.refresh_from_db()
    assert waiter.status == "waiting"
    assert counts(offering) == (0, 0)


# --- every reason for a refusal, by name ------------------------------------------


def test_sign_up_refusal_before_opening_says_when_it_lifts():
    opens = timezone.now() + timedelta(hours=2)
    offering = make_offering(opens_at=opens)

    refusal = refusal_of(offering, make_worker())

    assert [(r.code, r.lifts_at) for r in refusal.reasons] == [("not_open", opens)]


def test_sign_up_refusal_after_closing():
    now = timezone.now()
    offering = make_offering(
        opens_at=now - timedelta(days=2), closes_at=now - timedelta(seconds=1)
    )

    assert refusal_of(offering, make_worker()).codes == {"closed"}


def test_sign_up_refusal_after_the_end():
    now = timezone.now()
    offering = make_offering(
        times=[(now - timedelta(hours=2), now - timedelta(hours=1), "")]
    )

    assert refusal_of(offering, make_worker()).codes == {"over"}


def test_sign_up_refusal_of_what_is_not_listed_by_guessing_its_number():
    offering = make_offering(is_listed=False)

    assert refusal_of(offering, make_worker()).codes == {"not_listed"}


def test_sign_up_refusal_of_something_called_off():
    offering = make_offering()
    offerings.withdraw_offering(offering=offering, reason="报名不足10人", by=None)

    refusal = refusal_of(offering, make_worker())

    assert [(r.code, r.text) for r in refusal.reasons] == [
        ("withdrawn", "报名不足10人")
    ]


def test_sign_up_refusal_of_who_is_no_member():
    assert refusal_of(make_offering(), make_worker(is_member=False)).codes == {
        "not_member"
    }


def test_sign_up_refusal_of_who_has_left_the_union():
    left = make_worker(left_at=timezone.now())

    refusal = refusal_of(make_offering(), left)

    assert refusal.codes == {"left_union"}
    assert left.union_org.name in str(refusal)
    open_to_all = make_offering(is_members_only=False)
    assert sign_up(open_to_all, left).status == "seated"


def test_settle_promotes_nobody_who_has_left_the_union_meanwhile():
    offering, gone = make_offering(capacity=1), make_worker()
    seated = sign_up(offering)
    waiting, next_one = sign_up(offering, gone), sign_up(offering)
    Worker.objects.filter(pk=gone.pk).update(left_at=timezone.now())

    seats.cancel(signup=seated, by=None)

    waiting.refresh_from_db()
    next_one.refresh_from_db()
    assert (waiting.status, next_one.status) == ("waiting", "seated")


def test_sign_up_of_non_members_where_the_offering_is_open_to_them():
    offering = make_offering(is_members_only=False)

    assert sign_up(offering, make_worker(is_member=False)).status == "seated"


def test_sign_up_past_the_limit_names_what_is_held():
    limit, worker = make_limit(most=1), make_worker()
    held = make_offering(limits=[limit], title="声乐")
    sign_up(held, worker)

    refusal = refusal_of(make_offering(limits=[limit]), worker)

    assert refusal.codes == {"limit"}
    assert "声乐" in str(refusal)


def test_sign_up_limit_of_two_gives_two():
    limit, worker = make_limit(most=2), make_worker()
    for _ in range(2):
        assert sign_up(make_offering(limits=[limit]), worker).status == "seated"

    assert refusal_of(make_offering(limits=[limit]), worker).codes == {"limit"}


def test_cancel_frees_what_counted_against_the_limit():
    limit, worker = make_limit(most=1), make_worker()
    seats.cancel(signup=sign_up(make_offering(limits=[limit]), worker), by=None)

    assert sign_up(make_offering(limits=[limit]), worker).status == "seated"


def clashing(shift):
    """Two-hour offerings whose starts lie ``shift`` apart."""
    start = timezone.now() + timedelta(days=5)
    hours = timedelta(hours=2)
    return (
        make_offering(times=[(start, start + hours, "")]),
        make_offering(times=[(start + shift, start + shift + hours, "")]),
    )


@pytest.mark.parametrize(
    "shift", [timedelta(0), timedelta(minutes=30), timedelta(minutes=119)]
)
def test_sign_up_refusal_of_overlapping_times(shift):
    first, second = clashing(shift)
    worker = make_worker()
    sign_up(first, worker)

    refusal = refusal_of(second, worker)

    assert refusal.codes == {"clash"}
    assert first.title in str(refusal)


def test_sign_up_back_to_back_is_no_clash():
    first, second = clashing(timedelta(hours=2))
    worker = make_worker()
    sign_up(first, worker)

    assert sign_up(second, worker).status == "seated"


def test_sign_up_for_two_mondays_does_not_clash_with_the_tuesday_between():
    monday = timezone.now() + timedelta(days=5)
    hours = timedelta(hours=2)
    weekly = make_offering(
        times=[
            (monday, monday + hours, ""),
            (monday + timedelta(days=7), monday + timedelta(days=7) + hours, ""),
        ]
    )
    tuesday = monday + timedelta(days=1)
    other = make_offering(times=[(tuesday, tuesday + hours, "")])
    worker = make_worker()
    sign_up(weekly, worker)

    assert sign_up(other, worker).status == "seated"


@pytest.mark.parametrize("limit", [0, 1])
def test_sign_up_refusal_when_seats_and_waitlist_are_full(limit):
    offering = make_offering(capacity=1, waitlist_limit=limit)
    for _ in range(1 + limit):
        sign_up(offering)

    assert refusal_of(offering, make_worker()).codes == {"full"}


def test_sign_up_refusal_carries_every_reason():
    limit = make_limit()
    start = timezone.now() + timedelta(days=5)
    times = [(start, start + timedelta(hours=2), "")]
    worker = make_worker()
    sign_up(make_offering(limits=[limit], times=times), worker)
    worker.is_member = False
    worker.save()
    opens = timezone.now() + timedelta(hours=1)
    second = make_offering(limits=[limit], times=times, opens_at=opens)

    assert refusal_of(second, worker).codes == {
        "not_open",
        "not_member",
        "limit",
        "clash",
    }


def test_look_at_and_sign_up_give_the_same_answer():
    offering, worker = make_offering(), make_worker(is_member=False)

    asked = standing.look_at(offering, worker).reasons

    assert tuple(asked) == refusal_of(offering, worker).reasons


def test_sign_up_refused_leaves_nothing_behind():
    limit, worker = make_limit(), make_worker()
    sign_up(make_offering(limits=[limit]), worker)
    second = make_offering(limits=[limit])

    refusal_of(second, worker)

    assert counts(second) == (0, 0)
    assert not Signup.objects.filter(offering=second).exists()


def test_cancel_after_the_deadline_is_for_the_desk_and_not_the_worker():
    user = make_user()
    worker = make_worker(user=user)
    offering = make_offering(cancel_until=timezone.now() - timedelta(minutes=1))
    signup = sign_up(offering, worker)

    with pytest.raises(Refusal) as caught:
        seats.cancel(signup=signup, by=user)
    seats.cancel(signup=signup, by=make_user(), reason="场地")

    signup.refresh_from_db()
    assert caught.value.codes == {"cancel_over"}
    assert signup.status == "cancelled"


def test_cancel_after_the_deadline_is_open_to_a_waiter():
    user = make_user()
    offering = make_offering(
        capacity=0, cancel_until=timezone.now() - timedelta(minutes=1)
    )
    signup = sign_up(offering, make_worker(user=user))

    seats.cancel(signup=signup, by=user)

    signup.refresh_from_db()
    assert signup.status == "cancelled"


# --- reserves and capacity ---------------------------------------------------------


def reserved(until=None, audience=Audience.EITHER):
    return make_offering(
        capacity=1, reserves=[Reserve(audience=audience, capacity=1, until=until)]
    )


def test_reserve_is_kept_for_its_audience():
    offering = reserved()
    sign_up(offering)

    outsider = sign_up(offering)
    insider = sign_up(offering, make_worker(is_migrant=True))

    # the queue comes first for general seats; the reserve is not the outsider's
    assert outsider.status == "waiting"
    insider.refresh_from_db()
    assert insider.status == "seated"


@pytest.mark.parametrize(
    ("audience", "flags", "seated"),
    [
        (Audience.FRONTLINE, {"is_frontline": True}, True),
        (Audience.FRONTLINE, {"is_migrant": True}, False),
        (Audience.MIGRANT, {"is_migrant": True}, True),
        (Audience.MIGRANT, {"is_frontline": True}, False),
        (Audience.EITHER, {}, False),
    ],
)
def test_reserves_by_audience(audience, flags, seated):
    offering = reserved(audience=audience)
    sign_up(offering)

    signup = sign_up(offering, make_worker(**flags))

    signup.refresh_from_db()
    assert (signup.status == "seated") is seated


def test_reserve_opens_to_everybody_at_its_time():
    offering = reserved(until=timezone.now() - timedelta(seconds=1))
    sign_up(offering)

    assert sign_up(offering).status == "seated"


def test_reserve_that_opened_serves_the_queue_before_newcomers():
    offering = reserved(until=timezone.now() + timedelta(days=1))
    sign_up(offering)
    waiter = sign_up(offering)
    SeatPool.objects.filter(kind="audience").update(
        until=timezone.now() - timedelta(seconds=1)
    )

    newcomer = sign_up(offering)

    waiter.refresh_from_db()
    newcomer.refresh_from_db()
    assert (waiter.status, newcomer.status) == ("seated", "waiting")


def test_set_capacity_raised_serves_the_queue():
    offering = make_offering(capacity=1)
    sign_up(offering)
    second, third = sign_up(offering), sign_up(offering)

    offerings.set_capacity(pool=pool_of(offering), capacity=2, by=None)

    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.status, third.status) == ("seated", "waiting")


def test_set_capacity_raised_frees_seats_nobody_waits_for():
    offering = make_offering(capacity=1)

    offerings.set_capacity(pool=pool_of(offering), capacity=3, by=None)

    assert counts(offering) == (0, 0)


def test_set_capacity_lowered_never_evicts():
    offering = make_offering(capacity=2)
    sign_up(offering)
    sign_up(offering)

    with pytest.raises(Refusal) as caught:
        offerings.set_capacity(pool=pool_of(offering), capacity=1, by=None)

    assert caught.value.codes == {"below_taken"}
    assert pool_of(offering).capacity == 2


# --- moved times -------------------------------------------------------------------


def test_set_occasions_moves_the_time_of_the_seated():
    offering = make_offering()
    signup = sign_up(offering)
    start = timezone.now() + timedelta(days=30)

    offerings.set_occasions(
        offering=offering, times=[(start, start + timedelta(hours=1), "")], by=None
    )

    signup.refresh_from_db()
    offering.refresh_from_db()
    assert signup.busy == offering.busy


def test_set_occasions_that_clash_are_left_out_of_the_persons_time():
    first, second = clashing(timedelta(hours=5))
    worker = make_worker()
    sign_up(first, worker)
    kept = sign_up(second, worker)
    times = list(first.occasions.values_list("starts_at", "ends_at", "place"))

    offerings.set_occasions(offering=second, times=times, by=None)

    kept.refresh_from_db()
    assert kept.status == "seated"
    assert kept.busy == "{}"


# --- the table refuses too ----------------------------------------------------------


def insert(offering, worker, **fields):
    row = {"status": "seated", "busy": offering.busy, "pool": pool_of(offering)}
    with transaction.atomic():
        return Signup.objects.create(offering=offering, worker=worker, **row | fields)


@pytest.mark.parametrize(
    ("constraint", "attempt"),
    [
        ("one_live_each", lambda o, w: [insert(o, w), insert(o, w, busy="{}")]),
        ("no_clash", lambda o, w: [insert(o, w), insert(make_twin(o), w)]),
        ("holds_what_its_state_says", lambda o, w: insert(o, w, pool=None)),
        ("holds_what_its_state_says", lambda o, w: insert(o, w, busy=None)),
        ("holds_what_its_state_says", lambda o, w: insert(o, w, status="waiting")),
        ("ended_or_live", lambda o, w: insert(o, w, ended_at=timezone.now())),
        ("one_holder", lambda o, w: insert(o, w, union_org=w.union_org)),
        ("seats_sane", lambda o, w: insert(o, w, seats=21)),
    ],
)
def test_signup_tables_refuse(constraint, attempt):
    offering = make_offering()

    with pytest.raises(IntegrityError, match=constraint):
        attempt(offering, make_worker())


def make_twin(offering):
    times = offering.occasions.values_list("starts_at", "ends_at", "place")
    return make_offering(times=list(times))


@pytest.mark.parametrize("change", ["taken = capacity + 1", "owed = taken + 1"])
def test_seat_pool_table_refuses_counts_that_do_not_hold(change):
    make_offering()

    with (
        pytest.raises(IntegrityError, match="counts_hold"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE signups_seatpool SET {change}")


@pytest.mark.parametrize("offerings_shown", [1, 6])
def test_look_costs_the_same_for_one_card_and_for_many(
    offerings_shown, django_assert_num_queries
):
    worker = make_worker()
    shown = [make_offering() for _ in range(offerings_shown)]
    sign_up(make_offering(capacity=0), worker)
    sign_up(make_offering(), worker)

    # the clock, seats, what is held, what that counts
    with django_assert_num_queries(4):
        found = standing.look(shown, worker)

    assert len(found) == offerings_shown
