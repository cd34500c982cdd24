"""Verbs of coming into a team and leaving it by oneself.

Lock order: VolunteerTeam, then Worker, then JoinRequest and Membership.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import history, letters, pagecache
from common.errors import Refusal
from common.services import refusing
from members import phones, spellings
from members.models import User, Worker
from members.services.notices import notify
from members.services.verification import database_now
from volunteers import errors, notices
from volunteers.enums import JoinMode, JoinSide, JoinState, MemberRole
from volunteers.models import (
    JoinRequest,
    Membership,
    VolunteerProfile,
    VolunteerTeam,
)
from volunteers.services.teams import enrol, withdraw

RUN = "volunteers.change_joinrequest"
_ASKED = {"volunteers_joinrequest_one_open": errors.ALREADY_MEMBER}


def may_run(user: User | None, team: VolunteerTeam) -> bool:
    """Whether this account answers for the team: its leader, a deputy, or who looks
    after all teams. None is the system."""
    if user is None:
        return True
    rows = VolunteerTeam.objects.managed_by(user)
    return user.has_perm(RUN) and rows.filter(pk=team.pk).exists()


def leaders_of(team: VolunteerTeam) -> dict[int, int]:
    """Account → the team's number, of its leader and deputies: whom to tell."""
    deputies = team.memberships.current().filter(role=MemberRole.DEPUTY)
    people = Worker.objects.filter(pk__in=deputies.values("worker")) | (
        Worker.objects.filter(pk=team.leader_id)
    )
    users = people.filter(user__isnull=False).values_list("user", flat=True)
    return dict.fromkeys(users, team.pk)


@transaction.atomic
@history.on_record
def ask_to_join(
    *, team: VolunteerTeam, worker: Worker, by: User, message: str = ""
) -> JoinRequest | Membership:
    """Come into a team: at once where it is open to everybody or has invited this
    worker, else a request that its leader answers. Asking twice is asking once.

    Refusal: ``team_inactive``, ``not_recruiting``, ``only_invited``,
    ``already_in_team``, ``off_roster``.
    """
    team, worker = _locked(team, worker)
    open_one = team.join_requests.open().filter(worker=worker).first()
    if open_one and open_one.side == JoinSide.WORKER:
        return open_one
    grounds = _grounds(team, worker)
    if team.join_mode == JoinMode.INVITATION and not open_one:
        grounds.append(errors.ONLY_INVITED)
    if grounds:
        raise Refusal(*grounds)
    if open_one:  # both want it
        _close(open_one, JoinState.ACCEPTED, by)
        _tell_leaders_of_answer(open_one, _("接受了邀请"), by)
        return _take_in(team, worker, by)
    if team.join_mode == JoinMode.FREE:
        return _take_in(team, worker, by)
    asked = _ask(team, worker, JoinSide.WORKER, message, by)
    notify(
        kind=notices.JOIN_ASKED,
        to=leaders_of(team),
        key=asked.pk,
        about=f"join:{asked.pk}",
        facts={"title": team.name, "name": worker.masked_name},
        url_name="admin:volunteers_volunteerteam_run",
        but=by,
    )
    return asked


@transaction.atomic
@history.on_record
def invite(
    *, team: VolunteerTeam, name: str, number: str, by: User, message: str = ""
) -> JoinRequest | Membership:
    """Invite the worker of this name and this member or mobile number; whoever has asked
    already is taken in. Inviting twice is inviting once.

    Refusal: ``not_leader``, ``worker_not_found``, ``no_account``, ``team_inactive``,
    ``not_recruiting``, ``already_in_team``, ``off_roster``.
    """
    if not may_run(by, team):
        raise Refusal(errors.NOT_LEADER)
    team, worker = _locked(team, worker_named(name, number))
    open_one = team.join_requests.open().filter(worker=worker).first()
    if open_one and open_one.side == JoinSide.TEAM:
        return open_one
    grounds = [
        reason if reason is not errors.ALREADY_MEMBER else errors.ALREADY_IN_TEAM
        for reason in _grounds(team, worker)
    ]
    if worker.user_id is None:
        grounds.append(errors.NO_ACCOUNT)
    if grounds:
        raise Refusal(*grounds)
    if open_one:
        _close(open_one, JoinState.ACCEPTED, by)
        return _accepted(open_one, team, worker, by)
    asked = _ask(team, worker, JoinSide.TEAM, message, by)
    notify(
        kind=notices.INVITED,
        to={worker.user_id: None},
        key=asked.pk,
        about=f"join:{asked.pk}",
        facts={"title": team.name, "message": asked.message},
        url_name="my-volunteering",
        but=by,
    )
    return asked


@transaction.atomic
@history.on_record
def accept_request(*, request: JoinRequest, by: User) -> Membership:
    """The team takes in who asked; they are told.

    Refusal: ``not_leader``, ``already_answered``, ``team_inactive``,
    ``already_in_team``, ``off_roster``.
    """
    team, worker = _locked(request.team, request.worker)
    asked = _opened(request, JoinSide.WORKER)
    if not may_run(by, team):
        raise Refusal(errors.NOT_LEADER)
    _check_person(team, worker)
    _close(asked, JoinState.ACCEPTED, by)
    return _accepted(asked, team, worker, by)


@transaction.atomic
@history.on_record
def decline_request(*, request: JoinRequest, by: User, answer: str) -> JoinRequest:
    """The team does not take in who asked, and says why. Refusal: ``not_leader``,
    ``already_answered``, ``answer_missing``."""
    team, worker = _locked(request.team, request.worker)
    asked = _opened(request, JoinSide.WORKER)
    if not may_run(by, team):
        raise Refusal(errors.NOT_LEADER)
    answer = letters.line(answer)[:200]
    if not answer:
        raise Refusal(errors.ANSWER_MISSING)
    _close(asked, JoinState.DECLINED, by, answer)
    _tell_worker(notices.JOIN_DECLINED, asked, by, answer=answer)
    return asked


@transaction.atomic
@history.on_record
def accept_invitation(*, request: JoinRequest, worker: Worker, by: User) -> Membership:
    """The invited worker comes in. Refusal: ``not_yours``, ``already_answered``,
    ``team_inactive``, ``already_in_team``, ``off_roster``."""
    team, worker = _locked(request.team, worker)
    asked = _opened(request, JoinSide.TEAM, worker)
    _check_person(team, worker)
    _close(asked, JoinState.ACCEPTED, by)
    _tell_leaders_of_answer(asked, _("接受了邀请"), by)
    return _take_in(team, worker, by)


@transaction.atomic
@history.on_record
def decline_invitation(*, request: JoinRequest, worker: Worker, by: User):
    """The invited worker stays out and need not say why. Refusal: ``not_yours``,
    ``already_answered``."""
    asked = _opened(request, JoinSide.TEAM, worker)
    _close(asked, JoinState.DECLINED, by)
    _tell_leaders_of_answer(asked, _("谢绝了邀请"), by)
    return asked


@transaction.atomic
@history.on_record
def take_back(*, request: JoinRequest, by: User, worker: Worker | None = None):
    """Whoever asked takes it back before it is answered: the worker their request, who
    runs the team an invitation. Refusal: ``not_yours``, ``not_leader``,
    ``already_answered``."""
    side = JoinSide.WORKER if worker else JoinSide.TEAM
    asked = _opened(request, side, worker)
    if worker is None and not may_run(by, asked.team):
        raise Refusal(errors.NOT_LEADER)
    _close(asked, JoinState.WITHDRAWN, by)
    return asked


@transaction.atomic
@history.on_record
def leave(*, team: VolunteerTeam, worker: Worker, by: User) -> Membership:
    """Leave a team by oneself; its leaders are told. The row stays with its dates.
    Refusal: ``not_member``, ``leads_team`` (another leader comes first)."""
    team, worker = _locked(team, worker)
    held = team.memberships.current().filter(worker=worker).first()
    if held is None:
        raise Refusal(errors.NOT_MEMBER)
    if team.leader_id == worker.pk:
        raise Refusal(errors.LEADS_TEAM)
    left = withdraw(membership=held, by=by)
    notify(
        kind=notices.MEMBER_LEFT,
        to=leaders_of(team),
        key=held.pk,
        about=f"team:{team.pk}",
        facts={"title": team.name, "name": worker.masked_name},
        url_name="admin:volunteers_volunteerteam_run",
        but=by,
    )
    return left


@transaction.atomic
@history.on_record
def make_home(*, team: VolunteerTeam, worker: Worker, by: User) -> Membership:
    """Make this team the worker's one home team. Refusal: ``not_member``."""
    _team, worker = _locked(team, worker)
    held = {row.team_id: row for row in worker.team_memberships.current()}
    if team.pk not in held:
        raise Refusal(errors.NOT_MEMBER)
    for row in sorted(held.values(), key=lambda row: row.team_id == team.pk):
        if row.is_home != (row.team_id == team.pk):  # the old one first
            row.is_home = not row.is_home
            row.save(update_fields=["is_home", "updated_at"])
    return held[team.pk]


@transaction.atomic
@pagecache.publishes
@history.on_record
def agree_to_be_named(
    *, team: VolunteerTeam, worker: Worker, by: User, agrees: bool
) -> Membership:
    """Let the team's page show the member's full name, or mask it again: their own word,
    for this team alone. Refusal: ``not_member``."""
    _team, worker = _locked(team, worker)
    held = team.memberships.current().filter(worker=worker).first()
    if held is None:
        raise Refusal(errors.NOT_MEMBER)
    held.agreed_on = timezone.localdate() if agrees else None
    held.save(update_fields=["agreed_on", "updated_at"])
    return held


@transaction.atomic
@pagecache.publishes
@history.on_record
def set_joining(
    *, team: VolunteerTeam, join_mode: str, is_recruiting: bool, by: User
) -> VolunteerTeam:
    """How one comes into the team, decided by who runs it. A team that nobody may ask is
    not marked as recruiting. Refusal: ``not_leader``, ``team_inactive``."""
    team = VolunteerTeam.objects.select_for_update().get(pk=team.pk)
    if not may_run(by, team):
        raise Refusal(errors.NOT_LEADER)
    if not team.is_active:
        raise Refusal(errors.TEAM_INACTIVE)
    team.join_mode = JoinMode(join_mode)
    may_ask = team.join_mode in (JoinMode.REQUEST, JoinMode.FREE)
    team.is_recruiting = is_recruiting and may_ask
    team.save(update_fields=["join_mode", "is_recruiting", "updated_at"])
    return team


@transaction.atomic
@history.on_record
def forget_wishes(*, worker: Worker, by: User | None) -> None:
    """Whoever leaves the portal: what waits is taken back, what they wrote and said of
    themselves goes."""
    asked = JoinRequest.objects.filter(worker=worker)
    for row in asked.open().select_for_update().order_by("pk"):
        _close(row, JoinState.WITHDRAWN, by)
    asked.exclude(message="").update(message="")
    VolunteerProfile.objects.filter(worker=worker).delete()


# --- below the verbs


def _locked(team: VolunteerTeam, worker: Worker) -> tuple[VolunteerTeam, Worker]:
    team = VolunteerTeam.objects.select_for_update().get(pk=team.pk)
    rows = Worker.objects.select_for_update(of=("self",), no_key=True)
    return team, rows.get(pk=worker.pk)


def _grounds(team, worker):
    """Why this worker cannot come into this team now."""
    grounds = []
    if not team.is_active:
        grounds.append(errors.TEAM_INACTIVE)
    elif team.join_mode == JoinMode.CLOSED:
        grounds.append(errors.NOT_RECRUITING)
    if team.memberships.current().filter(worker=worker).exists():
        grounds.append(errors.ALREADY_MEMBER)
    if worker.left_at is not None:
        grounds.append(errors.OFF_ROSTER)
    return grounds


def _check_person(team, worker):
    """What was asked while the team took people is answered even when it no longer
    does."""
    grounds = [g for g in _grounds(team, worker) if g is not errors.NOT_RECRUITING]
    if grounds:
        raise Refusal(*grounds)


def worker_named(name: str, number: str) -> Worker:
    """The worker whose name and number both are these."""
    rows = Worker.objects.select_related("user")
    if phone := phones.canonical(number):
        row = rows.filter(user__in=User.objects.of_phone(phone)).first()
    else:
        typed = letters.number(number)
        row = rows.filter(member_number__iexact=typed).first() if typed else None
    if row is None or spellings.comparable(row.name) != spellings.comparable(name):
        raise Refusal(errors.NOT_FOUND)
    return row


def _ask(team, worker, side, message, by) -> JoinRequest:
    with refusing(_ASKED):
        return JoinRequest.objects.create(
            team=team,
            worker=worker,
            side=side,
            message=letters.line(message)[:200],
            asked_by=by,
        )


def _opened(request, side, worker=None) -> JoinRequest:
    """The request, locked, if it waits for this side's word."""
    asked = JoinRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if asked.side != side or (worker and asked.worker_id != worker.pk):
        raise Refusal(errors.NOT_YOURS)
    if asked.state != JoinState.OPEN:
        raise Refusal(errors.ANSWERED)
    return asked


def _close(asked, state, by, answer="") -> None:
    asked.state, asked.answered_by, asked.answer = state, by, answer
    asked.answered_at = database_now()
    asked.save()


def _take_in(team, worker, by) -> Membership:
    """Whoever has no home team has one now. The worker is locked."""
    is_home = not worker.team_memberships.current().filter(is_home=True).exists()
    return enrol(team=team, worker=worker, by=by, is_home=is_home)


def _accepted(asked, team, worker, by) -> Membership:
    made = _take_in(team, worker, by)
    _tell_worker(notices.JOIN_ACCEPTED, asked, by)
    return made


def _tell_worker(kind, asked, by, **facts) -> None:
    if asked.worker.user_id is None:
        return
    notify(
        kind=kind,
        to={asked.worker.user_id: None},
        key=asked.pk,
        about=f"join:{asked.pk}",
        facts={"title": asked.team.name, **facts},
        url_name="my-volunteering",
        but=by,
    )


def _tell_leaders_of_answer(asked, state, by) -> None:
    notify(
        kind=notices.INVITATION_ANSWERED,
        to=leaders_of(asked.team),
        key=asked.pk,
        about=f"join:{asked.pk}",
        facts={
            "title": asked.team.name,
            "name": asked.worker.masked_name,
            "state": state,
        },
        url_name="admin:volunteers_volunteerteam_run",
        but=by,
    )
