import pytest


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    """Pictures go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
