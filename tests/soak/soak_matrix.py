"""The rest of the matrix of ``tests/members/test_matrix.py``: everybody who is not tried
in every run of the suite."""

import pytest

from tests.members.test_matrix import (  # noqa: F401  (fixture)
    ATTACKERS,
    EACH_ROOM,
    WHO,
    attack_everything,
    quiet,
)
from tests.members.test_outside_forms import type_everything

pytestmark = pytest.mark.django_db

OTHERS = [who for who in WHO if who not in ATTACKERS]


@EACH_ROOM
@pytest.mark.parametrize("who", OTHERS, ids=range(len(OTHERS)))
def test_matrix_sees_and_changes_nothing_of_another_union(who, room):
    attack_everything(who, room)


@pytest.mark.parametrize("who", ["visitor", "staff"])
def test_forms_ignore_every_field_that_is_not_theirs(who):
    type_everything(who)
