"""What every room's ModelAdmin shares: forms that say what to do, rows within reach."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags import admin_list
from django.contrib.admin.utils import flatten, flatten_fieldsets
from django.contrib.admin.widgets import (
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    ForeignKeyRawIdWidget,
)
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    FieldDoesNotExist,
    ValidationError,
)
from django.db.models import (
    CharField,
    CheckConstraint,
    DateField,
    DateTimeField,
    F,
    Q,
    TimeField,
    UniqueConstraint,
    URLField,
)
from django.db.models.constants import LOOKUP_SEP
from django.forms.utils import to_current_timezone
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common import letters, moments, services, staleforms
from common.adminlists import QuickLists
from common.errors import Refusal


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
        said = messages.get_messages(request)._queued_messages
        before = len(said)
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refusal as refusal:
            if request.method != "POST" or hasattr(request, "refusal"):
                raise
            request.refusal = refusal
            del said[before:]  # what was said on the way did not come to pass
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
                refusal.show_in(self)

        return Refused


class SavesInTurn:
    """Two who save one row follow one another, and who opened it before the other saved
    learns what has changed (``common.staleforms``)."""

    def changeform_view(self, request, object_id=None, *args, **kwargs):
        is_over = hasattr(request, "refusal")  # shown once more, saved no more
        if request.method != "POST" or object_id is None or is_over:
            return super().changeform_view(request, object_id, *args, **kwargs)
        with services.in_turn(staleforms.name_of(self.model, object_id)):
            return super().changeform_view(request, object_id, *args, **kwargs)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None and self.has_change_permission(request, obj):
            main = context["adminform"]
            pages = [(main.form, flatten_fieldsets(main.fieldsets))]
            for inline in context["inline_admin_formsets"]:
                names = flatten_fieldsets(inline.fieldsets)
                pages += [(form, names) for form in inline.formset.initial_forms]
            context["seen"] = staleforms.seen_in(pages)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


class RefusalsAsMessages:
    """Call a service for each row of an admin action; say what was refused and why."""

    def act_on_each(self, request, rows, act, done_text):
        """``act(row)`` for every row; a Refusal stops that row only.

        ``done_text`` has a ``%(n)d`` for the number of rows that went through. A row
        that has ``in_words`` is named by them.
        """
        done = 0
        for row in rows:
            try:
                act(row)
            except Refusal as refusal:
                said = f"{getattr(row, 'in_words', row)}：{refusal}"
                self.message_user(request, said, messages.ERROR)
            else:
                done += 1
        if done:
            self.message_user(request, done_text % {"n": done}, messages.SUCCESS)

    MOST_AT_ONCE = 200

    def ask_first(self, request, rows, **words):
        """A page between an action and its deed: what will happen, and to which rows.

        ``words``: ``title``, ``consequence`` (what will happen), ``confirm``,
        ``leave``; with ``label`` it asks for the reason in writing too, with ``error``
        where it was sent without one; ``kept``, (name, value) that come back with the
        answer. It comes back to the same action with ``is_sure``, the same
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


class LineField(forms.CharField):
    """A title, a name: marks that nobody sees are not stored, nor radicals for the
    characters they look like."""

    def to_python(self, value):
        text = super().to_python(value)
        return letters.characters(text).strip() or self.empty_value if text else text


_FORM_CLASSES = {
    CharField: LineField,
    DateField: moments.DayField,
    DateTimeField: moments.MomentField,
    TimeField: moments.ClockField,
}


class Named:
    """Give every control of the admin a name a screen reader can say, and errors that
    say what to do with it.

    Django's split date-time boxes, inline cells and list_editable boxes have no label.
    First base of a ModelAdmin or inline. ``measure_word`` counts the rows of an inline:
    第1张照片.
    """

    measure_word = _("条")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if form_class := _FORM_CLASSES.get(type(db_field)):
            kwargs.setdefault("form_class", form_class)
        if isinstance(db_field, URLField) and "form_class" not in kwargs:
            kwargs.setdefault("assume_scheme", "https")  # a form's own box knows none
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
        placed = _at_their_fields(formset.form, self.model)
        formset.form = staleforms.minding(placed, request)
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


def _at_their_fields(form, model):
    """This form, with what a rule of the table refuses at the field it is about: the
    first of the form that a check names, the last of those that may be there only once.
    Django says it above the form, where nobody who scrolled to 保存 looks.
    """

    class Placed(form):
        def _post_clean(self):
            super()._post_clean()
            places = {
                str(rule.violation_error_message): next(
                    filter(self.fields.__contains__, columns_of(rule)), None
                )
                for rule in model._meta.constraints
            }
            above = self.errors.pop(NON_FIELD_ERRORS, None)
            for error in above.as_data() if above else []:
                self.add_error(places.get(str(error.message)), error)

    return Placed


def columns_of(rule) -> list[str]:
    """The columns of a rule, those first at which a person would mend it."""
    if isinstance(rule, UniqueConstraint):
        return [*reversed(rule.fields)]
    return [*_named(rule.condition)] if isinstance(rule, CheckConstraint) else []


def _named(condition):
    for child in condition.children:
        if isinstance(child, Q):
            yield from _named(child)
        else:
            lookup, value = child
            yield lookup.split(LOOKUP_SEP)[0]
            if isinstance(value, F):
                yield value.name


def _as_value(column, typed):
    """``typed`` as a value of ``column``; None for what is none, and for a number, day
    or key that no table can hold."""
    column = getattr(column, "target_field", column)
    try:
        value = column.to_python(typed)
        column.run_validators(value)
        if isinstance(value, datetime):
            to_current_timezone(value)  # as the form will: not every moment has one
    except (ValidationError, OverflowError, ValueError, TypeError):
        return None
    return value


class _KnownKeys:
    """An autocomplete box looks up the rows of the keys it is given, by an address or
    by a form that comes back: what is no key finds none, where Django's would fail."""

    def optgroups(self, name, value, attr=None):
        known = [key for key in value if _as_value(self.field, key) is not None]
        return super().optgroups(name, known, attr)


class KnownAutocomplete(_KnownKeys, AutocompleteSelect):
    pass


class KnownAutocompleteMultiple(_KnownKeys, AutocompleteSelectMultiple):
    pass


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
    """Limit every foreign key of an admin form, and every list of rows that is searched
    as one types, to the rows its user looks after.

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
        self._limit(db_field, request, kwargs)
        is_sought = db_field.name in self.get_autocomplete_fields(request)
        by_number = {*self.raw_id_fields, *self.autocomplete_fields}
        if db_field.name in by_number and not is_sought:
            kwargs["widget"] = ScopedRawId(db_field.remote_field, self.admin_site)
        elif is_sought:
            kwargs.setdefault("widget", KnownAutocomplete(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            self._limit(db_field, request, kwargs)
            box = KnownAutocompleteMultiple(db_field, self.admin_site)
            kwargs.setdefault("widget", box)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @staticmethod
    def _limit(db_field, request, kwargs):
        rows = db_field.remote_field.model._default_manager.all()
        if hasattr(rows, "managed_by"):
            kwargs["queryset"] = rows.managed_by(request.user)


class ViewOnly:
    """Rows that only verbs write: nobody adds, changes or deletes one by Django's own
    forms, not even a superuser. Mix in before ``PortalModelAdmin``."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class JobPages:
    """Pages of a job beside those that Django makes of a table."""

    def _job_urls(self, *pages):
        """For ``get_urls``: a path of each (route, view, name), closed as every page of
        the back office is, and called ``admin:<app>_<model>_<name>``."""
        wrap = self.admin_site.admin_view
        label = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path(route, wrap(view), name=f"{label}_{name}")
            for route, view, name in pages
        ]

    def _at(self, name, *args):
        """The address of such a page, or of one of Django's."""
        label = f"{self.opts.app_label}_{self.opts.model_name}"
        return reverse(f"admin:{label}_{name}", args=args)

    def _job_page(self, request, template, title, **context):
        """Such a page in the frame of the back office; ``above`` are the (words,
        address) that lead up to it."""
        frame = self.admin_site.each_context(request)
        frame |= {"title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/{template}.html", frame | context)


class PortalModelAdmin(
    QuickLists,
    Named,
    ScopedChoices,
    RefusalsInForm,
    SavesInTurn,
    RefusalsAsMessages,
    JobPages,
):
    """Mix into every ModelAdmin of the house (before ``admin.ModelAdmin``)."""

    list_per_page = 50
    show_full_result_count = False
    MOST_NAMED = 20  # numbers of rows in one message
    # the relation that tells rows of one name apart where they are searched as one types
    told_apart_by = ""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        for field in form.base_fields.values():
            _say_what_to_do(field)
        return staleforms.minding(_at_their_fields(form, self.model), request)

    def get_changeform_initial_data(self, request):
        """What an address fills in beforehand, as values of their columns: a form knows
        what to print of a day, not of a word that was meant to be one. What is no
        value is left out."""
        initial = {}
        for name, typed in super().get_changeform_initial_data(request).items():
            try:
                column = self.opts.get_field(name)
            except FieldDoesNotExist:
                continue
            if isinstance(typed, list):
                found = [_as_value(column, key) for key in typed]
                initial[name] = [key for key in found if key is not None]
            elif (value := _as_value(column, typed)) is not None:
                initial[name] = value
        return initial

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

    def get_changelist_instance(self, request):
        """A date of the year 10000 in the address is answered like any other that
        makes no sense."""
        try:
            return super().get_changelist_instance(request)
        except OverflowError as error:
            raise IncorrectLookupParameters from error

    def response_action(self, request, queryset):
        """A box that was not on the page names no row. A row that is not in the list of
        who asks (somebody else's, gone, or filtered out) is answered by the number that
        was sent, in the same words whatever it is."""
        key = self.model._meta.pk
        try:
            sent = request.POST.getlist(ACTION_CHECKBOX_NAME)
            sent = {key.to_python(typed): None for typed in sent}
        except ValidationError:
            self.message_user(request, _("所选条目无效，请重新勾选。"), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        there = set(queryset.filter(pk__in=sent).values_list("pk", flat=True))
        if absent := [str(one) for one in sent if one not in there]:
            said = _("所选的%(n)d项不在您的列表中，没有办：编号%(numbers)s。") % {
                "n": len(absent),
                "numbers": "、".join(absent[: self.MOST_NAMED]),
            }
            self.message_user(request, said, messages.ERROR)
        if absent and not there:
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset)

    def get_action_choices(self, request, default_choices=None):
        return super().get_action_choices(request, [("", _("请选择操作"))])

    def get_actions(self, request):
        """Rows are ended by verbs that keep history; bulk deletion is nobody's verb."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions
