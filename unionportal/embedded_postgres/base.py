"""Django's Postgres backend, with one addition: the server is started if need be."""

from django.db.backends.postgresql import base

from .server import start_or_join


class DatabaseWrapper(base.DatabaseWrapper):
    """Every new connection first makes sure that the private server runs."""

    def get_connection_params(self):
        start_or_join(self.settings_dict["SERVER"])
        return super().get_connection_params()
