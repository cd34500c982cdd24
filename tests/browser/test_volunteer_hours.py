"""From a need to a certificate that a stranger verifies: five people, each with a
telephone of 375 pixels. Nobody waits for a day: the service is moved into the past
between the steps, as time would have done."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from common import crypto
from signups.models import Attendance
from tests.browser.conftest import keep_to
from tests.factories import PASSWORD, make_worker_with_login
from tests.volunteers.factories import make_need
from tests.volunteers.services import (
    begun,
    days_later,
    make_coordinator,
    make_led_team,
    shift,
)
from unionportal import views
from volunteers.models import ServiceEvent, ServiceRecord

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 375, "height": 667}


@pytest.fixture
def phone(new_context, base_url):
    """Opens a phone of its own for an account; for None, a stranger's."""
    strangers = []

    def open_for(user):
        context = new_context(viewport=PHONE)
        strangers.append(keep_to(base_url, context))
        page = context.new_page()
        if user is not None:
            page.goto("/accounts/login/")
            page.locator("[name=login]").fill(
                crypto.unseal(user.phone_cipher).removeprefix("+86")
            )
            page.locator("[name=password]").fill(PASSWORD)
            page.locator("[name=password]").press("Enter")
            page.wait_for_url(re.compile(r"^(?!.*/accounts/login/)"))
        return page

    yield open_for
    assert strangers == [[] for _ in strangers], "a page asked another host"


def go(page, name, *args):
    page.goto(reverse(name, args=args))
    fits(page)


def press(page, words, role="button"):
    with page.expect_navigation():
        page.get_by_role(role, name=words).first.click()


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_hours_go_from_a_need_to_a_certificate_that_a_stranger_verifies(phone):
    views.verifying.forget()
    views.opening.forget()
    team = make_led_team(name="示例站台服务队")
    worker = make_worker_with_login(name="王小刚", identity_last4="123X")
    need = make_need(title="站台引导", place="炳草岗公交站", kind=team.kind)
    leader, volunteer = phone(team.leader.user), phone(worker.user)

    # a leader takes the need and publishes a service for it
    go(leader, "admin:volunteers_need_work", need.pk)
    press(leader, "承接")
    go(leader, "admin:volunteers_serviceevent_new", team.pk)
    leader.locator("[name=need]").select_option(label="站台引导")
    start = timezone.localtime() + timedelta(days=2)
    for field, hour in (("starts", "09:00"), ("ends", "11:00")):
        leader.locator(f"[name={field}_0]").fill(f"{start:%Y-%m-%d}")
        leader.locator(f"[name={field}_1]").fill(hour)
    for field, typed in (
        ("title", "站台引导"),
        ("place", "炳草岗公交站"),
        ("contact_name", "沈师傅"),
        ("contact_phone", "13800001234"),
        ("post0-name", "引导员"),
        ("post0-number", "3"),
    ):
        leader.locator(f"[name={field}]").fill(typed)
    press(leader, "发布")
    leader.wait_for_url("**/run/")
    fits(leader)
    event = ServiceEvent.objects.get()
    assert event.need == need

    # a worker signs up and then reads whom to call
    go(volunteer, "volunteers:event-detail", event.pk)
    expect(volunteer.locator("main")).not_to_contain_text("13800001234")
    press(volunteer, "立即报名", "link")
    volunteer.get_by_label("我已阅读并同意报名须知").check()
    press(volunteer, "确认报名")
    expect(volunteer.locator("main h1")).to_have_text("报名成功！")
    go(volunteer, "volunteers:event-detail", event.pk)
    expect(volunteer.locator("main")).to_contain_text("13800001234")

    # on the day both come and go by the code on the leader's phone
    begun(event, ago=timedelta(minutes=5))
    for button in ("签到", "签退"):
        go(leader, "admin:volunteers_serviceevent_code", event.pk)
        digits = leader.locator(".door__code").inner_text()
        go(volunteer, "volunteers:event-detail", event.pk)
        press(volunteer, "签到、签退", "link")
        expect(volunteer.locator("main h1")).to_have_text(button)
        volunteer.locator("[name=code]").fill(digits)
        with volunteer.expect_navigation():
            volunteer.locator("[name=code]").press("Enter")
        fits(volunteer)
    tapped = Attendance.objects.get()
    assert tapped.arrived_at and tapped.left_at

    # the two hours are over: the leader writes them down, the coordinator confirms
    shift(event, to=event.starts_at - timedelta(hours=3))
    Attendance.objects.update(arrived_at=event.starts_at, left_at=event.ends_at)
    go(leader, "admin:volunteers_serviceevent_roster", event.pk)
    press(leader, "结束服务，登记时长")
    leader.wait_for_url("**/hours/")
    record = ServiceRecord.objects.get()
    assert record.minutes == 120
    go(leader, "admin:volunteers_servicerecord_desk")
    assert leader.locator(f"[name=record][value='{record.pk}']").count() == 0
    coordinator = phone(make_coordinator())
    go(coordinator, "admin:volunteers_servicerecord_desk")
    press(coordinator, "确认勾选的时长")
    expect(coordinator.locator("body")).to_contain_text("已确认1条")

    # seven days later the worker prints a certificate
    days_later(record)
    go(volunteer, "volunteers:certificates")
    press(volunteer, "出具证明")
    volunteer.wait_for_url("**/certificates/*/")
    sheet = volunteer.locator("main article")
    expect(sheet).to_contain_text("服务时长合计2小时（大写：贰小时）")
    fits(volunteer)
    number = volunteer.url.rstrip("/").rsplit("/", 1)[1]

    # a stranger has the paper: its number and the end of the other number on it
    stranger = phone(None)
    go(stranger, "verify")
    stranger.locator("[name=number]").fill(number.lower())
    stranger.locator("[name=last4]").fill("123x")
    press(stranger, "查验")
    said = stranger.locator("main")
    expect(said).to_contain_text("证书有效")
    expect(said).to_contain_text("2小时")
    expect(said).to_contain_text("王*刚")
    expect(said).not_to_contain_text("王小刚")
    fits(stranger)
