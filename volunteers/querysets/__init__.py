"""What is read of the volunteers room.

``teams``  teams and who belongs to them
"""

from volunteers.querysets.teams import (
    MembershipQuerySet,
    VolunteerTeamQuerySet,
)

__all__ = [
    "MembershipQuerySet",
    "VolunteerTeamQuerySet",
]
