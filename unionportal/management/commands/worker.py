"""``manage.py worker``: runs background tasks until it is told to stop.

One process looks after the others: a child for each queue, which takes tasks one after
the other, and once a minute a child that does what ``tick`` does. The parent runs no
task itself, so that nothing a task does can end it: it starts a child again that died,
has its task taken up at once, says for all of them that they live, and kills a child
whose task runs longer than it may. Children die with their parent; what they were doing
is then taken up again by the next worker, some twenty seconds later.
"""

import ctypes
import io
import logging
import multiprocessing
import os
import secrets
import signal
import socket
import sys
import time
from dataclasses import dataclass

from django.core.management import call_command
from django.db import Error, close_old_connections, connections

from common import tasks
from common.commands import PortalCommand
from common.services import queue

log = logging.getLogger("portal.tasks")

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SECONDS_BETWEEN_LOOKS = 1.0  # of a child that found nothing to do
SECONDS_BETWEEN_SIGNS = 5.0
SECONDS_BETWEEN_TICKS = 60.0
SECONDS_TO_STOP = 10.0
SECONDS_BEFORE_ANOTHER = 1.0  # a child that dies at once is not started in a frenzy

# A fork has everything loaded that its parent has: children start in no time, and
# share its memory.
FORK = multiprocessing.get_context("fork")


class Command(PortalCommand):
    help = (
        "Run background tasks, and once a minute what tick does, until Ctrl-C. "
        "Several may run at once, also on several machines."
    )

    def handle(self, **options):
        Parent().live()


@dataclass
class Child:
    """A process that takes tasks of one queue, and the name it takes them under."""

    name: str
    process: multiprocessing.Process
    started: float


class Parent:
    def __init__(self):
        self.children: dict[str, Child] = {}
        self.tick: multiprocessing.Process | None = None
        self.is_stopping = False
        self.next_sign = self.next_tick = 0.0

    def live(self):
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop)
        try:
            while not self.is_stopping:
                for name in tasks.QUEUES:
                    self._keep(name)
                self._give_signs()
                self._tick()
                time.sleep(0.25)
        finally:
            self._end()

    def _stop(self, number, frame):
        self.is_stopping = True

    def _keep(self, name):
        """See that a child looks after this queue."""
        now, child = time.monotonic(), self.children.get(name)
        if child is not None:
            if child.process.is_alive():
                return
            log.error("The worker of %s ended (%s)", name, child.process.exitcode)
            if now < child.started + SECONDS_BEFORE_ANOTHER:
                return
            if not _asked(lambda: queue.forget_worker(child.name)):
                return
        token = secrets.token_hex(4)
        worker = f"{socket.gethostname()[:40]}:{name}:{token}"
        # alive before it takes its first task: else that would be taken from it
        if _asked(lambda: queue.beat([worker])):
            process = _forked(lambda: work(name, worker))
            self.children[name] = Child(worker, process, now)

    def _give_signs(self):
        """Say that the children live, take up what other dead workers were doing, and end
        the child whose task takes too long."""
        if time.monotonic() < self.next_sign:
            return
        self.next_sign = time.monotonic() + SECONDS_BETWEEN_SIGNS
        alive = {c.name: c for c in self.children.values() if c.process.is_alive()}
        late = []

        def look():
            queue.beat(alive)
            queue.rescue()
            late.extend(queue.overdue(alive))

        _asked(look)
        for name in late:
            log.error("A task takes longer than it may: its worker is ended.")
            alive[name].process.kill()

    def _tick(self):
        if self.tick is not None and self.tick.is_alive():
            return
        if time.monotonic() >= self.next_tick:
            self.next_tick = time.monotonic() + SECONDS_BETWEEN_TICKS
            self.tick = _forked(lambda: call_command("tick", stdout=io.StringIO()))

    def _end(self):
        """Let the children finish what they are at, but not for long: what is not
        finished is taken up again."""
        processes = [child.process for child in self.children.values()]
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + SECONDS_TO_STOP
        for process in processes:
            process.join(max(0.0, deadline - time.monotonic()))
            process.kill()
            process.join()
        for child in self.children.values():
            _asked(lambda name=child.name: queue.forget_worker(name))


def _asked(question) -> bool:
    """Whether the database could be asked; if not, it is asked again at the next turn.
    The connection is not kept: a child must not inherit it."""
    try:
        question()
    except Error:
        log.exception("The database did not answer the worker.")
        return False
    else:
        return True
    finally:
        connections.close_all()


# --- in the children ------------------------------------------------------------------


def _forked(deed) -> multiprocessing.Process:
    process = FORK.Process(target=_in_child, args=(deed, os.getpid()))
    process.start()
    return process


def _in_child(deed, parent: int) -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked to die with it
        return
    try:
        deed()
    finally:
        connections.close_all()


class _Stop:
    """Ends a child at once when it rests, else when its task is done."""

    def __init__(self):
        self.is_asked = self.is_busy = False

    def __call__(self, number, frame):
        self.is_asked = True
        if not self.is_busy:
            sys.exit(0)


def work(name: str, worker: str) -> None:
    """Take tasks of one queue, one after the other, until SIGTERM."""
    stop = _Stop()
    for number in STOP_SIGNALS:
        signal.signal(number, stop)
    while not stop.is_asked:
        close_old_connections()
        row = queue.claim(worker=worker, queues=[name])
        if row is None:
            time.sleep(SECONDS_BETWEEN_LOOKS)
            continue
        stop.is_busy = True
        queue.run(row)
        stop.is_busy = False
