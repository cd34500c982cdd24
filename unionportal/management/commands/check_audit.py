"""``manage.py check_audit``: whether somebody touched the audit behind its back."""

from django.core.management.base import CommandError

from common.commands import PortalCommand
from common.services import check_audit


class Command(PortalCommand):
    help = (
        "Reckon every seal of the audit again. Name a seal as an earlier tick printed or "
        "logged it (NUMBER:DIGEST) to find a chain that was cut off or made again. Ends "
        "with 1 when something was touched."
    )

    def add_arguments(self, parser):
        parser.add_argument("known", nargs="?", metavar="NUMBER:DIGEST")

    def handle(self, *, known, **options):
        found = check_audit(known=_read(known) if known else None)
        self.stdout.write(
            f"{found.events} events under {found.seals} seals, "
            f"{found.unsealed} not sealed yet."
        )
        for word, numbers in [("touched", found.touched), ("missing", found.missing)]:
            if numbers:
                self.stderr.write(f"{word}: {', '.join(map(str, numbers))}")
        if not found.is_whole:
            raise CommandError("The audit is not what it was when it was sealed.")


def _read(known):
    number, _colon, digest = known.partition(":")
    if not number.isdecimal() or len(digest) != 52:
        raise CommandError("A seal is written NUMBER:DIGEST, as tick prints it.")
    return int(number), digest
