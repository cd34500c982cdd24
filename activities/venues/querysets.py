from django.db import models
from django.db.models import Q


class VenueQuerySet(models.QuerySet):
    def active(self):
        """Venues that have a public page, in the order of lists."""
        return self.filter(is_active=True).order_by("position", "pk")

    def for_search(self, keys):
        """What can be found of these: venues that are open."""
        return self.active().filter(pk__in=keys)


class RoomUseQuerySet(models.QuerySet):
    def during_any(self, times):
        """Uses in any part of ``times`` (starts and ends, half-open), in order."""
        in_any = Q()
        for stretch in times:
            in_any |= Q(during__overlap=stretch)
        if not in_any:
            return self.none()
        return self.filter(in_any).order_by("during", "room")
