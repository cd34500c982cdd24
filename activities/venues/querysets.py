from django.db import models


class VenueQuerySet(models.QuerySet):
    def active(self):
        """Venues that have a public page, in the order of lists."""
        return self.filter(is_active=True).order_by("position", "pk")
