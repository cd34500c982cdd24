"""Rows of the volunteers room, made through its verbs. Names are obviously invented."""

from itertools import count

from tests.factories import make_worker
from volunteers import services
from volunteers.enums import TeamKind
from volunteers.models import Membership, VolunteerTeam

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
