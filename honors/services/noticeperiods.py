"""The periods of public notices: a list put in order, published, and counted anew when
what it says changes.

Who is put on a list, and in what state they then are, is ``publicnotices``'. Lock order:
Nominations, then PublicNotice.
"""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import history, letters, pagecache
from common.errors import Reason, Refusal
from common.services import refusing
from common.workdays import end_of_period
from honors import errors, strokes
from honors.enums import NameOrder, NominationState
from honors.models import LONGEST_SUMMARY, Nomination, NoticeEntry, PublicNotice
from members.models import User
from members.services.verification import database_now

# what the office writes itself; the rest is the edition's
LINES = ("title", "phone", "email", "address", "office")
FACTS = (*LINES, "lead", "starts_on")
_GROUND = {
    "honors_publicnotice_begins_in_time": errors.START_PAST,
    "honors_publicnotice_up_to_date": errors.LIST_MOVED,
    "honors_publicnotice_of_somebody": errors.NOBODY_SHORTLISTED,
}


def today() -> date:
    """The day in Shanghai, by the database's clock."""
    return timezone.localdate(database_now())


def summary_of(nomination: Nomination) -> str:
    """What the table says of somebody where nobody wrote it: the first sentences of the
    brief deeds that have room, or what has of the first."""
    text = letters.line(nomination.brief)
    fitting = text[:LONGEST_SUMMARY]
    end = max(fitting.rfind(mark) for mark in "。；")
    if len(text) <= LONGEST_SUMMARY or end < 0:
        return fitting
    return fitting[: end + 1]


def put_up(
    notice: PublicNotice,
    people: list[Nomination],
    summaries: Mapping[int, str],
    by: User,
) -> PublicNotice:
    """Store an unsaved notice with its list in its order, and publish it, inside the
    caller's transaction. ``summaries``: of whom somebody wrote one, by the nomination's
    key.

    Refusal: ``missing`` and ``too_long`` at their fields, ``start_past``,
    ``holidays_unknown``, ``list_moved``, ``nobody_shortlisted``.
    """
    grounds = _faults(notice)
    written = {}
    for person in people:
        typed = letters.line(summaries.get(person.pk, summary_of(person)))
        written[person.pk] = typed
        if not typed or len(typed) > LONGEST_SUMMARY:
            text = _("请为%(name)s填写简要事迹，不超过%(most)d字。")
            text %= {"name": person.name, "most": LONGEST_SUMMARY}
            grounds.append(Reason("summary", text, field=f"summary-{person.pk}"))
    if not people:
        grounds.append(errors.NOBODY_SHORTLISTED)
    if grounds:
        raise Refusal(*grounds)
    notice.ends_on = end_of_period(
        notice.starts_on, notice.workdays, first_counts=notice.first_day_counts
    )
    with refusing(_GROUND):
        notice.save()
        for number, person in enumerate(in_order(people, notice.name_order), start=1):
            NoticeEntry.objects.create(
                notice=notice,
                nomination=person,
                number=number,
                name=person.name,
                employer=person.employer,
                position=person.position,
                summary=written[person.pk],
                brief=person.brief,
                content_digest=person.content_digest,
            )
        notice.published_at, notice.published_by = database_now(), by
        notice.save()
    notice.refresh_from_db()
    return notice


def in_order(people: list, name_order: str) -> list:
    """People (anything with a ``name``) by the strokes of their names."""
    single_first = name_order == NameOrder.SURNAME
    return sorted(
        people,
        key=lambda person: (
            strokes.sort_key(person.name, single_first=single_first),
            person.pk,
        ),
    )


def _faults(notice: PublicNotice) -> list[Reason]:
    """What is missing or too long; the texts are tidied on the way."""
    found = []
    for name in FACTS:
        if name == "starts_on":
            continue
        tidy = letters.line if name in LINES else letters.prose
        value = tidy(getattr(notice, name))
        setattr(notice, name, value)
        column = PublicNotice._meta.get_field(name)
        words = {"label": column.verbose_name, "most": column.max_length}
        if not value and not column.blank:
            text = _("请填写%(label)s。") % words
            found.append(Reason("missing", text, field=name))
        elif len(value) > column.max_length:
            text = _("%(label)s最多%(most)d字。") % words
            found.append(Reason("too_long", text, field=name))
    if notice.starts_on < today():
        found.append(errors.START_PAST)
    return found


@transaction.atomic
@pagecache.publishes
@history.on_record
def restart(
    *,
    notice: PublicNotice,
    reason: str,
    by: User,
    facts: Mapping[str, object] | None = None,
    summaries: Mapping[int, str] | None = None,
) -> PublicNotice:
    """Stop a published notice and put up the same list again, of whom is still on it:
    from today on unless ``facts`` (some of ``FACTS``) say another day. What was objected
    to stays objected to. A notice that is stopped already gives the one after it.

    Refusal: ``not_from_here``, ``reason_missing``, ``notice_stopped`` (of nobody any
    more), and those of ``put_up``.
    """
    if not by.has_perm("honors.run_edition"):
        raise Refusal(errors.NOT_FROM_HERE)
    reason = letters.line(reason)[:200]
    if not reason:
        raise Refusal(errors.DECISION_REASON_MISSING)
    on_it = Nomination.objects.filter(
        notice_entries__notice=notice, state=NominationState.CITY_NOTICE
    )
    people = list(on_it.order_by("pk").select_for_update(of=["self"]))
    notice = PublicNotice.objects.select_for_update().get(pk=notice.pk)
    if notice.published_at is None:
        raise Refusal(errors.NOT_FROM_HERE)
    if notice.stopped_at is not None:
        return PublicNotice.objects.get(restarts=notice)
    notice.stopped_at, notice.stop_reason = database_now(), reason
    notice.save(update_fields=["stopped_at", "stop_reason", "updated_at"])
    kept = {
        entry.nomination_id: entry.summary
        for entry in notice.entries.select_related("nomination")
        if entry.brief == entry.nomination.brief
    }
    again = PublicNotice(
        edition_id=notice.edition_id,
        restarts=notice,
        workdays=notice.workdays,
        first_day_counts=notice.first_day_counts,
        name_order=notice.name_order,
        **{name: getattr(notice, name) for name in FACTS if name != "starts_on"},
        starts_on=today(),
    )
    for name, value in (facts or {}).items():
        if name not in FACTS:
            raise TypeError(f"Not a fact of a notice: {name}")
        setattr(again, name, value)
    return put_up(again, people, kept | dict(summaries or {}), by)


def count_anew(nomination: Nomination, *, by: User) -> PublicNotice:
    """The words of somebody on a notice have changed: it begins again, unless somebody
    else just saw to that with these words. ``nomination`` is locked by the caller."""
    reason = _("公示内容有更正，重新公示。")
    while True:
        notice = (
            PublicNotice.objects.published()
            .standing()
            .filter(entries__nomination=nomination)
            .order_by("-pk")
            .first()
        )
        again = restart(notice=notice, reason=reason, by=by)
        if again.entries.filter(
            nomination=nomination, content_digest=nomination.content_digest
        ).exists():
            return again
