"""What a record of the audit or of the history says, in words: moments, rows, columns."""

from django.apps import apps
from django.db.models import DateTimeField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import history, logs


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
