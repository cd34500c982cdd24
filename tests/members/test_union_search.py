"""The search box over twelve hundred unions."""

import pytest

from members.models import UnionOrg
from members.querysets import MOST_FOUND
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


def test_union_search_shows_so_many_and_says_that_there_are_more():
    for _ in range(MOST_FOUND + 5):
        make_union()

    assert len(UnionOrg.objects.named_like("示例")) == MOST_FOUND + 1
