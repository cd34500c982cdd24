"""``manage.py bench``: the benchmarks, in a process and a database of their own."""

import os
import subprocess
import sys

from django.conf import settings
from django.core.management.base import CommandError

from common.commands import PortalCommand


class Command(PortalCommand):
    help = "Print each benchmark's figure beside its reference from the same run."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "parts",
            nargs="*",
            choices=["pages", "seats", "rush", "growth", "roster", []],
        )

    def handle(self, *, parts, **options):
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings"}
        done = subprocess.run(
            [sys.executable, "-m", "bench", *parts],
            cwd=settings.BASE_DIR,
            env=environment,
            check=False,
        )
        if done.returncode:
            raise CommandError("The bench broke off; see above.")
