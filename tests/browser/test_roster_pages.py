"""A steward brings a roster in with a real browser, at the desk and on a phone."""

import threading

import pytest
from django.db import connection
from playwright.sync_api import expect

from members.models import Stewardship, Worker
from members.services import roster_pass
from tests.background import run_tasks
from tests.browser.checks import serious
from tests.browser.conftest import enter
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
    enter(page, user, base_url)
    return page


@pytest.fixture
def worker():
    """Background tasks are run in a thread of their own, as a worker would."""
    is_over, errors = threading.Event(), []

    def work():
        try:
            while not is_over.wait(0.2):
                run_tasks()
        except Exception as error:  # told by the test
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield thread
    is_over.set()
    thread.join()
    assert errors == []


@pytest.mark.parametrize("width", [375, 1280])
def test_roster_pages_bring_a_stewards_roster_in(
    at_the_desk, union, width, tmp_path, worker
):
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
    check("waiting")
    page.get_by_role("heading", name="检查结果").wait_for()
    check("check")
    assert Worker.objects.count() == 0
    page.get_by_role("button", name="导入正确的").click()
    page.get_by_role("heading", name="导入结果").wait_for()
    check("result")

    done = Worker.objects.filter(union_org=union).count()
    assert f"导入{done}行" in page.locator(".roster-sum").inner_text()
    assert done > 15
    assert wrong == []
    assert said == []


def test_progress_page_says_how_far_it_is_and_then_what_came_of_it(
    at_the_desk, union, tmp_path, monkeypatch, worker
):
    page = at_the_desk
    rows = (["示例甲", made.number(n), ""] for n in range(9))
    (tmp_path / "名册.csv").write_bytes(made.plain_csv(*rows))
    page.goto("/admin/members/rosterimport/add/")
    page.set_input_files("#id_file", str(tmp_path / "名册.csv"))
    page.get_by_role("button", name="上传并查看列").click()
    page.get_by_role("button", name="检查名册").click()
    page.get_by_role("button", name="导入9行").wait_for()
    go_on, batches = threading.Event(), []

    def wait(run, people, batch=roster_pass.Run._batch):
        batch(run, people)
        batches.append(people)
        if len(batches) > 1:
            assert go_on.wait(30), "nobody asked how far it is"

    monkeypatch.setattr(roster_pass, "BATCH", 4)
    monkeypatch.setattr(roster_pass.Run, "_batch", wait)

    page.get_by_role("button", name="导入9行").click()

    status = page.locator("[data-progress] [role=status]")
    expect(status).to_have_text("已处理4行，共9行。", timeout=20_000)
    assert page.locator("progress").get_attribute("max") == "9"
    go_on.set()
    expect(page.get_by_role("heading", level=1)).to_have_text("导入结果")
    assert Worker.objects.count() == 9
