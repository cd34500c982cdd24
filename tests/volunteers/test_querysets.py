import pytest
from django.contrib.auth.models import Permission

from members.enums import UnionLevel
from members.models import User
from tests.factories import make_union, make_user, make_worker
from tests.volunteers.factories import make_membership, make_team
from volunteers.enums import TeamKind
from volunteers.models import Membership, VolunteerTeam

pytestmark = pytest.mark.django_db


def test_for_cards_brings_counts_in_one_query(django_assert_num_queries):
    small, large, empty = make_team(members=1), make_team(members=3), make_team()

    with django_assert_num_queries(1):
        cards = list(VolunteerTeam.objects.for_cards())

    assert [(team, team.member_count) for team in cards] == [
        (large, 3),
        (small, 1),
        (empty, 0),
    ]


def test_figures_count_a_person_once_city_wide(django_assert_num_queries):
    worker = make_worker()
    make_membership(team=make_team(is_recruiting=True), worker=worker)
    make_membership(team=make_team(), worker=worker)
    make_membership()

    with django_assert_num_queries(1):
        figures = VolunteerTeam.objects.figures()

    assert figures == {"teams": 3, "recruiting": 1, "people": 2}


def test_figures_and_for_cards_leave_out_ended_teams_and_their_members():
    team = make_team(members=2)
    VolunteerTeam.objects.filter(pk=team.pk).update(is_active=False)

    assert VolunteerTeam.objects.figures() == {
        "teams": 0,
        "recruiting": 0,
        "people": 0,
    }
    assert list(VolunteerTeam.objects.for_cards()) == []


def test_for_home_shows_four_teams_the_recruiting_first():
    for _ in range(4):
        make_team(members=1)
    recruiting = make_team(is_recruiting=True)

    teams = list(VolunteerTeam.objects.for_home())

    assert len(teams) == 4
    assert teams[0] == recruiting


def test_chosen_by_kind_recruiting_and_the_tree_below_a_district():
    county = make_union(code="A1", level=UnionLevel.COUNTY)
    below = make_union(code="A102", parent=county)
    neighbour = make_union(code="A2", level=UnionLevel.COUNTY)
    inside = make_team(union_org=below, kind=TeamKind.HEALTH, is_recruiting=True)
    make_team(union_org=neighbour)
    make_team()
    rows = VolunteerTeam.objects.active()

    assert rows.chosen(district=county).get() == inside
    assert rows.chosen(kind=TeamKind.HEALTH, recruiting=True).get() == inside
    assert rows.chosen().count() == 3
    assert sorted(rows.codes_of_unions()) == ["A102", "A2"]


def test_chosen_by_the_city_leaves_its_own_teams_only():
    """Everything is below it."""
    city = make_union(code="A", level=UnionLevel.CITY)
    own = make_team(union_org=city)
    make_team(union_org=make_union(code="A1", level=UnionLevel.COUNTY))

    assert VolunteerTeam.objects.active().chosen(district=city).get() == own


def test_managed_by_a_leader_is_the_team_they_lead_and_its_members_only():
    user = make_user()
    own = make_team(leader=make_worker(user=user), members=1)
    make_team(leader=make_worker(user=make_user()), members=1)
    make_team(members=1)

    assert list(VolunteerTeam.objects.managed_by(user)) == [own]
    assert list(Membership.objects.managed_by(user)) == list(own.memberships.all())


def test_managed_by_who_may_see_all_teams_is_all():
    user = make_user()
    user.user_permissions.add(Permission.objects.get(codename="view_all_teams"))
    make_team()
    make_team()

    rows = VolunteerTeam.objects.managed_by(User.objects.get(pk=user.pk))

    assert rows.count() == 2
