"""``manage.py reindex_search``: the index of the search, made anew."""

from django.core.management.base import CommandError

from common import searching
from common.commands import PortalCommand
from common.models import SearchEntry
from common.services import indexing


class Command(PortalCommand):
    help = (
        "Make the index of the search anew, from the texts as they are. Everything stays "
        "found meanwhile; broken off, it can be run again."
    )

    def add_arguments(self, parser):
        parser.add_argument("kinds", nargs="*", help="only these kinds; all if none")
        parser.add_argument(
            "--dry-run", action="store_true", help="only say how much there is"
        )

    def handle(self, *, kinds, dry_run, **options):
        if unknown := set(kinds) - searching.sources().keys():
            known = ", ".join(searching.sources())
            raise CommandError(f"No such kind: {', '.join(unknown)}. Known: {known}.")
        if dry_run:
            for kind, source in searching.sources().items():
                if not kinds or kind in kinds:
                    made = SearchEntry.objects.filter(kind=kind).count()
                    self.stdout.write(
                        f"{kind}: {len(source.all_keys())} rows, {made} entries."
                    )
            return
        self.tenth = 0
        run = indexing.reindex(kinds=kinds or None, say=self.say)
        self.stdout.write(f"{run.total} rows looked at.")

    def say(self, run):
        tenth = run.done * 10 // run.total
        if tenth > self.tenth:
            self.tenth = tenth
            self.stdout.write(f"{tenth * 10} %")
