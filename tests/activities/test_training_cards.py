"""A class on its card: every state, its words, the strip of the home page."""

from datetime import time, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from activities.training import cards, pieces, services
from activities.training.models import CourseClass, Term
from common.dates import moment as say
from common.pagecache import moment
from signups.enums import Audience
from signups.models import Signup
from signups.services import offerings
from signups.services.offerings import Reserve
from tests.activities.factories import (
    check_page,
    make_class,
    make_term,
    seat,
)
from tests.factories import make_user, make_worker_with_login

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def card_of(course_class, user=None):
    user = user or AnonymousUser()
    facts = cards.facts_of(CourseClass.objects.for_cards().filter(pk=course_class.pk))
    [standing] = cards.standings(facts, user=user, now=moment().now).values()
    return cards.class_card(facts[0], standing, user)


def shown(course_class, user=None):
    """The words of the button and of the line under it, and where it leads."""
    made = card_of(course_class, user).button
    return made.label, made.line, made.url


def until(moment_):
    return f"报名至{say(moment_)}"


# --- the states of the card (the term page's table)


def test_class_card_state_not_open(worker):
    opens = timezone.now() + 2 * DAY
    made = make_class(term=make_term(opens_in_days=2))

    label, _line, url = shown(made, worker.user)

    assert (label, url) == (f"{say(opens)} 开始报名", "")
    assert card_of(made, worker.user).button.lifts_at == made.offering.opens_at


def test_class_card_state_open(worker):
    made = make_class()

    assert shown(made, worker.user) == (
        "立即报名",
        until(made.offering.closes_at),
        check_page(made),
    )


@pytest.mark.parametrize(
    ("taken", "words", "is_tight"),
    [(5, "余5席", False), (8, "名额紧张，余2席", True), (10, "已满", False)],
)
def test_class_card_says_the_seats_in_words(taken, words, is_tight):
    made = make_class(capacity=10)
    for _n in range(taken):
        seat(made)

    card = card_of(made)

    assert (card.standing.taken, card.standing.capacity) == (taken, 10)
    assert (card.seats, card.is_tight) == (words, is_tight)


def test_class_card_state_not_logged_in_goes_on_to_the_check_page():
    made = make_class()

    label, _line, url = shown(made)

    assert label == "登录后报名"
    assert parse_qs(urlsplit(url).query) == {
        "next": [reverse("signups:signup-create", args=[made.offering.pk])]
    }


def test_class_card_state_login_without_worker():
    made = make_class()

    label, line, url = shown(made, make_user())

    assert (label, line) == ("认证职工身份后报名", "您的账号还没有认证职工身份。")
    assert url.startswith(reverse("my-verify"))
    check = reverse("signups:signup-create", args=[made.offering.pk])
    assert check in unquote(url)


def test_class_card_state_full_with_a_waitlist(worker):
    made = make_class(capacity=1)
    for _n in range(3):
        seat(made)

    assert shown(made, worker.user) == (
        "名额已满，参加候补",
        "已有2人候补",
        check_page(made),
    )


def test_class_card_state_full_without_a_waitlist(worker):
    made = make_class(capacity=1, waitlist_limit=0)
    seat(made)

    assert shown(made, worker.user) == ("名额已满", "名额已满。", "")


def test_class_card_state_full_with_a_full_waitlist(worker):
    made = make_class(capacity=1, waitlist_limit=1)
    seat(made)
    seat(made)

    assert shown(made, worker.user) == ("名额已满", "名额和候补都已满。", "")


def test_class_card_state_signed_up(worker):
    made = make_class()
    signup = seat(made, worker)

    button = card_of(made, worker.user).button

    assert (button.label, button.tone, button.url) == ("已报名", "ok", "")
    assert button.line == f"{say(made.offering.cancel_until)}前可取消"
    assert (button.extra_label, button.extra_url) == (
        "取消报名",
        f"/signups/{signup.pk}/cancel/",
    )


def test_class_card_state_waiting(worker):
    made = make_class(capacity=1)
    seat(made)
    seat(made)
    seat(made, worker)

    button = card_of(made, worker.user).button

    assert (button.label, button.tone) == ("候补中 · 第2位", "warn")
    assert (button.line, button.extra_label) == ("共2人候补", "取消候补")


def test_class_card_state_closed(worker):
    made = make_class(term=make_term(opens_in_days=-3, closes_in_days=-1))

    assert shown(made, worker.user)[::2] == ("报名已截止", "")


def test_class_card_states_running_and_over(worker):
    made = make_class(term=make_term(opens_in_days=-3, closes_in_days=-1))

    def lessons_at(*starts):
        offerings.set_occasions(
            offering=Signup._meta.get_field("offering").related_model.objects.get(
                pk=made.offering_id
            ),
            times=[(start, start + HOUR, "") for start in starts],
            by=None,
        )

    made.lessons.all().delete()
    lessons_at(timezone.now() - DAY, timezone.now() + DAY)
    assert shown(made, worker.user)[0] == "已开课"
    lessons_at(timezone.now() - 2 * DAY, timezone.now() - DAY)
    assert shown(made, worker.user)[0] == "已结课"


def test_class_card_state_called_off_says_why_even_to_those_signed_up(worker):
    made = make_class()
    seat(made, worker)
    services.call_off_class(course_class=made, reason="报名不足10人", by=None)

    assert shown(made, worker.user) == ("已停办", "报名不足10人", "")


def test_class_card_state_limit_names_what_is_held(worker):
    term = make_term(seats_each=1)
    held = make_class(term=term, name="声乐班")
    made = make_class(term=term, starts=time(9, 0), ends=time(10, 0))
    seat(held, worker)

    assert shown(made, worker.user) == (
        "已达限报门数",
        "本期每人限报1项，您已报：声乐班。",
        "",
    )


def test_class_card_state_clash_names_the_other_class(worker):
    held = make_class(name="声乐（周二晚）")
    made = make_class(term=held.term)
    seat(held, worker)

    assert shown(made, worker.user) == (
        "时间冲突",
        "与您已报的“声乐（周二晚）”时间冲突。",
        "",
    )


def test_class_card_state_not_a_member():
    worker = make_worker_with_login(is_member=False)

    label, line, url = shown(make_class(), worker.user)

    assert (label, url) == ("限工会会员", "")
    assert "入会" in line


def test_class_card_state_only_reserved_seats_left(worker):
    reserve = Reserve(audience=Audience.MIGRANT, capacity=2)
    made = make_class(capacity=1, reserve=reserve)
    seat(made)

    assert card_of(made, worker.user).seats == "余2席为预留名额"
    assert shown(made, worker.user)[0] == "参加候补"


def test_class_card_is_grey_only_for_what_nobody_can_have_any_more(worker):
    now = timezone.now()
    shut = make_term(opens_at=now - 9 * DAY, closes_at=now - HOUR)
    coming, full, closed, gone = (
        make_class(term=make_term(opens_in_days=1)),
        make_class(capacity=0, waitlist_limit=0),
        make_class(term=shut),
        make_class(),
    )
    services.call_off_class(course_class=gone, reason="教师生病", by=None)

    grey = [card_of(made, worker.user).is_off for made in (coming, full, closed, gone)]

    assert grey == [False, False, True, True]


# --- the words of a class


def test_rhythm_is_the_weekday_the_hours_and_the_number():
    made = make_class(lessons=2)
    day = "一二三四五六日"[made.term.starts_on.weekday()]

    assert card_of(made).facts.when == f"周{day} 19:00—20:30 共2次"


def test_rhythm_is_not_changed_by_a_moved_lesson():
    made = make_class()
    before = card_of(made).facts.when
    lesson = made.lessons.in_order().first()
    services.move_lesson(
        lesson=lesson,
        starts_at=lesson.occasion.starts_at + DAY,
        ends_at=lesson.occasion.ends_at + DAY,
        by=None,
    )

    assert card_of(made).facts.when == before


def test_rhythm_of_several_days_and_of_none():
    made = make_class(
        first_day=(term := make_term()).starts_on, term=term, weekdays={2, 4}, lessons=4
    )
    assert card_of(made).facts.when == "周二、周四 19:00—20:30 共4次"
    made.lessons.all().delete()
    assert card_of(made).facts.when == "时间待定"


# --- the home page's strip


def test_live_strip_shows_open_classes_and_those_that_open_soon(
    django_assert_num_queries,
):
    term = make_term(title="第六期")
    make_class(term=term, name="甲", room="302教室")
    full = make_class(term=term, name="乙", capacity=1)
    seat(full)
    soon = make_class(term=term, name="丙", opens_at=timezone.now() + DAY)
    make_class(
        term=term,
        name="丁",
        opens_at=timezone.now() + 9 * DAY,
        closes_at=timezone.now() + 10 * DAY,
    )

    pieces.live_strip(moment())  # the classes are kept from here on

    at = moment()
    with django_assert_num_queries(1):  # their seats
        strip = pieces.live_strip(at)

    assert strip["terms"] == [{"title": "第六期", "url": term.get_absolute_url()}]
    assert [(c["title"], c["state"], c["is_soon"]) for c in strip["classes"]] == [
        ("甲", "余10席", False),
        ("乙", "可候补", True),
        ("丙", f"{say(soon.offering.opens_at)}开放", True),
    ]
    assert strip["classes"][0]["place"].endswith("302教室")


def test_live_strip_takes_turns_between_two_terms_in_sign_up():
    """Sorted by their opening alone, the earlier term would fill the strip."""
    early, late = (
        make_term(title="第六期", opens_in_days=-9),
        make_term(title="第七期"),
    )
    for term in [early] * 5 + [late] * 5:
        make_class(term=term)

    strip = pieces.live_strip(moment())

    assert [term["title"] for term in strip["terms"]] == ["第六期", "第七期"]
    mine = set(late.classes.values_list("name", flat=True))
    assert [c["title"] in mine for c in strip["classes"]] == [False, True] * 2


def test_live_strip_is_absent_where_no_class_is_in_sign_up():
    assert pieces.live_strip(moment()) is None


def test_in_sign_up_is_the_term_that_runs_or_opens_within_a_week():
    make_term(opens_in_days=-9, closes_in_days=-1)
    make_term(opens_in_days=8, closes_in_days=9)
    make_term(is_published=False)
    soon = make_term(opens_in_days=5, closes_in_days=12)
    runs = make_term()

    assert list(Term.objects.in_sign_up()) == [runs, soon]
