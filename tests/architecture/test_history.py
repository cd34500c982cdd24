"""The history knows who asked, and keeps nothing that says who a person is."""

import ast

import pytest
from django.apps import apps
from django.db import models

from common import history
from tests.architecture.test_publishing import (
    ATOMIC,
    PUBLISHES,
    SERVICES,
    verbs_of,
)
from tests.architecture.test_rooms import MODULES, parsed

ON_RECORD = "history.on_record"
# Verbs with a ``by`` that do not carry the decorator.
OTHERWISE = {
    "signups.sign_up": "the hot path: asked_by stands on the row, whose insert is not tracked",
    "signups.ask": "as sign_up",
    "signups.book_block": "as sign_up",
    "signups.accept": "history.asked_by inside its transaction, after settling",
    "signups.decline": "history.asked_by in the transaction of _end",
    "signups.cancel": "history.asked_by in the transaction of _end",
    "signups.enter": "history.on_record in the transaction of each line (_enter_one)",
    "honors.move": "the step itself says who; asked within a verb on record",
    "honors.keep": "inside attach and of the demonstration",
    "honors.apply": "history.asked_by inside its transaction, with the number of the import",
    "honors.put_up": "inside publish and restart",
    "honors.count_anew": "by restart",
    "honors.tell_unit": "notices are not tracked",
    "honors.tell_nominee": "notices are not tracked",
    "members.apply": "history.asked_by inside its transaction, with the number of the import",
    "members.ask": "RoleRequest is not tracked, itself says who asked; audited",
    "members.needs_second": "a question",
    "members.reveal_phone": "changes no row; audited",
    "members.refuse_reveal": "changes no row; audited",
    "members.send_code": "texts are not tracked",
    "members.send": "texts are not tracked",
    "members.read_all": "notices are not tracked",
}


def parameters(node):
    return {argument.arg for argument in node.args.args + node.args.kwonlyargs}


def test_asked_by_stands_on_every_verb_with_a_by():
    offenders, found = [], 0
    for path in SERVICES:
        decorators = verbs_of(path)
        for node in parsed(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            found += "by" in parameters(node)
            is_verb = "by" in parameters(node) or (
                "user" in parameters(node) and ATOMIC in decorators[node.name]
            )
            is_excepted = f"{path.parts[0]}.{node.name}" in OTHERWISE
            if is_verb and is_excepted == (ON_RECORD in decorators[node.name]):
                offenders.append(f"{path}: {node.name}")
    assert offenders == []
    assert found > 60


def test_asked_by_and_other_decorators_stand_in_one_order():
    """The transaction, then what its end brings about, then what is said at its start:
    who asked must be said inside it, and counting a change of pages needs no asker."""
    offenders = [
        f"{path}: {name}"
        for path in MODULES
        for name, decorators in verbs_of(path).items()
        if ON_RECORD in decorators
        and decorators not in ([ATOMIC, ON_RECORD], [ATOMIC, PUBLISHES, ON_RECORD])
    ]
    assert offenders == []


def test_asked_by_is_named_by_every_command():
    # serve only starts what serves requests, migrate is Django's own
    offenders = [
        str(path)
        for path in MODULES
        if path.parent.name == "commands"
        and path.stem not in {"__init__", "serve", "migrate"}
        and "class Command(PortalCommand)" not in ast.unparse(parsed(path))
    ]
    assert offenders == []


# they name who released or typed something; their words are the public's
OF_NOBODY = {"signups.Draw", "signups.DrawValue"}


def of_one_person(model):
    if model._meta.label in OF_NOBODY:
        return False
    relations = [field.related_model for field in model._meta.concrete_fields]
    people = {apps.get_model("members.User"), apps.get_model("members.Worker")}
    return model in people or (
        model._meta.app_label in {"members", "signups"} and people & {*relations}
    )


def is_free_text(field):
    return (
        isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not field.choices
    )


def trigger_of(model):
    [trigger] = [t for t in model._meta.triggers if isinstance(t, history.Track)]
    return trigger


def test_history_keeps_no_text_about_a_person():
    """Nothing can be taken out of the history again: what a closed account or a
    corrected roster must not leave behind is never written to it."""
    tracked = history.tracked().values()
    offenders = [
        f"{model._meta.label}.{field.name}"
        for model in tracked
        if of_one_person(model)
        for field in model._meta.concrete_fields
        if is_free_text(field) and field.name not in trigger_of(model).but
    ]
    assert offenders == []
    assert {"members.User", "members.Worker", "signups.Signup"} <= {
        model._meta.label for model in tracked if of_one_person(model)
    }


def test_history_names_every_column_in_chinese():
    offenders = [
        f"{model._meta.label}.{field.name}"
        for model in history.tracked().values()
        for field in model._meta.concrete_fields
        if field.name not in trigger_of(model).but | {"id"}
        and str(field.verbose_name).isascii()
    ]
    assert offenders == []


def test_history_gives_every_tracked_table_a_number_of_its_own():
    odd = [m for m in history.tracked().values() if m._meta.pk.column != "id"]
    assert odd == []


@pytest.mark.parametrize("model", ["signups.Signup", "signups.SeatPool"])
def test_history_does_not_track_what_a_sign_up_writes(model):
    operation = str(trigger_of(apps.get_model(model)).operation)
    if model == "signups.Signup":
        assert "INSERT" not in operation
    else:
        assert '"capacity"' in operation
        assert '"taken"' not in operation
