"""Whether a database is production's or a demonstration's, written into it by the first
``migrate``: as the comment of a table, which goes into every dump and which only the
owner can change.

Demonstration settings have public keys, no second factor, and fill an empty database
with accounts whose password everybody knows. A forgotten DJANGO_SETTINGS_MODULE must
not let them near production's database; nor may such a demonstration go into
production.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

PRODUCTION, DEMONSTRATION = "production", "demonstration"
_MARK = "union portal: "
_LOCAL = ("", "localhost", "127.0.0.1", "::1")


def refuse_the_wrong_one(fresh, settings: dict) -> None:
    """Raise ImproperlyConfigured when ``fresh``, a connection of psycopg2 outside of any
    transaction, leads to a database that is not for the ``PURPOSE`` of ``settings``.

    A database that bears no mark yet is taken by production, and by a demonstration if
    it is on this machine and nobody has an account there.
    """
    wanted, name = settings.get("PURPOSE"), settings["NAME"]
    if wanted is None:
        return
    with fresh.cursor() as cursor:
        found, has_accounts = _look(cursor)
    fresh.rollback()
    if found is not None and found != wanted:
        raise ImproperlyConfigured(
            f"The database {name} is marked {found}, and these are {wanted} settings "
            "(DJANGO_SETTINGS_MODULE): see docs/operations.md, Which database."
        )
    # the second is where one really is: PGHOST or ``?host=`` may have led there
    hosts = (settings["HOST"], fresh.info.host or "")
    is_local = all(host in _LOCAL or host.startswith("/") for host in hosts)
    if wanted == DEMONSTRATION and found is None and (has_accounts or not is_local):
        why = "has accounts" if has_accounts else "is on another machine"
        raise ImproperlyConfigured(
            f"The database {name} {why} and is not marked as a demonstration, and these "
            "are demonstration settings: for production set DJANGO_SETTINGS_MODULE="
            "unionportal.settings.production; if everybody in it is invented, run "
            "manage.py mark_database demonstration."
        )


def mark(purpose: str) -> None:
    """Write into the database what it is for; the owner's to do.

    Raises ValueError when it bears the other mark and somebody has an account there.
    """
    with connection.cursor() as cursor:
        found, has_accounts = _look(cursor.cursor)
        if found not in (None, purpose) and has_accounts:
            raise ValueError(
                f"This is a {found} database, and there are accounts in it: "
                f"a {purpose} begins with an empty one."
            )
        MigrationRecorder(connection).ensure_schema()
        if found != purpose:
            cursor.execute(
                "COMMENT ON TABLE django_migrations IS %s", [_MARK + purpose]
            )


@contextmanager
def not_asked() -> Iterator[None]:
    """While it lasts, new connections lead to any database."""
    settings = connection.settings_dict
    kept = settings.pop("PURPOSE", None)
    try:
        yield
    finally:
        settings["PURPOSE"] = kept


def _look(cursor) -> tuple[str | None, bool]:
    """The mark, or None; and whether there are accounts, or tables that this role may
    not even read."""
    cursor.execute(
        "SELECT obj_description(to_regclass('django_migrations'), 'pg_class'), "
        "to_regclass('members_user') IS NOT NULL"
    )
    comment, has_tables = cursor.fetchone()
    found = (comment or "").removeprefix(_MARK)
    if found not in (PRODUCTION, DEMONSTRATION):
        found = None
    if not has_tables:
        return found, False
    try:
        cursor.execute("SELECT EXISTS (SELECT FROM members_user)")
    except psycopg2.errors.InsufficientPrivilege:
        return found, True
    return found, cursor.fetchone()[0]
