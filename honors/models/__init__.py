"""Honours.

``wall``         awards, their editions, and who was honoured
``calls``        what an edition asks for
``nominations``  nominations, their steps and documents, proposals
``notices``      public notices and objections to them
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
from honors.models.notices import (
    LONGEST_OBJECTION,
    LONGEST_SUMMARY,
    NoticeEntry,
    Objection,
    ObjectionFile,
    ObjectionNote,
    PublicNotice,
)
from honors.models.wall import (
    AwardEdition,
    AwardProgram,
    Honoree,
)

__all__ = [
    "BRIEF",
    "DEEDS",
    "LONGEST_OBJECTION",
    "LONGEST_SUMMARY",
    "AwardEdition",
    "AwardProgram",
    "CompositionRule",
    "Criterion",
    "Honoree",
    "Nomination",
    "NominationDocument",
    "NominationStep",
    "NoticeEntry",
    "Objection",
    "ObjectionFile",
    "ObjectionNote",
    "Proposal",
    "PublicNotice",
    "RequiredDocument",
]
