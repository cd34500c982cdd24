"""Pages of the volunteers room.

``teams``       the directory, a team
``joining``     coming in, answering, leaving; 我的 → 志愿服务
``indicators``  what is measured
"""

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
    "IndicatorsView",
    "JoinAnswerView",
    "JoinView",
    "LeaveView",
    "MembershipView",
    "MyVolunteeringView",
    "TeamDetailView",
    "TeamListView",
    "is_of",
    "named",
]
