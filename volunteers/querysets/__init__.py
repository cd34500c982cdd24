"""What is read of the volunteers room.

``teams``  teams and who belongs to them
``needs``  skills, partners, needs
``joining``  requests and invitations, profiles, figures of a report
``events``   services, their photos
``oldhours`` hours of old lists
``records``  hours and disputes about them
"""

from volunteers.querysets.certificates import HoursCertificateQuerySet
from volunteers.querysets.events import EventPhotoQuerySet, ServiceEventQuerySet
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
from volunteers.querysets.oldhours import HoursImportQuerySet, ImportedHoursQuerySet
from volunteers.querysets.records import (
    HoursDisputeQuerySet,
    ServiceRecordQuerySet,
)
from volunteers.querysets.teams import (
    MembershipQuerySet,
    VolunteerTeamQuerySet,
)

__all__ = [
    "EventPhotoQuerySet",
    "HoursCertificateQuerySet",
    "HoursDisputeQuerySet",
    "HoursImportQuerySet",
    "ImportedHoursQuerySet",
    "JoinRequestQuerySet",
    "MembershipQuerySet",
    "NeedQuerySet",
    "PartnerQuerySet",
    "ReportedFigureQuerySet",
    "ServiceEventQuerySet",
    "ServiceRecordQuerySet",
    "SkillQuerySet",
    "VolunteerProfileQuerySet",
    "VolunteerTeamQuerySet",
]
