"""The back office of the volunteers room.

``teams``    teams and who belongs to them
``running``  a team's own pages for who leads it
``needs``    needs, and what is kept for them
``events``   services, and a leader's day
``hours``    hours that wait, one record
``certificates`` certificates of hours
``board``    services and hours of a year, for the coordinator
``oldhours`` lists of old hours
"""

from volunteers.admin.certificates import HoursCertificateAdmin
from volunteers.admin.events import ServiceEventAdmin
from volunteers.admin.hours import ServiceRecordAdmin
from volunteers.admin.needs import (
    JoinRequestAdmin,
    NeedAdmin,
    PartnerAdmin,
    ReportedFigureAdmin,
    SkillAdmin,
)
from volunteers.admin.oldhours import HoursImportAdmin
from volunteers.admin.teams import (
    MembershipAdmin,
    PresenceFilter,
    VolunteerTeamAdmin,
)

__all__ = [
    "HoursCertificateAdmin",
    "HoursImportAdmin",
    "JoinRequestAdmin",
    "MembershipAdmin",
    "NeedAdmin",
    "PartnerAdmin",
    "PresenceFilter",
    "ReportedFigureAdmin",
    "ServiceEventAdmin",
    "ServiceRecordAdmin",
    "SkillAdmin",
    "VolunteerTeamAdmin",
]
