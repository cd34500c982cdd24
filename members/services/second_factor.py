"""The second factor of staff: six digits of a telephone's app (RFC 6238), and eight-digit
codes on paper for the day it is lost.

The rows are those of ``allauth.mfa``; its secrets are stored sealed (MFA_ADAPTER). What
the library leaves to a cache stands in the row of the secret here, which every try
locks: the last step of time a code was taken for (none is taken twice, and none that is
older), and the wrong tries.
"""

import time
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, history
from common.errors import Reason, Refusal
from members import notices
from members.library import (
    TOTP,
    RecoveryCodes,
    compare_user_code,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from members.models import User
from members.services import devices
from members.services.notices import notify

TRIES = 5
LOCKED = timedelta(minutes=10)
FIELD = "code"


def is_on(user: User) -> bool:
    return Authenticator.objects.filter(
        user_id=user.pk, type=Authenticator.Type.TOTP
    ).exists()


def new_secret() -> str:
    """160 random bits, in the letters that apps read."""
    return generate_totp_secret()


def set_up(*, user: User, secret: str, code: str) -> list[str]:
    """Switch the second factor on; returns ten recovery codes, shown this once.

    ``code`` proves that the app has the secret. Raises Refusal: it does not, or the
    second factor is on.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if is_on(user):
            text = _("动态口令已经启用，不必再次设置。")
            raise Refusal(Reason("second_factor_on", text))
        step = _step_of(secret, code, after=0)
        if step is None:
            raise _wrong()
        row = TOTP.activate(user, secret).instance
        row.data["last_step"] = step
        row.save(update_fields=["data"])
        audit.record("set_up_second_factor", by=user, of=user)
        return _fresh_codes(user)


def use_code(*, user: User, code: str) -> Authenticator:
    """Take a code of the app, or a recovery code, once; returns the row it belongs to.

    Raises Refusal: wrong or used before; five wrong ones within ten minutes, after
    which none is checked until the first of them is ten minutes old.
    """
    taken, refusal = _try_code(user, code)
    if refusal is not None:
        outcome = "refused" if "second_factor_locked" in refusal.codes else "failed"
        audit.record("second_factor", by=None, of=user, outcome=outcome)
        raise refusal
    audit.record("second_factor", by=user, of=user)
    return taken


@transaction.atomic
def _try_code(user: User, code: str):
    """The row the code belongs to, or why not; a wrong try is stored either way, so
    nothing is raised in here."""
    row = (
        Authenticator.objects.select_for_update()
        .filter(user_id=user.pk, type=Authenticator.Type.TOTP)
        .first()
    )
    if row is None:
        text = _("动态口令尚未启用。")
        return None, Refusal(Reason("second_factor_off", text))
    since = time.time() - LOCKED.total_seconds()
    wrong = [at for at in row.data.get("wrong", []) if at > since]
    if len(wrong) >= TRIES:
        text = _("连续输错5次，请10分钟后再试")
        return None, Refusal(Reason("second_factor_locked", text, field=FIELD))
    found = _found(row, code)
    row.data["wrong"] = [] if found else [*wrong, time.time()]
    row.save(update_fields=["data"])
    return (found, None) if found else (None, _wrong())


def _found(row: Authenticator, code: str) -> Authenticator | None:
    step = _step_of(
        decrypt(row.data["secret"]), code, after=row.data.get("last_step", 0)
    )
    if step is not None:
        row.data["last_step"] = step
        return row
    paper = Authenticator.objects.filter(
        user_id=row.user_id, type=Authenticator.Type.RECOVERY_CODES
    ).first()
    return paper if paper and paper.wrap().validate_code(code) else None


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """The half minute whose code this is, if it is near now and later than ``after``."""
    for step in yield_hotp_counters_from_time():
        expected = format_hotp_value(hotp_value(secret, step))
        if step > after and compare_user_code(actual=code, expected=expected):
            return step
    return None


def _wrong() -> Refusal:
    text = _("动态口令不正确，请等手机上换新一组后再填。")
    return Refusal(Reason("second_factor_wrong", text, field=FIELD))


def new_recovery_codes(*, user: User, code: str) -> list[str]:
    """Ten new recovery codes, shown this once; the old ones are worth nothing from now.

    Raises Refusal as ``use_code`` does.
    """
    use_code(user=user, code=code)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        return _fresh_codes(user)


def _fresh_codes(user: User) -> list[str]:
    Authenticator.objects.filter(
        user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES
    ).delete()
    return RecoveryCodes.activate(user).get_unused_codes()


def codes_left(user: User) -> int:
    """How many recovery codes are unused."""
    paper = Authenticator.objects.filter(
        user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES
    ).first()
    return len(paper.wrap().get_unused_codes()) if paper else 0


def switch_off(*, user: User, code: str) -> None:
    """Take one's own second factor away, with one of its codes.

    Raises Refusal as ``use_code`` does.
    """
    use_code(user=user, code=code)
    with transaction.atomic():
        Authenticator.objects.filter(user_id=user.pk).delete()
        audit.record("remove_second_factor", by=user, of=user)


def forget(*, user: User) -> None:
    """Take every second factor of an account that is being closed."""
    Authenticator.objects.filter(user_id=user.pk).delete()


@transaction.atomic
@history.on_record
def reset(*, user: User, by: User | None) -> None:
    """Take a colleague's second factor away who lost it; all their sessions end.

    Raises Refusal: it is one's own (who has only the password must not get rid of it
    so), or there is none.
    """
    grounds = []
    if by is not None and by.pk == user.pk:
        text = _("不能重置自己的动态口令，请由其他管理员操作。")
        grounds.append(Reason("own_second_factor", text))
    if not is_on(user):
        text = _("该账号没有启用动态口令。")
        grounds.append(Reason("second_factor_off", text))
    if grounds:
        raise Refusal(*grounds)
    Authenticator.objects.filter(user_id=user.pk).delete()
    devices.end_all(user=user)
    audit.record("remove_second_factor", by=by, of=user)
    notify(
        kind=notices.SECOND_FACTOR_RESET,
        to={user.pk: None},
        url_name="account_security",
        but=by,
    )
