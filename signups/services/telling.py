"""Telling those concerned what became of what they asked for. Each runs in the
transaction of what it tells."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.postgres.functions import TransactionNow
from django.utils.translation import gettext as _

from common import dates
from members.models import User
from members.noticekinds import Kind
from members.services.notices import drop_texts, notify
from signups import notices
from signups.enums import DrawOutcome, SignupStatus
from signups.models import (
    Appeal,
    ConductPoint,
    Draw,
    DrawChoice,
    DrawEntry,
    Occasion,
    Offering,
    Signup,
)
from signups.services.standing import database_now

_LEADS = "signups:signup-detail"


def about(offering_id: int) -> str:
    return f"offering:{offering_id}"


def _tell(kind: Kind, signups, *, offering: Offering, key, facts=None, **more):
    """Tell the accounts behind these signups, and lead each to its own: a worker's
    account to the signup, whoever booked a union's block to what it is for. Nobody else
    can be told. How many were."""
    workers, blocks = {}, {}
    rows = signups.values_list("pk", "worker", "worker__user", "asked_by")
    for pk, worker, user, asked_by in rows:
        if user is not None:
            workers[user] = pk
        elif worker is None and asked_by is not None:
            blocks[asked_by] = offering.url_arg
    told = 0
    for to, url_name in ((workers, _LEADS), (blocks, offering.url_name)):
        told += notify(
            kind=kind,
            to=to,
            key=key,
            about=more.get("about", about(offering.pk)),
            facts={"title": offering.title, **(facts or {})},
            url_name=url_name,
            **{name: value for name, value in more.items() if name != "about"},
        )
    return told


def _first(offering: Offering) -> str:
    if offering.starts_at is None:
        return ""
    return _("开始时间：%(at)s。") % {"at": dates.start(offering.starts_at)}


# --- one signup -----------------------------------------------------------------------


def promoted(*, signup_id: int) -> int:
    """A waiter has a seat, or one that has to be accepted."""
    row = Signup.objects.filter(pk=signup_id)
    signup = row.select_related("offering").get()
    facts = {"first": _first(signup.offering)}
    more = {"good_until": signup.offering.starts_at}
    kind = notices.PROMOTED
    if signup.status == SignupStatus.OFFERED:
        kind = notices.OFFERED
        facts["until"] = dates.moment(signup.offer_until)
        more = {"good_until": signup.offer_until, "happens_at": signup.offer_until}
    return _tell(
        kind,
        row,
        offering=signup.offering,
        key=signup.pk,
        facts=facts,
        **more,
    )


def lapsed(*, offering_id: int) -> int:
    """Offers of this transaction that were not accepted in time."""
    gone = Signup.objects.filter(
        offering=offering_id,
        status=SignupStatus.LAPSED,
        ended_at=TransactionNow(),
    )
    told = 0
    for signup in gone.select_related("offering"):
        told += _tell(
            notices.LAPSED,
            Signup.objects.filter(pk=signup.pk),
            offering=signup.offering,
            key=signup.pk,
        )
    return told


def signed_up(*, signup: Signup, but: User) -> int:
    """Somebody else has signed a worker up."""
    offering = Offering.objects.get(pk=signup.offering_id)
    return _tell(
        notices.SIGNED_UP,
        Signup.objects.filter(pk=signup.pk),
        offering=offering,
        key=signup.pk,
        facts={
            "state": SignupStatus(signup.status).label,
            "first": _first(offering),
        },
        but=but,
    )


def cancelled(*, signup: Signup, but: User, reason: str) -> int:
    """Staff have cancelled a signup."""
    return _tell(
        notices.CANCELLED,
        Signup.objects.filter(pk=signup.pk),
        offering=signup.offering,
        key=signup.pk,
        facts={"reason": reason},
        but=but,
        happens_at=_coming(signup.offering),
    )


def changed_by_themselves(*, user: User, offering_id: int, kinds=()) -> None:
    """Who gives a seat back, or takes the one offered, need not be told any more."""
    drop_texts(users=[user.pk], about=about(offering_id), kinds=kinds)


# --- a draw ---------------------------------------------------------------------------


def drawn(*, draw: Draw, but: User | None) -> int:
    """The results of a draw, to all who entered, in the transaction that releases them."""
    told = 0
    entries = DrawEntry.objects.filter(draw=draw, worker__user__isnull=False)
    won = DrawChoice.objects.filter(outcome=DrawOutcome.WON)
    for offering in draw.offerings.order_by("pk"):
        winners = Signup.objects.filter(
            draw_choice__in=won.filter(entry__draw=draw), offering=offering
        )
        seated = winners.filter(status=SignupStatus.SEATED)
        kept = {
            "offering": offering,
            "key": draw.pk,
            "facts": {"first": _first(offering)},
        }
        told += _tell(notices.DRAWN, seated, **kept, good_until=offering.starts_at)
        held = winners.filter(status=SignupStatus.WAITING)
        told += _tell(notices.DRAWN_BUT, held, **kept)
    losers = entries.exclude(choices__in=won).values_list("worker__user", flat=True)
    return told + notify(
        kind=notices.NOT_DRAWN,
        to=dict.fromkeys(losers, draw.pk),
        key=draw.pk,
        about=f"draw:{draw.pk}",
        facts={"title": draw.title},
        url_name="signups:draw-detail",
    )


def points(*, point: ConductPoint, total: int, block: int) -> int:
    """A worker was given points. ``total`` counts now, ``block`` suspends sign-up."""
    said = _("您现有%(total)d分") % {"total": total}
    if block:
        said += _("，满%(block)d分暂停报名") % {"block": block}
    return _tell_of_point(
        notices.POINTS,
        point,
        key=f"{point.pk}:{point.happened_at.timestamp():.0f}",
        facts={
            "points": point.weight,
            "cause": point.get_cause_display(),
            "until": dates.moment(point.expires_at),
            "total": _("%(said)s。") % {"said": said},
        },
    )


def points_lifted(*, point: ConductPoint, answer: str, but: User | None) -> int:
    """A point does not count any more."""
    return _tell_of_point(
        notices.POINTS_LIFTED,
        point,
        key=f"{point.pk}:{point.lifted_at.timestamp():.0f}",
        facts={"why": point.get_lifted_as_display(), "answer": answer},
        but=but,
    )


def appeal_refused(*, appeal: Appeal, but: User) -> int:
    return _tell_of_point(
        notices.APPEAL_REFUSED,
        appeal.point,
        key=appeal.pk,
        facts={"answer": appeal.answer},
        but=but,
    )


def _tell_of_point(kind, point, *, key, facts, but=None):
    user = point.worker.user_id
    if user is None:
        return 0
    return notify(
        kind=kind,
        to={user: None},
        key=key,
        about=f"point:{point.pk}",
        facts={"title": point.signup.offering.title, **facts},
        url_name="signups:conduct",
        but=but,
    )


# --- everybody ------------------------------------------------------------------------


def _everybody(offering: Offering):
    return Signup.objects.filter(offering=offering).current()


def called_off(*, offering: Offering, but: User | None) -> int:
    """Those whose signups this transaction has ended because it was called off."""
    ended = Signup.objects.filter(
        offering=offering,
        status=SignupStatus.CALLED_OFF,
        ended_at=TransactionNow(),
    )
    return _tell(
        notices.UNOPENED if offering.is_unopened else notices.CALLED_OFF,
        ended,
        offering=offering,
        key=offering.pk,
        facts={"reason": offering.withdrawn_reason},
        but=but,
        happens_at=_coming(offering),
    )


def moved(
    *,
    occasion: Occasion,
    was: tuple[datetime, str],
    offering: Offering,
    but: User | None,
) -> int:
    """One occasion is at another time or place; ``was``: its start and place before."""
    started, place = was
    is_elsewhen = started != occasion.starts_at
    return _tell(
        notices.MOVED if is_elsewhen else notices.ELSEWHERE,
        _everybody(offering),
        offering=offering,
        key=f"{occasion.pk}:{occasion.moves}",
        about=f"{about(offering.pk)}/occasion:{occasion.pk}",
        facts={
            "old": f"{dates.start(started)}{place}",
            "new": f"{dates.start(occasion.starts_at)}{occasion.place}",
            "place": occasion.place,
            "started": dates.start(started),
            "starts": dates.start(occasion.starts_at),
        },
        but=but,
        happens_at=min(started, occasion.starts_at),
    )


def rescheduled(
    *, offering: Offering, occasions: Sequence[Occasion], but: User | None
) -> int:
    """Several occasions have changed at once: one notice for all of them."""
    first = sorted(occasions, key=lambda occasion: occasion.starts_at)
    return _tell(
        notices.RESCHEDULED,
        _everybody(offering),
        offering=offering,
        key=f"{offering.pk}:{_changes(offering)}",
        facts={"n": len(first), "starts": dates.start(first[0].starts_at)},
        but=but,
        happens_at=first[0].starts_at,
    )


def occasion_cancelled(
    *, occasion: Occasion, offering: Offering, but: User | None, reason: str = ""
) -> int:
    """One occasion does not take place, and why, where it is known."""
    return _tell(
        notices.OCCASION_CANCELLED,
        _everybody(offering),
        offering=offering,
        key=occasion.pk,
        about=f"{about(offering.pk)}/occasion:{occasion.pk}",
        facts={
            "old": dates.start(occasion.starts_at),
            "why": _("原因：%(reason)s") % {"reason": reason} if reason else "",
        },
        but=but,
        happens_at=occasion.starts_at,
    )


def message(*, offering: Offering, text: str, but: User | None) -> int:
    """What whoever runs it wrote to all; the same words are one event."""
    mark = hashlib.sha256(text.encode()).hexdigest()[:16]
    return _tell(
        notices.MESSAGE,
        _everybody(offering),
        offering=offering,
        key=f"{offering.pk}:{mark}",
        facts={"text": text},
        but=but,
        happens_at=_coming(offering),
    )


def _changes(offering: Offering) -> int:
    """A number that grows with every change of an offering's times."""
    moves = Occasion.objects.filter(offering=offering).values_list("moves", flat=True)
    return sum(moves) + len(moves)


def _coming(offering: Offering) -> datetime | None:
    """The next time that somebody would come in vain."""
    coming = Occasion.objects.taking_place().filter(
        offering=offering, starts_at__gt=TransactionNow()
    )
    return coming.values_list("starts_at", flat=True).first()


def to_come(occasions: Iterable[Occasion]) -> list[Occasion]:
    """Those that are not over: nobody is told of what is."""
    now = database_now()
    return [occasion for occasion in occasions if occasion.ends_at > now]
