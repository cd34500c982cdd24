"""Write ``roles.py`` into the database."""

from django.core.management.base import BaseCommand

from unionportal import services


class Command(BaseCommand):
    help = "Make the groups of roles.py and give them exactly its permissions."

    def handle(self, **options):
        written = services.write_roles()
        self.stdout.write(f"{written} roles written.")
