"""Volunteers.

``teams``    teams and who belongs to them
``needs``    what is asked of the volunteers, and by whom; skills
``joining``  asking to come in, being invited; a volunteer's profile
``figures``  figures of a report
"""

from volunteers.models.figures import ReportedFigure
from volunteers.models.joining import (
    PARTS,
    TIMES,
    JoinRequest,
    VolunteerProfile,
)
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
    "PARTS",
    "TIMES",
    "JoinRequest",
    "Membership",
    "Need",
    "NeedStep",
    "Partner",
    "PartnerUser",
    "ReportedFigure",
    "Skill",
    "VolunteerProfile",
    "VolunteerTeam",
]
