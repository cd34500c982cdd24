"""Who suits a need, and why. Whoever suits for no reason is not suggested.

Asked of the tables by a handful of statements, however many volunteers there are. Those
who suit for more reasons come first; among equals, who was called upon least in the last
year, so that the same few do not do everything.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from members.enums import UnionLevel
from members.models import UnionOrg
from signups.enums import OfferingKind, SignupStatus
from signups.models import Signup
from volunteers.enums import NeedMove, PartOfDay
from volunteers.models import (
    PARTS,
    Membership,
    Need,
    NeedStep,
    Skill,
    VolunteerProfile,
    VolunteerTeam,
)

MOST = 10  # suggestions of one kind
YEAR = timedelta(days=365)
# when the parts of a day end
_ENDS = {
    PartOfDay.MORNING: time(12),
    PartOfDay.AFTERNOON: time(18),
    PartOfDay.EVENING: time.max,
}
_BEGINS = {
    PartOfDay.MORNING: time(6),
    PartOfDay.AFTERNOON: time(12),
    PartOfDay.EVENING: time(18),
}


@dataclass(frozen=True)
class TeamSuggestion:
    """A team with the reasons for it, as sentences; ``taken`` is how many needs it took
    in the last year."""

    team: VolunteerTeam
    reasons: list[str]
    taken: int


@dataclass(frozen=True)
class VolunteerSuggestion:
    """A volunteer with the reasons; ``served`` is how many places in services they took
    in the last year, ``team`` their home team's name or empty."""

    worker: object
    reasons: list[str]
    served: int
    team: str = ""


@dataclass
class _Counted:
    """What speaks for one team: how many of its people can do, live near, have time."""

    skills: dict[str, int] = field(default_factory=dict)
    near: int = 0
    free: int = 0


def times_of(starts_at: datetime, ends_at: datetime) -> list[int]:
    """The times of a week (weekday × parts of a day) that a stretch of time touches, in
    Shanghai's hours; after a week that is all of them. Nights belong to none."""
    first, last = timezone.localtime(starts_at), timezone.localtime(ends_at)
    found = set()
    for offset in range(min((last.date() - first.date()).days, 7) + 1):
        day = first.date() + timedelta(days=offset)
        for part in PartOfDay:
            begins = timezone.make_aware(datetime.combine(day, _BEGINS[part]))
            ends = timezone.make_aware(datetime.combine(day, _ENDS[part]))
            if begins < ends_at and starts_at < ends:
                found.add(day.weekday() * PARTS + part)
    return sorted(found)


def teams_for(need: Need) -> list[TeamSuggestion]:
    """At most ``MOST`` active teams for a need: not those that said no to it. Three
    statements."""
    skills = list(need.skills.values_list("pk", flat=True))
    counted = _counted_by_team(need, skills)
    since = timezone.now() - YEAR
    steps = NeedStep.objects.filter(move=NeedMove.TAKEN, at__gte=since)
    taken = steps.filter(team=OuterRef("pk")).order_by().values("team")
    said_no = need.steps.filter(move__in=[NeedMove.DECLINED, NeedMove.RETURNED])
    teams = (
        VolunteerTeam.objects.active()
        .exclude(pk__in=said_no.values("team"))
        .select_related("union_org", "leader")
        .defer("intro", "honours")
        .annotate(
            taken=Coalesce(Subquery(taken.annotate(n=Count("pk")).values("n")), 0)
        )
    )
    found = []
    for team in teams:
        reasons = _reasons_of_team(team, need, counted.get(team.pk, _Counted()))
        if reasons:
            found.append(TeamSuggestion(team, reasons, team.taken))
    found.sort(key=lambda one: (-len(one.reasons), one.taken, one.team.pk))
    return found[:MOST]


def _reasons_of_team(team, need, counted) -> list[str]:
    reasons = []
    if team.kind == need.kind:
        words = _("队伍类别相符：%(kind)s")
        reasons.append(words % {"kind": team.get_kind_display()})
    if counted.skills:
        words = "、".join(
            _("%(skill)s%(n)d人") % {"skill": skill, "n": n}
            for skill, n in sorted(counted.skills.items())
        )
        reasons.append(_("队员有所需技能：%(skills)s") % {"skills": words})
    if _is_of_district(team.union_org, need.district):
        words = _("所属工会在%(district)s")
        reasons.append(words % {"district": need.district})
    elif counted.near:
        words = _("%(n)d名队员方便去%(district)s")
        reasons.append(words % {"n": counted.near, "district": need.district})
    if counted.free:
        reasons.append(_("%(n)d名队员这段时间有空") % {"n": counted.free})
    return reasons


def _is_of_district(org, district) -> bool:
    """The city's union is of no district: everything is below it."""
    if org is None or district.level == UnionLevel.CITY:
        return False
    return org.code.startswith(district.code)


def _counted_by_team(need, skills) -> dict[int, _Counted]:
    """One statement. Whoever is in a team is in it once."""
    asked = {
        "skills": skills,
        "district": need.district_id,
        "times": times_of(need.starts_at, need.ends_at),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, asked)
        rows = cursor.fetchall()
    counted = {}
    for team, what, skill, n in rows:
        mine = counted.setdefault(team, _Counted())
        if what == "skill":
            mine.skills[skill] = n
        else:
            setattr(mine, what, n)
    return counted


# From the people who suit to their teams: from the teams, each would be looked through.
_COUNTED = """
SELECT m.team_id, found.what, found.skill, count(*)
FROM (
    SELECT p.worker_id, 'skill' AS what, s.name AS skill
    FROM volunteers_volunteerprofile_skills can
    JOIN volunteers_skill s ON s.id = can.skill_id
    JOIN volunteers_volunteerprofile p ON p.id = can.volunteerprofile_id
    WHERE can.skill_id = ANY(%(skills)s::bigint[])
    UNION ALL
    SELECT p.worker_id, 'near', ''
    FROM volunteers_volunteerprofile_districts d
    JOIN volunteers_volunteerprofile p ON p.id = d.volunteerprofile_id
    WHERE d.unionorg_id = %(district)s
    UNION ALL
    SELECT p.worker_id, 'free', ''
    FROM volunteers_volunteerprofile p
    WHERE p.free && %(times)s::smallint[]
) found
JOIN volunteers_membership m ON m.worker_id = found.worker_id AND m.left_on IS NULL
JOIN volunteers_volunteerteam t ON t.id = m.team_id AND t.is_active
GROUP BY m.team_id, found.what, found.skill
"""


def volunteers_for(
    *,
    skills: Collection[int],
    district: UnionOrg | None,
    starts_at: datetime,
    ends_at: datetime,
    team: VolunteerTeam | None = None,
    busy: Collection[int] = (),
) -> list[VolunteerSuggestion]:
    """At most ``MOST`` volunteers, of ``team`` or of the whole city, for a need or a
    service: ``skills`` are numbers of skills, ``busy`` numbers of workers that are left
    out (those signed up already). Three statements; four where fewer than ``MOST`` suit
    for every reason that there is."""
    times = times_of(starts_at, ends_at)
    rows = _suited(skills, district, times, team, busy)
    names = dict(Skill.objects.filter(pk__in=skills).values_list("pk", "name"))
    asked = {"is_able": skills, "is_near": district, "is_free": times}
    every = {name: True for name, wanted in asked.items() if wanted}
    # few of many: the others are ranked only where these do not suffice
    chosen = list(rows.filter(**every)[:MOST])
    if len(chosen) < MOST and len(every) > 1:
        others = rows.exclude(pk__in=[row.pk for row in chosen])
        chosen += others[: MOST - len(chosen)]
    homes = dict(
        Membership.objects.current()
        .filter(worker__in=[row.worker_id for row in chosen], is_home=True)
        .values_list("worker", "team__name")
    )
    return [
        VolunteerSuggestion(
            row.worker,
            _reasons_of_person(row, names, district),
            row.served,
            homes.get(row.worker_id, ""),
        )
        for row in chosen
    ]


def _suited(skills, district, times, team, busy):
    """Profiles with ``can`` (numbers of the wanted skills), ``is_near``, ``is_free``,
    ``reasons`` (how many) and ``served``; none without a reason."""
    able = VolunteerProfile.skills.through.objects.filter(
        volunteerprofile=OuterRef("pk"), skill__in=skills
    )
    near = VolunteerProfile.districts.through.objects.filter(
        volunteerprofile=OuterRef("pk"), unionorg=district
    )
    # taken places of the last year, by the desk
    served = Signup.objects.filter(
        worker=OuterRef("worker"),
        status=SignupStatus.SEATED,
        offering__kind=OfferingKind.POST,
        created_at__gte=Now() - YEAR,
    )
    served = served.order_by().values("worker").annotate(n=Count("pk")).values("n")
    rows = VolunteerProfile.objects.of_volunteers(team).exclude(worker__in=busy)
    truth = BooleanField()
    rows = rows.annotate(
        is_able=Exists(able),
        is_near=Exists(near) if district else Value(False, truth),
        is_free=ExpressionWrapper(Q(free__overlap=times), truth)
        if times
        else Value(False, truth),
    ).filter(Q(is_able=True) | Q(is_near=True) | Q(is_free=True))
    weight = sum(
        (
            Case(When(**{name: True}, then=1), default=0, output_field=IntegerField())
            for name in ("is_able", "is_near", "is_free")
        ),
        Value(0),
    )
    return (
        rows.annotate(
            can=ArraySubquery(able.order_by("skill").values("skill")),
            reasons=weight,
            served=Coalesce(Subquery(served), 0),
        )
        .select_related("worker__union_org")
        .order_by(F("reasons").desc(), "served", "pk")
    )


def _reasons_of_person(row, names, district) -> list[str]:
    reasons = []
    if row.can:
        words = "、".join(names[key] for key in row.can)
        reasons.append(_("有所需技能：%(skills)s") % {"skills": words})
    if row.is_near:
        reasons.append(_("方便去%(district)s") % {"district": district})
    if row.is_free:
        reasons.append(_("这段时间有空"))
    return reasons
