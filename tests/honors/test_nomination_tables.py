"""What the tables of nominations refuse, whoever asks without the verbs."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from honors.enums import MOVES, NominationRole, NominationState
from honors.models import Nomination, NominationStep
from tests.factories import make_user, make_worker
from tests.honors.nominations import make_call, make_nomination, walk, way_to

pytestmark = pytest.mark.django_db
S = NominationState


def refuses(act) -> str:
    """The constraint that refused; empty when nothing did."""
    try:
        with transaction.atomic():
            act()
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    return ""


def test_steps_refuse_every_skipped_one_and_every_foreign_capacity():
    """From each state: all other states in all capacities, and only MOVES come
    through."""
    edition = make_call()
    by, wrong = make_user(), []
    for start in S:
        nomination = make_nomination(start, edition=edition)
        for end in S:
            for role in NominationRole:
                is_legal = role in MOVES.get((start, end), ())
                with transaction.atomic():
                    refused = refuses(
                        lambda n=nomination, e=end, r=role: walk(n, e, by=by, role=r)
                    )
                    transaction.set_rollback(True)
                nomination.refresh_from_db()
                expected = "" if is_legal else "honors_nominationstep_legal"
                if refused != expected:
                    wrong.append((start, end, role, refused))
    assert wrong == []


def test_state_without_its_step_is_refused():
    nomination = make_nomination(S.UNIT_NOTICE)

    for state in (S.UNIT_SUBMITTED, S.CONFERRED):
        rows = Nomination.objects.filter(pk=nomination.pk)
        refused = refuses(lambda rows=rows, to=state: rows.update(state=to))
        assert refused == "honors_nomination_stepped"


def test_nomination_begins_as_a_draft():
    nomination = make_nomination()
    nomination.pk, nomination.state = None, S.APPROVED
    nomination._state.adding = True

    assert refuses(nomination.save) == "honors_nomination_begins"


def test_step_from_a_state_that_is_over_is_refused():
    nomination = make_nomination(S.COUNTY_REVIEW)
    late = Nomination.objects.get(pk=nomination.pk)
    late.state = S.UNIT_SUBMITTED  # as a second reviewer still sees it

    assert refuses(lambda: walk(late, S.REJECTED)) == "honors_nominationstep_follows"


def test_who_nominated_does_not_judge():
    by = make_user()
    nomination = make_nomination(S.UNIT_NOTICE)
    walk(nomination, S.UNIT_SUBMITTED, by=by)

    refused = refuses(lambda: walk(nomination, S.COUNTY_REVIEW, by=by))

    assert refused == "honors_nominationstep_apart"


def test_steps_are_for_good():
    nomination = make_nomination(S.UNIT_NOTICE)

    steps = NominationStep.objects.all()
    for act in (
        lambda: steps.update(reason="改"),
        lambda: steps._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert nomination.steps.get().reason == "示例原因"


@pytest.mark.parametrize(
    ("state", "may"), [(S.DRAFT, True), (S.UNIT_NOTICE, False), (S.JURY, False)]
)
def test_words_change_only_where_they_may(state, may):
    nomination = make_nomination(state)
    before = nomination.content_digest
    nomination.deeds = "改过的事迹。"

    assert refuses(nomination.save) == ("" if may else "honors_nomination_fixed")

    nomination.refresh_from_db()
    assert (nomination.content_digest != before) == may
    assert nomination.version == (2 if may else 1)


def test_submission_waits_for_the_end_of_a_notice_of_the_same_words():
    nomination = make_nomination(S.UNIT_NOTICE)
    nomination.unit_notice_until = timezone.localdate()

    assert refuses(lambda: walk(nomination, S.UNIT_SUBMITTED)) == (
        "honors_nomination_noticed"
    )

    nomination = make_nomination(S.RETURNED)
    nomination.brief = "公示以后改过。"
    nomination.save()
    nomination.refresh_from_db()

    assert refuses(lambda: walk(nomination, S.UNIT_SUBMITTED)) == (
        "honors_nomination_noticed"
    )


def test_submission_after_the_end_is_refused_by_the_database():
    edition = make_call()
    nomination = make_nomination(S.UNIT_NOTICE, edition=edition)
    edition.nominations_close_at = timezone.now() - timedelta(milliseconds=1)
    edition.save()

    refused = refuses(lambda: walk(nomination, S.UNIT_SUBMITTED))

    assert refused == "honors_nomination_in_time"


def test_worker_is_nominated_once_an_edition_until_it_is_over():
    worker, edition = make_worker(), make_call()
    first = make_nomination(worker=worker, edition=edition)

    assert refuses(lambda: make_nomination(worker=worker, edition=edition)) == (
        "honors_nomination_one_live"
    )

    walk(first, S.WITHDRAWN)
    make_nomination(worker=worker, edition=edition)


@pytest.mark.parametrize(("field", "most"), [("brief", 500), ("deeds", 2000)])
def test_text_past_its_limit_stays_a_draft(field, most):
    """A rare character counts as one; blanks and line ends as none."""
    fits = make_nomination(**{field: "𠮷 \n" * most})
    walk(fits, S.UNIT_NOTICE)

    long = make_nomination(**{field: "𠮷" * (most + 1)})

    assert refuses(lambda: walk(long, S.UNIT_NOTICE)) == (
        f"honors_nomination_{field}_within_limit"
    )


def test_way_to_every_state_is_legal():
    for state in S:
        way = [S.DRAFT, *way_to(state)]
        assert all(step in MOVES for step in zip(way, way[1:], strict=False))
