"""How many were served, confirmed by the host through a link that only they have: it
needs no log-in, shows this service's figures and nothing else, ends by itself and is
used once. The link itself is kept nowhere.

Lock order: ServiceEvent, then Countersign.
"""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from common import crypto, history, pagecache
from common.errors import Refusal
from members.models import User
from signups.services.standing import database_now
from volunteers import errors
from volunteers.enums import CountersignState
from volunteers.models import Countersign, ServiceEvent
from volunteers.services.events import check_runs, lock_event

HOLDS = timedelta(days=14)
MOST_SERVED = 1_000_000


@transaction.atomic
@history.on_record
def ask(
    *,
    event: ServiceEvent,
    people: int,
    person_times: int,
    host: str,
    by: User | None,
) -> tuple[Countersign, str]:
    """Write down how many were served, and make the link by which ``host`` confirms it:
    (the row, the link's token). A link made before is good for nothing any more.

    Refusal: ``not_run_by``, ``called_off``, ``event_not_over``, ``figures_wrong``,
    ``signed_already``.
    """
    event = lock_event(event)
    check_runs(by, event.team)
    row = Countersign.objects.select_for_update().filter(event=event).first()
    grounds = []
    if event.called_off_at is not None:
        grounds.append(errors.EVENT_OFF)
    elif database_now() < event.ends_at:
        grounds.append(errors.EVENT_NOT_OVER)
    if row is not None and row.state == CountersignState.SIGNED:
        grounds.append(errors.SIGNED_ALREADY)
    if not 1 <= people <= person_times <= MOST_SERVED:
        grounds.append(errors.FIGURES_WRONG)
    if grounds:
        raise Refusal(*grounds)
    token = secrets.token_urlsafe(32)
    row = row or Countersign(event=event)
    row.people, row.person_times, row.host = people, person_times, host.strip()
    row.state, row.signer, row.remark = CountersignState.WAITING, "", ""
    row.answered_at, row.link_digest = None, _digest(token)
    row.asked_by, row.asked_at = by, Now()
    row.expires_at = database_now() + HOLDS
    row.save()
    return row, token


def find(token: str) -> Countersign | None:
    """What this link is for, while it can be used: not answered, not expired."""
    return (
        Countersign.objects.filter(
            link_digest=_digest(token),
            state=CountersignState.WAITING,
            expires_at__gt=Now(),
        )
        .select_related("event__team")
        .first()
    )


@transaction.atomic
@pagecache.publishes
@history.on_record
def answer(
    *, token: str, signer: str, agrees: bool, remark: str, by: User | None = None
) -> Countersign:
    """The host confirms the figures, or says what is wrong. The link is used up by it.

    Refusal: ``link_gone`` (answered, expired, replaced, never there),
    ``signer_missing``, ``remark_missing``.
    """
    row = (
        Countersign.objects.select_for_update(of=("self",))
        .filter(
            link_digest=_digest(token),
            state=CountersignState.WAITING,
            expires_at__gt=Now(),
        )
        .first()
    )
    if row is None:
        raise Refusal(errors.LINK_GONE)
    signer, remark = signer.strip(), remark.strip()
    grounds = []
    if not signer:
        grounds.append(errors.SIGNER_MISSING)
    if not agrees and not remark:
        grounds.append(errors.REMARK_MISSING)
    if grounds:
        raise Refusal(*grounds)
    row.state = CountersignState.SIGNED if agrees else CountersignState.DISPUTED
    row.signer, row.remark, row.answered_at = signer, remark, Now()
    row.save()
    row.refresh_from_db()
    return row


def _digest(token: str) -> str:
    return crypto.digest("countersign", token)
