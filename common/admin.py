"""Pages of the back office for what was done: the audit, and every table's history."""

from datetime import datetime

import pghistory
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.enums import AuditVerb
from common.letters import western
from common.modeladmin import PortalModelAdmin, is_key
from common.models import AuditEvent
from common.querysets import ChangeQuerySet


class ReadOnly:
    """Rows that are looked at and nothing else, by whoever may read the audit: not even
    a superuser adds, changes or deletes one here."""

    is_audit = True

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("common.view_auditevent")

    has_module_permission = has_view_permission

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_actions(self, request):
        return {}


class WhoFilter(admin.SimpleListFilter):
    """One person's rows. There are too many people to list: a name in the list leads
    here, and the chosen one is shown so that they can be let go."""

    title = _("操作人")
    parameter_name = "who"

    def lookups(self, request, model_admin):
        if self.parameter_name not in self.used_parameters:
            return []
        chosen = self.used_parameters[self.parameter_name]
        people = get_user_model().objects.filter(pk=chosen if is_key(chosen) else None)
        person = people.first()
        return [(chosen, str(person) if person else _("已不存在的账号"))]

    def has_output(self):
        """A filter that is not shown is not applied."""
        return self.parameter_name in self.used_parameters

    def queryset(self, request, queryset):
        chosen = self.value()
        if chosen is None:
            return queryset
        return queryset.by(int(chosen)) if is_key(chosen) else queryset.none()


def link_to_who(model, key, name):
    """The name of who did it, leading to everything they did in this list."""
    if key is None:
        return "—"
    here = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return format_html('<a href="{}?who={}">{}</a>', here, key, name or f"#{key}")


class VerbFilter(admin.SimpleListFilter):
    title = _("操作")
    parameter_name = "verb"

    def lookups(self, request, model_admin):
        return AuditVerb.choices

    def queryset(self, request, queryset):
        return queryset.filter(verb=self.value()) if self.value() else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly, PortalModelAdmin, admin.ModelAdmin):
    """What belongs to no row: log-ins, exports, looks at a number, rights given."""

    list_display = ["moment", "what", "who", "address", "of", "result", "reason"]
    list_filter = [VerbFilter, "outcome", WhoFilter]
    search_fields = ["by_label", "of_key", "request_id"]
    search_help_text = _("按操作人姓名、对象编号或请求编号查找")
    date_hierarchy = "at"
    fields = [
        "moment",
        "what",
        "who",
        "address",
        "of",
        "result",
        "reason",
        "before",
        "after",
        "request_id",
    ]

    @admin.display(description=_("时间"), ordering="at")
    def moment(self, event):
        return to_the_second(event.at)

    @admin.display(description=_("操作"), ordering="verb")
    def what(self, event):
        return AuditVerb(event.verb).label

    @admin.display(description=_("操作人"))
    def who(self, event):
        return link_to_who(self.model, event.by_id, event.by_label)

    @admin.display(description=_("对象"))
    def of(self, event):
        return row_named(event.of_model, event.of_key)

    @admin.display(description=_("结果"), ordering="outcome")
    def result(self, event):
        return event.get_outcome_display()


def to_the_second(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")


def row_named(label, key):
    """“职工 #17”; nothing for a deed to no row."""
    if not label:
        return "—"
    try:
        name = apps.get_model(label)._meta.verbose_name
    except LookupError:  # the table has been given up since
        name = label
    return f"{name} #{key}" if key else str(name)


def in_words(row, column):
    """What stands in a column, as an auditor would say it."""
    value = getattr(row, column.attname)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return to_the_second(value)
    if value in (None, ""):
        return "—"
    return dict(column.flatchoices).get(value, value)


class ChangeFilter(admin.SimpleListFilter):
    title = _("操作")
    parameter_name = "verb"

    def lookups(self, request, model_admin):
        return CHANGES.items()

    def queryset(self, request, queryset):
        return queryset.filter(pgh_label=self.value()) if self.value() else queryset


CHANGES = {"insert": _("新增"), "update": _("修改"), "delete": _("删除")}


class HistoryAdmin(ReadOnly, PortalModelAdmin, admin.ModelAdmin):
    """The changes of one tracked table, as its triggers wrote them."""

    list_display = ["moment", "what", "who", "row"]
    list_display_links = ["moment"]
    list_filter = [ChangeFilter, WhoFilter]
    date_hierarchy = "pgh_created_at"
    fields = ["moment", "what", "who", "row", "address", "changes"]
    search_fields = ["pgh_obj_id"]
    search_help_text = _("按操作人姓名或对象编号查找")

    def get_queryset(self, request):
        return ChangeQuerySet(self.model).with_who()

    def get_search_results(self, request, queryset, search_term):
        """By the number of the row or the name of who changed it."""
        term = western(search_term).strip()
        if not term:
            return queryset, False
        people = get_user_model().objects.filter(name__contains=term)
        wanted = Q(by_id__in=people.values("pk"))
        if is_key(term):
            wanted |= Q(pgh_obj_id=int(term))
        return queryset.filter(wanted), False

    @admin.display(description=_("时间"), ordering="pgh_id")
    def moment(self, change):
        return to_the_second(change.pgh_created_at)

    @admin.display(description=_("操作"), ordering="pgh_label")
    def what(self, change):
        return CHANGES.get(change.pgh_label, change.pgh_label)

    @admin.display(description=_("操作人"))
    def who(self, change):
        return link_to_who(self.model, change.by_id, change.by_name)

    @admin.display(description=_("对象"))
    def row(self, change):
        return row_named(
            self.model.pgh_tracked_model._meta.label_lower, change.pgh_obj_id
        )

    @admin.display(description=_("页面地址"))
    def address(self, change):
        return change.by_url or "—"

    @admin.display(description=_("内容（变更前 → 变更后）"))
    def changes(self, change):
        """Every column as it was kept, beside the row before it where there is one."""
        earlier = ChangeQuerySet(self.model).before(change).first()
        lines = []
        for field in self.model._meta.concrete_fields:
            if field.name.startswith("pgh_"):
                continue
            now = in_words(change, field)
            before = in_words(earlier, field) if earlier else now
            text = f"{now}" if before == now else f"{before} → {now}"
            lines.append(f"{field.verbose_name}：{text}")
        return "\n".join(lines)


for _event_model in pghistory.core.event_models():
    # the library names its tables in English; nothing of this reaches a migration
    _event_model._meta.verbose_name = _event_model._meta.verbose_name_plural = (
        format_lazy(
            "{}{}", _event_model.pgh_tracked_model._meta.verbose_name, _("变更")
        )
    )
    _event_model.__str__ = lambda change: f"#{change.pgh_id}"
    admin.site.register(_event_model, HistoryAdmin)
