"""Forms of the back office that notice when their row changed under them.

A page says with ``_seen`` what each of its boxes showed, as fingerprints. When it is
sent and the row holds something else by then, what only the other person changed is
kept, and who changed something too gets the form back: everything typed is there, each
box that differs says what is stored now. That page has seen the newer state, so saving
it again is a decision. A page that says nothing (no page of ours) is not asked.

Two that save one row at the same moment follow one another (``common.services.in_turn``).
"""

import hashlib
import json
from contextlib import suppress
from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorFormField

from common import richtext

SEEN = "_seen"


def name_of(model, key) -> str:
    return f"{model._meta.label_lower}:{key}"


def seen_in(pages) -> str:
    """What is said to have been shown: of each form the boxes of these names."""
    rows = {}
    for form, names in pages:
        if shown := getattr(form, "shown", None):
            rows[form.row_name] = {name: shown[name] for name in names if name in shown}
    return json.dumps(rows, separators=(",", ":"))


def minding(form, request):
    """This form, asking whether its row is still what its page showed."""

    class Minding(_Minding, form, Minded):
        _seen = _seen_by(request)

    return Minding


def _seen_by(request) -> dict:
    try:
        seen = json.loads(request.POST.get(SEEN, ""))
    except (ValueError, RecursionError):
        return {}
    return seen if isinstance(seen, dict) else {}


class Minded:
    """What a form may say about its boxes."""

    # box for a file: the column it replaces, and all boxes that do
    STANDS_FOR = {}
    UNMINDED = ()  # boxes that the form itself compares


class _Minding:
    _seen = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.shown = {}  # box: fingerprint of what is stored
        self.row_name = ""
        if self.instance.pk is None:
            return
        self.row_name = name_of(type(self.instance), self.instance.pk)
        for name, field in self.fields.items():
            if name in self.STANDS_FOR:
                value = getattr(self.instance, self.STANDS_FOR[name][0])
            elif (
                field.disabled
                or name in self.UNMINDED
                or isinstance(field, forms.FileField)
            ):
                continue
            else:
                value = self.get_initial_for_field(field, name)
            self.shown[name] = _fingerprint(field, value)

    def full_clean(self):
        if not self.is_bound:
            return super().full_clean()
        newer = self._newer()
        kept = [name for name, is_mine in newer.items() if not is_mine]
        boxes = [self.fields[name] for name in kept if name not in self.STANDS_FOR]
        for field in boxes:
            field.disabled = True  # for Django: what is stored stands, and unchanged
        self.__dict__.pop("changed_data", None)  # a set of forms asks before it cleans
        super().full_clean()
        has_typed = bool({*self.changed_data} - {*self.UNMINDED})
        for field in boxes:
            field.disabled = False
            field.bound_data = _what_is_stored
        for name, is_mine in newer.items():
            if has_typed:
                self.add_error(name, self._sentence(name, is_mine))
        return None

    @property
    def is_minded(self) -> bool:
        """Whether the page said what it had shown."""
        return isinstance(self._seen.get(self.row_name), dict)

    def _newer(self) -> dict[str, bool]:
        """The boxes whose value was changed since the page was opened, and whether this
        page changes it too."""
        if not self.is_minded:
            return {}
        seen, newer = self._seen[self.row_name], {}
        for name, stored in self.shown.items():
            if seen.get(name, stored) != stored:
                typed = self._typed(name)
                if typed != stored:  # two may well do the same
                    newer[name] = typed != seen[name]
        return newer

    def _typed(self, name):
        """The fingerprint of what was typed; of a file, that of none or nothing."""
        if name in self.STANDS_FOR:
            boxes = [self[box].data for box in self.STANDS_FOR[name][1]]
            return None if any(boxes) else self._seen[self.row_name][name]
        field = self.fields[name]
        try:
            typed = self[name].data
            if not isinstance(field, forms.MultiValueField):
                typed = field.clean(typed)
            return _fingerprint(field, typed)
        except forms.ValidationError:
            return None

    def _sentence(self, name, is_mine) -> str:
        if name in self.STANDS_FOR:
            if is_mine:
                return _("您打开此页后，他人已更换。再次保存即以您的为准。")
            return _("您打开此页后，他人已更换，已予保留。核对后请再次保存。")
        value = self.get_initial_for_field(self.fields[name], name)
        stored = _in_words(self.fields[name], value)
        if is_mine:
            text = _(
                "您打开此页后，他人已改为“%(stored)s”。这里仍是您填写的内容，"
                "再次保存即以您的为准。"
            )
        else:
            text = _(
                "您打开此页后，他人已改为“%(stored)s”，已予保留。核对后请再次保存。"
            )
        return text % {"stored": stored}


def _what_is_stored(data, initial):
    return initial


def _fingerprint(field, value) -> str:
    """Short, and the same for a stored value and for what a browser sends of it."""
    if isinstance(value, str):
        with suppress(forms.ValidationError):
            value = field.to_python(value)
    value = field.prepare_value(value)
    if isinstance(field, forms.MultiValueField):  # a moment is shown without seconds
        boxes = field.widget
        parts = value if isinstance(value, list) else boxes.decompress(value)
        shown = zip(boxes.widgets, parts, strict=True)
        value = " ".join(box.format_value(part) or "" for box, part in shown)
    elif isinstance(value, list):
        value = sorted(map(str, value))
    if value is None or value is False:
        value = ""
    text = "\n".join(str(value).strip().splitlines())
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _in_words(field, value) -> str:
    """A stored value as the person at the form would read it."""
    value = field.prepare_value(value)
    if isinstance(field, forms.ModelMultipleChoiceField):
        rows = field.queryset.filter(pk__in=value or [])
        return "、".join(map(field.label_from_instance, rows)) or _("空")
    if isinstance(field, forms.ModelChoiceField):
        # no row that this person may not choose is named to them
        row = field.queryset.filter(pk=value).first() if value else None
        return field.label_from_instance(row) if row else _("空")
    if isinstance(field, forms.BooleanField):
        return _("是") if value else _("否")
    if isinstance(field, ProseEditorFormField):
        value = richtext.plain(value or "")
    if isinstance(field, forms.ChoiceField):
        value = dict(field.choices).get(value, value)
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        value = value.strftime("%Y-%m-%d %H:%M")
    return _("空") if value in (None, "") else str(value)
