"""``manage.py tick``: what should happen soon but hangs on nobody's click."""

import logging

from common.commands import PortalCommand
from common.services import forget_addresses, indexing, queue, seal_audit
from honors import services as honors
from honors.services import oldhonours
from honors.services import papers as honors_papers
from members.services import devices, notices, outbox, roster, texting, verification
from news import services as news
from news.services import comments
from signups.services import papers, seats
from volunteers.services import day as service_days
from volunteers.services import oldhours

log = logging.getLogger("portal.audit")


class Command(PortalCommand):
    help = (
        "Pass on seats that a crash left between a cancel and the queue, take up "
        "again the tasks of workers that died, seal the audit, throw away rosters and ended sessions older than a day and traces of "
        "texts older than half a year, count anew what is read most, and pictures of refused forms after two days. "
        "Run it every minute; running it twice, or not at all for a while, "
        "does no harm."
    )

    def handle(self, **options):
        given = seats.settle_all()
        self.stdout.write(f"{given} seats passed on.")
        if rescued := queue.rescue():
            self.stdout.write(f"{rescued} tasks of dead workers taken up again.")
        if outbox.resume():
            self.stdout.write("The sending of texts is taken up again.")
        if indexed := indexing.sweep():
            self.stdout.write(f"{indexed} changed texts brought into the search.")
        news.rank()
        if seal := seal_audit():
            # also into the log, which is kept where the database's owner cannot write
            log.info("Audit sealed: %s", seal)
            self.stdout.write(f"Audit sealed: {seal}")
        for what, forget in [
            ("rosters", roster.forget_outdated),
            ("lists of old honours", oldhonours.forget_outdated),
            ("ended sessions", devices.forget_expired),
            ("traces of texts", texting.forget_outdated),
            ("pictures of refused articles", news.forget_pictures),
            ("files of refused articles", news.forget_files),
            ("marks of yesterday's readers", news.forget_readers),
            ("comments taken back", comments.forget_texts),
            ("photos of no list", papers.forget_photos),
            ("lists of old hours", oldhours.forget_outdated),
            ("photos of no service", service_days.forget_photos),
            ("portraits of refused forms", honors.forget_portraits),
            ("papers of refused nominations", honors_papers.forget_papers),
            ("old notices and texts", notices.forget_outdated),
            ("traces of identity tries", verification.forget_outdated),
            ("finished tasks", queue.forget_finished),
        ]:
            if forgotten := forget():
                self.stdout.write(f"{forgotten} {what} thrown away.")
        if blanked := forget_addresses():
            self.stdout.write(f"{blanked} addresses in the audit blanked.")
