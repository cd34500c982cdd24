"""``manage.py demo``: demonstration content for an empty portal."""

import time

from django.conf import settings
from django.core.management.base import CommandError

from common.commands import PortalCommand
from common.errors import Refusal
from unionportal.demo import services


class Command(PortalCommand):
    help = (
        "Fill an empty portal with invented people, news, honours, teams and classes. "
        "Running it again changes nothing; in production it refuses."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--scale",
            choices=["small", "city"],
            default="small",
            help="how much (small: what a person can look through; city: 300,000 "
            "workers in 1,200 unions, 100,000 articles, 20,000 volunteers)",
        )

    def handle(self, *, scale, **options):
        if not settings.IS_DEMONSTRATION:
            raise CommandError(
                "Demonstration content is refused here: these are production settings."
            )
        started = time.monotonic()
        if scale == "city":
            try:
                services.make_city(self.say)
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
        elif services.is_made():
            self.stdout.write("There is content already; nothing was changed.")
            return
        else:
            services.make(self.say)
        self.say(f"Demonstration content is made ({time.monotonic() - started:.0f} s).")

    def say(self, line):
        self.stdout.write(line)
        self.stdout.flush()
