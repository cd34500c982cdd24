"""Objections: signed, in time, sealed, and dealt with by nobody who is concerned."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from common.errors import Refusal
from common.models import AuditEvent
from honors.enums import NominationState, ObjectionKind, ObjectionSource, ObjectionState
from honors.services import objections
from members.enums import StewardRole
from members.models import Notice, Stewardship
from tests.factories import make_user, make_worker_with_login
from tests.honors.nominations import (
    LONG_AGO,
    make_nomination,
    make_secretary,
    put_up,
)
from tests.honors.objections import object_to

pytestmark = pytest.mark.django_db
S = NominationState
PDF = b"%PDF-1.4 sample %%EOF"


@pytest.fixture
def secretary():
    return make_secretary()


@pytest.fixture
def person():
    return make_nomination(S.CITY_NOTICE)


@pytest.fixture
def notice(person):
    return put_up([person])


def refused(act, *args, **kwargs) -> set:
    try:
        act(*args, **kwargs)
    except Refusal as refusal:
        return refusal.codes
    return set()


def pdf():
    return SimpleUploadedFile("seal.pdf", PDF)


def test_objection_online_is_taken_while_the_notice_runs_only(notice):
    """Of one that is over it is refused by the day of the database."""
    assert refused(object_to, notice, None, source=ObjectionSource.ONLINE) == {
        "notice_over"
    }


@pytest.mark.parametrize(
    ("postmark", "code"),
    [
        (LONG_AGO - timedelta(days=1), {"postmark_outside"}),
        (LONG_AGO, set()),
        (LONG_AGO + timedelta(days=4), set()),
        (LONG_AGO + timedelta(days=5), {"postmark_outside"}),
        (None, {"postmark_missing"}),
    ],
)
def test_objection_by_letter_counts_by_its_postmark(notice, secretary, postmark, code):
    assert refused(object_to, notice, secretary, postmarked_on=postmark) == code


def test_objection_needs_a_name_and_a_phone_and_of_a_unit_its_seal(notice, secretary):
    assert refused(
        object_to, notice, secretary, source=ObjectionSource.LETTER, name=" ", phone="1",
        text="\n",
    ) == {"signer_missing", "phone_missing", "objection_empty"}  # fmt: skip
    unit = {"kind": ObjectionKind.UNIT}
    assert refused(object_to, notice, secretary, **unit) == {
        "signing_unit_missing", "seal_missing",
    }  # fmt: skip
    object_to(notice, secretary, **unit, unit="示例公司", seal=pdf())


def test_objection_sent_twice_is_one(notice, secretary):
    said = {
        "notice": notice, "sent_as": uuid.uuid4(), "kind": ObjectionKind.PERSON, "name": "张三",
        "phone": "13700001234", "text": "事实", "by": secretary, "source": ObjectionSource.LETTER,
        "postmarked_on": LONG_AGO,
    }  # fmt: skip

    first = objections.object_to(**said)

    assert objections.object_to(**said) == first


def test_objection_to_somebody_who_is_not_on_the_list_is_refused(notice, secretary):
    other = make_nomination(S.CITY_NOTICE)

    assert refused(object_to, notice, secretary, nomination=other) == {"not_on_list"}


def test_objection_by_letter_is_entered_by_who_handles_them_only(notice):
    assert refused(object_to, notice, make_user()) == {"not_from_here"}


def test_informant_stands_nowhere_in_the_database(notice, secretary):
    objection = object_to(
        notice, secretary, name="密名甲乙", phone="13755556666", text="只有天知道的事",
        kind=ObjectionKind.UNIT, unit="密名单位丙", seal=pdf(),
    )  # fmt: skip
    objections.investigate(objection=objection, by=secretary)
    objections.note(objection=objection, text="找密名甲乙谈话", by=secretary)
    objections.look(objection=objection, by=secretary)
    objections.dismiss(objection=objection, outcome="密名甲乙所述不实", by=secretary)

    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            for said in ("密名", "13755556666", "只有天知道", "%PDF-1.4 sample"):
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" t WHERE position(%s in t::text) > 0',
                    [said],
                )
                assert cursor.fetchone() == (0,), (table, said)
    opened = objections.look(objection=objection, by=secretary)
    assert opened.said["name"] == "密名甲乙"
    assert [text for _note, text in opened.notes] == ["找密名甲乙谈话"]
    content, kind = objections.open_file(file=objection.files.get(), by=secretary)
    assert (content, kind) == (PDF, "application/pdf")


def test_look_leaves_an_event_each_time(notice, secretary):
    objection = object_to(notice, secretary)

    objections.look(objection=objection, by=secretary)
    objections.look(objection=objection, by=secretary)

    seen = AuditEvent.objects.filter(verb="view_objection", of_key=str(objection.pk))
    assert seen.count() == 2


def test_docket_is_closed_to_the_nominees_unit_and_the_nominee(notice, person):
    """Whatever rights they have: as the nominee, as a steward of the unit or above."""
    objection = object_to(notice, make_secretary())
    of_list = object_to(notice, make_secretary())
    about = object_to(notice, make_secretary(), nomination=person)
    nominee, steward, above, nobody = (make_secretary() for _ in range(4))
    person.worker = make_worker_with_login(union_org=person.unit)
    person.worker.user, person.worker.user_id = nominee, nominee.pk
    type(person.worker).objects.filter(pk=person.worker_id).update(user=nominee)
    type(person).objects.filter(pk=person.pk).update(worker=person.worker)
    for user, union in ((steward, person.unit), (above, person.unit.parent)):
        Stewardship.objects.create(user=user, union_org=union, role=StewardRole.STEWARD)

    for docket in (objection, of_list, about):
        for user in (nominee, steward, above, make_user()):
            assert refused(objections.look, objection=docket, by=user) == {
                "not_your_docket"
            }
            assert refused(
                objections.dismiss, objection=docket, outcome="无", by=user
            ) == {"not_your_docket"}
        objections.look(objection=docket, by=nobody)


def test_new_objection_is_told_to_who_may_open_it_only(notice, person, secretary):
    steward = make_secretary()
    Stewardship.objects.create(
        user=steward, union_org=person.unit, role=StewardRole.STEWARD
    )
    other = make_secretary()

    object_to(notice, secretary, nomination=person)

    told = Notice.objects.filter(kind="honors.objection_received")
    assert {notice.user_id for notice in told} == {other.pk}


def test_uphold_ends_the_nomination_and_says_nothing_of_the_informant(
    notice, person, secretary
):
    person.created_by = make_user()
    person.save()
    objection = object_to(notice, secretary)
    objections.investigate(objection=objection, by=secretary)
    assert refused(
        objections.uphold, objection=objection, outcome="属实", by=secretary
    ) == {"who_missing"}

    objections.uphold(
        objection=objection, outcome="示例反映人说得对", by=secretary, nomination=person
    )

    person.refresh_from_db()
    objection.refresh_from_db()
    assert (person.state, objection.state) == (S.REJECTED, ObjectionState.UPHELD)
    told = Notice.objects.filter(kind="honors.nomination_rejected")
    assert told.filter(user=person.created_by).exists()
    assert not any("示例反映人" in notice.title + notice.body for notice in told)


@pytest.mark.parametrize("verb", [objections.dismiss, objections.uphold])
def test_decision_needs_an_investigation_and_words(notice, person, secretary, verb):
    objection = object_to(notice, secretary, nomination=person)

    assert refused(verb, objection=objection, outcome="无", by=secretary) == {
        "docket_moved"
    }
    objections.investigate(objection=objection, by=secretary)
    assert refused(verb, objection=objection, outcome=" ", by=secretary) == {
        "outcome_missing"
    }
    verb(objection=objection, outcome="有", by=secretary)
    assert refused(verb, objection=objection, outcome="有", by=secretary) == {
        "docket_moved"
    }


def test_receipt_is_answered_with_the_end_of_the_phone_only(notice, secretary):
    objection = object_to(notice, secretary, phone="13755556666")
    printed = objection.printed_receipt.lower()

    assert objections.state_of(receipt=printed, last4="6666") == objection
    for receipt, last4 in (
        (printed, "6667"),
        ("2222-2222-2222", "6666"),
        (printed, ""),
    ):
        assert refused(objections.state_of, receipt=receipt, last4=last4) == {
            "receipt_unknown"
        }
