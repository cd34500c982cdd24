"""What is read of the volunteers room.

``teams``  teams and who belongs to them
``needs``  skills, partners, needs
``joining``  requests and invitations, profiles, figures of a report
"""

from volunteers.querysets.joining import (
    JoinRequestQuerySet,
    ReportedFigureQuerySet,
    VolunteerProfileQuerySet,
)
from volunteers.querysets.needs import (
    NeedQuerySet,
    PartnerQuerySet,
    SkillQuerySet,
)
from volunteers.querysets.teams import (
    MembershipQuerySet,
    VolunteerTeamQuerySet,
)

__all__ = [
    "JoinRequestQuerySet",
    "MembershipQuerySet",
    "NeedQuerySet",
    "PartnerQuerySet",
    "ReportedFigureQuerySet",
    "SkillQuerySet",
    "VolunteerProfileQuerySet",
    "VolunteerTeamQuerySet",
]
