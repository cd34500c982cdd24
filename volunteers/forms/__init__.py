"""Forms of the volunteers room.

``teams``    filters of the directory
``joining``  asking to come in, a volunteer's profile
``events``   a service and its posts, the roster of the day
``hours``    the host who confirms how many were served
``certificates`` of which days a certificate of hours is wanted
"""

from volunteers.forms.certificates import ForSomebodyForm, PeriodForm
from volunteers.forms.events import EventForm, PostRows, RosterRows
from volunteers.forms.hours import CountersignForm
from volunteers.forms.joining import AskForm, ProfileForm
from volunteers.forms.teams import (
    TeamFilterForm,
)

__all__ = [
    "AskForm",
    "CountersignForm",
    "EventForm",
    "ForSomebodyForm",
    "PeriodForm",
    "PostRows",
    "ProfileForm",
    "RosterRows",
    "TeamFilterForm",
]
