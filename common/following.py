"""One thread in each process that serves: it knows the page generation and the
database's clock without being asked, and tells a database that is gone or hung from one
that is slow.

It has a connection of its own, as the application's role. A commit that publishes wakes
it (``NOTIFY``); whatever gets lost on the way, it reads again every half second.
"""

import logging
import os
import select
import threading
import time
from enum import Enum

import psycopg2
from django.db import connections
from psycopg2 import extensions

CHANNEL = "common_pages"
EVERY = 0.5  # seconds between two readings that nobody asked for
LATE = 2.0  # seconds without a reading after which nothing is known any more
SECONDS_TO_ANSWER = 2.5  # of one short question; then the database hangs
SECONDS_TO_CONNECT = 3
_SLICE = 0.25  # how often who waits for the database looks whether it hangs
_RETRY = 0.3

log = logging.getLogger("portal.database")


class State(Enum):
    KNOWN = "known"  # read a moment ago
    UNKNOWN = "unknown"  # we cannot read; others may
    DOWN = "down"  # there is no database that answers


class Follower:
    """What one process knows: ``generation`` as last read, at ``read_at`` (monotonic).

    Nothing is known before ``start`` was called and the thread has read once.
    """

    def __init__(self):
        self.generation: int | None = None
        self.read_at = float("-inf")
        self.is_hung = False
        self._state = State.UNKNOWN
        self._ahead = 0.0  # the database's clock minus the monotonic one
        self._pid: int | None = None
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_ending = threading.Event()

    def start(self) -> None:
        """Begin to follow, once in each process: a thread does not survive a fork."""
        if self._pid == os.getpid():
            return
        with self._starting:
            if self._pid == os.getpid():
                return
            self._pid = os.getpid()
            extensions.set_wait_callback(self.wait_for)
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Follow no more; returns when the connection is closed."""
        self._is_ending.set()
        if self._thread is not None:
            self._thread.join()
        extensions.set_wait_callback(None)

    @property
    def state(self) -> State:
        if self._state is State.KNOWN and time.monotonic() - self.read_at > LATE:
            return State.UNKNOWN
        return self._state

    def now(self) -> float:
        """The database's clock in seconds since 1970, as far as it is known."""
        return time.monotonic() + self._ahead

    def wait_for(self, connection) -> None:
        """Wait for an answer to one of this process's other connections: as long as the
        database is alive, and no longer. Raises OperationalError.

        Installed as psycopg2's way of waiting. Else a thread waits in C, on a socket
        whose other end may be stopped, and nothing can fetch it from there.
        """
        waited = 0.0
        is_connecting = connection.status not in _CONNECTED
        while (wants := connection.poll()) != extensions.POLL_OK:
            if _is_ready(connection, wants, _SLICE):
                continue
            waited += _SLICE
            if self.is_hung or (is_connecting and waited >= SECONDS_TO_CONNECT):
                raise psycopg2.OperationalError("The database does not answer.")

    # --- the thread ------------------------------------------------------------------

    def _run(self):
        while not self._is_ending.is_set():
            try:
                self._follow()
            except Exception as error:  # whatever it was: it must go on
                self._lose(error)
                self._is_ending.wait(_RETRY)

    def _follow(self):
        parameters = connections["default"].get_connection_params()
        parameters.pop("cursor_factory", None)
        connection = psycopg2.connect(**parameters, async_=True)
        try:
            _wait(connection, SECONDS_TO_CONNECT)
            cursor = connection.cursor()
            _ask(cursor, f"LISTEN {CHANNEL}")
            while not self._is_ending.is_set():
                self._read(cursor)  # after LISTEN: nothing is missed
                _is_ready(connection, extensions.POLL_READ, EVERY)
                connection.poll()
                connection.notifies.clear()
        finally:
            connection.close()

    def _read(self, cursor):
        asked_at = time.monotonic()
        _ask(cursor, _READ)
        generation, now = cursor.fetchone()
        self._ahead = float(now) - asked_at
        self.generation, self.read_at = generation, asked_at
        self.is_hung = False
        if self._state is not State.KNOWN:
            log.info("The database answers.")
            self._state = State.KNOWN

    def _lose(self, error):
        """What is left to believe. A server that refuses us in words is alive: it may
        have answered others."""
        self.is_hung = isinstance(error, TooLate)
        is_alive = not isinstance(error, psycopg2.OperationalError | OSError) or (
            "FATAL" in str(error)
        )
        state = State.UNKNOWN if is_alive and not self.is_hung else State.DOWN
        if state is not self._state:
            log.warning("The database does not answer: %s", type(error).__name__)
        self._state = state


class TooLate(psycopg2.OperationalError):
    """No answer in time."""


def _ask(cursor, statement):
    cursor.execute(statement)
    _wait(cursor.connection, SECONDS_TO_ANSWER)


def _wait(connection, seconds):
    deadline = time.monotonic() + seconds
    while (wants := connection.poll()) != extensions.POLL_OK:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TooLate("The database does not answer.")
        _is_ready(connection, wants, left)


def _is_ready(connection, wants, seconds) -> bool:
    """Whether the socket can be read (or written, if that is wanted) within so long."""
    poller = select.poll()
    is_reading = wants == extensions.POLL_READ
    poller.register(connection, select.POLLIN if is_reading else select.POLLOUT)
    return bool(poller.poll(seconds * 1000))


_CONNECTED = (
    extensions.STATUS_READY,
    extensions.STATUS_BEGIN,
    extensions.STATUS_PREPARED,
)
# as ``common.pagecache.moment``
_READ = (
    "SELECT coalesce((SELECT number FROM common_pagegeneration), 0)"
    " + (SELECT count(*) FROM common_pagechange), extract(epoch FROM now())"
)

follower = Follower()
