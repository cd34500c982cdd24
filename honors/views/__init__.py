"""Pages of the honours room.

``wall``         the hall, a person, an edition
``jury``         a juror's files
``notices``      public notices, objections, certificates of honour
``nominations``  a union's nominations and their papers, workers' proposals
``votes``        the public vote
"""

from honors.views.jury import BallotView, JuryListView
from honors.views.nominations import (
    DocumentView,
    NominateView,
    NominationDetailView,
    NominationEditView,
    NominationListView,
    ProposalView,
    ProposeView,
)
from honors.views.notices import (
    HonourCertificateCodeView,
    HonourCertificateView,
    NoticeDetailView,
    NoticeListView,
    ObjectionStateView,
    ObjectionView,
)
from honors.views.votes import VoteView
from honors.views.wall import (
    EditionDetailView,
    HonoreeDetailView,
    HonoreeListView,
    PortraitView,
)

__all__ = [
    "BallotView",
    "DocumentView",
    "EditionDetailView",
    "HonoreeDetailView",
    "HonoreeListView",
    "JuryListView",
    "HonourCertificateCodeView",
    "HonourCertificateView",
    "NominateView",
    "NominationDetailView",
    "NominationEditView",
    "NominationListView",
    "NoticeDetailView",
    "NoticeListView",
    "ObjectionStateView",
    "ObjectionView",
    "PortraitView",
    "ProposalView",
    "ProposeView",
    "VoteView",
]
