"""Verbs of a need, from filing to its end. Each move leaves a ``NeedStep``.

Lock order: Need, then VolunteerTeam.
"""

import re
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from common import crypto, dates, history, letters
from common.errors import Reason, Refusal
from members.models import UnionOrg, User
from members.services.notices import notify
from members.services.verification import database_now
from volunteers import errors, notices
from volunteers.enums import IN_HAND, OVER, NeedMove, NeedState
from volunteers.models import Need, NeedStep, Partner, Skill, VolunteerTeam
from volunteers.services.joining import leaders_of

ASSIGN, TAKE, FILE = (
    "volunteers.assign_need",
    "volunteers.take_need",
    "volunteers.add_need",
)
_PHONE = re.compile(r"\+?[0-9]{7,15}")


@transaction.atomic
@history.on_record
def file_need(
    *,
    need: Need,
    by: User | None,
    skills: Collection[Skill] = (),
    contact_phone: str = "",
) -> Need:
    """Store a new need as filled in. A partner's account files for its partner, a
    steward for a union of theirs, the coordinator for anybody.

    Refusal: ``not_yours``, ``need_past``, ``phone_wrong``, ``contact_missing``.
    """
    number = _number(contact_phone)
    grounds = _grounds(need, contact_phone, number)
    if by is not None and not _may_file_for(by, need):
        grounds.append(errors.UNION_NOT_YOURS)
    if grounds:
        raise Refusal(*grounds)
    need.state, need.filed_by = NeedState.OPEN, by
    need.contact_cipher = crypto.seal(number)
    need.save()
    need.skills.set(skills)
    _step(need, NeedMove.FILED, by)
    return need


@transaction.atomic
@history.on_record
def change_need(
    *,
    need: Need,
    by: User | None,
    skills: Collection[Skill] = (),
    contact_phone: str = "",
) -> Need:
    """Store what was filled in anew, as long as no team has taken it. Without a number
    the one that is kept stays.

    Refusal: ``not_yours``, ``need_taken``, ``need_past``, ``phone_wrong``,
    ``contact_missing``.
    """
    kept = _locked(need)
    number = _number(contact_phone) if contact_phone.strip() else kept.contact_phone
    grounds = _grounds(need, contact_phone or number, number)
    if not _is_filers(by, kept):
        grounds.append(errors.NEED_NOT_YOURS)
    elif by is not None and not _may_file_for(by, need):
        grounds.append(errors.UNION_NOT_YOURS)
    if kept.state not in (NeedState.OPEN, NeedState.OFFERED):
        grounds.append(errors.NEED_TAKEN)
    if grounds:
        raise Refusal(*grounds)
    need.state, need.team_id = kept.state, kept.team_id
    need.contact_cipher = crypto.seal(number)
    need.save()
    need.skills.set(skills)
    return need


@transaction.atomic
@history.on_record
def offer(*, need: Need, team: VolunteerTeam, by: User) -> Need:
    """Ask one team to take the need; its leaders are told and answer.

    Refusal: ``not_yours``, ``need_not_open``, ``need_past``, ``team_inactive``,
    ``no_leader``.
    """
    need = _locked(need)
    team = VolunteerTeam.objects.select_for_update().get(pk=team.pk)
    grounds = _cannot_take(need, team)
    if not by.has_perm(ASSIGN):
        grounds.append(errors.NEED_NOT_YOURS)
    if need.state != NeedState.OPEN:
        grounds.append(errors.NEED_NOT_OPEN)
    leaders = leaders_of(team)
    if not leaders:
        grounds.append(errors.NO_LEADER)
    if grounds:
        raise Refusal(*grounds)
    need.state, need.team = NeedState.OFFERED, team
    need.save(update_fields=["state", "team", "updated_at"])
    step = _step(need, NeedMove.OFFERED, by, team=team)
    notify(
        kind=notices.NEED_OFFERED,
        to=dict.fromkeys(leaders, need.pk),
        key=step.pk,
        about=f"need:{need.pk}",
        facts={
            "title": need.title,
            "team": team.name,
            "when": dates.window(need.starts_at, need.ends_at),
            "place": need.place,
        },
        url_name="admin:volunteers_need_work",
        but=by,
    )
    return need


@transaction.atomic
@history.on_record
def take(*, need: Need, team: VolunteerTeam, by: User) -> Need:
    """A team takes a need that waits for anybody or was offered to it; who filed it is
    told. Taking it twice is taking it once.

    Refusal: ``not_leader``, ``need_not_open``, ``need_past``, ``team_inactive``.
    """
    need = _locked(need)
    team = VolunteerTeam.objects.select_for_update().get(pk=team.pk)
    if not _may_take_for(by, team):
        raise Refusal(errors.NOT_LEADER)
    if need.state == NeedState.TAKEN and need.team_id == team.pk:
        return need
    grounds = _cannot_take(need, team)
    is_theirs = need.state == NeedState.OFFERED and need.team_id == team.pk
    if need.state != NeedState.OPEN and not is_theirs:
        grounds.append(errors.NEED_NOT_OPEN)
    if grounds:
        raise Refusal(*grounds)
    need.state, need.team, need.taken_at = NeedState.TAKEN, team, database_now()
    need.save(update_fields=["state", "team", "taken_at", "updated_at"])
    step = _step(need, NeedMove.TAKEN, by, team=team)
    _tell_filer(notices.NEED_TAKEN, need, step, by, team=team.name)
    return need


@transaction.atomic
@history.on_record
def decline(*, need: Need, by: User, reason: str) -> Need:
    """The team that was asked says no, and why: the need waits for anybody again.

    Refusal: ``need_not_offered``, ``not_leader``, ``reason_missing``.
    """
    need, reason = _locked(need), letters.line(reason)[:200]
    if need.state != NeedState.OFFERED:
        raise Refusal(errors.NEED_NOT_OFFERED)
    if not _may_take_for(by, need.team):
        raise Refusal(errors.NOT_LEADER)
    if not reason:
        raise Refusal(errors.REASON_MISSING)
    team = need.team
    _open_again(need)
    _step(need, NeedMove.DECLINED, by, team=team, reason=reason)
    return need


@transaction.atomic
@history.on_record
def give_back(*, need: Need, by: User, reason: str) -> Need:
    """The team cannot do what it took, and says why; who filed it is told.

    Refusal: ``need_not_in_hand``, ``need_planned`` (the service is cancelled first),
    ``not_leader``, ``reason_missing``.
    """
    need, reason = _locked(need), letters.line(reason)[:200]
    if need.state == NeedState.PLANNED:
        raise Refusal(errors.NEED_PLANNED)
    if need.state != NeedState.TAKEN:
        raise Refusal(errors.NEED_NOT_IN_HAND)
    if not _may_take_for(by, need.team):
        raise Refusal(errors.NOT_LEADER)
    if not reason:
        raise Refusal(errors.REASON_MISSING)
    team = need.team
    _open_again(need)
    step = _step(need, NeedMove.RETURNED, by, team=team, reason=reason)
    _tell_filer(notices.NEED_RETURNED, need, step, by, team=team.name, reason=reason)
    return need


@transaction.atomic
@history.on_record
def plan(*, need: Need, by: User | None) -> Need:
    """A service event stands for the need now: called by the verb that makes the event,
    which has judged who may. Refusal: ``need_not_in_hand``."""
    need = _locked(need)
    if need.state == NeedState.PLANNED:
        return need
    if need.state != NeedState.TAKEN:
        raise Refusal(errors.NEED_NOT_IN_HAND)
    return _move(need, NeedState.PLANNED, NeedMove.PLANNED, by)


@transaction.atomic
@history.on_record
def unplan(*, need: Need, by: User | None) -> Need:
    """The event was called off: the team still has the need. Nothing happens to a need
    that is not planned."""
    need = _locked(need)
    if need.state != NeedState.PLANNED:
        return need
    return _move(need, NeedState.TAKEN, NeedMove.UNPLANNED, by)


@transaction.atomic
@history.on_record
def finish(*, need: Need, by: User | None) -> Need:
    """What was asked for was done; who filed it is told. Called by the team, by who
    filed it, or by the verb that closes the event (``by`` None).

    Refusal: ``need_not_in_hand``, ``not_yours``.
    """
    need = _locked(need)
    if need.state == NeedState.DONE:
        return need
    if need.state not in IN_HAND:
        raise Refusal(errors.NEED_NOT_IN_HAND)
    may = by is None or _may_take_for(by, need.team) or _is_filers(by, need)
    if not may:
        raise Refusal(errors.NEED_NOT_YOURS)
    need.state, need.ended_at = NeedState.DONE, database_now()
    need.save(update_fields=["state", "ended_at", "updated_at"])
    step = _step(need, NeedMove.DONE, by, team=need.team)
    _tell_filer(notices.NEED_DONE, need, step, by, team=need.team.name)
    return need


@transaction.atomic
@history.on_record
def leave_unmet(*, need: Need, by: User, reason: str) -> Need:
    """The coordinator closes a need that nobody could take, and says why.

    Refusal: ``not_yours``, ``need_taken``, ``need_is_over``, ``reason_missing``.
    """
    need, reason = _locked(need), letters.line(reason)[:200]
    if not by.has_perm(ASSIGN):
        raise Refusal(errors.NEED_NOT_YOURS)
    if need.state in IN_HAND:
        raise Refusal(errors.NEED_TAKEN)
    step = _end(need, NeedState.UNMET, NeedMove.UNMET, by, reason)
    _tell_filer(notices.NEED_UNMET, need, step, by, reason=reason)
    return need


@transaction.atomic
@history.on_record
def withdraw_need(*, need: Need, by: User, reason: str) -> Need:
    """Who filed the need no longer has it, and says why; the team is told.

    Refusal: ``not_yours``, ``need_is_over``, ``need_planned``, ``reason_missing``.
    """
    need, reason = _locked(need), letters.line(reason)[:200]
    if not _is_filers(by, need):
        raise Refusal(errors.NEED_NOT_YOURS)
    if need.state == NeedState.PLANNED:
        raise Refusal(errors.NEED_PLANNED)
    team = need.team
    step = _end(need, NeedState.WITHDRAWN, NeedMove.WITHDRAWN, by, reason)
    if team is not None:
        notify(
            kind=notices.NEED_CHANGED,
            to=dict.fromkeys(leaders_of(team), need.pk),
            key=step.pk,
            about=f"need:{need.pk}",
            facts={"title": need.title, "state": _("已撤回"), "reason": reason},
            url_name="admin:volunteers_need_work",
            but=by,
        )
    return need


def may_see_contact(user: User, need: Need) -> bool:
    """Whom to call is read by who filed the need and by the team that has it in hand;
    not by who assigns needs, who calls nobody."""
    in_hand = need.state in (*IN_HAND, NeedState.DONE)
    leads = in_hand and VolunteerTeam.objects.run_by(user).filter(pk=need.team_id)
    asked = Need.objects.asked_by(user).filter(pk=need.pk)
    return bool(leads and leads.exists()) or asked.exists()


def files(user: User, need: Need) -> bool:
    """Whether this person stands for who filed the need."""
    return user.has_perm(FILE) and _is_filers(user, need)


# --- below the verbs


def _locked(need: Need) -> Need:
    rows = Need.objects.select_for_update(of=("self",))
    return rows.select_related("team").get(pk=need.pk)


def _number(typed: str) -> str:
    """A number without what people put between its digits; empty if it is none."""
    plain = re.sub(r"[\s()（）\-‐–—]", "", letters.western(typed))
    return plain if _PHONE.fullmatch(plain) else ""


def _grounds(need: Need, typed: str, number: str) -> list[Reason]:
    grounds = []
    if need.ends_at <= database_now():
        grounds.append(errors.NEED_PAST)
    if not need.contact_name.strip() or not typed.strip():
        grounds.append(errors.CONTACT_MISSING)
    elif not number:
        grounds.append(errors.PHONE_WRONG)
    return grounds


def _may_file_for(by: User, need: Need) -> bool:
    """Whether this person may ask in the name of who asks."""
    if by.has_perm(ASSIGN):
        return True
    if not by.has_perm(FILE):
        return False
    if need.partner_id is not None:
        return Partner.objects.of_user(by).filter(pk=need.partner_id).exists()
    orgs = UnionOrg.objects.managed_by(by)
    return need.union_org_id is not None and orgs.filter(pk=need.union_org_id).exists()


def _is_filers(by: User | None, need: Need) -> bool:
    if by is None:
        return True
    return Need.objects.filed_for(by).filter(pk=need.pk).exists()


def _may_take_for(by: User, team: VolunteerTeam) -> bool:
    if by.has_perm(ASSIGN):
        return True
    rows = VolunteerTeam.objects.run_by(by)
    return by.has_perm(TAKE) and rows.filter(pk=team.pk).exists()


def _cannot_take(need: Need, team: VolunteerTeam) -> list[Reason]:
    grounds = []
    if not team.is_active:
        grounds.append(errors.TEAM_INACTIVE)
    if need.ends_at <= database_now():
        grounds.append(errors.NEED_OVER_TIME)
    return grounds


def _open_again(need: Need) -> None:
    need.state, need.team, need.taken_at = NeedState.OPEN, None, None
    need.save(update_fields=["state", "team", "taken_at", "updated_at"])


def _move(need, state, move, by) -> Need:
    need.state = state
    need.save(update_fields=["state", "updated_at"])
    _step(need, move, by, team=need.team)
    return need


def _end(need, state, move, by, reason) -> NeedStep:
    if need.state in OVER:
        raise Refusal(errors.NEED_IS_OVER)
    if not reason:
        raise Refusal(errors.REASON_MISSING)
    need.state, need.reason, need.ended_at = state, reason, database_now()
    need.save(update_fields=["state", "reason", "ended_at", "updated_at"])
    return _step(need, move, by, team=need.team, reason=reason)


def _step(need, move, by, *, team=None, reason="") -> NeedStep:
    return NeedStep.objects.create(
        need=need, move=move, by=by, team=team, reason=reason
    )


def _tell_filer(kind, need, step, by, **facts) -> None:
    if need.filed_by_id is None:
        return
    notify(
        kind=kind,
        to={need.filed_by_id: need.pk},
        key=step.pk,
        about=f"need:{need.pk}",
        facts={"title": need.title, **facts},
        url_name="admin:volunteers_need_work",
        but=by,
    )
