"""Who reads a page, noted in front of everything that answers: a page that came from the
cache is noted like one that was built.

A reader waits for nothing: an address and a browser are put down in memory, and a thread
hands them to ``write`` every four seconds. So long they are lost if the process dies, and
so long an address is known here; ``write`` keeps none (docs/decisions/0037-readers.md).
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Hashable
from typing import NamedTuple

from django.db import connection

UNCOUNTED = "portal.uncounted"  # set in META by a view: this reader is one of the house
EVERY = 4.0  # seconds between two writings; what a writing costs by itself is shared
MOST_WAITING = 20_000  # readings of one process; in a flood more are not counted
MOST_KNOWN = 50_000  # readers that need not be written again, by what they would be

log = logging.getLogger("portal.readers")


class Reading(NamedTuple):
    """One page read once. ``address`` and ``forwarded`` as the request brought them."""

    key: Hashable
    address: str
    forwarded: str
    agent: str


class ReaderCount:
    """A WSGI application around another one.

    ``key_of(path)`` says what is read at a path, or None where nobody counts;
    ``write(readings)`` keeps them, and may get the same reader again.
    """

    def __init__(
        self,
        application,
        *,
        key_of: Callable[[str], Hashable | None],
        write: Callable[[list[Reading]], object],
    ):
        self.application = application
        self.key_of = key_of
        self.write = write
        self._waiting: list[Reading] = []
        self._known: set[int] = set()
        self._lock = threading.Lock()
        self._has_some = threading.Event()
        self._pid: int | None = None

    def __call__(self, environ, start_response):
        get = environ.get
        known = hash(
            (
                get("PATH_INFO"),
                get("REMOTE_ADDR"),
                get("HTTP_X_FORWARDED_FOR"),
                get("HTTP_USER_AGENT"),
            )
        )
        if known in self._known:  # most readings of a rush: here it ends for them
            return self.application(environ, start_response)
        key = None
        if environ["REQUEST_METHOD"] == "GET":
            key = self.key_of(get("PATH_INFO", ""))
        if key is None:
            return self.application(environ, start_response)

        def started(status, headers, exc_info=None):
            # who has the page already reads it again
            if status[:3] in ("200", "304") and UNCOUNTED not in environ:
                self._note(known, key, environ)
            return start_response(status, headers, exc_info)

        return self.application(environ, started)

    def _note(self, known: int, key: Hashable, environ) -> None:
        if _is_ahead(environ):
            return
        get = environ.get
        reading = Reading(
            key,
            get("REMOTE_ADDR", ""),
            get("HTTP_X_FORWARDED_FOR", ""),
            get("HTTP_USER_AGENT", ""),
        )
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                return
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known.add(known)
            self._waiting.append(reading)
        if self._pid != os.getpid():
            self._start()
        if not self._has_some.is_set():
            self._has_some.set()

    def flush(self) -> None:
        """Write what waits. What cannot be written waits for the next time."""
        with self._lock:
            taken, self._waiting = self._waiting, []
            self._has_some.clear()
        if not taken:
            return
        try:
            self.write(taken)
        except (
            Exception
        ) as error:  # whatever it was: the next readers are to be counted
            log.warning("Readers are not written yet: %s", type(error).__name__)
            connection.close()
            with self._lock:
                self._waiting = (taken + self._waiting)[:MOST_WAITING]
                self._has_some.set()

    def _start(self):
        """One thread in each process: none survives a fork."""
        with self._lock:
            if self._pid == os.getpid():
                return
            self._pid = os.getpid()
            threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        day = time.localtime().tm_yday
        while True:
            if not self._has_some.wait(EVERY * 5):
                connection.close()  # nobody reads: the database need not keep a place
            time.sleep(EVERY)
            if day != (today := time.localtime().tm_yday):
                # a new day by some clock; whoever was written already is not counted twice
                day = today
                with self._lock:
                    self._known.clear()
            self.flush()


def _is_ahead(environ) -> bool:
    """Fetched by a browser that guesses what will be read next."""
    said = environ.get("HTTP_SEC_PURPOSE") or environ.get("HTTP_PURPOSE") or ""
    return "prefetch" in said or "prerender" in said
