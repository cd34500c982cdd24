from django.contrib import admin

from common.admin import PortalModelAdmin
from members.belonging_admin import ConfirmsRoster, RosterStateFilter, VerifiesByHand
from members.forms import AccountForm
from members.models import Stewardship, UnionOrg, User, Worker
from members.services import accounts, unions


@admin.register(User)
class UserAdmin(PortalModelAdmin, admin.ModelAdmin):
    """Accounts of staff and workers. The number is shown by its last four digits."""

    form = AccountForm
    list_display = ["__str__", "phone_last4", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active", "groups"]
    search_fields = ["name", "phone_last4"]
    ordering = ["pk"]
    fields = ["name", "phone", "password1", "groups", "is_staff", "is_active"]
    filter_horizontal = ["groups"]

    def get_fields(self, request, obj=None):
        return [
            field
            for field in self.fields
            if obj is None or field not in ("phone", "password1")
        ]

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if change:
            accounts.change_account(
                user=obj,
                by=request.user,
                name=form.cleaned_data["name"],
                is_staff=form.cleaned_data["is_staff"],
                is_active=form.cleaned_data["is_active"],
                roles=form.cleaned_data["groups"],
            )
            return
        made = accounts.open_account(
            phone=form.cleaned_data["phone"],
            password=form.cleaned_data["password1"],
            name=form.cleaned_data["name"],
            is_staff=form.cleaned_data["is_staff"],
        )
        obj.__dict__.update(made.__dict__)


@admin.register(UnionOrg)
class UnionOrgAdmin(ConfirmsRoster, PortalModelAdmin, admin.ModelAdmin):
    list_display = ["name", "code", "level", "parent", "roster"]
    list_filter = [RosterStateFilter, "level"]
    list_select_related = ["parent"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["parent"]
    fields = ["name", "code", "level", "parent"]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        unions.save_union(org=obj, by=request.user)


@admin.register(Worker)
class WorkerAdmin(VerifiesByHand, PortalModelAdmin, admin.ModelAdmin):
    list_display = ["name", "union_org", "member_number", "is_member", "verified_at"]
    list_filter = ["is_member", "is_frontline", "is_migrant"]
    list_select_related = ["union_org"]
    search_fields = ["name", "member_number"]
    autocomplete_fields = ["union_org"]
    fields = [
        "name",
        "union_org",
        "member_number",
        "is_member",
        "is_frontline",
        "is_migrant",
    ]

    def get_readonly_fields(self, request, obj=None):
        """Who is on a roster changes unions by a transfer, which keeps the history."""
        return ["union_org"] if obj else []

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Stewardship)
class StewardshipAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = ["user", "union_org", "role"]
    list_filter = ["role"]
    list_select_related = ["user", "union_org"]
    search_fields = ["user__name", "union_org__name"]
    autocomplete_fields = ["user", "union_org"]
    fields = ["user", "union_org", "role"]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)
