from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

KEPT = timedelta(days=1)


class HonourImportQuerySet(models.QuerySet):
    def pending(self):
        """Those that can still be brought in."""
        return self.filter(applied_at__isnull=True).exclude(content="")

    def outdated(self):
        """Whose file or report is kept longer than it may be."""
        return self.filter(created_at__lt=timezone.now() - KEPT).exclude(
            Q(content="") & Q(report="")
        )

    def for_list(self):
        """Without what is sealed."""
        return self.defer("content", "report").select_related("by", "job")
