"""The lists and the pages of one row of ``tests/journeys/test_no_5xx.py``, of every model
there is, asked for in every way."""

import pytest

from tests.journeys.test_no_5xx import (  # noqa: F401  (fixture)
    MODELS,
    addresses,
    ask_every_list,
    client_of,
    house,
    unfit,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("n", range(8))
def test_back_office_lists_never_break(house, n):  # noqa: F811
    ask_every_list(house, MODELS[n::8])


@pytest.mark.parametrize("n", range(8))
def test_back_office_pages_of_a_row_never_break(house, n):  # noqa: F811
    asked = sorted(set(addresses(is_thorough=True)) - set(addresses()))[n::8]

    assert len(asked) > 50
    assert unfit(client_of(house.administrator), [(path, {}) for path in asked]) == []
