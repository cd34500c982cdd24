"""Honours.

``wall``  awards, their editions, and who was honoured
"""

from honors.models.wall import (
    AwardEdition,
    AwardProgram,
    Honoree,
)

__all__ = [
    "AwardEdition",
    "AwardProgram",
    "Honoree",
]
