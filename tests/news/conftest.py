import pytest

from common import pagecache


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    """Pictures go to a folder of the test, and no page is remembered from another."""
    settings.MEDIA_ROOT = tmp_path / "media"
    pagecache.forget()
    yield
    pagecache.forget()
