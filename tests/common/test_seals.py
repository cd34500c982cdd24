"""The audit's chain of seals: nobody touches the audit behind its back."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from common import audit, services
from common.models import AuditEvent, AuditSeal
from tests.concurrency import at_once
from tests.factories import make_user

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def event(*, hours_ago, **fields):
    at = timezone.now() - hours_ago * HOUR
    return AuditEvent.objects.create(at=at, verb="log_in", outcome="done", **fields)


@pytest.fixture
def chain():
    """Three seals over two events each."""
    seals = []
    for hours in (9, 6, 3):
        event(hours_ago=hours, reason="甲")
        event(hours_ago=hours - 1, address="10.0.0.1")
        services.REST, rest = (hours - 1.5) * HOUR, services.REST
        try:
            seals.append(services.seal_audit())
        finally:
            services.REST = rest
    return seals


def behind_the_back(statement, *values):
    """What somebody with all rights over the database can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_seal_audit_puts_every_event_under_one_seal(chain):
    assert [(s.number, s.events) for s in chain] == [(1, 2), (2, 2), (3, 2)]
    assert len({seal.digest for seal in chain}) == 3

    found = services.check_audit()

    assert (found.seals, found.events, found.unsealed) == (3, 6, 0)
    assert found.is_whole


def test_seal_audit_leaves_young_events_and_makes_no_seal_of_nothing(chain):
    assert services.seal_audit() is None

    audit.record("log_in", by=None)

    assert services.seal_audit() is None
    assert services.check_audit().unsealed == 1


@pytest.mark.parametrize(
    "touch",
    [
        "UPDATE {e} SET reason = '乙' WHERE id = %s",
        "UPDATE {e} SET address = NULL WHERE id = %s",
        "UPDATE {e} SET by_id = 7 WHERE id = %s",
        "UPDATE {e} SET outcome = 'failed' WHERE id = %s",
        "UPDATE {e} SET at = at + interval '1 microsecond' WHERE id = %s",
        "DELETE FROM {e} WHERE id = %s",
        "INSERT INTO {e} (at, verb, by_label, of_model, of_key, outcome, reason,"
        " before, after, request_id) SELECT at, verb, by_label, of_model, of_key,"
        " outcome, reason, before, after, request_id FROM {e} WHERE id = %s",
    ],
)
def test_check_audit_finds_a_changed_removed_or_inserted_event_under_its_seal(
    chain, touch
):
    events = list(AuditEvent.objects.order_by("pk"))
    third = events[3 if "address" in touch else 2]

    behind_the_back(touch.format(e="common_auditevent"), third.pk)

    found = services.check_audit()
    assert (found.touched, found.missing) == ([2], [])
    assert not found.is_whole


def test_check_audit_finds_a_seal_made_again_that_does_not_fit_the_next(chain):
    events = AuditEvent.objects.order_by("pk")
    behind_the_back("DELETE FROM common_auditevent WHERE id = %s", events[2].pk)
    sums = services._reckon(chain[0], chain[1].until)
    behind_the_back(
        "UPDATE common_auditseal SET events = %s, addresses = %s, digest = %s"
        " WHERE number = 2",
        sums.events,
        sums.addresses,
        sums.digest(chain[0], sums.addresses),
    )

    assert services.check_audit().touched == [3]


def test_check_audit_finds_a_missing_seal(chain):
    behind_the_back("DELETE FROM common_auditseal WHERE number = 2")

    found = services.check_audit()

    assert (found.missing, found.touched) == ([2], [3])


def test_check_audit_finds_a_chain_cut_off_or_made_again_by_a_seal_kept_elsewhere(
    chain,
):
    known = (3, chain[2].digest)
    assert services.check_audit(known=known).is_whole

    behind_the_back("DELETE FROM common_auditseal WHERE number = 3")
    assert services.check_audit().is_whole, "nothing in the database tells"
    assert services.check_audit(known=known).missing == [3]

    behind_the_back("UPDATE common_auditevent SET reason = '丙' WHERE reason <> ''")
    behind_the_back("DELETE FROM common_auditseal")
    assert services.seal_audit().number == 1
    assert services.check_audit().is_whole
    assert services.check_audit(known=(1, chain[0].digest)).touched == [1]


def test_seal_audit_table_lets_nothing_be_changed(chain):
    for deed in (AuditSeal.objects.all().delete, chain[0].save):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            deed()


def test_check_audit_passes_after_somebody_is_forgotten():
    user = make_user(name="示例某")
    event(hours_ago=2, by=user, by_label="示例某")
    services.seal_audit()

    audit.forget(user)

    assert AuditEvent.objects.get(by=user).by_label == ""
    assert services.check_audit().is_whole


def test_forget_addresses_after_half_a_year_breaks_no_seal():
    old, young = (event(hours_ago=days * 24, address="10.0.0.1") for days in (184, 182))
    services.seal_audit()

    assert services.forget_addresses() == 1

    addresses = dict(AuditEvent.objects.values_list("pk", "address"))
    assert addresses == {old.pk: None, young.pk: "10.0.0.1"}
    assert services.check_audit().is_whole
    behind_the_back("UPDATE common_auditevent SET reason = '乙' WHERE address IS NULL")
    assert services.check_audit().touched == [1]


@pytest.mark.django_db(transaction=True)
def test_seal_audit_waits_for_an_event_of_a_transaction_under_way(monkeypatch):
    """An event bears the time at which its transaction began, and appears at its end."""
    monkeypatch.setattr(services, "REST", timedelta(0))
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            audit.record("log_in", by=None)
            begun.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(10)
    audit.record("log_out", by=None)

    assert services.seal_audit() is None, "the later event waits for the earlier one"
    go_on.set()
    thread.join()

    assert services.seal_audit().events == 2
    assert services.check_audit().is_whole


@pytest.mark.django_db(transaction=True)
def test_seal_audit_twice_at_once_makes_one_chain():
    for hours in range(1, 40):
        event(hours_ago=hours)

    seals = at_once([services.seal_audit] * 6)

    assert sorted(s.events for s in seals if s) == [39]
    assert services.check_audit().is_whole


# --- the commands


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_tick_seals_and_says_so_where_the_database_cannot_reach(caplog):
    event(hours_ago=1)

    with caplog.at_level("INFO", "portal.audit"):
        said = run("tick")

    seal = AuditSeal.objects.get()
    assert f"Audit sealed: {seal}" in said
    assert caplog.messages == [f"Audit sealed: {seal}"]
    assert "1" not in seal.digest, "no part of it looks like a number to be masked"


def test_check_audit_command_reports_a_whole_chain(chain):
    assert run("check_audit", str(chain[1])).startswith("6 events under 3 seals, 0 not")


def test_check_audit_command_fails_and_names_what_was_touched(chain):
    behind_the_back("UPDATE common_auditevent SET reason = '丙' WHERE reason <> ''")
    behind_the_back("DELETE FROM common_auditseal WHERE number = 2")
    out = StringIO()

    with pytest.raises(CommandError, match="not what it was"):
        call_command("check_audit", stdout=out, stderr=out)

    assert "touched: 1, 3" in out.getvalue()
    assert "missing: 2" in out.getvalue()


@pytest.mark.parametrize("known", ["x", "1", "1:abc", ":" + "a" * 52, "-1:" + "a" * 52])
def test_check_audit_command_wants_a_seal_as_it_was_printed(known):
    with pytest.raises(CommandError, match="NUMBER:DIGEST"):
        call_command("check_audit", known=known)
