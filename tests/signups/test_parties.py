"""More than one seat, and seats that are not for everybody: companions, a union's
block, its reserve, seats at the door, several reserves in their order."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from common.errors import Refusal
from members.models import Stewardship
from signups.enums import Audience
from signups.models import Offering, SeatPool, Signup
from signups.services import offerings, seats, standing
from signups.services.offerings import Reserve
from tests.concurrency import at_once
from tests.factories import make_offering, make_union, make_user, make_worker
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db(transaction=True)


def ask(offering, worker=None, **wish):
    signup = seats.sign_up(
        offering_id=offering.pk, worker=worker or make_worker(), by=None, **wish
    )
    signup.refresh_from_db()
    return signup


def block(offering, union, number):
    signup = seats.book_block(
        offering_id=offering.pk, union_org=union, seats=number, by=None
    )
    signup.refresh_from_db()
    return signup


def taken(offering):
    return list(
        offering.pools.order_by("position").values_list("kind", "taken", "owed")
    )


def test_sign_up_with_companions_takes_all_seats_or_none():
    offering = make_offering(capacity=5, max_seats=4)

    first, second = ask(offering, seats=4), ask(offering, seats=2)

    assert (first.status, second.status) == ("seated", "waiting")
    assert taken(offering) == [("general", 4, 0)]


def test_sign_up_for_more_seats_than_allowed_is_refused_at_its_field():
    with pytest.raises(Refusal) as caught:
        ask(make_offering(max_seats=2), seats=3)

    assert [(r.code, r.field) for r in caught.value.reasons] == [
        ("too_many_seats", "seats")
    ]


def test_cancel_of_a_party_passes_all_its_seats_on():
    offering = make_offering(capacity=4, max_seats=4)
    party = ask(offering, seats=4)
    waiting = [ask(offering), ask(offering, seats=2), ask(offering)]

    seats.cancel(signup=party, by=None)

    statuses = [Signup.objects.get(pk=signup.pk).status for signup in waiting]
    assert statuses == ["seated"] * 3
    assert taken(offering) == [("general", 4, 0)]


def test_cancel_saves_seats_for_the_party_that_is_next_until_the_moment_said():
    soon = timezone.now() + timedelta(hours=1)
    offering = make_offering(capacity=4, max_seats=4, saves_until=soon)
    held = [ask(offering) for _ in range(4)]
    party, single = ask(offering, seats=2), ask(offering)

    seats.cancel(signup=held[0], by=None)
    one_free = [Signup.objects.get(pk=s.pk).status for s in (party, single)]
    newcomer = ask(offering)
    seats.cancel(signup=held[1], by=None)
    two_free = [Signup.objects.get(pk=s.pk).status for s in (party, single, newcomer)]

    assert one_free == ["waiting", "waiting"]
    assert two_free == ["seated", "waiting", "waiting"]


def test_cancel_without_saving_seats_the_first_party_that_fits():
    offering = make_offering(capacity=1, max_seats=4)
    held = ask(offering)
    party, single = ask(offering, seats=2), ask(offering)

    seats.cancel(signup=held, by=None)

    statuses = [Signup.objects.get(pk=s.pk).status for s in (party, single)]
    assert statuses == ["waiting", "seated"]


def test_sign_up_of_parties_concurrently_never_oversells():
    offering = make_offering(capacity=10, max_seats=5)
    calls = [
        partial(
            seats.sign_up,
            offering_id=offering.pk,
            worker=make_worker(),
            seats=1 + n % 5,
            by=None,
        )
        for n in range(12)
    ]

    at_once(calls)

    seated = Signup.objects.seated().filter(offering=offering)
    held = sum(signup.seats for signup in seated)
    (pool,) = SeatPool.objects.filter(offering=offering)
    assert (pool.taken, pool.owed) == (held, 0)
    left = pool.capacity - held
    waiting = Signup.objects.waiting().filter(offering=offering)
    assert not [signup for signup in waiting if signup.seats <= left]


def test_book_block_holds_seats_for_a_union_in_the_same_queue():
    union = make_union()
    offering = make_offering(capacity=30, max_block=40)
    ask(offering)

    waits = block(offering, union, 30)
    small = block(offering, make_union(), 20)

    assert (waits.status, waits.busy, small.status) == ("waiting", None, "seated")
    assert block(offering, union, 5) == waits, "asking again is asking once"
    assert taken(offering) == [("general", 21, 0)]


def test_book_block_that_waits_lets_others_pass():
    offering = make_offering(capacity=3, max_block=40)
    held = [ask(offering) for _ in range(3)]
    waits, single = block(offering, make_union(), 3), ask(offering)

    seats.cancel(signup=held[0], by=None)

    statuses = [Signup.objects.get(pk=s.pk).status for s in (waits, single)]
    assert statuses == ["waiting", "seated"]


def test_book_block_is_refused_where_none_are_taken():
    with pytest.raises(Refusal) as caught:
        block(make_offering(), make_union(), 5)

    assert caught.value.codes == {"no_blocks"}


def test_reserve_of_a_union_is_for_it_and_those_below_it():
    union = make_union(code="R1")
    below, other = make_union(code="R1-02"), make_union(code="R2")
    offering = make_offering(
        capacity=0, reserves=[Reserve(union_org=union, capacity=2)]
    )

    signed = [
        ask(offering, make_worker(union_org=org)).status
        for org in (other, union, below, union)
    ]

    assert signed == ["waiting", "seated", "seated", "waiting"]


def test_reserve_of_the_door_is_only_for_who_comes_there():
    offering = make_offering(capacity=1, reserves=[Reserve(is_door=True, capacity=1)])
    ask(offering)

    at_home = ask(offering)
    at_door = ask(offering, at_door=True)

    assert (at_home.status, at_door.status) == ("waiting", "seated")
    assert taken(offering) == [("door", 1, 0), ("general", 1, 0)]


def test_reserves_are_tried_in_their_order():
    union = make_union(code="R3")
    offering = make_offering(
        capacity=1,
        reserves=[
            Reserve(audience=Audience.MIGRANT, capacity=1),
            Reserve(union_org=union, capacity=1),
            Reserve(audience=Audience.FRONTLINE, capacity=1),
        ],
    )
    worker = {"union_org": union, "is_migrant": True, "is_frontline": True}

    pools = [ask(offering, make_worker(**worker)).pool.kind for _ in range(4)]

    assert pools == ["union", "audience", "audience", "general"]
    assert standing.look_at(offering, make_worker()).left == 0


def test_reserve_past_its_time_is_everybodys():
    ago = timezone.now() - timedelta(minutes=1)
    union = make_union(code="R4")
    offering = make_offering(
        capacity=0, reserves=[Reserve(union_org=union, capacity=1, until=ago)]
    )

    assert ask(offering, make_worker(union_org=make_union(code="R5"))).pool.kind == (
        "union"
    )


def test_set_capacity_raised_serves_blocks_and_people_in_order():
    offering = make_offering(capacity=1, max_block=10)
    ask(offering)
    waits, single = block(offering, make_union(), 4), ask(offering)

    offerings.set_capacity(pool=SeatPool.objects.get(), capacity=6, by=None)

    rows = Counter(
        Signup.objects.filter(pk__in=[waits.pk, single.pk]).values_list("status")
    )
    assert rows == {("seated",): 2}
    assert taken(offering) == [("general", 6, 0)]


def test_signups_managed_by_a_steward_are_those_of_their_unions_people_and_blocks():
    write_roles()
    union, other = make_union(), make_union()
    steward = make_user(roles=["工会干部"], is_staff=True)
    Stewardship.objects.create(user=steward, union_org=union)
    offering = make_offering(capacity=30, max_block=5)
    mine = {
        ask(offering, make_worker(union_org=union)),
        block(offering, union, 3),
    }
    ask(offering, make_worker(union_org=other))
    block(offering, other, 3)

    assert set(Signup.objects.managed_by(steward)) == mine


def test_signups_managed_by_a_manager_are_those_of_their_kinds_of_offering():
    write_roles()
    manager = make_user(roles=["培训管理员"], is_staff=True)
    of_class, of_slot = make_offering(), make_offering(kind="slot")
    mine, foreign = ask(of_class), ask(of_slot)

    assert set(Signup.objects.managed_by(manager)) == {mine}
    assert not Offering.objects.changeable_by(manager).filter(pk=of_slot.pk).exists()
    assert foreign.offering == of_slot


def test_offerings_of_a_union_are_changed_by_who_looks_after_it():
    write_roles()
    union, other = make_union(), make_union()
    user = make_user(is_staff=True)
    Stewardship.objects.create(user=user, union_org=union)
    user.user_permissions.add(Permission.objects.get(codename="manage_class"))
    own, foreign, citys = (make_offering(organiser=org) for org in (union, other, None))

    assert set(Offering.objects.changeable_by(user)) == {own}
    assert {foreign, citys} <= set(Offering.objects.managed_by(user)), "public anyway"
