"""Pages of the honours room.

``wall``         the hall, a person, an edition
``nominations``  a union's nominations and their papers, workers' proposals
"""

from honors.views.nominations import (
    DocumentView,
    NominateView,
    NominationDetailView,
    NominationEditView,
    NominationListView,
    ProposalView,
    ProposeView,
)
from honors.views.wall import (
    EditionDetailView,
    HonoreeDetailView,
    HonoreeListView,
    PortraitView,
)

__all__ = [
    "DocumentView",
    "EditionDetailView",
    "HonoreeDetailView",
    "HonoreeListView",
    "NominateView",
    "NominationDetailView",
    "NominationEditView",
    "NominationListView",
    "PortraitView",
    "ProposalView",
    "ProposeView",
]
