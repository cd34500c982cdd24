"""Databases that take minutes to make and are only read: the demonstration, a small
union and a whole city. Each is kept for the next run while what made it is the same;
migrations that have come since are run on it.

``python -m bench.kept NAME`` makes one, in a process whose settings name it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from unionportal.database.owner import as_owner

# their terms are in sign-up on the day they are made, and some days after
_DAYS = 2


@contextmanager
def database(name: str):
    """While it lasts, this process and the servers it starts work with that database,
    which is made first where there is none or it is not what it would be now."""
    entry, before = connection.settings_dict, {}
    connection.close()
    for key in ("NAME", "SERVER"):
        before[key] = entry.get(key)
    entry["NAME"] += f"_{name}"
    if entry.get("SERVER"):
        entry["SERVER"] = replace(entry["SERVER"], database=entry["NAME"])
    os.environ["BENCH_DATABASE"] = name
    try:
        if _made_from() not in _recipes():
            _make(name)
        call_command("migrate", interactive=False, verbosity=0)
        yield
    finally:
        del os.environ["BENCH_DATABASE"]
        connection.close()
        entry.update(before)


def _recipes() -> list[str]:
    """What is still good: made from these sources, on one of the last days."""
    digest = hashlib.sha256()
    root = Path(settings.BASE_DIR)
    sources = {
        Path(__file__),
        Path(__file__).with_name("scene.py"),
        *root.glob("unionportal/demo/**/*.*"),
    }
    for path in sorted(sources):
        if "__pycache__" not in path.parts:
            digest.update(path.read_bytes())
    return [
        f"{digest.hexdigest()[:16]} {date.today() - timedelta(days=ago)}"
        for ago in range(_DAYS + 1)
    ]


def _made_from() -> str | None:
    with as_owner(), connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
            "WHERE datname = %s",
            [connection.settings_dict["NAME"]],
        )
        return (cursor.fetchone() or [None])[0]


def _make(name: str) -> None:
    print(f"Making the database “{name}”, which is kept …", flush=True)
    database = connection.settings_dict["NAME"]
    with as_owner(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE template0')
    subprocess.run([sys.executable, "-m", "bench.kept", name], check=True)
    with as_owner(), connection._nodb_cursor() as cursor:
        cursor.execute(f"COMMENT ON DATABASE \"{database}\" IS '{_recipes()[0]}'")


def fill(name: str) -> None:
    """Make its rows, in the database of this process' settings."""
    from bench import scene

    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    scene.empty_database()
    scene.make_demonstration()
    if name != "demonstration":
        scene.make_city(name)
    scene.analyze(vacuum=True)


if __name__ == "__main__":
    django.setup()
    fill(sys.argv[1])
