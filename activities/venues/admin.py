from django.contrib import admin

from activities.venues import services
from activities.venues.models import Venue
from common.modeladmin import PortalModelAdmin


@admin.register(Venue)
class VenueAdmin(PortalModelAdmin, admin.ModelAdmin):
    """A venue that closed is set inactive: classes of earlier terms were held there."""

    list_display = ["name", "address", "phone", "position", "is_active"]
    list_filter = ["is_active"]
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

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        services.save_venue(venue=obj, by=request.user)
