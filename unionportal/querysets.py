from django.db import models
from django.db.models.functions import Now


class SiteSettingsQuerySet(models.QuerySet):
    def current(self):
        """The one row, or what holds before anybody has saved it (not stored)."""
        return self.first() or self.model()


class PassportShareQuerySet(models.QuerySet):
    def usable(self):
        """Neither taken back nor over, by the database's clock."""
        return self.filter(revoked_at=None, expires_at__gt=Now())
