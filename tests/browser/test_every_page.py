"""Every page template that people meet, with the demonstration's content: in normal and
large print and in high contrast, at three widths, with larger text and without script."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from tests.browser.addresses import (
    NEWCOMER,
    log_in,
    newcomers_pages,
    own_pages,
    public_pages,
)
from tests.browser.checks import MODES, check_page

# forms that are sent empty: whose they are, and where they stand
FORMS = {
    "": ["account_login", "account_signup", "account_request_login_code"],
    "worker": ["my-correction", "my-close", "account_change_password"],
}


def check_pages(page, pages):
    """Every page in every mode at every width; what is wrong fails the test."""
    wrong = []
    for name, address in pages.items():
        answer = page.goto(address)
        assert answer.status < 500, name
        wrong += check_page(page, name)
    tell(wrong)


def tell(wrong):
    """All of it, where a comparison would show the first lines only."""
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def part(pages, n, of):
    """Every ``of``-th page, so that processes can share them."""
    return dict(list(pages.items())[n::of])


@pytest.mark.slow  # many pages, each in several modes and widths
@pytest.mark.parametrize("n", range(3))
def test_every_page_that_is_public(portal, page, n):
    check_pages(page, part(public_pages(), n, 3))


@pytest.mark.slow  # many pages, each in several modes and widths
@pytest.mark.parametrize("n", range(2))
def test_every_page_of_somebody_who_is_logged_in(portal, page, n):
    log_in(page)

    check_pages(page, part(own_pages(), n, 2))


@pytest.mark.slow  # many pages, each in several modes and widths
def test_every_page_of_somebody_not_yet_verified(portal, page):
    log_in(page, NEWCOMER)

    check_pages(page, newcomers_pages())


def send_empty(page, address):
    """Send the form of a page as it stands; it must come back with its summary."""
    page.goto(address)
    page.evaluate("for (const form of document.forms) form.noValidate = true")
    with page.expect_navigation():
        page.locator("main form[method=post] :is(.btn, [type=submit])").first.click()
    assert page.locator("main .errsum").count() == 1, address
    assert page.title().startswith("有误："), address


@pytest.mark.slow  # many pages, each in several modes and widths
def test_every_page_with_a_form_that_was_sent_empty(portal, page):
    wrong = []
    for name in FORMS[""]:
        send_empty(page, reverse(name))
        wrong += check_page(page, name)
    own = own_pages()
    log_in(page)
    for address in [*map(reverse, FORMS["worker"]), own["check"]]:
        send_empty(page, address)
        wrong += check_page(page, address)

    tell(wrong)


def test_every_page_mode_is_style_sheets_only(portal, client):
    """A page is the same in each mode, but for the word its root element bears and the
    way back: so one page may be checked in all of them. A list of more than five rows
    is shorter in large print, by the same parts."""

    def html(address, mode):
        client.cookies["display"] = mode
        text = client.get(address).content.decode()
        text = re.sub(r'data-(display|countdown)="[^"]*"', "", text)
        text = re.sub(r"<a\s[^>]*contrast=[01][^>]*>.*?</a>", "", text)
        text = re.sub(r'name="(csrfmiddlewaretoken|signed)" value="[^"]*"', "", text)
        return re.sub(r"错误编号.*?<", "", text)

    seen = {
        (name, mode): html(address, mode)
        for name, address in public_pages().items()
        for mode in MODES.values()
    }
    different = {
        name
        for (name, mode), text in seen.items()
        if text != seen[name, ""] and not (mode == "elder" and "查看更多" in text)
    }

    assert different == set()


PARSED = """html => new DOMParser()
  .parseFromString(html, "text/html").documentElement.outerHTML"""


def test_every_page_reads_the_same_without_javascript(portal, page, base_url, client):
    """Same headings and links: JavaScript only makes things nicer. A parser runs no
    script, and reads what stands there for browsers that run none."""

    def parts(html):
        links = re.findall(r'href="([^"]+)"', html)
        return {*links, f"{len(re.findall('<h[12][ >]', html))} headings"}

    different, here = {}, {"host": urlsplit(base_url).netloc}
    for name, address in public_pages().items():
        page.goto(address, wait_until="domcontentloaded")
        with_script = parts(page.content())
        asked = page.url.removeprefix(base_url)  # as a browser encodes it
        sent = client.get(asked, headers=here).content.decode()
        if found := with_script ^ parts(page.evaluate(PARSED, sent)):
            different[name] = found

    assert different == {}
