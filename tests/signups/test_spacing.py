"""Rest, travel, a day's measure and seats for who knows how it is done: of posts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common import dates
from common.errors import Refusal
from signups.enums import AttendanceState, OfferingKind, SignupStatus
from signups.models import Occasion, Signup
from signups.services import attendance, offerings, seats, standing
from signups.services.offerings import Reserve
from tests.concurrency import at_once
from tests.factories import make_offering, make_worker, make_worker_with_login

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def morning(days=5, hour=9):
    day = timezone.localtime(timezone.now()) + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def rules(**facts):
    return offerings.publish_rules(
        kind=OfferingKind.POST, cancel_hours=24, text="", by=None, **facts
    )


def post(start, hours=2, place="东区广场", kind=OfferingKind.POST, **fields):
    times = [(start, start + hours * HOUR, place)]
    fields.setdefault("closes_at", timezone.now() + timedelta(days=4))
    return make_offering(kind=kind, times=times, **fields)


def sign_up(offering, worker):
    return seats.sign_up(offering_id=offering.pk, worker=worker, by=None)


def refused(offering, worker):
    with pytest.raises(Refusal) as caught:
        sign_up(offering, worker)
    return caught.value


@pytest.mark.parametrize(
    ("hour", "hours", "is_clash"),
    [
        (11, 2, False),  # back to back, after
        (7, 2, False),  # back to back, before
        (10, 2, True),  # staggered
        (9.5, 1, True),  # contained
        (8, 4, True),  # around it
    ],
)
def test_sign_up_takes_services_as_half_open(hour, hours, is_clash):
    rules()
    worker, start = make_worker(), morning()
    sign_up(post(start), worker)
    other = post(morning(hour=0) + hour * HOUR, hours)

    if is_clash:
        assert refused(other, worker).codes == {"clash"}
    else:
        assert sign_up(other, worker).status == SignupStatus.SEATED


def test_sign_up_refuses_too_little_rest_and_says_from_when_on():
    rules(rest_minutes=30)
    worker, start = make_worker(), morning()
    held = post(start, title="护河")
    sign_up(held, worker)

    refusal = refused(post(start + 2 * HOUR + timedelta(minutes=20)), worker)

    assert refusal.codes == {"rest"}
    free = dates.moment(start + 2 * HOUR + timedelta(minutes=30))
    assert "护河" in str(refusal) and f"您可以报{free}以后开始的服务" in str(refusal)
    at_its_end = post(start + 2 * HOUR + timedelta(minutes=30))
    assert sign_up(at_its_end, worker).status == SignupStatus.SEATED


def test_sign_up_before_something_held_needs_the_same_rest():
    rules(rest_minutes=30)
    worker, start = make_worker(), morning()
    sign_up(post(start), worker)

    assert refused(post(start - 2 * HOUR - timedelta(minutes=20)), worker).codes == {
        "rest"
    }


def test_sign_up_asks_for_time_on_the_way_between_two_places_only():
    rules(travel_minutes=60)
    worker, start = make_worker(), morning()
    sign_up(post(start), worker)

    away = refused(post(start + 2.5 * HOUR, place="西区公园"), worker)

    assert away.codes == {"travel"}
    assert dates.moment(start + 3 * HOUR) in str(away)
    assert sign_up(post(start + 2 * HOUR), worker).status == SignupStatus.SEATED


def test_sign_up_refuses_more_than_a_days_hours_until_the_next_day():
    rules(day_hours=6)
    worker, start = make_worker(), morning()
    sign_up(post(start, 4), worker)

    full = refused(post(start + 5 * HOUR, 3), worker)

    assert full.codes == {"day_full"}
    assert dates.moment(morning(days=6, hour=0)) in str(full)
    assert sign_up(post(start + 5 * HOUR, 2), worker).status == SignupStatus.SEATED


def test_sign_up_counts_a_night_by_the_days_it_touches():
    rules(day_hours=6)
    worker = make_worker()
    sign_up(post(morning(hour=22), 6), worker)  # two hours today, four tomorrow

    assert refused(post(morning(days=6), 3), worker).codes == {"day_full"}
    assert sign_up(post(morning(hour=9), 4), worker).status == SignupStatus.SEATED


def test_sign_up_next_time_is_free_of_everything_else_held():
    """The end of the first rest lies in another service and in a class."""
    rules(rest_minutes=30)
    worker, start = make_worker(), morning()
    sign_up(post(start), worker)
    sign_up(post(start + 3 * HOUR, 2), worker)
    course = post(start + 5.5 * HOUR, 1, kind=OfferingKind.CLASS)
    sign_up(course, worker)

    refusal = refused(post(start + 2 * HOUR, 1), worker)

    assert refusal.codes == {"rest"}
    assert dates.moment(start + 6.5 * HOUR) in str(refusal)


def test_sign_up_to_a_class_is_not_asked_for_rest():
    rules(rest_minutes=30, day_hours=2)
    worker, start = make_worker(), morning()
    sign_up(post(start), worker)
    course = post(start + 2 * HOUR, kind=OfferingKind.CLASS)

    assert sign_up(course, worker).status == SignupStatus.SEATED


def test_queue_passes_over_who_needs_rest():
    rules(rest_minutes=30)
    start, tired, fresh = morning(), make_worker(), make_worker()
    full = post(start + 2 * HOUR, capacity=1)
    first = sign_up(full, make_worker())
    assert sign_up(full, tired).status == SignupStatus.WAITING
    waits = sign_up(full, fresh)
    sign_up(post(start), tired)

    seats.cancel(signup=first, by=None)
    seats.settle(offering_id=full.pk)

    waits.refresh_from_db()
    assert waits.status == SignupStatus.SEATED
    assert Signup.objects.get(worker=tired, offering=full).status == "waiting"


def came_often(times):
    worker = make_worker()
    for n in range(times):
        start = timezone.now() - timedelta(days=20 + n)
        done = post(start, opens_at=start - timedelta(days=9))
        pool = done.pools.get()
        signup = Signup.objects.create(
            offering=done, worker=worker, status="seated", pool=pool, busy=done.busy
        )
        type(pool).objects.filter(pk=pool.pk).update(taken=1)
        attendance.note_attendance(
            signup=signup,
            occasion=Occasion.objects.get(offering=done),
            state=AttendanceState.PRESENT,
            by=None,
        )
    return worker


def test_last_seats_are_kept_for_who_knows_how_it_is_done():
    rules(practised_after=2)
    reserve = Reserve(capacity=1, is_practised=True)
    made = post(morning(), capacity=1, reserves=[reserve])
    sign_up(made, make_worker())

    newcomer = sign_up(made, came_often(1))
    old_hand = sign_up(made, came_often(2))

    assert newcomer.status == SignupStatus.WAITING
    assert old_hand.status == SignupStatus.SEATED


def test_standing_of_who_knows_how_it_is_done_counts_the_seats_kept_for_them():
    rules(practised_after=1)
    reserve = Reserve(capacity=2, is_practised=True)
    made = post(morning(), capacity=1, reserves=[reserve])

    assert standing.look_at(made, came_often(1)).left == 3
    newcomer = standing.look_at(made, make_worker())
    assert (newcomer.left, newcomer.reserved_left) == (1, 2)


def test_seat_kept_for_who_knows_goes_to_such_a_waiter_first():
    rules(practised_after=1)
    reserve = Reserve(capacity=1, is_practised=True)
    made = post(morning(), capacity=1, reserves=[reserve])
    sign_up(made, make_worker())
    held = sign_up(made, came_often(1))
    newcomer, old_hand = sign_up(made, make_worker()), sign_up(made, came_often(1))

    seats.cancel(signup=held, by=None)
    seats.settle(offering_id=made.pk)

    newcomer.refresh_from_db()
    old_hand.refresh_from_db()
    assert (newcomer.status, old_hand.status) == ("waiting", "seated")


@pytest.mark.django_db(transaction=True)
def test_rest_holds_when_both_are_asked_for_at_once():
    rules(rest_minutes=30)
    start, worker = morning(), make_worker_with_login()
    posts = [post(start), post(start + 2 * HOUR)]

    at_once([lambda p=p: sign_up(p, worker) for p in posts])

    assert Signup.objects.filter(worker=worker, status="seated").count() == 1
