from datetime import timedelta
from itertools import groupby

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from activities.venues import services
from activities.venues.models import RoomUse, Venue
from common import dates
from common.modeladmin import PortalModelAdmin

AHEAD = timedelta(days=28)
MOST_USES = 300  # on one page


class FactsFilter(admin.SimpleListFilter):
    title = _("资料")
    parameter_name = "facts"

    def lookups(self, request, model_admin):
        return [("missing", _("不全"))]

    def queryset(self, request, queryset):
        return queryset.incomplete() if self.value() == "missing" else queryset


@admin.register(Venue)
class VenueAdmin(PortalModelAdmin, admin.ModelAdmin):
    """A venue that closed is set inactive: classes of earlier terms were held there."""

    list_display = ["name", "address", "phone", "position", "is_active"]
    list_filter = ["is_active", FactsFilter]
    search_fields = ["name", "address"]
    fields = [
        "name",
        "address",
        "phone",
        "intro",
        "directions",
        "position",
        "is_active",
    ]

    def get_urls(self):
        own = self._job_urls(("uses/", self.uses_view, "uses"))
        return [*own, *super().get_urls()]

    @method_decorator(require_GET)
    def uses_view(self, request):
        """Who has which room in the next four weeks, day by day; ``closed``: whatever is
        still planned in venues that are closed."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        rows, is_closed = RoomUse.objects.for_list(), "closed" in request.GET
        if is_closed:
            rows = rows.in_closed_venues()
        else:
            rows = rows.to_come().filter(during__startswith__lt=timezone.now() + AHEAD)
        rows = list(rows[: MOST_USES + 1])
        return self._job_page(
            request,
            "activities_venues/venue/uses",
            _("停用场馆里的安排") if is_closed else _("场地安排"),
            days=[(day, list(uses)) for day, uses in groupby(rows[:MOST_USES], _day)],
            is_closed=is_closed,
            is_more=len(rows) > MOST_USES,
        )

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        services.save_venue(venue=obj, by=request.user)


def _day(use):
    use.starts_at = timezone.localtime(use.during.lower)
    use.ends_at = timezone.localtime(use.during.upper)
    return dates.day(use.starts_at)
