import pytest

from tests.factories import make_worker_with_login


@pytest.fixture
def worker():
    return make_worker_with_login()
