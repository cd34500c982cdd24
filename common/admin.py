"""Pages of the back office for what was done: the audit, and the history of rows."""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import DateTimeField, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common import history, logs
from common.enums import AuditVerb, ChangeVerb
from common.letters import western
from common.modeladmin import PortalModelAdmin, is_key
from common.models import AuditEvent, Change


class ReadOnly:
    """Rows that are read and nothing else: not even a superuser adds, changes or
    deletes one here."""

    is_audit = True

    def has_module_permission(self, request):
        return self.has_view_permission(request)

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
    """What belongs to no row: log-ins, exports, reveals of a number, rights given."""

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


class TableFilter(admin.SimpleListFilter):
    title = _("类别")
    parameter_name = "of_table"

    def lookups(self, request, model_admin):
        names = [
            (table, model._meta.verbose_name)
            for table, model in history.tracked().items()
        ]
        return sorted(names, key=lambda entry: str(entry[1]))

    def queryset(self, request, queryset):
        return queryset.filter(of_table=self.value()) if self.value() else queryset


class RowFilter(admin.SimpleListFilter):
    """The changes of one row, to which its name in the list leads."""

    title = _("对象")
    parameter_name = "row"

    def lookups(self, request, model_admin):
        chosen = self.used_parameters.get(self.parameter_name)
        return [(chosen, f"#{chosen}")] if chosen else []

    def has_output(self):
        return self.parameter_name in self.used_parameters

    def queryset(self, request, queryset):
        chosen = self.value()
        if chosen is None:
            return queryset
        return queryset.filter(of_id=int(chosen)) if is_key(chosen) else queryset.none()


@admin.register(Change)
class ChangeAdmin(ReadOnly, PortalModelAdmin, admin.ModelAdmin):
    """Who changed which row of which tracked table, from what to what."""

    list_display = ["moment", "what", "who", "row", "columns"]
    list_display_links = ["moment"]
    list_filter = ["verb", TableFilter, WhoFilter, RowFilter]
    date_hierarchy = "at"
    fields = ["moment", "what", "who", "row", "changes", "cause", "path", "request"]
    search_fields = ["of_id"]
    search_help_text = _("按操作人姓名或对象编号查找")

    def get_queryset(self, request):
        return super().get_queryset(request).with_who()

    def get_search_results(self, request, queryset, search_term):
        """By the number of the row or the name of who changed it."""
        term = western(search_term[: self.LONGEST_SEARCH]).strip()
        if not term:
            return queryset, False
        people = get_user_model().objects.filter(name__contains=term)
        wanted = Q(by_id__in=people.values("pk"))
        if is_key(term):
            wanted |= Q(of_id=int(term))
        return queryset.filter(wanted), False

    @admin.display(description=_("时间"), ordering="pk")
    def moment(self, change):
        return to_the_second(change.at)

    @admin.display(description=_("操作"), ordering="verb")
    def what(self, change):
        return change.get_verb_display()

    @admin.display(description=_("操作人"))
    def who(self, change):
        return link_to_who(self.model, change.by_id, change.by_name)

    @admin.display(description=_("对象"))
    def row(self, change):
        model = history.tracked().get(change.of_table)
        label = model._meta.label_lower if model else change.of_table
        return format_html(
            '<a href="{}?of_table={}&row={}">{}</a>',
            reverse("admin:common_change_changelist"),
            change.of_table,
            change.of_id,
            row_named(label, change.of_id),
        )

    @admin.display(description=_("变更的项目"))
    def columns(self, change):
        if change.verb != ChangeVerb.UPDATE:
            return "—"
        return "、".join(str(name) for name, _was, _is in change_in_words(change))

    @admin.display(description=_("内容（变更前 → 变更后）"))
    def changes(self, change):
        return "\n".join(
            f"{name}：{was} → {now}" if was and now else f"{name}：{was or now}"
            for name, was, now in change_in_words(change)
        )

    @admin.display(description=_("起因"))
    def cause(self, change):
        return self.known(change, "cause")

    @admin.display(description=_("页面地址"))
    def path(self, change):
        return self.known(change, "path")

    @admin.display(description=_("请求编号"))
    def request(self, change):
        return self.known(change, "request")

    def known(self, change, key):
        return (change.context or {}).get(key, "—")


def change_in_words(change):
    """(name of the column, what it was, what it is) of each column that was kept, in
    the order of the model; "" for a side that there is not."""
    model = history.tracked().get(change.of_table)
    columns = {f.column: f for f in model._meta.concrete_fields} if model else {}
    before, after = change.before or {}, change.after or {}
    kept = before.keys() | after.keys()
    gone = sorted(kept - columns.keys())  # given up since
    return [
        (
            columns[name].verbose_name if name in columns else name,
            in_words(columns.get(name), before[name]) if name in before else "",
            in_words(columns.get(name), after[name]) if name in after else "",
        )
        for name in [*(name for name in columns if name in kept), *gone]
    ]


def in_words(column, value):
    """What stands in a column (None: one given up since), as an auditor would say it."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value in (None, ""):
        return "—"
    if column is not None and column.is_relation:
        return row_named(column.related_model._meta.label_lower, value)
    if isinstance(column, DateTimeField):
        return to_the_second(column.to_python(value))
    choices = dict(column.flatchoices) if column is not None else {}
    return choices.get(value) or logs.masked(str(value))
