"""Verbs of log-ins: what a plain form may not store by itself. Only a change of what an
account may do locks its row; constraints decide between two who ask at once."""

from collections.abc import Collection

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common import audit, crypto
from common.enums import AuditOutcome, AuditVerb
from common.errors import Reason, Refusal
from members import phones
from members.models import User
from members.services import devices, passwords


def phone_of(user: User) -> str:
    """The canonical number behind an account, or the empty string."""
    return crypto.unseal(user.phone_cipher) if user.phone_cipher else ""


def set_phone(*, user: User, phone: str, verified: bool) -> None:
    """Give an account its number: cipher, fingerprint and last four move together.

    ``phone`` is canonical (``members.phones``).
    """
    _put_phone(user, phone, verified)
    user.save(
        update_fields=["phone_cipher", "phone_hmac", "phone_last4", "phone_verified"]
    )


def _put_phone(user: User, phone: str, verified: bool) -> None:
    user.phone_cipher = crypto.seal(phone)
    user.phone_hmac = crypto.digest("phone", phone)
    user.phone_last4 = phone[-4:]
    user.phone_verified = verified


@transaction.atomic
def open_account(
    *,
    phone: str,
    password: str | None,
    name: str = "",
    roles=(),
    is_staff=False,
    by: User | None = None,
) -> User:
    """An account with a verified number, made by staff or the demonstration.

    ``phone`` may be typed in any usual way; ``roles`` are names of ``roles.py`` that
    ``sync_roles`` has made. What it may do is on record from the start. Raises Refusal:
    not a mobile number, one that is taken, a role that does not exist, or a password
    that breaks the rules. A password of staff that somebody else chose is asked to be
    changed at the first log-in.
    """
    groups = roles_named(roles)
    number = phones.canonical(phone)
    if number is None:
        raise Refusal(
            Reason("phone_malformed", _("手机号码应为11位数字。"), field="phone")
        )
    taken = Reason("phone_taken", _("该手机号码已有账号。"), field="phone")
    if User.objects.by_phone(number):
        raise Refusal(taken)
    user = User(name=name, is_staff=is_staff)
    _put_phone(user, number, True)  # which its password must not be
    if password is None:
        user.set_unusable_password()
    else:
        passwords.check(user=user, password=password)
        user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:  # somebody was quicker
        raise Refusal(taken) from error
    user.groups.set(groups)
    if by is not None or groups or is_staff:
        audit.record(
            AuditVerb.OPEN_ACCOUNT, by=by, of=user, after=_powers(user, groups)
        )
    return user


@transaction.atomic
def change_account(
    *,
    user: User,
    by: User | None,
    name: str,
    is_staff: bool,
    is_active: bool,
    roles: Collection[Group],
) -> User:
    """Rename, let into the back office, give roles to, or switch off an account.

    Who becomes staff logs in anew, by the rules for staff.

    Raises Refusal when somebody would switch off or shut out themselves (the last
    administrator must not be lost by a slip) or change their own roles: who gives out
    rights takes none. Every change of what the account may do, and every such refusal,
    leaves an audit event.
    """
    held = User.objects.select_for_update().get(pk=user.pk)
    before = _powers(held, held.groups.all())
    if by is not None and user.pk == by.pk:
        grounds = []
        if not (is_active and is_staff):
            text = _("不能停用自己的账号，请由其他管理员操作。")
            grounds.append(Reason("own_account", text))
        if set(roles) != set(user.groups.all()):
            text = _("不能更改自己的角色，请由其他管理员操作。")
            grounds.append(Reason("own_roles", text, field="groups"))
        if grounds:
            refusal = Refusal(*grounds)
            audit.record(
                AuditVerb.CHANGE_ROLES,
                by=by,
                of=user,
                outcome=AuditOutcome.REFUSED,
                reason=str(refusal),
            )
            raise refusal
    user.groups.set(roles)
    user.name, user.is_staff, user.is_active = name, is_staff, is_active
    user.save(update_fields=["name", "is_staff", "is_active"])
    if is_staff and not held.is_staff:
        _become_staff(user)
    after = _powers(user, roles)
    if after != before:
        audit.record(AuditVerb.CHANGE_ROLES, by=by, of=user, before=before, after=after)
    return user


def _powers(user: User, roles: Collection[Group]) -> str:
    """What an account may do, in one line of the audit."""
    return _("角色：%(roles)s；可进入管理后台：%(staff)s；启用：%(active)s") % {
        "roles": "、".join(sorted(role.name for role in roles)) or _("无"),
        "staff": _("是") if user.is_staff else _("否"),
        "active": _("是") if user.is_active else _("否"),
    }


def roles_named(names) -> list[Group]:
    """The groups of these names of ``roles.py``. Raises Refusal for a name that
    ``sync_roles`` has not made: an account must not end up with less than was asked."""
    groups = {group.name: group for group in Group.objects.filter(name__in=names)}
    unknown = sorted(set(names) - groups.keys())
    if unknown:
        text = _("没有这些角色：%(names)s。") % {"names": "、".join(unknown)}
        raise Refusal(Reason("role_unknown", text, field="groups"))
    return list(groups.values())


def _become_staff(user: User) -> None:
    """The password was chosen under the workers' rule, and the sessions began without a
    second factor: the next log-in, from now, goes by the rules for staff."""
    user.password_set_at = None
    user.save(update_fields=["password_set_at"])
    devices.end_all(user=user)
