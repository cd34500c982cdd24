"""Every public page template, in a real browser, with the demonstration's content:
nothing serious for axe-core, no sideways scroll, nobody else is asked for anything."""

import functools
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db.models.functions import Length
from django.urls import reverse

from activities.training.models import CourseClass, Term
from activities.venues.models import Venue
from honors.models import AwardEdition, Honoree
from members.models import UnionOrg, User
from news.models import Article, Column, Series
from signups.models import Signup
from tests.factories import PASSWORD
from unionportal.demo import pictures
from volunteers.models import VolunteerTeam

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = {320: 568, 375: 667, 1280: 900}
WORKER = "13900000100"
NEWCOMER = "13900000200"

# the same pictures for every test: drawing them takes longer than all the rest
drawn_once = functools.cache(pictures.draw)


def worker_signups():
    worker = User.objects.by_phone("+86" + WORKER).worker
    return Signup.objects.filter(worker=worker)


def public_pages() -> dict[str, str]:
    """One address for every template that a visitor can meet."""
    live = Article.objects.live()
    longest = live.order_by(Length("live_version__body").desc()).first()
    return {
        "home": "/",
        "log in": reverse("account_login"),
        "notice": reverse("account_signup"),
        "privacy": reverse("account_privacy"),
        "log in by code": reverse("account_request_login_code"),
        "reset": reverse("account_reset_password"),
        "no code on its way": reverse("account_code"),
        "unused account": reverse("account_unused"),
        "all news": reverse("news:article-list"),
        "column": Column.objects.in_menu().first().get_absolute_url(),
        "article": longest.get_absolute_url(),
        "long title": live.order_by(Length("title").desc()).first().get_absolute_url(),
        "part of a series": live.filter(series__isnull=False)
        .first()
        .get_absolute_url(),
        "withdrawn article": Article.objects.filter(withdrawn_at__isnull=False)
        .first()
        .get_absolute_url(),
        "series": Series.objects.opened().first().get_absolute_url(),
        "hub": reverse("activities:hub"),
        "venues": reverse("activities:venues:venue-list"),
        "venue": Venue.objects.first().get_absolute_url(),
        "term": Term.objects.in_sign_up().first().get_absolute_url(),
        "no class found": reverse("activities:training:term-current") + "?kind=999",
        "old term": Term.objects.order_by("number").first().get_absolute_url(),
        "class": CourseClass.objects.open_now().first().get_absolute_url(),
        "honours": reverse("honors:honoree-list"),
        "honouree": Honoree.objects.on_wall().first().get_absolute_url(),
        "edition": AwardEdition.objects.conferred().first().get_absolute_url(),
        "teams": reverse("volunteers:team-list"),
        "team": VolunteerTeam.objects.active().first().get_absolute_url(),
        "no such page": "/no-such-page/",
        "styles": reverse("styleguide"),
    }


def own_pages() -> dict[str, str]:
    """Pages of somebody who is logged in and has signed up."""
    held = worker_signups().first()
    free = CourseClass.objects.open_now().exclude(offering=held.offering).first()
    return {
        "my page": reverse("my"),
        "term": reverse("activities:training:term-current"),
        "own class": held.offering.page,
        "result": reverse("signups:signup-detail", args=[held.pk]),
        "cancel": reverse("signups:signup-cancel", args=[held.pk]),
        "check": reverse("signups:signup-create", args=[free.offering_id]),
        "verified": reverse("my-verify"),
        "own data": reverse("my-data"),
        "download": reverse("my-data-download"),
        "display name": reverse("my-name"),
        "correction": reverse("my-correction"),
        "consent": reverse("my-consent-withdraw"),
        "close": reverse("my-close"),
        "log out": reverse("account_logout"),
        "another number": reverse("account_change_phone"),
        "account security": reverse("account_security"),
        "change password": reverse("account_change_password"),
        "nothing kept": reverse("account_kept"),
    }


def look_over(page, pages, widths=WIDTHS, axe_widths=(375, 1280)):
    """Every page at every width; what is wrong, as lines."""
    axe, wrong = Axe(), []
    for width in widths:
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        for name, address in pages.items():
            answer = page.goto(address)
            assert answer.status < 500, name
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                wrong.append(f"{name} at {width}: {wide} px wide")
            if width in axe_widths:
                wrong += faults(axe, page, f"{name} at {width}")
    return wrong


def faults(axe, page, where):
    options = {"runOnly": {"type": "tag", "values": TAGS[:-1]}}
    found = axe.run(page, options=options).response["violations"]
    return [
        f"{where}: {fault['id']} {node['target']}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def log_in(page, phone=WORKER):
    page.goto(reverse("account_login"))
    page.fill("[name=login]", phone)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**" + reverse("my"))


def test_every_public_page(portal, page):
    assert look_over(page, public_pages()) == []


@pytest.mark.parametrize("mode", ["elder", "contrast"])
def test_every_public_page_in_large_print_and_high_contrast(
    portal, page, context, base_url, mode
):
    context.add_cookies([{"name": "display", "value": mode, "url": base_url}])

    assert look_over(page, public_pages(), widths=[320, 375], axe_widths=[375]) == []


def test_every_page_of_somebody_who_is_logged_in(portal, page):
    log_in(page)

    assert look_over(page, own_pages()) == []


@pytest.mark.parametrize("mode", ["", "elder"])
def test_every_page_of_somebody_not_yet_verified(portal, page, context, base_url, mode):
    if mode:
        context.add_cookies([{"name": "display", "value": mode, "url": base_url}])
    log_in(page, NEWCOMER)
    verify = reverse("my-verify")
    union = UnionOrg.objects.last()

    pages = {
        "my page": reverse("my"),
        "search": verify,
        "found": verify + "?q=示例",
        "none found": verify + "?q=没有的",
        "form": f"{verify}?union={union.pk}",
        "nothing to correct": reverse("my-correction"),
    }

    assert look_over(page, pages) == []


def test_without_javascript_every_page_reads_the_same(portal, browser, base_url):
    """Same headings and links: JavaScript only makes things nicer."""
    pages = public_pages()
    seen = {}
    for has_script in (True, False):
        context = browser.new_context(base_url=base_url, java_script_enabled=has_script)
        page = context.new_page()
        for name, address in pages.items():
            page.goto(address)
            html = page.content()
            links = sorted(set(re.findall(r'href="([^"]+)"', html)))
            seen.setdefault(name, []).append((re.findall(r"<h[12][ >]", html), links))
        context.close()

    different = [name for name, (with_, without) in seen.items() if with_ != without]
    assert different == []


def test_titles_differ(portal, page):
    addresses = {address.partition("?")[0] for address in public_pages().values()}
    titles = {}
    for address in sorted(addresses):
        page.goto(address)
        titles.setdefault(page.title(), []).append(address)

    alike = [same for same in titles.values() if len(same) > 1]
    current = reverse("activities:training:term-current")
    # the current term has an address of its own and one that always leads to it
    assert [same for same in alike if current not in same] == []
