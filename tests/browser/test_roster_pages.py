"""A steward brings a roster in with a real browser, at the desk and on a phone."""

import threading

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from members.models import Stewardship, Worker
from members.services import roster_pass
from tests.browser.checks import serious
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
def test_roster_pages_bring_a_stewards_roster_in(at_the_desk, union, width, tmp_path):
    page, wrong, said = at_the_desk, [], []
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size({"width": width, "height": 800})
    file = tmp_path / "名册.xlsx"
    file.write_bytes(made.as_xlsx())

    def check(where):
        page.wait_for_load_state("load")
        wide = page.evaluate("document.documentElement.scrollWidth")
        wrong.extend(serious(page, f"{where} at {width}"))
        if wide > width:
            wrong.append(f"{where} is {wide} wide")

    page.goto("/admin/members/rosterimport/")
    page.get_by_role("link", name="导入名册", exact=True).first.click()
    check("upload")
    page.set_input_files("#id_file", str(file))
    page.get_by_role("button", name="上传并查看列").click()
    check("columns")
    page.get_by_label("*姓 名", exact=True).select_option("name")
    page.get_by_role("button", name="检查名册").click()
    check("check")
    assert Worker.objects.count() == 0
    page.get_by_role("button", name="导入正确的").click()
    check("result")

    done = Worker.objects.filter(union_org=union).count()
    assert f"导入{done}行" in page.locator(".roster-sum").inner_text()
    assert done > 15
    assert wrong == []
    assert said == []


@pytest.mark.parametrize("step", ["check", "apply"])
def test_progress_page_says_how_far_it_is(
    at_the_desk, union, step, tmp_path, monkeypatch
):
    page = at_the_desk
    rows = (["示例甲", made.number(n), ""] for n in range(9))
    (tmp_path / "名册.csv").write_bytes(made.plain_csv(*rows))
    page.goto("/admin/members/rosterimport/add/")
    page.set_input_files("#id_file", str(tmp_path / "名册.csv"))
    page.get_by_role("button", name="上传并查看列").click()
    said = "已处理4行。"
    button = page.get_by_role("button", name="检查名册")
    if step == "apply":
        button.click()
        button = page.get_by_role("button", name="导入9行")
        button.wait_for()
        said = "已处理4行，共9行。"
    # a button can be pressed before the script that watches it has run
    page.wait_for_load_state("load")
    go_on = threading.Event()
    batches = []

    def wait(run, people, batch=roster_pass.Run._batch):
        batch(run, people)
        batches.append(people)
        if len(batches) > 1:
            assert go_on.wait(20), "nobody asked how far it is"

    def shown(line):
        """The page says what it shows; before that, the answer does not come."""
        if line.text == said:
            go_on.set()

    monkeypatch.setattr(roster_pass, "BATCH", 4)
    monkeypatch.setattr(roster_pass.Run, "_batch", wait)
    page.on("console", shown)
    # what stood there while the answer was on its way, kept over the change of page
    page.evaluate(
        """() => new MutationObserver(() => {
            const text = document.querySelector("form [role=status]").textContent;
            const bar = document.querySelector("progress").checkVisibility();
            sessionStorage.setItem("said", bar + " " + text);
            console.log(text);
        }).observe(document.querySelector("form [role=status]"), {childList: true})"""
    )

    button.click()

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "检查结果" if step == "check" else "导入结果"
    )
    assert page.evaluate("sessionStorage.getItem('said')") == f"true {said}"
