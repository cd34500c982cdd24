"""Rows of the volunteers room, made through its verbs. Names are obviously invented."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from tests.factories import make_union, make_worker
from volunteers import services
from volunteers.enums import TeamKind
from volunteers.models import (
    Membership,
    Need,
    Partner,
    PartnerUser,
    Skill,
    VolunteerProfile,
    VolunteerTeam,
)
from volunteers.services import needs, profiles

_number = count(1)


def make_team(*, members=0, **fields) -> VolunteerTeam:
    fields.setdefault("name", f"示例{next(_number)}队")
    fields.setdefault("kind", TeamKind.LAW)
    team = services.save_team(team=VolunteerTeam(**fields), by=None)
    for _ in range(members):
        make_membership(team=team)
    return team


def make_membership(**fields) -> Membership:
    if "team" not in fields:
        fields["team"] = make_team()
    if "worker" not in fields:
        fields["worker"] = make_worker()
    return services.enrol(by=None, **fields)


def make_partner(*, user=None, **fields) -> Partner:
    fields.setdefault("name", f"示例公益中心{next(_number)}")
    partner = Partner.objects.create(**fields)
    if user is not None:
        PartnerUser.objects.create(partner=partner, user=user)
    return partner


def make_need(*, skills=(), days=5, by=None, **fields) -> Need:
    """One that waits for a team, in ``days`` days from now, for two hours of a day."""
    starts_at = timezone.now() + timedelta(days=days)
    if days >= 1 and timezone.localtime(starts_at).hour < 6:
        starts_at += timedelta(hours=6)  # at night nobody says to have time
    fields.setdefault("title", f"示例需求{next(_number)}")
    fields.setdefault("kind", TeamKind.LAW)
    fields.setdefault("place", "示例社区")
    fields.setdefault("starts_at", starts_at)
    fields.setdefault("ends_at", starts_at + timedelta(hours=2))
    fields.setdefault("people", 2)
    fields.setdefault("contact_name", "示例联系人")
    if "partner" not in fields and "union_org" not in fields:
        fields["union_org"] = make_union()
    fields.setdefault("district", fields.get("union_org") or make_union())
    return needs.file_need(
        need=Need(**fields), by=by, skills=skills, contact_phone="13600001111"
    )


def make_skill(name="") -> Skill:
    return Skill.objects.create(name=name or f"示例技能{next(_number)}")


def make_profile(worker, *, skills=(), districts=(), free=()) -> VolunteerProfile:
    return profiles.save_profile(
        worker=worker, skills=skills, districts=districts, free=free, by=worker.user
    )
