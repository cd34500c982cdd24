"""What it costs not to come: points given once, told, expiring, appealed; and what never
costs anything."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from common.errors import Refusal
from common.models import Holiday
from members.enums import StewardRole
from members.models import Notice
from members.services import rights
from signups.enums import OfferingKind
from signups.models import Appeal, Attendance, ConductPoint, Rules, SeatPool, Signup
from signups.services import conduct, offerings, seats, standing
from signups.services.attendance import Mark, note_all, note_attendance
from tests.concurrency import at_once
from tests.factories import (
    make_offering,
    make_union,
    make_user,
    make_worker,
    make_worker_with_login,
)
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db(transaction=True)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _rules():
    """Classes cost 2 points late, 3 in the last two hours and 3 for not coming; 6
    suspend; they count for twenty days."""
    make_rules()


def make_rules(**numbers):
    return offerings.publish_rules(
        kind=OfferingKind.CLASS, cancel_hours=24, text="", by=None, **numbers
    )


def make_class(*, starts_in=10 * DAY, **fields):
    """Something with rules that begins so soon; seats can be given back freely until a
    day before."""
    start = timezone.now() + starts_in
    fields.setdefault("cancel_until", start - DAY)
    return make_offering(times=[(start, start + 2 * HOUR, "")], **fields)


def ask(offering, worker=None):
    made = seats.sign_up(
        offering_id=offering.pk, worker=worker or make_worker_with_login(), by=None
    )
    return Signup.objects.get(pk=made.pk)


def seated_late(**fields):
    """A seat of something that begins in twenty hours, taken long ago."""
    return ask(make_class(starts_in=20 * HOUR, **fields))


def cancel_own(signup):
    return seats.cancel(signup=signup, by=signup.worker.user)


def missed(signup, state="absent"):
    occasion = signup.offering.occasions.first()
    return note_attendance(signup=signup, occasion=occasion, state=state, by=None)


def points_of(worker):
    return [(one.cause, one.weight) for one in worker.conduct_points.all()]


def steward_of(union):
    user = make_user(roles=["工会干部"], is_staff=True)
    rights.give_stewardship(
        user=user, union_org=union, role=StewardRole.STEWARD, by=None
    )
    return user


# --- what counts --------------------------------------------------------------------


def test_cancel_in_time_costs_nothing():
    signup = ask(make_class())

    assert cancel_own(signup).status == "cancelled"
    assert points_of(signup.worker) == []


def test_cancel_after_the_deadline_is_late_counts_and_frees_the_seat():
    signup = seated_late(capacity=1)
    next_one = ask(signup.offering)

    assert cancel_own(signup).status == "cancelled_late"
    cancel_own(signup)

    assert points_of(signup.worker) == [("late_cancel", 2)]
    assert Signup.objects.get(pk=next_one.pk).status == "seated"
    [told] = Notice.objects.filter(user=signup.worker.user, kind="signups.points")
    assert "2" in told.title


def test_cancel_in_the_last_hours_costs_more():
    signup = ask(make_class(starts_in=HOUR))

    cancel_own(signup)

    assert points_of(signup.worker) == [("late_cancel", 3)]


def test_cancel_after_the_start_is_refused_to_the_worker():
    signup = ask(make_class(starts_in=-HOUR))

    with pytest.raises(Refusal) as caught:
        cancel_own(signup)

    assert caught.value.codes == {"cancel_over"}


def test_cancel_by_the_desk_never_counts():
    signup = seated_late()

    seats.cancel(signup=signup, by=make_user(), reason="教室改作他用")

    assert points_of(signup.worker) == []


def test_leaving_the_queue_declining_and_lapsing_never_count():
    offering = make_class(capacity=1, is_offered=True, starts_in=20 * HOUR)
    held, left, declined, lapsed = (ask(offering) for _ in range(4))
    cancel_own(left)
    seats.cancel(signup=held, by=None)
    seats.decline(signup=declined, by=declined.worker.user)
    Signup.objects.filter(pk=lapsed.pk).update(
        offer_until=timezone.now() - timedelta(seconds=1)
    )
    seats.settle(offering_id=offering.pk)

    assert Signup.objects.get(pk=lapsed.pk).status == "lapsed"
    assert not ConductPoint.objects.exists()


def test_promoted_late_may_leave_free_until_the_start_and_stay_away():
    offering = make_class(capacity=2, starts_in=11 * HOUR)
    held = [ask(offering) for _ in range(2)]
    leaves, stays = ask(offering), ask(offering)
    for one in held:
        seats.cancel(signup=one, by=None)

    assert cancel_own(leaves).status == "cancelled"
    missed(Signup.objects.get(pk=stays.pk))

    assert not ConductPoint.objects.exists()


def test_absence_counts_once_however_often_and_for_however_many_lessons():
    start = timezone.now() + DAY
    times = [(start + n * DAY, start + n * DAY + HOUR, "") for n in range(3)]
    signup = ask(make_offering(times=times))
    for occasion in signup.offering.occasions.all():
        for _ in range(2):
            note_attendance(signup=signup, occasion=occasion, state="absent", by=None)

    assert points_of(signup.worker) == [("no_show", 3)]
    assert Notice.objects.filter(kind="signups.points").count() == 1


def test_absences_of_a_whole_list_count_and_its_correction_takes_them_back():
    offering = make_class(starts_in=-HOUR, capacity=3)
    people = [ask(offering) for _ in range(3)]
    occasion = offering.occasions.get()

    def note(states, was=("", "", "")):
        marks = [
            Mark(signup=one.pk, state=state, was=before)
            for one, state, before in zip(people, states, was, strict=True)
        ]
        note_all(occasion=occasion, marks=marks, by=None)

    first = ["present", "absent", "absent"]
    note(first)
    assert ConductPoint.objects.counting().count() == 2
    note(["present", "late", "absent"], first)

    assert [one.signup_id for one in ConductPoint.objects.counting()] == [people[2].pk]


@pytest.mark.parametrize("state", ["present", "late", "excused"])
def test_absence_that_was_a_mistake_is_taken_back_and_told(state):
    signup = ask(make_class())
    missed(signup)

    missed(signup, state)

    assert not ConductPoint.objects.counting().exists()
    assert Notice.objects.filter(kind="signups.points_lifted").count() == 1
    missed(signup)
    assert ConductPoint.objects.counting().count() == 1


def test_table_refuses_a_second_point_of_one_signup_and_cause():
    signup = seated_late()
    cancel_own(signup)
    point = ConductPoint.objects.get()
    point.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        point.save(force_insert=True)


def test_cancel_concurrently_twice_gives_one_point():
    signup = seated_late()

    at_once([partial(cancel_own, signup) for _ in range(4)])

    assert points_of(signup.worker) == [("late_cancel", 2)]


def test_old_rules_row_without_points_costs_nothing():
    make_rules(late_points=0, last_minute_points=0, no_show_points=0, block_points=0)
    signup = seated_late()
    absent = ask(make_class())

    assert cancel_own(signup).status == "cancelled_late"
    missed(absent)

    assert not ConductPoint.objects.exists()


# --- how long -----------------------------------------------------------------------


def test_point_expires_after_its_days_and_holidays_do_not_count():
    Holiday.objects.bulk_create(
        Holiday(date=date(2031, 5, n), name="劳动节", notice_year=2031, works=False)
        for n in range(1, 6)
    )
    since = timezone.make_aware(datetime(2031, 4, 29, 19, 30))

    assert conduct.expiry(since, 3) == timezone.make_aware(datetime(2031, 5, 7, 19, 30))


def suspended(worker, *weights, days=(10, 20, 30)):
    """Points of a worker, from a signup each, that expire in so many days."""
    now = timezone.now()
    signups = [
        ask(make_class(starts_in=(40 + n) * DAY), worker) for n in range(len(weights))
    ]
    for signup, weight, in_days in zip(signups, weights, days, strict=False):
        ConductPoint.objects.create(
            signup=signup,
            worker=worker,
            kind="class",
            cause="no_show",
            weight=weight,
            happened_at=now,
            expires_at=now + in_days * DAY,
        )
        seats.cancel(signup=signup, by=None)


def test_points_below_the_number_suspend_nobody():
    worker = make_worker_with_login()
    suspended(worker, 3, 2)

    assert ask(make_class(), worker).status == "seated"


def test_points_suspend_until_so_many_have_expired_that_fewer_are_left():
    worker = make_worker_with_login()
    suspended(worker, 3, 3, 3)
    offering = make_class()

    with pytest.raises(Refusal) as caught:
        ask(offering, worker)

    [reason] = caught.value.reasons
    # the second to last: then 3 are left
    second = worker.conduct_points.order_by("expires_at")[1].expires_at
    assert (reason.code, reason.lifts_at) == ("suspended", second)
    with pytest.raises(seats.NotSeated) as caught:
        seats.ask(offering_id=offering.pk, worker=worker, by=worker.user)
    assert caught.value.code == "suspended"
    assert standing.look_at(offering, worker).codes == ["suspended"]


def test_points_that_expired_were_lifted_or_are_of_another_kind_suspend_nobody():
    worker = make_worker_with_login()
    suspended(worker, 6, 6, 6)
    gone, lifted, other = worker.conduct_points.order_by("expires_at")
    past = timezone.now() - DAY
    rows = ConductPoint.objects
    rows.filter(pk=gone.pk).update(happened_at=past - DAY, expires_at=past)
    rows.filter(pk=lifted.pk).update(lifted_at=past, lifted_as="appealed")
    rows.filter(pk=other.pk).update(kind="slot")

    assert ask(make_class(), worker).status == "seated"


def test_suspension_takes_nothing_that_is_held_or_waited_for():
    worker = make_worker_with_login()
    offering = make_class(capacity=1)
    held, mine = ask(offering), ask(offering, worker)
    suspended(worker, 6)

    seats.cancel(signup=held, by=None)

    assert Signup.objects.get(pk=mine.pk).status == "seated"


# --- appealing ----------------------------------------------------------------------


@pytest.fixture
def _roles():
    write_roles()


def point_of(worker=None):
    signup = ask(make_class(), worker)
    missed(signup)
    return signup.conduct_points.get()


def test_appeal_by_post_goes_to_the_unit_once_and_to_the_organiser_once(client):
    point = point_of()
    client.force_login(point.worker.user)
    address = reverse("signups:appeal-create", args=[point.pk])

    for ground in ["overtime", "sick", "other", "other"]:
        client.post(address, {"ground": ground, "text": "晚班顶岗"})

    assert [one.ground for one in Appeal.objects.order_by("pk")] == [
        "overtime",
        "other",
    ]


def test_appeal_without_words_or_too_long_comes_back_with_what_was_typed(client):
    point = point_of()
    client.force_login(point.worker.user)
    address = reverse("signups:appeal-create", args=[point.pk])

    empty = client.post(address, {"ground": "sick", "text": " "})
    long = client.post(address, {"ground": "sick", "text": "病" * 301})

    assert empty.context["form"].errors.keys() == {"text"}
    assert long.context["form"]["text"].value() == "病" * 301
    assert not Appeal.objects.exists()


def test_points_and_appeals_of_somebody_else_are_not_found(client):
    point = point_of()
    other = make_worker_with_login()
    client.force_login(other.user)

    address = reverse("signups:appeal-create", args=[point.pk])
    page = client.get(reverse("signups:conduct"))

    assert client.get(address).status_code == 404
    assert client.post(address, {"ground": "sick", "text": "x"}).status_code == 404
    assert page.context["points"] == []
    with pytest.raises(Refusal):
        conduct.appeal(point=point, ground="sick", text="x", by=other.user)


def appealed(ground, union=None):
    worker = make_worker_with_login(**({"union_org": union} if union else {}))
    point = point_of(worker)
    return conduct.appeal(point=point, ground=ground, text="当晚加班", by=worker.user)


@pytest.mark.usefixtures("_roles")
def test_excuse_by_the_own_steward_lifts_the_point_and_the_absence():
    union = make_union()
    appeal = appealed("overtime", union)

    conduct.answer_appeal(appeal=appeal, accepted=True, by=steward_of(union))

    assert not ConductPoint.objects.counting().exists()
    assert Attendance.objects.get().state == "excused"
    told = Notice.objects.filter(user=appeal.point.worker.user)
    assert told.filter(kind="signups.points_lifted").exists()


@pytest.mark.usefixtures("_roles")
def test_answer_is_for_whom_it_concerns_only():
    union = make_union()
    excuse, appeal = appealed("travel", union), appealed("other", union)
    manager = make_user(roles=["培训管理员"], is_staff=True)
    own, foreign = steward_of(union), steward_of(make_union())
    desk = make_user(roles=["服务台"], is_staff=True)

    for what, by in [(excuse, manager), (excuse, foreign), (excuse, desk),
                     (appeal, own), (appeal, desk)]:  # fmt: skip
        with pytest.raises(Refusal) as caught:
            conduct.answer_appeal(appeal=what, accepted=True, by=by)
        assert caught.value.codes == {"not_yours_to_answer"}

    seen = {by: set(Appeal.objects.managed_by(by)) for by in (own, foreign, manager)}
    assert seen == {own: {excuse}, foreign: set(), manager: {appeal}}


@pytest.mark.usefixtures("_roles")
def test_steward_excuses_nothing_of_their_own():
    union = make_union()
    steward = steward_of(union)
    point = point_of(make_worker(user=steward, union_org=union))
    appeal = conduct.appeal(point=point, ground="sick", text="发烧", by=steward)

    with pytest.raises(Refusal):
        conduct.answer_appeal(appeal=appeal, accepted=True, by=steward)


@pytest.mark.usefixtures("_roles")
def test_appeal_refused_needs_words_leaves_the_point_and_is_told(client):
    appeal = appealed("other")
    manager = make_user(roles=["培训管理员"], is_staff=True)
    client.force_login(manager)
    page = reverse("admin:signups_appeal_change", args=[appeal.pk])

    bare = client.post(page, {"verdict": "no", "answer": ""})
    client.post(page, {"verdict": "no", "answer": "签到记录清楚"})

    assert bare.context["adminform"].form.errors.keys() == {"answer"}
    assert Appeal.objects.get().state == "refused"
    assert ConductPoint.objects.counting().exists()
    assert Notice.objects.filter(kind="signups.appeal_refused").exists()


@pytest.mark.usefixtures("_roles")
def test_appeal_answered_concurrently_is_answered_once():
    appeal = appealed("other")
    managers = [make_user(roles=["培训管理员"], is_staff=True) for _ in range(2)]

    results = at_once(
        [
            partial(conduct.answer_appeal, appeal=appeal, by=managers[0],
                    accepted=True),
            partial(conduct.answer_appeal, appeal=appeal, by=managers[1],
                    accepted=False, answer="不符"),
        ]
    )  # fmt: skip

    refused = [one for one in results if isinstance(one, Refusal)]
    assert len(refused) == 1
    lifted = ConductPoint.objects.get().lifted_at is not None
    assert lifted == (Appeal.objects.get().state == "accepted")


# --- the rules people read -----------------------------------------------------------


def test_notice_prints_the_numbers_of_the_version_that_is_kept():
    make_rules(late_points=4, block_points=9, point_days=33)
    offering = make_class()
    make_rules(late_points=1)

    said = "".join(standing.notice(offering))

    version = Rules.objects.order_by("version")[1].version
    assert all(word in said for word in ["4分", "33天", "9分", f"第{version}版"])
    assert SeatPool.objects.filter(offering=offering).exists()
