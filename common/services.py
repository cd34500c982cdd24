"""Verbs of the floor: sealing the audit, and finding out whether it was touched."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, timedelta

from django.db import connection, transaction

from common.models import AuditEvent, AuditSeal

REST = timedelta(minutes=10)  # events younger than this wait for the next seal

_LOCK = 0x5EA1  # any number of our own

# Whoever is being forgotten loses ``by_label`` (see ``audit.forget``): it is left out.
_SEALED = [
    "pk", "at", "verb", "by_id", "address", "of_model", "of_key", "outcome", "reason",
    "before", "after", "request_id",
]  # fmt: skip


@dataclass
class AuditCheck:
    """What ``check_audit`` found: numbers of seals whose events are not what they were
    when they were sealed, and of seals that are missing."""

    seals: int = 0
    events: int = 0
    unsealed: int = 0
    touched: list[int] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.touched and not self.missing


@transaction.atomic
def seal_audit() -> AuditSeal | None:
    """Seal the events since the last seal; None when there are none old enough.

    An event bears the time at which its transaction began, so no event of before the
    oldest transaction under way can appear any more: up to there is sealed. May run at
    any time and beside itself.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            "SELECT LEAST(now() - %s, min(xact_start)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'",
            [REST],
        )
        (until,) = cursor.fetchone()
    last = AuditSeal.objects.last()
    count, digest = _digest(last, until)
    if not count:
        return None
    number = last.number + 1 if last else 1
    return AuditSeal.objects.create(
        number=number, until=until, events=count, digest=digest
    )


def check_audit(*, known: tuple[int, str] | None = None) -> AuditCheck:
    """Reckon every seal anew from the events that are there now.

    ``known`` is the number and digest of a seal as kept outside the database (``tick``
    prints and logs them): it finds a chain that was cut off at its end or made anew.
    """
    found, before = AuditCheck(), None
    for seal in AuditSeal.objects.order_by("number"):
        expected = before.number + 1 if before else 1
        found.missing += range(expected, seal.number)
        count, digest = _digest(before, seal.until)
        is_known = known is None or known[0] != seal.number or known[1] == seal.digest
        if (count, digest) != (seal.events, seal.digest) or not is_known:
            found.touched.append(seal.number)
        found.seals += 1
        found.events += count
        before = seal
    if known is not None and known[0] > (before.number if before else 0):
        found.missing.append(known[0])
    later = AuditEvent.objects.all()
    if before:
        later = later.filter(at__gte=before.until)
    found.unsealed = later.count()
    return found


def _digest(last: AuditSeal | None, until) -> tuple[int, str]:
    """How many events lie between a seal and a moment, and the digest over them."""
    count, digest = 0, hashlib.sha256((last.digest if last else "").encode())
    events = AuditEvent.objects.between(last and last.until, until)
    for values in events.values_list(*_SEALED).iterator(chunk_size=2000):
        line = [values[0], values[1].astimezone(UTC).isoformat(), *values[2:]]
        digest.update(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        count += 1
    # base32 has no digit 1: no mask of the logs takes part of it for a mobile number
    return count, base64.b32encode(digest.digest()).decode().rstrip("=").lower()
