"""Column types that Django's Postgres support lacks."""

from django.db import models


class TstzMultiRangeField(models.Field):
    """A set of stretches of time (``tstzmultirange``), half-open, in Postgres' own text
    form: the driver knows no multiranges. Made and compared in SQL only; for Python it
    is an opaque string such as ``{["2030-01-01 09:00:00+00","2030-01-01 10:00:00+00")}``.
    """

    description = "tstzmultirange"

    def db_type(self, connection):
        return "tstzmultirange"

    def rel_db_type(self, connection):
        return "tstzmultirange"
