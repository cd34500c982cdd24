"""Verbs of the volunteers room. The only code here that writes to its tables.

``teams``       teams and who belongs to them
``joining``     coming into a team, leaving by oneself
``needs``       a need, from filing to its end
``profiles``    skills, partners, profiles, figures of a report
``matching``    who suits a need, and why (reads only)
``indicators``  what is measured of all this (reads only)
``events``      a service made, changed, called off
``day``         the roster on the day, photos
``hours``       hours written down, confirmed, disputed, corrected
``chain``       the chain of confirmed hours
``countersign`` how many were served, confirmed by the host
``certifying`` certificates of hours
``oldhours``    hours of old lists, apart from those with evidence
``figures``     what the coordinator looks at (reads only)
"""

from volunteers.services.joining import forget_wishes
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
    "forget_wishes",
    "leave_all",
    "save_team",
    "withdraw",
]
