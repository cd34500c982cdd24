"""A leader of one team sees no number of another: at every address of the back office and
of the site that shows a team, a person, a service or a need, and in every export."""

from io import BytesIO

import pytest
from django.contrib import admin
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories import make_user, make_worker
from tests.volunteers.factories import make_membership, make_need
from tests.volunteers.services import make_led_team, served
from volunteers.services import needs

pytestmark = pytest.mark.django_db

MEMBER, HOST, NEED = "13612347291", "13800001234", "13600001111"
JOBS = {
    "volunteerteam": ["run", "invite", "export"],
    "serviceevent": ["run", "roster", "hours", "code", "edit"],
}


@pytest.fixture
def foreign():
    """A team with a member, a service that has begun and a need it took; the end of its
    leader's number is one that nothing else on a page bears."""
    team = make_led_team(name="别队示例")
    member = make_worker(name="别队队员", user=make_user(phone=MEMBER))
    make_membership(team=team, worker=member)
    event, [record] = served(team=team, worker=member)
    need = make_need()
    needs.take(need=need, team=team, by=team.leader.user)
    return team, event, record, need


def everything(foreign):
    """Every list that the registry knows, with words that would find the other team, and
    every page of a row of it."""
    team, event, record, need = foreign
    for model in admin.site._registry:
        noun = f"{model._meta.app_label}_{model._meta.model_name}"
        for query in ("", f"?q={MEMBER}", "?q=别队"):
            yield reverse(f"admin:{noun}_changelist") + query
    rows = [team, team.memberships.first(), event, record, need]
    for row in rows:
        noun = f"volunteers_{row._meta.model_name}"
        yield reverse(f"admin:{noun}_change", args=[row.pk])
        for job in JOBS.get(row._meta.model_name, ["work"]):
            if row._meta.model_name != "membership":
                yield reverse(f"admin:{noun}_{job}", args=[row.pk])
    held = team.memberships.get(worker__name="别队队员")
    yield reverse("admin:volunteers_volunteerteam_number", args=[team.pk, held.pk])
    for field, model in (("worker", "membership"), ("leader", "volunteerteam")):
        yield reverse("admin:autocomplete") + (
            f"?app_label=volunteers&model_name={model}&field_name={field}&term=别队"
        )
    yield reverse("admin:volunteers_membership_export")
    yield team.get_absolute_url()
    yield event.get_absolute_url()
    yield reverse("volunteers:event-calendar", args=[event.pk])
    yield reverse("volunteers:team-hours", args=[team.pk])
    yield reverse("search") + "?q=别队"


def read(response) -> str:
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"PK"):
        return str([list(row) for row in load_workbook(BytesIO(content)).active.values])
    return content.decode()


@pytest.mark.slow  # asks every list of the back office three times
def test_leader_of_one_team_sees_no_number_of_another_at_any_address(client, foreign):
    client.force_login(make_led_team(name="本队示例").leader.user)

    statuses = set()
    for address in everything(foreign):
        response = client.get(address)
        statuses.add(response.status_code)
        page = read(response)
        # what was typed into the box of a search stands in it again
        page = page.replace(f'value="{MEMBER}"', "").replace(f"q={MEMBER}", "")
        for number in (MEMBER, HOST, NEED, MEMBER[-4:]):
            assert number not in page, (address, number)

    assert {200, 403, 404} <= statuses  # of each kind there was something to look at


def test_number_of_a_need_of_another_team_is_shown_to_the_team_that_took_it(
    client, foreign
):
    """What the test above looks for is there to be found."""
    team, _event, _record, need = foreign
    client.force_login(team.leader.user)

    work = client.get(reverse("admin:volunteers_need_work", args=[need.pk]))
    run = client.get(reverse("admin:volunteers_volunteerteam_run", args=[team.pk]))

    assert NEED in work.content.decode()
    assert MEMBER[-4:] in run.content.decode()
