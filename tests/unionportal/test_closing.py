"""Taking the consent back and closing the account: what goes, what stays, what must be
handed on first."""

import re
import time
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common import crypto
from common.errors import Refusal
from common.models import AuditEvent
from members import names
from members.models import (
    Consent,
    CorrectionRequest,
    User,
    Worker,
)
from members.services import owndata as members_data
from members.services import verification
from news.services import comments
from signups.enums import SignupStatus
from signups.models import Signup
from signups.services import seats
from tests.concurrency import at_once
from tests.factories import (
    PASSWORD,
    make_offering,
    make_user,
    make_worker,
    make_worker_with_login,
)
from tests.honors.factories import make_honoree
from tests.news.comments import approved, make_comment, turned_down
from tests.news.factories import make_article
from tests.volunteers.factories import make_membership, make_team
from unionportal import services
from unionportal.services import write_roles
from volunteers.models import Membership

pytestmark = pytest.mark.django_db
LAST6 = "31002X"


@pytest.fixture
def worker():
    return make_worker_with_login(name="王示刚", member_number="SL-77")


def page(client, address, method="get", **data):
    return getattr(client, method)(reverse(address), data)


def download(client, kind):
    return page(client, "my-data-download", "post", format=kind)


def refused(call, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value.codes


# --- withdrawing the consent


def verified_by_identity(**fields):
    row = make_worker(
        identity_last6_hmac=crypto.digest("identity-last6", LAST6), **fields
    )
    user = make_user()
    return verification.verify(
        user=user,
        union_org=row.union_org,
        name=row.name,
        identity_last6=LAST6,
        consented=True,
    )


def test_withdraw_identity_consent_ends_what_rested_on_it(client):
    worker = verified_by_identity()
    user, offering = worker.user, make_offering()
    signup = seats.sign_up(offering_id=offering.pk, worker=worker, by=user)
    client.force_login(user)

    said = page(client, "my-consent-withdraw").content.decode()
    page(client, "my-consent-withdraw", "post")

    worker.refresh_from_db()
    signup.refresh_from_db()
    user.refresh_from_db()
    assert "认证随之解除" in said
    assert (worker.user, signup.status) == (None, SignupStatus.CANCELLED)
    assert user.is_active
    assert Consent.objects.get(user=user, kind="identity").withdrawn_at is not None


def test_withdraw_identity_consent_leaves_who_was_verified_otherwise(client):
    worker = verified_by_identity()
    user = worker.user
    steward = make_user(is_staff=True)
    verification.undo(worker=worker, by=steward, reason="重新认证")
    verification.verify_by_hand(worker=worker, user=user, by=steward, reason="当面")
    client.force_login(user)

    said = page(client, "my-consent-withdraw").content.decode()
    page(client, "my-consent-withdraw", "post")

    worker.refresh_from_db()
    assert "不受影响" in said
    assert worker.user == user


def test_withdraw_identity_consent_is_refused_without_one(worker):
    assert refused(services.withdraw_identity_consent, user=worker.user) == {
        "no_consent"
    }


# --- closing


def close(client, **data):
    return page(client, "my-close", "post", **data)


def test_close_account_page_says_the_consequence_and_asks_for_the_password(
    client, worker
):
    client.force_login(worker.user)

    said = page(client, "my-close").content.decode()
    wrong = close(client, password="wrong")

    worker.user.refresh_from_db()
    assert "注销后不能恢复" in said
    assert wrong.context["form"].errors == {"password": ["密码不正确"]}
    assert worker.user.closed_at is None


def test_close_account_asks_who_has_no_password_to_type_the_word(client, worker):
    worker.user.set_unusable_password()
    worker.user.save()
    client.force_login(worker.user)

    assert "word" in close(client, word="不").context["form"].errors
    close(client, word="注销")

    worker.user.refresh_from_db()
    assert worker.user.closed_at is not None


def test_close_account_does_not_let_passwords_be_guessed(client, worker):
    client.force_login(worker.user)

    for _ in range(5):
        close(client, password="wrong")
    locked = close(client, password=PASSWORD)

    assert "连续输错5次" in str(locked.context["form"].errors["password"])
    worker.user.refresh_from_db()
    assert worker.user.closed_at is None
    # one count for every page that asks for the password
    answer = client.post(reverse("account_change_phone"), {"password": PASSWORD})
    assert "连续输错5次" in answer.content.decode()


def test_close_account_empties_the_account_and_leaves_the_union_its_row(client):
    user = make_user(phone="13900007788", name="示例闭户")
    worker = make_worker(user=user, name="王示刚", member_number="SL-77")
    honoree = make_honoree(worker=worker)
    members_data.ask_correction(
        worker=worker, by=user, field="other", proposed="甲", note="示例旧话"
    )
    other_device = Client()
    for device in (other_device, client):
        device.post(
            reverse("account_login"), {"login": "13900007788", "password": PASSWORD}
        )
    sessions = Session.objects.count()

    answer = close(client, password=PASSWORD)

    user.refresh_from_db()
    worker.refresh_from_db()
    honoree.refresh_from_db()
    assert (answer.status_code, "账号已注销" in answer.content.decode()) == (200, True)
    assert (user.name, user.phone_cipher, user.phone_hmac, user.phone_last4) == (
        "",
        "",
        None,
        "",
    )
    assert (user.is_active, user.has_usable_password()) == (False, False)
    assert (worker.user, worker.name, worker.member_number) == (
        None,
        "王示刚",
        "SL-77",
    )
    assert honoree.worker == worker
    assert (sessions, Session.objects.count()) == (2, 0)
    assert other_device.get(reverse("my")).status_code == 302
    asked = CorrectionRequest.objects.get()
    assert (asked.state, asked.note, asked.asked_by) == ("dropped", "", None)


def test_close_account_leaves_history_and_audit_leading_to_nobody(client):
    user = make_user(phone="13900007788", name="示例闭户")
    client.force_login(user)
    download(client, "json")
    LogEntry.objects.create(
        user=make_user(),
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr="示例闭户",
        action_flag=CHANGE,
    )

    close(client, password=PASSWORD)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tables = [row[0] for row in cursor.fetchall()]
        cells = ""
        for table in tables:
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            cells += "\n".join(row[0] for row in cursor.fetchall())
    assert len(tables) > 40
    for word in ("示例闭户", crypto.digest("phone", "+8613900007788")):
        assert word not in cells
    # as a text or in one: a row's key or a clock may have the same digits
    assert not re.search(r'"7788\\*"|尾号7788', cells)
    assert AuditEvent.objects.filter(verb="close_account", by=user).exists()


def test_close_account_lets_the_number_register_again_with_nothing_of_before(client):
    worker = make_worker(user=make_user(phone="13900007788"), name="王示刚")
    services.close_account(user=worker.user)

    again = make_user(phone="13900007788")
    client.force_login(again)

    assert "王示刚" not in page(client, "my-data").content.decode()


@pytest.mark.django_db(transaction=True)
def test_close_account_gives_seats_to_the_queue_and_teams_lose_the_member():
    worker, waiter = make_worker_with_login(), make_worker()
    coming = make_offering(capacity=1)
    yesterday = timezone.now() - timedelta(days=1)
    over = make_offering(times=[(yesterday, yesterday + timedelta(hours=2), "")])
    signup = seats.sign_up(offering_id=coming.pk, worker=worker, by=worker.user)
    past = Signup.objects.create(
        offering=over, worker=worker, status=SignupStatus.WAITING
    )
    waiting = seats.sign_up(offering_id=coming.pk, worker=waiter, by=None)
    make_membership(worker=worker)

    services.close_account(user=worker.user)

    for row in (signup, waiting, past):
        row.refresh_from_db()
    assert (signup.status, waiting.status) == (
        SignupStatus.CANCELLED,
        SignupStatus.SEATED,
    )
    assert past.status == SignupStatus.WAITING  # over: history
    assert not Membership.objects.current().exists()
    assert Membership.objects.get().left_on == timezone.localdate()


def test_close_account_is_open_to_a_late_canceller(worker):
    offering = make_offering(cancel_until=timezone.now() - timedelta(minutes=9))
    signup = seats.sign_up(offering_id=offering.pk, worker=worker, by=worker.user)

    services.close_account(user=worker.user)

    signup.refresh_from_db()
    assert signup.status == SignupStatus.CANCELLED


def test_close_account_leaves_it_empty_by_the_tables_own_word(worker):
    services.close_account(user=worker.user)

    with pytest.raises(IntegrityError, match="members_user_closed_is_empty"):
        User.objects.filter(pk=worker.user.pk).update(is_active=True)


# --- not while others depend on it


def administrator():
    return make_user(is_staff=True, roles=["系统管理员"])


def test_close_account_makes_the_last_administrator_and_a_leader_hand_on_first(client):
    write_roles()
    only = administrator()
    make_team(name="示例护江队", leader=make_worker(user=only))
    client.force_login(only)

    said = page(client, "my-close").content.decode()
    refusal = close(client, password=PASSWORD).context["form"].errors

    only.refresh_from_db()
    assert "您是唯一的系统管理员" in said
    assert "您是“示例护江队”的队长" in said
    assert len(refusal["__all__"]) == 2
    assert only.closed_at is None


def test_close_account_lets_one_of_two_administrators_go():
    write_roles()
    first, second = administrator(), administrator()

    services.close_account(user=first)

    assert refused(services.close_account, user=second) == {"last_administrator"}


def test_close_account_that_is_refused_takes_no_seat(worker):
    signup = seats.sign_up(
        offering_id=make_offering().pk, worker=worker, by=worker.user
    )
    make_team(leader=worker)

    assert refused(services.close_account, user=worker.user) == {"leads_team"}

    signup.refresh_from_db()
    assert signup.status == SignupStatus.SEATED


def close_both(monkeypatch):
    write_roles()
    checked = services.closing_reasons

    def look_then_dawdle(user):
        reasons = checked(user)
        time.sleep(0.2)
        return reasons

    monkeypatch.setattr(services, "closing_reasons", look_then_dawdle)
    return at_once(
        [partial(services.close_account, user=administrator()) for _ in range(2)]
    )


@pytest.mark.django_db(transaction=True)
def test_close_account_by_two_last_administrators_at_once_leaves_one(monkeypatch):
    outcomes = close_both(monkeypatch)

    assert [type(one) for one in outcomes].count(Refusal) == 1
    assert User.objects.filter(is_active=True, is_staff=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_close_account_without_the_lock_would_leave_no_administrator(monkeypatch):
    """The control: if this fails, the test above proves nothing."""
    locked = QuerySet.select_for_update

    def unless_group(self, *args, **kwargs):
        return self if self.model is Group else locked(self, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", unless_group)

    close_both(monkeypatch)

    assert not User.objects.filter(is_active=True, is_staff=True).exists()


def test_close_account_ends_every_way_to_be_verified(worker):
    services.close_account(user=worker.user)

    codes = refused(
        verification.verify_by_hand,
        worker=Worker.objects.get(pk=worker.pk),
        user=User.objects.get(pk=worker.user.pk),
        by=make_user(is_staff=True),
        reason="当面",
    )

    assert codes == {"account_closed"}


def test_close_account_leaves_comments_without_a_name_and_takes_back_what_waits(
    client, worker
):
    by = worker.user
    article = make_article()
    shown = approved(make_comment(article=article, by=by, text="已经显示的话"))
    waits = make_comment(article=article, by=by, text="还在等的话")
    appealed = turned_down(make_comment(article=article, by=by, text="未通过的话"))
    comments.appeal(comment=appealed, text="我叫王示刚", by=by)
    masked = names.masked(by.name)
    assert masked in client.get(article.get_absolute_url()).content.decode()

    services.close_account(user=by)

    page = client.get(article.get_absolute_url()).content.decode()
    assert "已经显示的话" in page
    assert "已注销用户" in page
    assert masked not in page
    for comment, state in [(shown, "approved"), (waits, "deleted")]:
        comment.refresh_from_db()
        assert comment.state == state
    appealed.appeal.refresh_from_db()
    assert appealed.appeal.text == ""
