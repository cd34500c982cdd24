"""What verbs of people and accounts tell, one test a kind: who gets it and nobody else."""

import pytest

from members.enums import CertificateKind, StewardRole
from members.models import Notice, Stewardship, UnionTransfer, Worker
from members.services import (
    accounts,
    certificates,
    duties,
    logins,
    owndata,
    rights,
    second_factor,
    transfers,
    verification,
    workers,
)
from tests.factories import make_union, make_user, make_worker, make_worker_with_login
from tests.members.guard import code_at
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db


def told():
    """(account, kind) of every notice."""
    return set(Notice.objects.values_list("user", "kind"))


@pytest.fixture
def steward():
    write_roles()
    union = make_union()
    user = make_user(roles=["工会干部"], is_staff=True)
    Stewardship.objects.create(user=user, union_org=union)
    Notice.objects.all().delete()
    user.union = union
    return user


@pytest.fixture
def desk():
    write_roles()
    return make_user(roles=["服务台"], is_staff=True)


def test_verify_by_hand_tells_the_account_that_was_verified(steward):
    user, row = make_user(), make_worker(union_org=steward.union)

    verification.verify_by_hand(worker=row, user=user, by=steward, reason="当面核对")
    assert told() == {(user.pk, "members.verified")}

    verification.undo(worker=row, by=steward, reason="号码可能已换人")
    assert told() == {
        (user.pk, "members.verified"),
        (user.pk, "members.unverified"),
    }
    # the number may be another person's by now
    assert "换人" not in Notice.objects.get(kind="members.unverified").body


def test_verify_oneself_tells_nobody():
    row, user = make_worker(member_number="SL-9001"), make_user()

    verification.verify(
        user=user, union_org=row.union_org, name=row.name, member_number="SL-9001"
    )

    assert told() == set()


def test_transfer_tells_the_worker_and_who_proposed_it(steward):
    to = make_union()
    other = make_user(roles=["工会干部"], is_staff=True)
    Stewardship.objects.create(user=other, union_org=to)
    worker = make_worker_with_login(union_org=steward.union, name="王示刚")
    make_worker_with_login(union_org=steward.union)

    asked = transfers.transfer(worker=worker, to=to, by=steward, reason="调动")
    assert told() == set()
    transfers.accept(transfer=asked, by=other)

    assert told() == {
        (worker.user_id, "members.transferred"),
        (steward.pk, "members.transfer_answered"),
    }
    answered = Notice.objects.get(kind="members.transfer_answered")
    assert "王示刚" not in answered.body  # who may look after them no more


def test_transfer_declined_tells_who_proposed_it_and_not_the_worker(steward):
    to = make_union()
    other = make_user(roles=["工会干部"], is_staff=True)
    Stewardship.objects.create(user=other, union_org=to)
    worker = make_worker_with_login(union_org=steward.union)
    transfers.transfer(worker=worker, to=to, by=steward, reason="调动")

    transfers.decline(transfer=UnionTransfer.objects.get(), by=other, reason="未调入")

    assert told() == {(steward.pk, "members.transfer_answered")}


def test_transfer_taken_back_by_who_proposed_it_tells_nobody(steward):
    worker = make_worker_with_login(union_org=steward.union)
    asked = transfers.transfer(
        worker=worker, to=make_union(), by=steward, reason="调动"
    )

    transfers.decline(transfer=asked, by=steward, reason="写错了")

    assert told() == set()


@pytest.mark.parametrize(
    ("accepted", "kind"),
    [(True, "members.corrected"), (False, "members.not_corrected")],
)
def test_answer_correction_tells_who_asked(steward, accepted, kind):
    worker = make_worker_with_login(union_org=steward.union)
    make_worker_with_login(union_org=steward.union)
    asked = owndata.ask_correction(
        worker=worker, by=worker.user, field="is_frontline", proposed="是"
    )

    owndata.answer_correction(
        request=asked, by=steward, accepted=accepted, answer="已核对"
    )

    assert told() == {(worker.user_id, kind)}


def test_answer_correction_of_a_parted_account_tells_who_asked_only(steward):
    worker = make_worker_with_login(union_org=steward.union)
    asker, newcomer = worker.user, make_user()
    asked = owndata.ask_correction(
        worker=worker, by=asker, field="is_frontline", proposed="是"
    )
    Worker.objects.filter(pk=worker.pk).update(user=newcomer)

    owndata.answer_correction(request=asked, by=steward, accepted=True)

    assert told() == {(asker.pk, "members.corrected")}


def test_save_worker_tells_whose_row_was_changed_what_but_not_how(steward):
    worker = make_worker_with_login(union_org=steward.union, member_number="SL-1")
    worker.member_number = "SL-2"

    workers.save_worker(worker=worker, by=steward)
    workers.save_worker(worker=worker, by=steward)

    assert told() == {(worker.user_id, "members.roster_changed")}
    notice = Notice.objects.get()
    assert "会员编号" in notice.body
    assert "SL-" not in notice.body


def test_save_worker_without_an_account_tells_nobody(steward):
    worker = make_worker(union_org=steward.union)
    worker.is_frontline = True

    workers.save_worker(worker=worker, by=steward)

    assert told() == set()


def test_change_account_tells_whose_roles_have_changed(desk):
    user = make_user(is_staff=True)
    roles = duties.roles_named(["编辑"])
    facts = {"name": user.name, "is_staff": True, "is_active": True}

    accounts.change_account(user=user, by=desk, roles=roles, **facts)
    accounts.change_account(user=user, by=desk, roles=roles, **facts)

    assert told() == {(user.pk, "members.roles_changed")}
    assert Notice.objects.count() == 1
    assert "编辑" in Notice.objects.get().body


def test_roles_of_two_persons_tell_who_gets_them_and_who_asked(settings):
    settings.ROLES_NEED_SECOND_PERSON = True
    write_roles()
    first, second = (make_user(roles=["系统管理员"], is_staff=True) for _n in range(2))
    user = make_user(is_staff=True)
    roles = duties.roles_named(["编辑"])
    facts = {"name": user.name, "is_staff": True, "is_active": True}

    accounts.change_account(user=user, by=first, roles=roles, **facts)
    assert told() == set()
    duties.confirm(request=user.role_requests.get(), by=second)

    assert told() == {
        (user.pk, "members.roles_changed"),
        (first.pk, "members.roles_answered"),
    }


def test_stewardship_tells_who_begins_and_who_ends(desk):
    union, first, second = make_union(), make_user(), make_user()
    held = rights.give_stewardship(
        user=first, union_org=union, role=StewardRole.STEWARD, by=desk
    )
    assert told() == {(first.pk, "members.stewardship")}
    Notice.objects.all().delete()

    held.user = second
    rights.change_stewardship(stewardship=held, by=desk)
    assert told() == {
        (first.pk, "members.stewardship"),
        (second.pk, "members.stewardship"),
    }
    Notice.objects.all().delete()

    rights.take_stewardship(stewardship=held, by=desk)
    assert told() == {(second.pk, "members.stewardship")}


def test_reset_of_the_second_factor_tells_whose_it_was(desk):
    user = make_user(is_staff=True)
    secret = second_factor.new_secret()
    second_factor.set_up(user=user, secret=secret, code=code_at(secret))

    second_factor.reset(user=user, by=desk)

    assert told() == {(user.pk, "members.second_factor_reset")}


def test_reopen_tells_whose_account_it_is(desk, settings):
    settings.STAFF_UNUSED_DAYS = 0
    user = make_user(is_staff=True)

    logins.reopen(user=user, by=desk)

    assert told() == {(user.pk, "members.reopened")}


def test_certificate_tells_its_holder(desk):
    holder = make_worker_with_login()
    facts = {"kind": CertificateKind.TRAINING, "title": "示例结业", "by": desk}
    made = certificates.issue(holder=holder, **facts)
    certificates.issue(holder=make_worker(), **facts)
    assert told() == {(holder.user_id, "members.certificate")}

    certificates.revoke(certificate=made, reason="发错", by=desk)
    assert (holder.user_id, "members.certificate_revoked") in told()
    assert Notice.objects.count() == 2
