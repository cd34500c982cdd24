"""What articles stand in, and who works there."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import pagecache
from common.modeladmin import PortalModelAdmin
from news import services
from news.models import Column, ColumnDuty, Series


class NotUpdatedFilter(admin.SimpleListFilter):
    title = _("更新")
    parameter_name = "late"

    def lookups(self, request, model_admin):
        return [("1", _("逾期未更新"))]

    def queryset(self, request, queryset):
        return queryset.not_updated() if self.value() == "1" else queryset


@admin.register(Column)
class ColumnAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = ["name", "order", "in_menu", "is_active", "last", "late"]
    list_filter = [NotUpdatedFilter]
    search_fields = ["name"]
    fields = [
        *("name", "description", "order", "in_menu", "update_every_days"),
        "is_active",
    ]

    def get_queryset(self, request):
        found = super().get_queryset(request).managed_by(request.user)
        return found.with_last_out()

    @admin.display(description=_("最新发布"), ordering="last_out")
    def last(self, column):
        return column.last_out and timezone.localtime(column.last_out).date()

    @admin.display(description=_("更新要求"), ordering="next_out")
    def late(self, column):
        if not column.is_active or column.next_out is None:
            return "—"
        days = {"n": column.update_every_days}
        if column.next_out < pagecache.moment().now:
            return _("%(n)d天内没有更新") % days
        return _("每%(n)d天至少一篇") % days

    def save_model(self, request, obj, form, change):
        services.save_column(column=obj, by=request.user)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Series)
class SeriesAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = ["title", "planned_parts"]
    search_fields = ["title"]
    fields = ["title", "intro", ("planned_parts", "announces_next")]

    def save_model(self, request, obj, form, change):
        services.save_series(series=obj, by=request.user)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ColumnDuty)
class ColumnDutyAdmin(PortalModelAdmin, admin.ModelAdmin):
    """Who writes and who reviews in which column: given and taken, never changed."""

    list_display = ["column", "job", "user"]
    list_filter = ["column", "job"]
    list_select_related = ["column", "user"]
    autocomplete_fields = ["user"]
    search_fields = ["user__name"]
    search_help_text = _("按姓名查找")
    fields = ["column", "job", "user"]

    def has_change_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        given = services.give_duty(
            column=obj.column, user=obj.user, job=obj.job, by=request.user
        )
        obj.pk = given.pk
        obj._state.adding = False

    def delete_model(self, request, obj):
        services.take_duty(duty=obj, by=request.user)
