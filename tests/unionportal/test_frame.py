"""What stands around every page."""

import re

import pytest
from django.urls import reverse

from tests.activities.factories import make_class
from tests.factories import make_user, make_worker_with_login
from tests.news.factories import make_article, make_column, make_series
from tests.pages import markup

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/accounts/privacy/"])
def test_frame_every_page_carries_the_unions_own_name(client, address):
    """The log-in library has a "site" of its own in its pages' context."""
    html = markup(client.get(address))

    assert '<span class="banner__name">攀枝花市总工会</span>' in html
    assert "攀枝花市总工会</title>" in html


def test_frame_place_in_the_menu_is_marked_in_words_for_machines(client):
    html = markup(client.get("/honors/"))

    assert '<a href="/honors/" aria-current="page">劳模工匠</a>' in html


def marked(client, address):
    html = markup(client.get(address))
    return re.findall(r'<a href="[^"]*" aria-current="page">([^<]+)</a>', html)


def test_frame_marks_the_nearest_of_the_places_above_a_page(client):
    """In a column of the menu not 新闻 as well; and every page of the newsroom and of
    the services has its place."""
    beside, menu = make_column(in_menu=False), make_column(in_menu=True)
    article = make_article(column=menu)
    series = make_series()
    make_article(column=beside, series=series, series_no=1)
    made = make_class()

    # once in the desktop's bar, once in the telephone's menu
    for address, name in [
        (reverse("news:article-list"), "新闻"),
        (beside.get_absolute_url(), "新闻"),
        (menu.get_absolute_url(), menu.name),
        (article.get_absolute_url(), "新闻"),
        (series.get_absolute_url(), "新闻"),
        (reverse("activities:hub"), "职工服务"),
        (made.venue.get_absolute_url(), "职工服务"),
        (made.get_absolute_url(), "职工服务"),
        (made.term.get_absolute_url(), "职工服务"),
        ("/", "首页"),
    ]:
        assert marked(client, address) == [name, name], address
    assert marked(client, "/site-map/") == []


@pytest.mark.parametrize(
    ("name", "above"),
    [
        ("term", "职工服务 培训报名"),
        ("class", "职工服务 培训报名"),
        ("venue", "职工服务 活动场馆"),
    ],
)
def test_frame_way_to_a_service_names_every_level(client, name, above):
    made = make_class()
    place = {"term": made.term, "class": made, "venue": made.venue}[name]
    html = markup(client.get(place.get_absolute_url()))
    crumbs = html.partition('class="crumb"')[2].partition("</nav>")[0]

    assert re.findall(r"<a [^>]*>([^<]+)</a>", crumbs) == ["首页", *above.split()]


def test_frame_staff_see_the_way_to_the_back_office_and_workers_do_not(client):
    client.force_login(make_user(is_staff=True))
    staff = markup(client.get("/my/"))
    client.force_login(make_worker_with_login().user)
    worker = markup(client.get("/my/"))

    assert "管理后台" in staff
    assert "管理后台" not in worker


def test_frame_strip_addresses_a_worker_and_masks_the_number(client):
    user = make_user(name="李娟", phone="13812345678")
    client.force_login(user)

    html = markup(client.get("/my/"))

    assert "李师傅" in html
    assert "尾号5678" in html
    assert "13812345678" not in html


@pytest.mark.parametrize("cookie", ["elder", "elder.contrast"])
def test_frame_in_large_print_is_rendered_by_the_server_and_remembered(client, cookie):
    client.cookies["display"] = cookie

    html = markup(client.get("/"))

    assert f'data-display="{cookie.replace(".", " ")}"' in html
    assert "返回标准版" in html


def test_frame_public_pages_carry_no_nonce_and_no_token(client):
    """So that a cache can stand in front of them one day."""
    response = client.get("/")

    assert "csrfmiddlewaretoken" not in markup(response)
    assert "nonce" not in response["Content-Security-Policy"]
    assert not response.cookies


def test_frame_links_keep_the_parameters_of_the_page(client):
    """The frame is cached as a finished piece, but never one page's parameters."""
    plain = markup(client.get("/honors/"))
    chosen = markup(client.get("/honors/?name=李"))
    again = markup(client.get("/honors/"))

    assert "name=%E6%9D%8E&amp;elder=1" in chosen
    assert "name=%E6" not in plain
    assert again == plain
