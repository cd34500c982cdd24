"""公示: put up, counted anew, approved when it is over; and whom it lets be conferred."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from common.errors import Refusal
from honors import services
from honors.enums import (
    NominationState,
    ObjectionState,
)
from honors.models import Honoree, Nomination, Objection, PublicNotice
from honors.services import nominations, noticeperiods, objections, publicnotices
from members.models import Certificate, Notice
from members.services import certificates
from tests.concurrency import at_once
from tests.factories import make_user, make_worker_with_login
from tests.honors.nominations import (
    know_days_off,
    make_call,
    make_nomination,
    make_secretary,
    put_up,
)
from tests.honors.objections import object_to

pytestmark = pytest.mark.django_db
S = NominationState


@pytest.fixture
def secretary():
    return make_secretary()


@pytest.fixture(autouse=True)
def days_off_known():
    know_days_off()


def facts(**changed):
    return {
        "title": "关于示例称号拟推荐人选的公示",
        "lead": "现将拟推荐人选公示如下。",
        "starts_on": timezone.localdate(),
        "phone": "0812-0000000",
        "email": "",
        "address": "示例路1号",
        "office": "示例总工会",
    } | changed


def publish(edition, by, **changed):
    people = Nomination.objects.filter(edition=edition, state=S.SHORTLISTED)
    return publicnotices.publish(
        edition=edition,
        people=set(people.values_list("pk", flat=True)),
        facts=facts(**changed),
        summaries={},
        by=by,
    )


def refused(act, *args, **kwargs) -> set:
    try:
        act(*args, **kwargs)
    except Refusal as refusal:
        return refusal.codes
    return set()


def shortlisted(n=1, edition=None, **fields):
    edition = edition or make_call()
    return [make_nomination(S.SHORTLISTED, edition=edition, **fields) for _ in range(n)]


def noticed(n=1, edition=None, **fields):
    """So many on a notice that was over long ago."""
    edition = edition or make_call()
    people = [
        make_nomination(S.CITY_NOTICE, edition=edition, **fields) for _ in range(n)
    ]
    return people, put_up(people)


# --- putting it up


def test_publish_shows_the_shortlist_by_strokes_and_tells_the_nominee(secretary):
    edition = make_call()
    worker = make_worker_with_login()
    for name in ("高大富", "丁小宁", "高富"):
        make_nomination(S.SHORTLISTED, edition=edition, name=name, worker=worker)
        worker = None

    notice = publish(edition, secretary)

    assert list(notice.entries.values_list("number", "name")) == [
        (1, "丁小宁"), (2, "高富"), (3, "高大富"),
    ]  # fmt: skip
    states = Nomination.objects.filter(edition=edition).values_list("state", flat=True)
    assert set(states) == {S.CITY_NOTICE}
    assert Notice.objects.filter(kind="honors.nominee_noticed").count() == 1


def test_publish_counts_as_the_edition_says(secretary):
    edition = make_call(notice_days=7, first_day_counts=False)
    shortlisted(edition=edition)
    start = timezone.localdate() + timedelta(days=1)

    notice = publish(edition, secretary, starts_on=start)

    assert notice.ends_on == noticeperiods.end_of_period(start, 7, first_counts=False)


def test_publish_is_refused_to_others_and_for_a_list_that_moved(secretary):
    (one,) = shortlisted()
    seen = {"edition": one.edition, "facts": facts(), "summaries": {}}

    assert refused(publicnotices.publish, **seen, people={one.pk}, by=make_user()) == {
        "not_from_here"
    }
    shortlisted(edition=one.edition)
    assert refused(publicnotices.publish, **seen, people={one.pk}, by=secretary) == {
        "list_moved"
    }
    one.refresh_from_db()
    assert one.state == S.SHORTLISTED
    assert not PublicNotice.objects.exists()


def test_publish_says_each_fault_at_its_field(secretary):
    (one,) = shortlisted()
    yesterday = timezone.localdate() - timedelta(days=1)

    with pytest.raises(Refusal) as refusal:
        publicnotices.publish(
            edition=one.edition,
            people={one.pk},
            facts=facts(phone=" ", starts_on=yesterday),
            summaries={one.pk: "字" * 61},
            by=secretary,
        )

    fields = {reason.field for reason in refusal.value.reasons}
    assert fields == {"phone", "starts_on", f"summary-{one.pk}"}


# --- counted anew


def test_correcting_somebody_on_a_notice_counts_its_days_anew(secretary):
    first, second = shortlisted(2)
    notice = publish(first.edition, secretary)
    first.refresh_from_db()

    nominations.correct(
        nomination=first, version=first.version, facts={"position": "轧钢工"},
        by=secretary,
    )  # fmt: skip

    notice.refresh_from_db()
    again = notice.restarted_as
    assert notice.stopped_at
    assert again.starts_on == timezone.localdate()
    assert {e.position for e in again.entries.all()} == {"轧钢工", second.position}
    assert {e.position for e in notice.entries.all()} == {second.position}


def test_correcting_nothing_leaves_the_notice_alone(secretary):
    (one,) = shortlisted()
    notice = publish(one.edition, secretary)
    one.refresh_from_db()

    nominations.correct(
        nomination=one, version=one.version, facts={"name": one.name}, by=secretary
    )

    notice.refresh_from_db()
    assert notice.stopped_at is None


def test_restart_twice_is_once_and_keeps_only_who_is_still_on_it(secretary):
    first, second = shortlisted(2)
    notice = publish(first.edition, secretary)
    second.refresh_from_db()
    nominations.reject(nomination=second, by=secretary, reason="本人放弃")

    one = noticeperiods.restart(notice=notice, reason="电话有误", by=secretary)
    two = noticeperiods.restart(notice=notice, reason="电话有误", by=secretary)

    assert one == two
    assert [entry.nomination for entry in one.entries.all()] == [first]


def test_approval_waits_for_the_new_period(secretary):
    (one,), notice = noticed()
    nominations.correct(
        nomination=one, version=one.version, facts={"position": "轧钢工"}, by=secretary
    )

    assert refused(publicnotices.approve, notice=notice, by=secretary) == {
        "notice_stopped"
    }
    notice.refresh_from_db()
    assert refused(publicnotices.approve, notice=notice.restarted_as, by=secretary) == {
        "notice_not_over"
    }
    one.refresh_from_db()
    # the table says so too
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        nominations.advance(nomination=one, to=S.APPROVED, by=secretary)
    assert refusal.value.codes == {"not_noticed"}


# --- approving


def test_approve_takes_everybody_when_the_days_are_over(secretary):
    people, notice = noticed(2)

    approved = publicnotices.approve(notice=notice, by=secretary, ground="会议纪要1号")

    assert {nomination.pk for nomination in approved} == {p.pk for p in people}
    assert {nomination.state for nomination in approved} == {S.APPROVED}
    assert publicnotices.approve(notice=notice, by=secretary) == []


def test_approve_on_the_last_day_is_refused_and_to_others_always(secretary):
    (one,), over = noticed()
    running, now = shortlisted(), None
    now = publish(running[0].edition, secretary)

    assert refused(publicnotices.approve, notice=now, by=secretary) == {
        "notice_not_over"
    }
    assert refused(publicnotices.approve, notice=over, by=make_user()) == {
        "not_from_here"
    }
    one.refresh_from_db()
    assert one.state == S.CITY_NOTICE


def test_open_objection_holds_up_whom_it_is_about_and_nobody_else(secretary):
    (first, second), notice = noticed(2)
    objection = object_to(notice, secretary, nomination=first)

    approved = publicnotices.approve(notice=notice, by=secretary)

    assert [nomination.pk for nomination in approved] == [second.pk]
    assert refused(publicnotices.approve, notice=notice, by=secretary) == {
        "objection_open"
    }
    first.refresh_from_db()
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        nominations.advance(nomination=first, to=S.APPROVED, by=secretary)
    assert refusal.value.codes == {"objection_open"}
    objections.investigate(objection=objection, by=secretary)
    objections.dismiss(objection=objection, outcome="查无此事", by=secretary)
    assert len(publicnotices.approve(notice=notice, by=secretary)) == 1


def test_open_objection_to_the_list_holds_up_everybody(secretary):
    _people, notice = noticed(2)
    object_to(notice, secretary)

    assert refused(publicnotices.approve, notice=notice, by=secretary) == {
        "objection_open"
    }


def test_objection_to_a_stopped_notice_still_holds_up(secretary):
    (one,), notice = noticed()
    object_to(notice, secretary, nomination=one)
    noticeperiods.restart(notice=notice, reason="电话有误", by=secretary)

    assert publicnotices.opposed_on([one]) == {one.pk}


# --- the race


def _race(secretary, notice, nomination, about=None):
    """A letter is entered and an approval made at the same moment; who came through."""

    def object_slowly():
        with transaction.atomic():
            object_to(notice, secretary, nomination=about)
            entered.set()
            # its transaction stays open while the approval looks
            approving.wait(2)

    def approve():
        entered.wait(20)
        timer = threading.Timer(0.5, approving.set)
        timer.start()
        return publicnotices.approve(notice=notice, by=secretary)

    entered, approving = threading.Event(), threading.Event()
    _filed, approved = at_once([object_slowly, approve])
    assert not isinstance(approved, Refusal) or approved.codes == {"objection_open"}
    nomination.refresh_from_db()
    open_ones = Objection.objects.filter(state=ObjectionState.RECEIVED).exists()
    return open_ones and nomination.state == S.APPROVED


@pytest.mark.django_db(transaction=True)
def test_objection_and_approval_at_once_never_both_come_through(secretary):
    (one,), notice = noticed()
    (other,), another = noticed()

    assert not _race(secretary, notice, one)
    assert not _race(secretary, another, other, about=other)


@pytest.mark.django_db(transaction=True)
def test_objection_and_approval_would_both_come_through_without_the_lock(
    secretary, monkeypatch
):
    """The control: nobody waits at the row of the notice, and the race is lost."""
    (one,), notice = noticed()
    monkeypatch.setattr(
        type(PublicNotice.objects.all()), "select_for_update", lambda rows: rows
    )
    _without_locks(("honors_objection", "rules_"), ("honors_nominationstep", "gate_"))

    assert _race(secretary, notice, one)


def _without_locks(*triggers):
    """Take FOR UPDATE out of these triggers' functions, until the tables are made anew
    for the next test."""
    with connection.cursor() as cursor:
        for table, name in triggers:
            cursor.execute(
                "SELECT pg_get_functiondef(p.oid) FROM pg_trigger t JOIN pg_proc p "
                "ON p.oid = t.tgfoid WHERE t.tgrelid = %s::regclass AND "
                "t.tgname LIKE %s",
                [table, f"pgtrigger_{name}%"],
            )
            (text,) = cursor.fetchone()
            assert "FOR UPDATE" in text
            changed = text.replace("FOR UPDATE", "")
            _kept.append(text)
            cursor.execute(changed)


_kept = []


@pytest.fixture(autouse=True)
def functions_as_they_were(request):
    yield
    if _kept:
        with connection.cursor() as cursor:
            for text in _kept:
                cursor.execute(text)
        _kept.clear()


# --- conferring


def approved_in(secretary, n=1, **fields):
    people, notice = noticed(n, **fields)
    publicnotices.approve(notice=notice, by=secretary)
    return people, notice


def test_confer_edition_copies_who_was_approved_with_a_certificate(secretary):
    worker = make_worker_with_login()
    (one,), _notice = approved_in(secretary, name="吕䶮", worker=worker)
    edition = one.edition

    services.confer_edition(edition=edition, by=secretary)
    services.confer_edition(edition=edition, by=secretary)

    honoree = Honoree.objects.get(edition=edition)
    assert (honoree.name, honoree.employer) == ("吕䶮", one.employer)
    one.refresh_from_db()
    assert one.state == S.CONFERRED
    certificate = Certificate.objects.get()
    assert honoree.certificate == certificate
    assert certificates.verify(honoree.cert_no).holder_name == "吕䶮"
    assert Notice.objects.filter(kind="honors.nominee_conferred").count() == 1


def test_confer_edition_gives_a_group_and_who_is_no_worker_a_certificate(secretary):
    (one,), _notice = approved_in(secretary, name="示例炼铁厂高炉班组", is_group=True)

    services.confer_edition(edition=one.edition, by=secretary)

    assert Certificate.objects.get().holder_name == "示例炼铁厂高炉班组"


def test_confer_edition_waits_for_an_objection_to_who_would_be_conferred(secretary):
    """A letter may come after the approval, with a postmark of the days."""
    (one,), notice = approved_in(secretary)
    objection = object_to(notice, secretary, nomination=one)

    assert refused(services.confer_edition, edition=one.edition, by=secretary) == {
        "objection_open"
    }
    assert not Honoree.objects.exists()
    objections.investigate(objection=objection, by=secretary)
    objections.uphold(objection=objection, outcome="属实", by=secretary)
    one.refresh_from_db()
    assert one.state == S.REJECTED
    assert refused(services.confer_edition, edition=one.edition, by=secretary) == {
        "nobody_to_confer"
    }


def test_confer_edition_takes_who_was_held_up_later(secretary):
    (first, second), notice = noticed(2)
    objection = object_to(notice, secretary, nomination=first)
    publicnotices.approve(notice=notice, by=secretary)
    services.confer_edition(edition=first.edition, by=secretary)
    assert Honoree.objects.get().nomination == second

    objections.investigate(objection=objection, by=secretary)
    objections.dismiss(objection=objection, outcome="不属实", by=secretary)
    publicnotices.approve(notice=notice, by=secretary)
    services.confer_edition(edition=first.edition, by=secretary)

    assert Honoree.objects.count() == 2


def test_confer_by_hand_into_a_chosen_edition_is_refused(secretary):
    (one,), _notice = approved_in(secretary)

    assert refused(
        services.confer, edition=one.edition, name="旁人", employer="别处", by=secretary
    ) == {"not_approved"}


def test_revoke_moves_the_nomination_and_ends_the_certificate(secretary):
    (one,), _notice = approved_in(secretary)
    services.confer_edition(edition=one.edition, by=secretary)
    honoree = Honoree.objects.get()
    first = honoree.certificate

    services.revoke(honoree=honoree, reason="查实造假", by=secretary)

    one.refresh_from_db()
    first.refresh_from_db()
    assert one.state == S.REVOKED
    assert first.revoked_at

    services.reinstate(honoree=honoree, by=secretary)

    one.refresh_from_db()
    honoree.refresh_from_db()
    assert one.state == S.CONFERRED
    assert honoree.certificate != first
    assert honoree.certificate.revoked_at is None
