from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin import PortalModelAdmin
from members.forms import AccountForm
from members.models import Stewardship, UnionOrg, User, Worker
from members.services import accounts, logins, second_factor, unions


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
    actions = ["reset_second_factor", "reopen"]

    @admin.action(description=_("重置所选账号的动态口令"), permissions=["change"])
    def reset_second_factor(self, request, queryset):
        self.act_on_each(
            request,
            queryset,
            lambda user: second_factor.reset(user=user, by=request.user),
            _("已重置%(n)d个账号的动态口令，对方下次登录时重新设置。"),
        )

    @admin.action(description=_("重新启用长期未用的账号"), permissions=["change"])
    def reopen(self, request, queryset):
        self.act_on_each(
            request,
            queryset,
            lambda user: logins.reopen(user=user, by=request.user),
            _("已重新启用%(n)d个账号。"),
        )

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
class UnionOrgAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = ["name", "code", "level", "parent"]
    list_filter = ["level"]
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
class WorkerAdmin(PortalModelAdmin, admin.ModelAdmin):
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
