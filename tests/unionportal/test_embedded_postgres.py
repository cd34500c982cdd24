"""The private Postgres: started once, joined by all, and hard to break.

Everything here runs as root and as an ordinary user; where the two differ, the
test says what it expects of each.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from django.db import ConnectionHandler

from unionportal import embedded_postgres
from unionportal.embedded_postgres import Outcome, ServerError, place, server

pytestmark = pytest.mark.covers("private Postgres")

ROOT = Path(__file__).resolve().parent.parent.parent
NOBODY = 65534
# Joins, tells the postmaster's pid, and stays until its input ends.
STARTER = """
import sys
from pathlib import Path
from unionportal import embedded_postgres
from unionportal.embedded_postgres.server import postmaster

server = embedded_postgres.settings(Path(sys.argv[1]))["SERVER"]
embedded_postgres.start_or_join(server)
print(postmaster(server.data), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def ground():
    """An empty folder that the service account can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    for data in [data for data in server._held if data.is_relative_to(folder)]:
        server._held.pop(data).close()
    for data in {pid_file.parent for pid_file in folder.rglob("postmaster.pid")}:
        if pid := server.postmaster(data):
            server._stop(data, pid)
    shutil.rmtree(folder)


@pytest.fixture
def private(ground):
    return embedded_postgres.settings(ground / "postgres", durable=False)["SERVER"]


@pytest.fixture
def django_connection(django_db_blocker):
    """Makes Django connections that have nothing to do with the suite's database."""
    with django_db_blocker.unblock():
        yield lambda private: ConnectionHandler({"default": private})["default"]


@contextmanager
def another_process(data):
    """A process that joins the server of ``data``; gives the server's pid."""
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, data],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.stdin.close()


def server_pid(process):
    return int(process.stdout.readline())


def ask(private, question):
    """The answer of the server to a question with one value."""
    with closing(server._connect(private.data)) as connection:
        cursor = connection.cursor()
        cursor.execute(question)
        return cursor.fetchone()[0]


def kill(private):
    """Kill the server as a power cut would, and wait until it is gone."""
    os.kill(server.postmaster(private.data), signal.SIGKILL)
    while server.postmaster(private.data):
        pass


# --- starting, joining, leaving ---------------------------------------------------------


def test_private_postgres_settings_touch_nothing(ground):
    embedded_postgres.settings(ground / "var" / "postgres")

    assert list(ground.iterdir()) == []


def test_private_postgres_is_stopped_by_the_last_one_to_leave(private):
    embedded_postgres.start_or_join(private)
    with another_process(private.data) as process:
        assert server_pid(process) == server.postmaster(private.data)
        assert embedded_postgres.stop_if_last(private) is Outcome.IN_USE
        assert server.postmaster(private.data)

    assert embedded_postgres.stop_if_last(private) is Outcome.STOPPED
    assert server.postmaster(private.data) is None
    assert embedded_postgres.stop_if_last(private) is Outcome.NOT_RUNNING


def test_private_postgres_start_waits_for_what_a_killed_one_left_running(private):
    """The statement of a starter that was killed within CREATE DATABASE runs on."""
    embedded_postgres.start_or_join(private)
    with closing(server._connect(private.data)) as left_running:
        cursor = left_running.cursor()
        cursor.execute(f'DROP DATABASE "{private.database}"')
        cursor.execute("SELECT pg_advisory_lock(%s)", [server._CREATING])
        with ThreadPoolExecutor(1) as pool:
            started = pool.submit(server._create_what_is_missing, private)
            waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            while not ask(private, waits):
                assert not started.done()
            cursor.execute(f'CREATE DATABASE "{private.database}" TEMPLATE template0')
            left_running.close()
            started.result(timeout=30)

    assert ask(private, "SELECT count(*) FROM pg_database WHERE NOT datistemplate") == 2


def test_private_postgres_runs_on_for_somebody_at_a_prompt(private):
    embedded_postgres.start_or_join(private)

    with closing(server._connect(private.data)):
        assert embedded_postgres.stop_if_last(private) is Outcome.IN_USE

    # who hangs up is known to the server for a moment longer, and so is who asks
    patience, outcome = time.monotonic() + 30, Outcome.IN_USE
    while outcome is Outcome.IN_USE and time.monotonic() < patience:
        time.sleep(0.1)
        outcome = embedded_postgres.stop_if_last(private)
    assert outcome is Outcome.STOPPED


def test_private_postgres_lets_django_be_the_application_that_owns_nothing(
    ground, django_connection
):
    """Also where the data are older than the application's role."""
    asked = embedded_postgres.settings(ground / "postgres", durable=False)
    embedded_postgres.start_or_join(asked["SERVER"])
    with closing(server._connect(asked["SERVER"].data)) as owner:
        owner.cursor().execute(f"DROP ROLE {server.APPLICATION}")
    server._held.pop(asked["SERVER"].data).close()
    connection = django_connection(asked)

    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper FROM pg_roles WHERE rolname = user")
        assert cursor.fetchone() == (server.APPLICATION, False)
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
        assert cursor.fetchone() == (False,)
    connection.close()


def test_private_postgres_listens_on_a_socket_of_its_owner_only(private):
    embedded_postgres.start_or_join(private)

    assert ask(private, "SHOW listen_addresses") == ""
    assert ask(private, "SHOW unix_socket_permissions") == "0700"
    assert private.data.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("durable", "fsync"), [(True, "on"), (False, "off")])
def test_private_postgres_runs_without_fsync_for_tests_only(ground, durable, fsync):
    asked = embedded_postgres.settings(ground / "postgres", durable=durable)
    embedded_postgres.start_or_join(asked["SERVER"])

    assert ask(asked["SERVER"], "SHOW fsync") == fsync
    assert ask(asked["SERVER"], "SHOW transaction_isolation") == "read committed"


def test_private_postgres_log_keeps_what_people_type_to_itself(private):
    embedded_postgres.start_or_join(private)

    with pytest.raises(psycopg2.Error, match="13900000000"):
        ask(private, "SELECT '13900000000'::date")
    with pytest.raises(psycopg2.Error):
        ask(private, "SELECT 1/0 WHERE '13911111111' <> ''")

    log = server._log_file(private.data).read_text()
    assert "division by zero" in log
    assert "13911111111" not in log


# --- hard places and accidents --------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["with space", 'she\'s "quoted", $HOME', "攀枝花 工会门户", "long-" * 28],
)
def test_private_postgres_takes_any_path(ground, name, django_connection):
    private = embedded_postgres.settings(ground / name / "postgres", durable=False)
    connection = django_connection(private)

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == ("portal",)

    connection.close()
    assert embedded_postgres.stop_if_last(private["SERVER"]) is Outcome.STOPPED


@pytest.mark.parametrize("after", ["nothing", "a power cut"])
def test_private_postgres_is_shared_by_four_at_once(private, after):
    if after == "a power cut":
        embedded_postgres.start_or_join(private)
        kill(private)

    with (
        another_process(private.data) as a,
        another_process(private.data) as b,
        another_process(private.data) as c,
        another_process(private.data) as d,
    ):
        pids = {server_pid(process) for process in (a, b, c, d)}

    assert pids == {server.postmaster(private.data)}


def test_private_postgres_is_revived_by_a_new_connection_after_a_kill(
    ground, django_connection
):
    private = embedded_postgres.settings(ground / "postgres", durable=False)
    connection = django_connection(private)
    connection.ensure_connection()
    kill(private["SERVER"])
    connection.close()

    connection.ensure_connection()

    assert server.postmaster(private["SERVER"].data)
    connection.close()


def test_private_postgres_lock_files_that_name_a_stranger_do_not_block(private):
    """After a restart of the machine another program may have the old number."""
    embedded_postgres.start_or_join(private)
    lines = (private.data / "postmaster.pid").read_text().split("\n")
    embedded_postgres.stop_if_last(private)
    account = place.service_account(private.data)
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **place.run_as(account))
    leave_lock_files(private, [str(stranger.pid), *lines[1:]], account)

    embedded_postgres.start_or_join(private)

    assert server.postmaster(private.data) not in {None, stranger.pid}
    stranger.kill()
    stranger.wait()


def test_private_postgres_lock_files_that_name_a_zombie_do_not_block(private):
    """A container's first process often buries nobody."""
    embedded_postgres.start_or_join(private)
    lines = (private.data / "postmaster.pid").read_text().split("\n")
    embedded_postgres.stop_if_last(private)
    account = place.service_account(private.data)
    zombie = subprocess.Popen(["true"], cwd="/", **place.run_as(account))
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    leave_lock_files(private, [str(zombie.pid), *lines[1:]], account)

    embedded_postgres.start_or_join(private)

    assert server.postmaster(private.data) not in {None, zombie.pid}
    zombie.wait()


def leave_lock_files(private, lines, account):
    """What a server that died with this number would have left."""
    for name in ["postmaster.pid", ".s.PGSQL.5432.lock"]:
        lock_file = private.data / name
        lock_file.write_text("\n".join(lines))
        if account:
            os.chown(lock_file, account.pw_uid, account.pw_gid)


def test_private_postgres_death_inside_initdb_leaves_nothing_broken(private):
    half = private.data.with_name("postgres.new-dead")
    (half / "base").mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    embedded_postgres.start_or_join(private)

    assert not half.exists()
    assert ask(private, "SELECT 1") == 1


# --- accounts -------------------------------------------------------------------------


def test_private_postgres_never_runs_as_root(private):
    embedded_postgres.start_or_join(private)

    owner = Path(f"/proc/{server.postmaster(private.data)}").stat().st_uid
    expected = place.service_account(private.data).pw_uid if place.is_root() else None
    assert owner == (expected or os.geteuid())
    assert owner != 0


def test_private_postgres_below_a_closed_home_root_moves_out_and_others_stay(
    ground, monkeypatch
):
    library = ground / "library"
    monkeypatch.setattr(place, "LIBRARY", library)
    home = ground / "home"
    home.mkdir(mode=0o700)

    asked = embedded_postgres.settings(home / "portal" / "var" / "postgres")
    embedded_postgres.start_or_join(asked["SERVER"])

    outside = asked["SERVER"].data.is_relative_to(library)
    assert outside == place.is_root()
    if place.is_root():
        assert asked["SERVER"].data.parent.name.startswith("union-portal-portal-")
    assert place.locate(home / "portal" / "var" / "postgres") == asked["SERVER"].data


def test_private_postgres_copies_binaries_below_a_closed_home_for_the_service(
    ground, monkeypatch
):
    monkeypatch.setattr(place, "LIBRARY", ground / "library")
    monkeypatch.setattr(place, "is_open_to_others", lambda path: False)

    programs = place.binaries(ground / "var" / "postgres")

    assert programs.is_relative_to(ground / "library") == place.is_root()
    version = subprocess.run(
        [programs / "postgres", "--version"],
        capture_output=True,
        check=True,
        cwd="/",
        text=True,
        **place.run_as(place.service_account(ground)),
    )
    assert "PostgreSQL" in version.stdout


def test_private_postgres_folder_of_another_account_is_refused_in_plain_words(ground):
    if place.is_root():
        data = ground / "postgres"
        data.mkdir(mode=0o700)
        os.chown(data, NOBODY, NOBODY)
    else:
        data = Path("/usr/lib")

    with pytest.raises(ServerError, match="another PORTAL_VAR|cannot be written"):
        embedded_postgres.start_or_join(embedded_postgres.Server(data))


# --- make stop ------------------------------------------------------------------------


def stop_command(data):
    return subprocess.run(
        [sys.executable, "-m", "unionportal.embedded_postgres", "stop", data],
        capture_output=True,
        cwd=ROOT,
        text=True,
    )


def test_make_stop_stops_unless_somebody_works_with_it(private):
    embedded_postgres.start_or_join(private)

    refused = stop_command(private.data)
    server._held.pop(private.data).close()
    done = stop_command(private.data)

    assert (refused.returncode, done.returncode) == (1, 0)
    assert "another process uses it" in refused.stdout
    assert "stopped" in done.stdout
