"""Moving between unions: who proposes, who answers, what stays."""

import time
from functools import partial

import pytest

from common.errors import Refusal
from common.models import AuditEvent, Change
from members.enums import TransferState
from members.models import Stewardship, UnionTransfer, Worker
from members.services import transfers
from signups.services import seats
from tests.concurrency import at_once
from tests.factories import make_offering, make_union, make_user, make_worker
from tests.honors.factories import make_honoree
from tests.volunteers.factories import make_membership
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db


def steward_of(*unions):
    user = make_user(is_staff=True)
    for union in unions:
        Stewardship.objects.create(user=user, union_org=union)
    return user


@pytest.fixture
def giving():
    return make_union(code="A1")


@pytest.fixture
def receiving():
    return make_union(code="B1")


@pytest.fixture
def worker(giving):
    return make_worker(union_org=giving)


def move(worker, to, by, reason="工作调动"):
    return transfers.transfer(worker=worker, to=to, by=by, reason=reason)


def refused(call, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value.codes


@pytest.mark.parametrize("side", ["giving", "receiving"])
def test_transfer_is_proposed_by_one_side_and_accepted_by_the_other(
    worker, giving, receiving, side
):
    sides = [giving, receiving]
    asker, other = map(steward_of, sides if side == "giving" else reversed(sides))

    asked = move(worker, receiving, asker)

    worker.refresh_from_db()
    assert (asked.state, asked.asked_side) == (TransferState.PROPOSED, side)
    assert worker.union_org == giving
    assert refused(transfers.accept, transfer=asked, by=asker) == {"not_other_side"}

    done = transfers.accept(transfer=asked, by=other)

    worker.refresh_from_db()
    assert (worker.union_org, done.state) == (receiving, TransferState.DONE)
    assert (done.asked_by, done.by, done.reason) == (asker, other, "工作调动")
    assert done.at is not None


def test_transfer_by_who_looks_after_both_sides_is_made_at_once(
    worker, giving, receiving
):
    steward = steward_of(giving, receiving)

    done = move(worker, receiving, steward)

    worker.refresh_from_db()
    assert (worker.union_org, done.state) == (receiving, TransferState.DONE)
    assert AuditEvent.objects.get(by=steward).verb == "transfer_worker"


def test_transfer_by_the_desk_is_made_at_once_and_overtakes_a_proposal(
    worker, giving, receiving
):
    write_roles()
    desk = make_user(is_staff=True, roles=["服务台"])
    asked = move(worker, receiving, steward_of(giving))

    done = move(worker, receiving, desk)

    asked.refresh_from_db()
    assert (done.state, asked.state) == (TransferState.DONE, TransferState.DECLINED)


def test_transfer_is_refused_to_strangers_to_both_sides(worker, receiving):
    stranger = steward_of(make_union(code="C1"))

    assert refused(move, worker, receiving, stranger) == {"not_managed"}
    assert not UnionTransfer.objects.exists()


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("same_union", {"to": "giving"}),
        ("reason_missing", {"reason": " "}),
        ("already_proposed", {"twice": True}),
    ],
)
def test_transfer_is_refused(worker, giving, receiving, code, change):
    by = steward_of(giving)
    if "twice" in change:
        move(worker, receiving, by)
    to = giving if change.get("to") else receiving

    assert refused(move, worker, to, by, change.get("reason", "工作调动")) == {code}


def test_decline_transfer_by_either_side_with_a_reason_moves_nobody(
    worker, giving, receiving
):
    asked = move(worker, receiving, steward_of(giving))
    other = steward_of(receiving)

    no_words = refused(transfers.decline, transfer=asked, by=other, reason="")
    transfers.decline(transfer=asked, by=other, reason="查无此人")
    again = refused(transfers.accept, transfer=asked, by=other)

    worker.refresh_from_db()
    assert (no_words, again) == ({"reason_missing"}, {"already_answered"})
    assert worker.union_org == giving


def test_decline_transfer_is_refused_to_a_stranger(worker, giving, receiving):
    asked = move(worker, receiving, steward_of(giving))
    stranger = steward_of(make_union(code="C1"))

    codes = refused(transfers.decline, transfer=asked, by=stranger, reason="不")

    assert codes == {"not_managed"}


def test_accept_transfer_moves_nobody_who_was_moved_meanwhile(
    worker, giving, receiving
):
    asked = move(worker, receiving, steward_of(giving))
    Worker.objects.filter(pk=worker.pk).update(union_org=make_union(code="C1"))

    codes = refused(transfers.accept, transfer=asked, by=steward_of(receiving))

    assert codes == {"moved_meanwhile"}


def test_transfer_leaves_signups_honours_teams_and_history(worker, receiving):
    signup = seats.sign_up(offering_id=make_offering().pk, worker=worker, by=None)
    honoree, membership = make_honoree(worker=worker), make_membership(worker=worker)
    first = move(worker, receiving, None)
    worker.refresh_from_db()

    second = move(worker, make_union(code="C1"), None)

    for row in (signup, honoree, membership):
        row.refresh_from_db()
        assert row.worker_id == worker.pk
    assert list(UnionTransfer.objects.of_worker(worker)) == [first, second]


def test_transfer_leaves_every_union_somebody_was_in_in_the_history(worker, receiving):
    third = make_union(code="C1")
    for union in (receiving, third):
        worker.refresh_from_db()
        move(worker, union, None)

    was_in = Change.objects.of(worker).values_list("after__union_org_id", flat=True)
    moves = UnionTransfer.objects.of_worker(worker).values_list("from_org", "to_org")

    assert list(was_in) == [receiving.pk, third.pk]
    assert list(moves)[1] == (receiving.pk, third.pk)


def test_transfer_list_shows_stewards_their_unions_only(worker, giving, receiving):
    asked = move(worker, receiving, steward_of(giving))

    for union in (giving, receiving):
        mine = UnionTransfer.objects.managed_by(steward_of(union))
        assert list(mine) == [asked]
    stranger = steward_of(make_union(code="C1"))
    assert not UnionTransfer.objects.managed_by(stranger).exists()


# --- two transfers at once


def both(worker, unions, monkeypatch):
    checked = transfers._looks_after

    def look_then_dawdle(*args):
        time.sleep(0.1)
        return checked(*args)

    monkeypatch.setattr(transfers, "_looks_after", look_then_dawdle)
    city = make_user(is_staff=True, roles=["服务台"])
    return at_once([partial(move, worker, union, city) for union in unions])


@pytest.mark.django_db(transaction=True)
def test_transfer_twice_at_once_happens_once(worker, receiving, monkeypatch):
    write_roles()
    unions = [receiving, make_union(code="C1")]

    outcomes = both(worker, unions, monkeypatch)

    done = [one for one in outcomes if isinstance(one, UnionTransfer)]
    (refusal,) = [one for one in outcomes if isinstance(one, Refusal)]
    worker.refresh_from_db()
    assert refusal.codes == {"moved_meanwhile"}
    assert [one.to_org for one in done] == [worker.union_org]


@pytest.mark.django_db(transaction=True)
def test_transfer_twice_at_once_would_happen_twice_without_the_lock(
    worker, receiving, monkeypatch
):
    """The control: if this fails, the test above proves nothing."""
    write_roles()
    monkeypatch.setattr(
        transfers, "_locked", lambda worker: Worker.objects.get(pk=worker.pk)
    )

    both(worker, [receiving, make_union(code="C1")], monkeypatch)

    assert UnionTransfer.objects.filter(state=TransferState.DONE).count() == 2
