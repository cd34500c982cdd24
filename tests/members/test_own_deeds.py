"""What people do to their own account by a code is on record, and whole or not at all."""

import pytest
from django.urls import reverse
from django.utils import timezone

from common.models import AuditEvent
from members.models import User
from members.services import consents, selfservice
from tests.factories import PASSWORD, make_user
from tests.members.phone_tools import ask, type_in
from tests.members.test_codes import NUMBER, OTHER, set_password, sign_up

pytestmark = pytest.mark.django_db


def deeds(user):
    """What the audit holds of this account, by and of itself; oldest first."""
    events = AuditEvent.objects.filter(
        by=user, of_model="members.user", of_key=str(user.pk), outcome="done"
    )
    return list(events.order_by("pk").values_list("verb", flat=True))


def test_signing_up_is_on_record(client, outbox):
    sign_up(client, outbox)

    assert deeds(User.objects.get()) == ["consent", "register", "log_in"]


def test_proving_a_number_by_code_is_on_record(client, outbox):
    user = make_user(phone=NUMBER)
    User.objects.filter(pk=user.pk).update(phone_verified=False)
    ask(client, "account_request_login_code", NUMBER)
    type_in(client, outbox.code_for(NUMBER))

    assert deeds(user) == ["prove_phone", "log_in"]


def test_a_forgotten_password_is_on_record(client, outbox):
    user = make_user(phone=NUMBER)
    ask(client, "account_reset_password", NUMBER)
    type_in(client, outbox.code_for(NUMBER))
    set_password(client)

    assert deeds(user) == ["change_password", "reset_password", "log_in"]


def test_another_number_is_on_record(client, outbox):
    user = make_user(phone=NUMBER)
    client.force_login(user)
    client.post(reverse("account_change_phone"), {"password": PASSWORD})
    ask(client, "account_change_phone_new", OTHER)
    type_in(client, outbox.code_for(OTHER))

    assert deeds(user)[-1] == "change_phone"


def test_no_account_stands_without_its_consent(monkeypatch):
    def fail(**_given):
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(consents, "give", fail)
    with pytest.raises(RuntimeError):
        selfservice.register(
            phone="+86" + NUMBER,
            password="木棉花开在金沙江边",  # noqa: S106
            version="1",
            given_at=timezone.now(),
        )

    assert not User.objects.exists()
