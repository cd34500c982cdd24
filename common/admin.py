"""What every room's admin shares."""

import re
from datetime import datetime

import pghistory
from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags import admin_list
from django.contrib.admin.utils import flatten, flatten_fieldsets
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.enums import AuditVerb
from common.errors import Refusal
from common.models import AuditEvent
from common.numerals import western
from common.querysets import ChangeQuerySet


def yes_or_no(value):
    """What a list shows for a truth: Django's red cross cries out at an ordinary no."""
    if value is None:
        return _("未知")
    if value:
        return _("是")
    return format_html('<span class="no" role="img" aria-label="{}">—</span>', _("否"))


# asked for by name at every use, in lists, in forms and in what is only read
admin_list._boolean_icon = yes_or_no


class RefusalsInForm:
    """Let ``save_model`` and ``save_related`` call services: a Refusal comes back as an
    error of the form, at the field it concerns, with everything typed still there.

    ``changeform_view`` runs in one transaction, so by the time the Refusal arrives here
    everything it did has been rolled back. The view is then run once more with a form
    that knows the refusal and is therefore not valid. (Chosen files must be chosen
    again: no browser lets a page fill them in.)
    """

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refusal as refusal:
            if request.method != "POST" or hasattr(request, "refusal"):
                raise
            request.refusal = refusal
            for upload in request.FILES.values():
                upload.seek(0)
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        if refusal is None:
            return form

        class Refused(form):
            def _post_clean(self):
                super()._post_clean()
                for reason in refusal.reasons:
                    field = reason.field if reason.field in self.fields else None
                    self.add_error(field, reason.text)

        return Refused


class RefusalsAsMessages:
    """Call a service for each row of an admin action; say what was refused and why."""

    def act_on_each(self, request, rows, act, done_text):
        """``act(row)`` for every row; a Refusal stops that row only.

        ``done_text`` has a ``%(n)d`` for the number of rows that went through.
        """
        done = 0
        for row in rows:
            try:
                act(row)
            except Refusal as refusal:
                self.message_user(request, f"{row}：{refusal}", messages.ERROR)
            else:
                done += 1
        if done:
            self.message_user(request, done_text % {"n": done}, messages.SUCCESS)

    MOST_AT_ONCE = 200

    def ask_first(self, request, rows, **words):
        """A page between an action and its deed: what will happen, and to which rows.

        ``words``: ``title``, ``told`` (what will happen), ``confirm``, ``leave``; with
        ``label`` it asks for the reason in writing too, with ``error`` where it was
        sent without one. It comes back to the same action with ``is_sure``, the same
        rows and the ``reason``. A row that has ``in_words`` is named by them.
        None, and a message, for more rows than anybody reads before agreeing.
        """
        if len(rows) > self.MOST_AT_ONCE:
            said = _("一次最多选%(n)d项，请少选一些。") % {"n": self.MOST_AT_ONCE}
            self.message_user(request, said, messages.ERROR)
            return None
        return TemplateResponse(
            request,
            "admin/ask_first.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "rows": rows,
                "action": request.POST["action"],
                **words,
            },
        )


class Named:
    """Give every control of the admin a name a screen reader can say, and errors that
    say what to do with it.

    Django's split date-time boxes, inline cells and list_editable boxes have no label.
    First base of a ModelAdmin or inline. ``measure_word`` counts the rows of an inline:
    第1张照片.
    """

    measure_word = _("条")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        widget = getattr(field.widget, "widget", field.widget)
        if hasattr(widget, "widgets"):
            for part, word in zip(widget.widgets, (_("日期"), _("时间")), strict=False):
                part.attrs["aria-label"] = f"{db_field.verbose_name} {word}"
        else:
            widget.attrs.setdefault("aria-label", str(db_field.verbose_name))
        _name_the_empty_choice(field)
        _say_what_to_do(field)
        return field

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        for field in formset.form.base_fields.values():
            _say_what_to_do(field)
        return formset


def _name_the_empty_choice(field):
    """“请选择” or “不选” where Django draws a line of dashes."""
    words = _("请选择") if field.required else _("不选")
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label is not None:
            field.empty_label = words
    elif isinstance(field, forms.ChoiceField):
        field.choices = [
            (key, words if key == "" else label) for key, label in field.choices
        ]


def _say_what_to_do(field):
    """One chooses a choice; of a moment, the part that is missing is named."""
    if isinstance(field, forms.SplitDateTimeField):
        # its parts have their own words for what is wrong since they were made: these
        # two are said where a part is empty
        field.error_messages["invalid_date"] = _("请填写日期。")
        field.error_messages["invalid_time"] = _("请填写时间。")
        field.error_messages["required"] = _("请填写日期和时间。")
    elif isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        field.error_messages["required"] = _("请选择。")


class ScopedRawId(ForeignKeyRawIdWidget):
    """A number box for a foreign key that names the row it leads to only if this user
    may choose it.

    Django's own prints ``str()`` of whatever row the typed number finds, so that a
    refused form would still read out other people's names.
    """

    def label_and_url_for_value(self, value):
        key = self.rel.get_related_field().name
        try:
            mine = self.choices.queryset.filter(**{key: value}).exists()
        except (ValueError, ValidationError):
            mine = False
        return super().label_and_url_for_value(value) if mine else ("", "")


class ScopedChoices:
    """Limit every foreign key of an admin form to the rows its user looks after.

    A model whose queryset has ``managed_by`` is limited by it; others stay whole.
    Also for inlines; raw-id boxes are swapped for ``ScopedRawId``. A field is searched
    as one types only by who may see the rows it leads to: for others the search would
    be refused, they keep a number box.
    """

    def get_autocomplete_fields(self, request):
        return [
            name
            for name in super().get_autocomplete_fields(request)
            if self.admin_site.get_model_admin(
                self.model._meta.get_field(name).remote_field.model
            ).has_view_permission(request)
        ]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        rows = db_field.remote_field.model._default_manager.all()
        if hasattr(rows, "managed_by"):
            kwargs["queryset"] = rows.managed_by(request.user)
        is_sought = db_field.name in self.get_autocomplete_fields(request)
        by_number = {*self.raw_id_fields, *self.autocomplete_fields}
        if db_field.name in by_number and not is_sought:
            kwargs["widget"] = ScopedRawId(db_field.remote_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PortalModelAdmin(Named, ScopedChoices, RefusalsInForm, RefusalsAsMessages):
    """Mix into every ModelAdmin of the house (before ``admin.ModelAdmin``)."""

    list_per_page = 50
    show_full_result_count = False
    # the relation that tells rows of one name apart where they are searched as one types
    told_apart_by = ""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        for field in form.base_fields.values():
            _say_what_to_do(field)
        return form

    def history_view(self, request, object_id, extra_context=None):
        """What was done to a row, newest first."""
        answer = super().history_view(request, object_id, extra_context)
        if isinstance(answer, TemplateResponse):
            context = answer.context_data
            old = context["action_list"].paginator
            deeds = old.object_list.order_by("-action_time", "-pk")
            paginator = self.get_paginator(request, deeds, old.per_page)
            page = paginator.get_page(request.GET.get(context["page_var"]))
            context["action_list"] = page
            context["page_range"] = paginator.get_elided_page_range(page.number)
        return answer

    def lookup_allowed(self, lookup, value, request=None):
        """A list is narrowed by what it shows, and by nothing else: with
        ``?password__startswith=`` a viewer could read a column letter by letter. And
        never by a pattern: a broken one is an error of the database, a costly one keeps
        it busy."""
        if lookup.endswith("regex"):
            return False
        shown = {self.model._meta.pk.name, "pk", self.date_hierarchy}
        shown.update(self.list_display)
        shown.update(flatten(self.fields or flatten_fieldsets(self.fieldsets or [])))
        for entry in self.list_filter:
            name = entry[0] if isinstance(entry, list | tuple) else entry
            # a filter class of its own is named by its parameter
            name = getattr(name, "parameter_name", name)
            shown.add(name.split(LOOKUP_SEP)[0])
        is_shown = lookup.split(LOOKUP_SEP)[0] in shown
        return is_shown and super().lookup_allowed(lookup, value, request)

    def get_search_results(self, request, queryset, search_term):
        """Full-width characters and the digits of any script find what plain ones do."""
        return super().get_search_results(request, queryset, western(search_term))

    def get_changelist_instance(self, request):
        """A date of the year 10000 in the address is answered like any other that
        makes no sense."""
        try:
            return super().get_changelist_instance(request)
        except OverflowError as error:
            raise IncorrectLookupParameters from error

    def response_action(self, request, queryset):
        """A box that was not on the page names no row."""
        key = self.model._meta.pk
        try:
            for typed in request.POST.getlist(ACTION_CHECKBOX_NAME):
                key.to_python(typed)
        except ValidationError:
            self.message_user(request, _("所选条目无效，请重新勾选。"), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset)

    def get_action_choices(self, request, default_choices=None):
        return super().get_action_choices(request, [("", _("请选择操作"))])

    def get_actions(self, request):
        """Rows are ended by verbs that keep history; bulk deletion is nobody's verb."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


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


def is_key(text) -> bool:
    """Whether this is the number of a row, as an address may hold it."""
    return bool(text) and re.fullmatch(r"[0-9]{1,18}", text) is not None


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
