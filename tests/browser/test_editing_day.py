"""One editing day in a real browser: a report is pasted whole, read by three people,
given back once, planned, let out, corrected in public and withdrawn; each person comes
from their own 待办 and only clicks what is on the page."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from news import services
from news.models import Article, Decision
from tests.browser.conftest import enter
from tests.browser.test_pasting import PASTE
from tests.factories import make_user
from tests.news import pasted_report
from tests.news.factories import make_column, make_upload
from tests.pages import markup
from unionportal.services import write_roles

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.covers("editor"),
]

JOBS = {"编辑": "edit", "初审": "first", "复审": "second", "终审": "final"}
MARK = "〔此处放照片"
# what a day may cost the one who writes, the choice of a file and of a column included
MOST_TO_SEND, MOST_TO_REVIEW = 8, 3


class Day:
    """One browser in which one person after the other works; counts their clicks."""

    def __init__(self, page, site, staff):
        self.page, self.site, self.staff, self.clicks = page, site, staff, 0

    def enter(self, who):
        self.page.goto("about:blank")  # no picture is asked for by nobody meanwhile
        self.page.context.clear_cookies()
        enter(self.page, self.staff[who], self.site)
        self.page.goto(f"{self.site}/admin/")
        self.clicks = 0

    def click(self, found):
        self.clicks += 1
        found.click()

    def press(self, name):
        self.click(self.page.get_by_role("button", name=name, exact=True))

    def follow(self, name):
        self.click(self.page.get_by_role("link", name=name, exact=True).first)

    def open_from_queue(self, queue):
        """From 待办 to the only article that waits there."""
        self.follow(queue)
        self.click(self.page.locator("#result_list tbody th a"))

    def send(self):
        self.press("送审")
        self.page.wait_for_url(re.compile("/(check|review)/$"))
        if self.page.url.endswith("/check/"):
            self.press("就这样送审")
        self.page.wait_for_url("**/review/")

    def review(self, job, *, reason=""):
        self.enter(job)
        self.open_from_queue(f"待{job}的稿件")
        if reason:
            self.page.fill("[name=reason]", reason)
        self.press("退改" if reason else "通过")
        expect(self.page.locator(".messagelist")).to_contain_text(job)
        assert self.clicks <= MOST_TO_REVIEW

    def reads(self, address):
        """What somebody without an account is answered there, and the text."""
        answer = Client().get(address)
        return answer.status_code, markup(answer)


@pytest.fixture
def day(page, live_server, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    write_roles()
    column, staff = make_column(name="专题专栏", in_menu=True), {}
    for role, job in JOBS.items():
        staff[role] = make_user(roles=[role], is_staff=True, name=role)
        services.give_duty(column=column, user=staff[role], job=job, by=None)
    complaints = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": 1280, "height": 900})
    yield Day(page, live_server.url, staff)
    assert complaints == []


def write(day):
    """The report is pasted, tidied, given its picture and planned for tomorrow."""
    page = day.page
    day.follow("写文章")
    day.clicks += 1
    page.select_option("#id_column", label="专题专栏")
    day.click(page.locator(".tiptap"))
    with page.expect_response("**/tidy/"):
        page.evaluate(PASTE, ["", pasted_report.as_text()])
    with page.expect_response("**/tidy/"):
        day.press("全部接受")
    expect(page.locator("#id_title")).to_have_value(pasted_report.TITLE)
    with page.expect_file_chooser() as chooser:
        day.press("插入照片")
    day.clicks += 1
    picture = make_upload()
    chooser.value.set_files(
        {"name": "award.jpg", "mimeType": "image/jpeg", "buffer": picture.read()}
    )
    page.locator("[data-word=alt]").fill("三位工匠捧着证书站在台上")
    expect(page.locator("[data-word=caption]")).to_have_value(pasted_report.CAPTION)
    page.keyboard.press("Enter")
    words = f"{pasted_report.CAPTION}（{pasted_report.CREDIT}）"
    expect(page.locator(".tiptap figcaption")).to_have_text(words)
    assert MARK not in page.locator(".tiptap").inner_text()
    assert page.locator(".inline-related:visible [name$='-alt']").count() == 1
    tomorrow = timezone.localdate() + timedelta(days=1)
    page.fill("#id_publish_at_0", tomorrow.isoformat())
    page.fill("#id_publish_at_1", "09:00")


@pytest.mark.slow  # a whole day: nine people log in and read
def test_editing_day_of_a_pasted_report(day):
    page = day.page
    day.enter("编辑")
    write(day)
    day.send()
    assert day.clicks <= MOST_TO_SEND
    article = Article.objects.get()
    address = article.get_absolute_url()
    page.goto(f"{day.site}{address}preview/?as=phone")
    telephone = page.frame_locator(".preview__phone")
    telephone.get_by_role("link", name="首页", exact=True).first.click()
    page.wait_for_url(f"{day.site}/")  # not in the frame, where it may not stand

    day.review("初审")
    day.review("复审", reason="标题再斟酌")
    day.enter("编辑")
    day.open_from_queue("退改的稿件")
    expect(page.locator(".errornote")).to_contain_text("标题再斟酌")
    page.fill("#id_title", "木棉花开五年红")
    day.send()
    for job in ("初审", "复审", "终审"):
        day.review(job)
    assert day.reads(address)[0] == 404

    day.enter("编辑")
    page.goto(f"{day.site}/admin/news/article/{article.pk}/change/")
    expect(page.locator(".standing").first).to_contain_text("定于")
    day.follow("立即发布")
    day.press("立即发布")
    page.wait_for_url("**/review/")
    status, text = day.reads(address)
    assert (status, "木棉花开五年红" in text) == (200, True)
    assert pasted_report.CAPTION in text

    day.follow("修改")
    page.fill("#id_correction", "“五年”应为“六年”，已改正")
    page.fill("#id_title", "木棉花开六年红")
    day.send()
    assert "五年红" in day.reads(address)[1]
    for job in ("初审", "复审", "终审"):
        day.review(job)
    text = day.reads(address)[1]
    assert "木棉花开六年红" in text
    assert "“五年”应为“六年”，已改正" in text

    day.enter("编辑")
    page.goto(f"{day.site}/admin/news/article/{article.pk}/change/")
    day.follow("撤稿")
    page.fill("[name=reason]", "原报道已另行发布")
    day.press("撤稿")
    page.wait_for_url("**/review/")
    status, text = day.reads(address)
    assert (status, "已撤" in text) == (410, True)
    assert Decision.objects.count() == 8
