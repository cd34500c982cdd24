import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.enums import UnionLevel
from tests.factories import make_union, make_worker
from tests.pages import markup
from tests.volunteers.factories import make_membership, make_team
from volunteers.enums import TeamKind
from volunteers.models import VolunteerTeam

pytestmark = pytest.mark.django_db
TEAMS = "volunteers:team-list"


def get(client, url, **query):
    """The answer, how many queries went to this room's tables, and how many in all."""
    client.get(url, query)  # the frame's menu is cached after the first page
    with CaptureQueriesContext(connection) as caught:
        response = client.get(url, query)
    ours = [q for q in caught.captured_queries if '"volunteers_' in q["sql"]]
    return response, len(ours), len(caught)


def costs_of_the_frame(client):
    """Queries of a page that asks this room for nothing but one row: those of the frame."""
    _response, ours, in_all = get(client, make_team().get_absolute_url())
    return in_all - ours


@pytest.mark.parametrize("rows", [1, 5])
def test_team_list_costs_six_queries_however_long(client, rows):
    for _ in range(rows):
        make_team(members=2, leader=make_worker(), union_org=make_union())

    response, ours, _all = get(client, reverse(TEAMS))

    # figures, page count, page, three facets; those reported are kept
    assert ours == 6
    assert len(response.context["cards"]) == rows
    assert response.content.decode().count('class="team"') == rows


def test_team_list_and_page_cost_the_same_at_both_sizes(client):
    make_team(leader=make_worker(), union_org=make_union(), members=1)
    _response, _ours, few = get(client, reverse(TEAMS))
    for _ in range(10):
        county = make_union(level=UnionLevel.COUNTY)
        make_team(leader=make_worker(), union_org=county, members=1)

    _response, _ours, many = get(client, reverse(TEAMS))

    assert many == few


@pytest.mark.parametrize("rows", [1, 30])
def test_team_page_costs_two_queries_however_many_members(client, rows):
    team = make_team(members=rows, leader=make_worker())

    response, ours, in_all = get(client, team.get_absolute_url())

    assert ours == 2  # the team with its count, the members with their names
    assert in_all == ours + costs_of_the_frame(client)
    assert len(response.context["names"]) == min(rows, 24)
    assert response.context["unnamed"] == max(rows - 24, 0)


def test_team_page_shows_members_and_leader_with_masked_names(client):
    team = make_team(leader=make_worker(name="赵示例"))
    make_membership(team=team, worker=make_worker(name="王小刚"))

    page = client.get(team.get_absolute_url()).content.decode()

    assert "王*刚" in page
    assert "王小刚" not in page
    assert "赵*例" in page
    for url in (team.get_absolute_url(), reverse(TEAMS)):
        assert "赵示例" not in client.get(url).content.decode()


def test_team_page_names_a_leader_who_agreed(client):
    agreed = timezone.localdate()
    team = make_team(leader=make_worker(name="赵示例"), leader_agreed_on=agreed)

    for url in (team.get_absolute_url(), reverse(TEAMS)):
        assert "赵示例" in client.get(url).content.decode()


def test_team_page_shows_the_drawing_of_its_kind(client):
    team = make_team(kind=TeamKind.LAW)

    for url in (reverse(TEAMS), team.get_absolute_url()):
        page = client.get(url).content.decode()
        assert re.findall(r"img/(team.*?svg)", page) == ["team-law.svg"]


def test_team_list_card_counts_the_members_and_the_leader_apart(client):
    make_team(members=3, leader=make_worker(name="赵示例"))
    make_team(members=2, leader=None)

    page = markup(client.get(reverse(TEAMS)))

    leads = re.findall(r'<p class="team__lead">(.*?)</p>', page)
    assert [re.sub("<.*?>", "", lead) for lead in leads] == [
        "队长　赵*例队员3人",
        "队员2人",
    ]
    assert "team__n" not in page  # no row for hours that nobody counts yet


def test_team_page_counts_more_members_than_are_named(client):
    team = make_team(members=26)

    page = client.get(team.get_absolute_url()).content.decode()

    assert "26名" in page
    assert "另有2名队员" in page


def test_team_list_says_recruiting_as_a_fact_and_no_button(client):
    make_team(is_recruiting=True)

    page = client.get(reverse(TEAMS)).content.decode()

    assert "正在招募" in page
    assert "<form" not in page[page.index("<main") : page.index("</main")]


def test_team_list_filters_in_force_stand_as_chips_and_narrow(client):
    county = make_union(code="A1", level=UnionLevel.COUNTY)
    make_team(union_org=county, kind=TeamKind.HEALTH, is_recruiting=True)
    make_team()

    response = client.get(
        reverse(TEAMS), {"kind": "health", "district": county.pk, "recruiting": 1}
    )

    assert len(response.context["cards"]) == 1
    assert [(pick.label, pick.url) for pick in response.context["picks"]] == [
        ("卫生健康", f"?district={county.pk}&recruiting=1"),
        (county.name, "?kind=health&recruiting=1"),
        ("正在招募", f"?kind=health&district={county.pk}"),
    ]


def test_team_list_district_facet_counts_the_teams_below_it(client):
    county = make_union(code="A1", level=UnionLevel.COUNTY)
    make_team(union_org=county)
    make_team(union_org=make_union(code="A102"))
    make_team(union_org=make_union(code="B1", level=UnionLevel.INDUSTRY))
    make_union(code="C1", level=UnionLevel.COUNTY)

    facets = client.get(reverse(TEAMS)).context["facets"]

    assert [choice.count for choice in facets[1].choices] == [None, 2, 1]


def test_team_list_has_the_citys_own_teams_as_a_district_too(client):
    city = make_union(code="A", name="示例市总工会", level=UnionLevel.CITY)
    own = make_team(union_org=city)
    make_team(union_org=make_union(code="A1", level=UnionLevel.COUNTY))

    [_all, first, _county] = client.get(reverse(TEAMS)).context["facets"][1].choices
    page = client.get(reverse(TEAMS), {"district": city.pk})

    assert (first.label, first.count) == ("示例市总工会本级", 1)
    assert list(page.context["teams"]) == [own]
    assert [pick.label for pick in page.context["picks"]] == ["示例市总工会本级"]


@pytest.mark.parametrize(
    "query", [{"kind": "x"}, {"district": "999"}, {"district": "a"}, {"recruiting": 7}]
)
def test_team_list_with_a_mangled_filter_still_shows_the_teams(client, query):
    make_team(name="示例蓝天队")

    response = client.get(reverse(TEAMS), query)

    assert response.status_code == 200
    assert "示例蓝天队" in response.content.decode()


def test_team_list_empty_copies(client):
    assert "还没有团队" in client.get(reverse(TEAMS)).content.decode()

    make_team()
    page = client.get(reverse(TEAMS), {"kind": "health"}).content.decode()

    assert "没有符合条件的团队" in page
    assert "清除筛选条件" in page


def test_team_list_pages_end_in_404_and_an_ended_team_has_none(client):
    for _ in range(19):
        make_team()
    ended = make_team()
    VolunteerTeam.objects.filter(pk=ended.pk).update(is_active=False)

    assert client.get(reverse(TEAMS), {"page": 2}).status_code == 200
    assert client.get(reverse(TEAMS), {"page": 3}).status_code == 404
    assert client.get(ended.get_absolute_url()).status_code == 404
