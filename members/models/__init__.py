"""People and unions. A worker may have no log-in (rosters come first), and a log-in
may have no worker (staff from outside, a sign-up not yet verified)."""

from members.models.people import Stewardship, UnionOrg, User, Worker
from members.models.security import LoginDevice, OldPassword

__all__ = [
    "LoginDevice",
    "OldPassword",
    "Stewardship",
    "UnionOrg",
    "User",
    "Worker",
]
