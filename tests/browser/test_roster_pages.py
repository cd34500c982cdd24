"""A steward brings a roster in with a real browser, at the desk and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from members.models import Stewardship, Worker
from tests.browser.test_every_page import faults
from tests.factories import make_union, make_user
from tests.members import rosters as made
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def union():
    return make_union(code="A")


@pytest.fixture
def at_the_desk(page, base_url, union):
    """The browser of a steward who is logged in."""
    write_roles()
    user = make_user(roles=["工会干部"], is_staff=True)
    Stewardship.objects.create(user=user, union_org=union)
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": base_url}
    page.context.add_cookies([cookie])
    return page


@pytest.mark.parametrize("width", [375, 1280])
def test_a_steward_brings_a_roster_in(at_the_desk, union, width, tmp_path):
    page, wrong, said = at_the_desk, [], []
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size({"width": width, "height": 800})
    file = tmp_path / "名册.xlsx"
    file.write_bytes(made.as_xlsx())

    def look(where):
        page.wait_for_load_state("load")
        wide = page.evaluate("document.documentElement.scrollWidth")
        wrong.extend(faults(Axe(), page, f"{where} at {width}"))
        if wide > width:
            wrong.append(f"{where} is {wide} wide")

    page.goto("/admin/members/rosterimport/")
    page.get_by_role("link", name="导入名册", exact=True).first.click()
    look("upload")
    page.set_input_files("#id_file", str(file))
    page.get_by_role("button", name="上传并查看列").click()
    look("columns")
    page.get_by_label("*姓 名", exact=True).select_option("name")
    page.get_by_role("button", name="检查名册").click()
    look("check")
    assert Worker.objects.count() == 0
    page.get_by_role("button", name="导入正确的").click()
    look("result")

    done = Worker.objects.filter(union_org=union).count()
    assert f"导入{done}行" in page.locator(".roster-sum").inner_text()
    assert done > 15
    assert wrong == []
    assert said == []
