from django.db import models


class SiteSettingsQuerySet(models.QuerySet):
    def current(self):
        """The one row, or what holds before anybody has saved it (not stored)."""
        return self.first() or self.model()
