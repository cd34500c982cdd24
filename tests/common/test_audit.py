"""The audit: what it holds, what it refuses, and what cannot get into it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from common import audit
from common.enums import AuditVerb
from common.errors import Reason, Refusal
from common.middleware import AuditScene, RequestId
from common.models import AuditEvent
from members.models import Worker
from tests.factories import make_user, make_worker

pytestmark = pytest.mark.django_db


def only():
    return AuditEvent.objects.get()


def in_request(deed, **meta):
    """Do ``deed`` within a request that came through the front door."""

    def view(request):
        deed()
        return HttpResponse()

    return RequestId(AuditScene(view))(RequestFactory().post("/x/", **meta))


# --- what it holds


def test_record_event_says_when_who_what_and_how_it_went():
    user, worker = make_user(name="甲示例"), make_worker()

    audit.record("verify_worker", by=user, of=worker, reason="现场核对")

    event = only()
    assert (event.verb, event.outcome, event.reason) == (
        "verify_worker", "done", "现场核对",
    )  # fmt: skip
    assert (event.by, event.by_label) == (user, "甲示例")
    assert (event.of_model, event.of_key) == ("members.worker", str(worker.pk))
    assert event.at.tzinfo is not None


def test_record_time_is_the_databases(monkeypatch):
    monkeypatch.setattr(
        timezone, "now", lambda: timezone.datetime(2001, 1, 1, tzinfo=timezone.UTC)
    )

    audit.record("log_in", by=None)

    with connection.cursor() as cursor:
        cursor.execute("SELECT now() - at < '1 minute' FROM common_auditevent")
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize("nobody", [None, AnonymousUser()])
def test_record_who_is_not_known_is_nobody(nobody):
    audit.record("log_in", by=nobody, outcome="failed")

    assert (only().by_id, only().by_label) == (None, "")


def test_record_of_a_list_names_the_kind_of_row():
    audit.record("export", by=None, of=Worker)

    assert (only().of_model, only().of_key) == ("members.worker", "")


@pytest.mark.parametrize(
    "words", [{"verb": "fly"}, {"verb": "log_in", "outcome": "maybe"}]
)
def test_record_refuses_a_verb_that_is_not_on_the_list(words):
    with pytest.raises(ValueError, match="is not a valid"):
        audit.record(words.pop("verb"), by=None, **words)

    assert not AuditEvent.objects.exists()


def test_record_every_verb_fits_its_column():
    for verb in AuditVerb:
        audit.record(verb, by=None)

    assert AuditEvent.objects.count() == len(AuditVerb)


# --- where it came from


def test_record_event_names_its_request_and_address():
    response = in_request(
        lambda: audit.record("log_in", by=None), REMOTE_ADDR="203.0.113.5"
    )

    assert only().request_id == response["X-Request-Id"]
    assert only().address == "203.0.113.5"


def test_record_without_a_proxy_a_claimed_address_is_not_believed():
    in_request(
        lambda: audit.record("log_in", by=None),
        REMOTE_ADDR="203.0.113.5",
        HTTP_X_FORWARDED_FOR="198.51.100.1",
    )

    assert only().address == "203.0.113.5"


def test_record_behind_the_proxy_the_address_is_the_one_the_proxy_saw(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    in_request(
        lambda: audit.record("log_in", by=None),
        REMOTE_ADDR="127.0.0.1",
        HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.9",
    )

    assert only().address == "203.0.113.9"


@pytest.mark.parametrize("claimed", ["", "unix:", "' OR 1=1", "1.2.3.4\nforged"])
def test_record_address_that_is_none_is_left_out(claimed):
    in_request(lambda: audit.record("log_in", by=None), REMOTE_ADDR=claimed)

    assert only().address is None


def test_record_command_has_neither_address_nor_request():
    audit.record("import_roster", by=None)

    assert (only().address, only().request_id) == (None, "")


# --- what is rolled back and what stays


def test_record_is_rolled_back_with_the_change():
    with pytest.raises(Refusal), transaction.atomic():
        audit.record("transfer_worker", by=None)
        raise Refusal(Reason("no", "不行"))

    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("outcome", ["refused", "failed"])
def test_record_of_a_refusal_stays_although_its_transaction_is_rolled_back(outcome):
    def deed():
        with pytest.raises(Refusal), transaction.atomic():
            audit.record("transfer_worker", by=None, outcome=outcome)
            raise Refusal(Reason("no", "不行"))

    in_request(deed)

    assert only().outcome == outcome


def test_record_of_a_refusal_stays_although_the_view_breaks():
    def deed():
        audit.record("transfer_worker", by=None, outcome="refused")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        in_request(deed)

    assert only().outcome == "refused"


# --- what cannot get in


@pytest.mark.parametrize(
    "char", ["\n", "\r", "\x00", "\x1b", "\x85", "\u2028", "\u2029", "\u202e", "\u200b"]
)
def test_record_nothing_typed_breaks_out_of_its_line(char):
    user = make_user(name=f"甲{char if char != chr(0) else ''}示例")

    audit.record("export", by=user, reason=f"对账{char}2018 log_in", after=f"a{char}b")

    event = only()
    assert event.reason == "对账 2018 log_in"
    assert event.after == "a b"
    assert char not in event.by_label


def test_record_table_refuses_control_characters_too():
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent.objects.create(verb="log_in", outcome="done", reason="a\nb")


@pytest.mark.parametrize(
    "number", ["13912345678", "１３９１２３４５６７８", "51049919900101001X"]
)
def test_record_no_number_that_leads_to_a_person_gets_in(number):
    user = make_user(name=number)

    audit.record("export", by=user, reason=f"联系{number}", before=number)

    event = only()
    assert number not in event.reason + event.by_label + event.before
    assert "***" in event.reason


def test_record_long_reason_is_cut_not_refused():
    audit.record("export", by=None, reason="长" * 500)

    assert len(only().reason) == 200


# --- append-only


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE common_auditevent SET reason = 'x'",
        "UPDATE common_auditevent SET by_label = ''",
        "UPDATE common_auditevent SET by_id = NULL",
        "DELETE FROM common_auditevent",
    ],
)
def test_record_table_itself_refuses_changes(statement):
    audit.record("export", by=make_user(name="甲示例"), reason="对账")

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert (only().reason, only().by_label) == ("对账", "甲示例")


def test_record_is_append_only_through_the_model_too():
    audit.record("export", by=None)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        only().delete()


def test_forget_blanks_a_persons_name_and_nothing_else():
    gone, other = make_user(name="甲示例"), make_user(name="乙示例")
    audit.record("log_in", by=gone, reason="r")
    audit.record("log_in", by=other)

    with transaction.atomic():
        audit.forget(gone)

    assert list(AuditEvent.objects.order_by("pk").values_list("by_id", "by_label")) == [
        (gone.pk, ""),
        (other.pk, "乙示例"),
    ]
    assert AuditEvent.objects.filter(reason="r").exists()


@pytest.mark.parametrize(
    "change", ["reason = 'x'", "by_label = 'x'", "by_label = '', by_id = NULL"]
)
def test_forget_allows_no_other_change(change):
    audit.record("export", by=make_user(name="甲示例"))

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT set_config('portal.forgetting', 'on', true)")
        cursor.execute(f"UPDATE common_auditevent SET {change}")


def test_forget_leaves_the_table_append_only_afterwards():
    user = make_user(name="甲示例")
    audit.record("export", by=user)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        audit.forget(make_user())
        AuditEvent.objects.update(by_label="")


def test_record_stays_as_it_was_when_an_account_is_deleted():
    user = make_user(name="甲示例")
    number = user.pk
    audit.record("log_in", by=user)

    user.delete()

    assert (only().by_id, only().by_label) == (number, "甲示例")
