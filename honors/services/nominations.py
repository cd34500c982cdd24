"""A nomination's way, from the unit's draft to the city's eligibility check.

Every verb asks in what capacity somebody acts (``NominationQuerySet.capacities_of``) and
whether ``enums.MOVES`` has the step; ``move`` writes the step, then the state.

Lock order: AwardEdition (only where a unit has a quota), Nomination, PublicNotice.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import history, letters
from common.errors import Reason, Refusal
from common.services import refusing
from common.workdays import end_of_period
from honors import errors, notices
from honors.enums import (
    CORRECTABLE,
    EDITABLE,
    MOVES,
    DocumentKind,
    NominationRole,
    NominationState,
)
from honors.models import (
    BRIEF,
    DEEDS,
    AwardEdition,
    Nomination,
    NominationDocument,
    NominationStep,
)
from honors.services import noticeperiods, papers
from members.models import UnionOrg, User, Worker
from members.noticekinds import Kind
from members.services.notices import notify
from members.services.verification import database_now

_S = NominationState
LINES = ("name", "ethnicity", "employer", "position")
PROSE = ("brief", "deeds")
FACTS = (
    *(*LINES, *PROSE, "is_group", "gender", "industry"),
    *("is_frontline", "is_migrant", "is_head"),
)
LONGEST_REASON = 500
_GROUND = {
    "honors_nomination_one_live": errors.ALREADY_NOMINATED,
    "honors_nominationstep_legal": errors.NOT_FROM_HERE,
    "honors_nominationstep_follows": errors.MOVED_ON,
    "honors_nominationstep_apart": errors.OWN_NOMINATION,
    "honors_nomination_noticed": errors.NOTICE_RUNS,
    "honors_nomination_in_time": errors.NOMINATIONS_CLOSED,
    "honors_nomination_fixed": errors.WORDS_FIXED,
    "honors_nominationstep_unopposed": errors.OBJECTION_OPEN,
    "honors_nominationstep_noticed": errors.NOT_NOTICED,
}


# --- the unit -------------------------------------------------------------------------


@transaction.atomic
@history.on_record
def start_draft(
    *,
    edition: AwardEdition,
    unit: UnionOrg,
    by: User,
    worker: Worker | None = None,
    is_group: bool = False,
) -> Nomination:
    """Begin a nomination of a union that ``by`` nominates for; what the union knows of
    ``worker`` is filled in.

    Refusal: ``nominations_closed``, ``not_your_unit``, ``not_your_worker``,
    ``already_nominated``.
    """
    grounds = []
    if not is_open(edition):
        grounds.append(errors.NOMINATIONS_CLOSED)
    if not Nomination.objects.units_of(by).filter(pk=unit.pk).exists():
        grounds.append(errors.NOT_YOUR_UNIT)
    if worker is not None and not worker.union_org.code.startswith(unit.code):
        grounds.append(errors.NOT_YOUR_WORKER)
    if grounds:
        raise Refusal(*grounds)
    nomination = Nomination(
        edition=edition, unit=unit, is_group=is_group, created_by=by, worker=worker
    )
    if worker is not None:
        nomination.name = worker.name
        nomination.employer = worker.union_org.name.removesuffix("工会")
        nomination.is_frontline = worker.is_frontline
        nomination.is_migrant = worker.is_migrant
    with refusing(_GROUND):
        nomination.save()
    nomination.refresh_from_db()
    return nomination


@transaction.atomic
@history.on_record
def save_draft(
    *, nomination: Nomination, version: int, facts: dict, by: User
) -> Nomination:
    """Keep what the unit typed, finished or not; too long a text too. ``version`` is
    that of the words that were on the page: where somebody else has changed them since,
    nothing is stored and the page shows both.

    Refusal: ``not_from_here``, ``words_fixed``, ``version_moved``.
    """
    kept = _locked(nomination)
    if NominationRole.STEWARD not in _capacities(by, kept):
        raise Refusal(errors.NOT_FROM_HERE)
    if kept.state not in EDITABLE:
        raise Refusal(errors.WORDS_FIXED)
    return _write(kept, version, facts)


@transaction.atomic
@history.on_record
def correct(
    *, nomination: Nomination, version: int, facts: dict, by: User
) -> Nomination:
    """The city corrects words that were wrong. Where they stand in a public notice, its
    days are counted anew, from today on.

    Refusal: ``not_from_here``, ``words_fixed``, ``version_moved``,
    ``holidays_unknown``, and what is ``lacking``.
    """
    kept = _locked(nomination)
    if NominationRole.SECRETARY not in _capacities(by, kept):
        raise Refusal(errors.NOT_FROM_HERE)
    if kept.state not in CORRECTABLE or kept.state in EDITABLE:
        raise Refusal(errors.WORDS_FIXED)
    corrected = _write(kept, version, facts)
    if grounds := lacking_words(corrected):
        raise Refusal(*grounds)
    if corrected.state == _S.CITY_NOTICE and corrected.version != version:
        noticeperiods.count_anew(corrected, by=by)
    return corrected


def _write(kept, version, facts):
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"Not a fact of a nomination: {sorted(unknown)}")
    facts = {name: tidy(name, value) for name, value in facts.items()}
    changed = {name for name, value in facts.items() if getattr(kept, name) != value}
    if changed and kept.version != version:
        raise Refusal(errors.VERSION_MOVED)
    for name in changed:
        setattr(kept, name, facts[name])
    if kept.is_group:
        kept.gender = kept.ethnicity = ""
        kept.is_frontline = kept.is_migrant = kept.is_head = False
    if changed:
        with refusing(_GROUND):
            kept.save()
        kept.refresh_from_db()
    return kept


def tidy(name: str, value):
    """A fact as it is kept: lines and texts in their usual characters."""
    if name in LINES:
        return letters.line(value)
    return letters.prose(value) if name in PROSE else value


def lacking_words(nomination: Nomination) -> list[Reason]:
    """What a nomination lacks of words before it can be shown to the unit: each at its
    field."""
    found = []
    wanted = ["name", "employer", "industry", "brief", "deeds"]
    if not nomination.is_group:
        wanted += ["position", "gender"]
    for name in wanted:
        if not getattr(nomination, name):
            label = Nomination._meta.get_field(name).verbose_name
            text = _("请填写%(label)s。") % {"label": label}
            found.append(Reason("missing", text, field=name))
    for name, most in (("brief", BRIEF), ("deeds", DEEDS)):
        number = letters.count(getattr(nomination, name))
        if number > most:
            found.append(too_long(name, number, most))
    return found


def too_long(name: str, number: int, most: int) -> Reason:
    """The sentence for a text of ``number`` characters where ``most`` are taken."""
    label = Nomination._meta.get_field(name).verbose_name
    text = _("%(label)s已写%(n)d字，超过%(most)d字，请删去%(over)d字。")
    text %= {"label": label, "n": number, "most": most, "over": number - most}
    return Reason("too_long", text, field=name)


@transaction.atomic
@history.on_record
def start_unit_notice(
    *, nomination: Nomination, first: date, place: str, by: User
) -> Nomination:
    """The unit posts the nomination at ``place`` from the day ``first`` on, for as many
    working days as the edition says.

    Refusal: ``not_from_here``, ``nominations_closed``, ``missing``, ``too_long``,
    ``place_missing``, ``notice_past``, ``notice_late`` (it would end after the
    nominations do), ``holidays_unknown``.
    """
    kept = _locked(nomination)
    role = _role(by, kept, _S.UNIT_NOTICE)
    edition, today = kept.edition, timezone.localdate(database_now())
    grounds = lacking_words(kept)
    place = letters.line(place)
    if not _takes(kept):
        grounds.append(errors.NOMINATIONS_CLOSED)
    if not place:
        grounds.append(errors.PLACE_MISSING)
    if first < today:
        grounds.append(errors.NOTICE_PAST)
    if grounds:
        raise Refusal(*grounds)
    last = end_of_period(
        first, edition.unit_notice_days, first_counts=edition.first_day_counts
    )
    if last >= _last_day(kept):
        text = _("公示要到%(day)s结束，来不及在截止前提交。请改早开始日期。")
        text %= {"day": last.isoformat()}
        raise Refusal(Reason("notice_late", text, field="first"))
    kept.unit_notice_from, kept.unit_notice_until = first, last
    kept.unit_notice_place = place[:100]
    kept.unit_notice_digest = kept.content_digest
    return _go(kept, _S.UNIT_NOTICE, by, role)


@transaction.atomic
@history.on_record
def stop_unit_notice(*, nomination: Nomination, by: User, reason: str) -> Nomination:
    """End the unit's notice because its words will change: it begins anew later.

    Refusal: ``not_from_here``, ``reason_missing``.
    """
    kept = _locked(nomination)
    role = _role(by, kept, _S.DRAFT)
    return _go(kept, _S.DRAFT, by, role, reason=_reason(reason))


@transaction.atomic
@history.on_record
def submit(*, nomination: Nomination, by: User) -> Nomination:
    """The unit hands the nomination on, after its notice and with its papers, until the
    moment the nominations end by the database's clock. What was returned may come again
    until the last day of the county's review.

    Refusal: ``not_from_here``, ``nominations_closed``, ``notice_runs``,
    ``notice_other_words``, ``paper_missing``, ``quota_full``.
    """
    edition = nomination.edition
    if edition.unit_quota is not None:
        AwardEdition.objects.select_for_update().get(pk=edition.pk)
    kept = _locked(nomination)
    role = _role(by, kept, _S.UNIT_SUBMITTED)
    grounds = [*lacking_words(kept), *papers.lacking(kept)]
    if not _takes(kept):
        grounds.append(errors.NOMINATIONS_CLOSED)
    today = timezone.localdate(database_now())
    if kept.unit_notice_until is None or kept.unit_notice_until >= today:
        grounds.append(errors.NOTICE_RUNS)
    elif kept.unit_notice_digest != kept.content_digest:
        grounds.append(errors.NOTICE_OTHER_WORDS)
    if edition.unit_quota is not None:
        handed_on = (
            Nomination.objects.submitted()
            .live()
            .filter(edition=edition, unit=kept.unit_id)
            .exclude(pk=kept.pk)
        )
        if handed_on.count() >= edition.unit_quota:
            text = _("本届每个单位最多推荐%(n)d名，您单位已经提交满额。")
            text %= {"n": edition.unit_quota}
            grounds.append(Reason("quota_full", text))
    if grounds:
        raise Refusal(*grounds)
    if kept.submitted_at is None:
        kept.submitted_at = database_now()
    return _go(kept, _S.UNIT_SUBMITTED, by, role)


@transaction.atomic
@history.on_record
def withdraw(*, nomination: Nomination, by: User, reason: str) -> Nomination:
    """Take a nomination back. Refusal: ``not_from_here``, ``reason_missing``."""
    return _decide(nomination, _S.WITHDRAWN, by, reason)


# --- the county or industry union, and the city ---------------------------------------


@transaction.atomic
@history.on_record
def county_accept(
    *,
    nomination: Nomination,
    by: User,
    reason: str = "",
    upload=None,
) -> Nomination:
    """The county or industry union agrees; the city checks next. ``reason`` is its
    opinion, ``upload`` the paper with its seal. Where no such union stands above the
    unit, the city does it.

    Refusal: ``not_from_here``, ``moved_on``, ``other_words``, ``own_nomination``, and
    those of ``papers.attach``.
    """
    kept = _decide(
        nomination, _S.COUNTY_REVIEW, by, reason, needs_reason=False, upload=upload
    )
    tell_unit(kept, notices.NOMINATION_ACCEPTED, by)
    return kept


@transaction.atomic
@history.on_record
def send_back(*, nomination: Nomination, by: User, reason: str) -> Nomination:
    """Return a nomination to its unit, with what is to be mended.

    Refusal: ``not_from_here``, ``reason_missing``, ``own_nomination``.
    """
    kept = _decide(nomination, _S.RETURNED, by, reason)
    tell_unit(kept, notices.NOMINATION_RETURNED, by, reason=_reason(reason))
    return kept


@transaction.atomic
@history.on_record
def reject(*, nomination: Nomination, by: User, reason: str) -> Nomination:
    """End a nomination without an honour. The nominee hears of it too.

    Refusal: ``not_from_here``, ``reason_missing``, ``own_nomination``.
    """
    kept = _decide(nomination, _S.REJECTED, by, reason)
    tell_unit(kept, notices.NOMINATION_REJECTED, by, reason=_reason(reason))
    tell_nominee(kept, notices.NOMINEE_REJECTED, by)
    return kept


@transaction.atomic
@history.on_record
def declare_eligible(
    *,
    nomination: Nomination,
    by: User,
    reason: str = "",
    upload=None,
) -> Nomination:
    """The city finds that everything the edition asks for is there.

    Refusal: ``not_from_here``, ``own_nomination``, ``paper_missing``.
    """
    if grounds := papers.lacking(nomination):
        raise Refusal(*grounds)
    kept = _decide(
        nomination, _S.ELIGIBLE, by, reason, needs_reason=False, upload=upload
    )
    tell_unit(kept, notices.NOMINATION_ELIGIBLE, by)
    tell_nominee(kept, notices.NOMINEE_ELIGIBLE, by)
    return kept


@transaction.atomic
@history.on_record
def advance(
    *,
    nomination: Nomination,
    to: str,
    by: User,
    reason: str = "",
    document: NominationDocument | None = None,
) -> Nomination:
    """One of the later steps of ``MOVES``, for the verbs of jury, notice and conferring,
    which ask first what else must hold.

    Refusal: ``not_from_here``, ``own_nomination``.
    """
    return _decide(nomination, to, by, reason, needs_reason=False, document=document)


def move(
    *,
    nomination: Nomination,
    to: str,
    by: User,
    role: str,
    reason: str = "",
    document: NominationDocument | None = None,
) -> Nomination:
    """Write a step and the state it leads to, inside the caller's transaction, with
    ``nomination`` locked. The table decides whether there is such a step.

    Refusal: ``not_from_here``, ``moved_on``, ``own_nomination``, and those of ``submit``.
    """
    with refusing(_GROUND):
        NominationStep.objects.create(
            nomination=nomination,
            from_state=nomination.state,
            to_state=to,
            role=role,
            by=by,
            reason=reason,
            document=document,
            version=nomination.version,
            content_digest=nomination.content_digest,
        )
        nomination.state = to
        nomination.save()
    nomination.refresh_from_db()
    return nomination


def _go(kept, to, by, role, reason="", document=None):
    return move(
        nomination=kept, to=to, by=by, role=role, reason=reason, document=document
    )


def _decide(
    nomination, to, by, reason, *, needs_reason=True, document=None, upload=None
):
    """Take a step that somebody chose who read ``nomination`` as it is handed over: not
    if it went on, or was written anew, in the meantime."""
    kept = _locked(nomination)
    if kept.state != nomination.state and kept.state != to:
        raise Refusal(errors.MOVED_ON)
    role = _role(by, kept, to)
    if kept.version != nomination.version:
        raise Refusal(errors.OTHER_WORDS)
    if document is not None and document.nomination_id != kept.pk:
        raise Refusal(errors.NOT_FROM_HERE)
    reason = _reason(reason, needs_reason)
    if upload:
        document = papers.attach(
            nomination=kept, upload=upload, by=by, kind=DocumentKind.STEP
        )
    return _go(kept, to, by, role, reason, document)


def _reason(typed: str, is_needed: bool = True) -> str:
    reason = letters.line(typed)
    if is_needed and not reason:
        raise Refusal(errors.DECISION_REASON_MISSING)
    if len(reason) > LONGEST_REASON:
        raise Refusal(errors.REASON_TOO_LONG)
    return reason


def _locked(nomination: Nomination) -> Nomination:
    return Nomination.objects.select_for_update().get(pk=nomination.pk)


def _capacities(by: User, nomination: Nomination) -> set[str]:
    return Nomination.objects.all().capacities_of(by, nomination)


def _role(by, nomination, to) -> str:
    """The capacity in which ``by`` may take this step; the nearest to the unit first."""
    allowed = MOVES.get((nomination.state, to), ())
    mine = _capacities(by, nomination)
    for role in allowed:
        if role in mine and not _is_county_due(nomination, to, role):
            return role
    raise Refusal(errors.NOT_FROM_HERE if allowed else errors.MOVED_ON)


def _is_county_due(nomination, to, role) -> bool:
    """The city answers for a county or industry union only where there is none; ending a
    nomination is the unit's or the city's at any time."""
    if role != NominationRole.SECRETARY or nomination.state != _S.UNIT_SUBMITTED:
        return False
    if to == _S.WITHDRAWN:
        return False
    return has_district(nomination)


def has_district(nomination: Nomination) -> bool:
    """Whether a county or industry union stands above the unit of a nomination."""
    rows = Nomination.objects.filter(pk=nomination.pk).with_district()
    return rows.values_list("has_district", flat=True).get()


# --- time -----------------------------------------------------------------------------


def is_open(edition: AwardEdition) -> bool:
    """Whether nominations are taken at this moment, by the database's clock."""
    return AwardEdition.objects.filter(pk=edition.pk).taking_nominations().exists()


def _takes(nomination: Nomination) -> bool:
    if is_open(nomination.edition):
        return True
    by = nomination.edition.county_review_by
    today = timezone.localdate(database_now())
    return nomination.state == _S.RETURNED and by is not None and today <= by


def _last_day(nomination: Nomination) -> date:
    """A notice has to end before this day."""
    edition = nomination.edition
    closes = timezone.localtime(edition.nominations_close_at)
    # what closes at midnight has had its last day already
    last = (closes - timedelta(microseconds=1)).date()
    if nomination.state == _S.RETURNED and edition.county_review_by:
        last = max(last, edition.county_review_by)
    return last


# --- telling --------------------------------------------------------------------------


def tell_unit(nomination: Nomination, kind: Kind, by: User, reason: str = "") -> None:
    """Tell those of the unit who worked on it."""
    people = set(
        nomination.steps.filter(role=NominationRole.STEWARD).values_list(
            "by", flat=True
        )
    )
    if nomination.created_by_id:
        people.add(nomination.created_by_id)
    notify(
        kind=kind,
        to=dict.fromkeys(people, nomination.pk),
        about=f"nomination:{nomination.pk}",
        facts={
            "name": nomination.name,
            "title": nomination.edition.title,
            "number": nomination.number,
            "reason": reason,
        },
        url_name="honors:nomination-detail",
        but=by,
    )


def tell_nominee(nomination: Nomination, kind: Kind, by: User) -> None:
    """Tell the worker themselves, who reads on the edition's page how it goes on."""
    worker = nomination.worker
    if worker is None or worker.user_id is None:
        return
    notify(
        kind=kind,
        to={worker.user_id: nomination.edition_id},
        about=f"nominee:{nomination.pk}",
        facts={"title": nomination.edition.title, "unit": nomination.unit.name},
        url_name="honors:edition-detail",
        but=by,
    )
