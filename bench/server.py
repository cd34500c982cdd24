"""The real application server, on a port of the bench's own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from unionportal.management.commands.serve import granian

HOST = "127.0.0.1"


def free_port() -> int:
    """A port nobody listens on: the server would share a taken one in silence."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@contextmanager
def running(workers=None, *, keeps=True):
    """Yields (port, process) of a server that answers; ends it afterwards.

    ``workers``: so many application processes instead of one a core. ``keeps`` False:
    nothing of a page outlives its request.
    """
    call_command("collectstatic", interactive=False, verbosity=0)
    port = free_port()
    command = granian(port)
    if workers is not None:
        command[command.index("--workers") + 1] = str(workers)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings"}
    if not keeps:
        environment["BENCH_FORGETS"] = "1"
    server = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=sys.stderr,
    )
    try:
        _wait(port, server)
        yield port, server
    finally:
        server.terminate()
        server.wait(30)


def _wait(port, server):
    for _try in range(300):
        if server.poll() is not None:
            raise RuntimeError("The application server ended at once.")
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5).close()
            return
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
