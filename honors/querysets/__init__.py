"""What is read of the honours room.

``wall``         awards, editions and who was honoured
``hall``         how the wall is counted and paged
``nominations``  nominations, their documents, proposals: whose rows they are
``notices``      public notices and objections
``oldhonours``   lists of old honours
``jury``         what lies before a juror, and what of it counts
``votes``        ballots of the public vote
"""

from honors.querysets.jury import BallotQuerySet, JuryRoundQuerySet
from honors.querysets.nominations import (
    NominationDocumentQuerySet,
    NominationQuerySet,
    ProposalQuerySet,
)
from honors.querysets.notices import ObjectionQuerySet, PublicNoticeQuerySet
from honors.querysets.oldhonours import HonourImportQuerySet
from honors.querysets.votes import VoteQuerySet, VoteVoidQuerySet
from honors.querysets.wall import (
    AwardEditionQuerySet,
    AwardProgramQuerySet,
    HonoreeQuerySet,
)

__all__ = [
    "AwardEditionQuerySet",
    "AwardProgramQuerySet",
    "BallotQuerySet",
    "HonoreeQuerySet",
    "HonourImportQuerySet",
    "JuryRoundQuerySet",
    "NominationDocumentQuerySet",
    "NominationQuerySet",
    "ObjectionQuerySet",
    "ProposalQuerySet",
    "PublicNoticeQuerySet",
    "VoteQuerySet",
    "VoteVoidQuerySet",
]
