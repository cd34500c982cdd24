"""``manage.py worker`` with real processes: killed while it works, with tasks that fail,
kill it and hang."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from common import tasks
from common.models import BackgroundTask
from common.services import queue
from members.models import NoticeText
from tests import errands
from tests.factories import make_user
from tests.members.test_notices import tell

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db(transaction=True)


class Gateway(ThreadingHTTPServer):
    """A provider that knows a key again: a text handed over twice goes out once."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.handed = Counter()
        self.numbers = set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/send"


class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert body["id"] == self.headers["Idempotency-Key"]
        time.sleep(0.02)
        self.server.handed[body["id"]] += 1
        self.server.numbers.add(body["to"])
        answer = b'{"status": "ok"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        with suppress(OSError):  # who asked was killed
            self.wfile.write(answer)

    def log_message(self, *args):
        pass


@pytest.fixture(autouse=True)
def by_day(settings):
    """What is told at night waits until eight; the soak runs at any hour."""
    settings.SMS_QUIET_FROM = settings.SMS_QUIET_UNTIL = 8


@pytest.fixture
def gateway():
    server = Gateway()
    yield server
    server.shutdown()
    server.server_close()


@contextmanager
def worker(url="", **settings):
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.soak.worker_settings",
            "SOAK_DATABASE": connection.settings_dict["NAME"],
            "SOAK_GATEWAY": url,
            "SMS_QUIET_FROM": "8",
            "SMS_QUIET_UNTIL": "8",  # never
            **settings,
        },
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
        process.terminate()
        process.wait(timeout=30)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def children_of(pid):
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def until(is_so, seconds, what):
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, what
        time.sleep(0.1)
    return time.monotonic() - began


def is_running(count):
    return lambda: BackgroundTask.objects.running().count() >= count


def kill(children):
    for child in children:
        os.kill(child, signal.SIGKILL)


def resumes(gateway, at):
    """Seconds until the next text goes out after a kill; a minute at the most."""
    return until(lambda: len(gateway.handed) > at + 1, 60, "resumes within a minute")


def notify_500():
    users = [make_user() for _n in range(500)]
    tell(*users)
    assert NoticeText.objects.count() == 500


def is_over():
    return not NoticeText.objects.filter(state__in=["waiting", "sending"]).exists()


def killed_three_times(gateway, **settings):
    """Texts go out, while first the children are killed twice, then all of them."""
    with worker(gateway.url, **settings) as parent:
        for goal in (50, 150):
            until(lambda goal=goal: len(gateway.handed) > goal, 120, "goes on")
            kill(children_of(parent.pid))
            seconds = resumes(gateway, len(gateway.handed))
            print(f"children killed: resumed after {seconds:.1f} s")
        until(lambda: len(gateway.handed) > 250, 120, "goes on")
        parent.kill()
        parent.wait()
    time.sleep(0.5)
    at = len(gateway.handed)
    with worker(gateway.url, **settings):
        print(f"all killed: resumed after {resumes(gateway, at):.1f} s")
        print(f"all sent {until(is_over, 180, 'ends'):.1f} s after that")


def test_worker_killed_while_500_notices_go_out_sends_each_once(gateway):
    notify_500()

    killed_three_times(gateway)

    twice = sum(times > 1 for times in gateway.handed.values())
    print(f"handed over again under one key: {twice} of 500")
    assert len(gateway.handed) == len(gateway.numbers) == 500
    assert set(NoticeText.objects.values_list("state", flat=True)) == {"sent"}
    assert twice <= 3  # those under way at the three kills


def test_worker_killed_sends_no_text_again_where_the_gateway_knows_no_keys(gateway):
    notify_500()

    killed_three_times(gateway, SMS_KNOWS_KEYS="0")

    unknown = NoticeText.objects.filter(state="unknown").count()
    print(f"of unknown fate: {unknown} of 500, {len(gateway.handed)} were seen")
    assert set(gateway.handed.values()) == {1}
    assert NoticeText.objects.filter(state="sent").count() == 500 - unknown
    assert 500 - unknown <= len(gateway.handed) <= 500
    assert unknown <= 3


def test_worker_parks_what_fails_kills_it_or_hangs_and_does_the_rest(gateway):
    """Rests are cut short: time goes by for who waits."""
    with transaction.atomic():
        errands.fail.enqueue(1)
        errands.die.enqueue(2)
        errands.dawdle.enqueue(3)
        for key in range(1, 21):
            errands.text.enqueue(key)

    def all_parked():
        BackgroundTask.objects.waiting().update(run_after=timezone.now())
        return BackgroundTask.objects.parked().count() == 3

    with worker(gateway.url) as parent:
        took = until(all_parked, 180, "parked")
        print(f"three poisons parked after {took:.0f} s")
        assert parent.poll() is None

    assert {row.tries for row in BackgroundTask.objects.parked()} == {tasks.TRIES}
    why = {r.task_path: r.exception_class_path for r in BackgroundTask.objects.parked()}
    assert why["tests.errands.die"] == why["tests.errands.dawdle"] == queue.DIED
    assert why["tests.errands.fail"] == "builtins.LookupError"
    assert len(gateway.handed) == 20


def test_worker_is_told_to_stop_and_finishes_what_it_is_at(gateway):
    with transaction.atomic():
        for key in range(1, 101):
            errands.text.enqueue(key)

    with worker(gateway.url) as parent:
        until(lambda: len(gateway.handed) > 5, 60, "begins")
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(timeout=30) == 0

    assert not BackgroundTask.objects.running().exists()
    assert set(gateway.handed.values()) == {1}
    assert len(gateway.handed) < 100
    assert not queue.is_attended()
