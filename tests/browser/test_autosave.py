"""What is typed into an article is kept, in a real browser: by itself, when one leaves,
when the session ends, and when another tab was faster."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests.browser.test_publish_report import PASSWORD, PHONE, editor, log_in
from tests.news.back_office import kept
from tests.news.factories import make_column, make_draft

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(page, live_server, settings, tmp_path):
    """An article's page in front of its editor."""
    settings.MEDIA_ROOT = tmp_path / "media"
    editor()
    article = make_draft(
        column=make_column(name="要闻"), title="原题", body="<p>原文。</p>"
    )
    page.set_default_timeout(15_000)
    log_in(page, live_server.url)
    page.goto(f"/admin/news/article/{article.pk}/change/")
    return article


def type_title(page, words):
    page.locator("#id_title").fill(words)
    page.locator("#id_subtitle").click()


def wait_for(page, true, tries=50):
    for _try in range(tries):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("It never came true.")


def said(page):
    return page.locator("[data-autosave]")


def test_autosave_says_when_and_one_may_leave_what_was_kept(page, desk):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator(".tiptap").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("后加的。")
    type_title(page, "新题")

    expect(said(page)).to_have_text(re.compile(r"^已自动保存 \d\d:\d\d$"))

    wait_for(page, lambda: kept(desk).title == "新题")
    assert "后加的。" in kept(desk).body
    page.wait_for_load_state("networkidle")  # the page knows it too
    page.get_by_role("link", name="文章", exact=True).first.click()
    expect(page.locator("#changelist")).to_be_visible()
    assert asked == []


def test_autosave_asks_before_leaving_what_it_could_not_keep(page, desk):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.route("**/autosave/", lambda route: route.abort())
    type_title(page, "没存上的题")
    expect(said(page)).to_contain_text("没有自动保存")

    page.get_by_role("link", name="文章", exact=True).first.click()

    expect(page.locator("#changelist")).to_be_visible()
    assert asked == ["beforeunload"]


def test_session_that_ends_while_one_types_loses_nothing(page, desk, live_server):
    page.locator("#id_title").fill("会话结束后写的")
    for session in Session.objects.all():
        session.expire_date -= timedelta(minutes=31)
        session.save()
    page.locator("#id_subtitle").click()
    expect(said(page)).to_contain_text("没有自动保存")

    page.locator("[name=_save]").click()
    page.locator("[name=login]").fill(PHONE)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_load_state("load")
    assert kept(desk).title == "原题"
    page.get_by_role("button", name="再提交一次", exact=True).click()

    expect(page.locator(".messagelist")).to_contain_text("草稿已保存")
    assert kept(desk).title == "会话结束后写的"


def test_second_tab_shows_both_texts_and_loses_neither(page, desk):
    other = page.context.new_page()
    other.goto(page.url)
    type_title(page, "第一个窗口的题")
    expect(said(page)).to_contain_text("已自动保存")

    type_title(other, "第二个窗口的题")
    expect(said(other)).to_contain_text("已有他人保存")
    assert kept(desk).title == "第一个窗口的题"
    other.locator("[name=_save]").click()

    expect(other.locator("#id_title")).to_have_value("第二个窗口的题")
    expect(other.locator("body")).to_contain_text("第一个窗口的题")
    other.locator("[name=_save]").click()
    expect(other.locator(".messagelist")).to_contain_text("草稿已保存")
    assert kept(desk).title == "第二个窗口的题"
