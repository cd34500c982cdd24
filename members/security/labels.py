"""The words beside what was typed, for a form that is shown again outside its page."""

import re
from collections.abc import Iterator

from django.forms import ModelChoiceField
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import richtext

# what a browser sends of a form beside what was typed
_NOT_TYPED = re.compile(
    r"^(_.*|initial-.*|.*-__prefix__-.*|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS)$"
)
_LONGEST_NAME = 100  # of a field of the house; a longer one is not read
_ROW = re.compile(r"^(?P<rows>.+)-\d+-(?P<name>.+)$")  # a field of an inline's row
_PART = re.compile(r"^(?P<name>.+)_(?P<part>[01])$")  # a day and its time
_PARTS = {"0": gettext_lazy("日期"), "1": gettext_lazy("时间")}


def labelled(request, path: str, fields) -> Iterator[tuple[str, str]]:
    """(label, value) of each field that somebody filled in, in the order sent.

    Labels are those of the page that ``path`` leads to: of its ``form_class``, or of the
    form of a page of the back office. Hidden fields, buttons and whatever that form does
    not know are left out: a name from the source is no word for people.
    """
    known = _fields_at(request, path)
    for name, value in fields:
        if not value.strip() or len(name) > _LONGEST_NAME or _NOT_TYPED.match(name):
            continue
        name = _ROW.sub(r"\g<name>", name)
        part = None if name in known else _PART.match(name)
        field = known.get(part["name"] if part else name)
        if field is not None and not field.widget.is_hidden:
            label = str(field.label or name)
            if part:
                label = f"{label} {_PARTS[part['part']]}"
            yield label, _shown(field, value)


def _fields_at(request, path: str) -> dict:
    """Name → form field, of the page at ``path``."""
    try:
        view = resolve(path.partition("?")[0]).func
    except Resolver404:
        return {}
    model_admin = getattr(view, "model_admin", None)
    if model_admin is None:
        form = getattr(getattr(view, "view_class", None), "form_class", None)
        return getattr(form, "base_fields", {})
    known = {}
    for formset, _inline in model_admin.get_formsets_with_inlines(request):
        known |= formset.form.base_fields
    return known | model_admin.get_form(request).base_fields


def _shown(field, value: str) -> str:
    if isinstance(field, ModelChoiceField):
        return _("编号%(n)s") % {"n": value}  # a name would have to ask who may see it
    choices = getattr(field, "choices", None) or ()
    words = {str(key): str(word) for key, word in choices if not isinstance(word, list)}
    if value in words:
        return words[value]
    if value == "on":
        return _("是")
    return richtext.plain(value) if value.lstrip().startswith("<") else value
