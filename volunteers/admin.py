from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.modeladmin import PortalModelAdmin
from volunteers import services
from volunteers.models import Membership, VolunteerTeam


@admin.register(VolunteerTeam)
class VolunteerTeamAdmin(PortalModelAdmin, admin.ModelAdmin):
    """A leader sees the team they lead, the coordinator every team."""

    list_display = [
        "name",
        "kind",
        "union_org",
        "leader",
        "member_count",
        "is_recruiting",
        "is_active",
    ]
    list_filter = ["kind", "is_recruiting", "is_active"]
    list_select_related = ["union_org", "leader"]
    search_fields = ["name"]
    autocomplete_fields = ["union_org", "leader"]
    fields = [
        "name",
        "kind",
        "union_org",
        "leader",
        "leader_agreed_on",
        "slogan",
        "founded_on",
        "intro",
        "is_recruiting",
        "is_active",
    ]

    # what only the coordinator decides, whatever a leader may be allowed to edit
    DECIDED_BY_COORDINATOR = [
        "name",
        "kind",
        "union_org",
        "leader",
        "founded_on",
        "is_active",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user).with_members()

    def get_readonly_fields(self, request, obj=None):
        if request.user.has_perm("volunteers.view_all_teams"):
            return []
        return self.DECIDED_BY_COORDINATOR

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        services.save_team(team=obj, by=request.user)

    @admin.display(description=_("队员人数"), ordering="member_count")
    def member_count(self, obj):
        return obj.member_count


@admin.register(Membership)
class MembershipAdmin(PortalModelAdmin, admin.ModelAdmin):
    """Who is on a team's list. Adding a row is taking somebody in."""

    list_display = ["worker", "team", "is_home", "joined_on"]
    list_filter = ["is_home"]
    list_select_related = ["worker", "team"]
    search_fields = ["worker__name", "team__name"]
    autocomplete_fields = ["team", "worker"]
    fields = ["team", "worker", "is_home", "joined_on"]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def has_change_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        membership = services.enrol(by=request.user, **form.cleaned_data)
        obj.pk = membership.pk

    def delete_model(self, request, obj):
        services.withdraw(membership=obj, by=request.user)
