"""How far something is that one transaction does as a whole.

Nobody sees a row of a transaction before its end, but everybody the name that its
session bears: to the end of the transaction it says how far it is. No table and no
cache, nothing to clean up; it dies with the session.
"""

from django.db import connection


def announce(what: str, done: int) -> None:
    """Say, to the end of the transaction under way, that of ``what`` (a word and a key:
    "roster 5") so much is done."""
    with connection.cursor() as cursor:
        name = f"{what} {done}"
        cursor.execute("SELECT set_config('application_name', %s, true)", [name])


def announced(what: str) -> int | None:
    """How much of ``what`` a transaction under way has done; None when there is none or
    it has said nothing yet."""
    start = f"{what} "
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(substr(application_name, %s)::int) FROM pg_stat_activity"
            " WHERE datname = current_database()"
            " AND starts_with(application_name, %s)",
            [len(start) + 1, start],
        )
        return cursor.fetchone()[0]
