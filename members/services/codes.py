"""Codes sent by text: proving that somebody holds a number.

The code itself is kept nowhere. The visitor's (encrypted) session holds a keyed
fingerprint of it that also covers the number, the purpose and the one message; how
often it was tried and whether it was used stands in the message's row, so that twenty
guesses at the same moment are counted as twenty. One statement each, nothing is locked
beyond it.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from common import crypto
from common.errors import Reason, Refusal
from members.captcha import Captcha
from members.enums import SmsKind, SmsOutcome
from members.models import SmsMessage, User
from members.services import texting


@dataclass(frozen=True)
class SentCode:
    """What the visitor's session keeps of a code on its way."""

    purpose: str
    phone: str
    message: str  # the row's key
    digest: str
    is_certain: bool  # False: nobody knows whether the text went out
    is_crowded: bool = False  # … because so many ask now

    def as_dict(self) -> dict:
        return asdict(self)


def send_code(
    *,
    purpose: str,
    phone: str,
    address: str,
    by: User | None = None,
    captcha: Captcha | None = None,
) -> SentCode:
    """Send a code for ``purpose`` to a canonical number; ``by`` is who is logged in.

    Where the number cannot serve the purpose (for a new number: it has an account; for
    a new password: it has none), a text says so to whoever holds it, and the visitor sees, waits
    and gets exactly what others do (ASVS 6.3.8). Raises what ``texting.send`` does.
    """
    user = User.objects.by_phone(phone)
    code = f"{secrets.randbelow(10**6):06d}"
    kind, text = _wording(purpose, user, code)
    if kind != purpose:
        code = secrets.token_hex(16)  # nobody can type that: no code of six digits fits
    message = texting.send(
        kind=kind,
        phone=phone,
        text=text,
        address=address,
        user=user,
        by=by,
        captcha=captcha,
    )
    return SentCode(
        purpose=purpose,
        phone=phone,
        message=str(message.pk),
        digest=_digest(purpose, phone, message.pk, code),
        is_certain=message.outcome == SmsOutcome.SENT,
        is_crowded=message.is_crowded,
    )


def check(*, sent: SentCode, typed: str) -> None:
    """Prove the number: ``typed`` is the code of six digits that was sent.

    Works once, within ten minutes, and the sixth try is refused whatever it says.
    Raises Refusal: ``code_wrong`` (says how many tries are left), ``code_dead`` (tried
    too often), ``code_expired`` (or used).
    """
    row = SmsMessage.objects.filter(pk=sent.message)
    alive = row.filter(used_at=None, created_at__gt=_oldest())
    if not alive.filter(tries__lt=settings.SMS_CODE_TRIES).update(tries=F("tries") + 1):
        if alive.exists():
            raise _refused("code_dead", _("输错次数太多，请重新获取验证码"))
        raise _refused("code_expired", _("验证码已过期，请重新获取"))
    digest = _digest(sent.purpose, sent.phone, sent.message, typed)
    if not constant_time_compare(digest, sent.digest):
        left = settings.SMS_CODE_TRIES - row.values_list("tries", flat=True).get()
        if left <= 0:
            raise _refused("code_dead", _("短信验证码不正确，请重新获取"))
        text = _("短信验证码不正确，还可以再试%(n)d次") % {"n": left}
        raise _refused("code_wrong", text)
    if not alive.update(used_at=Now()):  # the same code twice at the same moment
        raise _refused("code_expired", _("验证码已过期，请重新获取"))


def is_proven(sent: SentCode) -> bool:
    """Whether this code was typed rightly within the last ten minutes."""
    return SmsMessage.objects.filter(
        pk=sent.message, used_at__gt=_oldest(), kind=sent.purpose
    ).exists()


def owner(sent: SentCode) -> User:
    """Whose number was proven. Raises Refusal ``code_expired`` when the account has
    gone, or moved to another number, in the meantime."""
    user = User.objects.by_phone(sent.phone)
    if user is None:
        raise _refused("code_expired", _("验证码已过期，请重新获取"))
    return user


def _oldest():
    return Now() - timedelta(seconds=settings.SMS_CODE_SECONDS)


def _refused(code: str, text: str) -> Refusal:
    return Refusal(Reason(code, text, field="code"))


def _digest(purpose, phone, message, code) -> str:
    return crypto.digest("sms-code", f"{purpose}:{phone}:{message}:{code}")


def _wording(purpose: str, user: User | None, code: str) -> tuple[str, str]:
    """Which text goes out: the code, or why there is none."""
    signature = settings.SMS_SIGNATURE
    if purpose == SmsKind.NEW_PHONE and user is not None:
        text = _(
            "【%(signature)s】您的手机号已有账号，可用短信验证码直接登录。如非本人操作，请忽略。"
        )
        return SmsKind.TAKEN, text % {"signature": signature}
    # a number that has no account yet becomes one by logging in
    if user is None and purpose not in (SmsKind.NEW_PHONE, SmsKind.LOGIN):
        text = _(
            "【%(signature)s】您的手机号还没有账号，不用重设密码，用短信验证码登录即可。如非本人操作，请忽略。"
        )
        return SmsKind.NO_ACCOUNT, text % {"signature": signature}
    what = {
        SmsKind.LOGIN: _("登录"),
        SmsKind.RESET: _("设置密码"),
        SmsKind.OLD_PHONE: _("更换手机号"),
        SmsKind.NEW_PHONE: _("启用新手机号"),
    }[purpose]
    text = _(
        "【%(signature)s】验证码%(code)s，用于%(what)s，%(minutes)d分钟内有效。工作人员不会向您索要，请勿告诉他人。"
    )
    return purpose, text % {
        "signature": signature,
        "code": code,
        "what": what,
        "minutes": settings.SMS_CODE_SECONDS // 60,
    }
