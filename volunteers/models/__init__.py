"""Volunteers.

``teams``    teams and who belongs to them
``needs``    what is asked of the volunteers, and by whom; skills
``joining``  asking to come in, being invited; a volunteer's profile
``figures``  figures of a report
``events``   services, their posts, the day, photos, how many were served
``records``  hours, disputes about them
"""

from volunteers.models.certificates import HoursCertificate, HoursCertificateLine
from volunteers.models.events import (
    LONGEST,
    MOST_PEOPLE,
    MOST_POSTS,
    Countersign,
    DayEntry,
    EventPhoto,
    Post,
    ServiceEvent,
)
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
from volunteers.models.oldhours import HoursImport, ImportedHours
from volunteers.models.records import HoursDispute, ServiceRecord
from volunteers.models.teams import (
    Membership,
    VolunteerTeam,
)

__all__ = [
    "LONGEST",
    "MOST_PEOPLE",
    "MOST_POSTS",
    "PARTS",
    "TIMES",
    "Countersign",
    "DayEntry",
    "EventPhoto",
    "HoursCertificate",
    "HoursCertificateLine",
    "HoursDispute",
    "HoursImport",
    "ImportedHours",
    "JoinRequest",
    "Membership",
    "Need",
    "NeedStep",
    "Partner",
    "PartnerUser",
    "Post",
    "ReportedFigure",
    "ServiceEvent",
    "ServiceRecord",
    "Skill",
    "VolunteerProfile",
    "VolunteerTeam",
]
