"""Django's Postgres backend, with one addition: the wrong database is refused."""

from django.db.backends.postgresql import base

from . import purpose


class DatabaseWrapper(base.DatabaseWrapper):
    """Every new connection first checks what its database is for."""

    def get_new_connection(self, conn_params):
        fresh = super().get_new_connection(conn_params)
        try:
            purpose.refuse_the_wrong_one(fresh, self.settings_dict)
        except BaseException:
            fresh.close()
            raise
        return fresh
