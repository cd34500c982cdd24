"""What is asked of the newsroom's ledgers: what is overdue."""

from datetime import date

from django.db import models
from django.db.models import DateField, ExpressionWrapper, F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce, TruncDate

from news.enums import Severity


class PhraseQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(is_active=True).order_by("pk")


class ChannelQuerySet(models.QuerySet):
    def with_next(self):
        """Annotate ``inspected_on``, the day of the last inspection (None: never), and
        ``next_on``, by when the next one is due; a new channel counts from the day on
        which it was entered."""
        inspections = self.model._meta.get_field("inspections").related_model.objects
        last = (
            inspections.filter(channel=OuterRef("pk"))
            .order_by()
            .values("channel")
            .values(last=Max("on"))
        )
        since = Coalesce(F("inspected_on"), TruncDate("created_at"))
        return self.annotate(inspected_on=Subquery(last)).annotate(
            next_on=ExpressionWrapper(
                since + F("inspect_every_days"), output_field=DateField()
            )
        )

    def overdue(self, today: date):
        """Channels in use that nobody looked at in the time stated for them."""
        return self.filter(is_active=True).with_next().filter(next_on__lt=today)


class InspectionQuerySet(models.QuerySet):
    def open(self):
        """Findings that nobody has put right yet."""
        return self.exclude(severity=Severity.NONE).filter(fixed_on=None)
