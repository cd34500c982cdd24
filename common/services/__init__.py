"""Verbs of the floor: sealing the audit, finding out whether it was touched, turns
of those who save one form, a table's refusal in words."""

import base64
import csv
import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import history
from common.errors import Busy, Reason, Refusal
from common.holidays import Notice
from common.models import AuditEvent, AuditSeal, Holiday

REST = timedelta(minutes=10)  # events younger than this wait for the next seal

# How long an event knows where it came from: what the Cybersecurity Law asks for. The
# database's function has the same number, so that nobody can ask it for less.
ADDRESSES_KEPT = timedelta(days=183)

# Whoever is being forgotten loses ``by_label`` (see ``audit.forget``): it is left out.
_SEALED = [
    "pk", "at", "verb", "by_id", "of_model", "of_key", "outcome", "reason",
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


def after_commit(act: Callable, *args, **kwargs) -> None:
    """Do this once the transaction under way has committed, at once outside of one. What
    goes wrong in it is logged and nothing more: what was committed stands, and its person
    is told so. (A ``partial`` has no name that Django's log could print; a database that
    went away in this moment became a 500 for who already had the seat.)"""

    def call():
        act(*args, **kwargs)

    call.__qualname__ = act.__qualname__
    transaction.on_commit(call, robust=True)


@contextmanager
def refusing(grounds: Mapping[str, Reason]):
    """Let a table's own no become a Refusal: ``grounds`` has a reason for each of its
    constraints that two who ask at once can meet. Any other error stays an error."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(error.__cause__.diag, "constraint_name", "")
        if name not in grounds:
            raise
        raise Refusal(grounds[name]) from error


@contextmanager
def in_turn(what: str):
    """A transaction in which nobody else is in theirs for ``what``. Begins before any
    other lock is asked for, so nobody waits for it who holds one. Raises Busy."""
    with transaction.atomic():
        wait_turn(what)
        yield


def wait_turn(what: str) -> None:
    """``in_turn`` from here to the end of the caller's transaction: for a lock that
    comes after others. Raises Busy."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what]
            )
    except OperationalError as error:
        text = _("同一内容正有人在保存，请稍后再保存一次。")
        raise Busy(Reason("busy", text)) from error


@transaction.atomic
def seal_audit() -> AuditSeal | None:
    """Seal the events since the last seal; None when there are none old enough.

    An event bears the time at which its transaction began, so no event of before the
    oldest transaction under way can appear any more: up to there is sealed. May run at
    any time and concurrently with itself.
    """
    wait_turn("seal audit")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT LEAST(now() - %s, min(xact_start)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'",
            [REST],
        )
        (until,) = cursor.fetchone()
    last = AuditSeal.objects.last()
    sums = _reckon(last, until)
    if not sums.events:
        return None
    return AuditSeal.objects.create(
        number=last.number + 1 if last else 1,
        until=until,
        events=sums.events,
        addresses=sums.addresses,
        digest=sums.digest(last, sums.addresses),
    )


def check_audit(*, known: tuple[int, str] | None = None) -> AuditCheck:
    """Reckon every seal again from the events that are there now.

    ``known`` is the number and digest of a seal as kept outside the database (``tick``
    prints and logs them): it finds a chain that was cut off at its end or made again.

    Addresses are compared as long as none of their seal's may have been blanked.
    """
    blank = timezone.now() - ADDRESSES_KEPT
    found, before = AuditCheck(), None
    for seal in AuditSeal.objects.order_by("number"):
        expected = before.number + 1 if before else 1
        found.missing += range(expected, seal.number)
        sums = _reckon(before, seal.until)
        is_known = known is None or known[0] != seal.number or known[1] == seal.digest
        whole = (sums.events, sums.digest(before, seal.addresses))
        may_be_blank = sums.first is None or sums.first < blank
        if (
            whole != (seal.events, seal.digest)
            or not (may_be_blank or sums.addresses == seal.addresses)
            or not is_known
        ):
            found.touched.append(seal.number)
        found.seals += 1
        found.events += sums.events
        before = seal
    if known is not None and known[0] > (before.number if before else 0):
        found.missing.append(known[0])
    later = AuditEvent.objects.all()
    if before:
        later = later.filter(at__gte=before.until)
    found.unsealed = later.count()
    return found


def forget_addresses() -> int:
    """Blank the addresses of events older than ``ADDRESSES_KEPT``; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT common_forget_addresses()")
        return cursor.fetchone()[0]


@dataclass
class _Sums:
    """What is reckoned over the events between two seals."""

    events: int
    first: datetime | None  # when the oldest of them was
    lines: str
    addresses: str

    def digest(self, last: AuditSeal | None, addresses: str) -> str:
        """The digest that a seal after ``last`` bears, with these sums of addresses."""
        before = last.digest if last else ""
        return _written(
            hashlib.sha256(f"{before} {addresses} {self.lines}".encode()).digest()
        )


def _reckon(last: AuditSeal | None, until) -> _Sums:
    """The sums over the events between a seal and a moment."""
    count, first = 0, None
    lines, addresses = hashlib.sha256(), hashlib.sha256()
    events = AuditEvent.objects.between(last and last.until, until)
    rows = events.values_list("address", *_SEALED)
    for address, key, at, *values in rows.iterator(chunk_size=2000):
        line = [key, at.astimezone(UTC).isoformat(), *values]
        lines.update(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        addresses.update(f"{key} {address}\n".encode())
        first = at if first is None else min(first, at)
        count += 1
    return _Sums(count, first, _written(lines.digest()), _written(addresses.digest()))


def _written(digest: bytes) -> str:
    # base32 has no digit 1: no mask of the logs takes part of it for a mobile number
    return base64.b32encode(digest).decode().rstrip("=").lower()


# --- holidays -------------------------------------------------------------------------

_HOLIDAYS = Path(__file__).parents[1] / "data" / "holidays.csv"


def load_holidays() -> int:
    """Put the days of the file that comes with the portal into the table; how many were
    new. A day that is there stays as it is, whoever wrote it."""
    with _HOLIDAYS.open(encoding="utf-8", newline="") as file:
        rows = [
            Holiday(**row | {"works": row["works"] == "1"})
            for row in csv.DictReader(file)
        ]
    before = Holiday.objects.count()
    Holiday.objects.bulk_create(rows, ignore_conflicts=True)
    return Holiday.objects.count() - before


@transaction.atomic
@history.on_record
def save_notice(*, notice: Notice, title: str, by) -> int:
    """Store the days of an official notice as it was read; how many. Days that are there
    already become what it says.

    Refusal: ``festivals_missing``, for a year that is not known yet and a notice that
    does not name every festival.
    """
    if notice.missing and not Holiday.objects.of_notice(notice.year):
        text = _("没有读到%(names)s，请粘贴通知的全文。")
        text = text % {"names": "、".join(notice.missing)}
        raise Refusal(Reason("festivals_missing", text, field="text"))
    for day in notice.days:
        facts = {"works": day.works, "name": day.name, "notice": title}
        facts["entered_by"] = by
        Holiday.objects.update_or_create(
            date=day.date, defaults=facts | {"notice_year": notice.year}
        )
    return len(notice.days)


@transaction.atomic
@history.on_record
def save_holiday(*, holiday: Holiday, by) -> Holiday:
    """Store one day as filled in by hand."""
    holiday.entered_by = by
    holiday.save()
    return holiday
