"""Hours: written down from evidence, confirmed by another, chained, disputed, corrected."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from common.errors import Refusal
from members.models import Notice
from tests.concurrency import at_once
from tests.factories import make_worker_with_login
from tests.volunteers.services import (
    HOUR,
    begun,
    behind_the_back,
    days_later,
    make_coordinator,
    make_deputy,
    make_event,
    make_led_team,
    served,
    shift,
    sign_up,
    tap,
)
from volunteers.enums import Evidence, HoursState, RecordState
from volunteers.models import ServiceRecord
from volunteers.services import chain, hours
from volunteers.services.day import ABSENT, HERE, Line, note_roster

pytestmark = pytest.mark.django_db


def confirm(*records, by=None):
    return hours.confirm(records=records, by=by or make_coordinator())


def refused(verb, **asked):
    with pytest.raises(Refusal) as caught:
        verb(**asked)
    return caught.value.codes


def standing(record):
    return ServiceRecord.objects.with_state().get(pk=record.pk).standing


def by_sql(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


# --- from evidence to minutes


def test_close_day_reckons_from_taps_within_the_services_own_times():
    """Came half an hour early, went before the end."""
    event = make_event(hours=2)
    signup = sign_up(event)
    begun(event, ago=timedelta(minutes=-20))
    tap(signup)
    begun(event, ago=90 * timedelta(minutes=1))
    tap(signup, out=True)
    shift(event, to=event.starts_at - HOUR)
    row = signup.attendances.get()
    row.arrived_at, row.left_at = event.starts_at - HOUR / 2, event.ends_at - HOUR / 2
    row.save()

    [record] = hours.close_day(event=event, by=event.team.leader.user)

    assert (record.minutes, record.length) == (90, 120)
    assert (record.evidence_in, record.evidence_out) == (Evidence.CODE, Evidence.CODE)
    assert record.state == RecordState.RECORDED


def test_close_day_waits_for_who_forgot_to_check_out_to_be_filled_in_with_a_reason():
    event = make_event(hours=2)
    signup = sign_up(event)
    begun(event, ago=HOUR)
    tap(signup)
    shift(event, to=event.starts_at - 2 * HOUR)
    row = signup.attendances.get()
    row.arrived_at = event.starts_at
    row.save()
    leader = event.team.leader.user

    assert refused(hours.close_day, event=event, by=leader) == {"out_missing"}
    line = Line(signup.pk, left_at=event.ends_at - HOUR)
    assert refused(note_roster, event=event, lines=[line], by=leader) == {
        "needs_reason"
    }
    line = Line(signup.pk, left_at=event.ends_at - HOUR, reason="手机没电")
    note_roster(event=event, lines=[line], by=leader)
    [record] = hours.close_day(event=event, by=leader)

    assert (record.minutes, record.evidence_out) == (60, Evidence.FILLED)
    assert record.evidence_in == Evidence.CODE
    assert record.reason == "手机没电"


def test_close_day_twice_writes_once():
    event, [record] = served()

    assert hours.close_day(event=event, by=event.team.leader.user) == [record]
    assert ServiceRecord.objects.count() == 1


def test_roster_written_long_after_is_no_evidence():
    event = make_event()
    signup = sign_up(event)
    begun(event, ago=30 * HOUR)
    line = Line(signup.pk, HERE, event.starts_at, event.ends_at, "没有手机")
    note_roster(event=event, lines=[line], by=event.team.leader.user)

    [record] = hours.close_day(event=event, by=event.team.leader.user)

    assert record.state == RecordState.UNPROVEN
    by = make_coordinator()
    assert refused(hours.confirm, records=[record], by=by) == {"not_recorded"}
    proved = hours.prove(record=record, reason="合影第二排左三", by=by)
    assert refused(hours.confirm, records=[proved], by=by) == {"prover_not_confirmer"}
    assert confirm(proved)[0].evidence_in == Evidence.PROOF


def test_absent_and_unmarked_people_get_no_record():
    event = make_event()
    absent = sign_up(event)
    sign_up(event)
    begun(event, ago=4 * HOUR)
    leader = event.team.leader.user
    note_roster(event=event, lines=[Line(absent.pk, ABSENT)], by=leader)

    assert hours.close_day(event=event, by=leader) == []


# --- the table refuses


def test_record_longer_than_its_service_is_refused_by_the_table():
    _event, [record] = served(hours=2)

    for column in ("minutes", "minutes = 600, length"):
        with pytest.raises(IntegrityError):
            by_sql(
                f"UPDATE volunteers_servicerecord SET {column} = 600 WHERE id = %s",
                record.pk,
            )


def test_recorder_as_confirmer_is_refused_by_the_table():
    event, [record] = served()
    leader = event.team.leader.user

    assert refused(hours.confirm, records=[record], by=leader) == {
        "recorder_not_confirmer"
    }
    record.state, record.confirmed_by = RecordState.CONFIRMED, leader
    record.confirmed_at = record.public_until = timezone.now()
    with pytest.raises(IntegrityError, match="recorder_not_confirmer"):
        chain.append([record])


def test_person_as_confirmer_of_their_own_hours_is_refused_by_the_table():
    team = make_led_team()
    deputy = make_deputy(team)
    _event, [record] = served(team=team, worker=deputy)

    assert refused(hours.confirm, records=[record], by=deputy.user) == {"not_ones_own"}
    record.state, record.confirmed_by = RecordState.CONFIRMED, deputy.user
    record.confirmed_at = record.public_until = timezone.now()
    with pytest.raises(IntegrityError, match="of their own"):
        chain.append([record])


def test_leader_of_another_team_confirms_nothing():
    _event, [record] = served()
    stranger = make_led_team().leader.user

    assert refused(hours.confirm, records=[record], by=stranger) == {"not_run_by"}


def test_confirmed_record_is_changed_and_deleted_by_nobody():
    _event, [record] = served()
    confirm(record)

    for sql in (
        "UPDATE volunteers_servicerecord SET minutes = 1",
        "DELETE FROM volunteers_servicerecord",
    ):
        with pytest.raises(IntegrityError, match="never changes"):
            by_sql(sql)


# --- the chain


def three_links():
    _event, records = served(people=3)
    confirm(*records)
    return list(ServiceRecord.objects.order_by("number"))


def test_chain_holds_and_grows_with_corrections_and_voids():
    first, second, _third = three_links()
    deputy = make_deputy(first.event.team).user
    for record, minutes in ((first, 30), (second, 0)):
        made = hours.correct(record=record, minutes=minutes, reason="记错", by=deputy)
        confirm(made)

    out = StringIO()
    call_command("verify_hours", stdout=out)

    assert out.getvalue().startswith("5 links hold")
    assert standing(first) == HoursState.CORRECTED
    assert standing(second) == HoursState.CORRECTED
    assert ServiceRecord.objects.in_force().total()["minutes"] == 30 + 120


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE volunteers_servicerecord SET minutes = 119 WHERE number = 2", "Link 2 is changed"),
        ("UPDATE volunteers_servicerecord SET worker_id = (SELECT worker_id FROM volunteers_servicerecord WHERE number = 1) WHERE number = 3", "Link 3 is changed"),
        ("UPDATE volunteers_servicerecord SET confirmed_by_id = recorded_by_id WHERE number = 1", "Link 1 is changed"),
        ("DELETE FROM volunteers_servicerecord WHERE number = 2", "Link 2 is missing"),
        ("UPDATE volunteers_servicerecord SET state = 'dropped' WHERE number = 2", "Link 2 is changed"),
    ],
)  # fmt: skip
def test_verify_hours_names_the_first_link_touched_behind_the_triggers(sql, broken):
    three_links()
    # the table's own checks stand in the way as well: taken off, as an owner could
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE volunteers_servicerecord DROP CONSTRAINT"
            " volunteers_servicerecord_recorder_not_confirmer,"
            " DROP CONSTRAINT volunteers_servicerecord_confirmed_whole"
        )
        cursor.execute("DROP INDEX volunteers_servicerecord_once")
    behind_the_back(sql)

    with pytest.raises(CommandError, match=broken):
        call_command("verify_hours", stdout=StringIO())


def test_verify_hours_finds_a_link_reckoned_anew_and_a_chain_cut_off():
    one, two, three = three_links()
    known = f"3:{three.digest}"
    two.minutes = 1
    forged = chain.digest_of(two)
    behind_the_back(
        "UPDATE volunteers_servicerecord SET minutes = 1, digest = %s WHERE id = %s",
        forged,
        two.pk,
    )

    with pytest.raises(CommandError, match="Link 3 is unlinked"):
        call_command("verify_hours", stdout=StringIO())

    behind_the_back("DELETE FROM volunteers_servicerecord WHERE number > 1")
    call_command("verify_hours", stdout=StringIO())
    with pytest.raises(CommandError, match="Link 2 is missing"):
        call_command("verify_hours", known, stdout=StringIO())
    assert one.number == 1


@pytest.mark.django_db(transaction=True)
def test_two_confirmers_at_once_make_one_link_each():
    team = make_led_team()
    _event, records = served(team=team, people=3)
    people = [make_coordinator(), make_deputy(team).user]

    outcomes = at_once(
        [lambda by=by: hours.confirm(records=records, by=by) for by in people]
    )

    assert sorted(len(made) for made in outcomes) == [0, 3]
    assert chain.verify().links == 3


@pytest.mark.django_db(transaction=True)
def test_confirmers_of_two_teams_at_once_make_one_chain():
    made = [served(people=2)[1] for _ in range(3)]
    people = [make_coordinator() for _ in made]

    at_once(
        [
            lambda rows=rows, by=by: hours.confirm(records=rows, by=by)
            for rows, by in zip(made, people, strict=True)
        ]
    )

    verdict = chain.verify()
    assert (verdict.links, verdict.broken) == (6, None)


# --- publicised, disputed, certifiable


def test_confirmed_hours_are_publicised_for_seven_whole_days_and_told():
    worker = make_worker_with_login()
    _event, [record] = served(worker=worker)

    [record] = confirm(record)

    assert record.public_until - record.confirmed_at >= timedelta(days=7)
    assert standing(record) == HoursState.PUBLICISED
    assert not ServiceRecord.objects.certifiable().exists()
    told = Notice.objects.filter(user=worker.user, kind="volunteers.hours_recorded")
    assert told.count() == 1
    days_later(record)
    assert standing(record) == HoursState.CERTIFIABLE
    assert ServiceRecord.objects.certifiable().get() == record


def disputed(minutes_of=None):
    worker = make_worker_with_login()
    event, [record] = served(worker=worker)
    confirm(record)
    made = hours.dispute(record=record, worker=worker, text="少算了", by=worker.user)
    return event, record, worker, made


def test_dispute_keeps_hours_from_being_certified_until_it_is_answered():
    event, record, worker, made = disputed()
    days_later(record)

    told = Notice.objects.get(kind="volunteers.hours_disputed")
    assert told.user == event.team.leader.user
    assert standing(record) == HoursState.DISPUTED
    assert not ServiceRecord.objects.certifiable().exists()
    hours.answer_dispute(
        dispute=made, minutes=None, answer="与签到一致", by=event.team.leader.user
    )

    assert ServiceRecord.objects.certifiable().get() == record
    told = Notice.objects.filter(user=worker.user, kind="volunteers.dispute_answered")
    assert told.count() == 1


def test_dispute_upheld_counts_the_old_hours_until_somebody_else_confirms_the_new():
    event, record, _worker, made = disputed()
    leader = event.team.leader.user
    days_later(record)
    hours.answer_dispute(dispute=made, minutes=100, answer="补记", by=leader)
    correction = record.successors.get()

    assert not ServiceRecord.objects.certifiable().exists()
    assert ServiceRecord.objects.in_force().get() == record
    assert refused(hours.confirm, records=[correction], by=leader) == {
        "recorder_not_confirmer"
    }
    confirm(correction)
    assert ServiceRecord.objects.in_force().get().minutes == 100
    record.refresh_from_db()
    assert record.minutes == 120


def test_dispute_is_for_ones_own_publicised_hours_once():
    event, record, worker, _made = disputed()
    asked = {"record": record, "text": "再说一次", "by": worker.user}

    assert refused(hours.dispute, worker=worker, **asked) == {"dispute_twice"}
    with pytest.raises(ServiceRecord.DoesNotExist):
        hours.dispute(worker=make_worker_with_login(), **asked)
    _event, [other] = served(team=event.team, worker=worker, starts_in=96 * HOUR)
    asked["record"] = other
    assert refused(hours.dispute, worker=worker, **asked) == {"dispute_early"}
    confirm(other)
    days_later(other)
    assert refused(hours.dispute, worker=worker, **asked) == {"dispute_late"}


def test_leader_corrects_no_hours_of_their_own():
    team = make_led_team()
    _event, [record] = served(team=team, worker=team.leader)
    confirm(record)

    assert refused(
        hours.correct, record=record, minutes=1, reason="x", by=team.leader.user
    ) == {"not_ones_own"}


def test_correction_beyond_the_service_is_refused():
    event, [record] = served(hours=2)
    confirm(record)

    assert refused(
        hours.correct, record=record, minutes=121, reason="x", by=event.team.leader.user
    ) == {"within_length"}


def test_record_given_back_is_written_anew_and_then_confirmed():
    event, [record] = served()
    by = make_coordinator()
    hours.send_back(record=record, reason="中途离开过", by=by)
    record = hours.amend(
        record=record, minutes=60, reason="扣除离开的时间", by=event.team.leader.user
    )

    assert confirm(record, by=by)[0].minutes == 60


def test_sums_say_hours_by_worker_team_and_month():
    worker = make_worker_with_login()
    event, [record] = served(worker=worker)
    confirm(record)
    rows = ServiceRecord.objects.in_force()

    assert rows.minutes_by_worker().get() == {
        "worker": worker.pk,
        "minutes": 120,
        "services": 1,
    }
    assert rows.minutes_by_team().get()["team"] == event.team_id
    assert rows.minutes_by_month().get()["month"] == record.served_on.replace(day=1)
