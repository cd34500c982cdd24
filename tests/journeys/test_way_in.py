"""Somebody who was never here before, from 登录后报名 on a class to a seat in it, by the
pages only: every link and form is taken from the page before, and the pages are counted.
Eight is the most a worker on a telephone is asked to go through."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from common import crypto
from members.models import Worker
from signups.models import Signup
from tests.activities.factories import make_class
from tests.factories import make_union, make_worker
from tests.members.phone_tools import let_pass
from tests.pages import markup

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER, LAST6 = "13912345678", "31002X"
MOST = 8


class Newcomer:
    """A browser without script; ``pages`` are the titles of all that it showed."""

    def __init__(self):
        self.client, self.pages = Client(), []

    def _shows(self, response):
        assert response.status_code == 200
        whole = markup(response)
        self.pages.append(re.search(r"<title>(.*?)</title>", whole, re.S)[1].strip())
        self.at = response.wsgi_request.path
        self.main = whole.split("<main", 1)[1].split("</main>", 1)[0]

    def opens(self, address):
        self._shows(self.client.get(address, follow=True))

    def follows(self, words):
        links = re.findall(r'<a[^>]*href="([^"]+)"[^>]*>(.*?)</a>', self.main, re.S)
        [found] = {
            href
            for href, inner in links
            if re.sub(r"<[^>]+>", "", inner).strip().startswith(words)
        }
        self.opens(unescape(found))

    def submits(self, **typed):
        """The form that has all of these boxes, with its first button."""
        forms = re.findall(r"<form[^>]*>.*?</form>", self.main, re.S)
        [form] = [
            form for form in forms if all(f'name="{box}"' in form for box in typed)
        ]
        hidden = re.findall(
            r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form
        )
        sent = {name: unescape(value) for name, value in hidden} | typed
        pressed = re.search(r"<button([^>]*)>", form)
        if named := pressed and re.search(r'name="(\w+)"\s+value="(\S+)"', pressed[1]):
            sent[named[1]] = named[2]
        head = re.match(r"<form[^>]*>", form)[0]
        action = re.search(r'action="([^"]+)"', head)
        address = unescape(action[1]) if action else self.at
        send = self.client.get if 'method="get"' in head else self.client.post
        self._shows(send(address, sent, follow=True))


@pytest.fixture
def row():
    """One row of a roster, in a union with a title that nobody says aloud."""
    return make_worker(
        name="王示刚",
        union_org=make_union(name="示例甲第三工会委员会", short_names="公交、一小"),
        identity_last6_hmac=crypto.digest("identity-last6", LAST6),
    )


def comes_in(visitor, outbox, course):
    visitor.opens(course.get_absolute_url())
    visitor.follows("登录后报名")
    assert visitor.at == reverse("account_login")
    visitor.submits(login=NUMBER, agreed="on")
    visitor.submits(code=outbox.code_for(NUMBER))
    assert visitor.at == reverse("my-verify")


def takes_the_seat(visitor):
    visitor.submits(name="王示刚", identity_last6=LAST6, consent="on")
    visitor.submits(agree="on")


def is_seated(row, visitor, course):
    row.refresh_from_db()
    signup = Signup.objects.get(worker=row)
    assert signup.offering == course.offering
    assert visitor.at == reverse("signups:signup-detail", args=[signup.pk])
    assert "报名成功" in visitor.main
    assert not row.user.has_usable_password()


def test_way_in_from_a_class_to_a_seat_takes_seven_pages(row, outbox):
    visitor, course = Newcomer(), make_class()

    comes_in(visitor, outbox, course)
    visitor.submits(q="公交")
    takes_the_seat(visitor)

    is_seated(row, visitor, course)
    assert len(visitor.pages) == 7, visitor.pages


def test_way_in_with_two_unions_of_one_name_takes_eight_pages(row, outbox):
    make_union(short_names="一小")
    visitor, course = Newcomer(), make_class()

    comes_in(visitor, outbox, course)
    visitor.submits(q="一小")
    visitor.follows("示例甲第三工会")
    takes_the_seat(visitor)

    is_seated(row, visitor, course)
    assert len(visitor.pages) == MOST, visitor.pages


def test_way_in_of_who_chose_the_wrong_union_loses_neither_name_nor_class(row, outbox):
    other = make_union(short_names="汽车")
    visitor, course = Newcomer(), make_class()
    comes_in(visitor, outbox, course)
    visitor.submits(q="汽车")
    assert other.name in visitor.main

    page = {"name": "王示刚", "identity_last6": LAST6, "again": "1"}
    visitor.submits(**page)
    assert visitor.at == reverse("my-verify")
    visitor.submits(q="公交")

    assert 'name="name" value="王示刚"' in visitor.main
    assert LAST6 not in visitor.main
    takes_the_seat(visitor)
    is_seated(row, visitor, course)
    assert "verify_typed" not in visitor.client.session


def test_way_in_of_a_verified_worker_by_code_takes_five_pages(row, outbox):
    visitor, course = Newcomer(), make_class()
    comes_in(visitor, outbox, course)
    visitor.submits(q="公交")
    visitor.submits(name="王示刚", identity_last6=LAST6, consent="on")
    assert Worker.objects.filter(user__isnull=False).get() == row

    let_pass(minutes=2)
    again = Newcomer()
    again.opens(course.get_absolute_url())
    again.follows("登录后报名")
    again.submits(login=NUMBER, agreed="on")
    again.submits(code=outbox.code_for(NUMBER))
    again.submits(agree="on")

    is_seated(row, again, course)
    assert len(again.pages) == 5, again.pages
