import pytest

from members.models import Stewardship, UnionOrg, Worker
from tests.factories import make_union, make_user, make_worker

pytestmark = pytest.mark.django_db


def test_looked_after_by_a_steward_is_their_union_and_those_below_it():
    district, other = make_union(code="A"), make_union(code="B")
    factory = make_union(code="A01", parent=district)
    steward = make_user()
    Stewardship.objects.create(user=steward, union_org=district)
    mine = [make_worker(union_org=org) for org in (district, factory)]
    make_worker(union_org=other)

    assert list(Worker.objects.managed_by(steward)) == mine
    assert set(UnionOrg.objects.managed_by(steward)) == {district, factory}


def test_looked_after_by_who_has_no_stewardship_is_nobody():
    make_worker()

    assert not Worker.objects.managed_by(make_user()).exists()
    assert not UnionOrg.objects.managed_by(make_user()).exists()


def test_masked_name_by_its_length():
    names = {
        "李": "李*",
        "王刚": "王*",
        "王小刚": "王*刚",
        "欧阳小刚": "欧**刚",
        "阿卜杜·买买提": "阿**提",
        "𠮷" * 30: "𠮷**𠮷",
    }

    assert {name: Worker(name=name).masked_name for name in names} == names
