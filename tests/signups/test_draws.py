"""A draw from its opening to its release, through the verbs that its pages call."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from common.errors import Refusal
from members.models import Notice
from signups.models import Draw, DrawChoice, DrawEntry, DrawValue, SeatPool, Signup
from signups.services import drawlists, draws, offerings, seats, standing
from tests.concurrency import at_once
from tests.factories import (
    make_draw,
    make_offering,
    make_user,
    make_worker,
    make_worker_with_login,
)

pytestmark = pytest.mark.django_db(transaction=True)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VALUE = "01050911212807"


def open_draw(*, classes=2, capacity=1, most=3, **fields):
    """A draw over classes that are open for another day."""
    now = timezone.now()
    fields.setdefault("closes_at", now + DAY)
    made = [make_offering(capacity=capacity, **fields) for _ in range(classes)]
    draw = make_draw(made, most_choices=most)
    return draw, made


def enter(offering, worker):
    signup = seats.sign_up(offering_id=offering.pk, worker=worker, by=worker.user)
    signup.refresh_from_db()
    return signup


def now_is(row):
    return type(row).objects.get(pk=row.pk)


def close(draw):
    """Entering is over since a moment."""
    draw.offerings.update(closes_at=timezone.now() - timedelta(milliseconds=1))


def frozen(draw):
    close(draw)
    return draws.freeze(draw=draw, by=None)


def the_value_comes(draw):
    """As if days had passed since the list was frozen."""
    now = timezone.now()
    Draw.objects.filter(pk=draw.pk).update(
        frozen_at=now - 2 * HOUR, value_at=now - HOUR, results_at=now + HOUR
    )


def drawn(draw, value=VALUE):
    frozen(draw)
    the_value_comes(draw)
    for _ in range(2):
        draws.type_value(draw=draw, value=value, by=make_user())
    return draws.draw_lots(draw=draw, by=None)


def released(draw):
    drawn(draw)
    return draws.release(draw=draw, by=make_user())


def codes(act, **given):
    with pytest.raises(Refusal) as caught:
        act(**given)
    return caught.value.codes


# --- entering ---------------------------------------------------------------------


def test_enter_ranks_choices_in_the_order_they_come_and_takes_no_seat():
    draw, made = open_draw(classes=4)
    worker = make_worker()

    ranks = [enter(offering, worker).choice_rank for offering in made[:3]]

    assert ranks == [1, 2, 3]
    assert codes(enter, offering=made[3], worker=worker) == {"choices_full"}
    assert not SeatPool.objects.filter(taken__gt=0).exists()
    assert Signup.objects.choices_in(draw, worker).count() == 3


def test_enter_twice_is_entering_once():
    _draw, made = open_draw()
    worker = make_worker()

    assert enter(made[0], worker).pk == enter(made[0], worker).pk


def test_leave_a_choice_moves_the_later_ones_up():
    draw, made = open_draw(classes=3)
    worker = make_worker_with_login()
    first, second, third = (enter(offering, worker) for offering in made)

    seats.cancel(signup=first, by=worker.user)

    assert [now_is(one).choice_rank for one in (second, third)] == [1, 2]
    assert enter(made[0], worker).choice_rank == 3


def test_order_choices_puts_them_into_the_order_asked_for():
    draw, made = open_draw(classes=2)
    worker = make_worker()
    first, second = (enter(offering, worker) for offering in made)

    draws.order_choices(
        draw=draw, worker=worker, signups=[second.pk, first.pk], by=None
    )

    assert [now_is(one).choice_rank for one in (first, second)] == [2, 1]
    others = partial(draws.order_choices, draw=draw, worker=worker, by=None)
    assert codes(others, signups=[first.pk]) == {"choices_changed"}
    close(draw)
    assert codes(others, signups=[first.pk, second.pk]) == {"closed"}


def test_enter_many_choices_at_once_keeps_to_the_most_and_to_one_rank_each():
    _draw, made = open_draw(classes=5, most=2)
    worker = make_worker()

    at_once([partial(enter, offering, worker) for offering in made])

    ranks = Signup.objects.filter(worker=worker).values_list("choice_rank", flat=True)
    assert sorted(ranks) == [1, 2]


def test_open_draw_is_refused_where_somebody_has_a_seat_or_times_are_backwards():
    now = timezone.now()
    offering = make_offering()
    enter(offering, make_worker())

    refused = codes(
        draws.open_draw,
        offerings=[offering],
        title="x",
        value_name="x",
        value_form="x",
        value_at=now,
        results_at=now,
        by=None,
    )

    assert refused == {"already_asked", "value_too_early", "results_too_early"}
    assert codes(
        draws.open_draw,
        offerings=[],
        title="x",
        value_name="x",
        value_form="x",
        value_at=now,
        results_at=now + HOUR,
        by=None,
    ) == {"no_offerings"}


# --- the list ---------------------------------------------------------------------


def test_freeze_waits_for_the_end_and_comes_before_the_value():
    draw, made = open_draw()
    enter(made[0], make_worker())
    assert codes(draws.freeze, draw=draw, by=None) == {"not_closed"}
    close(draw)
    now = timezone.now()
    Draw.objects.filter(pk=draw.pk).update(value_at=now - HOUR)
    assert codes(draws.freeze, draw=draw, by=None) == {"value_known"}
    Draw.objects.filter(pk=draw.pk).update(value_at=now + HOUR)

    first = draws.freeze(draw=draw, by=None)

    assert len(first.list_hash) == 64
    assert draws.freeze(draw=draw, by=None).frozen_at == first.frozen_at
    assert DrawEntry.objects.count() == 1


def test_freeze_takes_in_everybody_who_was_let_in_and_nobody_afterwards():
    """Some enter while the list is frozen: whoever has an entry is on the list."""
    for _ in range(4):
        draw, made = open_draw(capacity=3)
        enter(made[0], make_worker())
        workers = [make_worker() for _ in range(5)]
        draw.offerings.update(closes_at=timezone.now() + timedelta(milliseconds=40))
        Draw.objects.filter(pk=draw.pk).update(value_at=timezone.now() + HOUR)

        def freeze(draw=draw):
            while True:
                try:
                    return draws.freeze(draw=draw, by=None)
                except Refusal as refusal:
                    assert refusal.codes == {"not_closed"}  # noqa: PT017

        at_once([freeze, *(partial(enter, made[0], worker) for worker in workers)])

        asked = Signup.objects.filter(offering__draw=draw, status="applied")
        listed = DrawChoice.objects.filter(entry__draw=draw)
        assert {one.pk for one in asked} == set(listed.values_list("signup", flat=True))


def test_enter_a_frozen_list_is_refused_though_the_window_was_opened_again():
    draw, made = open_draw()
    enter(made[0], make_worker())
    frozen(draw)
    draw.offerings.update(closes_at=timezone.now() + HOUR)

    # busy: the statement says "closed", and the reasons on the clock know of none
    assert codes(enter, offering=made[0], worker=make_worker())
    assert Signup.objects.count() == 1


def test_freeze_takes_off_choices_that_could_not_be_had_and_says_why():
    start = timezone.now() + 5 * DAY
    times = [(start, start + 2 * HOUR, "")]
    draw, made = open_draw(times=times)
    worker, other = make_worker_with_login(), make_worker()
    entry = enter(made[0], worker)
    enter(made[0], other)
    enter(make_offering(times=times), worker)

    frozen(draw)

    assert now_is(entry).status == "cancelled"
    assert now_is(entry).cancelled_reason
    assert Notice.objects.filter(user=worker.user, kind="signups.cancelled").exists()
    assert [entry.worker for entry in DrawEntry.objects.all()] == [other]


def test_frozen_list_cannot_be_touched_and_a_touched_one_is_not_drawn():
    draw, made = open_draw()
    for _ in range(3):
        enter(made[0], make_worker())
    frozen(draw)
    the_value_comes(draw)
    for _ in range(2):
        draws.type_value(draw=draw, value=VALUE, by=make_user())
    with pytest.raises(DatabaseError), transaction.atomic():
        DrawEntry.objects.update(weight=9)
    with pytest.raises(DatabaseError), transaction.atomic():
        DrawChoice.objects.update(rank=2)

    with connection.cursor() as cursor:  # somebody who owns the database
        cursor.execute("ALTER TABLE signups_drawentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE signups_drawentry SET weight = 9 WHERE number = 1")
        cursor.execute("ALTER TABLE signups_drawentry ENABLE TRIGGER USER")

    assert codes(draws.draw_lots, draw=draw, by=None) == {"list_touched"}


def test_set_capacity_is_refused_between_the_list_and_the_release():
    draw, made = open_draw()
    enter(made[0], make_worker())
    frozen(draw)
    pool = made[0].pools.get()

    change = partial(offerings.set_capacity, pool=pool, by=None)
    assert codes(change, capacity=9) == {"draw_frozen"}
    the_value_comes(draw)
    for _ in range(2):
        draws.type_value(draw=draw, value=VALUE, by=make_user())
    draws.draw_lots(draw=draw, by=None)
    draws.release(draw=draw, by=make_user())
    assert change(capacity=9).capacity == 9


# --- the public value -------------------------------------------------------------


def test_type_value_stands_when_two_people_agree():
    draw, made = open_draw()
    enter(made[0], make_worker())
    one, two = make_user(), make_user()
    typing = partial(draws.type_value, draw=draw)
    assert codes(typing, value="1", by=one) == {"not_frozen"}
    frozen(draw)
    assert codes(typing, value="1", by=one) == {"not_yet"}
    the_value_comes(draw)
    assert codes(typing, value="1a", by=one) == {"no_digits"}

    assert typing(value="12", by=one).value == ""
    assert typing(value=" １２ ", by=one).value == ""
    assert typing(value="13", by=two).value == ""
    assert codes(draws.draw_lots, draw=draw, by=None) == {"no_value"}
    assert typing(value="1 2", by=two).value == "12"
    assert codes(typing, value="13", by=one) == {"value_stands"}


def test_value_table_refuses_one_person_twice():
    draw, _made = open_draw()
    one = make_user()
    DrawValue.objects.create(draw=draw, by=one, value="12")

    with pytest.raises(IntegrityError, match="signups_drawvalue_two_people"):
        DrawValue.objects.create(draw=draw, by=one, value="12")


# --- drawing and releasing --------------------------------------------------------


def test_draw_shows_nothing_before_its_release():
    draw, made = open_draw(capacity=2)
    workers = [make_worker_with_login() for _ in range(5)]
    before = [enter(made[0], worker) for worker in workers]

    drawn(draw)

    assert DrawChoice.objects.filter(outcome="won").count() == 2
    assert {now_is(one).status for one in before} == {"applied"}
    assert {now_is(one).busy for one in before} == {None}
    assert not SeatPool.objects.filter(taken__gt=0).exists()
    assert not Notice.objects.exists()
    for worker in workers:
        seen = standing.look_at(now_is(made[0]), worker)
        assert (seen.signup.status, seen.taken, seen.waiting) == ("applied", 0, 0)
    assert b"won" not in drawlists.published(now_is(draw))
    assert b"waiting" not in drawlists.published(now_is(draw))


def test_release_seats_winners_queues_losers_and_tells_all_at_once():
    draw, made = open_draw(capacity=2)
    workers = [make_worker_with_login() for _ in range(6)]
    for worker in workers:
        for offering in made:
            enter(offering, worker)

    released(draw)

    assert [pool.taken for pool in SeatPool.objects.all()] == [2, 2]
    seated = Signup.objects.filter(status="seated")
    assert seated.count() == len(set(seated.values_list("worker"))) == 4
    losers = Signup.objects.filter(status="waiting").with_rank().order_by("rank")
    for offering in made:
        mine = [one for one in losers if one.offering_id == offering.pk]
        assert [(one.rank, one.queue_no) for one in mine] == [(1, 1), (2, 2)]
    # the other choice of who has won is over, and says why
    assert Signup.objects.filter(status="cancelled").count() == 4
    told = Notice.objects.filter(shown_at__isnull=False)
    assert set(told.values_list("user", flat=True)) == {w.user_id for w in workers}
    assert told.filter(kind="signups.drawn").count() == 4
    assert told.filter(kind="signups.not_drawn").count() == 2


def test_cancel_after_a_draw_passes_the_seat_on_in_the_drawn_order():
    draw, made = open_draw(classes=1)
    workers = [make_worker_with_login() for _ in range(4)]
    for worker in workers:
        enter(made[0], worker)
    released(draw)
    winner = Signup.objects.get(status="seated")
    first = Signup.objects.get(status="waiting", queue_no=1)

    seats.cancel(signup=winner, by=winner.worker.user)

    assert now_is(first).status == "seated"
    assert SeatPool.objects.get().taken == 1


def test_draw_and_release_at_once_have_the_effect_of_one():
    draw, made = open_draw(capacity=2)
    for _ in range(5):
        enter(made[0], make_worker_with_login())
    frozen(draw)
    the_value_comes(draw)
    for _ in range(2):
        draws.type_value(draw=draw, value=VALUE, by=make_user())

    at_once([partial(draws.draw_lots, draw=draw, by=None)] * 3)
    results = list(DrawChoice.objects.as_list())
    at_once([partial(draws.release, draw=draw, by=make_user())] * 3)

    assert list(DrawChoice.objects.as_list()) == results
    assert SeatPool.objects.get(offering=made[0]).taken == 2
    assert Signup.objects.filter(status="seated").count() == 2
    assert Notice.objects.count() == 5
    with pytest.raises(DatabaseError), transaction.atomic():
        DrawChoice.objects.filter(outcome="won").update(outcome="other", pool=None)


def test_release_gives_the_seat_of_who_cannot_come_to_the_next_in_the_queue():
    start = timezone.now() + 5 * DAY
    times = [(start, start + 2 * HOUR, "")]
    draw, made = open_draw(classes=1, times=times)
    workers = [make_worker_with_login() for _ in range(3)]
    for worker in workers:
        enter(made[0], worker)
    drawn(draw)
    won = DrawChoice.objects.get(outcome="won").signup
    enter(make_offering(times=times), won.worker)  # since then, at the same time

    draws.release(draw=draw, by=make_user())

    next_one = DrawChoice.objects.get(queue_no=1).signup
    assert (now_is(won).status, now_is(won).queue_no) == ("waiting", 0)
    assert Notice.objects.get(kind="signups.drawn_but").user == won.worker.user
    assert now_is(next_one).status == "seated"
    assert SeatPool.objects.get(offering=made[0]).taken == 1


def test_release_gives_no_seat_to_who_has_left_meanwhile():
    draw, made = open_draw(classes=1)
    for _ in range(3):
        enter(made[0], make_worker_with_login())
    drawn(draw)
    won = DrawChoice.objects.get(outcome="won").signup
    seats.cancel(signup=won, by=won.worker.user)

    draws.release(draw=draw, by=make_user())

    assert now_is(won).status == "cancelled"
    assert Signup.objects.get(status="seated").draw_choice.queue_no == 1


def test_freeze_gives_a_ticket_more_for_each_miss_since_the_last_win():
    loser, winner = make_worker(), make_worker()
    weights = []
    for _ in range(3):
        draw, made = open_draw(classes=1)
        enter(made[0], loser)
        enter(made[0], winner)
        frozen(draw)
        weights.append(DrawEntry.objects.get(draw=draw, worker=loser).weight)
        choice = DrawChoice.objects.get(entry__draw=draw, entry__worker=loser)
        DrawChoice.objects.filter(pk=choice.pk).update(outcome="queue", queue_no=1)
        won = DrawChoice.objects.get(entry__draw=draw, entry__worker=winner)
        pool = made[0].pools.get()
        DrawChoice.objects.filter(pk=won.pk).update(outcome="won", pool=pool)
        Draw.objects.filter(pk=draw.pk).update(
            value="1",
            seed="0" * 64,
            drawn_at=timezone.now(),
            released_at=timezone.now(),
        )
        Signup.objects.filter(offering__draw=draw).update(
            status="not_drawn", ended_at=timezone.now()
        )

    assert weights == [1, 2, 3]
    assert set(DrawEntry.objects.filter(worker=winner).values_list("weight")) == {(1,)}


def test_release_of_a_draw_without_a_waitlist_ends_who_has_not_won():
    draw, made = open_draw(classes=1, waitlist_limit=1)
    for _ in range(4):
        enter(made[0], make_worker())

    released(draw)

    statuses = sorted(Signup.objects.values_list("status", flat=True))
    assert statuses == ["not_drawn", "not_drawn", "seated", "waiting"]
