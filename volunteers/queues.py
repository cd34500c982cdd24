"""The volunteers' part of the back office's home (``common.queues``)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common.letters import characters
from common.queues import Finder, Hit, Job, Queue
from volunteers.models import VolunteerTeam

_TEAMS = "admin:volunteers_volunteerteam_changelist"
_MEMBERS = "admin:volunteers_membership_changelist"


def waiting(user) -> list[Queue]:
    """Teams without somebody who leads them, for who may mend it."""
    if not user.has_perm("volunteers.add_volunteerteam"):
        return []
    teams = VolunteerTeam.objects.managed_by(user).active()
    return [
        Queue(
            _("没有队长的志愿服务队"),
            teams.filter(leader=None),
            f"{reverse(_TEAMS)}?leader__isnull=True",
            since="updated_at",
        ),
    ]


def jobs(user) -> list[Job]:
    made = []
    if user.has_perm("volunteers.view_volunteerteam"):
        sees_all = user.has_perm("volunteers.view_all_teams")
        title = _("志愿服务队") if sees_all else _("我的志愿服务队")
        made.append(Job(title, reverse(_TEAMS), _("简介、口号、是否招募")))
    if user.has_perm("volunteers.add_membership"):
        made.append(
            Job(
                _("队员入队"),
                reverse("admin:volunteers_membership_add"),
                _("登记一位职工加入志愿服务队"),
            )
        )
    if user.has_perm("volunteers.view_membership"):
        made.append(
            Job(_("队员名单"), f"{reverse(_MEMBERS)}?presence=current", _("在队的队员"))
        )
    return made


def found(user, text) -> list[Finder]:
    """Teams of this person by a part of their name."""
    if not user.has_perm("volunteers.view_volunteerteam"):
        return []
    return [
        Finder(
            _("志愿服务队"),
            VolunteerTeam.objects.managed_by(user).filter(
                name__icontains=characters(text).strip()
            ),
            lambda team: Hit(
                team.name,
                reverse("admin:volunteers_volunteerteam_change", args=[team.pk]),
                team.get_kind_display(),
            ),
        )
    ]
