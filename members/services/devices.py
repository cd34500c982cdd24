"""The browsers somebody is logged in with, and how long their sessions last.

A device's row goes with its session (cascade): whoever ends a session ends both. Time
is the server's clock: the database need not be asked.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from common import audit, history
from members.models import LoginDevice, User

LIFE = "logged_in_at"  # of a session: when its log-in was, in seconds since 1970


def is_over(*, user: User, used_at: datetime | None, logged_in_at: float | None):
    """Whether a session of ``user`` has lasted long enough.

    Staff: 30 minutes without a request; everybody: seven days since the log-in
    (settings). ``used_at`` None: it was made just now.
    """
    now = timezone.now()
    life = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    if logged_in_at and datetime.fromtimestamp(logged_in_at, UTC) <= now - life:
        return True
    if not user.is_staff or used_at is None:
        return False
    return used_at <= now - timedelta(seconds=settings.STAFF_IDLE_SECONDS)


def note_use(*, user: User, session_key: str, used_at: datetime | None) -> None:
    """Let a session's row say that it is used: at most once a minute for staff, once a
    day for workers (settings), and no query at all in between."""
    every = settings.SESSION_NOTED_SECONDS["staff" if user.is_staff else "worker"]
    now = timezone.now()
    if used_at is None or used_at > now - timedelta(seconds=every):
        return
    until = now + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    # of requests that come at once, one writes; a session that was ended stays ended
    rows = Session.objects.filter(
        pk=session_key, expire_date__lte=until - timedelta(seconds=every)
    )
    rows.update(expire_date=until)


def note_device(
    *, user: User, session_key: str, kind: str, address: str, since: datetime | None
) -> LoginDevice:
    """Remember the browser of a session. ``address`` comes masked; ``since`` is when it
    logged in (None: now)."""
    device = LoginDevice(
        session_id=session_key,
        user=user,
        kind=kind,
        address=address,
        logged_in_at=since or timezone.now(),
    )
    # whoever logs in twice in one session has one device
    LoginDevice.objects.bulk_create(
        [device],
        update_conflicts=True,
        unique_fields=["session"],
        update_fields=["user", "kind", "address", "logged_in_at"],
    )
    return device


def end_all(*, user: User, but: str = "") -> int:
    """End every session of ``user`` except the one of key ``but``; how many there were.

    They are refused from their next request on.
    """
    ended = LoginDevice.objects.filter(user=user).exclude(session_id=but)
    keys = list(ended.values_list("session_id", flat=True))
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)


@transaction.atomic
@history.on_record
def end_others(*, user: User, this: str) -> int:
    """“退出其他设备”: end all sessions of ``user`` but ``this``, on record."""
    ended = end_all(user=user, but=this)
    audit.record("end_sessions", by=user, of=user)
    return ended


def of(user: User) -> list[LoginDevice]:
    """The browsers in which ``user`` is logged in now, the latest used first."""
    past = timezone.now()
    if user.is_staff:  # the row of a session that idled away is still there
        idle = settings.SESSION_COOKIE_AGE - settings.STAFF_IDLE_SECONDS
        past += timedelta(seconds=idle)
    return list(user.devices.lasting(past))


def used_at(device: LoginDevice) -> datetime:
    """When its session was last noted; to the minute for staff, to the day for others.

    Read from how long the session lasts: each lasts equally long from there.
    """
    life = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return device.session.expire_date - life


def forget_expired() -> int:
    """Throw away sessions (and their devices) that ended more than a day ago; how many.

    Until then an expired row tells whose form to keep (``kept``). Called by ``tick``.
    """
    ended = Session.objects.filter(expire_date__lt=timezone.now() - timedelta(days=1))
    forgotten = ended.count()
    ended.delete()
    return forgotten
