"""The words beside what was typed, for a form that is shown again outside its page."""

import re
from collections.abc import Iterator

from django.db.models import Field, ForeignKey
from django.forms import ModelChoiceField
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import richtext

# what a browser sends of a form beside what was typed
_NOT_TYPED = re.compile(r"^(_.*|initial-.*|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS)$")
_ROW = re.compile(r"^(?P<rows>.+)-\d+-(?P<name>.+)$")  # a field of an inline's row
_PART = re.compile(r"^(?P<name>.+)_(?P<part>[01])$")  # a day and its time
_PARTS = {"0": gettext_lazy("日期"), "1": gettext_lazy("时间")}


def labelled(path: str, fields) -> Iterator[tuple[str, str]]:
    """(label, value) of each field that somebody filled in, in the order sent.

    Labels are those of the page that ``path`` leads to: of its ``form_class``, or of the
    model behind a page of the back office. A field nobody can name keeps its own name.
    """
    known = _fields_at(path)
    for name, value in fields:
        if not value.strip() or _NOT_TYPED.match(name):
            continue
        if row := _ROW.match(name):
            name = row["name"]
        part = None if name in known else _PART.match(name)
        field = known.get(part["name"] if part else name)
        if field is None:
            yield name, value
            continue
        if not isinstance(field, Field) and field.widget.is_hidden:
            continue
        label = _label(field)
        if part:
            label = f"{label} {_PARTS[part['part']]}"
        yield str(label), _shown(field, value)


def _fields_at(path: str) -> dict:
    """Name → model field or form field, of the page at ``path``."""
    try:
        view = resolve(path.partition("?")[0]).func
    except Resolver404:
        return {}
    model_admin = getattr(view, "model_admin", None)
    if model_admin is None:
        form = getattr(getattr(view, "view_class", None), "form_class", None)
        return getattr(form, "base_fields", {})
    models = [inline.model for inline in model_admin.inlines] + [model_admin.model]
    known = {f.name: f for model in models for f in model._meta.fields}
    forms = [inline.form for inline in model_admin.inlines] + [model_admin.form]
    for form in forms:
        known |= {n: f for n, f in form.declared_fields.items() if f.label}
    return known


def _label(field) -> str:
    return field.verbose_name if isinstance(field, Field) else field.label


def _shown(field, value: str) -> str:
    if isinstance(field, ForeignKey | ModelChoiceField):
        return _("编号%(n)s") % {"n": value}  # a name would have to ask who may see it
    flat = getattr(field, "flatchoices", None) or getattr(field, "choices", None) or ()
    words = {str(key): str(word) for key, word in flat if not isinstance(word, list)}
    if value in words:
        return words[value]
    if value == "on":
        return _("是")
    return richtext.plain(value) if value.lstrip().startswith("<") else value
