"""What is read of the volunteers room.

``teams``  teams and who belongs to them
``needs``  skills, partners, needs
"""

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
    "MembershipQuerySet",
    "NeedQuerySet",
    "PartnerQuerySet",
    "SkillQuerySet",
    "VolunteerTeamQuerySet",
]
