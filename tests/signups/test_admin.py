"""The desk's back office: another caller of the same verbs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.errors import Reason, Refusal
from common.models import Change
from members.models import Stewardship
from signups.models import Occasion, Offering, SeatPool, Signup
from signups.services import offerings, seats, standing
from tests.factories import (
    make_limit,
    make_offering,
    make_union,
    make_user,
    make_worker,
    make_worker_with_login,
)

pytestmark = pytest.mark.django_db


def url(model, action, *args):
    label = f"{model._meta.app_label}_{model._meta.model_name}"
    return reverse(f"admin:{label}_{action}", args=args)


@pytest.fixture
def clerk(enter):
    return enter("服务台")


@pytest.fixture
def manager(enter):
    return enter("培训管理员")


@pytest.fixture
def union():
    return make_union(code="A")


@pytest.fixture
def steward(enter, union):
    user = enter("工会干部")
    Stewardship.objects.create(user=user, union_org=union)
    return user


@pytest.fixture
def foreign():
    return make_worker(name="外示例", union_org=make_union(code="B"))


def sign_up(offering, worker=None):
    return seats.sign_up(
        offering_id=offering.pk, worker=worker or make_worker(), by=None
    )


def ask(client, offering, worker):
    return client.post(
        url(Signup, "add"), {"offering": offering.pk, "worker": worker.pk}
    )


def errors(response):
    assert response.status_code == 200, "the form came back"
    return response.context["adminform"].form.errors


def listed(response):
    assert response.status_code == 200
    return set(response.context["cl"].result_list)


# --- signing somebody up


def test_signup_admin_add_signs_up_and_stands_on_record(client, clerk):
    offering, worker = make_offering(), make_worker()

    response = ask(client, offering, worker)

    signup = Signup.objects.get()
    assert response.status_code == 302
    assert (signup.worker, signup.status) == (worker, "seated")
    assert signup.asked_by == clerk


def not_open():
    return make_offering(opens_at=timezone.now() + timedelta(hours=1)), make_worker()


def for_members():
    return make_offering(), make_worker(is_member=False)


def full():
    return make_offering(capacity=0, waitlist_limit=0), make_worker()


def clashing():
    start = timezone.now() + timedelta(days=3)
    times = [(start, start + timedelta(hours=2), "")]
    worker = make_worker()
    sign_up(make_offering(times=times), worker)
    return make_offering(times=times), worker


def for_several_reasons():
    opens = timezone.now() + timedelta(hours=1)
    return make_offering(opens_at=opens), make_worker(is_member=False)


@pytest.mark.parametrize(
    "case", [not_open, for_members, full, clashing, for_several_reasons]
)
def test_signup_admin_add_gives_the_refusal_of_the_page_and_loses_nothing_typed(
    client, clerk, case
):
    offering, worker = case()
    given = [reason.text for reason in standing.look_at(offering, worker).reasons]
    held = Signup.objects.count()

    response = ask(client, offering, worker)

    form = response.context["adminform"].form
    assert given
    assert errors(response) == {"__all__": given}
    assert (form["offering"].value(), form["worker"].value()) == (
        str(offering.pk),
        str(worker.pk),
    )
    assert Signup.objects.count() == held


def test_signup_admin_add_twice_is_one_request(client, clerk):
    offering, worker = make_offering(), make_worker()

    for _ in range(2):
        ask(client, offering, worker)

    assert Signup.objects.count() == 1
    assert SeatPool.objects.get().taken == 1


@pytest.mark.django_db(transaction=True)
def test_signup_admin_add_settles_the_queue_when_its_transaction_ends(client, clerk):
    """A seat is owed to nobody: the one who comes to wait gets it."""
    offering = make_offering(capacity=1)
    SeatPool.objects.update(taken=1, owed=1)

    ask(client, offering, make_worker())

    assert Signup.objects.get().status == "seated"


@pytest.mark.parametrize("role", ["服务台", "工会干部", "培训管理员"])
def test_signup_admin_finds_the_offering_for_who_signs_people_up(client, enter, role):
    enter(role)
    offering = make_offering(title="瑜伽班")

    response = client.get(url(Offering, "changelist"), {"_popup": "1", "q": "瑜伽"})

    assert listed(response) == {offering}


# --- stewards and other unions' workers


def test_signup_admin_add_is_for_workers_of_the_stewards_unions_only(
    client, steward, union, foreign
):
    offering, mine = make_offering(), make_worker(union_org=union)

    there, here = ask(client, offering, foreign), ask(client, offering, mine)

    assert set(errors(there)) == {"worker"}
    assert "外示例" not in there.content.decode()
    assert here.status_code == 302
    assert [signup.worker for signup in Signup.objects.all()] == [mine]


def test_signup_admin_lists_and_finds_the_stewards_own_workers_only(
    client, steward, union, foreign
):
    offering = make_offering()
    mine = sign_up(offering, make_worker(union_org=union))
    sign_up(offering, foreign)

    assert listed(client.get(url(Signup, "changelist"))) == {mine}
    for word in ("外示例", offering.title):
        found = client.get(url(Signup, "changelist"), {"q": word})
        assert listed(found) <= {mine}
        assert "外示例" not in found.content.decode().replace('value="外示例"', "")


@pytest.mark.parametrize("action", ["change", "history"])
def test_signup_admin_gives_404_for_a_signup_of_another_union(
    client, steward, foreign, action
):
    signup = sign_up(make_offering(), foreign)

    response = client.get(url(Signup, action, signup.pk), follow=True)

    assert response.redirect_chain == [("/admin/", 302)]
    assert "外示例" not in response.content.decode()


def test_signup_admin_cancel_of_a_steward_reaches_their_own_people_only(
    client, steward, union, foreign
):
    own = sign_up(make_offering(), make_worker(union_org=union))
    theirs = sign_up(make_offering(), foreign)

    for signup in (own, theirs):
        client.post(url(Signup, "changelist"), agreed(signup))
        signup.refresh_from_db()

    assert own.status == "cancelled"
    assert theirs.status == "seated"


@pytest.mark.parametrize("model", [Offering, SeatPool])
def test_offering_admin_lets_a_steward_change_no_rule_and_no_capacity(
    client, steward, model
):
    make_offering()
    row = model.objects.get()

    response = client.post(url(model, "change", row.pk), {"capacity": 9})

    assert response.status_code == 403


# --- cancelling at the desk


def chosen(*signups):
    return {"action": "cancel_selected", "_selected_action": [s.pk for s in signups]}


def agreed(*signups):
    return chosen(*signups) | {"is_sure": "1", "reason": "重复报名"}


def test_signup_admin_cancel_first_says_whom_it_concerns_and_does_nothing(
    client, clerk
):
    offering = make_offering(title="瑜伽舒缓班")
    live = sign_up(offering, make_worker(name="示例甲"))
    gone = sign_up(offering, make_worker(name="示例乙"))
    seats.cancel(signup=gone, by=None)

    asked = client.post(url(Signup, "changelist"), chosen(live, gone))

    live.refresh_from_db()
    page = asked.content.decode()
    assert live.status == "seated"
    assert "所选1项" in page
    assert "候补的人依次递补" in page
    assert "示例甲" in page
    assert "瑜伽舒缓班" in page
    assert "示例乙" not in page


def test_signup_admin_cancel_asks_nobody_where_nothing_is_left_to_cancel(client, clerk):
    gone = sign_up(make_offering())
    seats.cancel(signup=gone, by=None)

    response = client.post(
        url(Signup, "changelist"),
        chosen(gone),
        follow=True,
    )

    assert [str(m) for m in response.context["messages"]] == [
        "所选报名都已取消或停办。"
    ]


def test_signup_admin_cancel_refuses_too_many_at_once_whole(client, clerk, monkeypatch):
    monkeypatch.setattr("signups.admin.SignupAdmin.MOST_AT_ONCE", 1)
    signups = [sign_up(make_offering()) for _ in range(2)]

    answer = client.post(url(Signup, "changelist"), chosen(*signups), follow=True)

    assert "一次最多选1项" in answer.content.decode()
    assert Signup.objects.live().count() == 2


def test_signup_admin_page_says_how_it_stands_and_leads_to_cancel(client, clerk):
    offering = make_offering(title="瑜伽舒缓班", capacity=1)
    first, _second = sign_up(offering), sign_up(offering)
    waiting = sign_up(offering, make_worker(name="示例赵"))
    seats.cancel(signup=first, by=None)

    page = client.get(url(Signup, "change", waiting.pk))
    ended = client.get(url(Signup, "change", first.pk)).content.decode()

    words = page.content.decode()
    assert page.context["title"] == "示例赵 — 瑜伽舒缓班"
    assert "第2位（共2位）" in words
    assert "报名时间" in words
    assert "经办人" in words
    assert 'value="cancel_selected"' in words
    assert "取消时间" in ended
    assert 'value="cancel_selected"' not in ended


def test_signup_admin_page_shows_no_button_to_who_may_not_cancel(client, steward):
    client.force_login(make_user(is_staff=True, roles=["审计员"]))
    signup = sign_up(make_offering(), make_worker())

    page = client.get(url(Signup, "change", signup.pk)).content.decode()

    assert signup.offering.title in page
    assert 'value="cancel_selected"' not in page


def test_signup_admin_cancel_names_who_and_what_could_not_be_cancelled(
    client, clerk, monkeypatch
):
    def refuse(*, signup, by, reason):
        raise Refusal(Reason("busy", "稍后再试。"))

    monkeypatch.setattr(seats, "cancel", refuse)
    signup = sign_up(make_offering(title="瑜伽舒缓班"), make_worker(name="示例甲"))

    page = client.post(url(Signup, "changelist"), agreed(signup), follow=True)

    said = [str(message) for message in page.context["messages"]]
    union = signup.worker.union_org
    assert said == [f"示例甲（{union}） — 瑜伽舒缓班：稍后再试。"]


# --- one class's list, and finding people


def test_signup_admin_list_shows_one_offering_and_says_which(client, clerk):
    wanted = sign_up(make_offering(title="瑜伽舒缓班"))
    sign_up(make_offering(title="别的班"))
    listing = url(Signup, "changelist")

    one = client.get(listing, {"offering__id__exact": wanted.offering_id})
    none = client.get(listing, {"offering__id__exact": "x"})

    assert listed(one) == {wanted}
    assert one.context["title"] == "瑜伽舒缓班的报名"
    assert "清除筛选" in one.content.decode()
    assert listed(none) == set()
    assert "按姓名、会员编号或班名查找" in one.content.decode()


def suggestions(client, field, term=""):
    return client.get(
        reverse("admin:autocomplete"),
        {
            "app_label": "signups",
            "model_name": "signup",
            "field_name": field,
            "term": term,
        },
    )


@pytest.mark.parametrize("more", [0, 5])
def test_signup_admin_suggests_people_as_one_types_in_ones_own_unions_only(
    client, steward, union, foreign, more, django_assert_max_num_queries
):
    mine = make_worker(name="示例甲", union_org=union)
    for _ in range(more):
        make_worker(name="示例丙", union_org=union)

    with django_assert_max_num_queries(8):
        found = suggestions(client, "worker", "示例").json()["results"]

    assert {"id": str(mine.pk), "text": f"{mine}（{union}）"} in found
    assert len(found) == 1 + more
    form = client.get(url(Signup, "add")).content.decode()
    assert form.count("admin-autocomplete") >= 2


def test_signup_admin_suggests_two_classes_of_one_name_with_their_terms(
    client, clerk, django_assert_max_num_queries
):
    for title in ("春季班", "秋季班"):
        make_offering(title="瑜伽舒缓班", limits=[make_limit(title=title)])
    make_offering(title="瑜伽舒缓班")  # belongs to none

    with django_assert_max_num_queries(8):
        found = suggestions(client, "offering", "瑜伽").json()["results"]

    assert sorted(row["text"] for row in found) == sorted(
        ["瑜伽舒缓班", "瑜伽舒缓班（春季班）", "瑜伽舒缓班（秋季班）"]
    )


def test_signup_admin_suggests_nobody_to_who_signs_nobody_up(client, enter):
    enter("队长")

    assert suggestions(client, "worker").status_code == 403


def test_seat_pool_admin_row_has_one_way_to_its_page(client, manager):
    pool = make_offering().pools.get()

    page = client.get(url(Offering, "change", pool.offering_id)).content.decode()

    assert f'<a href="{url(SeatPool, "change", pool.pk)}">打开</a>' in page
    assert "inlinechangelink" not in page


@pytest.mark.django_db(transaction=True)
def test_signup_admin_cancel_moves_the_queue_up(client, clerk):
    offering = make_offering(capacity=1)
    seated, waiting = sign_up(offering), sign_up(offering)
    gone = sign_up(make_offering())
    seats.cancel(signup=gone, by=None)

    response = client.post(
        url(Signup, "changelist"),
        agreed(seated, gone),
        follow=True,
    )

    seated.refresh_from_db()
    waiting.refresh_from_db()
    assert (seated.status, waiting.status) == ("cancelled", "seated")
    assert [str(m) for m in response.context["messages"]] == ["已取消1条报名。"]
    assert Change.objects.of(seated).last().by == clerk


def test_signup_admin_cancel_holds_a_clerk_to_the_deadline_for_their_own_seat(
    client, enter
):
    worker = make_worker_with_login()
    clerk = worker.user
    enter("服务台")
    clerk.groups.set(type(clerk).objects.latest("pk").groups.all())
    clerk.is_staff = True
    clerk.save()
    client.force_login(clerk)
    offering = make_offering(cancel_until=timezone.now() - timedelta(hours=1))
    own, others = sign_up(offering, worker), sign_up(offering)

    response = client.post(
        url(Signup, "changelist"),
        agreed(own, others),
        follow=True,
    )

    said = "".join(str(m) for m in response.context["messages"])
    assert "取消时间已过" in said
    assert "已取消1条报名。" in said
    own.refresh_from_db()
    assert own.status == "seated"


@pytest.mark.parametrize("role", ["服务台", "培训管理员"])
def test_signup_admin_has_no_row_to_edit_or_delete(client, enter, role):
    enter(role)
    signup = sign_up(make_offering())
    other = make_worker()

    changed = client.post(
        url(Signup, "change", signup.pk),
        {"offering": signup.offering_id, "worker": other.pk},
    )
    deleted = client.post(url(Signup, "delete", signup.pk), {"post": "yes"})

    assert (changed.status_code, deleted.status_code) == (403, 403)
    signup.refresh_from_db()
    assert signup.worker != other


# --- rules and seats


@pytest.mark.django_db(transaction=True)
def test_seat_pool_admin_with_more_seats_serves_the_queue_at_once(client, manager):
    offering = make_offering(capacity=1)
    sign_up(offering)
    waiting = sign_up(offering)
    pool = SeatPool.objects.get()

    response = client.post(url(SeatPool, "change", pool.pk), {"capacity": 2})

    waiting.refresh_from_db()
    pool.refresh_from_db()
    assert response.status_code == 302
    assert waiting.status == "seated"
    assert (pool.capacity, pool.taken, pool.owed) == (2, 2, 0)


def test_seat_pool_admin_refuses_fewer_seats_than_taken_in_the_form(client, manager):
    offering = make_offering(capacity=2)
    for _ in range(2):
        sign_up(offering)
    pool = SeatPool.objects.get()

    response = client.post(url(SeatPool, "change", pool.pk), {"capacity": 1})

    assert errors(response) == {"__all__": ["已有2个名额被占用，名额不能少于此数。"]}
    assert response.context["adminform"].form["capacity"].value() == "1"
    pool.refresh_from_db()
    assert pool.capacity == 2


def offering_data(offering, **changes):
    opens, closes = (
        timezone.localtime(moment) for moment in (offering.opens_at, offering.closes_at)
    )
    none = "pools-TOTAL_FORMS pools-INITIAL_FORMS"
    return (
        {
            "opens_at_0": f"{opens:%Y-%m-%d}",
            "opens_at_1": f"{opens:%H:%M:%S}",
            "closes_at_0": f"{closes:%Y-%m-%d}",
            "closes_at_1": f"{closes:%H:%M:%S}",
            "is_members_only": "on",
            "waitlist_limit": "",
        }
        | dict.fromkeys(none.split(), 0)
        | changes
    )


def test_offering_admin_changes_rules_through_the_verb(client, manager):
    offering = make_offering()

    response = client.post(
        url(Offering, "change", offering.pk),
        offering_data(offering, waitlist_limit="3", title="别的"),
    )

    changed = Offering.objects.get()
    assert response.status_code == 302
    assert (changed.waitlist_limit, changed.title) == (3, offering.title)


def test_offering_admin_refuses_a_window_that_runs_backwards(client, manager):
    offering = make_offering()

    response = client.post(
        url(Offering, "change", offering.pk),
        offering_data(offering, closes_at_0="2001-01-01"),
    )

    assert errors(response) == {"closes_at": ["报名截止应晚于报名开始。"]}
    assert Offering.objects.get().closes_at == offering.closes_at


@pytest.mark.parametrize("model", [Offering, SeatPool])
def test_offering_admin_opens_and_deletes_nothing(client, manager, model):
    make_offering()
    row = model.objects.get()

    assert client.get(url(model, "add")).status_code == 403
    assert client.post(url(model, "delete", row.pk)).status_code == 403


def test_occasion_says_its_time_in_the_citys_own():
    start = timezone.make_aware(timezone.datetime(2018, 6, 12, 9, 0))
    occasion = Occasion(starts_at=start, ends_at=start + timedelta(hours=2))

    assert str(occasion) == "2018-06-12 09:00"


# --- cost


@pytest.mark.parametrize("model", [Signup, Offering, SeatPool])
@pytest.mark.parametrize("rows", [1, 6])
def test_signup_admin_lists_cost_the_same_however_long(client, manager, model, rows):
    for _ in range(rows):
        seats.sign_up(
            offering_id=make_offering().pk,
            worker=make_worker(union_org=make_union()),
            by=make_user(),
        )
    client.get(url(model, "changelist"))

    with CaptureQueriesContext(connection) as queries:
        response = client.get(url(model, "changelist"))

    assert len(listed(response)) == rows
    # session, user, permissions (2), count, rows, generation; and pools, or the
    # first and last day of the hierarchy
    extra = {Signup: 2, Offering: 2, SeatPool: 0}[model]
    assert len(queries) == 6 + extra


# --- what was called off, and what the worker reads


def test_signup_admin_cancel_needs_a_reason_that_the_person_reads(client, clerk):
    worker = make_worker_with_login()
    signup = sign_up(make_offering(title="瑜伽舒缓班"), worker)
    listing = url(Signup, "changelist")

    asked = client.post(listing, chosen(signup) | {"is_sure": "1", "reason": " "})
    signup.refresh_from_db()
    assert (signup.status, "请填写取消原因" in asked.content.decode()) == (
        "seated",
        True,
    )
    client.post(listing, agreed(signup) | {"reason": "本人来电，改报<周三>班"})

    client.force_login(worker.user)
    for page in (
        reverse("my"),
        reverse("signups:signup-detail", args=[signup.pk]),
        reverse("my-data"),
    ):
        assert "本人来电，改报&lt;周三&gt;班" in client.get(page).content.decode()


def test_signup_admin_cancel_refuses_a_reason_longer_than_its_column(client, clerk):
    signup = sign_up(make_offering())

    client.post(url(Signup, "changelist"), agreed(signup) | {"reason": "长" * 201})

    signup.refresh_from_db()
    assert signup.status == "seated"


def test_signup_admin_add_says_by_name_whom_one_signed_up(client, clerk):
    offering, worker = make_offering(title="声乐基础班"), make_worker(name="王建军")

    answer = client.post(
        url(Signup, "add"),
        {"offering": offering.pk, "worker": worker.pk},
        follow=True,
    )

    said = [str(message) for message in answer.context["messages"]]
    assert said == ["已为王建军报名“声乐基础班”。"]


def test_signup_admin_cancels_nothing_of_an_offering_that_was_called_off(client, clerk):
    offering = make_offering(capacity=1)
    seated, waiting = sign_up(offering), sign_up(offering)
    offerings.withdraw_offering(offering=offering, reason="停水停电", by=None)

    listed_as = client.get(url(Signup, "changelist")).content.decode()
    pages = [client.get(url(Signup, "change", s.pk)) for s in (seated, waiting)]
    client.post(url(Signup, "changelist"), agreed(seated, waiting))

    assert listed_as.count('<td class="field-state">已停办</td>') == 2
    for page in pages:
        words = page.content.decode()
        assert "停水停电" in words
        assert 'value="cancel_selected"' not in words
        assert "候补位次" not in words
    assert Signup.objects.filter(status="called_off").count() == 2
