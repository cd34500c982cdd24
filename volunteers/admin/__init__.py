"""The back office of the volunteers room.

``teams``    teams and who belongs to them
``running``  a team's own pages for who leads it
``needs``    needs, and what is kept for them
"""

from volunteers.admin.needs import (
    JoinRequestAdmin,
    NeedAdmin,
    PartnerAdmin,
    ReportedFigureAdmin,
    SkillAdmin,
)
from volunteers.admin.teams import (
    MembershipAdmin,
    PresenceFilter,
    VolunteerTeamAdmin,
)

__all__ = [
    "JoinRequestAdmin",
    "MembershipAdmin",
    "NeedAdmin",
    "PartnerAdmin",
    "PresenceFilter",
    "ReportedFigureAdmin",
    "SkillAdmin",
    "VolunteerTeamAdmin",
]
