"""The chain of confirmed hours: each link holds the digest of the one before, so that no
record can be changed, taken out or slipped in later without ``verify`` finding it.

What it cannot see by itself is that the newest links are gone: ``Verdict.head`` is for
writing down elsewhere.

Lock order: ServiceRecord by id, then the chain.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC

from django.db import transaction
from django.db.models import Q

from common.services import wait_turn
from volunteers.enums import RecordState
from volunteers.models import ServiceRecord

FIRST = "0" * 64
_LOCK = "volunteers chain of hours"

# All that a record says. A field more would be another chain: see ``version``.
_SAYS = [
    "id",
    "number",
    "previous",
    "event_id",
    "post_id",
    "worker_id",
    "signup_id",
    "sort",
    "supersedes_id",
    "served_on",
    "length",
    "minutes",
    "arrived_at",
    "left_at",
    "evidence_in",
    "evidence_out",
    "reason",
    "recorded_by_id",
    "recorded_at",
    "proved_by_id",
    "confirmed_by_id",
    "confirmed_at",
    "public_until",
]


def content(record: ServiceRecord) -> str:
    """What is hashed of a record: JSON with its fields in the order of their names,
    moments in UTC to the microsecond."""
    said = {"version": 1}
    for name in _SAYS:
        value = getattr(record, name)
        if hasattr(value, "astimezone"):
            value = value.astimezone(UTC).isoformat(timespec="microseconds")
        elif hasattr(value, "isoformat"):
            value = value.isoformat()
        said[name] = value
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(record: ServiceRecord) -> str:
    return hashlib.sha256(content(record).encode()).hexdigest()


def append(records: list[ServiceRecord]) -> None:
    """Make these, whose confirmation is filled in, the next links, in their order, and
    store them. Within the caller's transaction, which holds the chain until it ends."""
    link(records)
    for record in records:
        record.save()


@transaction.atomic
def file(records: list[ServiceRecord]) -> None:
    """Store confirmed records that are new, and have their ids, as the next links, in a
    handful of statements: for filling a portal with what was."""
    link(records)
    ServiceRecord.objects.bulk_create(records)


def link(records: list[ServiceRecord]) -> None:
    """Number these, which have their ids, as the next links and reckon their digests; the
    caller stores them in the same transaction, which holds the chain until it ends."""
    wait_turn(_LOCK)
    last = (
        ServiceRecord.objects.filter(number__isnull=False)
        .order_by("-number")
        .values_list("number", "digest")
        .first()
    )
    number, previous = last or (0, FIRST)
    for record in records:
        number += 1
        record.number, record.previous = number, previous
        record.digest = previous = digest_of(record)


@dataclass(frozen=True)
class Verdict:
    """``links`` were looked at; ``broken`` is the first number that does not hold (None:
    all do) and ``why`` says what is wrong: ``missing``, ``changed``, ``unlinked`` (does
    not follow from the one before), ``remade`` or ``outside`` (confirmed, and no link: ``record`` is
    its id). ``head`` is the digest of the last link."""

    links: int
    head: str
    broken: int | None = None
    why: str = ""
    record: int | None = None


def verify(known: tuple[int, str] | None = None) -> Verdict:
    """Reckon the whole chain again; stops at the first link that does not hold. ``known``
    is a link (number, digest) as it was printed once: it finds a chain that was cut off
    or reckoned anew (``remade``)."""
    previous, count = FIRST, 0
    rows = ServiceRecord.objects.filter(number__isnull=False).order_by("number")
    for record in rows.iterator(chunk_size=2000):
        expected = count + 1
        why = ""
        if record.number != expected:
            return Verdict(count, previous, expected, "missing")
        if record.state != RecordState.CONFIRMED or digest_of(record) != record.digest:
            why = "changed"
        elif record.previous != previous:
            why = "unlinked"
        elif known is not None and known[0] == record.number:
            why = "" if record.digest == known[1] else "remade"
        if why:
            return Verdict(count, previous, record.number, why, record.pk)
        previous, count = record.digest, expected
    if known is not None and known[0] > count:
        return Verdict(count, previous, count + 1, "missing")
    outside = ServiceRecord.objects.filter(
        Q(state=RecordState.CONFIRMED), number__isnull=True
    ).first()
    if outside is not None:
        return Verdict(count, previous, count + 1, "outside", outside.pk)
    return Verdict(count, previous)
