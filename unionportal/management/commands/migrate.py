"""``manage.py migrate``: Django's, as the owner of the tables; then the rights."""

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connection

from common.services import load_holidays
from unionportal.database import purpose, rights
from unionportal.database.owner import as_owner


class Command(migrate.Command):
    help = (
        f"{migrate.Command.help} Works as the owner (DATABASE_OWNER_URL) and then "
        "gives the application's role its rights."
    )

    def handle(self, *arguments, **options):
        with as_owner() as application:
            if not rights.may_migrate():
                raise CommandError(
                    f"The role {connection.settings_dict['USER']} may not change "
                    "tables: set DATABASE_OWNER_URL (docs/operations.md, Two roles)."
                )
            super().handle(*arguments, **options)
            if options["plan"]:
                return
            if wanted := connection.settings_dict.get("PURPOSE"):
                purpose.mark(wanted)
            if not options["app_label"]:
                load_holidays()
            if application:
                rights.grant(application)
