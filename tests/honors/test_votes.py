"""The public vote: one ballot a member, in time, and nothing of its standing before its
end."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from common.errors import Refusal
from honors.models import JuryResult, Vote, VoteVoid
from honors.services import juryresults, votes
from members.models import User, Worker
from tests.factories import make_user, make_worker
from tests.honors.juries import (
    close_vote,
    files_of,
    make_round,
    make_voter,
    score_all,
    vote_times,
)
from tests.honors.nominations import make_secretary, walk

pytestmark = pytest.mark.django_db


def make_vote(*, jurors=1, files=3, quota=2, **times):
    return make_round(
        jurors=jurors,
        files=files,
        quota=quota,
        quorum=1,
        vote_weight=40,
        **vote_times(**times),
    )


def cast(edition, *numbers, worker=None, **facts):
    files = files_of(edition)
    worker = worker or make_voter()
    return votes.cast(
        edition=edition,
        worker=worker,
        choices=[files[n].pk for n in numbers],
        by=worker.user,
        **facts,
    )


def refused(edition, *numbers, **facts):
    with pytest.raises(Refusal) as refusal:
        cast(edition, *numbers, **facts)
    return refusal.value.codes


def test_cast_keeps_one_ballot_a_member_for_good():
    edition, worker = make_vote(), make_voter()

    cast(edition, 1, 0, worker=worker)

    assert refused(edition, 2, worker=worker) == {"voted_already"}
    vote = Vote.objects.get()
    assert vote.choices == sorted(file.pk for file in files_of(edition)[:2])
    assert vote.union_org == worker.union_org
    for statement in (
        "UPDATE honors_vote SET choices = choices[1:1]",
        "DELETE FROM honors_vote",
    ):
        with (
            pytest.raises(Exception, match="pgtrigger"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_cast_is_for_verified_members_only():
    edition = make_vote()
    left = make_voter(left_at=timezone.now())

    assert refused(edition, 0, worker=make_voter(is_member=False)) == {
        "vote_not_member"
    }
    assert refused(edition, 0, worker=left) == {"vote_not_member"}
    with pytest.raises(Refusal) as unknown:
        votes.cast(
            edition=edition,
            worker=None,
            choices=[files_of(edition)[0].pk],
            by=make_user(),
        )
    assert unknown.value.codes == {"vote_not_verified"}


@pytest.mark.parametrize(
    ("times", "code"),
    [
        ({"opens": 1, "closes": 2}, "vote_not_open"),
        ({"opens": -2, "closes": -1}, "vote_closed"),
    ],
)
def test_cast_outside_the_hours_is_refused_by_verb_and_table(times, code):
    edition, worker = make_vote(**times), make_voter()

    assert refused(edition, 0, worker=worker) == {code}
    with pytest.raises(IntegrityError, match="vote_in_time"), transaction.atomic():
        Vote.objects.create(
            edition=edition,
            worker=worker,
            union_org=worker.union_org,
            choices=[files_of(edition)[0].pk],
            # whatever somebody says: the clock is the database's
            cast_at=timezone.now() + timedelta(hours=1.5),
        )


def test_cast_names_candidates_of_the_edition_each_once_and_not_oneself():
    edition, other = make_vote(files=4), make_vote()
    worker = make_voter()
    mine, gone, *_rest = files_of(edition)
    type(mine).objects.filter(pk=mine.pk).update(worker=worker)
    walk(gone, "withdrawn", role="secretary")

    assert refused(edition, worker=worker) == {"vote_nobody"}
    assert refused(edition, 0, worker=worker) == {"vote_candidates"}
    assert refused(edition, 1, worker=worker) == {"vote_candidates"}
    with pytest.raises(Refusal) as foreign:
        votes.cast(
            edition=edition,
            worker=worker,
            choices=[files_of(other)[0].pk],
            by=worker.user,
        )
    assert foreign.value.codes == {"vote_candidates"}
    assert refused(edition, 1, 2, 3, worker=worker) >= {"vote_choices"}
    key = files_of(edition)[2].pk
    for choices, name in [
        ([key, key], "vote_candidates"),
        ([mine.pk], "vote_candidates"),
        ([key, key + 1, mine.pk], "vote_choices"),
        ([], "vote_choices"),
    ]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Vote.objects.create(
                edition=edition,
                worker=worker,
                union_org=worker.union_org,
                choices=choices,
            )


def test_ballot_has_an_order_of_its_own_for_each_voter_and_the_same_each_time():
    edition = make_vote(files=6)
    workers = [make_voter() for _n in range(8)]

    def order(worker):
        return [one.pk for one in votes.on_ballot(edition, worker)]

    assert order(workers[0]) == order(workers[0])
    assert len({tuple(order(worker)) for worker in workers}) > 4
    assert {frozenset(order(worker)) for worker in workers} == {
        frozenset(file.pk for file in files_of(edition))
    }


def test_votes_are_counted_at_the_signing_off_without_voided_ones():
    # 4 ballots, 1 voided; of the 3 left 2 name the first: 66.67 %
    # first: 70×60 % + 66.666…×40 % = 42 + 26.67; second: 80×60 % + 33.33×40 % = 61.33
    edition = make_vote(files=2, quota=1)
    for _n in range(2):
        cast(edition, 0)
    cast(edition, 1)
    odd = cast(edition, 1, device="Android · 微信 10.1.*.*")
    secretary = make_secretary()
    assert (
        votes.void(
            edition=edition, kind="device", key=odd.device, reason="刷票", by=secretary
        )
        == 1
    )
    score_all(edition, [70], [80])
    close_vote(edition)

    held = juryresults.sign_off(edition=edition, by=secretary)

    assert (held.vote_ballots, held.vote_voided) == (3, 1)
    rows = JuryResult.objects.order_by("rank")
    assert [(str(r.final_score), r.votes, str(r.vote_share)) for r in rows] == [
        ("68.67", 2, "66.67"),
        ("61.33", 1, "33.33"),
    ]
    # the ballot and the reason stay; nothing is voided afterwards
    assert VoteVoid.objects.get().vote == odd
    with pytest.raises(Refusal) as late:
        votes.void(edition=edition, kind="union", key="1", reason="x", by=secretary)
    assert late.value.codes == {"void_counted"}
    with pytest.raises(IntegrityError, match="counted"), transaction.atomic():
        VoteVoid.objects.create(vote=Vote.objects.first(), reason="x", by=secretary)


def test_void_needs_a_reason_and_never_changes():
    edition, secretary = make_vote(), make_secretary()
    vote = cast(edition, 0)
    union = str(vote.union_org_id)
    with pytest.raises(Refusal) as refusal:
        votes.void(edition=edition, kind="union", key=union, reason=" ", by=secretary)
    assert refusal.value.codes == {"void_reason_missing"}

    votes.void(edition=edition, kind="union", key=union, reason="查实", by=secretary)
    again = votes.void(
        edition=edition, kind="union", key=union, reason="再来", by=secretary
    )

    assert again == 0
    with pytest.raises(Exception, match="pgtrigger"), transaction.atomic():
        VoteVoid.objects.all().delete()


@pytest.mark.parametrize("key", ["", "x", "9" * 40, "2018-13-01"])
def test_void_of_a_group_that_is_none_voids_nothing(key):
    edition, secretary = make_vote(), make_secretary()
    cast(edition, 0)
    for kind in ("minute", "union", "device", "nothing"):
        assert (
            votes.void(edition=edition, kind=kind, key=key, reason="x", by=secretary)
            == 0
        )


def test_sheet_shows_bursts_unions_devices_and_new_accounts():
    edition = make_vote()
    crowd = make_voter().union_org
    for _n in range(21):
        cast(edition, 0, worker=make_voter(union_org=crowd), device="Android 10.1.*.*")
    old = make_voter()
    User.objects.filter(pk=old.user_id).update(
        created_at=timezone.now() - timedelta(days=30)
    )
    cast(edition, 1, worker=old, device="iPhone 10.2.*.*")

    sheet = votes.sheet(edition)

    assert sheet.ballots == 22
    assert sheet.bursts  # two minutes have seen them at most
    assert [one.ballots for one in sheet.unions] == [21]
    assert [one.ballots for one in sheet.devices] == [21]
    assert sheet.new_accounts.ballots == 21
    # no address, and none of two editions can be laid beside each other
    assert not Vote.objects.filter(device__contains="10.").exists()


def test_worker_without_a_log_in_cannot_vote_past_the_verb():
    edition = make_vote()
    worker = make_worker()
    assert Worker.objects.get(pk=worker.pk).user_id is None
    with pytest.raises(IntegrityError, match="by_a_member"), transaction.atomic():
        Vote.objects.create(
            edition=edition,
            worker=worker,
            union_org=worker.union_org,
            choices=[files_of(edition)[0].pk],
        )
