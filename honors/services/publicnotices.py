"""公示: the shortlist shown to everybody, and approved when its days are over and nothing
stands against it.

The tables ask the same (``honors.models.notices``). Lock order: Nominations in the order
of their keys, then PublicNotice; who objects waits for its row.
"""

from collections.abc import Mapping

from django.db import transaction

from common import history, pagecache
from common.errors import Refusal
from honors import errors, notices
from honors.enums import NominationState
from honors.models import AwardEdition, Nomination, Objection, PublicNotice
from honors.services import noticeperiods
from honors.services.nominations import advance, tell_nominee, tell_unit
from members.models import User

RUN = "honors.run_edition"
_S = NominationState


@transaction.atomic
@pagecache.publishes
@history.on_record
def publish(
    *,
    edition: AwardEdition,
    people: set[int],
    facts: Mapping[str, object],
    summaries: Mapping[int, str],
    by: User,
) -> PublicNotice:
    """Put the whole shortlist of an edition up for objections, for as many working days
    as the edition says. ``people`` are the keys of the nominations that ``by`` saw on
    the list; ``facts`` those of ``noticeperiods.FACTS``; ``summaries`` what the table
    says of each.

    Refusal: ``not_from_here``, ``list_moved``, ``own_nomination``, and those of
    ``noticeperiods.put_up``.
    """
    if not by.has_perm(RUN):
        raise Refusal(errors.NOT_FROM_HERE)
    shortlist = list(
        Nomination.objects.filter(edition=edition, state=_S.SHORTLISTED)
        .order_by("pk")
        .select_for_update()
    )
    if shortlist and {nomination.pk for nomination in shortlist} != people:
        raise Refusal(errors.LIST_MOVED)
    notice = PublicNotice(
        edition=edition,
        workdays=edition.notice_days,
        first_day_counts=edition.first_day_counts,
        name_order=edition.name_order,
        **facts,
    )
    notice = noticeperiods.put_up(notice, shortlist, summaries, by)
    for nomination in shortlist:
        shown = advance(nomination=nomination, to=_S.CITY_NOTICE, by=by)
        tell_unit(shown, notices.NOMINATION_NOTICED, by)
        tell_nominee(shown, notices.NOMINEE_NOTICED, by)
    return notice


@transaction.atomic
@history.on_record
def approve(*, notice: PublicNotice, by: User, ground: str = "") -> list[Nomination]:
    """Approve everybody on a notice that is over to whom nobody objects any more;
    ``ground`` is the meeting or document that decided. Those with an open objection stay
    where they are, and are approved another time; so does everybody while an objection
    to the whole list is open. Those that are approved now; nobody, where all are.

    Refusal: ``not_from_here``, ``notice_stopped``, ``notice_not_over``,
    ``objection_open``, ``nobody_to_approve``, ``own_nomination``.
    """
    if not by.has_perm(RUN):
        raise Refusal(errors.NOT_FROM_HERE)
    listed = list(
        Nomination.objects.filter(notice_entries__notice=notice)
        .order_by("pk")
        .select_for_update(of=["self"])
    )
    notice = PublicNotice.objects.select_for_update().get(pk=notice.pk)
    if notice.stopped_at is not None:
        raise Refusal(errors.NOTICE_STOPPED)
    if notice.published_at is None or notice.ends_on >= noticeperiods.today():
        raise Refusal(errors.NOTICE_NOT_OVER)
    waiting = [
        nomination for nomination in listed if nomination.state == _S.CITY_NOTICE
    ]
    if not waiting:
        if any(nomination.state == _S.APPROVED for nomination in listed):
            return []
        raise Refusal(errors.NOBODY_TO_APPROVE)
    opposed = opposed_on(waiting)
    ready = [nomination for nomination in waiting if nomination.pk not in opposed]
    if not ready:
        raise Refusal(errors.OBJECTION_OPEN)
    approved = []
    for nomination in ready:
        done = advance(nomination=nomination, to=_S.APPROVED, by=by, reason=ground)
        tell_unit(done, notices.NOMINATION_APPROVED, by)
        approved.append(done)
    return approved


def opposed_on(nominations: list[Nomination]) -> set[int]:
    """The keys of those of ``nominations`` that an open objection holds up: one to them,
    or to a whole list they stand on, stopped or not. One query."""
    rows = (
        Objection.objects.open()
        .filter(notice__entries__nomination__in=nominations)
        .values_list("nomination", "notice__entries__nomination")
    )
    return {listed for about, listed in rows if about in (None, listed)}
