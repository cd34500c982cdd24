"""What the portal stands on: its packages, its migrations, its way of being checked."""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.backends.postgresql.psycopg_any import is_psycopg3

ROOT = Path(__file__).resolve().parent.parent.parent
# A folder that exists on the machine of whoever wrote the line, and nowhere else.
MACHINE_PATH = re.compile(r"(?<![\w.<])/(work|root|home|Users)/\w")


def tracked_files():
    """Every file of the project; on a machine without git, all but the ignored."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        return [ROOT / name for name in listed.stdout.split("\0") if name]
    ignored = {".git", ".venv", "var", "__pycache__", ".ruff_cache"}
    return [path for path in ROOT.rglob("*") if ignored.isdisjoint(path.parts)]


def requirements(name):
    """The requirements of a lock file, each with the lines that belong to it."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def test_requirements_do_not_have_psycopg_3():
    """Beside psycopg2 it would win, silently."""
    assert importlib.util.find_spec("psycopg") is None
    assert is_psycopg3 is False


@pytest.mark.django_db
def test_models_wait_for_no_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_pin_every_package_with_its_hash(name):
    packages = requirements(name)

    assert packages
    loose = [
        line
        for line in packages
        if not re.match(r"[\w.\[\],-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)
    ]
    assert loose == []


def test_ci_machine_runs_what_the_readme_tells_people_to_run():
    steps = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert "| `make test` |" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "REQUIRE_BROWSER=1 make test" in steps


def test_files_name_no_folder_of_somebodys_machine():
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked_files()
        if path.is_file()
        for match in MACHINE_PATH.finditer(path.read_bytes().decode(errors="ignore"))
    ]

    assert found == []
