"""The search as somebody types into it, with a script and without."""

import pytest
from django.urls import reverse

from tests.news.factories import make_article


@pytest.mark.parametrize("width", [375, 1280])
def test_search_suggests_while_typing_and_takes_what_is_chosen(
    transactional_db, page, width
):
    make_article(title="珙桐花开在山间")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(reverse("search"))

    page.locator("#asked").press_sequentially("珙桐")
    option = page.get_by_role("option", name="珙桐花开在山间")
    option.wait_for()
    page.keyboard.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")

    assert page.locator(".hit__title").all_inner_texts() == ["珙桐花开在山间"]
    assert page.locator("#asked").input_value() == "珙桐花开在山间"


def test_search_works_without_a_script(transactional_db, browser, live_server):
    make_article(title="珙桐花开在山间", body="<p>山里的珙桐。</p>")
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/")

    page.locator("#find").fill("珙桐")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    page.locator(".hit__title a").click()

    assert page.locator("h1").inner_text() == "珙桐花开在山间"
    context.close()
