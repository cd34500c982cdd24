"""What is append-only says so once: its trigger refuses the owner's slips, and the list of
``unionportal.database.rights`` refuses the application."""

import pgtrigger
from django.apps import apps

from unionportal.database import rights


def refuses_changes(model):
    """Whether triggers refuse both UPDATE and DELETE of rows."""
    triggers = [trigger for of, trigger in pgtrigger.registered() if of is model]
    refused = set()
    for trigger in triggers:
        text = str(trigger.operation)
        is_guard = isinstance(trigger, (pgtrigger.Protect, pgtrigger.ReadOnly))
        if isinstance(trigger, pgtrigger.Protect) and trigger.condition:
            continue  # of some rows only
        if is_guard or trigger.name == "append_only":
            refused |= {word for word in ("UPDATE", "DELETE") if word in text}
    return refused == {"UPDATE", "DELETE"}


def declared():
    return {
        model
        for model in apps.get_models()
        if getattr(model, "changeable", None) is not None
    }


def test_append_only_tables_are_so_for_the_owner_too():
    guarded = {model for model in apps.get_models() if refuses_changes(model)}

    assert len(guarded) > 3
    assert declared() == guarded


def test_append_only_are_the_audit_and_the_history():
    kept = rights.append_only()

    for table in ("common_auditevent", "common_auditseal", "common_change"):
        assert kept[table] == []
