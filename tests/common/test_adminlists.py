"""Long lists of the back office: searched by index, counted to a bound, every page there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from common import adminlists, paging
from members.models import User, Worker
from signups.models import Signup
from signups.services import seats
from tests.factories import make_offering, make_union, make_user, make_worker
from tests.news.factories import make_article

pytestmark = pytest.mark.django_db

WORKERS = reverse("admin:members_worker_changelist")
SIGNUPS = reverse("admin:signups_signup_changelist")
ARTICLES = reverse("admin:news_article_changelist")


@pytest.fixture
def staff(client):
    user = make_user(is_staff=True)
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    client.force_login(user)
    return client


def sign_up(worker, offering):
    return seats.sign_up(offering_id=offering.pk, worker=worker, by=None)


def found(staff, address, text, **more):
    answer = staff.get(address, {"q": text, **more})
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


@pytest.fixture
def people():
    org = make_union()
    return {
        name: make_worker(name=name, member_number=number, union_org=org)
        for name, number in [
            ("王刚", "SC00012345"),
            ("王建刚", "sc00054321"),
            ("刚王", "SC10099999"),
            ("买买提·艾力", "A_B%C"),
        ]
    }


SEARCHES = [
    ("王", {"王刚", "王建刚", "刚王"}),
    ("王刚", {"王刚"}),  # two characters in a row, in this order
    ("建刚", {"王建刚"}),
    ("买提·艾", {"买买提·艾力"}),
    ("王 刚", {"王刚"}),  # blanks between characters are slips
    ("王 12345", {"王刚"}),  # each word in any column
    ("SC000", {"王刚", "王建刚"}),  # whatever the case
    ("0012345", {"王刚"}),
    ("００１２３４５", {"王刚"}),
    ("123450", set()),
    ("A_B%", {"买买提·艾力"}),  # no pattern, a text
    ("%", {"买买提·艾力"}),
    ("C_0", set()),
    ('"SC1009"', {"刚王"}),
    ('"', set()),
]


def test_search_of_workers_finds_a_word_wherever_it_stands(staff, people):
    got = {
        text: {worker.name for worker in found(staff, WORKERS, text)}
        for text, _names in SEARCHES
    }

    assert got == dict(SEARCHES)


def test_search_of_workers_is_by_index_for_two_characters_too(people):
    rows = Worker.objects.filter(
        adminlists.finding.standing_in(Worker, ("name", "member_number"), "王刚")
    )

    # a few rows are read as cheaply in any order: only a bitmap needs an index that fits
    with connection.cursor() as cursor:
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        plan = rows.explain()

    assert "members_worker_found" in plan
    assert [worker.name for worker in rows] == ["王刚"]


def test_search_of_signups_finds_each_word_in_any_table(staff, people):
    dance, singing = make_offering(title="舞蹈入门"), make_offering(title="声乐入门")
    first = sign_up(people["王刚"], dance)
    second = sign_up(people["王刚"], singing)
    third = sign_up(people["王建刚"], dance)

    assert set(found(staff, SIGNUPS, "王刚")) == {first, second}
    assert set(found(staff, SIGNUPS, "刚 舞蹈")) == {first, third}
    assert set(found(staff, SIGNUPS, "54321 入门")) == {third}
    assert found(staff, SIGNUPS, "刚王") == []


def test_search_of_signups_is_whole_where_more_is_found_than_is_counted(
    staff, people, monkeypatch
):
    offering = make_offering(title="舞蹈入门")
    made = {sign_up(worker, offering) for worker in people.values()}
    monkeypatch.setattr(adminlists, "MOST_COUNTED", 2)

    assert set(found(staff, SIGNUPS, "舞蹈")) == made


def test_search_of_articles_finds_a_word_of_the_title(staff):
    made = make_article(title="职工书屋走进班组")
    make_article(title="书香职工屋")

    assert found(staff, ARTICLES, "书屋") == [made]


def test_long_list_says_that_there_are_more_and_shows_every_page(staff, monkeypatch):
    made = sorted((make_worker().pk for _ in range(7)), reverse=False)
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)
    monkeypatch.setattr(Worker._meta, "ordering", ["pk"])
    monkeypatch.setattr(
        "members.admin.people.WorkerAdmin.list_per_page", 2, raising=False
    )

    seen = []
    for page, is_more in [(1, True), (2, True), (3, True), (4, False)]:
        changelist = staff.get(WORKERS, {"p": page}).context["cl"]
        assert changelist.paginator.is_more == is_more
        assert len(changelist.result_list) <= 2
        seen += [worker.pk for worker in changelist.result_list]
    assert seen == made
    assert staff.get(WORKERS, {"p": 5}).status_code == 302  # as Django answers


def test_all_rows_of_a_list_that_was_not_counted_are_not_acted_on(staff, monkeypatch):
    offering = make_offering()
    for _ in range(4):
        sign_up(make_worker(), offering)
    asked = {
        "action": "cancel_selected",
        "select_across": "1",
        "_selected_action": [Signup.objects.first().pk],
        "is_sure": "1",
        "reason": "示例",
    }
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)
    staff.post(SIGNUPS, asked)
    assert Signup.objects.live().count() == 4

    monkeypatch.setattr(paging, "MOST_COUNTED", 4)
    staff.post(SIGNUPS, asked)
    assert Signup.objects.live().count() == 0


def test_long_history_offers_the_years_months_and_days_there_are(staff):
    offering = make_offering()
    old, new = (sign_up(make_worker(), offering) for _ in range(2))
    long_ago = new.created_at - timedelta(days=800)
    Signup.objects.filter(pk=old.pk).update(created_at=long_ago)

    def choices(**chosen):
        return staff.get(SIGNUPS, chosen).content.decode()

    year = f"created_at__year={long_ago.year}"
    assert year in choices()
    here = choices(created_at__year=long_ago.year)
    assert f"created_at__month={long_ago.month}&amp;{year}" in here
    days = choices(created_at__year=long_ago.year, created_at__month=long_ago.month)
    assert f"created_at__day={long_ago.day}" in days
    strange = staff.get(SIGNUPS, {"created_at__year": "1", "created_at__month": "13"})
    assert strange.status_code in (200, 302)


def test_suggestions_of_workers_cost_one_query_of_their_own(
    staff, people, django_assert_max_num_queries
):
    address = reverse("admin:autocomplete")
    box = {"app_label": "signups", "model_name": "signup", "field_name": "worker"}

    with django_assert_max_num_queries(3):  # the session, the account, the workers
        answer = staff.get(address, {**box, "term": "王刚"}).json()

    assert [row["text"].partition("（")[0] for row in answer["results"]] == ["王刚"]
    assert answer["pagination"] == {"more": False}


def test_suggestions_say_where_there_are_more(staff):
    for n in range(21):
        make_worker(name=f"示例{n}")
    box = {"app_label": "signups", "model_name": "signup", "field_name": "worker"}

    first = staff.get(reverse("admin:autocomplete"), {**box, "term": "示例"}).json()
    second = staff.get(
        reverse("admin:autocomplete"), {**box, "term": "示例", "page": "2"}
    ).json()

    assert (len(first["results"]), first["pagination"]["more"]) == (20, True)
    assert (len(second["results"]), second["pagination"]["more"]) == (1, False)
    strange = {**box, "term": "示例", "page": "x"}
    assert staff.get(reverse("admin:autocomplete"), strange).status_code in (200, 404)
