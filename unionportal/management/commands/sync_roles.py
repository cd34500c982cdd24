"""Write ``roles.py`` into the database."""

from common.commands import PortalCommand
from unionportal import services


class Command(PortalCommand):
    help = "Make the groups of roles.py and give them exactly its permissions."

    def handle(self, **options):
        written = services.write_roles()
        self.stdout.write(f"{written} roles written.")
