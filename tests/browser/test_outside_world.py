"""The guard around every browser test: our own pages pass, other hosts do not."""

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import keep_to


def test_outside_world_page_of_ours_arrives(page):
    assert page.goto("/healthz").status == 200


@pytest.mark.parametrize("address", ["http://stranger.invalid/", "http://192.0.2.1/"])
def test_outside_world_host_is_not_found_and_reported(browser, base_url, address):
    context = browser.new_context()
    strangers = keep_to(base_url, context)

    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        context.new_page().goto(address)

    assert strangers == [address]
    context.close()
