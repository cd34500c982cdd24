"""The staff's home: what waits for whom, how many, how old, what is due today."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.venues.models import Venue
from common import queues
from common.queues import MOST
from members.enums import CorrectionField, StewardRole
from members.models import CorrectionRequest, RoleRequest
from members.services import rights
from news.models import Article
from news.services import give_duty
from signups.models import Occasion
from signups.services.attendance import note_attendance
from tests.activities.factories import make_class, make_venue, seat
from tests.factories import make_union, make_user, make_worker
from tests.news.back_office import in_all_columns, newest
from tests.news.factories import (
    approve,
    make_column,
    make_draft,
    make_reviewers,
    make_sent,
)
from tests.pages import markup
from unionportal import work
from unionportal.roles import ROLES
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db

HOME = reverse("admin:index")


@pytest.fixture(autouse=True)
def roles():
    write_roles()


def enter(client, role, **more):
    user = make_user(roles=[role], is_staff=True, **more)
    client.force_login(user)
    return user


def waiting(client):
    """Title → number of every queue on the home that is open."""
    context = client.get(HOME).context
    return {one.title: one.number for one in context["waiting"]}


def ask_correction(worker, days_ago=0):
    made = CorrectionRequest.objects.create(worker=worker, field=CorrectionField.NAME)
    at = timezone.now() - timedelta(days=days_ago)
    CorrectionRequest.objects.filter(pk=made.pk).update(asked_at=at)


def test_home_counts_for_a_steward_what_their_unions_ask_and_no_others(client):
    mine, other = make_union(), make_union()
    steward = enter(client, "工会干部")
    rights.give_stewardship(
        user=steward, union_org=mine, role=StewardRole.STEWARD, by=None
    )
    ask_correction(make_worker(union_org=mine), days_ago=3)
    for _n in range(2):
        ask_correction(make_worker(union_org=other))

    context = client.get(HOME).context

    asked = next(one for one in context["waiting"] if "更正" in one.title)
    assert (asked.number, asked.is_more) == (1, False)
    assert asked.oldest == timezone.localdate() - timedelta(days=3)


def test_home_stops_counting_at_a_hundred(client):
    union = make_union()
    for _n in range(MOST + 2):
        ask_correction(make_worker(union_org=union))
    enter(client, "服务台")

    with CaptureQueriesContext(connection) as asked_sql:
        context = client.get(HOME).context

    asked = next(one for one in context["waiting"] if one.number)
    counting = [q["sql"] for q in asked_sql if "queue_number" in q["sql"]]
    assert all(f"LIMIT {MOST + 1}" in sql for sql in counting)
    assert (asked.number, asked.is_more) == (MOST, True)


def test_count_says_what_is_due_today_and_what_was_due_before():
    today = timezone.localdate()
    for days in (-1, 0, 1):
        Article.objects.filter(pk=make_draft().pk).update(
            expire_at=timezone.now() + timedelta(days=days)
        )
    rows = Article.objects.drafts()

    counted = queues.count(
        [queues.Queue("due", rows, "/", since="created_at", due="expire_at")], today
    )

    assert [(one.number, one.due) for one in counted] == [(3, 2)]


def test_count_takes_queues_without_a_day_beside_those_that_have_one():
    make_draft()
    rows = Article.objects.drafts()
    plain = queues.Queue("plain", rows, "/")
    dated = queues.Queue("dated", rows, "/", since="created_at", due="created_at")

    for order in ([plain, plain, dated], [dated, plain, plain]):
        counted = queues.count(order, timezone.localdate())
        assert [one.number for one in counted] == [1, 1, 1]


def test_home_asks_nobody_to_confirm_a_role_they_asked_for(client):
    somebody, asker = make_user(), enter(client, "系统管理员")
    RoleRequest.objects.create(user=somebody, roles=["编辑"], asked_by=asker)

    assert waiting(client)["待确认的角色申请"] == 0


@pytest.mark.parametrize(
    ("role", "title"),
    [("编辑", "未送审的草稿"), ("初审", "待初审的稿件"), ("终审", "待终审的稿件")],
)
def test_home_says_what_each_does_with_an_article(client, role, title):
    user = enter(client, role)
    column = make_column()
    make_draft(column=column)
    approve(newest(make_sent(column=column)), make_reviewers()[:2])
    make_sent(column=column)

    assert title not in [name for name, n in waiting(client).items() if n]
    job = {"编辑": "edit", "初审": "first", "终审": "final"}[role]
    give_duty(column=column, user=user, job=job, by=None)
    assert waiting(client)[title] == 1


def test_home_of_every_role_costs_at_most_ten_queries_however_much_waits(client):
    union = make_union()
    people = {}
    for role in ROLES:
        people[role] = user = make_user(roles=[role], is_staff=True)
    steward, as_what = people["工会干部"], StewardRole.STEWARD
    rights.give_stewardship(user=steward, union_org=union, role=as_what, by=None)
    costs = {}
    for _time in range(2):
        for _n in range(6):
            ask_correction(make_worker(union_org=union))
            make_draft()
        for role, user in people.items():
            client.force_login(user)
            client.get(HOME)  # content types are read once a process
            with CaptureQueriesContext(connection) as asked:
                client.get(HOME)
            costs.setdefault(role, []).append(len(asked))

    assert {
        role: n for role, n in costs.items() if max(n) > 10 or len(set(n)) > 1
    } == {}


def test_home_tells_a_venue_manager_what_is_planned_behind_closed_doors(client):
    venue = make_venue(address="x", phone="12351", intro="x", directions="x")
    make_class(venue=venue, lessons=2)
    enter(client, "场馆管理员")
    assert not any(waiting(client).values())

    Venue.objects.filter(pk=venue.pk).update(is_active=False)
    make_venue(phone="12351")
    seen = waiting(client)
    assert seen["停用场馆里还有安排"] == 2
    assert sum(seen.values()) == 3


def test_home_tells_a_teacher_of_lessons_not_noted_of_everybody(client):
    teacher = enter(client, "任课教师")
    made = make_class(teacher=make_worker(user=teacher))
    signup, other = seat(made), seat(made)
    lesson = made.lessons.in_order().first()
    assert waiting(client) == {"待点名的课（近两周）": 0}

    hour_ago = timezone.now() - timedelta(hours=1)
    Occasion.objects.filter(pk=lesson.occasion_id).update(starts_at=hour_ago)
    assert waiting(client) == {"待点名的课（近两周）": 1}

    occasion = Occasion.objects.get(pk=lesson.occasion_id)
    for one, left in [(signup, 1), (other, 0)]:
        note_attendance(signup=one, occasion=occasion, state="present", by=teacher)
        assert waiting(client) == {"待点名的课（近两周）": left}


def test_tables_stand_behind_one_page_of_their_own(client):
    enter(client, "编辑")

    assert 'href="/admin/news/series/"' not in markup(client.get(HOME))
    listed = client.get(reverse("admin:tables")).context["app_list"]

    assert [app["app_label"] for app in listed] == ["news"]


def found(client, text):
    return client.get(reverse("admin:find"), {"q": text}).context["found"]


def names(kinds):
    return {kind.title: [hit.text for hit in kind.hits] for kind in kinds}


@pytest.mark.parametrize(
    "typed", ["王小棉", "SL000077", "sl000077", "13800001111", "+86 138 0000 1111"]
)
def test_find_knows_a_worker_by_name_member_number_and_mobile_number(client, typed):
    user = make_user(phone="+8613800001111")
    make_worker(name="王小棉", member_number="SL000077", user=user)
    make_worker(name="李国庆")
    enter(client, "服务台")

    kinds = found(client, typed)

    assert names(kinds) == {"职工": ["王小棉"]}
    assert "13800001111" not in str(kinds)


def test_find_shows_a_steward_nobody_of_another_union(client):
    mine, other = make_union(), make_union()
    steward = enter(client, "工会干部")
    rights.give_stewardship(
        user=steward, union_org=mine, role=StewardRole.STEWARD, by=None
    )
    make_worker(name="王小棉", union_org=mine)
    make_worker(name="王大棉", union_org=other)

    assert names(found(client, "棉")) == {"职工": ["王小棉"]}


@pytest.mark.parametrize("role", ["编辑", "任课教师", "场馆管理员", "系统管理员"])
def test_find_shows_no_worker_to_who_may_see_none(client, role):
    make_worker(name="王小棉")
    enter(client, role)

    assert "职工" not in names(found(client, "王小棉"))


def test_find_leads_to_articles_and_to_pages_by_their_names(client):
    make_draft(title="木棉花开的季节")
    in_all_columns(enter(client, "编辑"))

    assert names(found(client, "木棉")) == {"文章": ["木棉花开的季节"]}
    pages = client.get(reverse("admin:find"), {"q": "写文章"}).context["pages"]
    assert [page.link for page in pages] == [reverse("admin:news_article_add")]


def test_find_of_nothing_finds_nothing(client):
    make_worker()
    enter(client, "服务台")

    for text in ("", "  ", "%", "没有的名字"):
        assert found(client, text) == []


def test_find_asks_once_for_workers_however_many_there_are(client):
    for n in range(12):
        make_worker(name=f"王小棉{n}")
    enter(client, "服务台")

    with CaptureQueriesContext(connection) as asked_sql:
        (kind,) = found(client, "王小棉")

    assert (len(kind.hits), kind.is_more) == (8, True)
    assert sum('FROM "members_worker"' in one["sql"] for one in asked_sql) == 1
    assert len(asked_sql) <= 10


@pytest.mark.parametrize("what", ["待初审的稿件", "评审材料待评分"])
def test_home_gives_an_auditor_nobody_elses_work(client, what):
    make_draft()
    enter(client, "评委" if what == "评审材料待评分" else "初审")
    assert what in waiting(client)

    enter(client, "审计员")
    assert what not in waiting(client)


def test_find_is_closed_to_who_is_no_staff(client):
    client.force_login(make_user())

    for name in ("find", "tables"):
        answer = client.get(reverse(f"admin:{name}"), {"q": "王"}, follow=True)
        assert answer.status_code == 403


def test_rooms_offer_only_what_the_roof_asks_for():
    asked = {"waiting", "today", "jobs", "found"}

    for room in work.ROOMS:
        public = {
            name
            for name, value in vars(room).items()
            if getattr(value, "__module__", "") == room.__name__
            and callable(value)
            and not name.startswith("_")
        }
        assert public and public <= asked, room
