"""The list: in quota, by the ranking, by its rules of composition, waived by two people."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from common.errors import Refusal
from honors.enums import Bound, CompositionKind, Gender, NominationState
from honors.models import (
    CompositionRule,
    Nomination,
    ShortlistDecision,
    ShortlistWaiver,
)
from honors.services import jury, juryresults, shortlist
from members.models import Notice
from tests.honors.juries import (
    files_of,
    make_juror,
    make_leader,
    make_round,
    score_all,
)
from tests.honors.nominations import make_call, make_nomination, make_secretary

pytestmark = pytest.mark.django_db


def codes(call, **arguments):
    with pytest.raises(Refusal) as refused:
        call(**arguments)
    return refused.value.codes


def make_ranked(*points, people=(), **fields):
    """An edition signed off, its files in the order of ``points``; of each its facts."""
    fields.setdefault("quota", 2)
    edition = make_call(quorum=1, **fields)
    secretary = make_secretary()
    for n in range(len(points)):
        facts = people[n] if n < len(people) else {}
        make_nomination(NominationState.ELIGIBLE, edition=edition, **facts)
    jury.seat_juror(edition=edition, user=make_juror(), union_org=None, by=secretary)
    jury.start_jury(edition=edition, by=secretary)
    score_all(edition, *[[one] for one in points])
    juryresults.sign_off(edition=edition, by=secretary)
    return edition


def keys(edition, *numbers):
    files = files_of(edition)
    return [files[n].pk for n in numbers]


def states(edition):
    return [file.state for file in files_of(edition)]


def rule(edition, kind, bound, percent, *, is_hard=True):
    return CompositionRule.objects.create(
        edition=edition, kind=kind, bound=bound, percent=percent, is_hard=is_hard
    )


def test_shortlist_takes_the_first_of_the_ranking_up_to_the_quota():
    edition, by = make_ranked(80, 90, 70), make_secretary()

    assert codes(
        shortlist.shortlist, edition=edition, picked=keys(edition, 0, 1, 2), by=by
    ) == {"over_quota"}
    assert codes(shortlist.shortlist, edition=edition, picked=[], by=by) == {
        "nobody_picked"
    }
    shortlist.shortlist(edition=edition, picked=keys(edition, 1, 0), by=by)

    assert states(edition) == ["shortlisted", "shortlisted", "jury"]
    assert codes(
        shortlist.shortlist, edition=edition, picked=keys(edition, 2), by=by
    ) >= {"shortlist_exists"}


def test_shortlist_out_of_the_ranking_says_why():
    edition, by = make_ranked(80, 90, 70), make_secretary()
    out_of_order = keys(edition, 1, 2)

    assert codes(shortlist.shortlist, edition=edition, picked=out_of_order, by=by) == {
        "order_reason_missing"
    }
    made = shortlist.shortlist(
        edition=edition, picked=out_of_order, by=by, reason="同一单位只取一名"
    )

    assert made.reason == "同一单位只取一名"


def test_shortlist_chooses_freely_among_those_of_one_rank():
    edition, by = make_ranked(90, 80, 80, quota=2), make_secretary()

    shortlist.shortlist(edition=edition, picked=keys(edition, 0, 2), by=by)

    assert states(edition) == ["shortlisted", "jury", "shortlisted"]


def test_shortlist_waits_for_the_signing_off_and_takes_no_foreign_file():
    other = make_ranked(80)
    edition = make_round(jurors=1, files=1)
    by = make_secretary()

    assert codes(
        shortlist.shortlist, edition=edition, picked=keys(edition, 0), by=by
    ) == {"not_signed_off"}
    mine = make_ranked(80)
    assert codes(shortlist.shortlist, edition=mine, picked=keys(other, 0), by=by) >= {
        "not_before_jury"
    }


def test_meter_counts_people_by_the_rules_and_leaves_groups_out():
    woman = {"gender": Gender.WOMAN, "is_frontline": True}
    man = {"gender": Gender.MAN, "is_head": True}
    edition = make_ranked(90, 80, 70, people=[woman, man, {"is_group": True}], quota=3)
    rule(edition, CompositionKind.FRONTLINE, Bound.FLOOR, 50)
    rule(edition, CompositionKind.HEADS, Bound.CEILING, 20)

    meters = shortlist.measure(edition, keys(edition, 0, 1, 2))

    assert [(one.reading.count, one.reading.total) for one in meters] == [
        (1, 2),
        (1, 2),
    ]
    assert [one.stops for one in meters] == [False, True]


def test_soft_rule_that_fails_does_not_stop_the_list():
    edition, by = make_ranked(90), make_secretary()
    rule(edition, CompositionKind.MIGRANT, Bound.FLOOR, 50, is_hard=False)

    made = shortlist.shortlist(edition=edition, picked=keys(edition, 0), by=by)

    assert made.composition[0][2:] == [False, False]


@pytest.fixture
def heads():
    """Two heads in front, a hard ceiling that they break; secretary and leader."""
    edition = make_ranked(90, 80, 70, people=[{"is_head": True}, {"is_head": True}])
    ceiling = rule(edition, CompositionKind.HEADS, Bound.CEILING, 50)
    return edition, ceiling, make_secretary(), make_leader()


def test_hard_rule_that_fails_stops_the_list_until_another_person_waives_it(heads):
    edition, ceiling, secretary, leader = heads
    picked = keys(edition, 0, 1)
    assert codes(shortlist.shortlist, edition=edition, picked=picked, by=secretary) == {
        "composition"
    }

    waiver = shortlist.ask_waiver(
        edition=edition,
        rule=ceiling,
        picked=picked,
        reason="本届无其他合格人选",
        by=secretary,
    )
    assert codes(shortlist.shortlist, edition=edition, picked=picked, by=secretary) == {
        "composition"
    }
    shortlist.answer_waiver(waiver=waiver, is_granted=True, answer="同意", by=leader)
    made = shortlist.shortlist(edition=edition, picked=picked, by=secretary)

    assert made.composition[0][2:] == [False, True]
    assert Notice.objects.filter(user=leader, kind="honors.waiver_asked").exists()
    assert Notice.objects.filter(user=secretary, kind="honors.waiver_answered").exists()


def test_waiver_that_was_not_granted_or_is_for_another_list_waives_nothing(heads):
    edition, ceiling, secretary, leader = heads
    picked = keys(edition, 0, 1)
    refused = shortlist.ask_waiver(
        edition=edition, rule=ceiling, picked=picked, reason="理由", by=secretary
    )
    shortlist.answer_waiver(
        waiver=refused, is_granted=False, answer="不同意", by=leader
    )
    alone = shortlist.ask_waiver(
        edition=edition,
        rule=ceiling,
        picked=keys(edition, 0),
        reason="理由",
        by=secretary,
    )
    shortlist.answer_waiver(waiver=alone, is_granted=True, answer="同意", by=leader)

    assert codes(shortlist.shortlist, edition=edition, picked=picked, by=secretary) == {
        "composition"
    }


def test_waiver_is_answered_by_another_person_with_the_right(heads):
    edition, ceiling, secretary, leader = heads
    secretary.groups.add(leader.groups.get())
    secretary = type(secretary).objects.get(pk=secretary.pk)
    waiver = shortlist.ask_waiver(
        edition=edition,
        rule=ceiling,
        picked=keys(edition, 0, 1),
        reason="理由",
        by=secretary,
    )

    def answer(by, **facts):
        return codes(
            shortlist.answer_waiver, waiver=waiver, is_granted=True, by=by, **facts
        )

    assert answer(secretary, answer="同意") == {"waiver_own"}
    assert answer(make_secretary(), answer="同意") == {"waiver_no_right"}
    assert answer(leader, answer=" ") == {"waiver_answer_missing"}
    # and the table holds it against whoever goes past the verb
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        ShortlistWaiver.objects.update(
            answered_by=secretary,
            answered_at=timezone.now(),
            is_granted=True,
            answer="同意",
        )


def test_waiver_is_asked_with_a_reason_where_it_is_needed(heads):
    edition, ceiling, secretary, _leader = heads

    assert codes(
        shortlist.ask_waiver,
        edition=edition,
        rule=ceiling,
        picked=keys(edition, 2),
        reason="",
        by=secretary,
    ) == {"waiver_reason_missing", "waiver_not_needed"}


def test_undo_takes_everybody_off_the_list_and_keeps_the_decision():
    edition, by = make_ranked(90, 80), make_secretary()
    shortlist.shortlist(edition=edition, picked=keys(edition, 0), by=by)

    assert codes(shortlist.undo_shortlist, edition=edition, by=by, reason="") == {
        "reason_missing"
    }
    shortlist.undo_shortlist(edition=edition, by=by, reason="漏选一名")
    shortlist.shortlist(edition=edition, picked=keys(edition, 0, 1), by=by)

    assert states(edition) == ["shortlisted"] * 2
    assert ShortlistDecision.objects.count() == 2


def test_decision_never_changes():
    edition, by = make_ranked(90), make_secretary()
    shortlist.shortlist(edition=edition, picked=keys(edition, 0), by=by)
    with (
        pytest.raises(Exception, match="update"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE honors_shortlistdecision SET reason = 'x'")


def test_release_tells_all_nominators_at_one_moment():
    edition, by = make_ranked(90, 80), make_secretary()
    assert codes(shortlist.release_results, edition=edition, by=by) == {"no_shortlist"}
    shortlist.shortlist(edition=edition, picked=keys(edition, 0), by=by)
    assert not Notice.objects.filter(kind__endswith="shortlisted").exists()

    told = shortlist.release_results(edition=edition, by=by)

    notices = Notice.objects.filter(kind__endswith="shortlisted")
    on, off = files_of(edition)
    assert told == notices.count() > 0
    assert {notice.shown_at for notice in notices} == {notices[0].shown_at}
    assert notices[0].shown_at is not None
    steward = on.steps.filter(role="steward").first().by
    assert notices.filter(user=steward, kind="honors.shortlisted").exists()
    steward = off.steps.filter(role="steward").first().by
    assert notices.filter(user=steward, kind="honors.not_shortlisted").exists()
    assert [file.state for file in Nomination.objects.order_by("pk")] == [
        "shortlisted",
        "rejected",
    ]
    assert shortlist.release_results(edition=edition, by=by) == 0
