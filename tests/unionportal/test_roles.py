"""There is a role for everything that is done in the back office."""

import pytest
from django.apps import apps
from django.contrib import admin

from activities.training.models import TermPlan
from honors.models import HonourImport, Nomination, Objection, PublicNotice
from unionportal.roles import ADMINISTRATOR, ROLES

AUDITOR = "审计员"
EVERY_RIGHT = set().union(*ROLES.values())
OURS = {model for model in admin.site._registry if model.__module__[:6] != "django"}


# tables whose pages ask for a right of a job, and show their rows by one's part in it:
# files of people and what is objected to them are not an auditor's to read
BY_JOB = {
    Nomination: "honors.review_nomination",
    PublicNotice: "honors.run_edition",
    Objection: "honors.handle_objection",
    HonourImport: "honors.import_honours",
}


def holders(right):
    return {role for role, rights in ROLES.items() if right in rights}


@pytest.mark.parametrize("model", sorted(OURS, key=str), ids=lambda m: m._meta.label)
def test_roles_see_every_table_of_the_back_office_between_them(model):
    view = f"{model._meta.app_label}.view_{model._meta.model_name}"
    right = BY_JOB.get(model, view)

    assert holders(right)
    # a term not yet published is a working paper: its history is read, not its sheet
    assert AUDITOR in holders(right) or model in {TermPlan, *BY_JOB}


def test_roles_hold_every_right_that_we_named_between_them():
    named = {
        f"{model._meta.app_label}.{codename}"
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in
        {m.__module__.partition(".")[0] for m in OURS}
        for codename, _words in model._meta.permissions
    }  # fmt: skip

    assert len(named) > 5
    assert named <= EVERY_RIGHT


def test_roles_keep_who_runs_the_site_out_of_audit_content_and_peoples_rows():
    rooms = {right.partition(".")[0] for right in ROLES[ADMINISTRATOR]}

    assert rooms == {"common", "members", "news", "unionportal"}
    # of the newsroom its columns, and who works in which
    newsroom = {right for right in ROLES[ADMINISTRATOR] if right.startswith("news.")}
    assert all(right.endswith(("_column", "_columnduty")) for right in newsroom)
    # of the floor holidays, tasks and words of the search; certificates are looked at and nothing else
    floor = {right for right in ROLES[ADMINISTRATOR] if right.startswith("common.")}
    assert all(
        right.endswith(("_holiday", "_backgroundtask", "_searchword"))
        for right in floor
    )
    assert "members.change_certificate" not in ROLES[ADMINISTRATOR]
    assert not {
        right
        for right in ROLES[ADMINISTRATOR]
        if right.endswith(("_worker", "_rosterimport", "_phone", "_roster"))
    }


def test_roles_give_the_audit_to_the_auditor_alone():
    assert holders("common.view_change") == {AUDITOR}
    for right in EVERY_RIGHT:
        if "audit" in right:
            assert holders(right) == {AUDITOR}
            assert right == "common.view_auditevent"
