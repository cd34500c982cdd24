"""How the desk asks the database: few round trips, a plan that a rush cannot spoil, and
functions whose text stands in one file."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common.errors import Refusal
from signups.models import Signup
from signups.services import seats
from tests.factories import make_offering, make_worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def new_connection():
    """One that has planned nothing yet."""
    connection.close()
    connection.ensure_connection()


def rows_read_by_scanning() -> dict:
    """How many rows were read by reading the table of signups whole."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT relname, seq_tup_read FROM pg_stat_user_tables "
            "WHERE relname = 'signups_signup'"
        )
        return dict(cursor.fetchall())


def test_sign_up_planned_on_empty_tables_reads_none_of_them_whole(new_connection):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE signups_signup, signups_seatpool, signups_offering")
    offering = make_offering(capacity=40)
    workers = [make_worker() for _ in range(40)]
    seats.sign_up(offering_id=offering.pk, worker=workers[0], by=None)
    before = rows_read_by_scanning()

    for worker in workers[1:]:
        seats.sign_up(offering_id=offering.pk, worker=worker, by=None)

    assert rows_read_by_scanning() == before


def test_sign_up_leaves_the_sessions_planner_as_it_was(new_connection):
    seats.sign_up(offering_id=make_offering().pk, worker=make_worker(), by=None)

    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)


def test_sign_up_is_one_statement_and_a_place_in_the_queue_one_more():
    offering = make_offering(capacity=1)
    workers = make_worker(), make_worker()

    sent = []
    for worker in workers:
        with CaptureQueriesContext(connection) as captured:
            seats.sign_up(offering_id=offering.pk, worker=worker, by=None)
        sent.append([re.match(r"[\w* ]+", query["sql"])[0] for query in captured])

    assert sent == [
        ["SELECT * FROM signups_take"],
        ["SELECT * FROM signups_take", "SELECT EXISTS "],
    ]
    assert Signup.objects.filter(offering=offering).count() == 2


def test_sign_up_refused_within_a_transaction_leaves_it_usable():
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


def test_sign_up_refuses_a_snapshot_that_is_older_than_its_lock():
    offering, worker = make_offering(), make_worker()

    with (
        pytest.raises(InternalError, match="READ COMMITTED only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(
            "SELECT * FROM signups_take(%s, %s, NULL, NULL)", [offering.pk, worker.pk]
        )

    assert not Signup.objects.exists()


def definitions() -> dict:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid) FROM pg_proc p "
            "JOIN pg_namespace n ON n.oid = p.pronamespace "
            "JOIN pg_language l ON l.oid = p.prolang "
            "WHERE n.nspname = 'public' AND l.lanname IN ('sql', 'plpgsql') "
            "AND p.proname ~ '^(signups|members|common|honors)_'"
        )
        return dict(cursor.fetchall())


def test_database_functions_are_those_of_the_files():
    """Migrations carried each change of ``<app>/sql/functions.sql``."""
    files = [
        path
        for config in apps.get_app_configs()
        if (path := Path(config.path) / "sql" / "functions.sql").exists()
    ]
    before = definitions()

    with connection.cursor() as cursor:
        for path in files:
            cursor.execute(path.read_text(encoding="utf-8").replace("%", "%%"), [])

    assert files
    assert definitions() == before
