"""``manage.py demo --scale city``, with the numbers of a village."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from members.enums import UnionLevel
from members.models import UnionOrg, Worker
from news.models import Article
from tests.factories import make_union, make_user, make_worker
from tests.news.factories import make_column
from tests.volunteers.factories import make_skill, make_team
from unionportal.demo import city, services
from volunteers.models import Membership, ServiceRecord, VolunteerProfile
from volunteers.services import chain

pytestmark = pytest.mark.django_db

SIZE = {"unions": 30, "workers": 260, "articles": 45, "volunteers": 40, "records": 60}


@pytest.fixture
def small():
    """What the small scale leaves behind, in little."""
    top = make_union(code="5104", level=UnionLevel.CITY)
    for code in ("510402", "510403"):
        make_union(code=code, level=UnionLevel.COUNTY, parent=top)
    make_column()
    make_column()
    make_team(members=3)
    make_team()
    make_skill()


def test_make_city_hours_are_links_of_one_chain(small):
    make_user(is_staff=True), make_user(is_staff=True)
    city.make(lambda line: None, **SIZE)
    city.make(lambda line: None, **SIZE)

    assert ServiceRecord.objects.certifiable().count() == SIZE["records"]
    assert chain.verify().broken is None


def counts():
    return {
        "unions": UnionOrg.objects.count(),
        "workers": Worker.objects.count(),
        "articles": Article.objects.live().count(),
        "volunteers": Membership.objects.count(),
    }


def test_make_city_volunteers_say_what_they_can_where_and_when(small):
    city.make(lambda line: None, **SIZE)

    told = VolunteerProfile.objects.exclude(free=[])
    assert told.filter(skills__isnull=False, districts__isnull=False).count() == 40


def test_make_city_fills_a_city_up_and_then_leaves_it_alone(small):
    said = []
    city.make(said.append, **SIZE)
    assert counts() == {name: SIZE[name] for name in counts()}
    assert "Workers: 100 %" in said
    ids = set(Worker.objects.values_list("pk", flat=True))

    said.clear()
    city.make(said.append, **SIZE)

    assert counts() == {name: SIZE[name] for name in counts()}
    assert said == []
    assert set(Worker.objects.values_list("pk", flat=True)) == ids


@pytest.mark.parametrize("where", ["Unions", "Workers", "Articles", "Volunteers"])
def test_make_city_goes_on_after_a_run_that_was_broken_off(small, monkeypatch, where):
    monkeypatch.setattr(city, "BATCH", 10)
    said = []

    def breaks_off(line):
        said.append(line)
        if line.startswith(where) and line >= f"{where}: 5":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        city.make(breaks_off, **SIZE)
    there = counts()
    assert 0 < there[where.lower()] < SIZE[where.lower()]
    ids = set(Worker.objects.values_list("pk", flat=True))

    city.make(said.append, **SIZE)

    assert counts() == {name: SIZE[name] for name in counts()}
    assert ids <= set(Worker.objects.values_list("pk", flat=True))
    homes = Membership.objects.filter(worker__member_number__startswith="SC")
    assert homes.count() == homes.values("worker").distinct().count()
    # each tenth is said once, before or behind the break
    assert said.count(f"{where}: 100 %") == 1
    assert len(said) == len(set(said))


def test_make_city_is_as_large_as_promised():
    sizes = (city.UNIONS, city.WORKERS, city.ARTICLES, city.VOLUNTEERS)

    assert sizes == (1_200, 300_000, 100_000, 20_000)


def test_make_city_reports_every_tenth():
    said = []

    for numbers in city._told(said.append, "Workers", 0, 20 * city.BATCH):
        assert len(numbers) == city.BATCH

    assert said == [f"Workers: {n} %" for n in range(10, 110, 10)]


def test_make_city_people_have_no_log_in_and_numbers_that_are_nobodys(small):
    make_worker()
    city.make(lambda line: None, **SIZE)

    made = Worker.objects.filter(member_number__startswith="SC")
    assert made.filter(user__isnull=False).count() == 0
    fingerprints = set(made.values_list("identity_hmac", flat=True))
    assert len(fingerprints) == made.count()


@pytest.mark.parametrize("n", [0, 7, 15_999, 16_000, 299_999])
def test_make_city_gives_identity_numbers_that_check(n):
    number = city.identity_number(n)

    assert len(number) == 18
    assert number.startswith("510499")
    # the standard's own formula: weights 2 ** (17 - i) mod 11, the whole sums to 1
    digits = [10 if char == "X" else int(char) for char in number]
    total = sum(d * (2 ** (17 - i) % 11) for i, d in enumerate(digits))
    assert total % 11 == 1


def test_make_city_sets_its_unions_in_the_tree(small):
    city.make(lambda line: None, **SIZE)

    for org in UnionOrg.objects.exclude(parent=None).select_related("parent"):
        assert org.parent.is_start_of(org.code)


def test_make_city_leaves_a_portal_with_accounts_and_no_demonstration_alone():
    make_user()

    with pytest.raises(CommandError, match="没有演示内容"):
        call_command("demo", scale="city", stdout=StringIO())

    assert not Worker.objects.exists()


def test_make_city_by_the_command_makes_the_small_scale_first(small, monkeypatch):
    calls = []
    monkeypatch.setattr(services, "make", lambda say: calls.append("small"))
    monkeypatch.setattr(city, "make", lambda say: calls.append("city"))
    out = StringIO()

    call_command("demo", scale="city", stdout=out)
    make_worker()  # not an account: still empty
    assert calls == ["small", "city"]
    assert "Demonstration content is made" in out.getvalue()
