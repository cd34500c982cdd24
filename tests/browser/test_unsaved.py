"""Whoever leaves a form of the back office with something unsaved is asked first."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_back_office import enter, to
from tests.factories import make_user_of_every_role
from tests.news.factories import make_article
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(page, base_url):
    """An article's page in front of its editor; the questions asked on leaving."""
    write_roles()
    enter(page, make_user_of_every_role(), base_url)
    page.goto(base_url + to(article := make_article(), "change", article.pk))
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    return asked


def leave(page):
    page.get_by_role("link", name="文章", exact=True).first.click()
    expect(page.locator("#changelist")).to_be_visible()


def test_unsaved_form_lets_who_only_read_leave_freely(page, asked):
    page.locator("#id_title").click()
    page.locator(".tiptap").click()

    leave(page)

    assert asked == []


def test_unsaved_form_counts_a_change_taken_back_as_none(page, asked):
    title = page.locator("#id_title")
    before = title.input_value()
    title.fill("另一个题目")
    title.fill(before)

    leave(page)

    assert asked == []


@pytest.mark.parametrize("box", ["#id_title", ".tiptap"])
def test_unsaved_form_asks_who_typed(page, asked, box):
    page.locator(box).click()
    page.keyboard.type("还没保存")

    leave(page)

    assert asked == ["beforeunload"]


def test_unsaved_form_is_not_left_by_saving_but_is_unsaved_after_an_error(page, asked):
    page.locator("#id_title").fill("")
    page.locator("[name=_save]").click()
    expect(page.locator(".errorlist").first).to_be_visible()
    assert asked == []

    page.locator("#id_title").click()
    leave(page)

    assert asked == ["beforeunload"]


@pytest.mark.parametrize("is_back", [True, False])
def test_unsaved_form_asks_about_what_was_sent_only_after_coming_back_to_it(
    page, asked, is_back
):
    """Coming back by the browser's button shows the page as it stood, kept in memory."""
    page.locator("#id_title").fill("另一个题目")
    page.evaluate("document.forms.article_form.dispatchEvent(new Event('submit'))")
    page.evaluate(
        """(persisted) => dispatchEvent(
            new PageTransitionEvent("pageshow", {persisted}))""",
        is_back,
    )

    leave(page)

    assert asked == (["beforeunload"] if is_back else [])
