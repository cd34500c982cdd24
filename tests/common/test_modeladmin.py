"""What every form of the back office shares."""

import pytest
from django.contrib import admin
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse

from common.modeladmin import columns_of
from tests.boxes import boxes_of
from tests.factories import make_offering, make_user, make_worker
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
def test_back_office_form_reports_a_rule_only_where_one_would_correct_it(rule, columns):
    assert columns_of(rule) == columns


EDITION_ADD = "/admin/honors/awardedition/add/"


def untouched(client):
    return boxes_of(client.get(EDITION_ADD), "awardedition_form")


@pytest.mark.django_db
def test_back_office_form_reports_what_the_table_refuses_at_its_field(client, enter):
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

    answer = client.post(EDITION_ADD, untouched(client) | filled)

    form = answer.context["adminform"].form
    assert form.errors == {"title": ["该荣誉称号已有同名的届次。"]}


@pytest.mark.django_db
def test_back_office_form_stores_a_line_as_it_is_seen(client, enter):
    """No radical for the character it looks like, no mark that nobody sees."""
    enter("荣誉秘书")
    there = make_edition()
    filled = {
        "program": there.program_id,
        "title": "\u202d⽼模范 \u200b2031\u202c",
        "year": there.year + 1,
        "conferred_on": "2031-04-28",
    }

    answer = client.post(EDITION_ADD, untouched(client) | filled)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert there.program.editions.latest("pk").title == "老模范 2031"


BAD = ["xx", "-1", "9" * 30, "9" * 5000, "0001-01-01", "9999-12-31 23:59", "²", "1,x,2"]


@pytest.fixture
def chief(client):
    user = make_user(is_staff=True)
    user.is_superuser = True
    user.save()
    client.force_login(user)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("typed", BAD)
def test_back_office_form_takes_no_bad_value_from_the_address(chief, typed):
    """Every form of the back office, every field of it."""
    seen = 0
    for model, page in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_add")
        names = [field.name for field in model._meta.get_fields()]

        answer = chief.get(address, dict.fromkeys(names, typed))

        assert answer.status_code in (200, 302, 403), (model, page)
        seen += answer.status_code == 200
    assert seen > 10


@pytest.mark.django_db
@pytest.mark.parametrize("typed", BAD)
def test_back_office_form_comes_back_with_a_value_that_is_no_key(chief, typed):
    sent = {"worker": typed, "offering": typed}

    answer = chief.post(reverse("admin:signups_signup_add"), sent)

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors.keys() >= {"worker", "offering"}


@pytest.mark.django_db
def test_back_office_form_takes_a_good_value_from_the_address(chief):
    worker, offering = make_worker(), make_offering()
    filled = {"worker": worker.pk, "offering": offering.pk}

    page = chief.get(reverse("admin:signups_signup_add"), filled).content.decode()

    assert f'<option value="{worker.pk}" selected>' in page
    assert f'<option value="{offering.pk}" selected>' in page
