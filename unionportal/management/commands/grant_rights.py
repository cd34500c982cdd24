"""``manage.py grant_rights``: what ``migrate`` does last, by itself."""

from common.commands import PortalCommand
from unionportal.database import rights
from unionportal.database.owner import as_owner


class Command(PortalCommand):
    help = "Give the application's role exactly its rights, as the owner of the tables."

    def handle(self, **options):
        with as_owner() as application:
            if application is None:
                self.stdout.write("One role does everything here: nothing to grant.")
                return
            rights.grant(application)
        self.stdout.write(f"The role {application} has its rights.")
