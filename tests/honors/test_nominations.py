"""A nomination's way: who may take which step, on which words, until when."""

import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from common.errors import Refusal
from honors import errors
from honors.enums import MOVES, NominationRole, NominationState
from honors.models import Nomination
from honors.querysets import NominationQuerySet
from honors.services import nominations, papers
from members.models import Notice
from tests.concurrency import at_once
from tests.factories import make_union, make_user, make_worker, make_worker_with_login
from tests.honors.nominations import (
    make_call,
    make_county,
    make_nomination,
    make_reviewer,
    make_secretary,
    make_steward,
    make_unit,
)

pytestmark = pytest.mark.django_db
S = NominationState


@pytest.fixture
def county():
    return make_county()


@pytest.fixture
def unit(county):
    return make_unit(county)


@pytest.fixture(autouse=True)
def no_papers(monkeypatch):
    """What papers are asked for is tested in test_papers."""
    monkeypatch.setattr(papers, "asked_of", lambda nomination: [])


def refused(act, *args, **kwargs) -> set:
    try:
        act(*args, **kwargs)
    except Refusal as refusal:
        return refusal.codes
    return set()


VERBS = {
    S.UNIT_NOTICE: partial(
        nominations.start_unit_notice,
        first=timezone.localdate() + timedelta(days=1),
        place="厂门口",
    ),
    S.DRAFT: partial(nominations.stop_unit_notice, reason="要改"),
    S.UNIT_SUBMITTED: nominations.submit,
    S.COUNTY_REVIEW: nominations.county_accept,
    S.RETURNED: partial(nominations.send_back, reason="请补充"),
    S.REJECTED: partial(nominations.reject, reason="不符合"),
    S.WITHDRAWN: partial(nominations.withdraw, reason="本人意愿"),
    S.ELIGIBLE: nominations.declare_eligible,
}


def test_verbs_refuse_every_skipped_step_and_every_foreign_role(unit, county):
    """Each state × each verb × each role: only what MOVES has for it comes through."""
    edition = make_call()
    other = make_county()
    who = {
        NominationRole.STEWARD: make_steward(unit),
        NominationRole.REVIEWER: make_reviewer(county),
        NominationRole.SECRETARY: make_secretary(),
        "steward elsewhere": make_steward(make_unit(county)),
        "reviewer elsewhere": make_reviewer(other),
        "juror": make_user(roles=["评委"], is_staff=True),
        "worker": make_user(),
    }
    came_through = set()
    for start in S:
        nomination = make_nomination(start, edition=edition, unit=unit)
        for to, verb in VERBS.items():
            for role, by in who.items():
                # as the row is: what the city may do for a county it has none of
                allowed = set(MOVES.get((start, to), ()))
                if start == S.UNIT_SUBMITTED and to != S.WITHDRAWN:
                    allowed.discard(NominationRole.SECRETARY)
                with transaction.atomic():
                    codes = refused(verb, nomination=nomination, by=by)
                    nomination.refresh_from_db()
                    assert bool(codes) == (nomination.state == start)
                    transaction.set_rollback(True)
                nomination.refresh_from_db()
                if role not in allowed:
                    assert codes, (start, to, role)
                elif not codes:
                    came_through.add((start, to, role))
    assert {(start, to) for start, to, role in came_through} == {
        move for move in MOVES if move[1] in VERBS
    }


def test_city_answers_for_a_unit_without_a_county():
    unit, secretary = make_union(code="9999"), make_secretary()
    nomination = make_nomination(S.UNIT_SUBMITTED, unit=unit)

    nominations.county_accept(nomination=nomination, by=secretary)

    nomination.refresh_from_db()
    assert nomination.state == S.COUNTY_REVIEW


def test_step_keeps_who_in_what_capacity_why_and_on_which_words(unit, county):
    nomination = make_nomination(S.UNIT_SUBMITTED, unit=unit)
    reviewer = make_reviewer(county)

    nominations.send_back(
        nomination=nomination, by=reviewer, reason="请补充 \n职代会意见"
    )

    step = nomination.steps.last()
    assert (step.by, step.role) == (reviewer, NominationRole.REVIEWER)
    assert step.reason == "请补充 职代会意见"
    assert step.content_digest == nomination.content_digest


def test_foreign_rows_are_not_there(unit, county):
    draft = make_nomination(unit=unit)
    sent = make_nomination(S.UNIT_SUBMITTED, unit=unit)
    seen = {
        "steward": Nomination.objects.managed_by(make_steward(unit)),
        "other steward": Nomination.objects.managed_by(make_steward(make_unit(county))),
        "reviewer": Nomination.objects.managed_by(make_reviewer(county)),
        "other reviewer": Nomination.objects.managed_by(make_reviewer(make_county())),
        "secretary": Nomination.objects.managed_by(make_secretary()),
        "worker": Nomination.objects.managed_by(make_user()),
    }

    assert {name: set(rows) for name, rows in seen.items()} == {
        "steward": {draft, sent},
        "other steward": set(),
        "reviewer": {sent},
        "other reviewer": set(),
        "secretary": {sent},
        "worker": set(),
    }


def test_decision_on_words_that_changed_is_refused(unit, county):
    nomination = make_nomination(S.UNIT_SUBMITTED, unit=unit)
    nomination.version = 7  # as a page of before still has it

    codes = refused(
        nominations.county_accept, nomination=nomination, by=make_reviewer(county)
    )

    assert codes == {"other_words"}


# --- typing ---------------------------------------------------------------------------


def test_save_draft_loses_no_text_and_tells_of_a_colleague(unit):
    steward, colleague = make_steward(unit), make_steward(unit)
    nomination = make_nomination(unit=unit)
    first = nomination.version
    long = "长" * 501

    saved = nominations.save_draft(
        nomination=nomination, version=first, facts={"brief": long}, by=steward
    )

    assert saved.brief == long
    codes = refused(
        nominations.save_draft,
        nomination=nomination,
        version=first,
        facts={"brief": "另一段"},
        by=colleague,
    )
    assert codes == {"version_moved"}
    # the same words once more are no conflict: a double click
    nominations.save_draft(
        nomination=nomination, version=first, facts={"brief": long}, by=steward
    )


@pytest.mark.parametrize(("name", "most"), [("brief", 500), ("deeds", 2000)])
def test_limits_are_counted_as_chinese_is(unit, name, most):
    """Rare characters are one, blanks and line ends none."""
    steward = make_steward(unit)
    fits = make_nomination(unit=unit, **{name: "𠮷，\r\n　" * (most // 2)})
    over = make_nomination(unit=unit, **{name: "字" * (most + 1)})
    start = partial(
        nominations.start_unit_notice,
        first=timezone.localdate(),
        place="宣传栏",
        by=steward,
    )

    with pytest.raises(Refusal) as refusal:
        start(nomination=over)

    assert refusal.value.codes == {"too_long"}
    assert "1字" in str(refusal.value)
    fits = nominations.save_draft(
        nomination=fits, version=1, facts={name: getattr(fits, name)}, by=steward
    )
    start(nomination=fits)


def test_start_draft_fills_in_what_the_union_knows(unit):
    worker = make_worker(union_org=unit, is_frontline=True, is_migrant=True)

    nomination = nominations.start_draft(
        edition=make_call(), unit=unit, worker=worker, by=make_steward(unit)
    )

    assert nomination.name == worker.name
    assert nomination.is_frontline
    assert nomination.is_migrant
    assert f"{nomination.employer}工会" == unit.name


def test_start_draft_refuses_foreign_units_workers_and_a_second_one(unit, county):
    edition, steward = make_call(), make_steward(unit)
    worker = make_worker(union_org=unit)
    start = partial(nominations.start_draft, edition=edition, by=steward)

    assert refused(start, unit=make_unit(county)) == {"not_your_unit"}
    stranger = make_worker(union_org=make_unit(county))
    assert refused(start, unit=unit, worker=stranger) == {"not_your_worker"}
    start(unit=unit, worker=worker)
    assert refused(start, unit=unit, worker=worker) == {"already_nominated"}


# --- time -----------------------------------------------------------------------------


def test_start_draft_ends_with_the_nominations(unit):
    now, steward = timezone.now(), make_steward(unit)
    over = make_call(
        nominations_open_at=now - timedelta(days=60), nominations_close_at=now
    )
    early = make_call(nominations_open_at=now + timedelta(seconds=30))

    for edition in (over, early):
        assert refused(
            nominations.start_draft, edition=edition, unit=unit, by=steward
        ) == {"nominations_closed"}


def test_submit_until_the_second_and_after_a_return_until_the_review_ends(unit):
    steward, edition = make_steward(unit), make_call()
    late = make_nomination(S.UNIT_NOTICE, edition=edition, unit=unit)
    returned = make_nomination(S.RETURNED, edition=edition, unit=unit)
    intime = make_nomination(S.UNIT_NOTICE, edition=edition, unit=unit)
    edition.nominations_close_at = timezone.now() + timedelta(seconds=20)
    edition.county_review_by = timezone.localdate()
    edition.save()
    nominations.submit(nomination=intime, by=steward)

    edition.nominations_close_at = timezone.now() - timedelta(milliseconds=1)
    edition.save()

    assert refused(nominations.submit, nomination=late, by=steward) == {
        "nominations_closed"
    }
    nominations.submit(nomination=returned, by=steward)
    again = make_nomination(S.RETURNED, unit=unit)
    again.edition.nominations_close_at = timezone.now()
    again.edition.county_review_by = timezone.localdate() - timedelta(days=1)
    again.edition.save()
    assert refused(nominations.submit, nomination=again, by=steward) == {
        "nominations_closed"
    }


def test_submit_waits_for_the_notice_and_for_the_same_words(unit):
    steward = make_steward(unit)
    runs = make_nomination(unit=unit)
    nominations.start_unit_notice(
        nomination=runs, first=timezone.localdate(), place="宣传栏", by=steward
    )
    assert refused(nominations.submit, nomination=runs, by=steward) == {"notice_runs"}

    changed = make_nomination(S.RETURNED, unit=unit)
    nominations.save_draft(
        nomination=changed, version=1, facts={"brief": "改过"}, by=steward
    )
    assert refused(nominations.submit, nomination=changed, by=steward) == {
        "notice_other_words"
    }


def test_unit_notice_ends_in_time_or_is_refused(unit):
    now, steward = timezone.now(), make_steward(unit)
    edition = make_call()
    type(edition).objects.filter(pk=edition.pk).update(
        nominations_close_at=now + timedelta(days=2)
    )
    edition.refresh_from_db()
    nomination = make_nomination(edition=edition, unit=unit)

    codes = refused(
        nominations.start_unit_notice,
        nomination=nomination,
        first=timezone.localdate(),
        place="宣传栏",
        by=steward,
    )

    assert codes == {"notice_late"}


def test_submit_keeps_the_quota_of_a_unit(unit):
    edition, steward = make_call(unit_quota=1), make_steward(unit)
    make_nomination(S.UNIT_SUBMITTED, edition=edition, unit=unit)
    second = make_nomination(S.UNIT_NOTICE, edition=edition, unit=unit)

    assert refused(nominations.submit, nomination=second, by=steward) == {"quota_full"}


# --- telling --------------------------------------------------------------------------


def test_decisions_tell_the_unit_and_the_nominee(unit, county):
    steward, worker = make_steward(unit), make_worker_with_login(union_org=unit)
    nomination = make_nomination(
        S.UNIT_SUBMITTED, unit=unit, worker=worker, created_by=steward
    )

    nominations.county_accept(nomination=nomination, by=make_reviewer(county))
    nomination.refresh_from_db()
    nominations.declare_eligible(nomination=nomination, by=make_secretary())

    told = Notice.objects.values_list("user", "kind")
    assert set(told.filter(user__in=[steward, worker.user])) == {
        (steward.pk, "honors.nomination_accepted"),
        (steward.pk, "honors.nomination_eligible"),
        (worker.user_id, "honors.nominee_eligible"),
    }


# --- two at once ----------------------------------------------------------------------


@pytest.fixture
def two_deciding(monkeypatch):
    """Two reviewers of one county, and a pause between looking and deciding."""
    county = make_county()
    nomination = make_nomination(S.UNIT_SUBMITTED, unit=make_unit(county))
    looked = nominations._role

    def look_then_dawdle(*args):
        found = looked(*args)
        time.sleep(0.3)
        return found

    monkeypatch.setattr(nominations, "_role", look_then_dawdle)
    return nomination, [
        partial(
            nominations.county_accept, nomination=nomination, by=make_reviewer(county)
        ),
        partial(
            nominations.send_back,
            nomination=nomination,
            by=make_reviewer(county),
            reason="请补充",
        ),
    ]


@pytest.mark.django_db(transaction=True)
def test_decisions_at_once_leave_one(two_deciding):
    nomination, calls = two_deciding

    outcomes = at_once(calls)

    assert [type(one) for one in outcomes].count(Refusal) == 1
    [no] = [one for one in outcomes if isinstance(one, Refusal)]
    assert no.codes == {"moved_on"}
    assert nomination.steps.filter(from_state=S.UNIT_SUBMITTED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_decisions_at_once_without_the_lock_would_both_look(two_deciding, monkeypatch):
    """The control: without the lock both pass the look, and only the table is left."""
    monkeypatch.setattr(NominationQuerySet, "select_for_update", lambda self: self)
    monkeypatch.setitem(
        nominations._GROUND, "honors_nominationstep_follows", errors.OTHER_WORDS
    )
    monkeypatch.setitem(
        nominations._GROUND, "honors_nomination_stepped", errors.OTHER_WORDS
    )
    nomination, calls = two_deciding

    outcomes = at_once(calls)

    nos = [one.codes for one in outcomes if isinstance(one, Refusal)]
    assert {"moved_on"} not in nos
