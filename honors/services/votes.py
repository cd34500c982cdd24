"""The public vote: one ballot a member, by one statement; the anomaly sheet; ballots that
are voided.

While a vote runs, and until the jury's round is signed off, nothing here tells how often
a candidate was named: the counting is ``juryresults.sign_off``'s.

Lock order: AwardEdition, as a foreign key holds it (``models.votes``).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Q
from django.db.models.functions import TruncMinute
from django.utils import timezone
from django.utils.translation import gettext as _

from common import crypto, dates, history, letters
from common.errors import Reason, Refusal
from common.services import refusing
from honors import errors
from honors.enums import NominationState
from honors.models import AwardEdition, JuryRound, Nomination, Vote, VoteVoid
from honors.querysets.jury import candidates
from members.models import User, Worker
from members.services.verification import database_now

BURST_FROM = 10  # ballots in one minute that are looked at at all
BURST_TIMES = 5  # so many times the average minute of this vote
NEW_ACCOUNT = timedelta(days=3)  # opened so shortly before its ballot
SAME_DEVICE_FROM = 4
SHARE_FROM = 30  # per cent of all ballots out of one union
MOST_ROWS = 20  # of one kind on the sheet
LONGEST_REASON = 200

_GROUND = {
    "honors_vote_once": errors.VOTED_ALREADY,
    "honors_vote_by_a_member": errors.VOTE_NOT_MEMBER,
    "honors_vote_candidates": errors.VOTE_CANDIDATES,
}


# --- taking part ----------------------------------------------------------------------


def most_choices(edition: AwardEdition) -> int:
    """How many names a ballot may have: as many as there are places."""
    return max(edition.quota or 1, 1)


def window(edition: AwardEdition, now: datetime) -> Reason | None:
    """Why nobody can vote at this moment, if nobody can."""
    if edition.vote_opens_at is None or edition.announced_at is None:
        return errors.VOTE_NONE
    if now < edition.vote_opens_at:
        text = _("投票%(at)s开始。") % {"at": dates.moment(edition.vote_opens_at)}
        return Reason("vote_not_open", text, lifts_at=edition.vote_opens_at)
    if now >= edition.vote_closes_at:
        return errors.VOTE_CLOSED
    return None


def may_vote(worker: Worker | None) -> Reason | None:
    """Why this person can vote in no vote, if so: a verified member of a union only."""
    if worker is None:
        return errors.VOTE_NOT_VERIFIED
    if not worker.is_member or worker.left_at is not None:
        return errors.VOTE_NOT_MEMBER
    return None


def on_ballot(edition: AwardEdition, worker: Worker) -> list[Nomination]:
    """The candidates in this voter's own order, which is the same each time and tells
    nothing: a keyed fingerprint of edition, voter and candidate, stored nowhere."""
    rows = Nomination.objects.filter(candidates(), edition=edition).defer("deeds")

    def place(candidate):
        return crypto.digest("ballot", f"{edition.pk}:{worker.pk}:{candidate.pk}")

    return sorted(rows, key=place)


def ballot_of(edition: AwardEdition, worker: Worker | None) -> Vote | None:
    if worker is None:
        return None
    return Vote.objects.filter(edition=edition, worker=worker).first()


def chosen(vote: Vote) -> list[Nomination]:
    """Whom a ballot names, wherever they are by now: who left the jury is not told from
    who is on the list. Nobody who withdrew or was revoked."""
    gone = [NominationState.WITHDRAWN, NominationState.REVOKED]
    rows = Nomination.objects.filter(pk__in=vote.choices).exclude(state__in=gone)
    return list(rows.defer("deeds").order_by("pk"))


def check(
    edition: AwardEdition, worker: Worker | None, choices: Sequence[int]
) -> list[Reason]:
    """Every reason why this ballot cannot be cast now, but for what only the table sees
    (``cast``). The last page before casting asks it too."""
    found = [
        reason
        for reason in (window(edition, database_now()), may_vote(worker))
        if reason is not None
    ]
    if found:
        return found
    if ballot_of(edition, worker) is not None:
        return [errors.VOTED_ALREADY]
    most = most_choices(edition)
    if not choices:
        found.append(errors.VOTE_NOBODY)
    elif len(set(choices)) > most:
        text = _("最多选%(most)d位，现在选了%(n)d位，请去掉%(over)d位。")
        text %= {"most": most, "n": len(set(choices)), "over": len(set(choices)) - most}
        found.append(Reason("vote_choices", text, field="choices"))
    known = Nomination.objects.filter(candidates(), edition=edition, pk__in=choices)
    known = known.exclude(worker=worker, worker__isnull=False)
    if choices and known.count() != len(set(choices)):
        found.append(errors.VOTE_CANDIDATES)
    return found


@transaction.atomic
@history.on_record
def cast(
    *,
    edition: AwardEdition,
    worker: Worker | None,
    choices: Sequence[int],
    by: User,
    device: str = "",
) -> Vote:
    """Cast a member's ballot, which then never changes. ``device``: what the portal keeps
    of their log-in (kind and half an address); of it only a keyed fingerprint for this
    edition is kept.

    Refusal: ``vote_none``, ``vote_not_open``, ``vote_closed``, ``vote_not_verified``,
    ``vote_not_member``, ``voted_already``, ``vote_nobody``, ``vote_choices``,
    ``vote_candidates``.
    """
    if grounds := check(edition, worker, choices):
        raise Refusal(*grounds)
    sign = crypto.digest("vote", f"{edition.pk}:{device}") if device else ""
    most = most_choices(edition)
    grounds = _GROUND | {
        # since the look above
        "honors_vote_in_time": errors.VOTE_CLOSED,
        "honors_vote_choices": Reason(
            "vote_choices", _("最多选%(n)d位。") % {"n": most}, field="choices"
        ),
    }
    with refusing(grounds):
        return Vote.objects.create(
            edition=edition,
            worker=worker,
            union_org_id=worker.union_org_id,
            choices=sorted(set(choices)),
            device=sign,
        )


# --- looking for what is not right ----------------------------------------------------


@dataclass(frozen=True)
class Anomaly:
    """Ballots that are worth a look: ``kind`` and ``key`` name the group again when
    somebody voids it; ``voided`` of ``ballots`` are."""

    kind: str
    key: str
    said: str
    ballots: int
    voided: int = 0

    @property
    def is_void(self) -> bool:
        return self.voided == self.ballots


@dataclass(frozen=True)
class Sheet:
    """``ballots``: all, ``voided`` among them; ``by_hour``: how the vote runs;
    ``anomalies``: groups of ballots by what is odd about them. Nothing of it knows whom
    a ballot names."""

    ballots: int
    voided: int
    by_hour: list[tuple[datetime, int]]
    unions: list[Anomaly]
    bursts: list[Anomaly]
    devices: list[Anomaly]
    new_accounts: Anomaly | None


MINUTE, UNION, DEVICE, NEW = "minute", "union", "device", "new"


def _group(votes, kind, key):
    """The ballots of an anomaly; ``key`` as it came from a form. None for no key."""
    try:
        if kind == MINUTE:
            at = datetime.fromisoformat(key)
            return votes.filter(cast_at__gte=at, cast_at__lt=at + timedelta(minutes=1))
        if kind == UNION and len(key) < 19:
            return votes.filter(union_org=int(key))
    except ValueError:
        return votes.none()
    if kind == DEVICE and key:
        return votes.filter(device=key)
    if kind == NEW:
        return votes.filter(_new())
    return votes.none()


def _new() -> Q:
    return Q(cast_at__lt=F("worker__user__created_at") + NEW_ACCOUNT)


def _voided():
    return Count("void")


def sheet(edition: AwardEdition) -> Sheet:
    """The anomaly sheet of a vote, under way or over; ``edition`` has one. Six
    queries."""
    votes = Vote.objects.filter(edition=edition).order_by()
    whole = votes.aggregate(n=Count("pk"), voided=_voided())
    minutes = list(
        votes.annotate(minute=TruncMinute("cast_at"))
        .values_list("minute")
        .annotate(n=Count("pk"), voided=_voided())
    )
    by_hour = Counter()
    for at, n, _void in minutes:
        by_hour[timezone.localtime(at).replace(minute=0)] += n
    return Sheet(
        ballots=whole["n"],
        voided=whole["voided"],
        by_hour=sorted(by_hour.items()),
        bursts=_bursts(edition, minutes),
        unions=_unions(votes, whole["n"]),
        devices=_devices(votes),
        new_accounts=_new_accounts(votes),
    )


def _bursts(edition, minutes) -> list[Anomaly]:
    until = min(database_now(), edition.vote_closes_at)
    lasted = max((until - edition.vote_opens_at) / timedelta(minutes=1), 1)
    average = sum(n for _at, n, _void in minutes) / lasted
    least = max(BURST_FROM, average * BURST_TIMES)
    found = [
        Anomaly(MINUTE, at.isoformat(), dates.moment(at), n, void)
        for at, n, void in sorted(minutes, key=lambda row: -row[1])
        if n >= least
    ]
    return found[:MOST_ROWS]


def _unions(votes, whole) -> list[Anomaly]:
    rows = (
        votes.values_list("union_org", "union_org__name")
        .annotate(n=Count("pk"), voided=_voided())
        .order_by("-n", "union_org")[:MOST_ROWS]
    )
    return [
        Anomaly(
            UNION,
            str(key),
            _("%(name)s，占%(percent)d%%")
            % {"name": name, "percent": 100 * n // whole},
            n,
            void,
        )
        for key, name, n, void in rows
        if 100 * n >= SHARE_FROM * whole
    ]


def _devices(votes) -> list[Anomaly]:
    rows = (
        votes.exclude(device="")
        .values_list("device")
        .annotate(n=Count("pk"), voided=_voided())
        .filter(n__gte=SAME_DEVICE_FROM)
        .order_by("-n", "device")[:MOST_ROWS]
    )
    return [
        Anomaly(
            DEVICE, key, _("同类设备、同一网段（第%(n)d组）") % {"n": place}, n, void
        )
        for place, (key, n, void) in enumerate(rows, start=1)
    ]


def _new_accounts(votes) -> Anomaly | None:
    found = votes.filter(_new()).aggregate(n=Count("pk"), voided=_voided())
    if not found["n"]:
        return None
    said = _("开户不到%(n)d天就投票的账号") % {"n": NEW_ACCOUNT.days}
    return Anomaly(NEW, "", said, found["n"], found["voided"])


@transaction.atomic
@history.on_record
def void(*, edition: AwardEdition, kind: str, key: str, reason: str, by: User) -> int:
    """Void the ballots of an anomaly; how many were not before. Ballots and reason stay
    on record, the minutes say how many.

    Refusal: ``void_reason_missing``, ``void_counted``.
    """
    reason = letters.line(reason)[:LONGEST_REASON]
    grounds = [] if reason else [errors.VOID_REASON_MISSING]
    if JuryRound.objects.filter(edition=edition, signed_off_at__isnull=False).exists():
        grounds.append(errors.VOID_COUNTED)
    if grounds:
        raise Refusal(*grounds)
    votes = _group(Vote.objects.filter(edition=edition), kind, key).valid()
    with refusing({"honors_votevoid_counted": errors.VOID_COUNTED}):
        made = VoteVoid.objects.bulk_create(
            VoteVoid(vote_id=pk, reason=reason, by=by)
            for pk in votes.order_by("pk").values_list("pk", flat=True)
        )
    return len(made)
