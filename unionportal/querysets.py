from django.db import models


class SiteSettingsQuerySet(models.QuerySet):
    def current(self):
        """The one row, or what holds before anybody has saved it (not stored)."""
        return self.first() or self.model()


class GreyPeriodQuerySet(models.QuerySet):
    def not_over(self, day):
        """Those whose last day is ``day`` or later, the earliest first."""
        return self.filter(ends_on__gte=day).order_by("starts_on", "pk")
