"""The demonstration's content for the tests that look at it: made once in each run, in
databases of its own, which every process of the run copies.

Copying takes a third of a second where making takes many; and a copy knows the
statistics that the planner goes by, which rows of an open transaction lack.
"""

import fcntl
import os
import time
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings

from common import pagecache

LEAVING = 2  # seconds that sessions of ended requests have to go
PREFIX = "test_portal_filled_"


class Filled(NamedTuple):
    """Databases that are only copied, and what belongs to them."""

    name: str  # as the command leaves it
    asking: str  # and the worker who reads the pages may ask for one more class
    media: Path
    said: str  # what the command wrote


@pytest.fixture(scope="session")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    """The first process of a run that asks makes the databases, the others wait for it;
    the last one that is done takes them away."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # one folder for all processes of a run
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:8]
    name, media, said = f"{PREFIX}{run}", shared / "media", shared / "filled"
    asking = f"{name}_asking"
    with (
        (shared / "filled.lock").open("a") as lock,
        (shared / "filled.users").open("a") as users,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media):
                said.write_text(_fill(name, asking), "utf-8")
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(lock, fcntl.LOCK_UN)
        yield Filled(name, asking, media, said.read_text("utf-8"))
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # somebody still copies them
        with django_db_blocker.unblock():
            _drop(name)
            _drop(asking)


def _fill(name, asking) -> str:
    from signups.enums import SignupStatus
    from signups.services import seats
    from tests.browser.addresses import worker_signups

    # what a run that was killed left; two runs at once share no server anyway
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]
        )
        left_over = [row[0] for row in cursor.fetchall()]
    for other in left_over:
        _drop(other)
    home = connection.settings_dict["NAME"]
    out = StringIO()
    with database_copy(name, of=home + "_bare"):
        call_command("demo", stdout=out)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    with database_copy(asking, of=name):
        # as many as one may hold: room for one more, to see the page that asks
        (waits,) = worker_signups().filter(status=SignupStatus.WAITING)
        seats.cancel(signup=waits, by=waits.worker.user)
    for made in (name, asking):
        # nobody connects to it, so that nobody stands in the way of a copy
        run_sql(f'ALTER DATABASE "{made}" IS_TEMPLATE true ALLOW_CONNECTIONS false')
    return out.getvalue()


def _drop(name):
    run_sql(f'ALTER DATABASE "{name}" IS_TEMPLATE false')
    run_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def own_copy(template, media):
    """A copy of one of these databases, for as long as the block lasts."""
    name = connection.settings_dict["NAME"] + "_copy"
    with override_settings(MEDIA_ROOT=media), database_copy(name, of=template):
        yield
    run_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def database_copy(name, of):
    """Everybody who connects within meets a new copy of the database, also the threads
    of the live server: the settings of a connection are one object for them all."""
    at_home = connection.settings_dict["NAME"]
    connections.close_all()
    run_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    see_off(of)
    run_sql(f'CREATE DATABASE "{name}" TEMPLATE "{of}"')
    connection.settings_dict["NAME"] = name
    pagecache.forget()
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = at_home
        pagecache.forget()


def see_off(name):
    """Nobody copies a database somebody is in. A connection that was closed lives on in
    the server for a moment; what a thread of the live server still holds is ended, and
    it connects again when it is next asked."""
    others = "FROM pg_stat_activity WHERE datname = %s"
    with connection._nodb_cursor() as cursor:
        deadline = time.monotonic() + LEAVING
        while time.monotonic() < deadline:
            cursor.execute(f"SELECT count(*) {others}", [name])
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.1)
        cursor.execute(f"SELECT pg_terminate_backend(pid, 5000) {others}", [name])


def run_sql(statement):
    """Outside of the test's database: one cannot copy where one stands."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
