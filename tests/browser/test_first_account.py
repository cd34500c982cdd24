"""A worker's first account, on a phone in large print, with and without JavaScript; then
a forgotten password and another number. With script the captcha answers itself."""

import re
import time

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from members import sms
from members.services import codes
from tests.browser.checks import serious
from tests.browser.conftest import keep_to
from tests.factories import make_user
from tests.members.phone_tools import Outbox, let_pass
from tests.members.test_captcha import sum_of

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER, OTHER = "13912345678", "13987654321"
PASSWORD = "木棉花开在金沙江边"


@pytest.fixture
def outbox(settings, tmp_path):
    settings.SMS_OUTBOX = tmp_path / "sms.jsonl"
    settings.CAPTCHA_WORK = 2000
    sms.forget()
    yield Outbox(settings.SMS_OUTBOX)
    sms.forget()


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
def phone(request, new_context, base_url):
    context = new_context(
        viewport={"width": 375, "height": 667}, java_script_enabled=request.param
    )
    context.has_script = request.param
    strangers = keep_to(base_url, context)
    page = context.new_page()
    page.goto("/?elder=1")
    complaints = []
    page.on("console", lambda line: complaints.append(line.text))
    yield page
    assert strangers == []
    assert [text for text in complaints if "Content Security Policy" in text] == []


def fits(page):
    """No sideways scroll; nothing serious for axe-core."""
    if page.context.has_script:
        page.wait_for_load_state()  # a page whose styles are on their way is wider
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= page.viewport_size["width"], page.url
        assert serious(page, page.url) == []


def press(page, name):
    fits(page)
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def sign_up(page, outbox):
    page.goto(reverse("account_login"))
    page.get_by_label("手机号").fill("139 1234 5678")
    page.get_by_label("我已阅读并同意").check()
    press(page, "获取短信验证码")
    page.get_by_label("短信验证码").fill(outbox.code_for(NUMBER))
    press(page, "下一步")
    page.wait_for_url("**/my/")


def set_first_password(page, outbox):
    let_pass(minutes=2)
    page.goto(reverse("account_security"))
    fits(page)
    page.get_by_role("link", name="设置密码").click()
    press(page, "获取短信验证码")
    page.get_by_label("短信验证码").fill(outbox.code_for(NUMBER))
    press(page, "下一步")
    page.get_by_label("设置密码").fill(PASSWORD)
    press(page, "完成")
    page.wait_for_url("**" + reverse("account_security"))


def test_sign_up_of_a_first_account_and_all_that_may_follow(phone, outbox):
    page = phone
    sign_up(page, outbox)
    expect(page.get_by_role("main")).to_contain_text("您已登录")
    expect(page.get_by_role("heading", level=1)).to_have_text("我的账号")
    fits(page)
    set_first_password(page, outbox)

    page.goto(reverse("my"))
    page.get_by_role("link", name="更换手机号").click()
    page.get_by_label("当前密码").fill(PASSWORD)
    press(page, "下一步")
    page.get_by_label("手机号").fill(OTHER)
    press(page, "获取短信验证码")
    page.get_by_label("短信验证码").fill(outbox.code_for(OTHER))
    press(page, "下一步")
    page.wait_for_url("**/my/")
    expect(page.get_by_role("main")).to_contain_text("尾号4321")

    page.get_by_role("main").get_by_role("button", name="退出登录").click()
    let_pass(minutes=2)
    page.goto(reverse("account_login"))
    page.get_by_role("link", name="忘记密码？用短信重设").click()
    page.get_by_label("手机号").fill(OTHER)
    press(page, "获取短信验证码")
    page.get_by_label("短信验证码").fill("000000")
    press(page, "下一步")
    expect(page.get_by_role("main")).to_contain_text("还可以再试4次")
    page.get_by_label("短信验证码").fill(outbox.code_for(OTHER))
    press(page, "下一步")
    page.get_by_label("设置密码").fill(PASSWORD + "2")
    press(page, "完成")
    page.wait_for_url("**/my/")


def test_captcha_answers_itself_or_asks_a_sum(phone, outbox, settings):
    settings.SMS_ADDRESS_HOURLY = 0
    make_user(phone=NUMBER)
    page = phone
    page.goto(reverse("account_request_login_code"))
    page.get_by_label("手机号").fill(NUMBER)
    page.get_by_label("我已阅读并同意").check()
    if page.context.has_script:
        expect(page.get_by_text("已自动完成验证")).to_be_visible()
        expect(page.get_by_label(re.compile("等于几"))).to_be_hidden()
    else:
        signed = page.locator("[name=signed]").input_value()
        page.get_by_label(re.compile("等于几")).fill(sum_of(signed).answer)

    press(page, "获取短信验证码")

    page.wait_for_url("**/accounts/code/")
    page.get_by_label("短信验证码").fill(outbox.code_for(NUMBER))
    press(page, "下一步")
    page.wait_for_url("**/my/")


def test_code_page_takes_a_code_that_is_pasted(new_context, outbox):
    make_user(phone=NUMBER)
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(reverse("account_request_login_code"))
    page.get_by_label("手机号").fill(NUMBER)
    page.get_by_label("我已阅读并同意").check()
    page.get_by_role("button", name="获取短信验证码").click()
    code = outbox.code_for(NUMBER)
    page.evaluate("code => navigator.clipboard.writeText(`${code} `)", code)

    page.get_by_label("短信验证码").focus()
    page.keyboard.press("ControlOrMeta+V")
    page.keyboard.press("Enter")

    page.wait_for_url("**/my/")


def test_code_page_double_tap_logs_in(new_context, outbox, monkeypatch):
    """The answer is slow: the second tap comes while the first is on its way."""
    checked = codes.check

    def check_then_dawdle(**asked):
        checked(**asked)
        time.sleep(0.7)

    monkeypatch.setattr(codes, "check", check_then_dawdle)
    make_user(phone=NUMBER)
    page = new_context().new_page()
    page.goto(reverse("account_request_login_code"))
    page.get_by_label("手机号").fill(NUMBER)
    page.get_by_label("我已阅读并同意").check()
    page.get_by_role("button", name="获取短信验证码").dblclick()
    page.wait_for_url("**/accounts/code/")
    page.get_by_label("短信验证码").fill(outbox.code_for(NUMBER))

    page.get_by_role("button", name="下一步").dblclick(delay=20)

    page.wait_for_url("**/my/")
    assert len(outbox.texts) == 1


@pytest.mark.parametrize(("is_back", "answers"), [(True, 2), (False, 1)])
def test_form_page_sends_a_form_once_until_one_comes_back_to_it(page, is_back, answers):
    """A page is “shown” for the first time after a quick tap; that is no coming back."""
    page.goto(reverse("account_reset_password"))
    sent = page.evaluate(
        """(persisted) => {
            const form = document.querySelector("main form");
            let sent = 0;
            const tap = () => {
                const event = new Event("submit", {bubbles: true, cancelable: true});
                sent += form.dispatchEvent(event);
            };
            tap();
            dispatchEvent(new PageTransitionEvent("pageshow", {persisted}));
            tap();
            return sent;
        }""",
        is_back,
    )

    assert sent == answers
