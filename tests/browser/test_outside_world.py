"""The guard around every browser test: our own pages pass, other hosts do not."""

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import keep_to


def test_outside_world_page_of_ours_arrives(page):
    assert page.goto("/healthz").status == 200


def test_outside_world_host_is_blocked_and_reported(browser, base_url):
    context = browser.new_context()
    strangers = keep_to(base_url, context)

    with pytest.raises(Error, match="ERR_FAILED"):
        context.new_page().goto("http://stranger.invalid/")

    assert strangers == ["http://stranger.invalid/"]
    context.close()
