"""The real application server, on a port of the bench's own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from django.conf import settings

from bench import processor
from unionportal.management.commands import serve

HOST = "127.0.0.1"


def free_port() -> int:
    """A port nobody listens on: the server would share a taken one in silence."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@contextmanager
def running(
    workers=None,
    *,
    loads="unionportal.wsgi:application",
    keeps=True,
    name="",
):
    """Yields (port, process) of a server that answers; ends it afterwards. While it runs
    this process keeps away from its cores, where there are enough (``processor``).

    ``workers``: so many application processes instead of one a core. ``loads``: the
    WSGI application. ``keeps`` False: nothing of a page outlives its request. ``name``:
    what its connections are called in Postgres (``processor.backends``).
    """
    serve.Command(stdout=StringIO()).collect_static()
    port = free_port()
    command = [*serve.granian(port)[:-1], loads]
    if workers is not None:
        command[command.index("--workers") + 1] = str(workers)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings"}
    if not keeps:
        environment["BENCH_FORGETS"] = "1"
    if name:
        environment["PGAPPNAME"] = name
    server = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=sys.stderr,
        preexec_fn=_keep_to_its_cores,
    )
    try:
        _wait(port, server)
        with processor.apart():
            yield port, server
    finally:
        server.terminate()
        server.wait(30)


def _keep_to_its_cores():
    if both := processor.split():
        os.sched_setaffinity(0, both[1])


def _wait(port, server):
    for _try in range(300):
        if server.poll() is not None:
            raise RuntimeError("The application server ended at once.")
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5).close()
            return
        except urllib.error.HTTPError:
            return  # an answer, although not a good one
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The application server does not answer.")


def memory_of_workers(server) -> list[float]:
    """Resident memory of each application process, in MB (10**6 bytes)."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()
    sizes = []
    for pid in children.split():
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"resource_tracker" in command:
            continue  # Python's own helper, not a worker
        status = Path(f"/proc/{pid}/status").read_text()
        kilobytes = status.partition("VmRSS:")[2].split()[0]
        sizes.append(int(kilobytes) * 1024 / 1e6)
    return sizes
