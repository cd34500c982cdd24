"""The demonstration, as its tests look at it."""

import pytest

from tests.demonstration import own_copy


@pytest.fixture(scope="module")
def made(filled, django_db_blocker):
    """The demonstration's content in a copy of their own, for the tests of a file, each
    of which is rolled back; what the command said."""
    with django_db_blocker.unblock(), own_copy(filled.name, filled.media):
        yield filled.said
