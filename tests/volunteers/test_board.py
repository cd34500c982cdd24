"""The coordinator's board: what it counts, for whom, in how many queries."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.pages import markup
from tests.volunteers.factories import make_team
from tests.volunteers.services import (
    certifiable,
    make_coordinator,
    make_event,
    make_leader,
    served,
    shift,
)
from unionportal.services import write_roles
from volunteers.models import ReportedFigure
from volunteers.services import figures

pytestmark = pytest.mark.django_db

BOARD = reverse("admin:volunteers_servicerecord_board")
YEAR = (timezone.localtime() - timedelta(hours=4)).year


def test_figures_count_hours_in_force_and_services_held():
    record = certifiable()
    served()  # nobody has confirmed them
    make_event()  # to come

    found = figures.of_year(YEAR)

    assert (found.hours, found.people) == (2, 1)
    assert sum(line.hours for line in found.months) == 2
    assert sum(line.hours for line in found.kinds) == 2
    assert found.services == 2
    assert {line.name: line.hours for line in found.teams}[record.event.team.name] == 2


def test_resting_teams_are_active_ones_without_a_service_for_long():
    busy = certifiable().event.team
    coming = make_event().team
    never = make_team()
    make_team(is_active=False)
    old = make_event()
    shift(old, to=timezone.now() - timedelta(days=91))

    assert set(figures.of_year(YEAR).resting) == {never, old.team}
    assert {busy, coming}.isdisjoint(figures.of_year(YEAR).resting)


def test_board_takes_the_same_queries_however_many_teams(
    client, django_assert_max_num_queries
):
    client.force_login(make_coordinator())
    certifiable()
    client.get(BOARD)
    with django_assert_max_num_queries(40) as few:
        client.get(BOARD)
    certifiable()
    certifiable()
    make_team()
    with django_assert_max_num_queries(len(few)):
        client.get(BOARD)


def test_board_shows_each_chart_with_its_table_and_reported_figures_apart(client):
    client.force_login(make_coordinator())
    certifiable()
    ReportedFigure.objects.create(
        of="services", value=600, qualifier="over", unit="场（次）", source="报道"
    )

    page = markup(client.get(BOARD))

    assert page.count('role="img"') == 3 and page.count("<table") >= 3
    assert "600余场（次）" in page and "601" not in page


def test_board_is_for_who_looks_after_all_teams(client):
    write_roles()
    client.force_login(make_leader().user)
    for name in ("board", "workbook", "hours"):
        at = reverse(f"admin:volunteers_servicerecord_{name}")
        assert client.get(at).status_code == 403


def test_exports_hold_the_numbers_of_the_charts_and_a_row_each(client):
    client.force_login(make_coordinator())
    record = certifiable()

    at = reverse("admin:volunteers_servicerecord_workbook")
    book = load_workbook(BytesIO(client.get(at).content))
    at = reverse("admin:volunteers_servicerecord_hours")
    rows = list(load_workbook(BytesIO(client.get(at).content)).active.values)

    assert len(book.sheetnames) == 4
    assert rows[1][3] == record.worker.name and rows[1][5] == record.minutes
    assert len(rows) == 2
