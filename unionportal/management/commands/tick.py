"""``manage.py tick``: what should happen soon but hangs on nobody's click."""

from django.core.management.base import BaseCommand

from members.services import roster
from signups.services import seats


class Command(BaseCommand):
    help = (
        "Pass on seats that a crash left between a cancel and the queue, throw away "
        "rosters older than a day. Run it every minute; running it twice, or not at "
        "all for a while, does no harm."
    )

    def handle(self, **options):
        given = seats.settle_all()
        self.stdout.write(f"{given} seats passed on.")
        if forgotten := roster.forget_outdated():
            self.stdout.write(f"{forgotten} rosters thrown away.")
