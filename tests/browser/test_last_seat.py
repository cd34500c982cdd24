"""Two phones and one seat, in a real browser, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from activities.training import services
from tests.activities.factories import make_class, make_term
from tests.browser.conftest import keep_to
from tests.factories import PASSWORD, make_user, make_worker

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 375, "height": 667}
TERM = "/activities/training/"


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
def phone(request, new_context, base_url):
    """Opens a phone of its own for each worker, logged in."""
    strangers = []

    def open_for(number):
        make_worker(user=make_user(phone=number), name="王示刚")
        context = new_context(viewport=PHONE, java_script_enabled=request.param)
        strangers.append(keep_to(base_url, context))
        page = context.new_page()
        page.goto("/accounts/login/")
        page.locator("[name=login]").fill(number)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(re.compile(r"^(?!.*/accounts/login/)"))
        return page

    yield open_for
    assert strangers == [[] for _ in strangers], "a page asked another host"


def card(page):
    return page.locator("main .card").first


def heading(page):
    return page.locator("main h1")


def ask(page, button, confirm):
    page.goto(TERM)
    card(page).get_by_role("link", name=button).click()
    expect(heading(page)).to_have_text("核对报名信息")
    page.get_by_label("我已阅读并同意报名须知").check()
    page.get_by_role("button", name=confirm).click()


def fits(page):
    """No sideways scroll. Asked by geometry: no script runs in half of the tests."""
    return page.locator("main").bounding_box()["width"] <= PHONE["width"]


def test_sign_up_for_the_last_seat_passes_from_the_first_to_the_second(phone):
    make_class(capacity=1, name="瑜伽基础班")
    first, second = phone("13800000001"), phone("13800000002")

    ask(first, "立即报名", "确认报名")
    expect(heading(first)).to_have_text("报名成功！")
    assert fits(first)

    ask(second, "名额已满，参加候补", "参加候补")
    expect(heading(second)).to_have_text("您排在候补第1位")
    second.goto(TERM)
    expect(card(second)).to_contain_text("候补中 · 第1位")
    assert fits(second)

    first.get_by_role("link", name="取消报名").click()
    expect(first.locator("main")).to_contain_text("取消后名额将让给候补第1位")
    first.get_by_role("button", name="确定取消报名").click()
    expect(first.locator("main")).to_contain_text("已取消报名")

    second.reload()
    expect(card(second)).to_contain_text("已报名")
    first.goto(TERM)
    expect(card(first)).to_contain_text("名额已满，参加候补")


def test_sign_up_for_a_seat_taken_while_reading_the_check_page_is_queued(phone):
    make_class(capacity=1)
    slow, quick = phone("13800000001"), phone("13800000002")
    slow.goto(TERM)
    card(slow).get_by_role("link", name="立即报名").click()
    slow.get_by_label("我已阅读并同意报名须知").check()

    ask(quick, "立即报名", "确认报名")
    slow.get_by_role("button", name="确认报名").click()

    expect(slow.locator("main")).to_contain_text("很抱歉，名额刚刚报满")
    expect(heading(slow)).to_have_text("您排在候补第1位")


def test_sign_up_with_a_forgotten_tick_says_so_beside_the_box(phone):
    make_class()
    page = phone("13800000001")
    page.goto(TERM)
    card(page).get_by_role("link", name="立即报名").click()

    page.get_by_role("button", name="确认报名").click()

    expect(page.locator("#id_agree_error")).to_contain_text("请先阅读并同意报名须知")
    expect(page.get_by_label("我已阅读并同意报名须知")).not_to_be_checked()


@pytest.mark.parametrize("width", [320, 375])
def test_class_cards_keep_their_height_and_their_button_can_be_hit(
    browser, base_url, width, transactional_db
):
    term = make_term(title="第六期职工免费才艺培训")
    for n in range(3):
        make_class(
            term=term,
            name=f"瑜伽基础班（周二晚）{n}",
            room="302教室",
            lessons=1,
            first_day=term.starts_on + n * (term.ends_on - term.starts_on) / 9,
        )
    off = make_class(term=term, name="民族舞基础班")
    services.call_off_class(
        course_class=off, reason="报名不足10人，已通知学员", by=None
    )
    page = browser.new_page(viewport={"width": width, "height": 667}, base_url=base_url)
    page.goto(TERM)

    sizes = page.evaluate(
        """() => [...document.querySelectorAll("main .card")].map(card => [
            card.getBoundingClientRect().height,
            card.querySelector(".btn").getBoundingClientRect().height,
        ])"""
    )
    sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.close()

    assert len(sizes) == 4
    assert sideways <= 0
    assert all(button >= 44 for _height, button in sizes)
    if width == 375:
        assert max(height for height, _button in sizes) <= 280
