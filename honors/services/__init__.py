"""Verbs of the honours room. The only code here that writes to its tables.

``wall``         awards, editions, who is honoured, and portraits
``editions``     what an edition asks for, its dates together, its announcement
``nominations``  a nomination's way to the city's eligibility check
``papers``       scans and photographs of a nomination
``proposals``    a worker's wish, and their union's answer
``publicnotices``  公示 published, and approved when it is over
``noticeperiods``  its periods: put up, counted anew
``objections``   what somebody has against it, dealt with in confidence
``oldhonours``   lists of old honours, checked and brought in; ``oldrows`` reads them
"""

from honors.services.wall import (
    amend,
    confer,
    confer_edition,
    forget_portraits,
    keep_portrait,
    reinstate,
    revoke,
    save_award,
    set_portrait,
    set_reports,
    unconfer_edition,
)

__all__ = [
    "amend",
    "confer",
    "confer_edition",
    "forget_portraits",
    "keep_portrait",
    "reinstate",
    "revoke",
    "save_award",
    "set_portrait",
    "set_reports",
    "unconfer_edition",
]
