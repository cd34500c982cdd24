"""Pages of the account as they lie on the screen: on a phone the form is in sight, at a
desk its rows are of one width, and leaving does not look like a way on."""

import pytest
from django.urls import reverse

from tests.factories import PASSWORD, make_union, make_user

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "13912345678"
PHONE, DESK = {"width": 375, "height": 667}, {"width": 1280, "height": 800}


def edges(page, selector):
    """Left and right edge of everything that is so selected, in whole pixels."""
    boxes = [one.bounding_box() for one in page.locator(selector).all()]
    assert boxes
    return {(round(box["x"]), round(box["x"] + box["width"])) for box in boxes}


def ends(page, selector):
    """Where a row of things begins and ends."""
    left, right = zip(*edges(page, selector), strict=True)
    return min(left), max(right)


@pytest.fixture
def page(page):
    make_user(phone=NUMBER)
    page.set_viewport_size(PHONE)
    return page


def log_in(page):
    page.goto(reverse("account_login"))
    page.get_by_label("手机号").fill(NUMBER)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**" + reverse("my"))


def test_account_pages_are_laid_out_well(page):
    page.goto(reverse("account_login"), wait_until="load")
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        rows = edges(page, "main :is(.field input:not([type=checkbox]), .btn--block)")
        assert len(rows) == 1, f"boxes and buttons of the log-in: {rows}"
    card = page.locator("main .sheet").bounding_box()
    assert card["width"] <= 480, "a card, not a field to get lost in"
    assert abs(card["x"] * 2 + card["width"] - DESK["width"]) <= 20, "in the middle"

    page.set_viewport_size(PHONE)
    log_in(page)
    arrow = "row => getComputedStyle(row, '::after').content"
    menu = page.locator("main .rowmenu a")
    assert set(menu.evaluate_all(f"rows => rows.map({arrow})")) == {'"›"'}
    leave = page.get_by_role("main").get_by_role("button", name="退出登录")
    assert leave.evaluate(arrow) == "none"
    assert leave.bounding_box()["y"] > menu.last.bounding_box()["y"]

    page.goto(f"{reverse('my-verify')}?union={make_union().pk}", wait_until="load")
    bar = page.locator(".bottombar").bounding_box()
    name = page.get_by_label("姓名").bounding_box()
    assert name["y"] + name["height"] <= bar["y"], "the first box is in sight at once"
    notice = page.get_by_text("只存不可还原的加密指纹")
    assert not notice.is_visible()
    page.get_by_text("填写前请先阅读").click()
    assert notice.is_visible()
