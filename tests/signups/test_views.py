"""Asking at the desk through its pages: check page, asking, result, cancelling."""

import re
from datetime import timedelta
from urllib.parse import quote

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from common import dates
from signups.enums import SignupStatus
from signups.models import Signup
from signups.services import offerings, seats
from tests.factories import (
    make_limit,
    make_offering,
    make_user,
    make_worker,
    make_worker_with_login,
)
from tests.pages import markup

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(client):
    worker = make_worker_with_login(name="王示刚")
    client.force_login(worker.user)
    return worker


def check(offering):
    return reverse("signups:signup-create", args=[offering.pk])


def result(signup):
    return reverse("signups:signup-detail", args=[signup.pk])


def cancel(signup):
    return reverse("signups:signup-cancel", args=[signup.pk])


def seat(offering, worker=None):
    return seats.sign_up(
        offering_id=offering.pk, worker=worker or make_worker(), by=None
    )


def text(response):
    assert response.status_code == 200
    return markup(response)


AGREED = {"promised": "seat", "agree": "on"}


# --- the check page


def test_check_page_says_in_whose_name_and_does_nothing(client, worker):
    offering = make_offering(capacity=5)

    page = text(client.get(check(offering)))

    assert "<dt>姓名</dt><dd>王示刚</dd>" in page
    assert f"尾号{worker.user.phone_last4}" in page
    assert str(worker.union_org) in page
    assert "余5席" in page
    assert 'name="promised" value="seat"' in page
    assert Signup.objects.count() == 0


def test_check_page_of_a_full_offering_promises_the_queue(client, worker):
    offering = make_offering(capacity=1)
    seat(offering)
    seat(offering)

    page = text(client.get(check(offering)))

    assert "现在是第2位" in page
    assert 'name="promised" value="queue"' in page
    assert "参加候补" in page


def test_check_page_shows_all_one_agrees_to(client, worker):
    """Above the tick, not behind a link that leads away from it."""
    until = timezone.now() + timedelta(hours=5)
    offering = make_offering(
        notice="请穿软底鞋。\n\n <b>缺课</b>请先说。",
        limits=[make_limit(most=3)],
        cancel_until=until,
    )

    page = client.get(check(offering)).content.decode()

    for line in [
        "<li>请穿软底鞋。</li>",
        "<li>&lt;b&gt;缺课&lt;/b&gt;请先说。</li>",
        "<li>本期每人限报3项。</li>",
        f"<li>{dates.moment(until)}前可以自行取消，取消后再报需重新排队。</li>",
    ]:
        assert line in page.partition('name="agree"')[0]


@pytest.mark.parametrize(
    ("days", "said", "unsaid"), [((9, 16), "首次上课", "时间"), ((9,), "时间", "日期")]
)
def test_check_page_says_how_long_it_goes(client, worker, days, said, unsaid):
    starts = [timezone.now() + timedelta(days=day) for day in days]
    offering = make_offering(
        times=[(start, start + timedelta(hours=1), "302教室") for start in starts]
    )

    page = markup(client.get(check(offering)))

    first, last = dates.day(starts[0]), dates.day(starts[-1], after=starts[0])
    assert f"<dt>{said}</dt><dd>{first}（" in page
    assert f"<dt>{unsaid}</dt>" not in page
    assert (f"<dd>{first}—{last}，共2次</dd>" in page) == (len(days) > 1)


def test_check_page_goes_to_the_result_where_there_is_one(client, worker):
    signup = seat(make_offering(), worker)

    response = client.get(check(signup.offering))

    assert response["Location"] == result(signup)


def test_check_page_goes_back_with_every_reason(client, worker):
    worker.is_member = False
    worker.save()
    offering = make_offering(opens_at=timezone.now() + timedelta(days=1))

    response = client.get(check(offering))

    [said] = [str(message) for message in response.wsgi_request._messages]
    assert response["Location"] == offering.get_absolute_url()
    assert "开始。本项限工会会员" in said


@pytest.mark.parametrize(
    ("method", "told"),
    [("get", []), ("post", ["您的账号还没有认证职工身份，认证后才能报名。"])],
)
def test_check_page_leads_a_login_without_a_worker_to_become_one(client, method, told):
    """Nobody is told of a refusal who has asked for nothing yet."""
    client.force_login(make_user())
    offering = make_offering()

    response = getattr(client, method)(check(offering))

    said = [str(message) for message in response.wsgi_request._messages]
    assert response["Location"] == f"/my/verify/?next={quote(check(offering), safe='')}"
    assert said == told
    assert Signup.objects.count() == 0


@pytest.mark.parametrize("others", [0, 7])
def test_check_page_costs_the_same_however_many_are_in(
    client, worker, others, django_assert_num_queries
):
    offering = make_offering(capacity=3)
    for _n in range(others):
        seat(offering)
    client.get(check(offering))

    # session, user with worker, generation and clock, seats, union, unread notices
    with django_assert_num_queries(6):
        client.get(check(offering))


# --- asking


def test_check_page_post_reads_who_asks_and_then_is_one_statement(
    client, worker, django_assert_num_queries
):
    """The rush: whatever is read besides is paid for by everybody who stands behind."""
    offering = make_offering()
    client.get("/")  # the connection knows the statement, the menu is cached

    # session, user with worker, and the statement between the test's two savepoints
    with django_assert_num_queries(5):
        client.post(check(offering))

    assert Signup.objects.get().worker == worker


@pytest.mark.parametrize("pk", [404, 2**70])
def test_check_page_of_what_does_not_exist_is_404(client, worker, pk):
    assert client.post(f"/signups/offerings/{pk}/sign-up/").status_code == 404
    assert (
        client.post(f"/signups/offerings/{pk}/sign-up/", {"promised": ""}).status_code
        == 404
    )


def test_check_page_of_what_is_not_listed_is_404(client, worker):
    offering = make_offering(is_listed=False)

    assert client.post(check(offering)).status_code == 404
    assert Signup.objects.count() == 0


def test_check_page_post_with_the_tick_gives_a_seat(client, worker):
    offering = make_offering()

    response = client.post(check(offering), AGREED, follow=True)

    signup = Signup.objects.get()
    assert (signup.worker, signup.asked_by) == (worker, worker.user)
    assert response.redirect_chain == [(result(signup), 302)]
    assert "报名成功！" in text(response)


def test_check_page_post_without_the_tick_comes_back_with_the_error(client, worker):
    response = client.post(check(make_offering()), {"promised": "seat"})

    page = text(response)
    assert "请先阅读并同意报名须知" in page
    assert 'href="#id_agree"' in page
    assert Signup.objects.count() == 0


def test_check_page_post_without_the_tick_still_promises_the_queue(client, worker):
    """The button says what the page says: no seat is promised by a forgotten tick."""
    offering = make_offering(capacity=0)
    sent = {"promised": "queue", "sign_up": "参加候补"}

    page = client.post(check(offering), sent).content.decode()

    assert 'value="参加候补"' in page
    assert 'value="确认报名"' not in page
    assert 'name="promised" value="queue"' in page


def test_check_page_bare_post_signs_up_as_the_contract_says(client, worker):
    response = client.post(check(make_offering()))

    assert response["Location"] == result(Signup.objects.get())


def test_check_page_post_twice_is_one_request(client, worker):
    offering = make_offering()

    first = client.post(check(offering), AGREED)
    second = client.post(check(offering), AGREED)

    assert Signup.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_check_page_post_for_a_seat_gone_meanwhile_waits_and_is_no_error(
    client, worker
):
    offering = make_offering(capacity=1)
    assert 'value="seat"' in text(client.get(check(offering)))
    seat(offering)

    page = text(client.post(check(offering), AGREED, follow=True))

    assert "很抱歉，名额刚刚报满" in page
    assert "您排在候补第1位" in page
    assert "取消候补" in page


def test_check_page_post_for_the_queue_promised_has_no_apology(client, worker):
    offering = make_offering(capacity=1)
    seat(offering)

    page = text(
        client.post(check(offering), {"promised": "queue", "agree": "on"}, follow=True)
    )

    assert "很抱歉" not in page
    assert "您排在候补第1位" in page


def test_check_page_post_refused_goes_back_to_the_page_with_the_reason(client, worker):
    offering = make_offering(capacity=1, waitlist_limit=0)
    seat(offering)

    response = client.post(check(offering), AGREED)

    said = [str(message) for message in response.wsgi_request._messages]
    assert response["Location"] == offering.get_absolute_url()
    assert said == ["名额已满。"]


def test_check_page_post_of_a_mangled_promise_is_no_sign_up(client, worker):
    response = client.post(check(make_offering()), AGREED | {"promised": "x"})

    assert response.status_code == 200
    assert Signup.objects.count() == 0


def test_check_page_after_login_is_where_a_visitor_lands(client):
    offering = make_offering()

    response = client.post(check(offering))

    assert response["Location"].endswith(f"?next={check(offering)}")


def test_check_page_post_without_a_token_is_refused():
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    worker = make_worker_with_login()
    strict.force_login(worker.user)

    assert strict.post(check(make_offering())).status_code == 403
    assert Signup.objects.count() == 0


# --- the result


def test_signup_page_says_when_where_and_how_to_leave(client, worker):
    start = timezone.now() + timedelta(days=9)
    offering = make_offering(times=[(start, start + timedelta(hours=1), "302教室")])
    signup = seat(offering, worker)

    page = text(client.get(result(signup)))

    local = timezone.localtime(start)
    weekday = "一二三四五六日"[local.weekday()]
    assert f"{local.month}月{local.day}日（周{weekday}）" in page
    assert "302教室" in page
    assert reverse("signups:signup-calendar", args=[signup.pk]) in page
    assert cancel(signup) in page
    assert reverse("my") in page


@pytest.mark.parametrize(
    ("days", "first", "count"),
    [((9, 16), "首次上课", "共2次"), ((-5, 9), "下次", "还有1次")],
)
def test_signup_page_counts_what_is_to_come(client, worker, days, first, count):
    """Before the first time all are to come, and nothing is left over."""
    signup = seat(make_offering(), worker)
    starts = [timezone.now() + timedelta(days=day) for day in days]
    offerings.set_occasions(
        offering=signup.offering,
        times=[(start, start + timedelta(hours=1), "") for start in starts],
        by=None,
    )

    page = markup(client.get(result(signup)))

    assert f"<dt>{first}</dt>" in page
    assert f"，{count}</dd>" in page


def test_signup_page_carries_to_paper_all_one_needs_on_the_day(client, worker):
    offering = make_offering(notice="请提前10分钟到")

    page = client.get(result(seat(offering, worker))).content.decode()

    paper = re.findall(r'<(\w+) class="[^"]*only-print">(.*?)</\1>', page, re.DOTALL)
    words = " ".join(re.sub("<[^>]*>", " ", body) for _tag, body in paper)
    assert str(worker.union_org) in words
    assert "12351" in words
    assert "请提前10分钟到" in words


def test_signup_page_of_a_withdrawn_offering_says_why(client, worker):
    signup = seat(make_offering(), worker)
    offerings.withdraw_offering(offering=signup.offering, reason="停水", by=None)

    page = text(client.get(result(signup)))

    assert "已停办" in page
    assert "停水" in page
    assert "报名成功" not in page


def test_signup_page_of_a_cancelled_signup(client, worker):
    signup = seat(make_offering(), worker)
    seats.cancel(signup=signup, by=None)

    page = text(client.get(result(signup)))

    assert "这次报名已取消" in page
    assert cancel(signup) not in page


@pytest.mark.parametrize("name", ["signup-detail", "signup-cancel", "signup-calendar"])
def test_signup_page_of_somebody_else_is_404(client, worker, name):
    other = seat(make_offering())

    assert client.get(reverse(f"signups:{name}", args=[other.pk])).status_code == 404


def test_cancel_page_of_somebody_elses_signup_cancels_nothing(client, worker):
    other = seat(make_offering())

    assert client.post(cancel(other)).status_code == 404
    other.refresh_from_db()
    assert other.status == SignupStatus.SEATED


def test_signup_calendar_has_the_occasions(client, worker):
    signup = seat(make_offering(title="茶艺班"), worker)

    response = client.get(reverse("signups:signup-calendar", args=[signup.pk]))

    events = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert [event["SUMMARY"] for event in events] == ["茶艺班"]
    assert events[0]["URL"].endswith(signup.offering.get_absolute_url())


def entry_of(client, signup, **extra):
    address = reverse("signups:signup-calendar", args=[signup.pk])
    calendar = icalendar.Calendar.from_ical(client.get(address, **extra).content)
    [event] = calendar.walk("VEVENT")
    return event


def test_signup_calendar_moves_an_entry_instead_of_adding_one(client, worker, settings):
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    signup = seat(make_offering(), worker)
    occasion = signup.offering.occasions.get()
    before = entry_of(client, signup, headers={"host": "a.example"})

    offerings.move_occasion(
        occasion=occasion,
        starts_at=occasion.starts_at + timedelta(days=1),
        ends_at=occasion.ends_at + timedelta(days=1),
        place="别处",
        by=None,
    )

    after = entry_of(client, signup, headers={"host": "b.example"})
    assert before["UID"] == after["UID"]
    assert "example" not in after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt
    assert after["DTSTART"].dt - before["DTSTART"].dt == timedelta(days=1)


def test_signup_calendar_follows_a_cancel_and_a_second_sign_up(client, worker):
    first = seat(make_offering(), worker)
    held = entry_of(client, first)
    client.post(cancel(first))
    gone = entry_of(client, first)
    again = entry_of(client, seat(first.offering, worker))

    assert [event.get("STATUS") for event in (held, gone, again)] == [
        None,
        "CANCELLED",
        None,
    ]
    assert held["SEQUENCE"] < gone["SEQUENCE"] < again["SEQUENCE"]


# --- cancelling


def test_cancel_page_says_the_consequence_first(client, worker):
    offering = make_offering(capacity=1)
    signup = seat(offering, worker)
    alone = text(client.get(cancel(signup)))
    seat(offering)

    page = text(client.get(cancel(signup)))

    assert "取消后名额将让给其他职工" in alone
    assert "取消后名额将让给候补第1位，您再报需重新排队。" in page
    signup.refresh_from_db()
    assert signup.status == SignupStatus.SEATED


def test_cancel_page_names_what_and_when(client, worker):
    starts = [timezone.now() + timedelta(days=day) for day in (9, 16)]
    offering = make_offering(
        times=[(start, start + timedelta(hours=1), "302教室") for start in starts]
    )

    page = text(client.get(cancel(seat(offering, worker))))

    first = dates.meeting(starts[0], starts[0] + timedelta(hours=1))
    assert f"首次上课{first}，共2次 · 302教室" in page


def test_cancel_page_of_a_waiter_says_the_rank_that_is_lost(client, worker):
    offering = make_offering(capacity=1)
    seat(offering)
    signup = seat(offering, worker)

    assert "您现在是候补第1位" in text(client.get(cancel(signup)))
    client.post(cancel(signup))

    signup.refresh_from_db()
    assert signup.status == SignupStatus.CANCELLED


def test_cancel_page_is_gone_once_cancelled(client, worker):
    signup = seat(make_offering(), worker)
    client.post(cancel(signup))

    assert client.get(cancel(signup))["Location"] == result(signup)


def test_cancel_page_too_late_says_so_and_does_nothing(client, worker):
    offering = make_offering(cancel_until=timezone.now() - timedelta(minutes=1))
    signup = seat(offering, worker)

    page = text(client.get(cancel(signup)))
    client.post(cancel(signup))

    signup.refresh_from_db()
    assert "取消时间已过" in page
    assert "<button class" not in page.split("<main", 1)[1].split("</main>", 1)[0]
    assert signup.status == SignupStatus.SEATED


def test_check_page_post_refused_says_that_nobody_was_signed_up(client, worker):
    full = make_offering(capacity=0, waitlist_limit=0)

    client.post(check(full), AGREED)
    page = text(client.get(reverse("my")))

    assert "<strong>报名未成功</strong>　名额已满" in page
