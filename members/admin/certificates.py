"""Certificates of every kind, to be looked at: the rooms issue and revoke them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.modeladmin import PortalModelAdmin, ViewOnly
from members.enums import CertificateKind
from members.models import Certificate


class KindFilter(admin.SimpleListFilter):
    title = _("类别")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return CertificateKind.choices

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Certificate)
class CertificateAdmin(ViewOnly, PortalModelAdmin, admin.ModelAdmin):
    list_display = [
        "printed_number",
        "kind_name",
        "holder_name",
        "title",
        "issued_at",
        "revoked_at",
    ]
    list_filter = [KindFilter, ("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["number", "holder_name", "title"]
    date_hierarchy = "issued_at"
    fields = [
        "printed_number",
        "kind_name",
        "holder_name",
        "title",
        "facts",
        "issued_at",
        "issued_by",
        "revoked_at",
        "revoked_by",
        "revoke_reason",
    ]

    @admin.display(description=_("编号"), ordering="number")
    def printed_number(self, certificate):
        return certificate.printed_number

    @admin.display(description=_("类别"), ordering="kind")
    def kind_name(self, certificate):
        return certificate.kind_name
