"""The search box over twelve hundred unions."""

import pytest

from members.models import UnionOrg
from members.querysets import MOST_FOUND
from members.services import unions as verbs
from tests.factories import make_union

pytestmark = pytest.mark.django_db


@pytest.fixture
def unions():
    for code, name in (("A1", "示例炼铁厂工会"), ("A2", "示例A3轨梁厂工会")):
        UnionOrg.objects.create(code=code, name=name)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("炼铁", ["A1"]),
        ("工会 示例", ["A1", "A2"]),
        ("炼铁 轨梁", []),
        ("Ａ３轨梁", ["A2"]),
        ("a3", ["A2"]),
        ("A1", ["A1"]),
        ("", []),
        ("   ", []),
        ("%", []),
        ("_", []),
        ("'\"\\", []),
    ],
)
def test_union_search_every_word_is_found_and_nothing_for_nothing(unions, typed, found):
    assert [org.code for org in UnionOrg.objects.named_like(typed)] == found


@pytest.fixture
def city():
    make = UnionOrg.objects.create
    for code, name, short_names in (
        ("B", "东区总工会", ""),
        ("B1", "示例公共汽车有限责任公司工会委员会", "公交、示例公交公司"),
        ("B2", "第一小学工会", "一小"),
        ("C", "西区总工会", ""),
        ("C1", "第一小学工会", "一小"),
        ("C2", "示例ABC机电工会", ""),
    ):
        level = "grassroots" if len(code) > 1 else "county"
        make(code=code, name=name, short_names=short_names, level=level)


@pytest.mark.parametrize(
    ("typed", "codes", "is_sure"),
    [
        ("公交", ["B1"], True),
        ("公共汽车", ["B1"], True),
        ("示例公交", ["B1"], True),
        ("abc", ["C2"], True),
        ("一小", ["B2", "C1"], False),
        # what is typed says more than the title, or calls itself something else
        ("攀枝花市公交有限公司", ["B1"], False),
        ("我在示例公交公司开车", ["B1"], False),
        ("示例公共汽车公司工会", ["B1"], False),
        ("公司", ["B1"], True),
        ("没有这样一家", [], False),
        ("工会", ["B", "B1", "B2", "C", "C1", "C2"], False),
        ("小", ["B2", "C1"], False),
        ("", [], False),
        ("、", [], False),
        ("、公", ["B1"], True),
    ],
)
def test_find_union_by_its_short_names_and_the_workplace(city, typed, codes, is_sure):
    answer = verbs.find(typed)

    assert [org.code for org in answer.orgs] == codes
    assert answer.is_sure is is_sure


def test_find_union_tells_two_of_one_name_apart_by_their_district(city):
    said = [(org.code, org.district) for org in verbs.find("一小").orgs]

    assert said == [("B2", "东区总工会"), ("C1", "西区总工会")]


def test_find_union_shows_so_many_of_those_that_are_near():
    for n in range(MOST_FOUND + 3):
        make_union(short_names=f"炼钢{n}号")

    answer = verbs.find("攀枝花市炼钢0号车间、炼钢")

    assert len(answer.orgs) <= MOST_FOUND


@pytest.mark.parametrize("unions", [2, 30])
def test_find_union_costs_the_same_however_many_there_are(
    unions, django_assert_num_queries
):
    for n in range(unions):
        make_union(short_names=f"炼钢{n}号")

    with django_assert_num_queries(1):
        verbs.find("炼钢0号")
    with django_assert_num_queries(3):
        verbs.find("攀枝花市炼钢1号工会委员会")


def test_save_union_tidies_its_short_names():
    org = verbs.save_union(
        org=UnionOrg(code="D", name="示例", short_names=" 公交,公汽；公交 ＡＢＣ "),
        by=None,
    )

    assert org.short_names == "公交、公汽、ABC"


def test_union_search_shows_so_many_and_says_that_there_are_more():
    for _ in range(MOST_FOUND + 5):
        make_union()

    assert len(UnionOrg.objects.named_like("示例")) == MOST_FOUND + 1
