"""我的 as a worker reads it: what they asked for, then their account, leaving it last."""

import re

import pytest
from django.urls import reverse

from signups.services import seats
from tests.factories import (
    make_offering,
    make_user,
    make_worker,
    make_worker_with_login,
)
from tests.pages import markup
from tests.volunteers.factories import make_membership, make_team
from volunteers.models import VolunteerTeam

pytestmark = pytest.mark.django_db

MENU = [
    "消息",
    "职工身份",
    "守约计分",
    "职工成长档案",
    "我的评论",
    "我的个人信息",
    "下载我的数据",
    "更换手机号",
    "账号安全",
    "注销账号",
]


def main_of(client):
    page = markup(client.get(reverse("my")))
    return page[page.index("<main") : page.index("</main>")]


def headings(page):
    return re.findall(r"<h2[^>]*>([^<]*)</h2>", page)


def rows(page):
    (menu,) = re.findall(r'<nav class="rowmenu".*?</nav>', page, re.DOTALL)
    return [
        re.sub("<[^>]*>.*", "", row) for row in re.findall(r"<a [^>]*>(.*?)</a>", menu)
    ]


@pytest.fixture
def worker(client):
    worker = make_worker_with_login()
    client.force_login(worker.user)
    return worker


def test_my_page_shows_what_a_worker_asked_for_before_the_account(client, worker):
    full = make_offering(capacity=1)
    seats.sign_up(offering_id=full.pk, worker=make_worker(), by=None)
    seats.sign_up(offering_id=full.pk, worker=worker, by=None)
    alone = main_of(client)
    seats.sign_up(offering_id=make_offering().pk, worker=worker, by=None)

    page = main_of(client)

    assert 'class="counts"' not in alone  # one kind needs no table of contents
    assert headings(page) == ["我的报名", "候补", "账号与个人信息"]
    counted = re.findall(r'<a href="#(\w+)"><b class="num">(\d)</b>', page)
    assert counted == [("signups", "1"), ("waiting", "1")]
    # the calendar and the teams are for who is a worker
    at = MENU.index("守约计分")
    assert rows(page) == [*MENU[:at], "日历订阅", "志愿服务", *MENU[at:]]


def test_my_page_says_nothing_of_what_there_is_not(client, worker):
    """Two noughts and an empty list are three things to read for nothing."""
    page = main_of(client)

    assert headings(page) == ["我的报名", "账号与个人信息"]
    assert "候补" not in page
    assert 'class="counts"' not in page


def test_my_page_has_leaving_as_a_button_and_the_last_thing(client, worker):
    """A row of the menu leads to a page; this one would have ended the log-in."""
    page = main_of(client)

    last = page.rindex("<form")
    assert last > page.index('class="rowmenu"')
    assert f'action="{reverse("account_logout")}"' in page[last:]
    assert page.count("退出登录") == 1
    assert page.rindex("退出登录") > page.rindex("<a ")


def test_my_page_row_of_the_verification_says_how_it_stands(client, worker):
    verified = main_of(client)
    client.force_login(make_user())
    not_yet = main_of(client)

    assert '职工身份<span class="muted">已认证</span>' in verified
    assert '职工身份<span class="muted">未认证</span>' in not_yet


def test_my_page_staff_find_the_back_office_first(client):
    client.force_login(make_user(is_staff=True))

    assert rows(main_of(client)) == ["管理后台", *MENU]


def test_own_data_page_names_what_there_is_no_record_of(client, worker):
    page = markup(client.get(reverse("my-data")))

    assert ">暂无记录的项目</h2>" in page


def test_my_page_shows_the_teams_one_belongs_to(client, worker):
    own = make_team(name="示例护江队")
    make_membership(team=own, worker=worker, is_home=True)
    led = make_team(name="示例宣讲队", leader=worker)
    ended = make_team(name="示例旧队")
    make_membership(team=ended, worker=worker)
    VolunteerTeam.objects.filter(pk=ended.pk).update(is_active=False)
    make_membership(team=make_team(name="别人的队"))

    page = main_of(client)

    teams = page[
        page.index('id="teams"') : page.index("</section>", page.index('id="teams"'))
    ]
    rows = [
        re.sub(r"<[^>]*>", " ", row).split()
        for row in re.findall(r"<li>(.*?)</li>", teams)
    ]
    assert [row[0] for row in rows] == ["示例护江队", "示例旧队", "示例宣讲队"]
    assert rows[0][1].startswith("主队")
    assert rows[2][1] == "队长"
    assert own.get_absolute_url() in teams and led.get_absolute_url() in teams
    assert ended.get_absolute_url() not in teams


def test_my_page_mentions_no_team_to_who_is_in_none(client, worker):
    make_membership(team=make_team())

    assert "我的队伍" not in main_of(client)
