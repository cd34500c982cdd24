"""Who used the processor: the client of a benchmark or what it measures.

With more than two cores the client gets one of them for itself. Else it runs on the
server's cores, where it takes its time from both arms of a comparison and so flatters
the slower one: its share is printed.
"""

import os
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connection

_TICKS = os.sysconf("SC_CLK_TCK")


def cores() -> set[int]:
    """Those this process may use; empty where the system does not say."""
    if not hasattr(os, "sched_getaffinity"):
        return set()
    return os.sched_getaffinity(0)


def split() -> tuple[set[int], set[int]] | None:
    """The client's core and the server's, or None where there are too few."""
    every = sorted(cores())
    return ({every[-1]}, set(every[:-1])) if len(every) > 2 else None


@contextmanager
def apart():
    """While it lasts, this process, which is the client, keeps to its core."""
    both, before = split(), cores()
    if both:
        os.sched_setaffinity(0, both[0])
    try:
        yield
    finally:
        if both:
            os.sched_setaffinity(0, before)


class Share:
    """How much of the processor's time the client took, of its own, the application
    server's and Postgres' (where that runs on this machine)."""

    def __init__(self, server_pid: int):
        self._roots = [server_pid, *postmaster()]
        self._client, self._others = _own(), used(*self._roots)

    def __str__(self):
        if split():
            return "client on a core of its own"
        client, others = _own() - self._client, used(*self._roots) - self._others
        return f"client took {client / (client + others):.0%} of the processor's time"


def ran(*roots: int) -> float:
    """``used`` to the microsecond, of threads that have not ended: for what takes less
    than a second."""
    nanoseconds = 0
    for pid in _tree(roots):
        for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with suppress(OSError):  # it has ended
                nanoseconds += int(task.read_text().split()[0])
    return nanoseconds / 1e9


def _tree(roots) -> list[int]:
    """These processes and all that they started."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _pid, rest = stat.read_text().rsplit(")", 1)
            parents[int(stat.parent.name)] = int(rest.split()[1])
    return [
        pid for pid in parents if any(root in _line(pid, parents) for root in roots)
    ]


def used(*roots: int) -> float:
    """Seconds of the processor's time that these processes and all that they started
    have used until now. Unlike the time on the clock it hardly grows while others use
    the machine."""
    parents, seconds = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            _pid, rest = stat.read_text().rsplit(")", 1)
        except OSError:
            continue  # it has ended
        fields = rest.split()
        pid = int(stat.parent.name)
        parents[pid] = int(fields[1])
        # its own and of children that have ended
        seconds[pid] = sum(int(ticks) for ticks in fields[11:15]) / _TICKS
    return sum(
        time
        for pid, time in seconds.items()
        if any(root in _line(pid, parents) for root in roots)
    )


def _line(pid, parents):
    while pid in parents:
        yield pid
        pid = parents[pid]


def _own() -> float:
    times = os.times()
    return times.user + times.system


def postmaster() -> list[int]:
    """Postgres' first process; empty where it runs on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []  # on another machine
    if "postgres" not in stat.rpartition(")")[0]:
        return []
    return [int(stat.rsplit(")", 1)[1].split()[1])]


def backends(name: str) -> list[int]:
    """The processes of Postgres that serve connections of this name, where it runs on
    this machine."""
    if not postmaster():
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = %s", [name]
        )
        return [pid for (pid,) in cursor.fetchall()]
