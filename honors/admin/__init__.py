"""The back office of the honours room.

``wall``  awards, editions, who is honoured
"""

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
    "StandingFilter",
]
