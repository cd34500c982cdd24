"""Messages in a sealed cookie: shown once, to whom they were said, without a write."""

import pytest
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.safestring import SafeString, mark_safe

from common.messagecookie import COOKIE, SealedCookieStorage
from tests.factories import make_offering, make_user, make_worker_with_login

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    """Asks as somebody, with what cookies it has; gives what would be shown."""

    class Browser:
        cookie = ""
        session = {}

        def storage(self, user=None):
            request = RequestFactory().get("/")
            request.user, request.session = user, self.session
            if self.cookie:
                request.COOKIES[COOKIE] = self.cookie
            return SealedCookieStorage(request)

        def end(self, storage):
            response = HttpResponse()
            storage.update(response)
            if COOKIE in response.cookies:
                self.cookie = response.cookies[COOKIE].value

        def say(self, *texts, user=None):
            storage = self.storage(user)
            for text in texts:
                storage.add(messages.INFO, text)
            self.end(storage)

        def shown(self, user=None):
            storage = self.storage(user)
            said = list(storage)
            self.end(storage)
            return said

    return Browser()


def test_message_is_shown_once_and_cannot_be_read_on_the_way(browser):
    browser.say("王示刚的报名已取消。")

    assert "王" not in browser.cookie
    assert browser.shown() == [Message(messages.INFO, "王示刚的报名已取消。")]
    assert browser.cookie == ""
    assert browser.shown() == []


def test_message_is_not_shown_to_who_logs_in_next(browser):
    said_to, next_one = make_user(), make_user()
    browser.say("您已报名。", user=said_to)
    kept = browser.cookie

    assert browser.shown(next_one) == []
    browser.cookie = kept
    assert browser.shown() == []
    browser.cookie = kept
    assert [str(message) for message in browser.shown(said_to)] == ["您已报名。"]


def test_messages_too_long_for_a_cookie_are_shown_once_all_the_same(browser):
    texts = [f"第{n}行有误。" * 20 for n in range(30)]
    browser.say(*texts)

    assert len(browser.cookie) < 500
    assert [str(message) for message in browser.shown()] == texts
    assert (browser.cookie, browser.shown()) == ("", [])
    assert not browser.session.get("_messages")


def test_message_keeps_whether_it_is_markup(browser):
    browser.say(mark_safe("<b>好</b>"), "<b>坏</b>")

    good, bad = (message.message for message in browser.shown())
    assert isinstance(good, SafeString)
    assert not isinstance(bad, SafeString)


@pytest.mark.parametrize("cookie", ["x", "gAAAA", '["messages", null, []]', "\x00"])
def test_message_cookie_of_somebody_elses_making_says_nothing(browser, cookie):
    browser.cookie = cookie

    assert browser.shown() == []


def test_refused_sign_up_is_said_on_the_next_page_and_writes_nothing(
    client, django_assert_num_queries
):
    offering = make_offering(capacity=1, waitlist_limit=0)
    url = f"/signups/offerings/{offering.pk}/sign-up/"
    for _ in range(2):
        client.force_login(make_worker_with_login().user)
        last = client.session.session_key
        # the session, the person, the desk: as many as a seat (and the savepoint that
        # a test within a transaction needs)
        with django_assert_num_queries(5):
            response = client.post(url)
    assert response.status_code == 302

    assert client.session.session_key == last
    assert "_messages" not in client.session
    page = client.get("/my/").content.decode()
    assert "名额已满。" in page
    assert "名额已满。" not in client.get("/my/").content.decode()
