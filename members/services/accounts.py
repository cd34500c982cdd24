"""Verbs of log-ins: what a plain form may not store by itself. Only a change of what an
account may do locks its row; constraints decide between two who ask at once."""

from collections.abc import Collection

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, crypto, history
from common.enums import AuditOutcome, AuditVerb
from common.errors import Reason, Refusal
from common.services import refusing
from members import phones
from members.models import User
from members.services import duties, passwords


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
@history.on_record
def open_account(
    *,
    phone: str,
    password: str | None,
    name: str = "",
    roles=(),
    is_staff=False,
    by: User | None = None,
) -> User:
    """An account, made by its owner (who has proven the number), by staff, on the server
    or by the demonstration.

    ``phone`` may be typed in any usual way; ``roles`` are names of ``roles.py`` that
    ``sync_roles`` has made. What it may do is on record from the start. A number that
    staff typed (``by``) is not proven: the first log-in sends it a code, after which the
    password typed with it is no longer good. In production the roles that staff give
    wait for a second administrator (``duties``).

    Raises Refusal: not a mobile number, one that is taken, a role that does not exist
    or does not go with another, or a password that breaks the rules.
    """
    groups = duties.roles_named(roles)
    number = phones.canonical(phone)
    if number is None:
        raise Refusal(
            Reason("phone_malformed", _("手机号码应为11位数字。"), field="phone")
        )
    taken = Reason("phone_taken", _("该手机号码已有账号。"), field="phone")
    if User.objects.by_phone(number):
        raise Refusal(taken)
    user = User(name=name, is_staff=is_staff, opened_by=by)
    duties.check_apart(user=user, roles=groups)
    _put_phone(user, number, by is None)  # which its password must not be
    if password is None:
        user.set_unusable_password()
    else:
        passwords.check(user=user, password=password)
        user.set_password(password)
    asked = groups if duties.needs_second(by=by) else []
    asks_staff = is_staff and duties.needs_second(by=by)
    given = [role for role in groups if role not in asked]
    user.is_staff = is_staff and not asks_staff
    with refusing({"members_user_phone_hmac_key": taken}):  # somebody may be quicker
        user.save()
    user.groups.set(given)
    if by is not None or groups or is_staff:
        after = duties.powers(user, given)
        audit.record(AuditVerb.OPEN_ACCOUNT, by=by, of=user, after=after)
    if asked or asks_staff:
        duties.ask(user=user, roles=asked, gives_staff=asks_staff, by=by)
    return user


@transaction.atomic
@history.on_record
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

    Who becomes staff logs in again, by the rules for staff. In production what is given
    waits for a second administrator (``duties``); what is taken is taken at once.

    Raises Refusal when roles do not go together, when somebody would switch off or shut out themselves (the last
    administrator must not be lost by a slip) or change their own roles: who gives out
    rights takes none. Every change of what the account may do, and every such refusal,
    leaves an audit event.
    """
    held = User.objects.select_for_update().get(pk=user.pk)
    held_roles = set(held.groups.all())
    before = duties.powers(held, held_roles)
    if by is not None and user.pk == by.pk:
        grounds = []
        if not (is_active and is_staff):
            text = _("不能停用自己的账号，请由其他管理员操作。")
            grounds.append(Reason("own_account", text))
        if set(roles) != held_roles:
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
    duties.check_apart(user=held, roles=roles)
    asked = set(roles) - held_roles if duties.needs_second(by=by) else set()
    asks_staff = is_staff and not held.is_staff and duties.needs_second(by=by)
    if asked or asks_staff:
        duties.ask(user=held, roles=asked, gives_staff=asks_staff, by=by)
    roles = set(roles) - asked
    is_staff = is_staff and not asks_staff
    user.groups.set(roles)
    user.name, user.is_staff, user.is_active = name, is_staff, is_active
    user.save(update_fields=["name", "is_staff", "is_active"])
    if is_staff and not held.is_staff:
        duties.become_staff(user)
    after = duties.powers(user, roles)
    if after != before:
        audit.record(AuditVerb.CHANGE_ROLES, by=by, of=user, before=before, after=after)
        duties.tell_powers(user, roles, by)
    return user
