"""``manage.py bench``: the benchmarks, in a process and a database of their own."""

import os
import subprocess
import sys

from django.conf import settings
from django.core.management.base import CommandError

from bench import names
from common.commands import PortalCommand


class Command(PortalCommand):
    help = "Print each benchmark's figure beside its reference from the same run."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "lines",
            nargs="*",
            help="names of lines, of parts, or what several lines begin with; "
            f"parts: {' '.join(names.PARTS)}; lines: {' '.join(names.LINES)}",
        )

    def handle(self, *, lines, **options):
        try:
            names.asked_for(lines)
        except KeyError as error:
            raise CommandError(f"No line of the bench is called {error}.") from error
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings"}
        done = subprocess.run(
            [sys.executable, "-m", "bench", *lines],
            cwd=settings.BASE_DIR,
            env=environment,
            check=False,
        )
        if done.returncode:
            raise CommandError("The bench broke off; see above.")
