"""Conferring while somebody else confers, or objects: each with its control."""

import threading
from contextlib import suppress

import pytest
from django.db import IntegrityError, transaction

from common.errors import Refusal
from honors import services
from honors.enums import NominationState, ObjectionState
from honors.models import AwardEdition, Honoree, Nomination, Objection, PublicNotice
from honors.services import publicnotices, wall
from members.models import Certificate
from tests.concurrency import at_once
from tests.honors.nominations import (
    know_days_off,
    make_call,
    make_nomination,
    make_secretary,
    put_up,
)
from tests.honors.objections import object_to
from tests.honors.test_publicnotices import (  # noqa: F401  the fixture mends
    _without_locks,
    functions_as_they_were,
)

pytestmark = pytest.mark.django_db(transaction=True)
S = NominationState


@pytest.fixture
def approved():
    know_days_off()
    secretary, edition = make_secretary(), make_call()
    people = [make_nomination(S.CITY_NOTICE, edition=edition) for _ in range(2)]
    notice = put_up(people)
    publicnotices.approve(notice=notice, by=secretary)
    return secretary, notice


def confer_twice(approved, monkeypatch):
    """Two members of staff confer at the same moment; the first waits for the other
    before anybody is honoured. What each got."""
    secretary, notice = approved
    meeting = threading.Barrier(2, timeout=1)
    honour = wall._honour

    def honour_together(*args):
        with suppress(threading.BrokenBarrierError):  # the other waits at the lock
            meeting.wait()
        return honour(*args)

    monkeypatch.setattr(wall, "_honour", honour_together)

    def confer():
        try:
            return services.confer_edition(edition=notice.edition, by=secretary)
        except IntegrityError as error:
            return error

    return at_once([confer, confer])


def test_confer_edition_by_two_at_once_honours_everybody_once(approved, monkeypatch):
    done = confer_twice(approved, monkeypatch)

    assert [type(one) for one in done] == [AwardEdition, AwardEdition]
    assert Honoree.objects.count() == 2
    assert Certificate.objects.count() == 2


def test_confer_edition_by_two_at_once_would_fail_one_without_the_locks(
    approved, monkeypatch
):
    """The control: both find the same people approved, and the table stops one."""
    for model in (AwardEdition, Nomination):
        monkeypatch.setattr(
            type(model.objects.all()), "select_for_update", lambda rows, **how: rows
        )

    done = confer_twice(approved, monkeypatch)

    assert any(isinstance(one, Refusal | IntegrityError) for one in done)
    assert Honoree.objects.count() == 2


def object_and_confer(approved):
    """A letter against somebody is entered while the edition is conferred; whether both
    came through."""
    secretary, notice = approved
    entered, conferring = threading.Event(), threading.Event()
    one = notice.entries.first().nomination

    def object_slowly():
        with transaction.atomic():
            object_to(notice, secretary)
            entered.set()
            conferring.wait(2)

    def confer():
        entered.wait(20)
        threading.Timer(0.5, conferring.set).start()
        return services.confer_edition(edition=notice.edition, by=secretary)

    at_once([object_slowly, confer])
    one.refresh_from_db()
    is_open = Objection.objects.filter(state=ObjectionState.RECEIVED).exists()
    return is_open and one.state == S.CONFERRED


def test_objection_while_conferring_never_lets_both_through(approved):
    assert not object_and_confer(approved)
    assert not Honoree.objects.on_wall().exists()


def test_objection_while_conferring_would_let_both_through_without_the_lock(
    approved, monkeypatch
):
    """The control: nobody waits at the row of the notice."""
    monkeypatch.setattr(
        type(PublicNotice.objects.all()), "select_for_update", lambda rows: rows
    )
    _without_locks(("honors_objection", "rules_"), ("honors_nominationstep", "gate_"))

    assert object_and_confer(approved)
