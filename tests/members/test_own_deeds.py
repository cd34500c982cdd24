"""What people do to their own account by a code is on record, and whole or not at all."""

import pytest
from django.urls import reverse
from django.utils import timezone

from common.models import AuditEvent
from members.models import User
from members.services import accounts, consents, selfservice
from tests.factories import PASSWORD, make_user
from tests.members.phone_tools import ask, let_pass, type_in
from tests.members.test_codes import NEW_PASSWORD, NUMBER, OTHER, set_password

pytestmark = pytest.mark.django_db


def deeds(user):
    """What the audit holds of this account, by and of itself; oldest first."""
    events = AuditEvent.objects.filter(
        by=user, of_model="members.user", of_key=str(user.pk), outcome="done"
    )
    return list(events.order_by("pk").values_list("verb", flat=True))


def test_sign_up_is_on_record(client, outbox):
    ask(client, "account_signup", NUMBER)
    type_in(client, outbox.code_for(NUMBER))

    assert deeds(User.objects.get()) == ["consent", "register", "log_in"]


def test_prove_phone_by_code_is_on_record(client, outbox):
    user = make_user(phone=NUMBER)
    User.objects.filter(pk=user.pk).update(phone_verified=False)
    ask(client, "account_request_login_code", NUMBER)
    type_in(client, outbox.code_for(NUMBER))

    assert deeds(user) == ["prove_phone", "log_in"]


def test_reset_password_is_on_record(client, outbox):
    user = make_user(phone=NUMBER)
    ask(client, "account_reset_password", NUMBER)
    type_in(client, outbox.code_for(NUMBER))
    set_password(client)

    assert deeds(user) == ["change_password", "reset_password", "log_in"]


def test_reset_password_by_code_survives_the_next_code(client, outbox):
    """The number counts as proven: what was chosen after the code is no stranger's."""
    user = make_user(phone=NUMBER)
    User.objects.filter(pk=user.pk).update(phone_verified=False)
    ask(client, "account_reset_password", NUMBER)
    type_in(client, outbox.code_for(NUMBER))
    set_password(client)
    let_pass(minutes=2)
    other = type(client)()
    ask(other, "account_request_login_code", NUMBER)
    type_in(other, outbox.code_for(NUMBER))

    user.refresh_from_db()
    assert user.phone_verified and user.check_password(NEW_PASSWORD)


def test_log_in_with_a_code_of_an_account_that_moved_on_opens_another(client, outbox):
    """Whoever holds the number has nothing of the account that had it."""
    user = make_user(phone=NUMBER)
    ask(client, "account_request_login_code", NUMBER)
    accounts.set_phone(user=user, phone="+86" + OTHER, verified=True)

    type_in(client, outbox.code_for(NUMBER))

    mine = User.objects.by_phone("+86" + NUMBER)
    assert mine.pk != user.pk
    assert client.session["_auth_user_id"] == str(mine.pk)


def test_reset_password_with_a_code_of_an_account_that_moved_on_opens_nothing(
    client, outbox
):
    user = make_user(phone=NUMBER)
    ask(client, "account_reset_password", NUMBER)
    type_in(client, outbox.code_for(NUMBER))
    accounts.set_phone(user=user, phone="+86" + OTHER, verified=True)

    answer = set_password(client)

    assert "验证码已过期，请重新获取" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_change_phone_is_on_record(client, outbox):
    user = make_user(phone=NUMBER)
    client.force_login(user)
    client.post(reverse("account_change_phone"), {"password": PASSWORD})
    ask(client, "account_change_phone_new", OTHER)
    type_in(client, outbox.code_for(OTHER))

    assert deeds(user)[-1] == "change_phone"


def test_register_makes_no_account_without_its_consent(monkeypatch):
    def fail(**_given):
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(consents, "give", fail)
    with pytest.raises(RuntimeError):
        selfservice.register(
            phone="+86" + NUMBER,
            version="1",
            given_at=timezone.now(),
        )

    assert not User.objects.exists()
