"""People and unions. A worker may have no log-in (rosters come first), and a log-in
may have no worker (staff from outside, a sign-up not yet verified)."""

from members.models.belonging import (
    CorrectionRequest,
    UnionTransfer,
    VerificationTry,
)
from members.models.certificates import Certificate
from members.models.duties import RoleRequest
from members.models.notices import (
    Notice,
    NoticeRelease,
    NoticeText,
    SmsChoice,
    SmsRefusal,
)
from members.models.people import Stewardship, UnionOrg, Worker
from members.models.rosters import RosterImport
from members.models.security import LoginDevice, OldPassword
from members.models.sms import Consent, SmsMessage
from members.models.users import User

__all__ = [
    "Certificate",
    "Consent",
    "CorrectionRequest",
    "LoginDevice",
    "Notice",
    "NoticeRelease",
    "NoticeText",
    "OldPassword",
    "RoleRequest",
    "RosterImport",
    "SmsChoice",
    "SmsMessage",
    "SmsRefusal",
    "Stewardship",
    "UnionOrg",
    "UnionTransfer",
    "User",
    "VerificationTry",
    "Worker",
]
