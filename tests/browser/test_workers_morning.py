"""A worker's morning on a telephone, in normal and in large print, without JavaScript: an
offer accepted, one left to lapse, a draw entered, a late cancel appealed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from signups.models import Appeal, Signup
from signups.services import seats
from tests.browser.conftest import keep_to
from tests.factories import (
    PASSWORD,
    make_draw,
    make_offering,
    make_user,
    make_worker,
)
from tests.signups.test_conduct import ask, make_rules, seated_late

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 375, "height": 667}
NUMBER = "13800000001"


@pytest.fixture(params=[False, True], ids=["normal-print", "large-print"])
def phone(request, new_context, base_url):
    make_rules()
    worker = make_worker(user=make_user(phone=NUMBER), name="王示刚")
    context = new_context(viewport=PHONE, java_script_enabled=False)
    strangers = keep_to(base_url, context)
    page = context.new_page()
    page.worker = worker
    page.goto(f"/accounts/login/?elder={int(request.param)}")
    page.locator("[name=login]").fill(NUMBER)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(re.compile(r"^(?!.*/accounts/login/)"))
    yield page
    assert strangers == [], "a page asked another host"


def offered_to(worker):
    """A seat that became free and is offered to this worker; somebody waits behind."""
    offering = make_offering(capacity=1, is_offered=True)
    held, mine, next_one = ask(offering), ask(offering, worker), ask(offering)
    seats.cancel(signup=held, by=None)
    return mine, next_one


def see(page, signup):
    page.goto(f"/signups/{signup.pk}/")
    assert page.locator("main").bounding_box()["width"] <= PHONE["width"]
    return page.locator("main")


def state_of(signup):
    return Signup.objects.get(pk=signup.pk).status


def test_offer_is_accepted_with_one_tap(phone):
    mine, _next = offered_to(phone.worker)

    see(phone, mine).get_by_role("button", name="确认参加").click()

    expect(phone.locator("main")).to_contain_text("报名成功")
    assert state_of(mine) == "seated"


def test_offer_that_lapsed_says_so_and_costs_nothing(phone):
    mine, next_one = offered_to(phone.worker)
    past = timezone.now() - timedelta(seconds=1)
    Signup.objects.filter(pk=mine.pk).update(offer_until=past)
    seats.settle(offering_id=mine.offering_id)

    main = see(phone, mine)

    expect(main).to_contain_text("逾期未确认")
    expect(main.get_by_role("button", name="确认参加")).to_have_count(0)
    assert state_of(next_one) == "offered"
    phone.goto("/signups/conduct/")
    expect(phone.locator("main")).to_contain_text("现有0分")


def test_draw_is_entered_and_its_choices_stand_on_its_page(phone):
    closes_at = timezone.now() + timedelta(days=1)
    made = [make_offering(closes_at=closes_at) for _ in range(2)]
    draw = make_draw(made)
    for offering in made:
        phone.goto(f"/signups/offerings/{offering.pk}/sign-up/")
        phone.get_by_label("我已阅读并同意报名须知").check()
        phone.locator("[name=sign_up]").click()

    phone.goto(f"/signups/draws/{draw.pk}/")

    expect(phone.locator("main")).to_contain_text("第2志愿")
    assert phone.locator("main").bounding_box()["width"] <= PHONE["width"]
    ranks = Signup.objects.filter(worker=phone.worker).order_by("pk")
    assert list(ranks.values_list("status", "choice_rank")) == [
        ("applied", 1),
        ("applied", 2),
    ]


def test_late_cancel_says_its_price_before_and_is_appealed_after(phone):
    offering = seated_late(capacity=2).offering
    mine = ask(offering, phone.worker)
    Signup.objects.filter(pk=mine.pk).update(promoted_at=None)
    phone.goto(f"/signups/{mine.pk}/cancel/")
    expect(phone.locator("main")).to_contain_text("计2分")
    phone.get_by_role("button", name="确定取消报名").click()

    phone.goto("/signups/conduct/")
    phone.get_by_role("link", name="证明、申诉").click()
    phone.get_by_label("加班").check()
    phone.locator("main textarea").fill("临时顶班到九点。")
    phone.get_by_role("button", name="提交申诉").click()

    expect(phone.locator("main")).to_contain_text("请单位证明")
    [appeal] = Appeal.objects.all()
    assert (appeal.ground, appeal.point.signup_id) == ("overtime", mine.pk)
