from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class VenueQuerySet(models.QuerySet):
    def active(self):
        """Venues that have a public page, in the order of lists."""
        return self.filter(is_active=True).order_by("position", "pk")

    def incomplete(self):
        """Open venues whose page does not say where they are, how to come, whom to
        call or what is there."""
        facts = ("address", "phone", "intro", "directions")
        return self.filter(
            Q(*((name, "") for name in facts), _connector=Q.OR), is_active=True
        )

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

    def to_come(self):
        """Uses that are not over, by the database's clock."""
        return self.filter(during__endswith__gt=Now())

    def in_closed_venues(self):
        """What is still to take place in a venue that was closed."""
        return self.to_come().filter(room__venue__is_active=False)

    def for_list(self):
        """With what a line of a list prints, in order."""
        return self.select_related("room__venue").order_by(
            "during", "room__venue", "room"
        )
