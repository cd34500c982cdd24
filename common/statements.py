"""Statements that Postgres plans once for each connection and not for each answer.

For what many people ask at once: with functions and joins in it, planning takes several
times as long as running. The plan is a general one (``plan_cache_mode`` in the settings)
and is made anew by Postgres when tables or their statistics have changed.
"""

from weakref import WeakSet

from django.db import connection


class Prepared:
    """A statement with named parameters, as psycopg writes them, and the type of each:
    ``Prepared("things", "SELECT … WHERE id = ANY(%(ids)s)", ids="bigint[]")``. ``name``
    is one of its own in the whole house."""

    def __init__(self, name: str, sql: str, **types: str):
        numbers = {key: f"${n}" for n, key in enumerate(types, start=1)}
        self._prepare = (
            f"PREPARE {name} ({', '.join(types.values())}) AS {sql % numbers}"
        )
        values = ", ".join(f"%({key})s::{kind}" for key, kind in types.items())
        self._execute = f"EXECUTE {name} ({values})"
        self._known = WeakSet()  # the connections that have it

    def rows(self, **asked) -> list[tuple]:
        """What it answers to these parameters. One query, and no other in a count of
        queries: the first one on a connection is prepared past Django."""
        with connection.cursor() as cursor:
            raw = connection.connection
            if raw not in self._known:
                with connection.wrap_database_errors, raw.cursor() as preparing:
                    preparing.execute(self._prepare)
                self._known.add(raw)
            cursor.execute(self._execute, asked)
            return cursor.fetchall()
