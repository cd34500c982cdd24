import pytest

from tests.news.back_office import WRITES, with_rights


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    """Pictures go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def writer(client):
    """May write, not publish."""
    client.force_login(with_rights(*WRITES))
    return client


@pytest.fixture
def editor(client):
    """May write and publish."""
    client.force_login(with_rights(*WRITES, "publish_article"))
    return client
