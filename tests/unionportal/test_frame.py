"""What stands around every page."""

import pytest

from tests.factories import make_user, make_worker_with_login

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/accounts/privacy/"])
def test_every_page_carries_the_unions_own_name(client, address):
    """The log-in library has a "site" of its own in its pages' context."""
    html = client.get(address).content.decode()

    assert '<span class="banner__name">攀枝花市总工会</span>' in html
    assert "攀枝花市总工会</title>" in html


def test_the_place_in_the_menu_is_marked_in_words_for_machines(client):
    html = client.get("/honors/").content.decode()

    assert '<a href="/honors/" aria-current="page">劳模工匠</a>' in html


def test_staff_see_the_way_to_the_back_office_and_workers_do_not(client):
    client.force_login(make_user(is_staff=True))
    staff = client.get("/my/").content.decode()
    client.force_login(make_worker_with_login().user)
    worker = client.get("/my/").content.decode()

    assert "管理后台" in staff
    assert "管理后台" not in worker


def test_the_strip_addresses_a_worker_and_masks_the_number(client):
    user = make_user(name="李娟", phone="13812345678")
    client.force_login(user)

    html = client.get("/my/").content.decode()

    assert "李师傅" in html
    assert "尾号5678" in html
    assert "13812345678" not in html


@pytest.mark.parametrize("cookie", ["elder", "elder.contrast"])
def test_large_print_is_rendered_by_the_server_and_kept(client, cookie):
    client.cookies["display"] = cookie

    html = client.get("/").content.decode()

    assert f'data-display="{cookie.replace(".", " ")}"' in html
    assert "返回标准版" in html


def test_public_pages_carry_no_nonce_and_no_token(client):
    """So that a cache can stand in front of them one day."""
    response = client.get("/")

    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert "nonce" not in response["Content-Security-Policy"]
    assert not response.cookies


def test_the_frames_links_keep_the_parameters_of_the_page(client):
    """The frame is kept as a finished piece, but never one page's parameters."""
    plain = client.get("/honors/").content.decode()
    chosen = client.get("/honors/?name=李").content.decode()
    again = client.get("/honors/").content.decode()

    assert "name=%E6%9D%8E&amp;elder=1" in chosen
    assert "name=%E6" not in plain
    assert again == plain
