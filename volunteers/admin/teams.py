from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.modeladmin import PortalModelAdmin
from volunteers import services
from volunteers.admin.running import ExportsMembers, RunsTeam
from volunteers.models import Membership, VolunteerTeam


@admin.register(VolunteerTeam)
class VolunteerTeamAdmin(RunsTeam, PortalModelAdmin, admin.ModelAdmin):
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
        "honours",
        "news_path",
        "join_mode",
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


class PresenceFilter(admin.SimpleListFilter):
    title = _("在队情况")
    parameter_name = "presence"

    def lookups(self, request, model_admin):
        return [("current", _("在队")), ("left", _("已退队"))]

    def queryset(self, request, queryset):
        if self.value() not in dict(self.lookup_choices):
            return queryset
        return queryset.filter(left_on__isnull=self.value() == "current")


@admin.register(Membership)
class MembershipAdmin(ExportsMembers, PortalModelAdmin, admin.ModelAdmin):
    """Who is, and was, on a team's list. Adding a row is taking somebody in; filling in
    the day of leaving is taking them off, and the row stays as it is from then on."""

    list_display = ["worker", "team", "role", "is_home", "joined_on", "left_on"]
    list_filter = [PresenceFilter, "role", "is_home"]
    list_select_related = ["worker", "team"]
    search_fields = ["worker__name", "team__name"]
    autocomplete_fields = ["team", "worker"]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def get_fields(self, request, obj=None):
        fields = ["team", "worker", "is_home", "role", "joined_on"]
        return [*fields, "left_on"] if obj else fields

    def get_readonly_fields(self, request, obj=None):
        return ["team", "worker", "is_home", "joined_on"] if obj else []

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.left_on is None)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if change:
            typed, by = form.cleaned_data, request.user
            services.appoint(membership=obj, role=typed["role"], by=by)
            if typed["left_on"]:
                services.withdraw(membership=obj, by=by, on=typed["left_on"])
            return
        membership = services.enrol(by=request.user, **form.cleaned_data)
        obj.pk = membership.pk
