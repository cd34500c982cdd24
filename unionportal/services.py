"""Verbs of the roof: what concerns every room at once.

Lock order of those that end something: the group of administrators, then the desk's
(worker, pools), then User, then Worker. No verb of ``members`` takes the desk's locks.
"""

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.errors import Busy, Reason, Refusal
from members.models import User
from members.services import owndata
from signups.services import leaving
from unionportal.roles import ADMINISTRATOR, ROLES
from volunteers import services as volunteers
from volunteers.models import VolunteerTeam


@transaction.atomic
def write_roles() -> int:
    """Make the groups of ``roles.py`` with exactly its permissions; how many.

    Safe to run again after every migration; a role that left the list keeps its group
    but loses its permissions. Raises ImproperlyConfigured for an unknown permission.
    """
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    missing = sorted(set().union(*ROLES.values()) - known.keys())
    if missing:
        raise ImproperlyConfigured("No such permission: " + ", ".join(missing))
    for group in Group.objects.exclude(name__in=ROLES):
        group.permissions.clear()
    for name, wanted in ROLES.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(known[codename] for codename in wanted)
    return len(ROLES)


def closing_reasons(user: User) -> list[Reason]:
    """Everything that must be handed on before ``user`` may close their account."""
    grounds = []
    if _is_last_administrator(user):
        text = _("您是唯一的系统管理员，请先把这一角色授予其他人。")
        grounds.append(Reason("last_administrator", text))
    for team in VolunteerTeam.objects.led_by(user):
        text = _("您是“%(team)s”的队长，请先请志愿服务统筹更换队长。")
        grounds.append(Reason("leads_team", text % {"team": team.name}))
    return grounds


def _is_last_administrator(user: User) -> bool:
    administrators = User.objects.filter(
        Q(groups__name=ADMINISTRATOR) | Q(is_superuser=True),
        is_active=True,
        is_staff=True,
    )
    return (
        administrators.filter(pk=user.pk).exists()
        and not administrators.exclude(pk=user.pk).exists()
    )


def close_account(*, user: User) -> None:
    """End an account at its owner's wish (PIPL art. 47), all of it or nothing.

    Seats go back to their queues, teams lose the member, number, name, rights and
    sessions are removed, the mobile number can register anew. The worker's row, with
    signups and honours, stays with the union, and no log-in leads to it. Raises
    Refusal with every one of ``closing_reasons``; Busy when the database could not
    answer in time.
    """
    try:
        with transaction.atomic():
            _close(user)
    except OperationalError as error:
        raise _busy() from error


def _close(user: User) -> None:
    # two last administrators who close at once: the second must see the first gone
    list(Group.objects.select_for_update().filter(name=ADMINISTRATOR))
    if grounds := closing_reasons(user):
        raise Refusal(*grounds)
    _give_back(user)
    owndata.close(user=user)


def withdraw_identity_consent(*, user: User) -> None:
    """Take back the consent to comparing the identity number.

    Who was verified by it is no longer: what they hold at the desk is given back and
    their account is as before the verification. Raises Refusal: ``no_consent``; Busy.
    """
    try:
        with transaction.atomic():
            if owndata.rests_on_identity(user):
                _give_back(user)
            owndata.withdraw_identity_consent(user=user)
    except OperationalError as error:
        raise _busy() from error


def _give_back(user: User) -> None:
    worker = owndata.worker_of(user)
    if worker is not None:
        leaving.give_up_all(worker=worker)
        volunteers.leave_all(worker=worker, by=user)


def _busy() -> Busy:
    return Busy(Reason("busy", _("现在较忙，请稍后再试，刚才什么也没有改动。")))
