"""认证职工身份 as a worker meets it: a search, a form, one sentence."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import crypto
from members.models import VerificationTry, Worker
from tests.factories import (
    make_offering,
    make_union,
    make_user,
    make_worker,
    make_worker_with_login,
)
from tests.pages import markup

pytestmark = pytest.mark.django_db
PAGE = "/my/verify/"
LAST6 = "31002X"


@pytest.fixture
def row():
    return make_worker(
        name="王示刚",
        union_org=make_union(),
        member_number="SL-7",
        identity_last6_hmac=crypto.digest("identity-last6", LAST6),
    )


@pytest.fixture
def user(client):
    user = make_user()
    client.force_login(user)
    return user


def post(client, row, **data):
    data = {"name": "王示刚", "identity_last6": LAST6, "consent": "on"} | data
    data.setdefault("union", row.union_org.pk)
    return client.post(PAGE, {key: value for key, value in data.items() if value})


def test_verify_page_from_the_search_to_the_seat_without_any_script(client, user, row):
    offering = make_offering()
    refused = client.post(reverse("signups:signup-create", args=[offering.pk]))
    make_union()
    search = client.get(refused["Location"] + "&q=示例")
    text = markup(search)
    chosen = re.findall(r'href="(/my/verify/\?union=\d+[^"]*)"', text)[0]
    form = markup(client.get(chosen.replace("&amp;", "&")))
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))

    done = post(client, row, next=hidden["next"], union=hidden["union"])

    row.refresh_from_db()
    assert row.user == user
    check = reverse("signups:signup-create", args=[offering.pk])
    assert (done.status_code, done["Location"]) == (302, check)
    again = client.post(check)
    assert "/signups/" in again["Location"]


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("𠮷" * 30, "𠮷" * 30),
        ("阿" * 14 + "·" + "示" * 15, "阿" * 14 + " ・ " + "示" * 15),
    ],
)
def test_verify_page_longest_name_fits_the_box(client, user, row, stored, typed):
    """A browser counts a character outside the BMP twice."""
    Worker.objects.filter(pk=row.pk).update(name=stored)
    units = len(typed.encode("utf-16-le")) // 2

    page = client.get(PAGE, {"union": row.union_org.pk})
    post(client, row, name=typed)

    box = page.context["form"].fields["name"].widget
    assert int(box.attrs["maxlength"]) >= units
    row.refresh_from_db()
    assert row.user == user


@pytest.mark.parametrize("foreign", ["https://evil.example/", "//evil.example", "java"])
def test_verify_page_nobody_is_led_to_another_host(client, user, row, foreign):
    done = post(client, row, next=foreign)

    assert done["Location"] == "/my/"


@pytest.mark.parametrize(
    ("data", "field", "said"),
    [
        ({"name": ""}, "name", "请填写姓名"),
        ({"identity_last6": ""}, "member_number", "请填写会员编号，或身份证号码后六位"),
        ({"member_number": "SL-7"}, "identity_last6", "两种方式任选一种，请只填写一项"),
        ({"consent": ""}, "consent", "请先阅读说明，同意核对身份证号码后六位，再打勾"),
        (
            {"identity_last6": "1002"},
            "identity_last6",
            "请填写身份证号码的最后6位，现在是4位",
        ),
    ],
)
def test_verify_page_reports_a_slip_of_the_hand_at_its_box_and_counts_no_try(
    client, user, row, data, field, said
):
    response = post(client, row, **data)

    assert response.context["form"].errors[field] == [said]
    assert not VerificationTry.objects.exists()


def test_verify_page_field_that_hangs_on_another_says_so_in_words(client, user, row):
    """None of the three may be left out for nothing: 选填 would be untrue."""
    page = markup(client.get(PAGE, {"union": row.union_org.pk}))

    need = r'(?:for="id_(\w+)"(?:(?!</label>).)*?)class="field__need">([^<]*)<'
    assert re.findall(need, page[page.index("<h2") :]) == [
        ("name", "必填"),
        ("member_number", "二选一"),
        ("identity_last6", "二选一"),
        ("consent", "用方式二时必选"),
    ]


def test_verify_page_notice_stands_folded_before_what_it_is_about(client, user, row):
    """PIPL art. 17, 30: told before it is asked. Its line is in sight, and so is the
    sentence that nothing is kept; unfolded for who forgot to agree."""
    page = markup(client.get(PAGE, {"union": row.union_org.pk}))
    missed = markup(post(client, row, consent=""))

    (fold,) = re.findall(r"<details.*?</details>", page, re.DOTALL)[-1:]
    summary = fold[: fold.index("</summary>")]
    assert fold.startswith('<details class="fold"><summary>填写前请先阅读')
    assert all(word in summary for word in ["用途", "保存", "撤回"])
    assert all(word in fold for word in ["用途", "不可还原", "改填会员编号", "撤回"])
    outside = page.replace(fold, "")
    assert "只用来与工会名册核对，不保存。" in outside
    places = [page.index(what) for what in (fold, 'id="id_identity_last6"')]
    assert [page.index("不保存。"), *places] == sorted(
        [page.index("不保存。"), *places]
    )
    assert places[1] < page.index('id="id_consent"')
    assert "我已阅读上面的说明" in page[places[1] :]
    assert '<details class="fold" open>' in missed


def test_verify_page_empty_search_gets_its_sentence_from_the_page(client, user):
    """Not from the browser, whose bubble speaks its own language and goes away."""
    page = markup(client.get(PAGE, {"q": ""}))
    (form,) = re.findall(r'<form[^>]*role="search"[^>]*>', page[page.index("<main") :])

    assert "novalidate" in form
    assert "错误：请填写单位或工会的名称" in page


def test_verify_page_wrong_try_keeps_what_was_typed_and_says_how_many_are_left(
    client, user, row
):
    text = markup(post(client, row, name="王错"))

    assert "所填信息与名册不符，还可以再试2次。" in text
    assert 'value="王错"' in text


def test_verify_page_after_three_the_page_says_until_when_and_shows_no_form(
    client, user, row
):
    for _ in range(3):
        post(client, row, name="王错")

    text = markup(client.get(PAGE, {"union": row.union_org.pk}))

    assert "已连续3次与名册不符，请于" in text
    assert "当面认证" in text
    assert "identity_last6" not in text


def body(response):
    text = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", markup(response))
    return response.status_code, text


def test_verify_page_wrong_taken_and_left_cannot_be_told_apart(client, row):
    """The same name and numbers are typed; only the roster differs."""
    answers = []
    for state in ("wrong", "taken", "left"):
        Worker.objects.filter(pk=row.pk).update(
            identity_last6_hmac="" if state == "wrong" else row.identity_last6_hmac,
            user=make_user() if state == "taken" else None,
            left_at="2026-01-01T00:00:00Z" if state == "left" else None,
        )
        client.force_login(make_user(name="同名"))
        answers.append(body(post(client, row)))
        VerificationTry.objects.all().delete()  # they would count for the next one

    assert answers[0] == answers[1] == answers[2]


def statements(client, row, name):
    """Those of one post by a fresh account at a row nobody tried, without values."""
    VerificationTry.objects.all().delete()
    client.force_login(make_user())
    with CaptureQueriesContext(connection) as queries:
        post(client, row, name=name, identity_last6="999999")
    return [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries]


def test_verify_page_wrong_and_taken_cost_the_same_statements(client, row):
    """The audit knows which it was; what the database is asked tells neither, and so
    neither does the clock."""
    make_worker_with_login(
        name="李占用",
        union_org=row.union_org,
        identity_last6_hmac=crypto.digest("identity-last6", "999999"),
    )
    statements(client, row, "李没有")  # the cached pieces of the page are made

    taken, wrong = (statements(client, row, name) for name in ("李占用", "李没有"))

    assert taken == wrong


def test_verify_page_says_so_after_a_search_for_nothing(client, user):
    html = markup(client.get(PAGE, {"q": " "}))

    assert "请填写单位或工会的名称" in html
    assert "请填写单位或工会的名称" not in markup(client.get(PAGE))


def test_verify_page_says_whom_to_call_to_who_finds_no_union(client, user):
    html = markup(client.get(PAGE, {"q": "没有这个"}))

    assert "没有找到" in html
    assert 'href="tel:12351"' in html.partition("<main")[2].partition("</main")[0]


def test_verify_page_what_is_typed_stands_in_no_address(client, user, row):
    form = markup(client.get(PAGE, {"union": row.union_org.pk}))

    assert f'method="post" action="{PAGE}"' in form
    assert 'method="get"' not in form.split("<main")[1].split("</main")[0]


@pytest.mark.parametrize("union", ["", "0", "-1", "abc", "9" * 30, "１"])
def test_verify_page_union_that_is_not_there_is_searched_for(client, user, union):
    assert client.get(PAGE, {"union": union}).status_code == 200
    assert client.post(PAGE, {"union": union, "name": "王"}).status_code == 302


def test_verify_page_who_is_verified_reads_so(client):
    worker = make_worker_with_login()
    client.force_login(worker.user)

    text = markup(client.get(PAGE))

    assert "您已认证职工身份" in text
    assert worker.union_org.name in text


@pytest.mark.parametrize("unions", [2, 15])
def test_verify_page_search_costs_the_same_however_much_is_found(client, user, unions):
    for _ in range(unions):
        make_union()
    client.get(PAGE, {"q": "示例"})

    with CaptureQueriesContext(connection) as queries:
        response = client.get(PAGE, {"q": "示例"})

    assert len(response.context["found"].orgs) == unions
    assert len(queries) == 8


def test_verify_page_is_where_every_refusal_for_want_of_a_worker_leads(client, user):
    offering = make_offering()

    answers = [
        client.get(reverse("signups:signup-create", args=[offering.pk]))["Location"],
        markup(client.get(reverse("my"))),
        markup(client.get(reverse("my-correction"))),
    ]

    assert answers[0].startswith(PAGE)
    for text in answers[1:]:
        assert f'href="{PAGE}"' in text.split("<main")[1].split("</main")[0]
