"""What every room's admin shares."""

from django.contrib import messages
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from common.errors import Refusal


class RefusalsAsMessages:
    """Let a ModelAdmin call services: a Refusal becomes a message, not a 500.

    ``changeform_view`` runs in one transaction, so by the time the Refusal arrives here
    everything it did has been rolled back. A Refusal that belongs to the typed values
    should rather be found by the form, so that nothing typed is lost.
    """

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())


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


class PortalModelAdmin(Named, RefusalsAsMessages):
    """Mix into every ModelAdmin of the house (before ``admin.ModelAdmin``)."""

    list_per_page = 50
    show_full_result_count = False

    def get_actions(self, request):
        """Rows are ended by verbs that keep history; bulk deletion is nobody's verb."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


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
    Before ``admin.ModelAdmin``; raw-id boxes are swapped for ``ScopedRawId``.
    """

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        rows = db_field.remote_field.model._default_manager.all()
        if hasattr(rows, "managed_by"):
            kwargs["queryset"] = rows.managed_by(request.user)
        if db_field.name in self.raw_id_fields:
            kwargs["widget"] = ScopedRawId(db_field.remote_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
