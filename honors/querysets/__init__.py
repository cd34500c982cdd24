"""What is read of the honours room.

``wall``  awards, editions and who was honoured
"""

from honors.querysets.wall import (
    AwardEditionQuerySet,
    AwardProgramQuerySet,
    HonoreeQuerySet,
)

__all__ = [
    "AwardEditionQuerySet",
    "AwardProgramQuerySet",
    "HonoreeQuerySet",
]
