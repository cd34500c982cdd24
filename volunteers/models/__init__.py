"""Volunteers.

``teams``  teams and who belongs to them
``needs``  what is asked of the volunteers, and by whom; skills
"""

from volunteers.models.needs import (
    Need,
    NeedStep,
    Partner,
    PartnerUser,
    Skill,
)
from volunteers.models.teams import (
    Membership,
    VolunteerTeam,
)

__all__ = [
    "Membership",
    "Need",
    "NeedStep",
    "Partner",
    "PartnerUser",
    "Skill",
    "VolunteerTeam",
]
