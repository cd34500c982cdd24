"""An empty submission of every form of the account: a sentence at each field that is due,
the page again, and nothing done, not even half."""

import re
from html import unescape

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.urls import reverse

from members.models import User
from tests.factories import (
    PASSWORD,
    make_union,
    make_user,
    make_worker_with_login,
)
from tests.members.guard import make_staff
from tests.members.phone_tools import ask, type_in
from tests.pages import markup

pytestmark = pytest.mark.django_db

NUMBER = "13912345678"


def everything():
    """Every row of every table, but for the sessions, where pages keep their messages."""
    kept = [m for m in apps.get_models() if m is not Session and m._meta.managed]
    return {m._meta.label: list(m.objects.order_by("pk").values()) for m in kept}


def sentences(page):
    """Field → what is said at it; every sentence also stands in the summary, with a way
    to its field."""
    said = dict(
        re.findall(
            r'id="id_(\w+)_error"><p[^>]*>.*?错误：(.*?)</span>', page, re.DOTALL
        )
    )
    summary = dict(re.findall(r'<li><a href="#id_(\w+)">[^<]*：(.*?)</a>', page))
    assert said == summary
    return {field: unescape(text) for field, text in said.items()}


def stranger(client, outbox):
    """Nobody yet."""


def with_a_code(client, outbox):
    ask(client, "account_signup", NUMBER)


def resetting(client, outbox):
    make_user(phone=NUMBER)
    ask(client, "account_reset_password", NUMBER)
    type_in(client, outbox.code_for(NUMBER))


def logged_in(client, outbox):
    client.force_login(make_user(phone=NUMBER))


def may_change_number(client, outbox):
    logged_in(client, outbox)
    client.post(reverse("account_change_phone"), {"password": PASSWORD})


def as_worker(client, outbox):
    client.force_login(make_worker_with_login().user)


def without_password(client, outbox):
    logged_in(client, outbox)
    user = User.objects.get()
    user.set_unusable_password()
    user.save()
    client.force_login(user)


def as_staff(client, outbox):
    client.force_login(make_staff(phone=NUMBER))


def with_factor(client, outbox):
    client.force_login(make_staff(phone=NUMBER, with_factor=True))


def at_the_second_factor(client, outbox):
    make_staff(phone=NUMBER, with_factor=True)
    client.post(reverse("account_login"), {"login": NUMBER, "password": PASSWORD})


FORMS = {
    "log-in": (
        stranger,
        "account_login",
        {"login": "请填写手机号", "password": "请填写密码"},
    ),
    "sign-up": (
        stranger,
        "account_signup",
        {"phone": "请填写手机号", "agreed": "同意后才能继续"},
    ),
    "code": (with_a_code, "account_code", {"code": "请填写短信验证码"}),
    "log-in by code": (
        stranger,
        "account_request_login_code",
        {"phone": "请填写手机号", "agreed": "同意后才能继续"},
    ),
    "reset": (stranger, "account_reset_password", {"phone": "请填写手机号"}),
    "reset, the password": (
        resetting,
        "account_set_password",
        {"password": "请填写密码"},
    ),
    "change of number": (
        logged_in,
        "account_change_phone",
        {"password": "请填写密码"},
    ),
    "change of number, the new one": (
        may_change_number,
        "account_change_phone_new",
        {"phone": "请填写手机号"},
    ),
    "password": (
        logged_in,
        "account_change_password",
        {
            "oldpassword": "请填写现在的密码",
            "password1": "请填写新密码",
            "password2": "请再填一次新密码",
        },
    ),
    "display name": (logged_in, "my-name", {"name": "请填写称呼"}),
    "correction": (as_worker, "my-correction", {"field": "请选择哪一项有误"}),
    "closing": (logged_in, "my-close", {"password": "请填写登录密码"}),
    "closing without a password": (
        without_password,
        "my-close",
        {"word": "请输入“注销”二字"},
    ),
    "second factor": (
        at_the_second_factor,
        "mfa_authenticate",
        {"code": "请填写动态口令"},
    ),
    "setting it up": (as_staff, "mfa_set_up", {"code": "请填写动态口令"}),
    "recovery codes": (
        with_factor,
        "mfa_recovery_codes",
        {"code": "请填写动态口令"},
    ),
    "switching it off": (with_factor, "mfa_switch_off", {"code": "请填写动态口令"}),
}


# of a password a blank is a part, and a tick is a tick
BLANK = [
    form
    for form, (_reach, _name, due) in FORMS.items()
    if due.keys() <= {"phone", "code", "name", "word"}
]


@pytest.mark.parametrize(
    ("form", "typed"),
    [(form, None) for form in FORMS] + [(form, "　 ") for form in BLANK],
)
def test_forms_sent_empty_say_at_each_field_what_is_due(client, outbox, form, typed):
    reach, name, due = FORMS[form]
    reach(client, outbox)
    client.get(reverse(name))
    before, texts = everything(), outbox.texts

    answer = client.post(reverse(name), dict.fromkeys(due, typed) if typed else {})

    page = markup(answer)
    assert answer.status_code == 200
    assert "<title>有误：" in page
    assert sentences(page) == due
    assert everything() == before
    assert outbox.texts == texts


def test_verify_sent_empty_says_so_and_costs_no_try(client, outbox):
    logged_in(client, outbox)
    union = make_union()
    before = everything()

    answer = client.post(reverse("my-verify"), {"union": union.pk})
    without_union = client.post(reverse("my-verify"), {})

    assert "<title>有误：" in markup(answer)
    assert sentences(markup(answer)) == {
        "name": "请填写姓名",
        "member_number": "请填写会员编号，或身份证号码后六位",
    }
    assert without_union["Location"] == reverse("my-verify")
    assert everything() == before


def test_withdraw_identity_consent_says_when_there_is_none(client, outbox):
    """The form has no field: pressing its button is the whole of it."""
    as_worker(client, outbox)
    before = everything()

    done = client.post(reverse("my-consent-withdraw"), {})
    page = markup(client.get(done["Location"]))

    assert done["Location"] == reverse("my-data")
    assert "未能办理</strong>　" in page
    assert "没有" in page[page.index("未能办理") :][:60]
    assert everything() == before


def test_download_own_data_of_no_kind_gives_no_file(client, outbox):
    as_worker(client, outbox)
    before = everything()

    answer = client.post(reverse("my-data-download"), {})

    assert answer["Location"] == reverse("my-data-download")
    assert everything() == before


@pytest.mark.parametrize("name", ["login", "password"])
def test_log_in_page_takes_no_more_in_a_box_than_a_person_types(client, name):
    """A password of megabytes is a hash of megabytes."""
    typed = {"login": "13800000000", "password": "x" * 20} | {name: "1" * 5000}

    answer = client.post(reverse("account_login"), typed)

    assert answer.status_code == 200
    assert answer.context["form"].errors.as_data()[name][0].code == "max_length"
