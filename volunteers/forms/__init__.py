"""Forms of the volunteers room.

``teams``  filters of the directory
"""

from volunteers.forms.teams import (
    TeamFilterForm,
)

__all__ = [
    "TeamFilterForm",
]
