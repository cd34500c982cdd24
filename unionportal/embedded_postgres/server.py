"""Start, join and stop the private server.

Any number of processes may start at the same moment: the file lock lets one start
the server and the others join it. Each holds a shared lock on ``<data>.users`` for
as long as it lives, so that the last one to leave, and only the last, may stop it.
A lock dies with its process, whatever killed it.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO

import psycopg2

from . import place
from .place import Server, ServerError

# Who owns everything in it; and the application's role, which owns nothing. Whoever
# reaches the socket may be either: what keeps them apart in a demonstration is the name.
OWNER, APPLICATION = "portal", "portal_app"
# Orphans of a killed server may hold its memory for a while: keep trying so long.
SECONDS_OF_TRYING = 15
SECONDS_TO_RECOVER = 120
SECONDS_TO_STOP = 30
# Linux counts process numbers below this, so no process ever has it.
IMPOSSIBLE_PID = 4_194_304
LARGEST_LOG = 5_000_000

_held: dict[Path, IO] = {}  # data folder -> this process's "in use" lock
_started: dict[Path, subprocess.Popen] = {}  # so that a dead child leaves no zombie


class Outcome(StrEnum):
    """What became of the server when this process left it."""

    STOPPED = "stopped"
    NOT_RUNNING = "not running"
    IN_USE = "left running, another process uses it"


def start_or_join(server: Server) -> None:
    """After this the server answers, has its database, and counts us as a user.

    Instant when we are a user already and the server runs; otherwise under the
    file lock. Raises ``ServerError`` with what to do.
    """
    if server.data in _held and _is_ready(server.data):
        return
    with _lock(server.data):
        account = place.service_account(server.data)
        if not server.data.exists():
            _initialise(server, account)
        for folder in {server.data, place.socket_folder(server.data)}:
            place.claim(folder, account)
        _start_until_ready(server, account)
        _create_what_is_missing(server)
        _hold(server.data)


def stop_if_last(server: Server) -> Outcome:
    """Leave the server, and stop it unless another process uses it.

    The caller closes its own connections first.
    """
    if not server.data.exists():
        return Outcome.NOT_RUNNING
    with _lock(server.data), _users_file(server.data).open("a") as users:
        if mine := _held.pop(server.data, None):
            mine.close()
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return Outcome.IN_USE
        pid = postmaster(server.data)
        if pid is None:
            return Outcome.NOT_RUNNING
        if _has_visitors(server):
            return Outcome.IN_USE
        _stop(server.data, pid)
        return Outcome.STOPPED


def recreate(server: Server) -> None:
    """Throw the database away and make it again, empty. Connections to it are cut."""
    start_or_join(server)
    with closing(_connect(server.data)) as connection:
        connection.cursor().execute(
            f'DROP DATABASE IF EXISTS "{server.database}" WITH (FORCE)'
        )
    _create_what_is_missing(server)


# --- locks --------------------------------------------------------------------------


@contextmanager
def _lock(data: Path) -> Iterator[None]:
    """One process at a time starts, joins or stops the server of this folder."""
    path = data.with_name(data.name + ".lock")
    try:
        place.make_parent(data)
        file = path.open("a")
    except PermissionError as error:
        raise ServerError(
            f"{path} cannot be written by this account. Use the account that made "
            "the folder, or set PORTAL_VAR to another place."
        ) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _users_file(data: Path) -> Path:
    return data.with_name(data.name + ".users")


def _hold(data: Path) -> None:
    """Count this process as a user of the server, until it ends or leaves."""
    if data not in _held:
        _held[data] = _users_file(data).open("a")
        fcntl.flock(_held[data], fcntl.LOCK_SH)


# --- the running server -------------------------------------------------------------


def postmaster(data: Path) -> int | None:
    """The server's pid if it runs: not a zombie, nobody else who got its number."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n")[0])
    except (FileNotFoundError, ValueError):
        return None
    except PermissionError as error:
        raise ServerError(f"{data} belongs to another account.") from error
    try:
        is_ours = Path(f"/proc/{pid}/cwd").samefile(data)
    except PermissionError:  # a container may hide another account's processes
        is_ours = _is_live_postgres(pid)
    except (FileNotFoundError, ProcessLookupError):
        is_ours = False
    return pid if is_ours else None


def _is_live_postgres(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return "(postgres)" in status and status.rsplit(") ", 1)[1][0] not in "ZX"


def _is_ready(data: Path) -> bool:
    """Whether the server runs and says of itself that it takes connections."""
    if postmaster(data) is None:
        return False
    try:
        lines = (data / "postmaster.pid").read_text().split("\n")
    except FileNotFoundError:  # it is just ending
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def _connect(data: Path):
    """A connection beside Django's, to the database every server has."""
    connection = psycopg2.connect(
        host=str(place.socket_folder(data)),
        user=OWNER,
        dbname="postgres",
        connect_timeout=5,
    )
    connection.autocommit = True
    return connection


def _has_visitors(server: Server) -> bool:
    """Whether anybody is connected, for instance somebody at a psql prompt."""
    try:
        with closing(_connect(server.data)) as connection:
            cursor = connection.cursor()
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            return cursor.fetchone()[0] > 0
    except psycopg2.OperationalError:
        return False  # nobody gets in any more: still starting, or its socket is gone


def _stop(data: Path, pid: int) -> None:
    os.kill(pid, signal.SIGINT)  # Postgres' "fast shutdown"
    deadline = time.monotonic() + SECONDS_TO_STOP
    while postmaster(data) is not None:
        if time.monotonic() > deadline:
            raise ServerError(f"Postgres (process {pid}) does not stop.")
        time.sleep(0.02)
    if child := _started.pop(data, None):
        child.wait()


# --- starting -----------------------------------------------------------------------


def _initialise(server: Server, account) -> None:
    """Make the data folder: whole or not at all, whenever we are killed."""
    data = server.data
    for left_over in data.parent.glob(f"{data.name}.new-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    new = Path(tempfile.mkdtemp(prefix=f"{data.name}.new-", dir=data.parent))
    place.claim(new, account)
    command = [place.binaries(data) / "initdb", "--pgdata", new]
    command += ["--username", OWNER, "--encoding", "UTF8"]
    command += ["--locale-provider", "builtin", "--locale", "C.UTF-8"]
    command += ["--auth-local", "trust", "--auth-host", "reject"]
    command += [] if server.durable else ["--no-sync"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd="/",
        env=_environment(),
        **place.run_as(account),
    )
    if done.returncode:
        raise ServerError(f"Postgres could not be set up: {done.stderr.strip()}")
    new.rename(data)


def _start_until_ready(server: Server, account) -> None:
    started = time.monotonic()
    process = _started.get(server.data)
    while not _is_ready(server.data):
        waited = time.monotonic() - started
        has_ended = process is not None and process.poll() is not None
        if waited > (SECONDS_OF_TRYING if has_ended else SECONDS_TO_RECOVER):
            raise ServerError(f"Postgres does not start:\n{_last_words(server.data)}")
        if has_ended:
            time.sleep(0.3)
        if postmaster(server.data) is None and (process is None or has_ended):
            _disarm_lock_files(server.data)
            process = _started[server.data] = _spawn(server, account)
        time.sleep(0.02)


def _disarm_lock_files(data: Path) -> None:
    """Keep a stranger who got the dead server's number from blocking the start.

    Postgres clears a lock file whose process is gone, and refuses while the number
    is alive, a zombie's included. The files are not removed: a line on shared memory
    lets Postgres see orphans of the dead server that still write to the data.
    """
    socket_lock = place.socket_folder(data) / ".s.PGSQL.5432.lock"
    for file in [data / "postmaster.pid", socket_lock]:
        if file.exists():
            _first, *others = file.read_text().split("\n")
            if others:
                file.write_text("\n".join([str(IMPOSSIBLE_PID), *others]))
            else:
                file.unlink()  # it died before it had written anything


def _spawn(server: Server, account) -> subprocess.Popen:
    """Start the server in a session of its own: Ctrl-C is not meant for it."""
    options = {
        "listen_addresses": "",  # the socket only
        "unix_socket_directories": place.socket_folder(server.data),
        "unix_socket_permissions": "0700",
        # A failing statement carries what somebody typed: keep it out of the log.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_checkpoints": "off",
    }
    if not server.durable:
        options |= {"fsync": "off", "synchronous_commit": "off"}
    command = [place.binaries(server.data) / "postgres", "-D", server.data]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    log = _log_file(server.data)
    is_long = log.exists() and log.stat().st_size > LARGEST_LOG
    with log.open("wb" if is_long else "ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=_environment(),
            start_new_session=True,
            **place.run_as(account),
        )


def _environment() -> dict:
    """Nothing of ours: a PGDATA or PGHOST of the caller must not lead it astray."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _log_file(data: Path) -> Path:
    return data.with_name(data.name + ".log")


def _last_words(data: Path) -> str:
    lines = _log_file(data).read_text(errors="replace").splitlines()
    return "\n".join([*lines[-5:], f"(from {_log_file(data)})"])


_CREATING = 2018  # any number: the lock is within this private server


def _create_what_is_missing(server: Server) -> None:
    try:
        with closing(_connect(server.data)) as connection:
            cursor = connection.cursor()
            # A starter that was killed here has left its statement running: check when
            # that has ended, or both create it.
            cursor.execute("SET lock_timeout = '30s'")
            cursor.execute("SELECT pg_advisory_lock(%s)", [_CREATING])
            cursor.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [server.database]
            )
            if cursor.fetchone() is None:
                cursor.execute(
                    f'CREATE DATABASE "{server.database}" TEMPLATE template0'
                )
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE ROLE {APPLICATION} LOGIN")
    except psycopg2.OperationalError as error:
        raise ServerError(
            f"Postgres runs for {server.data} but does not answer: {error}"
        ) from error
