"""What every form of the back office shares."""

import pytest
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse

from common.modeladmin import columns_of
from tests.honors.factories import make_edition


@pytest.mark.parametrize(
    ("rule", "columns"),
    [
        (CheckConstraint(condition=Q(end__gt=F("start")), name="a"), ["end", "start"]),
        (CheckConstraint(condition=~Q(a="") & Q(b__gte=1), name="b"), ["a", "b"]),
        (CheckConstraint(condition=Q(a=1) | Q(Q(b=2), c=3), name="c"), list("abc")),
        (UniqueConstraint(fields=["group", "name"], name="d"), ["name", "group"]),
    ],
)
def test_a_rule_is_about_what_one_would_mend(rule, columns):
    assert columns_of(rule) == columns


@pytest.mark.django_db
def test_what_the_table_refuses_stands_at_its_field(client, enter):
    """A title that another edition of the award has: not above the form."""
    enter("荣誉秘书")
    there = make_edition()
    filled = {
        "program": there.program_id,
        "title": there.title,
        "year": there.year,
        "conferred_on": there.conferred_on or "",
        "is_published": "on",
    }

    answer = client.post(reverse("admin:honors_awardedition_add"), filled)

    form = answer.context["adminform"].form
    assert form.errors == {"title": ["该荣誉称号已有同名的届次。"]}
