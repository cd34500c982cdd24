"""Honours.

``wall``         awards, their editions, and who was honoured
``calls``        what an edition asks for
``nominations``  nominations, their steps and documents, proposals
"""

from honors.models.calls import CompositionRule, Criterion, RequiredDocument
from honors.models.nominations import (
    BRIEF,
    DEEDS,
    Nomination,
    NominationDocument,
    NominationStep,
    Proposal,
)
from honors.models.wall import (
    AwardEdition,
    AwardProgram,
    Honoree,
)

__all__ = [
    "BRIEF",
    "DEEDS",
    "AwardEdition",
    "AwardProgram",
    "CompositionRule",
    "Criterion",
    "Honoree",
    "Nomination",
    "NominationDocument",
    "NominationStep",
    "Proposal",
    "RequiredDocument",
]
