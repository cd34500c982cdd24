"""What every command of the portal shares."""

from django.core.management.base import BaseCommand

from common import history


class PortalCommand(BaseCommand):
    """A command whose changes say in the history that it caused them, by its name."""

    def execute(self, *args, **options):
        name = type(self).__module__.rpartition(".")[2]
        with history.because(cause=name):
            return super().execute(*args, **options)
