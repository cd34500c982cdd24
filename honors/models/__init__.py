"""Honours.

``wall``         awards, their editions, and who was honoured
``calls``        what an edition asks for
``nominations``  nominations, their steps and documents, proposals
``notices``      public notices and objections to them
``oldhonours``   lists of old honours that were brought in
``jury``         who scores what, and what came of it; the list that is made of it
``votes``        ballots of the public vote
"""

from honors.models.calls import CompositionRule, Criterion, RequiredDocument
from honors.models.jury import (
    Ballot,
    JuryResult,
    JuryRound,
    JurySeat,
    Recusal,
    Score,
    ShortlistDecision,
    ShortlistWaiver,
)
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
from honors.models.oldhonours import HonourImport
from honors.models.votes import Vote, VoteVoid
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
    "Ballot",
    "CompositionRule",
    "Criterion",
    "Honoree",
    "HonourImport",
    "JuryResult",
    "JuryRound",
    "JurySeat",
    "Nomination",
    "NominationDocument",
    "NominationStep",
    "NoticeEntry",
    "Objection",
    "ObjectionFile",
    "ObjectionNote",
    "Proposal",
    "PublicNotice",
    "Recusal",
    "RequiredDocument",
    "Score",
    "ShortlistDecision",
    "ShortlistWaiver",
    "Vote",
    "VoteVoid",
]
