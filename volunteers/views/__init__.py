"""Pages of the volunteers room.

``teams``  the directory, a team
"""

from volunteers.views.teams import (
    TeamDetailView,
    TeamListView,
    is_of,
    named,
)

__all__ = [
    "TeamDetailView",
    "TeamListView",
    "is_of",
    "named",
]
