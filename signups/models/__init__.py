"""The desk: every scarce place in the house is asked for here, in one table, so that
nobody can be in two places at once in any wing.

A class, a slot, a post … each has one Offering. Capacity stands in its pools only.
"""

from signups.models.conduct import Appeal, ConductPoint
from signups.models.draws import Draw, DrawChoice, DrawEntry, DrawValue
from signups.models.feeds import CalendarFeed
from signups.models.offerings import (
    Charge,
    Limit,
    Occasion,
    Offering,
    Rules,
    SeatPool,
    page_address,
)
from signups.models.papers import PaperLine, PaperSheet
from signups.models.requests import Attendance, Signup

__all__ = [
    "Appeal",
    "Attendance",
    "CalendarFeed",
    "Charge",
    "ConductPoint",
    "Draw",
    "DrawChoice",
    "DrawEntry",
    "DrawValue",
    "Limit",
    "Occasion",
    "Offering",
    "PaperLine",
    "PaperSheet",
    "Rules",
    "SeatPool",
    "Signup",
    "page_address",
]
