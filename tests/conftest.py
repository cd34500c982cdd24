"""What every test may lean on: the database, and a browser where there is one.

The database is that of ``DATABASE_URL``, else a private Postgres in
``var/postgres-test``; pytest-django makes ``test_…`` in it anew for each run.

A test under ``tests/browser/`` drives Debian's Chromium. Where there is none it is
skipped, and the last lines of the run say so; with ``REQUIRE_BROWSER=1`` it fails.
"""

import os
import shutil
from pathlib import Path

import pytest

# Playwright keeps an event loop in the main thread; Django would take every query
# of a test for one made inside a coroutine.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

BROWSER_TESTS = Path(__file__).parent / "browser"
NO_BROWSER = "no Chromium on PATH (apt-get install chromium fonts-noto-cjk)"
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)


def pytest_runtest_setup(item):
    if item.get_closest_marker("browser") and chromium() is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"REQUIRE_BROWSER=1, but {NO_BROWSER}", pytrace=False)
        pytest.skip(NO_BROWSER)


def pytest_terminal_summary(terminalreporter):
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if NO_BROWSER in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section("BROWSER TESTS DID NOT RUN", red=True, bold=True)
        terminalreporter.write_line(f"{len(skipped)} skipped: {NO_BROWSER}.")
        for report in skipped:
            terminalreporter.write_line(f"  {report.nodeid}")


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """How pytest-playwright starts the browser: Debian's own, and quiet."""
    return {"executable_path": chromium(), "args": CHROMIUM_FLAGS}
