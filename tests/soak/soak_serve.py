"""``manage.py serve`` from start to end, as ``make run`` calls it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.unionportal.test_embedded_postgres import ROOT, ground  # noqa: F401
from unionportal.embedded_postgres import server
from unionportal.embedded_postgres.place import locate


@pytest.fixture
def port():
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def serve(var, port):
    """A running portal; gives its process and the seconds until it was open."""
    environment = {**os.environ, "PORT": str(port), "PORTAL_VAR": str(var)}
    environment["DJANGO_SETTINGS_MODULE"] = "unionportal.settings.dev"
    environment.pop("DATABASE_URL", None)
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout:
        if "The portal is open" in line:
            break
    yield process, time.monotonic() - began
    if process.poll() is None:
        process.kill()
    process.communicate()


def status(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return answer.status


def test_serve_starts_again_whatever_was_killed_and_stops(ground, port):  # noqa: F811
    var = ground / "var"
    data = locate(var / "postgres")

    with serve(var, port) as (process, seconds):
        print(f"first start {seconds:.1f} s")
        assert status(port, "/readyz") == 200
        first = appears(process.pid, "worker")
        os.kill(first, signal.SIGKILL)
        second = appears(process.pid, "worker", but=first)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)[0]
        assert process.returncode == 0
        assert "Private Postgres: stopped." in said
        assert not Path(f"/proc/{second}").exists()
    assert server.postmaster(data) is None

    kill_one_of_its_processes(var, port, "serve")
    kill_one_of_its_processes(var, port, "granian")

    with serve(var, port) as (process, seconds):
        print(f"a later start {seconds:.1f} s")
        os.kill(server.postmaster(data), signal.SIGKILL)
        assert comes_back(port)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        assert process.returncode == 0
    assert server.postmaster(data) is None


def kill_one_of_its_processes(var, port, victim):
    """Kill it, and see that nothing of it keeps the port."""
    with serve(var, port) as (process, _seconds):
        pids = {"serve": process.pid, "granian": child_of(process.pid)}
        os.kill(pids[victim], signal.SIGKILL)
        process.wait(timeout=30)
    began = time.monotonic()
    while is_taken(port):
        assert time.monotonic() - began < 20
        time.sleep(0.1)
    print(f"{victim} killed: port free after {time.monotonic() - began:.1f} s")


def child_of(pid):
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def appears(pid, name, but=None):
    """The child that runs this command, once there is one."""
    began = time.monotonic()
    while time.monotonic() - began < 30:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for child in {*map(int, listed)} - {but}:
            with suppress(OSError):
                command = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
                if name.encode() in command:
                    return child
        time.sleep(0.1)
    raise AssertionError(f"no {name}")


def is_taken(port):
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def comes_back(port):
    """Whether pages that need the database work again within ten seconds."""
    began = time.monotonic()
    while time.monotonic() - began < 10:
        try:
            if all(status(port, "/readyz") == 200 for _ in range(20)):
                print(f"database killed: back after {time.monotonic() - began:.2f} s")
                return True
        except OSError:
            time.sleep(0.1)
    return False


def test_serve_start_that_is_interrupted_is_made_good_by_the_next(ground, port):  # noqa: F811
    var = ground / "var"
    for delay in (0.5, 1, 2, 4, 8):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env={**os.environ, "PORT": str(port), "PORTAL_VAR": str(var)}
            | {"DJANGO_SETTINGS_MODULE": "unionportal.settings.dev"},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        print(f"start killed after {delay} s")
        time.sleep(0.5)

    with serve(var, port) as (process, seconds):
        assert status(port, "/readyz") == 200
        print(f"and then a whole start in {seconds:.1f} s")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert not (Path(var) / "demonstration-half-made").exists()
