"""What every test may lean on: the database, and a browser where there is one.

The database is that of ``DATABASE_URL``, else a private Postgres in
``var/postgres-test``; pytest-django makes ``test_…`` in it anew for each run.

A test under ``tests/browser/`` drives Debian's Chromium. Where there is none it is
skipped, and the last lines of the run say so; with ``REQUIRE_BROWSER=1`` it fails.
The same goes for a test marked ``java``: the checker of the HTML needs it.
"""

import io
import logging
import os
import re
import shutil
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection, connections
from django.test import TransactionTestCase

from common import pace
from tests import costs, soaked
from tests.demonstration import filled  # noqa: F401  a fixture of all

# Playwright keeps an event loop in the main thread; Django would take every query
# of a test for one made inside a coroutine.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

BROWSER_TESTS = Path(__file__).parent / "browser"
SOAK_TESTS = Path(__file__).parent / "soak"
NO_BROWSER = "no Chromium on PATH (apt-get install chromium fonts-noto-cjk)"
NO_JAVA = "no Java on PATH (apt-get install openjdk-17-jre-headless)"
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # other hosts are not found: a route that refused them would turn the cache off
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


# Everything that is logged while the tests run, as a server would write it; what leads
# to a person in it makes the run fail (pytest_sessionfinish).
_log = io.StringIO()
_written = 0
_personal = []
_PERSONAL = re.compile(
    r"(?<![\dA-Fa-f])(?:(?:\+?86)?1[3-9]\d{9}|[1-9]\d{5}(?:19|20)\d{9}[\dXx])(?![\dA-Fa-f])"
)

LEAVING = 15  # seconds that sessions of ended threads have to go
_left_open = []


@pytest.fixture(autouse=True)
def rested():
    """Databases begin to count people anew, this process would not."""
    pace.people.forget()


# What migrate made and every test finds: making it anew is what costs.
KEPT_TABLES = [
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "common_holiday",
    "common_searchword",
]
# Those that a test may write to: put back from a copy when it has.
COPIED_TABLES = ["common_holiday", "common_searchword"]


def _delete_what_was_written(test):
    """The end of a test whose commits are real: Django's own flush truncates every
    table and makes content types and permissions anew, ten times as slow.

    Where the account may not switch foreign keys and triggers off (no superuser), the
    tables that hold rows are truncated.
    """
    for alias in test._databases_names(include_mirrors=False):
        with connections[alias].cursor() as cursor:
            cursor.execute(_DELETE_WHAT_WAS_WRITTEN, [KEPT_TABLES])
            for table in COPIED_TABLES:
                cursor.execute(_PUT_BACK.format(table=table))


_DELETE_WHAT_WAS_WRITTEN = """
DO $$
DECLARE
    name text;
    names text[] := ARRAY(
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
        AND relkind = 'r' AND pg_relation_size(oid) > 0 AND NOT relname = ANY(%s)
    );
    found text;
    filled text[] := '{}';
BEGIN
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        SET LOCAL session_replication_role = replica;
        FOREACH name IN ARRAY names LOOP
            EXECUTE format('DELETE FROM %%I', name);
        END LOOP;
    ELSIF names <> '{}' THEN
        FOREACH name IN ARRAY names LOOP
            EXECUTE format('SELECT %%L FROM %%I LIMIT 1', name, name) INTO found;
            IF found IS NOT NULL THEN
                filled := filled || quote_ident(found);
            END IF;
        END LOOP;
        IF filled <> '{}' THEN
            EXECUTE 'TRUNCATE ' || array_to_string(filled, ', ') || ' CASCADE';
        END IF;
    END IF;
END $$
"""

_PUT_BACK = """
DO $$
BEGIN
    IF to_regclass('migrated.{table}') IS NOT NULL AND EXISTS (
        (TABLE {table} EXCEPT TABLE migrated.{table})
        UNION ALL (TABLE migrated.{table} EXCEPT TABLE {table})
    ) THEN
        DELETE FROM {table};
        INSERT INTO {table} TABLE migrated.{table};
    END IF;
END $$
"""

TransactionTestCase._fixture_teardown = _delete_what_was_written


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database; before it is dropped, the last sessions are seen off.

    A connection that a thread has closed lives on in the server for a moment, and
    nobody can drop a database somebody is in. A session that was really forgotten is
    ended here and named in the last lines of the run.
    """
    with django_db_blocker.unblock():
        bare = _set_aside()
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA IF NOT EXISTS migrated")
            for table in COPIED_TABLES:
                cursor.execute(f"DROP TABLE IF EXISTS migrated.{table}")
                cursor.execute(f"CREATE TABLE migrated.{table} AS TABLE {table}")
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{bare}" WITH (FORCE)')
        deadline = time.monotonic() + LEAVING
        while _others(cursor) and time.monotonic() < deadline:
            time.sleep(0.1)
        _left_open.extend(_others(cursor))
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _set_aside() -> str:
    """A copy of the empty database, made while nobody else is in it: what is
    filled once and copied (``tests/demonstration.py``)."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}_bare" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}_bare" TEMPLATE "{name}"')
    return f"{name}_bare"


def _others(cursor):
    cursor.execute(
        "SELECT backend_start::text, state, left(query, 200) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND backend_type = 'client backend'"
    )
    return cursor.fetchall()


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_configure():
    from common.logs import JsonFormatter

    handler = logging.StreamHandler(_log)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)


def pytest_sessionfinish(session):
    """One of several processes hands on what it saw; the first one judges all of it."""
    _read_log()
    if hasattr(session.config, "workeroutput"):
        seen = {"written": _written, "personal": _personal, "left_open": _left_open}
        seen["left"] = sorted(_left)
        session.config.workeroutput["seen"] = seen
        return
    _record_the_soak(session)
    if _personal and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    before = costs.spent()
    try:
        return (yield)
    finally:
        item.user_properties.append((costs.NAME, costs.spent() - before))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call":
        costs.judge(report, markers={mark.name for mark in item.iter_markers()})
    if (group := group_of(item)) and not report.skipped:
        (_passed if report.passed else _not_passed).add(group)
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    global _written
    # a process that died has handed nothing on, and has failed the run by itself
    seen = getattr(node, "workeroutput", {}).get("seen")
    if seen is not None:
        _written += seen["written"]
        _personal.extend(seen["personal"])
        _left_open.extend(seen["left_open"])
        _left.update(seen["left"])


def _read_log():
    global _written
    lines = _log.getvalue().splitlines()
    _written += len(lines)
    tools = sys.modules.get("tests.members.phone_tools")
    codes = tools.CODES if tools else ()
    _personal.extend(line for line in lines if is_personal(line, codes))


def is_personal(line, codes) -> bool:
    """Whether a line of a log names a number, or one of these codes as a word."""
    words = set(re.findall(r"(?<![\w.:+-])\d{6}(?![\w.])", line))
    return bool(_PERSONAL.search(line)) or not words.isdisjoint(codes)


def pytest_collection_modifyitems(config, items):
    for item in items:
        if item.path.is_relative_to(SOAK_TESTS):
            item.add_marker(pytest.mark.slow)  # that is what they are there for
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)
    _leave_to_the_soak(config, items)


SOAK = os.environ.get("SOAK") == "1"
_left = set()  # groups of tests that this run leaves to make soak
_passed, _not_passed = set(), set()


def group_of(item):
    """The group of tests/soaked.py that an item belongs to, or None."""
    marker = item.get_closest_marker("covers")
    return marker and marker.args[0]


def _leave_to_the_soak(config, items):
    named = {Path(arg.split("::")[0]).resolve() for arg in config.args}
    may_wait = [item for item in items if group_of(item) and item.path not in named]
    if SOAK or not may_wait:
        return
    _left.update(soaked.left_to_the_soak({group_of(item) for item in may_wait}))
    gone = [item for item in may_wait if group_of(item) in _left]
    if gone:
        config.hook.pytest_deselected(items=gone)
        items[:] = [item for item in items if item not in set(gone)]


def _record_the_soak(session):
    """After a whole ``make soak`` that passed: a part of one proves nothing."""
    option = session.config.option
    is_whole = not (option.keyword or option.markexpr or option.maxfail)
    if SOAK and is_whole and session.exitstatus == pytest.ExitCode.OK:
        soaked.write(_passed - _not_passed)


def pytest_runtest_setup(item):
    for marker, program, missing in (
        ("browser", chromium(), NO_BROWSER),
        ("java", shutil.which("java"), NO_JAVA),
    ):
        if item.get_closest_marker(marker) and program is None:
            if os.environ.get("REQUIRE_BROWSER") == "1":
                pytest.fail(f"REQUIRE_BROWSER=1, but {missing}", pytrace=False)
            pytest.skip(missing)


def pytest_terminal_summary(terminalreporter):
    costs.print_dearest(terminalreporter)
    if _left:
        terminalreporter.section("left to make soak: unchanged since it last passed")
        terminalreporter.write_line(", ".join(sorted(_left)))
    if _personal:
        terminalreporter.section("PEOPLE IN THE LOG", red=True, bold=True)
        for line in _personal[:20]:
            terminalreporter.write_line(line[:300])
    terminalreporter.write_line(f"{_written} log lines, looked through for people.")
    if _left_open:
        terminalreporter.section("DATABASE SESSIONS LEFT OPEN", red=True, bold=True)
        for session in _left_open:
            terminalreporter.write_line("  ".join(map(str, session)))
    for title, missing in (
        ("BROWSER TESTS DID NOT RUN", NO_BROWSER),
        ("THE HTML WAS NOT CHECKED", NO_JAVA),
    ):
        skipped = [
            report
            for report in terminalreporter.stats.get("skipped", [])
            if missing in str(report.longrepr)
        ]
        if skipped:
            terminalreporter.section(title, red=True, bold=True)
            terminalreporter.write_line(f"{len(skipped)} skipped: {missing}.")
            for report in skipped:
                terminalreporter.write_line(f"  {report.nodeid}")


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """How pytest-playwright starts the browser: Debian's own, and quiet."""
    return {"executable_path": chromium(), "args": CHROMIUM_FLAGS}


@pytest.fixture(autouse=True)
def still_half_minute(monkeypatch):
    """For one-time passwords a test lasts no time: the half minute it began in stays.

    Else a code made at the end of one is read in the next, and is refused rightly.
    """
    from allauth.mfa.totp.internal import auth

    now = time.time()
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: now))


@pytest.fixture(autouse=True)
def nothing_kept():
    """No page is remembered from another test: generations that were rolled back are
    counted again, and a test would meet the pieces of the one before it."""
    from common import pagecache

    pagecache.forget()


@pytest.fixture
def outbox(settings, tmp_path):
    """Texts of this test alone, and limits that it sets itself."""
    from members import sms
    from tests.members.phone_tools import Outbox

    settings.SMS_OUTBOX = tmp_path / "outbox" / "sms.jsonl"
    settings.SMS_ADDRESS_HOURLY = settings.SMS_ADDRESS_DAILY = 10_000
    sms.forget()
    yield Outbox(settings.SMS_OUTBOX)
    sms.forget()


@pytest.fixture
def enter(client):
    """Log a new member of staff with these roles in, who looks after ``union``."""
    from members.models import Stewardship
    from tests.factories import make_user
    from unionportal.services import write_roles

    write_roles()

    def enter(*roles, union=None):
        user = make_user(roles=roles, is_staff=True)
        if union:
            Stewardship.objects.create(user=user, union_org=union)
        client.force_login(user)
        return user

    return enter
