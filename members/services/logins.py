"""Coming in and going out, each on record, and accounts of staff that lay unused."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import audit, history
from common.errors import Reason, Refusal
from members import notices
from members.models import User
from members.services import devices
from members.services.notices import notify


def is_unused(user: User) -> bool:
    """Whether an account of staff lay unused for so long that it waits for an
    administrator (GB/T 22239: 90 days). Workers' accounts never do."""
    if not user.is_staff:
        return False
    seen = max(
        moment
        for moment in (user.created_at, user.last_login, user.reopened_at)
        if moment is not None
    )
    return seen <= timezone.now() - timedelta(days=settings.STAFF_UNUSED_DAYS)


@transaction.atomic
@history.on_record
def reopen(*, user: User, by: User | None) -> User:
    """Let an account of staff in again that lay unused.

    Raises Refusal: it was not refused at all.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not is_unused(user):
        text = _("该账号没有因长期未用而停用，无需重新启用。")
        raise Refusal(Reason("account_in_use", text))
    user.reopened_at = timezone.now()
    user.save(update_fields=["reopened_at"])
    audit.record("change_account", by=by, of=user, reason=_("长期未用，重新启用"))
    notify(
        kind=notices.REOPENED,
        to={user.pk: None},
        url_name="my",
        but=by,
    )
    return user


@transaction.atomic
@history.on_record
def log_in(*, user: User, session_key: str, kind: str, address: str) -> None:
    """Somebody came in, with this browser."""
    devices.note_device(
        user=user, session_key=session_key, kind=kind, address=address, since=None
    )
    audit.record("log_in", by=user, of=user)


def log_in_failed(*, user: User | None, why: str) -> None:
    """Somebody did not come in. ``user`` is whose number was typed, if anybody's."""
    audit.record("log_in", by=None, of=user, outcome="failed", reason=why)


def log_in_refused(*, user: User | None, why: str) -> None:
    """Somebody may not come in now: locked, switched off, unused."""
    audit.record("log_in", by=None, of=user, outcome="refused", reason=why)


def log_out(*, user: User) -> None:
    """Somebody left; the caller ends the session."""
    audit.record("log_out", by=user, of=user)
