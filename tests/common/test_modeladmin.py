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


@pytest.mark.django_db
def test_a_line_is_stored_as_it_is_seen(client, enter):
    """No radical for the character it looks like, no mark that nobody sees."""
    enter("荣誉秘书")
    there = make_edition()
    filled = {
        "program": there.program_id,
        "title": "\u202d⽼模范 \u200b2031\u202c",
        "year": there.year + 1,
        "conferred_on": "2031-04-28",
    }

    answer = client.post(reverse("admin:honors_awardedition_add"), filled)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert there.program.editions.latest("pk").title == "老模范 2031"
