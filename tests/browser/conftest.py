"""A browser that meets the real application, and nothing else in the world.

``page.goto("/news/")`` asks the live server, which runs in a thread and sees what
the test committed: browser tests use ``transactional_db`` by themselves.
"""

from urllib.parse import urlsplit

import pytest
from django.db import connections


@pytest.fixture(scope="session")
def playwright(playwright):
    """Playwright leaves an event loop running, under which Django keeps connections of
    its own: they are closed before the loop ends, or nobody could find them again."""
    yield playwright
    connections.close_all()


@pytest.fixture(scope="session")
def base_url(live_server):
    """What pytest-playwright puts before every address of ``page.goto``."""
    return live_server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "zh-CN"}


@pytest.fixture
def context(context, base_url):
    """Blocks every request to another host, and fails the test that made one.

    The portal must work, and keep its visitors' secrets, without any third party.
    """
    strangers = keep_to(base_url, context)
    yield context
    assert strangers == [], "the page asked another host"


def keep_to(base_url, context):
    """Block what ``context`` asks of other hosts; the list fills with what it asked."""
    strangers = []

    def guard(route):
        address = urlsplit(route.request.url)
        own = address.netloc == urlsplit(base_url).netloc
        if own or address.scheme in {"data", "blob"}:
            route.continue_()
        else:
            strangers.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    return strangers
