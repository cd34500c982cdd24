"""Every box for text has a length that the server keeps."""

from importlib import import_module

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.forms import CharField
from django.forms.forms import BaseForm

from tests.architecture.test_rooms import MAY_KNOW

# Texts, whose length is the request's or a rule's, and receipts that the server signs.
TEXTS = {"body", "editor_note", "receipt"}


def forms_below(form):
    for child in form.__subclasses__():
        yield child
        yield from forms_below(child)


def test_forms_of_our_own_have_a_length_for_every_text_box():
    import_module(settings.ROOT_URLCONF)
    rooms = {form: form.__module__.partition(".")[0] for form in forms_below(BaseForm)}

    endless = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form, room in rooms.items()
        if room in MAY_KNOW and not form.__module__.endswith("styleguide")
        for name, field in getattr(form, "declared_fields", {}).items()
        if isinstance(field, CharField) and name not in TEXTS
        if not any(isinstance(rule, MaxLengthValidator) for rule in field.validators)
    }

    # the log-in library's own box, which gets its length when the form is made
    assert endless == {"members.forms.LoginForm.password"}
