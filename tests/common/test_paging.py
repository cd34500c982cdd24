"""In large print a list shows five rows and where there is more."""

import re

import pytest

from tests.activities.factories import make_class, make_term, make_venue
from tests.honors.factories import make_honoree
from tests.news.factories import make_article, make_column
from tests.pages import markup
from tests.volunteers.factories import make_team

pytestmark = pytest.mark.django_db


def main(client, address, display=""):
    client.cookies["display"] = display
    return markup(client.get(address)).partition("<main")[2]


def test_paging_of_news_is_short_in_large_print_and_long_again_outside(client):
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


def test_paging_of_honours_is_short_in_large_print(client):
    for number in range(6):
        make_honoree(name=f"示例{number}")

    short, long = (main(client, "/honors/", mode) for mode in ("elder", ""))

    names = re.compile("示例[0-5](?=</)")
    assert (len(set(names.findall(short))), len(set(names.findall(long)))) == (5, 6)


def test_paging_on_leaving_large_print_late_leads_to_the_first_page(client):
    """The same list has fewer pages there."""
    for _ in range(7):
        make_article()
    client.cookies["display"] = "elder"
    html = markup(client.get("/news/?page=2&year=2018"))

    ways = set(re.findall(r'href="([^"]*elder=0[^"]*)"', html))

    assert ways
    assert all("page=" not in way for way in ways)


@pytest.mark.parametrize(
    "address", ["/news/", "/honors/", "/volunteers/", "training", "venues"]
)
def test_paging_opens_another_page_at_the_list(client, address):
    """Its filters fill two screens in large print: whoever asks for more sees more."""
    make_column(name="要闻", in_menu=True)
    term = make_term()
    for n in range(6):
        make_article()
        make_honoree(name=f"示例{n}")
        make_team()
        make_class(term=term, venue=make_venue())
    where = {"training": term.get_absolute_url(), "venues": "/activities/venues/"}

    html = main(client, where.get(address, address), "elder")

    [(way, at)] = re.findall(r'rel="next" href="([^"#]*)#([\w-]+)"', html)
    assert f'id="{at}"' in html
    assert "page=2" in way


def test_paging_mentions_more_on_the_first_page_only(client):
    for _ in range(11):
        make_article()

    first, second = (
        main(client, f"/news/?page={n}", "elder").partition('class="pages"')[2]
        for n in (1, 2)
    )

    assert 'only-elder">查看更多' in first
    assert 'only-elder">下一页' in second
