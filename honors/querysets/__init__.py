"""What is read of the honours room.

``wall``         awards, editions and who was honoured
``nominations``  nominations, their documents, proposals: whose rows they are
``notices``      public notices and objections
"""

from honors.querysets.nominations import (
    NominationDocumentQuerySet,
    NominationQuerySet,
    ProposalQuerySet,
)
from honors.querysets.notices import ObjectionQuerySet, PublicNoticeQuerySet
from honors.querysets.wall import (
    AwardEditionQuerySet,
    AwardProgramQuerySet,
    HonoreeQuerySet,
)

__all__ = [
    "AwardEditionQuerySet",
    "AwardProgramQuerySet",
    "HonoreeQuerySet",
    "NominationDocumentQuerySet",
    "NominationQuerySet",
    "ObjectionQuerySet",
    "ProposalQuerySet",
    "PublicNoticeQuerySet",
]
