"""A table's refusal in words, and a reason at its field."""

import ast
import re

import pytest
from django import forms
from django.db import IntegrityError, connection

from common.errors import Busy, Reason, Refusal, at_field
from common.services import refusing
from tests.architecture.test_rooms import MODULES, ROOT
from tests.factories import make_union

TAKEN = Reason("taken", "已有这个编码。", field="code")


@pytest.mark.django_db
def test_refusing_says_what_the_table_refuses_and_goes_on():
    make_union(code="7701")

    with pytest.raises(Refusal) as no, refusing({"members_unionorg_code_key": TAKEN}):
        make_union(code="7701")

    assert no.value.reasons == (TAKEN,)
    assert make_union(code="7702").pk  # the transaction around it is whole


@pytest.mark.django_db
def test_refusing_leaves_any_other_error_an_error():
    make_union(code="7701")

    with pytest.raises(IntegrityError), refusing({"another_rule": TAKEN}):
        make_union(code="7701")


def grounds_in(path):
    """The keys of the tables of grounds in a file that asks ``refusing``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if "refusing" not in names:
        return set()
    label = path.relative_to(ROOT).parts[0]
    return {
        key.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and str(key.value).startswith(f"{label}_")
    }


@pytest.mark.django_db
def test_every_ground_is_the_name_of_a_constraint():
    asked = set().union(
        *(grounds_in(ROOT / path) for path in MODULES if "services" in str(path))
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes"
        )
        known = {name for (name,) in cursor.fetchall()}
        # a trigger refuses under a name of its own
        cursor.execute("SELECT prosrc FROM pg_proc WHERE prosrc LIKE '%CONSTRAINT = %'")
        for (source,) in cursor.fetchall():
            known |= set(re.findall(r"CONSTRAINT = '(\w+)'", source))

    assert len(asked) > 8
    assert asked - known == set()


def test_at_field_moves_every_reason_and_stays_the_same_refusal():
    with pytest.raises(Busy) as no, at_field("seats"):
        raise Busy(TAKEN, Reason("late", "已截止。"))

    assert [reason.field for reason in no.value.reasons] == ["seats", "seats"]


def test_show_in_puts_reasons_at_their_fields_or_above_the_form():
    class Form(forms.Form):
        code = forms.CharField(required=False)

    form = Form({})
    form.is_valid()
    Refusal(TAKEN, Reason("late", "已截止。", field="no_such")).show_in(form)

    assert form.errors == {"code": ["已有这个编码。"], "__all__": ["已截止。"]}
