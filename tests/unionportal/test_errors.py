"""When something is wrong: a page in Chinese, the right status, no detail."""

import logging
import re

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.urls import reverse

from common import logs
from tests.pages import markup
from unionportal import views
from unionportal.models import SiteSettings
from unionportal.services import save_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiet_client():
    """Answers as a server does: errors become pages."""
    return Client(raise_request_exception=False)


def break_home(monkeypatch, error):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(views.home, "blocks", fail)


def test_not_found_is_404_in_chinese_with_ways_on(client):
    page = client.get("/no-such-page/")

    assert page.status_code == 404
    assert "没有找到这个页面" in markup(page)
    assert 'href="/"' in markup(page)
    assert '<a class="btn btn--line" href="/site-map/">' in markup(page)


def test_server_error_is_500_with_a_number_that_the_log_knows(
    quiet_client, monkeypatch, caplog
):
    break_home(monkeypatch, RuntimeError("secret detail 13912345678"))
    with caplog.at_level(logging.ERROR):
        caplog.handler.addFilter(logs.RequestIdFilter())
        page = quiet_client.get("/")

    text = markup(page)
    number = page["X-Request-Id"]
    assert page.status_code == 500
    assert "系统出了点问题" in text
    assert number in text
    assert "secret detail" not in text
    assert "Traceback" not in text
    assert number in {record.request_id for record in caplog.records}


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_server_error_without_a_database_is_503_and_asks_to_come_back(
    quiet_client, monkeypatch, error
):
    break_home(monkeypatch, error("server closed the connection"))

    page = quiet_client.get("/")

    assert page.status_code == 503
    assert page["Retry-After"] == "30"
    assert "系统维护中" in markup(page)
    assert 'href="tel:12351"' in markup(page)


@pytest.mark.parametrize("error", [OperationalError, RuntimeError])
def test_server_error_without_a_database_still_shows_the_unions_number(
    client, quiet_client, monkeypatch, error
):
    save_site(settings=SiteSettings(phone="0812-0000000"), by=None)
    client.get("/honors/")
    break_home(monkeypatch, error("gone"))

    page = quiet_client.get("/")

    assert page.status_code in (500, 503)
    assert 'href="tel:0812-0000000"' in markup(page)


def test_healthz_says_the_process_lives_and_readyz_that_the_database_answers(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok"}


def test_readyz_fails_with_the_database_and_healthz_does_not(client, monkeypatch):
    class Gone:
        def cursor(self):
            raise OperationalError("gone")

    monkeypatch.setattr(views, "connection", Gone())

    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_csrf_failure_is_403_in_chinese(quiet_client):
    forger = Client(enforce_csrf_checks=True)

    page = forger.post("/accounts/login/", {"login": "1", "password": "2"})

    assert page.status_code == 403
    assert "重新" in markup(page)


def test_back_office_says_to_a_worker_at_its_door_whom_to_ask(client):
    from tests.factories import make_user

    client.force_login(make_user())

    page = client.get("/admin/", follow=True)

    assert page.status_code == 403
    assert "您没有权限查看此页" in markup(page)
    assert "如需开通，请联系本单位工会管理员" in markup(page)


def test_form_page_with_mistakes_says_so_in_its_title_first(client):
    page = client.post("/accounts/login/", {"login": "", "password": ""})

    title = markup(page).partition("<title>")[2]
    assert title.startswith("有误：")
    assert "请先改正以下问题" in markup(page)


@pytest.mark.parametrize(
    "name",
    [
        "activities:training:term-current",
        "activities:venues:venue-list",
        "honors:honoree-list",
        "volunteers:team-list",
        "news:article-list",
    ],
)
def test_list_page_that_is_empty_says_so_and_leads_somewhere_else(client, name):
    """An empty table is a 200 with words and a way on."""
    address = reverse(name)
    main = markup(client.get(address, follow=True)).partition("<main")[2]
    empty = main.partition('class="empty')[2].partition("</div>")[0]

    assert re.search(r"还未|还没有|正在整理", empty), main[:2000]
    way = re.search(r'href="(/[^"]*)"', empty)[1]
    assert way != address
    assert client.get(way).status_code == 200
