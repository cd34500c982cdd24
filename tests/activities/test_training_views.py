"""Terms and classes as people see them, at constant cost."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from activities.training import cards, services
from activities.training.models import CourseClass
from common import pagecache
from common.dates import moment as say
from common.pagecache import moment
from signups.enums import Audience
from signups.models import Offering
from signups.services import seats
from signups.services.offerings import Reserve
from tests.activities.factories import (
    check_page,
    make_class,
    make_kind,
    make_term,
    make_venue,
    seat,
)
from tests.pages import markup

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# --- the term's page


def page(client, term, **query):
    return client.get(term.get_absolute_url(), query)


def names(response):
    return [card.facts.name for card in response.context["cards"]]


CURRENT = reverse_lazy("activities:training:term-current")


def over(**fields):
    """A term whose last class was yesterday."""
    today = timezone.localdate()
    fields = {"starts_on": today - 60 * DAY, "ends_on": today - DAY} | fields
    return make_term(opens_in_days=-90, closes_in_days=-80, **fields)


def test_term_current_opens_the_only_term_that_is_not_over(client):
    over(number=103)
    current = make_term(number=102)
    make_term(number=104, is_published=False)

    response = client.get(CURRENT, {"kind": 3})

    assert response["Location"] == f"{current.get_absolute_url()}?kind=3"


def test_term_current_opens_the_newest_where_all_are_over(client):
    over(number=101)
    newest = over(number=102)

    assert client.get(CURRENT)["Location"] == newest.get_absolute_url()


def test_term_current_offers_all_terms_not_over_what_is_in_sign_up_first(client):
    """The next term hides neither the one in sign-up nor the one that runs."""
    today = timezone.localdate()
    over(number=101)
    runs = over(number=102, ends_on=today)
    later = make_term(number=103)
    sooner = make_term(number=104, closes_in_days=2)
    make_class(term=sooner)
    services.call_off_class(course_class=make_class(term=sooner), reason="无", by=None)
    to_open = make_term(number=105, opens_in_days=1)

    response = client.get(CURRENT)

    offered = response.context["cards"]
    wanted = [sooner, later, to_open, runs]
    assert [card["url"] for card in offered] == [t.get_absolute_url() for t in wanted]
    assert [card["is_first"] for card in offered] == [True, True, False, False]
    assert ("班级", "1个班") in offered[0]["facts"]


@pytest.mark.parametrize("rows", [2, 6])
def test_term_current_costs_the_same_however_many_terms(
    client, rows, django_assert_num_queries
):
    for _n in range(rows):
        make_class()
    client.get(CURRENT)

    with django_assert_num_queries(2):  # clock, terms
        client.get(CURRENT)


def test_term_current_without_a_term_says_so(client):
    response = client.get(reverse("activities:training:term-current"))

    assert response.status_code == 200
    assert "本期课程还未公布" in response.content.decode()


def test_term_page_unpublished_and_its_classes_are_nowhere(client):
    made = make_class(term=make_term(is_published=False))

    calendar = reverse("activities:training:class-calendar", args=[made.pk])
    for url in (made.term.get_absolute_url(), made.get_absolute_url(), calendar):
        assert client.get(url).status_code == 404


def test_term_page_says_when_for_whom_and_how_many(client):
    term = make_term(seats_each=2)
    make_class(term=term)

    text = page(client, term).content.decode()

    assert f"{say(term.opens_at)}—{say(term.closes_at)}" in text
    assert "本市工会会员，每人限报2门" in text
    assert "报名须知（2条）" in text
    assert f"报名进行中，{say(term.closes_at)}截止" in text
    assert f'data-countdown="{timezone.localtime(term.closes_at).isoformat()}"' in text


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [(1, 2, "开始报名"), (-1, 1, "报名进行中"), (-2, -1, "报名已于")],
)
def test_term_page_clock_line_follows_the_window(opens, closes, words):
    term = make_term(opens_in_days=opens, closes_in_days=closes)

    line = cards.clock(term, moment().now)

    assert words in line["text"]
    assert (line["until"] is None) == (closes < 0)


def test_term_page_filters_narrow_by_kind_place_time_and_seats(client):
    term = make_term()
    monday = term.starts_on + timedelta(days=-term.starts_on.weekday() % 7)
    saturday = monday + timedelta(days=5)
    usual = {"kind": make_kind(), "venue": make_venue()}
    tea, hall = make_kind(name="茶艺"), make_venue(name="艺术馆")
    plain = {"term": term, "first_day": monday, **usual}
    make_class(name="晚", **plain)
    make_class(name="早", starts=time(9), ends=time(10), **plain)
    make_class(name="茶", starts=time(12), ends=time(13), **plain | {"kind": tea})
    make_class(name="馆", starts=time(14), ends=time(15), **plain | {"venue": hall})
    make_class(name="末", **plain | {"first_day": saturday})
    full = make_class(name="满", capacity=1, starts=time(7), ends=time(8), **plain)
    seat(full)

    assert names(page(client, term, kind=tea.pk)) == ["茶"]
    assert names(page(client, term, venue=hall.pk)) == ["馆"]
    assert names(page(client, term, when="daytime")) == ["满", "早", "茶", "馆"]
    assert names(page(client, term, when="evening")) == ["晚"]
    assert names(page(client, term, when="weekend")) == ["末"]
    assert names(page(client, term, free=1)) == ["早", "茶", "馆", "晚", "末"]
    assert names(page(client, term, order="seats"))[-1] == "满"
    everything = names(page(client, term))
    assert everything == ["满", "早", "茶", "馆", "晚", "末"]
    assert names(page(client, term, kind="x", venue="0", when="?")) == everything


def test_term_page_only_askable_leaves_out_what_is_not_open_or_called_off(client):
    term = make_term()
    make_class(term=term, name="未", opens_at=timezone.now() + DAY)
    off = make_class(term=term, name="停")
    services.call_off_class(course_class=off, reason="停水", by=None)
    make_class(term=term, name="可")

    assert names(page(client, term, free=1)) == ["可"]


def test_term_page_with_nothing_found_offers_to_take_the_filters_away(client):
    term = make_term()
    make_class(term=term)

    text = page(client, term, kind=999).content.decode()

    assert "没有符合条件的班" in text
    assert "清除筛选" in text


def test_term_page_empty_says_that_nothing_is_announced(client):
    assert "本期课程还未公布" in page(client, make_term()).content.decode()


def test_term_page_only_askable_counts_a_reserve_whose_time_is_up(client):
    soon = timezone.now() + HOUR
    made = make_class(
        capacity=0, reserve=Reserve(audience=Audience.EITHER, capacity=2, until=soon)
    )
    assert names(page(client, made.term, free=1)) == []

    made.offering.pools.reserved().update(until=timezone.now() - HOUR)

    assert names(page(client, made.term, free=1)) == [made.name]


def test_term_page_leads_to_the_others_that_are_public(client):
    old, now = over(number=1, title="第一期"), make_term(number=2, title="第二期")
    make_term(number=3, title="第三期", is_published=False)
    alone = page(client, now)
    also = make_term(number=4, title="第四期")

    assert [entry["url"] for entry in alone.context["others"]] == [
        old.get_absolute_url()
    ]
    assert alone.context["current"] == []
    assert "第三期" not in alone.content.decode()
    shown = [(c.url, c.is_chosen) for c in page(client, now).context["current"]]
    assert shown == [(now.get_absolute_url(), True), (also.get_absolute_url(), False)]
    assert len(page(client, old).context["current"]) == 2


@pytest.mark.parametrize("rows", [2, 9])
def test_term_page_costs_a_visitor_the_same_however_long(
    client, rows, django_assert_num_queries
):
    term = make_term()
    for _n in range(rows):
        seat(make_class(term=term))
    page(client, term)  # the menu is cached from here on

    with django_assert_num_queries(2):  # generation and clock; seats and states
        response = page(client, term)
    pagecache.raise_generation()
    # and all that is kept: when it changes, the term, the others, classes, their times;
    # the menu, the site
    with django_assert_num_queries(10):
        page(client, term)

    assert len(response.context["cards"]) == rows


@pytest.mark.parametrize("rows", [2, 9])
def test_term_page_costs_a_worker_the_same_however_long(
    client, rows, django_assert_num_queries, worker
):
    term = make_term(seats_each=20)
    for n in range(rows):
        made = make_class(
            term=term, capacity=n % 2, starts=time(6 + n), ends=time(7 + n)
        )
        seat(made, worker)
    client.force_login(worker.user)
    page(client, term)

    # as a visitor, and: session, user with worker, own signups, what they count,
    # unread notices
    with django_assert_num_queries(7):
        response = page(client, term)

    assert len(response.context["cards"]) == rows


def test_term_page_of_a_long_term_has_pages_that_keep_the_filters(client):
    term = make_term()
    for _n in range(25):
        make_class(term=term)

    response = page(client, term, free=1)

    assert len(response.context["cards"]) == 24
    assert "?free=1&amp;page=2" in response.content.decode()


def test_term_page_evening_is_decided_in_shanghai(client):
    """19:00 in Shanghai is 11:00 in UTC."""
    term = make_term()
    monday = term.starts_on + timedelta(days=-term.starts_on.weekday() % 7)
    made = make_class(term=term, first_day=monday)
    start = made.lessons.in_order().first().occasion.starts_at

    assert start.astimezone(ZoneInfo("UTC")).hour == 11
    assert names(page(client, term, when="evening")) == [made.name]


# --- the class's page


@pytest.mark.parametrize("lessons", [2, 12])
def test_class_page_costs_the_same_however_many_lessons(
    client, lessons, django_assert_num_queries
):
    made = make_class(lessons=lessons)
    client.get(made.get_absolute_url())

    with django_assert_num_queries(2):  # generation and clock; its seats and state
        client.get(made.get_absolute_url())
    pagecache.raise_generation()
    # and all that is kept: when it changes, the class, its times, limits and reserves;
    # the menu, the site
    with django_assert_num_queries(12):  # once; with the classes of its kind
        client.get(made.get_absolute_url())


def test_class_page_says_the_seats_reserved_and_who_waits(client):
    soon = timezone.now() + DAY
    made = make_class(
        capacity=1, reserve=Reserve(audience=Audience.EITHER, capacity=6, until=soon)
    )
    seat(made)
    seat(made)
    made.offering.pools.reserved().update(taken=2)

    text = client.get(made.get_absolute_url()).content.decode()

    kept = "其中为一线职工、农民工预留6席，还剩4席"
    assert f"{kept}（至{say(soon)}，之后向所有人开放）" in text
    assert "候补1人" in text
    assert "免费" in text


def test_class_page_strikes_out_a_moved_lesson_with_its_new_day(client):
    made = make_class()
    lesson = made.lessons.in_order().first()
    old = timezone.localtime(lesson.occasion.starts_at)
    services.move_lesson(
        lesson=lesson,
        starts_at=lesson.occasion.starts_at + DAY,
        ends_at=lesson.occasion.ends_at + DAY,
        by=None,
    )

    text = client.get(made.get_absolute_url()).content.decode()

    assert f"原定</span>{old:%m-%d}</del>" in text
    assert f"{old + DAY:%m-%d}</td>" in text


def test_class_page_typed_text_is_never_markup(client):
    made = make_class(intro="<script>x</script>", needs="<b>y</b>", name="<i>班</i>")

    text = client.get(made.get_absolute_url()).content.decode()

    assert "<script>x" not in text
    assert "<b>y" not in text
    assert "<i>班" not in text


def test_class_page_and_check_page_show_no_whole_phone_number(client, worker):
    made = make_class()
    client.force_login(worker.user)

    text = client.get(check_page(made)).content.decode()

    assert f"尾号{worker.user.phone_last4}" in text


def test_check_page_of_a_class_shows_ones_own_name_in_full(client, worker):
    """Who checks what is sent in their name cannot check a row of stars."""
    made = make_class()
    worker.name = "阿卜杜·买买提"
    worker.save()
    client.force_login(worker.user)

    check = markup(client.get(check_page(made)))
    done = client.post(check_page(made), {"promised": "seat", "agree": "on"})
    result = markup(client.get(done["Location"]))
    mine = markup(client.get(reverse("my")))

    for text in (check, result):
        assert "<dt>姓名</dt><dd>阿卜杜·买买提</dd>" in text
    assert ">阿卜杜·买买提</h1>" in mine
    for text in (check, result, mine):
        assert worker.masked_name not in text


def test_term_page_that_is_over_offers_no_search_for_seats(client):
    """And its page says which term it is."""
    now = timezone.now()
    over = make_term(opens_at=now - 9 * DAY, closes_at=now - DAY)
    made = make_class(term=over)
    seats_left = ("只看可报", "按余席排序")

    past = client.get(over.get_absolute_url()).content.decode()
    current = client.get(make_class().term.get_absolute_url()).content.decode()

    assert [words in past for words in seats_left] == [False, False]
    assert [words in current for words in seats_left] == [True, True]
    assert made.name in past
    assert f'<span aria-current="page">{over.title}</span>' in past


def test_class_page_has_no_second_bar_for_the_thumb_of_who_is_in(client, worker):
    made = make_class()
    bar = 'class="stickybar'
    client.force_login(worker.user)

    before = client.get(made.get_absolute_url()).content.decode()
    seats.sign_up(offering_id=made.offering_id, worker=worker, by=worker.user)
    after = client.get(made.get_absolute_url()).content.decode()

    assert (bar in before, bar in after) == (True, False)


def test_class_page_called_off_leads_to_the_others_and_into_no_calendar(client):
    gone, held = make_class(), make_class()
    services.call_off_class(course_class=gone, reason="教师生病", by=None)

    def main(made):
        html = client.get(made.get_absolute_url()).content.decode()
        return html[html.index("<main") : html.index("</main")]

    assert "加入日历" in main(held)
    assert "加入日历" not in main(gone)
    assert reverse("activities:training:term-current") in main(gone)
    assert "course--off" in main(gone)
    assert "course--off" not in main(held)
    for words in ("课程安排", "报名须知", "前可以自行取消"):
        assert words in main(held)
        assert words not in main(gone)


def test_class_page_that_does_not_take_place_shows_no_seats(client):
    made = make_class(name="声乐班", capacity=9)
    page = made.get_absolute_url()
    before = client.get(page).content.decode()
    Offering.objects.filter(pk=made.offering.pk).update(
        withdrawn_at=timezone.now(), withdrawn_reason="报名不足"
    )

    for address in (page, made.term.get_absolute_url()):
        html = client.get(address).content.decode()
        assert "停办" in html
        assert "余9席" not in html
    assert "余9席" in before


def test_class_page_cost_says_where_materials_are_ones_own(client):
    plain, own = make_class(name="甲"), make_class(name="乙")
    CourseClass.objects.filter(pk=own.pk).update(needs="围裙")

    costs = [client.get(c.get_absolute_url()).content.decode() for c in (plain, own)]

    assert ["免费（材料自备）" in html for html in costs] == [False, True]


# --- calendar


def test_class_calendar_has_every_lesson_in_local_time_with_its_zone(client):
    made = make_class(name="茶艺；入门,一\n班", room="201教室")

    response = client.get(reverse("activities:training:class-calendar", args=[made.pk]))

    calendar = icalendar.Calendar.from_ical(response.content)
    events = calendar.walk("VEVENT")
    first = made.lessons.in_order().first().occasion
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert len(events) == 3
    assert events[0].start == first.starts_at
    assert str(events[0].start.tzinfo) == "Asia/Shanghai"
    assert b"DTSTART;TZID=Asia/Shanghai:" in response.content
    assert events[0]["SUMMARY"] == "茶艺；入门,一\n班"
    assert rb"\,".join([b"\xe5\x85\xa5\xe9\x97\xa8", b""]) in response.content
    assert events[0]["LOCATION"].endswith("201教室")
    assert len({event["UID"] for event in events}) == 3


def test_class_calendar_of_a_called_off_class_cancels_its_entries(client):
    made = make_class()
    services.call_off_class(course_class=made, reason="停水", by=None)

    body = client.get(
        reverse("activities:training:class-calendar", args=[made.pk])
    ).content

    assert body.count(b"STATUS:CANCELLED") == 3
