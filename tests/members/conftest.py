import pytest

from tests.factories import make_union


@pytest.fixture
def union():
    return make_union(code="A")


@pytest.fixture
def steward(enter, union):
    """Logged in; looks after ``union``."""
    return enter("工会干部", union=union)
