"""The wall as a visitor narrows, orders and pages it, also when it is long."""

from collections import Counter
from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from honors import services
from honors.enums import Industry, Level, NominationState
from honors.models import Honoree
from tests.honors.factories import make_edition, make_honoree, make_program
from tests.honors.nominations import (
    make_county,
    make_nomination,
    make_secretary,
    make_unit,
)
from tests.news.factories import make_article

pytestmark = pytest.mark.django_db
HALL = "honors:honoree-list"


def value_of(honoree, name):
    edition = honoree.edition
    return {
        "program": edition.program_id,
        "year": edition.year,
        "industry": honoree.industry,
        "level": edition.program.level,
        "district": honoree.district_id,
    }[name]


def fits(honoree, chosen):
    text = {"name": honoree.name, "unit": honoree.employer}
    return all(
        value in text[name] if name in text else value_of(honoree, name) == value
        for name, value in chosen.items()
    )


@pytest.fixture
def wall():
    """Some of every kind, one revoked and one not conferred among them."""
    county = make_county()
    editions = [
        make_edition(
            program=make_program(level=level, position=n),
            year=year,
            conferred_on=None,
        )
        for n, (level, year) in enumerate(
            product((Level.NATIONAL, Level.CITY), (2012, 2016))
        )
    ]
    people = [
        make_honoree(
            edition=edition,
            name=f"{surname}示例",
            employer=employer,
            industry=industry,
            district=district,
        )
        for edition, (surname, employer, industry, district) in product(
            editions,
            [
                ("王", "示例炼铁厂", Industry.STEEL, county),
                ("李", "示例医院", Industry.HEALTH, None),
                ("丁", "示例炼铁厂", "", county),
            ],
        )
    ]
    services.revoke(honoree=people[0], reason="示例", by=None)
    services.unconfer_edition(edition=editions[3], by=None)
    return [one for one in people[1:] if one.edition != editions[3]]


@pytest.mark.parametrize(
    "names",
    [(), ("program",), ("year", "industry"), ("level", "district", "unit"), ("name",)],
)
def test_facets_count_what_the_other_filters_leave(wall, names):
    of_one = {name: value_of(wall[-3], name) for name in Honoree.objects.filters()}
    of_one |= {"name": "王", "unit": "炼铁"}
    chosen = {name: of_one[name] for name in names}

    rows, counts = Honoree.objects.for_hall(chosen)

    for name in Honoree.objects.filters():
        others = {key: value for key, value in chosen.items() if key != name}
        left = Counter(value_of(one, name) for one in wall if fits(one, others))
        assert counts.by[name] == dict(left), name
    found = [one for one in wall if fits(one, chosen)]
    assert rows.count() == len(found)
    assert set(rows[0:24]) == set(found)
    assert counts.awards == Counter(one.edition.program_id for one in wall)


def test_pages_follow_each_other_in_the_order_that_was_asked_for(client):
    for year, surnames in ((2018, "王李丁"), (2016, "马高"), (2011, "于丁")):
        edition = make_edition(year=year, conferred_on=None)
        for surname in surnames:
            make_honoree(edition=edition, name=f"{surname}示例")

    def shown(order, size):
        rows, _counts = Honoree.objects.for_hall({}, order)
        cut = [rows[at : at + size] for at in range(0, 7, size)]
        return "".join(one.name[0] for page in cut for one in page)

    for size in (1, 2, 3, 7):
        assert shown("", size) == "丁李王高马丁于"
        assert shown("strokes", size) == "丁王李马高丁于"

    page = client.get(reverse(HALL), {"sort": "strokes", "year": 2018})
    assert [card["name"][0] for card in page.context["cards"]] == ["丁", "王", "李"]
    assert "sort=strokes" in page.context["query"]


def test_honoree_list_of_5000_with_filters_takes_six_queries(client):
    years = [make_edition(year=year, conferred_on=None) for year in range(1970, 1995)]
    county = make_county()
    Honoree.objects.bulk_create(
        Honoree(
            edition=years[n % 25],
            name=f"示例先进{n}",
            employer=f"示例{n % 70}厂",
            industry=list(Industry)[n % len(Industry)],
            district=county if n % 2 else None,
            sort_key=f"{n % 400:03}",
        )
        for n in range(5_000)
    )
    asked = {"district": county.pk, "level": "city", "unit": "厂", "page": 3}
    client.get(reverse(HALL), asked)  # the frame's menu is kept after the first page

    with CaptureQueriesContext(connection) as caught:
        page = client.get(reverse(HALL), asked)

    assert len(caught) <= 6, [query["sql"][:80] for query in caught]
    assert page.context["paginator"].count == 2_500
    assert len(page.context["cards"]) == 24
    assert page.status_code == 200


def test_honoree_who_was_nominated_stands_under_the_county_of_the_unit():
    county, secretary = make_county(), make_secretary()

    for unit in (make_unit(county), county):
        person = make_nomination(NominationState.APPROVED, unit=unit)
        services.confer_edition(edition=person.edition, by=secretary)

    assert [one.district for one in Honoree.objects.all()] == [county, county]


def test_reports_are_shown_while_the_public_may_read_them(client):
    honoree = make_honoree()
    out = make_article(title="已经见报的事迹")
    later = make_article(title="还没有见报", at=timezone.now() + timedelta(days=2))

    services.set_reports(honoree=honoree, keys=[out.pk, later.pk], by=None)

    page = client.get(honoree.get_absolute_url()).content.decode()
    assert "已经见报的事迹" in page
    assert "还没有见报" not in page


def test_reports_are_named_by_their_address_in_the_back_office(client):
    client.force_login(make_secretary())
    honoree, article = make_honoree(), make_article()
    address = reverse("admin:honors_honoree_change", args=[honoree.pk])
    form = client.get(address).context["adminform"].form
    typed = {
        name: "" if value is None else value for name, value in form.initial.items()
    }
    typed["edition"] = honoree.edition_id

    wrong = client.post(address, typed | {"report_pages": "/news/999999/"})
    client.post(
        address,
        typed | {"report_pages": f"http://testserver{article.get_absolute_url()}"},
    )

    assert "没有这篇已发布的新闻" in wrong.content.decode()
    assert list(honoree.reports.all()) == [article]


def test_portrait_keeps_what_its_focus_says_wherever_it_is_shown(client, settings):
    honoree = make_honoree(portrait_focus="right")
    Honoree.objects.filter(pk=honoree.pk).update(
        portrait_key="0" * 32, portrait_width=800, portrait_height=600
    )

    for address in (
        reverse(HALL),
        honoree.get_absolute_url(),
        honoree.edition.get_absolute_url(),
    ):
        assert "focus--right" in client.get(address).content.decode()
