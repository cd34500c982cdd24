"""Forms of the volunteers room.

``teams``    filters of the directory
``joining``  asking to come in, a volunteer's profile
"""

from volunteers.forms.joining import AskForm, ProfileForm
from volunteers.forms.teams import (
    TeamFilterForm,
)

__all__ = [
    "AskForm",
    "ProfileForm",
    "TeamFilterForm",
]
