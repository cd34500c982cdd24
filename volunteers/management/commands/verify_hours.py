"""``manage.py verify_hours``: whether somebody touched confirmed hours behind their back."""

from django.core.management.base import CommandError

from common.commands import PortalCommand
from volunteers.services import chain


class Command(PortalCommand):
    help = (
        "Reckon the chain of confirmed hours again and name the first link that does not "
        "hold. Name a link as this command printed it once (NUMBER:DIGEST) to find a "
        "chain that was cut off or made again. Ends with 1 when something was touched."
    )

    def add_arguments(self, parser):
        parser.add_argument("known", nargs="?", metavar="NUMBER:DIGEST")

    def handle(self, *, known, **options):
        found = chain.verify(known=_read(known) if known else None)
        self.stdout.write(f"{found.links} links hold. {found.links}:{found.head}")
        if found.broken is not None:
            row = f", record {found.record}" if found.record else ""
            raise CommandError(f"Link {found.broken} is {found.why}{row}.")


def _read(known):
    number, _colon, digest = known.partition(":")
    if not number.isdecimal() or len(digest) != 64:
        raise CommandError(
            "A link is written NUMBER:DIGEST, as this command prints it."
        )
    return int(number), digest
