"""Checking in: by a code that changes, by the database's clock, once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.errors import Refusal
from common.models import Change
from signups.models import Attendance, Occasion
from signups.services import attendance, checkin, offerings, seats, standing
from tests.concurrency import at_once
from tests.factories import (
    make_offering,
    make_user,
    make_worker,
    make_worker_with_login,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_tries():
    checkin.tries.forget()


def lesson(
    *, begins_in=timedelta(minutes=5), lasts=timedelta(hours=2), people=1, **fields
):
    """(occasion, its workers): everybody was seated before it drew near."""
    offering = make_offering(capacity=people + 3, **fields)
    workers = [make_worker_with_login() for _n in range(people)]
    for worker in workers:
        seats.sign_up(offering_id=offering.pk, worker=worker, by=worker.user)
    now = standing.database_now()
    Occasion.objects.filter(offering=offering).update(
        starts_at=now + begins_in, ends_at=now + begins_in + lasts
    )
    return of(offering), workers


def of(offering):
    return Occasion.objects.select_related("offering__rules").get(offering=offering)


def tap(occasion, worker, code=None, **more):
    return checkin.check_in(
        occasion=occasion,
        worker=worker,
        code=checkin.code_of(occasion).digits if code is None else code,
        by=more.pop("by", worker.user),
        **more,
    )


def codes_of(occasion, worker, *args, **more):
    with pytest.raises(Refusal) as refused:
        tap(occasion, worker, *args, **more)
    return refused.value.codes


def address(occasion):
    return reverse("signups:check-in", args=[occasion.pk])


def test_check_in_by_the_code_of_the_door_is_present(client):
    occasion, [worker] = lesson()
    client.force_login(worker.user)
    code = checkin.code_of(occasion).digits

    shown = client.get(address(occasion), {"code": code})
    answer = client.post(address(occasion), {"code": code}, follow=True)

    row = Attendance.objects.get()
    assert code in shown.content.decode() and answer.status_code == 200
    assert (row.state, row.people, row.noted_by) == ("present", 1, worker.user)
    assert row.arrived_at is not None


@pytest.mark.parametrize(("minutes", "state"), [(-9, "present"), (-11, "late")])
def test_check_in_is_late_by_the_rules_minutes(minutes, state):
    occasion, [worker] = lesson(begins_in=timedelta(minutes=minutes))

    assert tap(occasion, worker).state == state


def test_check_in_opens_and_closes_by_the_rules():
    early, [one] = lesson(begins_in=timedelta(minutes=31))
    over, [two] = lesson(begins_in=timedelta(minutes=-121))
    open_now, [three] = lesson(begins_in=timedelta(minutes=29))

    with pytest.raises(Refusal) as refused:
        tap(early, one)

    [reason] = refused.value.reasons
    assert (reason.code, reason.lifts_at) == (
        "too_early",
        early.starts_at - timedelta(minutes=30),
    )
    assert codes_of(over, two) == {"over"}
    assert tap(open_now, three).state == "present"


def test_check_in_hours_are_those_of_the_offerings_own_rules():
    offerings.publish_rules(
        kind="class", cancel_hours=1, text="", by=None,
        check_in_minutes=5, late_minutes=0,
    )  # fmt: skip
    early, [one] = lesson(begins_in=timedelta(minutes=6))
    late, [two] = lesson(begins_in=timedelta(seconds=-1))

    assert codes_of(early, one) == {"too_early"}
    assert tap(late, two).state == "late"


def test_check_in_with_a_code_of_another_occasion_is_refused():
    here, [worker] = lesson()
    there, _others = lesson()

    assert codes_of(here, worker, checkin.code_of(there).digits) == {"wrong_code"}


def test_code_holds_one_step_beside_its_own_and_is_refused_when_replayed():
    occasion, workers = lesson(people=3)
    now = standing.database_now()

    def of_step(steps):
        moment = now + timedelta(seconds=steps * checkin.STEP)
        return checkin.code_of(occasion, moment).digits

    assert tap(occasion, workers[0], of_step(-1)).state == "present"
    assert tap(occasion, workers[1], of_step(1)).state == "present"
    assert codes_of(occasion, workers[2], of_step(-2)) == {"wrong_code"}
    assert codes_of(occasion, workers[2], of_step(2)) == {"wrong_code"}


def test_check_in_is_judged_by_the_databases_clock(monkeypatch):
    """Neither a telephone nor this process has a say in what time it is."""
    early, [one] = lesson(begins_in=timedelta(hours=1))
    open_now, [two] = lesson()
    code = checkin.code_of(open_now).digits
    wrong = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: wrong)

    assert codes_of(early, one) == {"too_early"}
    row = tap(open_now, two, code)
    assert row.state == "present"
    assert abs(row.arrived_at - standing.database_now()) < timedelta(minutes=5)


def test_guessing_codes_is_stopped_and_the_right_one_then_refused_too():
    occasion, [worker] = lesson()
    right = checkin.code_of(occasion).digits
    wrong = f"{(int(right) + 500_000) % 10**6:06d}"

    for _n in range(10):
        assert codes_of(occasion, worker, wrong) == {"wrong_code"}

    assert codes_of(occasion, worker) == {"too_many_tries"}
    assert not Attendance.objects.exists()


def test_check_in_of_somebody_elses_occasion_is_404(client):
    occasion, _workers = lesson()
    stranger = make_worker_with_login()
    for user in (stranger.user, make_user()):
        client.force_login(user)
        code = {"code": checkin.code_of(occasion).digits}
        assert client.get(address(occasion)).status_code == 404
        assert client.post(address(occasion), code).status_code == 404
        assert client.get(reverse("signups:check-in", args=[2**62])).status_code == 404
    assert not Attendance.objects.exists()


def test_waiter_cannot_check_in(client):
    occasion, [worker] = lesson()
    signup = checkin.seat_of(worker, occasion)
    seats.cancel(signup=signup, by=None)
    client.force_login(worker.user)

    answer = client.post(address(occasion), {"code": checkin.code_of(occasion).digits})

    assert answer.url == reverse("signups:signup-detail", args=[signup.pk])
    assert codes_of(occasion, worker) == {"not_seated"}


@pytest.mark.parametrize("column", ["cancelled_at", "offering__withdrawn_at"])
def test_check_in_to_what_does_not_take_place_is_refused(column):
    occasion, [worker] = lesson()
    if column == "cancelled_at":
        Occasion.objects.update(cancelled_at=timezone.now())
    else:
        type(occasion.offering).objects.update(withdrawn_at=timezone.now())

    assert codes_of(of(occasion.offering), worker) <= {
        "occasion_cancelled",
        "called_off",
    }


def test_check_in_twice_is_once_whatever_the_second_code():
    occasion, [worker] = lesson()

    first = tap(occasion, worker)
    again = tap(occasion, worker, "000000")

    assert again == first and again.arrived_at == first.arrived_at


def test_check_in_after_staff_noted_an_absence_says_they_came():
    occasion, [worker] = lesson()
    signup = checkin.seat_of(worker, occasion)
    attendance.note_attendance(
        signup=signup, occasion=occasion, state="absent", by=None
    )

    assert tap(occasion, worker).state == "present"


def test_what_staff_corrected_after_a_tap_is_not_tapped_away_and_is_on_record():
    occasion, [worker] = lesson()
    teacher = make_user(is_staff=True)
    tapped = tap(occasion, worker)
    mark = attendance.Mark(tapped.signup_id, "absent", was="present")

    attendance.note_all(occasion=occasion, marks=[mark], by=teacher)
    tap(occasion, worker)

    row = Attendance.objects.get()
    assert (row.state, row.noted_by, row.arrived_at) == (
        "absent",
        teacher,
        tapped.arrived_at,
    )
    change = Change.objects.filter(of_table="signups_attendance", verb="update").latest(
        "pk"
    )
    assert change.by_id == teacher.pk


def test_check_out_asks_for_a_code_and_stands_once():
    offerings.publish_rules(
        kind="class", cancel_hours=1, text="", by=None, checks_out=True
    )
    occasion, [worker] = lesson()
    code = checkin.code_of(occasion).digits
    by = {"occasion": occasion, "worker": worker, "by": worker.user}

    with pytest.raises(Refusal) as before:
        checkin.check_out(code=code, **by)
    tap(occasion, worker)
    with pytest.raises(Refusal) as wrong:
        checkin.check_out(code="1", **by)
    first = checkin.check_out(code=code, **by)

    assert before.value.codes == {"not_in"}
    assert wrong.value.codes == {"wrong_code"}
    assert checkin.check_out(code="", **by).left_at == first.left_at


def test_check_out_where_the_rules_ask_for_none_is_refused():
    occasion, [worker] = lesson()
    tap(occasion, worker)

    with pytest.raises(Refusal) as refused:
        checkin.check_out(occasion=occasion, worker=worker, code="", by=worker.user)

    assert refused.value.codes == {"no_check_out"}


def test_party_says_how_many_of_it_came():
    offering = make_offering(capacity=9, max_seats=4)
    worker = make_worker_with_login()
    seats.sign_up(offering_id=offering.pk, worker=worker, by=worker.user, seats=3)
    now = timezone.now()
    Occasion.objects.update(starts_at=now, ends_at=now + timedelta(hours=1))
    occasion = of(offering)

    assert codes_of(occasion, worker, people=4) == {"too_many_people"}
    assert tap(occasion, worker, people=2).people == 2


def test_note_all_of_a_hundred_names_costs_as_much_as_of_ten(
    django_assert_max_num_queries,
):
    offering = make_offering(capacity=100)
    for _n in range(100):
        seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)
    now = timezone.now()
    Occasion.objects.update(starts_at=now, ends_at=now + timedelta(hours=1))
    marks = [attendance.Mark(signup.pk, "present") for signup in offering.signups.all()]

    with django_assert_max_num_queries(14):
        noted = attendance.note_all(occasion=of(offering), marks=marks, by=None)

    assert len(noted) == Attendance.objects.count() == 100


def test_rest_of_a_roll_gives_way_to_a_tap_in_between():
    occasion, [late, other] = lesson(begins_in=timedelta(minutes=-20), people=2)
    tap(occasion, late)
    marks = [
        attendance.Mark(checkin.seat_of(worker, occasion).pk, "present", is_rest=True)
        for worker in (late, other)
    ]

    attendance.note_all(occasion=occasion, marks=marks, by=None)

    states = Attendance.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["late", "present"]


@pytest.mark.django_db(transaction=True)
def test_eight_taps_at_once_and_a_roll_are_one_row_each():
    occasion, [worker, other] = lesson(people=2)
    code = checkin.code_of(occasion).digits
    keys = [checkin.seat_of(one, occasion).pk for one in (worker, other)]
    roll = [attendance.Mark(key, "present", is_rest=True) for key in keys]

    calls = [lambda: tap(occasion, worker, code) for _n in range(8)]
    calls.append(lambda: attendance.note_all(occasion=occasion, marks=roll, by=None))
    results = at_once(calls)

    assert not [one for one in results if isinstance(one, Exception)]
    assert sorted(Attendance.objects.values_list("signup", flat=True)) == sorted(keys)
    inserted = Change.objects.filter(of_table="signups_attendance", verb="insert")
    assert inserted.count() == 2


def test_my_page_leads_to_check_in_while_it_is_open(client):
    occasion, [worker] = lesson()
    later, [someone] = lesson(begins_in=timedelta(hours=2))
    there = reverse("my")

    client.force_login(worker.user)
    assert address(occasion) in client.get(there).content.decode()
    client.force_login(someone.user)
    assert address(later) not in client.get(there).content.decode()
