"""The back office of the honours room.

``publicnotices``  public notices, dockets of objections
``wall``           awards, editions, who is honoured
``oldhonours``     lists of old honours
``nominations``    nominations, and the page on which one is decided
"""

from honors.admin.nominations import NominationAdmin
from honors.admin.oldhonours import HonourImportAdmin
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
    "HonourImportAdmin",
    "NominationAdmin",
    "ObjectionAdmin",
    "PublicNoticeAdmin",
    "StandingFilter",
]
