from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from activities.training import services
from activities.training.admin import figures
from activities.training.models import CourseKind, Term
from common.modeladmin import PortalModelAdmin


class TermForm(forms.ModelForm):
    seats_each = forms.IntegerField(
        label=_("每人限报（门）"), min_value=1, max_value=20, initial=1
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "seats_each" in self.fields:
            self.initial["seats_each"] = self.instance.limit.most


@admin.register(Term)
class TermAdmin(PortalModelAdmin, admin.ModelAdmin):
    """A term; its limit for each worker stands at the desk."""

    form = TermForm
    change_list_template = "admin/activities_training/term/change_list.html"
    list_display = ["title", "number", "opens_at", "closes_at", "is_published", "board"]
    list_filter = ["is_published"]
    search_fields = ["title"]
    fieldsets = [
        (None, {"fields": ["number", "title", "is_published"]}),
        (
            _("报名"),
            {"fields": ["opens_at", "closes_at", "seats_each", "audience"]},
        ),
        (_("上课"), {"fields": ["starts_on", "ends_on"]}),
        (_("说明"), {"fields": ["notice", "contact_phone"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("limit")

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        own = [
            ("figures/", figures.choose, "choose"),
            ("<int:pk>/figures/", figures.page, "figures"),
            ("<int:pk>/figures.xlsx", figures.workbook, "workbook"),
        ]
        return [
            *(
                path(
                    route,
                    self.admin_site.admin_view(self._read(view)),
                    name=f"activities_training_term_{name}",
                )
                for route, view, name in own
            ),
            *super().get_urls(),
        ]

    def _read(self, view):
        """The page, for whoever may read terms and what people ask for in them."""

        @require_GET
        def looked_at(request, **kwargs):
            if not figures.may_read(request.user):
                raise PermissionDenied
            return view(request, self, **kwargs)

        return looked_at

    @admin.display(description=_("看板"))
    def board(self, term):
        here = reverse("admin:activities_training_term_figures", args=[term.pk])
        return format_html('<a href="{}">{}</a>', here, _("看板"))

    @admin.display(description=_("每人限报（门）"))
    def seats_each(self, term):
        """For those who may only view: the form's box is not there then."""
        return term.limit.most

    def save_model(self, request, obj, form, change):
        given = form.cleaned_data
        if change:
            changes = {name: given[name] for name in form.changed_data}
            services.change_term(term=obj, by=request.user, **changes)
        else:
            made = services.open_term(by=request.user, **given)
            obj.pk, obj.limit = made.pk, made.limit


@admin.register(CourseKind)
class CourseKindAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = ["name", "position", "motif"]
    search_fields = ["name"]
    fields = ["name", "position", "motif"]

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        services.save_kind(kind=obj, by=request.user)
