"""What people agreed to. A constraint decides between two clicks at the same moment."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from common import audit, history
from members.enums import ConsentKind
from members.models import Consent, User


def is_current(user: User) -> bool:
    """Whether this account agreed to the notice as it stands today (PIPL 14)."""
    return (
        Consent.objects.standing()
        .filter(user=user, kind=ConsentKind.PRIVACY, version=settings.PRIVACY_VERSION)
        .exists()
    )


@transaction.atomic
@history.on_record
def give(
    *,
    user: User,
    given_at: datetime,
    version: str,
    kind: ConsentKind = ConsentKind.PRIVACY,
) -> None:
    """Note that this account agreed to the notice of ``version``; again is harmless."""
    made = Consent.objects.bulk_create(
        [Consent(user=user, kind=kind, version=version, given_at=given_at)],
        ignore_conflicts=True,
    )
    audit.record("consent", by=user, of=made[0].user)
