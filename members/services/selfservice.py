"""What people do to their own account once they have proven a number.

An account is made only then, so nobody can leave a password on a number that is not
theirs. The unique fingerprint of the number decides between two who ask at once; a
change of number locks the account's row.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, history
from common.errors import Reason
from common.services import after_commit, refusing
from members import phones
from members.enums import SmsKind
from members.models import User
from members.services import accounts, consents, devices, passwords, texting


@transaction.atomic
def register(*, phone: str, version: str, given_at: datetime) -> User:
    """Open an account for a proven number, with the consent that came before it. It has
    no password: whoever wants one sets it later.

    Raises Refusal ``phone_taken`` when somebody with the same number was quicker.
    """
    user = accounts.open_account(phone=phone, password=None)
    consents.give(user=user, version=version, given_at=given_at)
    audit.record("register", by=user, of=user)
    return user


@transaction.atomic
@history.on_record
def prove_phone(*, user: User) -> None:
    """This account's number was proven by a code. A password that stood there before
    may be a stranger's, who typed the number in: it goes."""
    if user.phone_verified:
        return
    user.set_unusable_password()
    user.phone_verified = True
    user.save(update_fields=["password", "phone_verified"])
    devices.end_all(user=user)
    audit.record("prove_phone", by=user, of=user)


@transaction.atomic
@history.on_record
def reset_password(*, user: User, password: str) -> None:
    """A new password after a code. Every session of this account ends.

    Raises Refusal as ``passwords.check`` does.
    """
    passwords.set_password(user=user, password=password, by=user)
    user.phone_verified = True
    user.save(update_fields=["phone_verified"])
    audit.record("reset_password", by=user, of=user)


@transaction.atomic
@history.on_record
def change_phone(*, user: User, phone: str) -> None:
    """Give the account the (proven, canonical) number instead of its old one, and tell
    the old one: whoever did this with a password they found is found out.

    Raises Refusal ``phone_taken``.
    """
    row = User.objects.select_for_update().get(pk=user.pk)
    before = phones.of(row)
    taken = Reason("phone_taken", _("该手机号码已有账号。"), field="phone")
    with refusing({"members_user_phone_hmac_key": taken}):
        accounts.set_phone(user=row, phone=phone, verified=True)
    audit.record("change_phone", by=user, of=user)
    text = _(
        "【%(signature)s】您的账号已更换手机号，本号码不再用于登录。如非本人操作，"
        "请立即拨打12351。"
    ) % {"signature": settings.SMS_SIGNATURE}
    after_commit(texting.tell, kind=SmsKind.MOVED, phone=before, text=text, user=user)
