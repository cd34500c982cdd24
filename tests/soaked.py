"""Tests that run when what they cover has changed since ``make soak`` last passed.

``tests/soaked.json`` keeps, for each group, a fingerprint of the files that its tests
cover and of the tests themselves. ``make soak`` runs every group and writes the
fingerprints of those that passed; a run of the suite leaves a group to it whose files
are still the same, and names it in its last lines. So a change of a covered file makes
its tests run in every run until ``make soak`` has passed on it and the new fingerprint
is committed. A test whose file is named on the command line always runs.
"""

import hashlib
import json
import subprocess
from functools import cache
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "tests" / "soaked.json"

# group → patterns of the files that decide whether its tests pass
COVERED = {
    "private Postgres": [
        "unionportal/embedded_postgres/*.py",
        "unionportal/settings/test.py",
        "deploy/portal.sh",
        "requirements.txt",
        "tests/unionportal/test_embedded_postgres.py",
    ],
    "server": [
        "unionportal/management/commands/serve.py",
        "unionportal/management/commands/worker.py",
        "tests/unionportal/test_serve.py",
    ],
    "edition of honours": [
        "honors/**/*.py",
        "templates/honors/*.html",
        "templates/admin/honors/**/*.html",
        "static/css/honors.css",
        "static/css/notice.css",
        "tests/browser/test_honours_edition.py",
    ],
    # an editing day, and what is pasted into the editor
    "editor": [
        "news/**/*.py",
        "common/*.py",
        "common/pasting/*.py",
        "common/templatetags/*.py",
        "templates/base.html",
        "templates/news/*.html",
        "templates/admin/*.html",
        "templates/admin/news/**/*.html",
        "static/css/admin*.css",
        "static/css/article.css",
        "static/js/*.js",
        "requirements.txt",
        "tests/cases/hostile.txt",
        "tests/cases/paste/*",
        "tests/browser/test_editing_day.py",
        "tests/browser/test_pasting.py",
        "tests/browser/test_publish_report.py",
        "tests/news/pasted_report.py",
    ],
    # what every page of the back office is made of
    "back office": [
        "templates/admin/**/*.html",
        "templates/forms/**/*.html",
        "static/css/*.css",
        "static/js/*.js",
        "common/**/*.py",
        *("*/admin.py", "*/admin/*.py", "activities/*/admin.py"),
        *("activities/*/admin/*.py", "*/forms.py", "*/forms/*.py"),
        *("activities/*/forms.py", "*/models.py", "*/models/*.py"),
        *("activities/*/models.py", "*/queues.py", "activities/*/queues.py"),
        "unionportal/*.py",
        "tests/browser/back_office_checks.js",
        "tests/browser/test_back_office.py",
        "tests/browser/test_html_valid.py",
    ],
    "settings": [
        "unionportal/settings/*.py",
        "unionportal/apps.py",
        "common/middleware.py",
        "deploy/*",
        "requirements.txt",
        "tests/unionportal/test_settings.py",
    ],
}
# what decides for the rows and forms of every model of the back office
EVERY_MATRIX = [
    "common/modeladmin.py",
    "members/querysets.py",
    "unionportal/roles.py",
    "tests/members/test_matrix.py",
    "tests/members/matrix.py",
]


def matrix_of(label: str) -> str:
    """The group that asks for the models of one app."""
    return f"matrix of {label}"


def patterns(group: str) -> list[str]:
    if group in COVERED:
        return COVERED[group]
    config = apps.get_app_config(group.removeprefix("matrix of "))
    folder = Path(config.path)
    own = []
    if folder.is_relative_to(ROOT):
        here = folder.relative_to(ROOT)
        own = [f"{here}/*.py", f"{here}/services/*.py", f"{here}/admin/*.py"]
        own += [f"{here}/models/*.py", f"{here}/migrations/*.py"]
    return own + EVERY_MATRIX


@cache
def fingerprint(group: str) -> str:
    found = {path for pattern in patterns(group) for path in ROOT.glob(pattern)}
    digest = hashlib.sha256()
    for path in sorted(found):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(ROOT)} {content}\n".encode())
    return digest.hexdigest()


@cache
def recorded() -> dict[str, str]:
    return json.loads(RECORD.read_text()) if RECORD.exists() else {}


def left_to_the_soak(groups) -> set[str]:
    """Those of these groups that need not run now. Of the unchanged parts of the matrix
    one runs all the same, another after each commit."""
    same = {group for group in groups if recorded().get(group) == fingerprint(group)}
    parts = sorted(group for group in same if group not in COVERED)
    if parts:
        same.discard(parts[_turn() % len(parts)])
    return same


@cache
def _turn() -> int:
    """A number that every process of a run and every run of one commit agree on."""
    counted = subprocess.run(
        ["git", "-c", "safe.directory=*", "rev-list", "--count", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return int(counted.stdout) if counted.returncode == 0 else 0


def write(groups) -> None:
    """Record that these groups have passed as their files are now."""
    kept = recorded() | {group: fingerprint(group) for group in groups}
    RECORD.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")
