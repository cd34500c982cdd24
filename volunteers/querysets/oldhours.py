"""Lists of old hours and what was brought in of them. Nothing here is ever summed with
hours that have evidence (``records``)."""

from datetime import timedelta

from django.db import models
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

IMPORT = "volunteers.import_hours"


class HoursImportQuerySet(models.QuerySet):
    def pending(self):
        """Those that can still be brought in."""
        return self.filter(applied_at=None).exclude(content="")

    def outdated(self):
        """Whose file or report is kept longer than it may be: a day."""
        old = self.filter(created_at__lt=timezone.now() - timedelta(days=1))
        return old.exclude(Q(content="") & Q(report=""))

    def for_list(self):
        """Without what is sealed; one query."""
        return self.defer("content", "report").select_related("by", "job")


class ImportedHoursQuerySet(models.QuerySet):
    def total(self) -> dict[str, int]:
        """``minutes`` and ``records``. One query."""
        found = self.order_by().aggregate(minutes=Sum("minutes"), records=Count("pk"))
        return {name: number or 0 for name, number in found.items()}

    def for_person(self, worker):
        """A worker's own, newest first; one query."""
        rows = self.filter(worker=worker).select_related("team", "imported_from")
        return rows.defer("imported_from__content", "imported_from__report").order_by(
            "-served_on", "-pk"
        )

    def facts_of(self, worker) -> list[dict]:
        """Everything kept, for their own-data page."""
        return [
            {
                _("队伍"): one.team.name,
                _("服务"): one.title,
                _("日期"): one.served_on,
                _("时长（分钟）"): one.minutes,
                _("出处"): one.imported_from.source,
            }
            for one in self.for_person(worker)
        ]
