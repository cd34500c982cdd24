"""The last seat, from the term's page to the seat that passes on: three people, the
pages only, every link and form taken from the page before."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from tests.activities.factories import make_class
from tests.factories import PASSWORD, make_user, make_worker

pytestmark = pytest.mark.django_db(transaction=True)


class Person:
    """Somebody with a browser who presses what the page offers."""

    def __init__(self, phone):
        make_worker(user=make_user(phone=phone))
        self.phone = phone
        self.client = Client()

    def opens(self, url):
        self.response = self.client.get(url, follow=True)
        assert self.response.status_code == 200
        return self

    @property
    def main(self):
        page = self.response.content.decode()
        return page.split("<main", 1)[1].split("</main>", 1)[0]

    def sees(self, words):
        return words in re.sub(r"<[^>]+>", "", unescape(self.main))

    def follows(self, words):
        links = re.findall(r'<a[^>]*href="([^"]+)"[^>]*>(.*?)</a>', self.main, re.S)
        found = [
            unescape(href)
            for href, inner in links
            if re.sub(r"<[^>]+>", "", inner).strip().startswith(words)
        ]
        assert found, f"no link {words}"
        return self.opens(found[0])

    def submits(self, **filled):
        url, inside = re.search(
            r'<form[^>]* action="([^"]+)"[^>]*>(.*?)</form>', self.main, re.S
        ).groups()
        hidden = dict(
            re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside)
        )
        self.response = self.client.post(url, hidden | filled, follow=True)
        assert self.response.status_code == 200
        return self

    def logs_in(self):
        query = self.response.wsgi_request.GET.urlencode()
        self.response = self.client.post(
            f"{reverse('account_login')}?{query}",
            {
                "login": self.phone,
                "password": PASSWORD,
                "next": self.response.wsgi_request.GET["next"],
            },
            follow=True,
        )
        return self


def test_sign_up_last_seat_second_waits_first_cancels_second_is_in():
    make_class(capacity=1, name="瑜伽基础班")
    term = reverse("activities:training:term-current")
    first, second = Person("13800000001"), Person("13800000002")

    # a visitor presses the button, logs in and checks what they ask for
    first.opens(term).follows("登录后报名").logs_in()
    first.submits(agree="on")
    assert first.sees("报名成功！")

    second.opens(term).follows("登录后参加候补").logs_in()
    assert second.sees("现在是第1位")
    second.submits(agree="on")
    assert second.sees("您排在候补第1位")
    assert second.opens(term).sees("候补中 · 第1位")

    first.follows("取消报名")
    assert first.sees("取消后名额将让给候补第1位，您再报需重新排队。")
    first.submits()
    assert first.sees("已取消报名：")
    assert first.response.wsgi_request.path == reverse("my")
    assert first.opens(term).sees("名额已满，参加候补")

    assert second.opens(term).sees("已报名")
    assert second.opens(reverse("my")).sees("瑜伽基础班")
