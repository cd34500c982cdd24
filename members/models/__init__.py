"""People and unions. A worker may have no log-in (rosters come first), and a log-in
may have no worker (staff from outside, a sign-up not yet verified)."""

from members.models.belonging import (
    CorrectionRequest,
    IdentityConsent,
    UnionTransfer,
    VerificationTry,
)
from members.models.people import Stewardship, UnionOrg, User, Worker
from members.models.rosters import RosterImport

__all__ = [
    "CorrectionRequest",
    "IdentityConsent",
    "RosterImport",
    "Stewardship",
    "UnionOrg",
    "UnionTransfer",
    "User",
    "VerificationTry",
    "Worker",
]
