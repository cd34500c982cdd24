"""``manage.py serve``: everything between installed packages and a running portal."""

import ctypes
import errno
import fcntl
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from unionportal import embedded_postgres, services
from unionportal.database import rights
from unionportal.database.owner import as_owner

HOST = "127.0.0.1"
STOP_SIGNALS = [signal.SIGINT, signal.SIGTERM]
if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup asks to be spared
    STOP_SIGNALS.append(signal.SIGHUP)
# More connections than this make a rush slower, not faster.
DATABASE_CONNECTIONS = 8
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
SECONDS_TO_ANSWER = 60
SECONDS_TO_STOP = 15

ACCOUNTS = """\
Demonstration accounts (mobile number, then password demo-2018):
  13900000000  system administrator          13900000001  editor
  13900000002  first reviewer                13900000003  second reviewer
  13900000004  final reviewer                13900000005  training manager
  13900000006  steward of a grassroots union 13900000007  honours secretary
  13900000008  juror (also …009)             13900000010  leader of a volunteer team
  13900000011  venue manager                 13900000012  teacher of a class
  13900000013  service desk                  13900000014  auditor
  13900000015  editor of a second column     13900000016  reviewer of one county
  13900000017  volunteer coordinator         13900000018  partner organisation
  13900000100 to 13900000199  verified workers
  13900000200  a login without a verified worker"""


class Command(BaseCommand):
    help = (
        "Prepare the database and the static files, then serve the portal on "
        "127.0.0.1:$PORT (8000) until Ctrl-C."
    )
    requires_system_checks = []  # migrate and the workers check; this saves a second
    server = None

    def handle(self, **options):
        port = wanted_port()
        refuse_taken(port)
        for number in STOP_SIGNALS:
            signal.signal(number, signal.default_int_handler)
        try:
            self.prepare(port)
            self.serve(port)
        except KeyboardInterrupt:
            self.say("Stopped before the portal was open.")
        except embedded_postgres.ServerError as error:
            raise CommandError(str(error)) from error
        finally:
            self.end_server()
            self.leave_postgres()

    def prepare(self, port):
        """Everything that the portal needs. A demonstration's server loads meanwhile, if
        its files are there; it is ended where there is more to do than to look."""
        self.say("Database …")
        with one_at_a_time():
            is_whole = not half_made().exists() and is_static_gathered()
            if settings.IS_DEMONSTRATION and is_whole:
                self.server = start(granian(port))
            rebuild_half_made_demonstration(self.say)
            if prepare_tables():
                self.end_server()
                self.say("Migrations …")
                call_command("migrate", interactive=False, verbosity=0)
            if not settings.IS_DEMONSTRATION:
                call_command("check", deploy=True, databases=["default"])
            services.write_roles()
            self.fill_if_empty()
            self.collect_static()

    def say(self, text):
        self.stdout.write(text)
        self.stdout.flush()

    def fill_if_empty(self):
        """Demonstration content for a new database; never in production."""
        is_new = not get_user_model().objects.exists()
        if settings.IS_DEMONSTRATION and is_new and "demo" in get_commands():
            self.end_server()
            self.say("Demonstration content (once) …")
            half_made().touch()
            call_command("demo")
            half_made().unlink()

    def collect_static(self):
        """Gather the static files, if one was added, removed or changed."""
        if is_static_gathered():
            return
        self.say("Static files …")
        call_command("collectstatic", interactive=False, verbosity=0)
        static_stamp().write_text(digest_of_static_sources())

    def end_server(self):
        if self.server is not None:
            end(self.server)
            self.server = None

    def serve(self, port):
        """Run the application server until a signal, then see it end."""
        connections.close_all()
        stopping = []
        for number in STOP_SIGNALS:
            signal.signal(number, lambda number, _frame: stopping.append(number))
        server, worker = self.server or start(granian(port)), None
        self.server = None
        try:
            announced = False
            started = time.monotonic()
            while server.poll() is None and not stopping:
                if not announced and answers(port):
                    announced = True
                    self.announce(port)
                if announced:
                    worker = worker or Worker()
                    worker.keep()
                if not announced and time.monotonic() - started > SECONDS_TO_ANSWER:
                    raise CommandError(
                        f"The portal does not answer on port {port}; see above."
                    )
                time.sleep(0.1 if announced else 0.02)
            if not stopping:
                raise CommandError("The application server ended; see above.")
        finally:
            end(server, *([worker.process] if worker else []))
        self.say("The portal has stopped.")

    def announce(self, port):
        self.say(f"The portal is open: http://{HOST}:{port}/  (Ctrl-C stops it)")
        if settings.IS_DEMONSTRATION:
            self.say(ACCOUNTS)

    def leave_postgres(self):
        """Stop the private Postgres, unless somebody else works with it."""
        if server := connection.settings_dict.get("SERVER"):
            connections.close_all()
            outcome = embedded_postgres.stop_if_last(server)
            self.say(f"Private Postgres: {outcome}.")


# --- the port -----------------------------------------------------------------------


def wanted_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise CommandError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def refuse_taken(port: int) -> None:
    """Refuse a port on which anything listens.

    The application server would share it in silence with another one of its kind,
    and half of the visitors would meet a forgotten process.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise CommandError(
                    f"Port {port} needs root: choose one above 1023, "
                    "for example: PORT=8000 make run"
                ) from error
            raise CommandError(
                f"Port {port} is taken: stop what listens there, or choose "
                "another, for example: PORT=8001 make run"
            ) from error


# --- the application server ---------------------------------------------------------


def granian(port: int) -> list[str]:
    """The command line: a process per core, few threads, no access log.

    No access log: search words and tokens stand in addresses.
    """
    workers = min(os.cpu_count() or 1, DATABASE_CONNECTIONS)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi"]
    command += ["--host", HOST, "--port", str(port)]
    command += ["--workers", str(workers)]
    command += ["--blocking-threads", str(DATABASE_CONNECTIONS // workers)]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", "10"]
    command += ["--no-access-log", "--log-level", "warning"]
    return [*command, "unionportal.wsgi:application"]


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True  # an answer, although not a good one
    except OSError:
        return False


def start(command: list[str]) -> subprocess.Popen:
    """Start a part of the portal, in a process group of its own: it hears of Ctrl-C from
    us, once and in order."""
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=without_owner(os.environ),
        process_group=0,
        preexec_fn=die_with_parent,
    )


class Worker:
    """The process that runs background tasks; started again when it ended."""

    COMMAND = [sys.executable, "manage.py", "worker"]
    PAUSE = 5.0  # seconds, so that one which cannot start does not start in a frenzy

    def __init__(self):
        self.process = start(self.COMMAND)
        self.started = time.monotonic()

    def keep(self):
        rested = time.monotonic() - self.started > self.PAUSE
        if self.process.poll() is not None and rested:
            kill_group(self.process)
            self.__init__()


def end(*processes: subprocess.Popen) -> None:
    """Let requests and tasks finish, then see that nobody keeps the port."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        kill_group(process)
        process.wait()


def kill_group(process: subprocess.Popen) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def without_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of what serves: it does not know the owner's password."""
    return {
        name: value
        for name, value in environment.items()
        if name != "DATABASE_OWNER_URL"
    }


def die_with_parent() -> None:
    """In the child: be told to stop if we are killed; it must not keep the port."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


# --- preparing ----------------------------------------------------------------------


@contextmanager
def one_at_a_time():
    """Two starts at the same moment prepare one after the other."""
    var = Path(settings.VAR_DIR)
    var.mkdir(parents=True, exist_ok=True)
    with (var / "preparing.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare_tables() -> bool:
    """Whether there are migrations to run; if not, the application's role gets its
    rights anyway: the data may be older than the role."""
    with as_owner() as application:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return True
        if application:
            rights.grant(application)
    return False


def half_made() -> Path:
    """Exists while demonstration content is being made: nobody has used it yet."""
    return Path(settings.VAR_DIR) / "demonstration-half-made"


def rebuild_half_made_demonstration(say) -> None:
    """Start over where an earlier start was killed amid the demonstration content."""
    server = connection.settings_dict.get("SERVER")
    if not half_made().exists() or not settings.IS_DEMONSTRATION:
        return
    if server is None:
        raise CommandError(
            "An earlier start ended amid the demonstration content. Empty the "
            f"database of DATABASE_URL, delete {half_made()}, and start again."
        )
    say("An earlier start ended amid the demonstration content: starting over.")
    embedded_postgres.recreate(server)
    connection.close()
    half_made().unlink()


def static_stamp() -> Path:
    return Path(settings.STATIC_ROOT) / ".sources"


def is_static_gathered() -> bool:
    """Whether what was gathered is what the sources are now."""
    stamp = static_stamp()
    return stamp.exists() and stamp.read_text() == digest_of_static_sources()


def digest_of_static_sources() -> str:
    """Changes whenever a static file of any app is added, removed or changed."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            digest.update(f"{path}|{state.st_size}|{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
