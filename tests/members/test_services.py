"""Codes and parents of unions tell one tree: stewardship goes by the code."""

import pytest

from common.errors import Refusal
from members.models import UnionOrg
from members.services import unions
from tests.factories import make_union

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return make_union(code="51")


def place(code, parent=None, org=None):
    org = org or UnionOrg(name="示例工会")
    org.code, org.parent = code, parent
    return unions.save_union(org=org, by=None)


def refused(*args, **kwargs):
    with pytest.raises(Refusal) as caught:
        place(*args, **kwargs)
    return caught.value.codes


def test_save_union_stands_below_its_parent(district):
    org = place("5101", district)

    assert UnionOrg.objects.get(code="5101") == org
    assert place("5102", district, org=org).code == "5102"


def test_save_union_code_starts_with_the_parents(district):
    assert refused("6101", district) == {"code_outside_parent"}
    assert refused("5", district) >= {"code_outside_parent"}


def test_save_union_code_starts_with_no_strangers_code(district):
    """Else the stranger's steward would look after this union's people."""
    assert refused("510") == {"code_of_another"}
    place("5101", district)
    assert refused("51011", district) == {"code_of_another"}


def test_save_union_no_strangers_code_starts_with_this_one(district):
    assert refused("5") == {"code_around_another"}


def test_save_union_does_not_leave_those_below_it_behind(district):
    child = place("5101", district)

    assert refused("52", org=district) == {"code_around_another"}
    assert place("51", org=district) == district
    assert UnionOrg.objects.get(pk=child.pk).parent == district
