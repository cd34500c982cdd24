"""What each account of the demonstration finds: its role, and work that waits."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.training.models import CourseClass, Lesson, TermPlan
from honors.models import AwardEdition, Ballot, Recusal
from members.models import Notice, Stewardship, User, Worker
from signups.enums import SignupStatus
from signups.models import Appeal, Signup
from tests.unionportal.accounts import STAFF, account
from volunteers.models import HoursDispute, ServiceEvent, ServiceRecord, VolunteerTeam

pytestmark = pytest.mark.django_db  # also of those that only look

# account of the staff → what waits there, among other things
WAITS = {
    1: {
        "退改的稿件",
        "未送审的草稿",
        "待审核的评论",
        "被举报的评论",
        "评论申诉待答复",
    },
    2: {"待初审的稿件"},
    3: {"待复审的稿件"},
    4: {"待终审的稿件", "已紧急发布、三审待补", "名单豁免待审批"},
    6: {"推荐材料待填写、待提交", "职工提名待办理"},
    7: {
        "推荐人选待资格审查",
        "待确定拟推荐名单",
        "公示期满，待审定",
        "公示异议待办结",
    },
    8: {"评审材料待评分"},
    9: {"评审材料待评分"},
    15: {"待审核的评论"},
    16: {"待初审的稿件", "推荐人选待审核"},
}


@pytest.mark.parametrize(("number", "role"), STAFF.items())
def test_demo_staff_have_their_role_and_the_public_password(made, number, role):
    user = account(number)

    also = {4: {"分管领导"}, 16: {"县区审核"}}.get(number, set())
    assert {group.name for group in user.groups.all()} == {role} | also
    assert user.is_staff
    assert not user.is_superuser
    assert user.check_password("demo-2018")


def test_demo_members_are_verified_workers_with_the_public_password(made):
    for number in range(100, 200):
        user = account(number)

        assert user.check_password("demo-2018")
        assert not user.is_staff
        assert user.worker.is_member
        assert user.worker.verified_at is not None


def test_demo_one_login_has_no_worker(made):
    user = account(200)

    assert user.check_password("demo-2018")
    assert not Worker.objects.filter(user=user).exists()


def test_demo_log_in_at_the_door_works(made, client):
    answer = client.post(
        reverse("account_login"), {"login": "13900000100", "password": "demo-2018"}
    )

    assert answer.status_code == 302
    assert client.session["_auth_user_id"]


def test_demo_steward_looks_after_one_grassroots_union(made):
    steward = Stewardship.objects.get(user=account(6))

    assert steward.union_org.level == "grassroots"
    workers = Worker.objects.managed_by(account(6))
    assert {worker.union_org_id for worker in workers} == {steward.union_org_id}


def test_demo_leader_leads_and_a_teacher_teaches(made):
    assert VolunteerTeam.objects.managed_by(account(10)).count() == 1
    assert CourseClass.objects.filter(teacher=account(12).worker).exists()


def test_demo_the_first_member_has_notices_read_and_unread(made):
    mine = Notice.objects.for_inbox(account(100))

    assert len({notice.kind for notice in mine}) >= 3
    assert {notice.is_read for notice in mine} == {True, False}


def test_demo_the_first_member_is_seated_waits_was_called_off_and_has_a_past(made):
    mine = Signup.objects.filter(worker=account(100).worker)

    past = mine.filter(offering__ends_at__lt=timezone.now())
    now = mine.exclude(pk__in=past.values("pk"))
    assert past.count() >= 2
    # the class that meets for the last time today may be one more seat
    assert set(now.values_list("status", flat=True)) == {
        SignupStatus.SEATED,
        SignupStatus.WAITING,
        SignupStatus.OFFERED,
        SignupStatus.CALLED_OFF,
    }


def test_demo_those_who_try_the_site_start_clean(made):
    tryers = [account(number).worker for number in range(101, 120)]

    assert not Signup.objects.filter(worker__in=tryers).exists()


def test_demo_teacher_has_a_class_today_and_the_next_term_lies_ready(made):
    teacher = User.objects.by_phone("+8613900000012")
    lessons = Lesson.objects.of_teacher(teacher)

    today = timezone.localdate()
    assert any(timezone.localdate(x.occasion.starts_at) == today for x in lessons)
    [plan] = TermPlan.objects.open()
    assert len(plan.rows) == 16


def test_demo_first_member_is_seated_waits_is_offered_a_seat_and_appeals(made):
    worker = account(100).worker

    current = Signup.objects.filter(worker=worker).live()
    assert {"seated", "waiting", "offered"} == set(
        current.values_list("status", flat=True)
    )
    appeals = Appeal.objects.open()
    steward, manager = (User.objects.by_phone(f"+861390000000{n}") for n in (6, 5))
    assert appeals.decidable_by(steward).filter(is_for_unit=True).count() == 1
    assert appeals.decidable_by(manager).get().point.worker == worker


@pytest.mark.parametrize("number", STAFF)
def test_demo_gives_every_account_of_the_staff_work_that_opens(made, number):
    """Each finds something on their home, no link of it leads to nowhere, and a list
    shows as many rows as the home said wait there."""
    client = Client()
    client.force_login(account(number))
    home = client.get(reverse("admin:index")).context
    wrong = []
    for one in [*home["waiting"], *home["jobs"], *home["agenda"]]:
        page = client.get(one.link, follow=True)
        if page.status_code != 200:
            wrong.append(f"{one.title} {one.link}")
        elif one in home["waiting"] and "cl" in (page.context or ()):
            listed = page.context["cl"].result_count
            if listed != one.number:
                wrong.append(f"{one.title}: {one.number}, its list: {listed}")

    waits = {one.title for one in home["waiting"] if one.number}
    assert waits
    assert WAITS.get(number, set()) - waits == set()
    assert home["jobs"]
    assert wrong == []


def test_demo_has_hours_to_write_confirm_prove_and_answer_for_who_leads(made):
    leader, coordinator = account(10), account(17)

    assert ServiceEvent.objects.run_by(leader).to_record().count() == 1
    for user in (leader, coordinator):
        assert ServiceRecord.objects.to_confirm(user).exists()
        assert ServiceRecord.objects.to_prove(user).exists()
        assert HoursDispute.objects.answerable_by(user).exists()


def test_demo_has_a_vote_that_is_open_and_files_that_jurors_are_recused_from(made):
    voter = Client()
    voter.force_login(account(100))
    [edition] = AwardEdition.objects.voting_not_over().filter(
        vote_opens_at__lte=timezone.now()
    )
    page = voter.get(reverse("honors:vote", args=[edition.pk]))

    assert len(page.context["candidates"]) == 6
    assert not page.context["kept"]
    for number in (8, 9):
        assert Recusal.objects.filter(seat__user=account(number)).exists()
        assert Ballot.objects.to_score(account(number)).count() >= 8
