"""A visitor's POST that needs a log-in: they land on the log-in page, are told why, lose
no way back, and nothing was done."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from members.models import UnionOrg
from tests.members.guard import log_in, make_staff
from tests.members.test_kept import UNION, end_session
from tests.pages import markup
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db

OVER = "登录已过期，请重新登录。刚才提交的没有办理，登录后请再提交一次"
FIRST = "请先登录，登录后请重新提交"


@pytest.fixture
def staff():
    write_roles()
    return make_staff(roles=["系统管理员"])


def said_at_the_log_in(client, answer):
    """The log-in page an answer leads to, over the back office's own door if need be:
    its address and the sentences above the form."""
    assert answer.status_code == 302
    page = client.get(answer["Location"], follow=True)
    address = page.redirect_chain[-1][0] if page.redirect_chain else answer["Location"]
    assert page.resolver_match.view_name == "account_login"
    said = re.findall("</strong>　(.*?)</p>", markup(page))
    return address, said


def forget_session(client, how):
    """The browser lost its cookie, or the server the row it names."""
    if how == "no cookie":
        del client.cookies["sessionid"]
    elif how == "unknown":
        Session.objects.all().delete()
    else:
        client.cookies["sessionid"] = {"changed": "x" * 32, "broken": "x"}[how]


@pytest.mark.parametrize(
    ("how", "sentence"),
    [("no cookie", FIRST), ("unknown", OVER), ("changed", OVER), ("broken", OVER)],
)
@pytest.mark.parametrize(
    "name",
    [
        "my-name",
        "my-verify",
        "my-close",
        "account_change_phone",
        "account_change_password",
        "admin:members_unionorg_add",
    ],
)
def test_log_in_page_says_why_to_who_sends_without_a_session(
    client, staff, name, how, sentence
):
    log_in(client)
    forget_session(client, how)

    answer = client.post(reverse(name), UNION | {"password": "Sehr-Geheim-2018"})
    address, said = said_at_the_log_in(client, answer)
    held = str(dict(client.session.items()))
    back = log_in(client, to=reverse(name))

    assert unquote(address) == f"{reverse('account_login')}?next={reverse(name)}"
    assert said == [sentence]
    assert UNION["name"] not in held
    assert "Sehr-Geheim" not in held
    assert back["Location"] == reverse(name)
    assert not UnionOrg.objects.exists()


@pytest.mark.parametrize("another_tab_looked", [False, True])
@pytest.mark.parametrize("name", ["account_change_password", "admin:password_change"])
def test_log_in_page_says_why_to_who_sends_a_password_too_late(
    client, staff, name, another_tab_looked
):
    """Nothing of it is kept, but it is said why they see the log-in."""
    log_in(client)
    end_session(client, "idle")
    if another_tab_looked:
        client.get("/admin/")

    answer = client.post(reverse(name), {"oldpassword": "x"})
    if answer["Location"] == reverse("account_change_password"):
        answer = client.post(answer["Location"], {"oldpassword": "x"})

    assert said_at_the_log_in(client, answer)[1] == [OVER]


def test_log_in_page_mentions_a_kept_form_once(client, staff):
    log_in(client)
    end_session(client, "idle")

    answer = client.post(reverse("admin:members_unionorg_add"), UNION)

    assert said_at_the_log_in(client, answer)[1] == [
        "登录已过期，请重新登录。您填写的内容已保留"
    ]


def test_log_in_page_mentions_no_submission_to_who_only_reads(client, staff):
    log_in(client)
    forget_session(client, "unknown")

    answer = client.get(reverse("my"))

    assert said_at_the_log_in(client, answer)[1] == []


@pytest.mark.parametrize(("how", "sentence"), [("no cookie", FIRST), ("unknown", OVER)])
def test_log_in_page_says_why_to_who_loses_a_log_in_half_way(client, how, sentence):
    make_staff(with_factor=True)
    assert log_in(client)["Location"] == reverse("mfa_authenticate")
    forget_session(client, how)

    answer = client.post(reverse("mfa_authenticate"), {"code": "123456"})

    assert said_at_the_log_in(client, answer)[1] == [sentence]


@pytest.mark.parametrize("how", ["no cookie", "unknown"])
def test_log_in_page_says_nothing_of_a_session_after_a_wrong_password(
    client, staff, how
):
    log_in(client)
    forget_session(client, how)

    wrong = markup(log_in(client, password="wrong"))
    right = log_in(client)

    assert OVER not in wrong
    assert FIRST not in wrong
    page = markup(client.get(right["Location"]))
    assert OVER not in page
    assert FIRST not in page


@pytest.mark.parametrize("how", ["no cookie", "unknown"])
@pytest.mark.parametrize("asked", ["//evil.example/", "https://evil.example/", "//["])
def test_log_in_page_leads_a_bounced_submission_back_to_this_site_only(
    client, staff, how, asked
):
    """The page's address is kept as it was; another that stands in it is only text."""
    log_in(client)
    forget_session(client, how)

    answer = client.post(f"{reverse('my-name')}?next={asked}", {"name": "示例"})
    address, _said = said_at_the_log_in(client, answer)
    (target,) = parse_qs(urlsplit(address).query)["next"]
    back = log_in(client, to=target)

    assert urlsplit(answer["Location"]).netloc == ""
    assert target.startswith(reverse("my-name"))
    assert back["Location"].startswith(reverse("my-name"))
