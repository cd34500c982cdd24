"""The back office of the honours room.

``publicnotices``  public notices, dockets of objections
``wall``           awards, editions, who is honoured
``nominations``    nominations, and the page on which one is decided
"""

from honors.admin.nominations import NominationAdmin
from honors.admin.publicnotices import ObjectionAdmin, PublicNoticeAdmin
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
    "ObjectionAdmin",
    "PublicNoticeAdmin",
    "StandingFilter",
]
