"""The back office of the honours room.

``wall``         awards, editions, who is honoured
``nominations``  nominations, and the page on which one is decided
"""

from honors.admin.nominations import NominationAdmin
from honors.admin.wall import (
    AwardEditionAdmin,
    AwardProgramAdmin,
    HonoreeAdmin,
    StandingFilter,
)

__all__ = [
    "AwardEditionAdmin",
    "AwardProgramAdmin",
    "HonoreeAdmin",
    "NominationAdmin",
    "StandingFilter",
]
