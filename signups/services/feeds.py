"""The secret address of a person's calendar: made, made anew, taken back.

Who knows it reads when and where the person is, and nothing else: it is a password that
stands in an address. Nothing keeps it; whoever lost it makes another.
"""

import secrets

from django.db import transaction
from django.db.models.functions import Now

from common import crypto, history
from members.models import User, Worker
from signups.models import CalendarFeed

_PURPOSE = "calendar feed"


@transaction.atomic
@history.on_record
def make(*, user: User) -> str:
    """A new secret for this account, 43 characters; the one before is worth nothing from
    now on. It can be shown now and never again."""
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        user=user,
        defaults={"token_hash": crypto.digest(_PURPOSE, token), "made_at": Now()},
    )
    return token


@transaction.atomic
@history.on_record
def revoke(*, user: User) -> bool:
    """Take the address back; whether there was one."""
    return CalendarFeed.objects.filter(user=user).delete()[0] > 0


def reader(token: str) -> Worker | None:
    """Whose calendar this secret opens: a worker whose account is in use, or None."""
    return Worker.objects.filter(
        user__calendar_feed__token_hash=crypto.digest(_PURPOSE, token),
        user__is_active=True,
    ).first()
