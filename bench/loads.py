"""What a first visit to the demonstration's home loads, and how soon a second
``make run`` is open.

``first_load``           bytes as nginx compresses them (gzip 6), without pictures
``first_load_pictures``  with the pictures that a telephone of 375 px asks for while
                         nobody scrolls; by Chromium, left out where there is none
``second_start``         ``manage.py serve`` with everything there, until it says that the
                         portal is open, against ``django.setup()`` in a process of its
                         own; the private Postgres is started too
"""

import gzip
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from urllib.parse import urljoin

from django.conf import settings

from bench import kept, server
from bench.report import Figure

ROUNDS = 3
CHROMIUM = shutil.which("chromium")


def measure(wanted):
    if wanted & {"first_load", "first_load_pictures"}:
        with kept.database("demonstration"), server.running() as (port, _process):
            if "first_load" in wanted:
                yield _first_load(port)
            if "first_load_pictures" in wanted and CHROMIUM:
                yield _with_pictures(port)
    if "second_start" in wanted:
        yield _second_start()


def _first_load(port) -> Figure:
    home = f"http://{server.HOST}:{port}/"
    html, _encoding = _get(home)
    sources = re.findall(
        r'<(?:script[^>]*\ssrc|link[^>]*rel="stylesheet"[^>]*\shref)="([^"]+)"',
        html.decode(),
    )
    icons = re.findall(r'<use href="([^"#]+)', html.decode())
    parts = sorted({urljoin(home, address) for address in sources + icons})
    strangers = [part for part in parts if not part.startswith(home)]
    if strangers:
        raise RuntimeError(f"The home page asks other hosts: {strangers}")
    total = len(gzip.compress(html, 6))
    for part in parts:
        body, encoding = _get(part)
        total += len(body) if encoding else len(gzip.compress(body, 6))
    note = f"{1 + len(parts)} requests, 0 to other hosts"
    return _weight("first_load", total, 100, note)


def _get(address) -> tuple[bytes, str]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read(), answer.headers.get("Content-Encoding", "")


def _with_pictures(port) -> Figure:
    from playwright.sync_api import sync_playwright

    answers = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(
            viewport={"width": 375, "height": 667}, device_scale_factor=2
        )
        page.on("response", lambda answer: answers.setdefault(answer.url, answer))
        page.goto(f"http://{server.HOST}:{port}/", wait_until="networkidle")
        total = pictures = 0
        for answer in answers.values():
            is_picture = answer.headers["content-type"].startswith(
                ("image/jpeg", "image/webp", "image/avif", "image/png")
            )
            body = answer.body()
            weight = len(body if is_picture else gzip.compress(body, 6))
            total += weight
            pictures += weight if is_picture else 0
        browser.close()
    note = (
        f"{len(answers)} requests, {pictures / 1000:.0f} KB of pictures, 375 px at 2x"
    )
    return _weight("first_load_pictures", total, 250, note)


def _weight(name, total, limit, note) -> Figure:
    return Figure(
        name,
        total / 1000,
        "KB",
        total / 1000 / limit,
        "a limit",
        limit,
        is_limit=True,
        note=note,
    )


def _second_start() -> Figure:
    folder = settings.VAR_DIR / "bench-start"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "unionportal.settings.dev",
        "PORTAL_VAR": str(folder),
        "PORT": str(server.free_port()),
    }
    environment.pop("DATABASE_URL", None)
    _start(environment)  # the first one makes the database and its content
    pairs = [(_start(environment), _setup(environment)) for _ in range(ROUNDS)]
    ratio = statistics.median(start / setup for start, setup in pairs)
    return Figure(
        "second_start",
        ratio,
        "times",
        ratio,
        "django.setup() in a process of its own",
        2,
        is_limit=True,
        note=f"{statistics.median(start for start, _setup in pairs):.1f} s against "
        f"{statistics.median(setup for _start, setup in pairs):.1f} s",
    )


def _start(environment) -> float:
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout:
        if "The portal is open" in line:
            break
    took = time.perf_counter() - start
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    if process.returncode:
        raise RuntimeError("manage.py serve did not start.")
    return took


def _setup(environment) -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
    )
    return time.perf_counter() - start
