"""In large print a list shows five rows and where there is more (pages.md §3)."""

import re

import pytest

from tests.honors.factories import make_honoree
from tests.news.factories import make_article, make_column

pytestmark = pytest.mark.django_db


def main(client, address, display=""):
    client.cookies["display"] = display
    return client.get(address).content.decode().partition("<main")[2]


def test_a_list_of_news_is_short_in_large_print_and_long_again_outside(client):
    column = make_column(name="要闻", in_menu=True)
    for _ in range(7):
        make_article(column=column)
    for address in ("/news/", column.get_absolute_url()):
        seen = [
            len(re.findall('class="story"', main(client, address, display)))
            for display in ("elder", "", "elder")
        ]

        assert seen == [5, 7, 5]
    assert "查看更多" in main(client, "/news/", "elder")
    assert len(re.findall('class="story"', main(client, "/news/?page=2", "elder"))) == 2


def test_the_hall_is_short_in_large_print(client):
    for number in range(6):
        make_honoree(name=f"示例{number}")

    short, long = (main(client, "/honors/", mode) for mode in ("elder", ""))

    names = re.compile("示例[0-5](?=</)")
    assert (len(set(names.findall(short))), len(set(names.findall(long)))) == (5, 6)


def test_leaving_large_print_on_a_late_page_leads_to_the_first(client):
    """The same list has fewer pages there."""
    for _ in range(7):
        make_article()
    client.cookies["display"] = "elder"
    html = client.get("/news/?page=2&year=2018").content.decode()

    ways = set(re.findall(r'href="([^"]*elder=0[^"]*)"', html))

    assert ways
    assert all("page=" not in way for way in ways)
