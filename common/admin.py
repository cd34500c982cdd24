"""What every room's admin shares."""

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import flatten, flatten_fieldsets
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.core.exceptions import ValidationError
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from common.errors import Refusal


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


class Named:
    """Give every control of the admin a name a screen reader can say.

    Django's split date-time boxes, inline cells and list_editable boxes have no label.
    First base of a ModelAdmin or inline.
    """

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
        return field


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
    Also for inlines; raw-id boxes are swapped for ``ScopedRawId``.
    """

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        rows = db_field.remote_field.model._default_manager.all()
        if hasattr(rows, "managed_by"):
            kwargs["queryset"] = rows.managed_by(request.user)
        if db_field.name in self.raw_id_fields:
            kwargs["widget"] = ScopedRawId(db_field.remote_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PortalModelAdmin(Named, ScopedChoices, RefusalsInForm, RefusalsAsMessages):
    """Mix into every ModelAdmin of the house (before ``admin.ModelAdmin``)."""

    list_per_page = 50
    show_full_result_count = False

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
        """A box that was not on the page names no row."""
        key = self.model._meta.pk
        try:
            for typed in request.POST.getlist(ACTION_CHECKBOX_NAME):
                key.to_python(typed)
        except ValidationError:
            self.message_user(request, _("所选条目无效，请重新勾选。"), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset)

    def get_actions(self, request):
        """Rows are ended by verbs that keep history; bulk deletion is nobody's verb."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions
