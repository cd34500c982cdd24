"""A member of staff's first log-in on a telephone, without JavaScript; then the form
that met the end of their session."""

import base64
import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.urls import reverse

from members.models import UnionOrg
from tests.factories import PASSWORD
from tests.members.guard import NUMBER, code_at, make_staff
from unionportal.services import write_roles

WIDTHS = (320, 375, 1280)


@pytest.fixture
def required(settings):
    settings.STAFF_SECOND_FACTOR = True


def log_in(page):
    page.locator("[name=login]").fill(NUMBER)
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("[name=password]").press("Enter")


def send(page, code):
    page.locator("[name=code]").fill(code)
    with page.expect_navigation():
        page.locator("[name=code]").press("Enter")


def check(page):
    """Nothing serious for axe, and no sideways scroll."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 667})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    bad = [v["id"] for v in found if v["impact"] in ("serious", "critical")]
    assert bad == [], page.url
    page.set_viewport_size({"width": 375, "height": 667})


@pytest.mark.parametrize("display", ["", "?elder=1", "?contrast=1"])
def test_log_in_of_staff_from_the_password_to_the_back_office(page, required, display):
    write_roles()
    make_staff(roles=["系统管理员"])
    page.goto("/" + display)

    page.goto("/admin/")
    log_in(page)
    check(page)
    picture = page.locator(".guide img")
    assert picture.evaluate("image => image.naturalWidth") > 100
    source = picture.get_attribute("src")
    assert b"<svg" in base64.b64decode(source.partition(",")[2])
    secret = page.locator(".guide__secret").inner_text().replace(" ", "")
    send(page, "000000")
    check(page)
    send(page, code_at(secret, -1))
    check(page)
    assert page.locator(".papercodes li").count() == 10
    page.get_by_role("button", name="已经抄好，继续登录").click()

    assert page.url.endswith("/admin/")
    page.goto(reverse("account_security"))
    check(page)


def test_log_in_of_staff_without_javascript(browser, base_url, required):
    write_roles()
    make_staff(roles=["系统管理员"])
    context = browser.new_context(
        base_url=base_url,
        java_script_enabled=False,
        viewport={"width": 375, "height": 667},
    )
    page = context.new_page()
    page.goto("/admin/")
    log_in(page)
    secret = page.locator(".guide__secret").inner_text().replace(" ", "")
    send(page, code_at(secret, -1))
    page.get_by_role("button", name="已经抄好，继续登录").click()

    page.goto(reverse("admin:members_unionorg_add"))
    page.locator("[name=name]").fill("示例江畔厂工会")
    page.locator("[name=code]").fill("5104")
    session = next(c for c in context.cookies() if c["name"] == "sessionid")
    rows = Session.objects.filter(pk=session["value"])
    rows.update(expire_date=rows.get().expire_date - timedelta(minutes=31))
    page.locator("[name=_save]").click()
    assert page.get_by_text("登录已过期，请重新登录。您填写的内容已保留").is_visible()
    log_in(page)
    send(page, code_at(secret))

    assert page.url.endswith(reverse("account_kept"))
    shown = re.sub(r"\s+", " ", page.locator("dl.kept").inner_text())
    assert "名称 示例江畔厂工会" in shown
    page.get_by_role("button", name="再提交一次").click()
    assert UnionOrg.objects.get().name == "示例江畔厂工会"
    context.close()
