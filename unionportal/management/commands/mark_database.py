"""``manage.py mark_database``: say what a database is for, where nobody has said yet."""

from django.core.management.base import CommandError

from common.commands import PortalCommand
from unionportal.database import purpose
from unionportal.database.owner import as_owner


class Command(PortalCommand):
    help = (
        "Write into the database that it is a demonstration's or production's. "
        "`migrate` does so by itself; this is for a database on another machine, or "
        "one that is older than the mark."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "purpose", choices=[purpose.DEMONSTRATION, purpose.PRODUCTION]
        )

    def handle(self, **options):
        with purpose.not_asked(), as_owner():
            try:
                purpose.mark(options["purpose"])
            except ValueError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"The database is marked {options['purpose']}.")
