"""Reading the newsroom's pages in tests."""

import re

from tests.pages import markup


def read(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return markup(response)


def rows_of(page):
    """The titles that a list prints."""
    return re.findall(r'<h2 class="story__t"><a href="[^"]*" title="([^"]*)"', page)
