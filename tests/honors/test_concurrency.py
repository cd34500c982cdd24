"""One ballot a member, however often they click at once."""

import time
from functools import partial

import pytest
from django.db import connection

from common.errors import Refusal
from honors.models import Vote
from honors.services import votes
from tests.concurrency import at_once
from tests.honors.juries import files_of, make_round, make_voter, vote_times

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rush(monkeypatch):
    """A member clicks four times at once; each click pauses after it looked."""
    edition = make_round(jurors=1, files=4, quorum=1, **vote_times())
    look, worker = votes.check, make_voter()

    def look_then_dawdle(*asked):
        reasons = look(*asked)
        time.sleep(0.2)
        return reasons

    monkeypatch.setattr(votes, "check", look_then_dawdle)
    return [
        partial(
            votes.cast,
            edition=edition,
            worker=worker,
            choices=[file.pk],
            by=worker.user,
        )
        for file in files_of(edition)
    ]


def test_cast_at_once_keeps_one_ballot_a_member(rush):
    outcomes = at_once(rush)

    refused = [one for one in outcomes if isinstance(one, Refusal)]
    assert [one.codes for one in refused] == [{"voted_already"}] * 3
    assert Vote.objects.count() == 1


def test_cast_at_once_without_the_constraint_would_count_each_click(rush):
    """The control: if this fails, the test above proves nothing."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE honors_vote DROP CONSTRAINT honors_vote_once")
    try:
        outcomes = at_once(rush)
        assert not [one for one in outcomes if isinstance(one, Refusal)]
        assert Vote.objects.count() == 4
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("DELETE FROM honors_vote")
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute(
                "ALTER TABLE honors_vote ADD CONSTRAINT honors_vote_once "
                "UNIQUE (edition_id, worker_id)"
            )
