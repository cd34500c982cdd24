"""How the desk asks the database: few round trips, and a plan that a rush cannot spoil."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from common.errors import Refusal
from signups.models import Signup
from signups.services import seats
from tests.factories import make_offering, make_worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def new_connection():
    """One that knows nothing of the desk yet."""
    connection.close()
    connection.ensure_connection()


def plan_of(call):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN EXECUTE {call}")
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("call", ["signups_take (0, 0, NULL)", "signups_seat_left (0)"])
def test_plan_made_on_empty_tables_reads_none_of_them_whole(new_connection, call):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE signups_signup, signups_seatpool, signups_offering")

    seats._prepare()

    plan = plan_of(call)
    assert "Index" in plan
    assert "Seq Scan" not in plan


def test_other_statements_may_still_read_a_table_whole(new_connection):
    seats._prepare()

    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)


def test_a_seat_is_one_statement_and_a_place_in_the_queue_one_more():
    offering = make_offering(capacity=1)
    seats._prepare()
    workers = make_worker(), make_worker()

    sent = []
    for worker in workers:
        with CaptureQueriesContext(connection) as captured:
            seats.sign_up(offering_id=offering.pk, worker=worker, by=None)
        sent.append([query["sql"].partition("(")[0].strip() for query in captured])

    assert sent == [
        ["EXECUTE signups_take"],
        ["EXECUTE signups_take", "EXECUTE signups_seat_left"],
    ]
    assert Signup.objects.filter(offering=offering).count() == 2


def test_refusal_within_somebodys_transaction_leaves_theirs_usable():
    """A constraint's no spoils a transaction unless a savepoint stands before it."""
    first = make_offering()
    times = [(o.starts_at, o.ends_at, "") for o in first.occasions.all()]
    second = make_offering(times=times)
    worker = make_worker()

    with transaction.atomic():
        seats.sign_up(offering_id=first.pk, worker=worker, by=None)
        with pytest.raises(Refusal):
            seats.sign_up(offering_id=second.pk, worker=worker, by=None)

    assert Signup.objects.get(worker=worker).offering == first
