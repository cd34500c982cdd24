"""Verbs by which duties stay apart: what may not be held together, and roles that need
a second person.

Lock order: User, then RoleRequest.
"""

from collections.abc import Collection

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import audit, history
from common.enums import AuditOutcome, AuditVerb
from common.errors import Reason, Refusal
from members import notices
from members.enums import RoleRequestState
from members.models import RoleRequest, User
from members.services import devices
from members.services.notices import notify


def roles_named(names) -> list[Group]:
    """The groups of these names of ``roles.py``. Raises Refusal for a name that
    ``sync_roles`` has not made: an account must not end up with less than was asked."""
    groups = {group.name: group for group in Group.objects.filter(name__in=names)}
    unknown = sorted(set(names) - groups.keys())
    if unknown:
        text = _("没有这些角色：%(names)s。") % {"names": "、".join(unknown)}
        raise Refusal(Reason("role_unknown", text, field="groups"))
    return list(groups.values())


def check_apart(*, user: User, roles: Collection[Group], has_unions=None) -> None:
    """Who reads the audit or the history does nothing that stands in it: no other role, no union to
    look after. ``has_unions`` None: as the tables say.

    Raises Refusal ``auditor_alone``.
    """
    reading = Group.objects.filter(
        pk__in=[role.pk for role in roles],
        permissions__codename__in=["view_auditevent", "view_change"],
        permissions__content_type__app_label="common",
    )
    auditor = reading.first()
    if auditor is None:
        return
    if has_unions is None:
        has_unions = user.pk is not None and user.stewardships.exists()
    if len(roles) > 1 or has_unions:
        text = _("“%(role)s”不能兼任其他角色，也不能兼任工会干部。")
        text = text % {"role": auditor.name}
        raise Refusal(Reason("auditor_alone", text, field="groups"))


def needs_second(*, by: User | None) -> bool:
    """Whether what ``by`` gives waits for another administrator. What is done on the
    server (by nobody) does not: the first administrators are made there."""
    return settings.ROLES_NEED_SECOND_PERSON and by is not None


def ask(
    *, user: User, roles: Collection[Group], gives_staff: bool, by: User
) -> RoleRequest:
    """Ask for ``roles``, and the way into the back office, for ``user``; locked by the
    caller. An open request of before is overtaken."""
    _answer(user.role_requests.open(), RoleRequestState.DROPPED, by)
    asked = RoleRequest.objects.create(
        user=user,
        roles=sorted(role.name for role in roles),
        gives_staff=gives_staff,
        asked_by=by,
    )
    audit.record(AuditVerb.ASK_ROLES, by=by, of=user, after=_words_of(asked))
    return asked


@transaction.atomic
@history.on_record
def confirm(*, request: RoleRequest, by: User) -> User:
    """A second administrator gives what the first asked for.

    Raises Refusal, on record: ``no_right``, ``already_answered``, ``own_request``,
    ``own_account``, ``made_account`` (who made the account does not confirm its
    roles), ``account_closed``, ``auditor_alone``, ``role_unknown``.
    """
    user = User.objects.select_for_update().get(pk=request.user_id)
    asked = RoleRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    grounds = _grounds(asked, user, by)
    if grounds:
        raise _refused(Refusal(*grounds), asked, by)
    held = set(user.groups.all())
    try:
        roles = held | set(roles_named(asked.roles))
        check_apart(user=user, roles=roles)
    except Refusal as refusal:
        raise _refused(refusal, asked, by) from None
    before = powers(user, held)
    user.groups.set(roles)
    if asked.gives_staff and not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
        become_staff(user)
    _answer(RoleRequest.objects.filter(pk=asked.pk), RoleRequestState.CONFIRMED, by)
    audit.record(
        AuditVerb.CHANGE_ROLES,
        by=by,
        of=user,
        reason=_("提出人：账号#%(pk)s") % {"pk": asked.asked_by_id},
        before=before,
        after=powers(user, roles),
    )
    tell_powers(user, roles, by)
    _tell_asker(asked, _("已确认"), by)
    return user


@transaction.atomic
@history.on_record
def decline(*, request: RoleRequest, by: User) -> RoleRequest:
    """Any administrator lets a request go. Raises Refusal: ``no_right``,
    ``already_answered``."""
    asked = RoleRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if grounds := _cannot_answer(asked, by):
        raise Refusal(*grounds)
    _answer(RoleRequest.objects.filter(pk=asked.pk), RoleRequestState.DECLINED, by)
    audit.record(AuditVerb.DECLINE_ROLES, by=by, of=asked.user, before=_words_of(asked))
    _tell_asker(asked, _("未获同意"), by)
    return asked


def _tell_asker(asked: RoleRequest, state: str, by: User) -> None:
    if asked.asked_by_id is None:
        return
    notify(
        kind=notices.ROLES_ANSWERED,
        to={asked.asked_by_id: asked.pk},
        key=asked.pk,
        about=f"rolerequest:{asked.pk}",
        facts={"state": state, "roles": "、".join(asked.roles) or _("无")},
        url_name="admin:members_rolerequest_change",
        but=by,
    )


def tell_powers(user: User, roles: Collection[Group], but: User | None) -> None:
    """Whose powers have changed reads what they are now."""
    notify(
        kind=notices.ROLES_CHANGED,
        to={user.pk: None},
        about=f"roles:{user.pk}",
        facts={"what": powers(user, roles)},
        url_name="my",
        but=but,
    )


def drop(*, user: User) -> None:
    """The account is being closed: nothing is asked for it any more."""
    _answer(user.role_requests.open(), RoleRequestState.DROPPED, None)


def become_staff(user: User) -> None:
    """The password was chosen under the workers' rule, and the sessions began without a
    second factor: the next log-in, from now, goes by the rules for staff."""
    user.password_set_at = None
    user.save(update_fields=["password_set_at"])
    devices.end_all(user=user)


def powers(user: User, roles: Collection[Group]) -> str:
    """What an account may do, in one line of the audit."""
    return _("角色：%(roles)s；可进入管理后台：%(staff)s；启用：%(active)s") % {
        "roles": "、".join(sorted(role.name for role in roles)) or _("无"),
        "staff": _("是") if user.is_staff else _("否"),
        "active": _("是") if user.is_active else _("否"),
    }


def _cannot_answer(asked: RoleRequest, by: User) -> list[Reason]:
    grounds = []
    if not by.has_perm("members.change_rolerequest"):
        grounds.append(Reason("no_right", _("您没有确认角色的权限。")))
    if asked.state != RoleRequestState.OPEN:
        grounds.append(Reason("already_answered", _("这项申请已有答复。")))
    return grounds


def _grounds(asked: RoleRequest, user: User, by: User) -> list[Reason]:
    grounds = _cannot_answer(asked, by)
    if by.pk == asked.asked_by_id:
        text = _("不能确认自己提出的申请，请由另一位系统管理员确认。")
        grounds.append(Reason("own_request", text))
    if by.pk == user.pk:
        text = _("不能为自己确认角色，请由另一位系统管理员确认。")
        grounds.append(Reason("own_account", text))
    if by.pk == user.opened_by_id:
        text = _("不能为自己开设的账号确认角色，请由另一位系统管理员确认。")
        grounds.append(Reason("made_account", text))
    if not user.is_active:
        grounds.append(Reason("account_closed", _("该账号已停用。")))
    return grounds


def _refused(refusal: Refusal, asked: RoleRequest, by: User) -> Refusal:
    audit.record(
        AuditVerb.CHANGE_ROLES,
        by=by,
        of=asked.user,
        outcome=AuditOutcome.REFUSED,
        reason=str(refusal),
    )
    return refusal


def _answer(requests, state: str, by: User | None) -> None:
    requests.update(state=state, answered_by=by, answered_at=Now())


def _words_of(asked: RoleRequest) -> str:
    return _("角色：%(roles)s；可进入管理后台：%(staff)s") % {
        "roles": "、".join(asked.roles) or _("无"),
        "staff": _("是") if asked.gives_staff else _("不变"),
    }
