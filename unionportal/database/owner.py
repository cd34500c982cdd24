"""Working as the owner of the tables, for the few deeds that only the owner may do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def as_owner() -> Iterator[str | None]:
    """While it lasts, Django's connection is the owner's; gives the name of the
    application's role, or None where one role does everything (and nothing changes).

    For management commands: other threads of the process would become the owner too.
    Not inside a transaction, whose connection would be lost: RuntimeError.
    """
    settings = connection.settings_dict
    owner = settings.get("OWNER")
    if owner is None:
        yield None
        return
    if connection.in_atomic_block:
        raise RuntimeError("The owner comes with a connection of its own.")
    kept = {name: settings[name] for name in owner}
    connection.close()
    settings.update(owner)
    try:
        yield kept["USER"]
    finally:
        connection.close()
        settings.update(kept)
