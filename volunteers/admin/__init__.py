"""The back office of the volunteers room.

``teams``  teams and who belongs to them
"""

from volunteers.admin.teams import (
    MembershipAdmin,
    PresenceFilter,
    VolunteerTeamAdmin,
)

__all__ = [
    "MembershipAdmin",
    "PresenceFilter",
    "VolunteerTeamAdmin",
]
