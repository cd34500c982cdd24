"""The main job without a mouse: every step by Tab and Enter, and the focus is seen."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from signups.models import Signup
from tests.factories import PASSWORD, make_offering, make_worker_with_login

MOST_TABS = 80

# outline or shadow: the house draws both rings
IS_SEEN = """() => {
  const look = getComputedStyle(document.activeElement);
  return look.outlineStyle !== "none" || look.boxShadow !== "none";
}"""
WORDS = """() => (document.activeElement.innerText
  || document.activeElement.name || "").trim()"""


def tab_to(page, words):
    """Press Tab until the focus stands on ``words``; every stop must be visible."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        here = page.evaluate(WORDS)
        assert page.evaluate(IS_SEEN), f"no focus ring on {here!r}"
        if here.startswith(words):
            return
    pytest.fail(f"{words!r} was not reached in {MOST_TABS} steps")


def test_keyboard_skip_link_comes_first_and_leads_to_the_text(transactional_db, page):
    page.goto("/")
    page.keyboard.press("Tab")
    first = page.evaluate(WORDS)
    page.keyboard.press("Enter")

    assert first == "跳到正文"
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("width", [375, 1280])
def test_keyboard_log_in_sign_up_and_cancel(transactional_db, page, width):
    page.set_viewport_size({"width": width, "height": 800})
    worker = make_worker_with_login()
    from members import phones

    number = phones.of(worker.user)
    offering = make_offering(title="键盘班")
    asked = reverse("signups:signup-create", args=[offering.pk])

    page.goto(f"{reverse('account_login')}?next={asked}")
    tab_to(page, "login")
    page.keyboard.type(number)
    tab_to(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path == asked)
    tab_to(page, "agree")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/signups/*/")
    signup = Signup.objects.get(worker=worker)
    seated = signup.status

    tab_to(page, "取消报名")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cancel/")
    tab_to(page, "确定取消报名")
    page.keyboard.press("Enter")
    page.wait_for_url("**/my/")
    signup.refresh_from_db()

    assert (seated, signup.status) == ("seated", "cancelled")
