"""The lists of ``tests/journeys/test_no_5xx.py``, of every model there is."""

import pytest

from tests.journeys.test_no_5xx import (  # noqa: F401  (fixture)
    MODELS,
    ask_every_list,
    house,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("n", range(8))
def test_back_office_lists_never_break(house, n):  # noqa: F811
    ask_every_list(house, MODELS[n::8])
