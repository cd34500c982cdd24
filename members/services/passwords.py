"""Passwords: two rules, one for workers and one for staff, and the only place that
stores a password somebody chose. ``settings.PASSWORD_RULES`` holds their numbers.

Workers follow OWASP ASVS 5.0 §6.2 (length, a list of common ones, nothing about kinds,
never a forced change), staff GB/T 22239 (kinds, age, the last ones barred).

Lock order: User, then OldPassword.
"""

from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import audit, crypto, history
from common.errors import Reason, Refusal
from members import phones
from members.models import OldPassword, User
from members.services import devices

LONGEST = 256  # characters; far above the 64 that must be allowed
FIELD = "password1"


def rule_of(user: User | None) -> dict:
    """The numbers that hold for this log-in: ``length``, ``kinds``, ``days``,
    ``barred`` (settings.PASSWORD_RULES)."""
    is_staff = user is not None and user.is_staff
    return settings.PASSWORD_RULES["staff" if is_staff else "worker"]


def in_words(user: User | None) -> str:
    """The rule as the page says it before anything is typed."""
    rule = rule_of(user)
    if rule["kinds"] == 1:
        text = _("至少%(n)d个字符，不要用太常见的密码；可以粘贴，可以用一句话。")
        return text % {"n": rule["length"]}
    text = _("至少%(n)d个字符，含大写字母、小写字母、数字、符号中的%(kinds)d种。")
    return text % {"n": rule["length"], "kinds": rule["kinds"]}


def check(*, user: User | None, password: str) -> None:
    """Raise Refusal with every ground on which ``user`` may not take ``password``.

    Grounds: too short, too long, too common, the own mobile number; for staff too few
    kinds of characters, one of the last ones. Of a short one it is not said that it is
    common too: who makes it longer has another password.
    """
    rule, grounds = rule_of(user), []

    def ground(code, text):
        grounds.append(Reason(code, text, field=FIELD))

    is_short = len(password) < rule["length"]
    if is_short:
        text = _("密码至少%(n)d个字符，现在是%(now)d个。")
        now = {"n": rule["length"], "now": len(password)}
        ground("password_short", text % now)
    if len(password) > LONGEST:
        text = _("密码最多%(n)d个字符。") % {"n": LONGEST}
        ground("password_long", text)
    if _kinds(password) < rule["kinds"]:
        text = _("密码应含大写字母、小写字母、数字、符号中的%(n)d种。")
        ground("password_kinds", text % {"n": rule["kinds"]})
    if not is_short and _is_common(password):
        ground("password_common", _("这个密码太常见，容易被猜到，请换一个。"))
    if user is not None and _is_own_number(user, password):
        ground("password_phone", _("密码不能是自己的手机号。"))
    # hashing takes its time: only for a password that is otherwise fit
    if not grounds and _was_used(user, password, rule["barred"]):
        text = _("不能与最近%(n)d次用过的密码相同。") % {"n": rule["barred"]}
        ground("password_used", text)
    if grounds:
        raise Refusal(*grounds)


def _kinds(password: str) -> int:
    tests = (str.islower, str.isupper, str.isdigit)
    found = {next((t for t in tests if t(char)), None) for char in password}
    return len(found)


@cache
def _common() -> CommonPasswordValidator:
    return CommonPasswordValidator()


def _is_common(password: str) -> bool:
    """Among the 20,000 of Django's list (ASVS asks for the first 3,000)."""
    return password.lower().strip() in _common().passwords


def _is_own_number(user: User, password: str) -> bool:
    number = phones.canonical(password)
    return number is not None and crypto.digest("phone", number) == user.phone_hmac


def _was_used(user: User | None, password: str, barred: int) -> bool:
    if not barred or user is None or user.pk is None:
        return False
    older = user.old_passwords.values_list("password", flat=True)[: barred - 1]
    return any(check_password(password, used) for used in [user.password, *older])


class HouseRules:
    """``check`` as Django's forms and commands ask for it (AUTH_PASSWORD_VALIDATORS)."""

    def validate(self, password, user=None):
        try:
            check(user=user, password=password)
        except Refusal as refusal:
            raise ValidationError(
                [ValidationError(r.text, code=r.code) for r in refusal.reasons]
            ) from refusal

    def get_help_text(self):
        return in_words(None)


@transaction.atomic
@history.on_record
def set_password(*, user: User, password: str, by: User | None) -> User:
    """Give ``user`` the password they chose; every session of theirs ends at once.

    Raises Refusal as ``check`` does. Who called it in a request goes on by
    ``django.contrib.auth.update_session_auth_hash``.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    check(user=locked, password=password)
    barred = rule_of(locked)["barred"]
    if barred and locked.has_usable_password():
        OldPassword.objects.create(user=locked, password=locked.password)
        kept = list(locked.old_passwords.values_list("pk", flat=True)[: barred - 1])
        locked.old_passwords.exclude(pk__in=kept).delete()
    user.set_password(password)
    user.password_set_at = timezone.now()
    user.save(update_fields=["password", "password_set_at"])
    devices.end_all(user=user)
    audit.record("change_password", by=by, of=user)
    return user


def is_overdue(user: User) -> bool:
    """Whether the next log-in asks for a new password: staff whose own is too old, who
    never chose it themselves, who chose it as a worker, or who have none any more."""
    days = rule_of(user)["days"]
    if days is None:
        return False
    if not user.has_usable_password():
        return True
    chosen = user.password_set_at
    return chosen is None or chosen <= timezone.now() - timedelta(days=days)
