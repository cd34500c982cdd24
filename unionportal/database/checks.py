"""What only the database can tell: ``manage.py check --deploy --database default``."""

from django.core import checks
from django.db import connection

from . import rights


def the_application_owns_nothing(*, databases=None, **options) -> list[checks.Error]:
    """An error for each thing that the role of DATABASE_URL may do and should not."""
    if not databases:
        return []
    return [
        checks.Error(
            f"The role of DATABASE_URL could erase the audit or break the portal: {line}.",
            hint="docs/operations.md, Two roles.",
            obj=connection.settings_dict["USER"],
            id="unionportal.E001",
        )
        for line in rights.faults()
    ]
