"""A form that met an ended session is kept for whoever filled it in, and for nobody
else."""

import re
import time
from datetime import timedelta
from html import unescape
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from members.models import UnionOrg
from members.security import kept
from tests.factories import PASSWORD, make_offering, make_user, make_worker
from tests.members.guard import NUMBER, is_in, log_in, make_staff
from tests.pages import markup
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db

KEPT = "/accounts/kept/"
OTHER = "13912345679"


@pytest.fixture
def staff():
    write_roles()
    return make_staff(roles=["系统管理员"])


@pytest.fixture
def other():
    return make_staff(phone=OTHER, roles=["系统管理员"])


@pytest.fixture
def union_page():
    return reverse("admin:members_unionorg_add")


UNION = {"name": "示例一厂工会", "code": "5104", "level": "grassroots", "parent": ""}


def end_session(client, how):
    """The half hour of staff is over, or anybody's week."""
    rows = Session.objects.filter(pk=client.cookies["sessionid"].value)
    how_long = {"idle": timedelta(minutes=31), "expired": timedelta(days=8)}[how]
    rows.update(expire_date=rows.get().expire_date - how_long)


def hidden(page):
    """The form that the page would send again: its address, and its fields in order."""
    form = page[page.index('action="', page.index("<main")) :]
    pairs = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form)
    fields = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(unescape(value))
    address = unescape(form[8 : form.index('"', 8)])
    return address, {n: v for n, v in fields.items() if n != "csrfmiddlewaretoken"}


@pytest.mark.parametrize("how", ["idle", "expired"])
def test_kept_form_of_the_back_office_comes_back_and_is_sent_again(
    client, staff, union_page, how
):
    log_in(client)
    end_session(client, how)

    refused = client.post(union_page, UNION)
    login_page = markup(client.get(refused["Location"]))
    back = log_in(client, to=KEPT)
    page = markup(client.get(back["Location"]))

    assert refused["Location"] == f"{reverse('account_login')}?next=/accounts/kept/"
    assert "登录已过期，请重新登录。您填写的内容已保留" in login_page
    assert back["Location"] == KEPT
    for label, value in [
        ("名称", UNION["name"]),
        ("编码", "5104"),
        ("层级", "基层工会"),
    ]:
        assert f"<dt>{label}</dt><dd>{value}</dd>" in page
    address, fields = hidden(page)
    assert address == union_page
    assert not UnionOrg.objects.exists()

    client.post(address, fields)

    assert UnionOrg.objects.get().name == UNION["name"]
    assert "没有保留的内容" in markup(client.get(KEPT))


def test_kept_form_of_the_sign_up_check_page_comes_back(client):
    offering = make_offering()
    worker = make_worker(user=make_user(phone=NUMBER))
    page = reverse("signups:signup-create", args=[offering.pk])
    log_in(client)
    end_session(client, "expired")

    client.post(page, {"promised": "seat", "agree": "on"})
    log_in(client, to=KEPT)
    shown = markup(client.get(KEPT))
    address, fields = hidden(shown)
    client.post(address, fields)

    assert "<dt>我已阅读并同意报名须知</dt><dd>是</dd>" in shown
    assert worker.signups.count() == 1


def test_kept_form_is_not_lost_by_a_first_request_from_another_tab(
    client, staff, union_page
):
    """The tab that notices first that the time is over need not be the one with the
    form."""
    log_in(client)
    end_session(client, "idle")
    client.get("/admin/")
    client.get("/")

    client.post(union_page, UNION)
    log_in(client)

    assert UNION["name"] in markup(client.get(KEPT))


def test_kept_form_is_not_given_to_a_stranger_at_the_same_browser(
    client, staff, other, union_page
):
    log_in(client)
    end_session(client, "idle")
    client.post(union_page, UNION)

    visitor = client.get(KEPT)
    log_in(client, phone=OTHER)
    page = markup(client.get(KEPT))
    everywhere = page + markup(client.get("/"))

    assert visitor.status_code == 302
    assert "没有保留的内容" in page
    assert "kept_form" not in client.session
    assert UNION["name"] not in everywhere
    client.post(reverse("account_logout"))
    log_in(client)
    assert "没有保留的内容" in markup(client.get(KEPT))


def test_kept_form_of_somebody_else_in_ones_own_session_is_not_shown(
    client, staff, other, union_page
):
    """The second lock, should the first not have dropped it at the log-in."""
    log_in(client)
    end_session(client, "idle")
    client.post(union_page, UNION)
    log_in(client)
    session = client.session
    session["kept_form"] = session["kept_form"] | {"user": other.pk}
    session.save()

    assert "没有保留的内容" in markup(client.get(KEPT))


def test_kept_form_is_none_for_a_visitor_who_was_never_logged_in(
    client, staff, union_page
):
    client.get(reverse("account_login"))

    client.post(union_page, UNION)
    log_in(client)

    assert "没有保留的内容" in markup(client.get(KEPT))


@pytest.mark.parametrize("way", ["log out", "log out elsewhere"])
def test_kept_form_is_none_after_leaving_on_purpose(client, staff, union_page, way):
    log_in(client)
    elsewhere = Client()
    log_in(elsewhere)
    if way == "log out":
        client.post(reverse("account_logout"))
    else:
        elsewhere.post(reverse("account_end_devices"))

    client.post(union_page, UNION)
    log_in(client)

    assert "没有保留的内容" in markup(client.get(KEPT))


def test_kept_form_never_has_passwords_and_codes(client, staff):
    log_in(client)
    end_session(client, "idle")

    client.post(
        reverse("admin:members_user_add"),
        {"name": "示例甲", "phone": "13700000000", "password1": "Sehr-Geheim-2018"},
    )

    assert "Sehr-Geheim-2018" not in str(dict(client.session.items()))
    log_in(client)
    page = markup(client.get(KEPT))
    assert "密码和验证码没有保留" in page
    assert "示例甲" in page
    assert "Sehr-Geheim" not in page


def test_kept_form_never_has_a_code_of_a_public_page(client):
    make_user(phone=NUMBER)
    offering = make_offering()
    log_in(client)
    end_session(client, "expired")

    client.post(
        reverse("signups:signup-create", args=[offering.pk]),
        {"promised": "seat", "sms_code": "135790"},
    )

    assert "135790" not in str(dict(client.session.items()))


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_change_password",
        "account_logout",
        "admin:login",
        "admin:logout",
        "admin:password_change",
    ],
)
def test_kept_form_is_never_one_sent_to_the_pages_of_the_account(client, staff, name):
    log_in(client)
    end_session(client, "idle")

    client.post(reverse(name), {"login": "x", "note": "示例内容"})

    assert "kept_form" not in client.session


def test_kept_form_has_no_files_and_says_so(client, staff, union_page):
    log_in(client)
    end_session(client, "idle")

    upload = SimpleUploadedFile("photo.jpg", b"not really a picture")
    client.post(union_page, UNION | {"photo": upload})
    log_in(client)
    page = markup(client.get(KEPT))

    assert "所选的文件没有保留" in page
    assert "not really" not in page
    assert "photo.jpg" not in page


@pytest.mark.parametrize("length, is_kept", [(60_000, True), (66_000, False)])
def test_kept_form_has_at_most_64_kilobytes_and_says_when_there_was_more(
    client, staff, union_page, length, is_kept
):
    log_in(client)
    end_session(client, "idle")

    refused = client.post(union_page, UNION | {"name": "x" * length})
    login_page = markup(client.get(refused["Location"]))

    assert ("您填写的内容已保留" in login_page) is is_kept
    assert ("您填写的内容太长，没能保留" in login_page) is not is_kept
    assert ("kept_form" in client.session) is is_kept


def test_kept_form_lies_encrypted(client, staff, union_page):
    log_in(client)
    end_session(client, "idle")

    client.post(union_page, UNION | {"name": "KEPTSECRETLY"})

    assert client.session["kept_form"]
    assert not any("KEPTSECRETLY" in s.session_data for s in Session.objects.all())


def test_kept_form_is_gone_a_day_later(client, staff, union_page):
    log_in(client)
    end_session(client, "idle")
    client.post(union_page, UNION)
    session = client.session
    session["kept_form"] = session["kept_form"] | {"at": 0}
    session.save()

    log_in(client)

    assert "没有保留的内容" in markup(client.get(KEPT))


def test_kept_form_is_dropped_when_it_is_no_longer_wanted(client, staff, union_page):
    log_in(client)
    end_session(client, "idle")
    client.post(union_page, UNION)
    log_in(client)

    client.get(reverse("account_kept_drop"))
    assert UNION["name"] in markup(client.get(KEPT))
    client.post(reverse("account_kept_drop"))

    assert "没有保留的内容" in markup(client.get(KEPT))


def test_kept_form_is_none_from_another_site(staff, union_page):
    """Else it would wait there with a button to send it."""
    browser = Client(enforce_csrf_checks=True)
    browser.get(reverse("account_login"))
    token = browser.cookies["csrftoken"].value
    sent = {"login": NUMBER, "password": "demo-2018", "csrfmiddlewaretoken": token}
    browser.post(reverse("account_login"), sent)
    assert is_in(browser)
    end_session(browser, "idle")

    answer = browser.post(union_page, UNION)

    assert answer.status_code == 403
    assert "kept_form" not in browser.session


def token_in(page):
    return re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]


def log_in_as_a_browser(browser, phone):
    page = markup(browser.get(reverse("account_login")))
    log_in_with = {"login": phone, "password": PASSWORD}
    browser.post(
        reverse("account_login"),
        log_in_with | {"csrfmiddlewaretoken": token_in(page)},
    )
    assert is_in(browser)


@pytest.mark.parametrize("who, is_taken", [(NUMBER, True), (OTHER, False)])
def test_kept_form_is_taken_after_a_log_in_in_another_tab(
    staff, other, union_page, who, is_taken
):
    """The log-in changes the token that forms carry; whoever comes back to the tab with
    what they typed must not meet a refusal. Anybody else must."""
    browser = Client(enforce_csrf_checks=True)
    log_in_as_a_browser(browser, NUMBER)
    form = markup(browser.get(union_page))
    end_session(browser, "idle")
    browser.get("/admin/")
    log_in_as_a_browser(browser, who)

    answer = browser.post(union_page, UNION | {"csrfmiddlewaretoken": token_in(form)})

    assert answer.status_code == (302 if is_taken else 403)
    assert UnionOrg.objects.exists() is is_taken


def test_log_out_on_purpose_gives_another_token(staff, union_page):
    browser = Client(enforce_csrf_checks=True)
    log_in_as_a_browser(browser, NUMBER)
    form = markup(browser.get(union_page))
    token = token_in(form)
    browser.post(reverse("account_logout"), {"csrfmiddlewaretoken": token})
    log_in_as_a_browser(browser, NUMBER)

    answer = browser.post(union_page, UNION | {"csrfmiddlewaretoken": token})

    assert answer.status_code == 403


def test_kept_form_shows_what_was_typed_as_text(client, staff, union_page):
    log_in(client)
    end_session(client, "idle")
    client.post(union_page, UNION | {"name": '"><img src=x onerror=alert(1)>'})
    log_in(client)

    page = markup(client.get(KEPT))

    assert "<img src=x" not in page


def test_kept_form_is_sent_to_an_address_on_this_site(client, staff, union_page, rf):
    log_in(client)
    end_session(client, "idle")
    evil = "//evil.example" + union_page

    # in the line of the request, as a browser sends it to this server
    answer = client.post("/", UNION, PATH_INFO=evil)

    assert answer.status_code == 404
    assert "kept_form" not in client.session
    # and should such an address lead to a page one day
    assert kept._address(rf.post("/", PATH_INFO=evil)) == evil[1:]


def test_kept_form_is_none_in_a_browser_that_stood_open_for_days(
    client, staff, union_page
):
    """Whoever sits at it now is sent on to no log-in for what they send."""
    log_in(client)
    end_session(client, "idle")
    client.get("/admin/")
    session = client.session
    session["lapsed_session"] = session["lapsed_session"] | {
        "at": time.time() - 24 * 3600 - 1
    }
    session.save()

    client.post(union_page, UNION)

    assert "kept_form" not in client.session


def test_kept_form_shows_an_article_by_its_labels_without_hidden_fields(client):
    write_roles()
    make_staff(roles=["编辑"])
    log_in(client)
    end_session(client, "idle")
    client.post(
        reverse("admin:news_article_add"),
        {
            "base": "0",
            "title": "木棉花开",
            "body": "<p>第一段。</p><p>第二段。</p>",
            "publish_at_0": "2018-06-01",
            "publish_at_1": "08:30",
            "byline-TOTAL_FORMS": "1",
            "byline-0-name": "示例记者",
            "byline-__prefix__-role": "reporter",
            "_save": "保存",
        },
    )
    log_in(client)

    page = markup(client.get(KEPT))
    shown = re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", page)

    assert ("标题", "木棉花开") in shown
    assert ("正文", "第一段。第二段。") in shown
    assert "示例记者" in dict(map(reversed, shown))
    assert not re.search("<dt>[a-z_-]+</dt>", page)
    assert hidden(page)[1]["byline-__prefix__-role"] == ["reporter"]


@pytest.mark.parametrize(
    ("where", "sent", "shown"),
    [
        ("my-name", {"name": "示例新名"}, [("称呼", "示例新名")]),
        (
            "my-correction",
            {
                "field": "member_number",
                "proposed": "SL-8",
                "note": "",
                "ask": "提交申请",
            },
            [("哪一项有误", "会员编号"), ("正确内容", "SL-8")],
        ),
        (
            "my-verify",
            {"union": "7", "next": "/", "name": "示例甲", "member_number": "SL-8"},
            [("姓名", "示例甲"), ("会员编号", "SL-8")],
        ),
        ("my-data-download", {"format": "json"}, []),
    ],
)
def test_kept_form_shows_a_public_form_by_its_labels_and_nothing_else(
    client, staff, where, sent, shown
):
    """Names and buttons of the source are no words for people."""
    log_in(client)
    end_session(client, "idle")
    client.post(reverse(where), sent)
    log_in(client)

    html = markup(client.get(KEPT))

    assert re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", html) == shown
    assert f'href="{reverse(where)}"' in html
    assert sent.items() <= {k: v[0] for k, v in hidden(html)[1].items()}.items()


@pytest.mark.parametrize("fields", [0, 20])
def test_kept_form_page_costs_the_same_however_much_was_typed(
    client, staff, union_page, django_assert_num_queries, fields
):
    log_in(client)
    end_session(client, "idle")
    client.post(union_page, UNION | {f"more{n}": "x" for n in range(fields)})
    log_in(client)
    client.get("/")

    # session, user, frame, unread notices, rights of two kinds
    with django_assert_num_queries(6):
        client.get(KEPT)


def test_kept_form_shows_broken_markup_without_parsing_it(client, staff, union_page):
    """Python's parser looked for the end of each of these tags to the end of the text:
    this form took fifteen seconds to read."""
    log_in(client)
    end_session(client, "idle")
    sent = urlencode(UNION | {"name": "<a " * 8000, "-1" * 9000 + "\n\nx": "x"})
    client.post(union_page, sent, content_type="application/x-www-form-urlencoded")
    back = log_in(client, to=KEPT)

    with patch("html.parser.HTMLParser.feed", side_effect=AssertionError):
        page = markup(client.get(back["Location"]))

    assert "<dt>编码</dt><dd>5104</dd>" in page


def test_what_a_script_sends_does_not_take_the_place_of_a_form(
    client, staff, union_page
):
    log_in(client)
    end_session(client, "idle")
    client.post(union_page, UNION)

    by_script = client.post(
        union_page, UNION | {"name": "别的"}, headers={"accept": "application/json"}
    )

    assert by_script.status_code == 302
    kept_name = dict(client.session[kept.KEPT]["fields"])["name"]
    assert kept_name == UNION["name"]
