"""Volunteers.

``teams``  teams and who belongs to them
"""

from volunteers.models.teams import (
    Membership,
    VolunteerTeam,
)

__all__ = [
    "Membership",
    "VolunteerTeam",
]
