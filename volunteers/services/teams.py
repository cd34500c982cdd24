"""Verbs of the volunteers room. The only code here that writes to its tables.

Lock order: VolunteerTeam, then Membership.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from common import history, pagecache
from common.errors import Refusal
from common.services import refusing
from members.models import User, Worker
from volunteers import errors
from volunteers.enums import MemberRole
from volunteers.models import Membership, VolunteerTeam

_GROUND = {
    "volunteers_membership_once": errors.ALREADY_IN_TEAM,
    "volunteers_membership_one_home": errors.HAS_HOME_TEAM,
}


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_team(*, team: VolunteerTeam, by: User | None) -> VolunteerTeam:
    """Store a team as filled in; pages show it at once. That a leader agreed to be
    named goes with that leader: another one is masked until asked again.

    Refusal: ``agreed_later``, for a day of agreement to come."""
    stored = VolunteerTeam.objects.select_for_update().filter(pk=team.pk).first()
    kept = stored and stored.leader_agreed_on == team.leader_agreed_on
    if team.leader_id is None or (kept and stored.leader_id != team.leader_id):
        team.leader_agreed_on = None
    if team.leader_agreed_on and team.leader_agreed_on > timezone.localdate():
        raise Refusal(errors.AGREED_LATER)
    team.save()
    return team


@transaction.atomic
@pagecache.publishes
@history.on_record
def enrol(
    *,
    team: VolunteerTeam,
    worker: Worker,
    by: User | None,
    is_home: bool = False,
    **facts,
) -> Membership:
    """Write ``worker`` into ``team``, at once and without asking for approval.

    ``facts``: ``role`` and ``joined_on``, today unless said. Whoever left may come back,
    on the day they left at the earliest. Refusal: ``team_inactive``,
    ``already_in_team``, ``back_before_leaving``, ``has_home_team`` (only with
    ``is_home``; a worker has one).
    """
    team = VolunteerTeam.objects.select_for_update().get(pk=team.pk)
    joined_on = facts.setdefault("joined_on", timezone.localdate())
    others = worker.team_memberships.current()
    grounds = []
    if not team.is_active:
        grounds.append(errors.TEAM_INACTIVE)
    if others.filter(team=team).exists():
        grounds.append(errors.ALREADY_IN_TEAM)
    elif worker.team_memberships.filter(team=team, left_on__gt=joined_on).exists():
        grounds.append(errors.BACK_BEFORE_LEAVING)
    if is_home and others.filter(is_home=True).exists():
        grounds.append(errors.HAS_HOME_TEAM)
    if grounds:
        raise Refusal(*grounds)
    with refusing(_GROUND):  # a concurrent request may be quicker
        return Membership.objects.create(
            team=team, worker=worker, is_home=is_home, **facts
        )


@transaction.atomic
@pagecache.publishes
@history.on_record
def withdraw(
    *, membership: Membership, by: User | None, on: date | None = None
) -> Membership:
    """Take a member off a team's list, since today or an earlier day ``on``; the row
    stays with its dates. Doing it twice changes nothing.

    Refusal: ``left_later`` (a day to come), ``left_before_joining``.
    """
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.left_on is not None:
        return membership
    today = timezone.localdate()
    # somebody written in for a day to come was never there: their stay has no length
    on = on or max(today, membership.joined_on)
    if on > max(today, membership.joined_on):
        raise Refusal(errors.LEFT_LATER)
    if on < membership.joined_on:
        raise Refusal(errors.LEFT_BEFORE_JOINING)
    membership.left_on = on
    membership.save(update_fields=["left_on", "updated_at"])
    return membership


@transaction.atomic
@history.on_record
def leave_all(*, worker: Worker, by: User | None) -> int:
    """Take a worker off the lists of all their teams; how many. Whoever leaves the
    portal is no longer counted among the volunteers; that they were stays.
    """
    held = list(worker.team_memberships.current().order_by("pk"))
    for membership in held:
        withdraw(membership=membership, by=by)
    return len(held)


@transaction.atomic
@pagecache.publishes
@history.on_record
def appoint(*, membership: Membership, role: str, by: User | None) -> Membership:
    """Make a member deputy leader, or a member again. A deputy sees in the back office
    what the leader sees, as long as they are in the team. Refusal: ``has_left``."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.left_on is not None:
        raise Refusal(errors.HAS_LEFT)
    membership.role = MemberRole(role)
    membership.save(update_fields=["role", "updated_at"])
    return membership
