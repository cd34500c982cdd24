"""Verbs of what is kept by staff and by volunteers for the matching: skills, partners,
profiles, figures of a report."""

from collections.abc import Collection

from django.db import transaction

from common import history, pagecache
from common.errors import Refusal
from members import phones
from members.models import UnionOrg, User, Worker
from volunteers import errors
from volunteers.models import (
    TIMES,
    Partner,
    PartnerUser,
    ReportedFigure,
    Skill,
    VolunteerProfile,
)


@transaction.atomic
@history.on_record
def save_profile(
    *,
    worker: Worker,
    skills: Collection[Skill],
    districts: Collection[UnionOrg],
    free: Collection[int],
    by: User,
) -> VolunteerProfile:
    """Store what a worker says they can do, where and when; ``free`` are times of a week
    (weekday × parts of a day). Refusal: ``times_wrong``, ``skills_wrong``."""
    free = sorted(set(free))
    grounds = []
    if any(not 0 <= time < TIMES for time in free):
        grounds.append(errors.TIMES_WRONG)
    Worker.objects.select_for_update(of=("self",), no_key=True).get(pk=worker.pk)
    profile, _made = VolunteerProfile.objects.get_or_create(worker=worker)
    kept = {skill.pk for skill in profile.skills.all()}
    if any(not skill.is_active and skill.pk not in kept for skill in skills):
        grounds.append(errors.SKILLS_WRONG)
    if grounds:
        raise Refusal(*grounds)
    profile.free = free
    profile.save(update_fields=["free", "updated_at"])
    profile.skills.set(skills)
    profile.districts.set(districts)
    return profile


@transaction.atomic
@history.on_record
def save_skill(*, skill: Skill, by: User | None) -> Skill:
    """Store a skill of the list as filled in."""
    skill.save()
    return skill


@transaction.atomic
@history.on_record
def save_partner(
    *,
    partner: Partner,
    by: User | None,
    account_phone: str = "",
    dropped: Collection[int] = (),
) -> Partner:
    """Store a partner. The account of ``account_phone`` acts for it from now on; those
    ``dropped`` (numbers of accounts) no more.

    Refusal: ``account_unknown``, ``account_taken``.
    """
    partner.save()
    partner.accounts.filter(user__in=dropped).delete()
    if not account_phone.strip():
        return partner
    number = phones.canonical(account_phone)
    user = User.objects.by_phone(number) if number else None
    if user is None or not user.is_staff or not user.is_active:
        raise Refusal(errors.PARTNER_ACCOUNT_UNKNOWN)
    made, _is_new = PartnerUser.objects.get_or_create(
        user=user, defaults={"partner": partner}
    )
    if made.partner_id != partner.pk:
        raise Refusal(errors.PARTNER_ACCOUNT_TAKEN)
    return partner


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_figure(*, figure: ReportedFigure, by: User | None) -> ReportedFigure:
    """Store a figure as it was reported."""
    figure.save()
    return figure
