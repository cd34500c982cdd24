"""What is put forward, and what waits to be approved."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.modeladmin import PortalModelAdmin
from news import services
from news.models import Article, Placement


class StandingFilter(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "stands"

    def lookups(self, request, model_admin):
        return [("waiting", _("待批准")), ("shown", _("正在显示"))]

    def queryset(self, request, queryset):
        if self.value() == "waiting":
            return queryset.waiting()
        return queryset.shown() if self.value() == "shown" else queryset


@admin.register(Placement)
class PlacementAdmin(PortalModelAdmin, admin.ModelAdmin):
    """Of the columns in which the asker works."""

    list_display = ["article", "slot", "position", "standing", "starts_at", "ends_at"]
    list_filter = [StandingFilter, "slot"]
    list_select_related = ["article", "made_by", "approved_by"]
    search_fields = ["article__title"]
    autocomplete_fields = ["article"]
    fields = ["slot", "article", "position", "starts_at", "ends_at"]
    actions = ["approve"]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "article":
            field.queryset = Article.objects.managed_by(request.user)
        return field

    @admin.display(description=_("状态"))
    def standing(self, placement):
        if placement.approved_at is None:
            by = placement.made_by or _("系统")
            return _("待批准（%(name)s提出）") % {"name": by}
        now = timezone.now()
        if placement.starts_at > now:
            return _("到时显示")
        if placement.ends_at and placement.ends_at <= now:
            return _("已到期")
        return _("正在显示")

    def has_approve_permission(self, request):
        return request.user.has_perm("news.approve_placement")

    @admin.action(description=_("批准所选推荐"), permissions=["approve"])
    def approve(self, request, queryset):
        self.act_on_each(
            request,
            queryset,
            lambda row: services.approve_placement(placement=row, by=request.user),
            _("已批准%(n)d条推荐。"),
        )

    def save_model(self, request, obj, form, change):
        services.save_placement(placement=obj, by=request.user)

    def delete_model(self, request, obj):
        services.drop_placement(placement=obj, by=request.user)

    def delete_queryset(self, request, queryset):
        for placement in queryset:
            services.drop_placement(placement=placement, by=request.user)
