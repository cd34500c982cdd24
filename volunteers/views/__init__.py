"""Pages of the volunteers room.

``teams``       the directory, a team
``joining``     coming in, answering, leaving; 我的 → 志愿服务
``indicators``  what is measured
``events``      a service, its photos
``certificates`` certificates of hours
``hours``       one's own hours, a team's publicised ones, the host who confirms
"""

from volunteers.views.certificates import (
    CertificatesView,
    HoursCertificateCodeView,
    HoursCertificateView,
)
from volunteers.views.events import EventCalendarView, EventDetailView, PhotoView
from volunteers.views.hours import (
    CountersignView,
    DisputeView,
    MyServicesView,
    TeamHoursView,
)
from volunteers.views.indicators import IndicatorsView
from volunteers.views.joining import (
    JoinAnswerView,
    JoinView,
    LeaveView,
    MembershipView,
    MyVolunteeringView,
)
from volunteers.views.teams import (
    TeamDetailView,
    TeamListView,
    is_of,
    named,
)

__all__ = [
    "CertificatesView",
    "CountersignView",
    "DisputeView",
    "EventCalendarView",
    "EventDetailView",
    "HoursCertificateCodeView",
    "HoursCertificateView",
    "IndicatorsView",
    "JoinAnswerView",
    "JoinView",
    "LeaveView",
    "MembershipView",
    "MyVolunteeringView",
    "MyServicesView",
    "PhotoView",
    "TeamDetailView",
    "TeamHoursView",
    "TeamListView",
    "is_of",
    "named",
]
