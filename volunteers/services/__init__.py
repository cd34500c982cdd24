"""Verbs of the volunteers room. The only code here that writes to its tables.

``teams``  teams and who belongs to them
"""

from volunteers.services.teams import (
    appoint,
    enrol,
    leave_all,
    save_team,
    withdraw,
)

__all__ = [
    "appoint",
    "enrol",
    "leave_all",
    "save_team",
    "withdraw",
]
