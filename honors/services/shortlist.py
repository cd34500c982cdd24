"""From the ranking to the list: who is on it, what it is made of, what was waived, and
the moment at which all nominators hear of it.

Lock order: AwardEdition, Nominations (in the order of their keys), ShortlistWaiver.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import history, letters, pagecache
from common.errors import Reason, Refusal
from honors import composition, errors, notices
from honors.enums import CompositionKind, Gender, NominationRole, NominationState
from honors.models import (
    AwardEdition,
    CompositionRule,
    JuryResult,
    JuryRound,
    Nomination,
    NominationStep,
    ShortlistDecision,
    ShortlistWaiver,
)
from honors.services.nominations import move
from members.models import User
from members.services.notices import notify, prepare_release, release_group

_S = NominationState
LONGEST_REASON = 300


@dataclass(frozen=True)
class Meter:
    """One rule as the page shows it. ``said``: the rule; ``read``: what the list is."""

    reading: composition.Reading
    said: str
    read: str
    is_waived: bool = False
    waiver: ShortlistWaiver | None = None

    @property
    def stops(self) -> bool:
        return self.reading.stops and not self.is_waived


def measure(edition: AwardEdition, picked: Sequence[int]) -> list[Meter]:
    """Every rule of an edition for a list of nominations (by their keys; others than
    those before the jury or on the list are left out), with the waiver that was asked
    for exactly this list. Three queries."""
    rules = list(CompositionRule.objects.filter(edition=edition).order_by("pk"))
    files = list(_listable(edition).filter(pk__in=picked))
    people = [groups_of(file) for file in files if not file.is_group]
    keys = sorted(file.pk for file in files)
    waivers = {
        waiver.rule: waiver
        for waiver in ShortlistWaiver.objects.filter(
            edition=edition, picked=keys
        ).select_related("asked_by", "answered_by")
    }
    readings = composition.read(
        [
            composition.Rule(
                key=rule.pk,
                group=rule.kind,
                bound=rule.bound,
                percent=rule.percent,
                is_hard=rule.is_hard,
            )
            for rule in rules
        ],
        people,
    )
    made = []
    for rule, reading in zip(rules, readings, strict=True):
        waiver = waivers.get(str(rule))
        made.append(
            Meter(
                reading=reading,
                said=str(rule),
                read=_("%(total)d人中%(n)d人，占%(percent)s%%")
                % {
                    "n": reading.count,
                    "total": reading.total,
                    "percent": reading.percent,
                },
                is_waived=waiver is not None and bool(waiver.is_granted),
                waiver=waiver,
            )
        )
    return made


def ranking(edition: AwardEdition) -> list[JuryResult]:
    """The results of an edition in their order, with their nominations. One query."""
    rows = JuryResult.objects.filter(edition=edition)
    return list(
        rows.select_related("nomination__unit").defer(
            "nomination__brief", "nomination__deeds"
        )
    )


def groups_of(nomination: Nomination) -> frozenset[str]:
    """The kinds of people of ``CompositionKind`` that somebody belongs to."""
    belongs = {
        CompositionKind.FRONTLINE: nomination.is_frontline,
        CompositionKind.WOMEN: nomination.gender == Gender.WOMAN,
        CompositionKind.MIGRANT: nomination.is_migrant,
        CompositionKind.HEADS: nomination.is_head,
    }
    return frozenset(kind for kind, holds in belongs.items() if holds)


def _listable(edition):
    return Nomination.objects.filter(
        edition=edition, state__in=[_S.JURY, _S.SHORTLISTED]
    )


def is_in_order(edition: AwardEdition, picked: Sequence[int]) -> bool:
    """Whether nobody is on the list who stands behind somebody who is not. Those of one
    rank may be chosen among freely: the minutes say so."""
    rows = JuryResult.objects.filter(
        edition=edition, nomination__state__in=[_S.JURY, _S.SHORTLISTED]
    ).values_list("nomination", "rank")
    on = [rank for key, rank in rows if key in set(picked)]
    off = [rank for key, rank in rows if key not in set(picked)]
    return not on or not off or max(on) <= min(off)


@transaction.atomic
@pagecache.publishes
@history.on_record
def shortlist(
    *, edition: AwardEdition, picked: Sequence[int], by: User, reason: str = ""
) -> ShortlistDecision:
    """Put these nominations on the list; at most so many as the edition has places.

    Refusal: ``not_signed_off``, ``shortlist_exists``, ``nobody_picked``,
    ``not_before_jury``, ``over_quota``, ``order_reason_missing``, ``composition`` (each
    hard rule that neither holds nor was waived), ``own_nomination``.
    """
    edition = _held(edition)
    picked = sorted(set(picked))
    files = list(
        Nomination.objects.select_for_update()
        .filter(edition=edition, pk__in=picked, state=_S.JURY)
        .order_by("pk")
    )
    reason = letters.line(reason)[:LONGEST_REASON]
    grounds = _counted_wrong(edition, picked, files)
    if not is_in_order(edition, picked) and not reason:
        grounds.append(errors.ORDER_REASON_MISSING)
    meters = measure(edition, picked)
    for meter in meters:
        if meter.stops:
            text = _("不符合“%(rule)s”：%(read)s。请调整名单，或申请豁免。")
            text %= {"rule": meter.said, "read": meter.read}
            grounds.append(Reason("composition", text))
    if grounds:
        raise Refusal(*grounds)
    for nomination in files:
        move(
            nomination=nomination,
            to=_S.SHORTLISTED,
            by=by,
            role=NominationRole.SECRETARY,
        )
    return ShortlistDecision.objects.create(
        edition=edition,
        picked=picked,
        composition=[
            [meter.said, meter.read, meter.reading.is_kept, meter.is_waived]
            for meter in meters
        ],
        reason=reason,
        by=by,
    )


def _held(edition) -> AwardEdition:
    edition = AwardEdition.objects.select_for_update().get(pk=edition.pk)
    if not JuryRound.objects.filter(
        edition=edition, signed_off_at__isnull=False
    ).exists():
        raise Refusal(errors.NOT_SIGNED_OFF)
    return edition


def _counted_wrong(edition, picked, files) -> list[Reason]:
    found = []
    if Nomination.objects.filter(edition=edition, state=_S.SHORTLISTED).exists():
        found.append(errors.SHORTLIST_EXISTS)
    elif not picked:
        found.append(errors.NOBODY_PICKED)
    elif len(files) != len(picked) or JuryResult.objects.filter(
        nomination__in=picked
    ).count() != len(picked):
        found.append(errors.NOT_BEFORE_JURY)
    if edition.quota is not None and len(picked) > edition.quota:
        text = _("本届名额%(n)d名，选了%(m)d名，请减少%(over)d名。")
        text %= {
            "n": edition.quota,
            "m": len(picked),
            "over": len(picked) - edition.quota,
        }
        found.append(Reason("over_quota", text))
    return found


@transaction.atomic
@pagecache.publishes
@history.on_record
def undo_shortlist(*, edition: AwardEdition, by: User, reason: str) -> int:
    """Take everybody off the list again who has not gone on to a notice; how many. The
    decision stays on record.

    Refusal: ``not_signed_off``, ``no_shortlist``, ``reason_missing``.
    """
    edition = _held(edition)
    reason = letters.line(reason)[:LONGEST_REASON]
    if not reason:
        raise Refusal(errors.DECISION_REASON_MISSING)
    files = list(
        Nomination.objects.select_for_update()
        .filter(edition=edition, state=_S.SHORTLISTED)
        .order_by("pk")
    )
    if not files:
        raise Refusal(errors.NO_SHORTLIST)
    for nomination in files:
        move(
            nomination=nomination,
            to=_S.JURY,
            by=by,
            role=NominationRole.SECRETARY,
            reason=reason,
        )
    return len(files)


# --- waivers --------------------------------------------------------------------------


@transaction.atomic
@history.on_record
def ask_waiver(
    *,
    edition: AwardEdition,
    rule: CompositionRule,
    picked: Sequence[int],
    reason: str,
    by: User,
) -> ShortlistWaiver:
    """Ask that a hard rule be waived for exactly this list. Those who may answer hear of
    it, but for who asks.

    Refusal: ``not_signed_off``, ``waiver_reason_missing``, ``waiver_not_needed``,
    ``waiver_pending``.
    """
    edition = _held(edition)
    picked = sorted(set(picked))
    reason = letters.line(reason)[:LONGEST_REASON]
    grounds = [] if reason else [errors.WAIVER_REASON_MISSING]
    meter = next(
        (one for one in measure(edition, picked) if one.reading.rule.key == rule.pk),
        None,
    )
    if meter is None or not meter.stops or not picked:
        grounds.append(errors.WAIVER_NOT_NEEDED)
    elif meter.waiver is not None and meter.waiver.answered_at is None:
        grounds.append(errors.WAIVER_PENDING)
    if grounds:
        raise Refusal(*grounds)
    made = ShortlistWaiver.objects.create(
        edition=edition,
        rule=meter.said,
        reading=meter.read,
        picked=picked,
        asked_by=by,
        reason=reason,
    )
    notify(
        kind=notices.WAIVER_ASKED,
        to=dict.fromkeys(_approvers(), edition.pk),
        facts={
            "title": edition.title,
            "rule": made.rule,
            "reading": made.reading,
            "reason": made.reason,
        },
        key=made.pk,
        about=f"waiver:{made.pk}",
        url_name="admin:honors_awardedition_shortlist",
        but=by,
    )
    return made


def _approvers() -> list[int]:
    right = Permission.objects.filter(
        codename="approve_waiver", content_type__app_label="honors"
    )
    users = User.objects.filter(is_active=True, is_staff=True)
    has = Q(groups__permissions__in=right) | Q(user_permissions__in=right)
    return list(users.filter(has).distinct().values_list("pk", flat=True))


@transaction.atomic
@history.on_record
def answer_waiver(
    *, waiver: ShortlistWaiver, is_granted: bool, answer: str, by: User
) -> ShortlistWaiver:
    """Grant or refuse a waiver that somebody else asked for.

    Refusal: ``waiver_no_right``, ``waiver_own``, ``waiver_answered``,
    ``waiver_answer_missing``.
    """
    kept = (
        ShortlistWaiver.objects.select_for_update(of=("self",))
        .select_related("edition")
        .get(pk=waiver.pk)
    )
    answer = letters.line(answer)[:LONGEST_REASON]
    grounds = []
    if not by.has_perm("honors.approve_waiver"):
        grounds.append(errors.WAIVER_NO_RIGHT)
    if kept.asked_by_id == by.pk:
        grounds.append(errors.WAIVER_OWN)
    if kept.answered_at is not None:
        grounds.append(errors.WAIVER_ANSWERED)
    if not answer:
        grounds.append(errors.WAIVER_ANSWER_MISSING)
    if grounds:
        raise Refusal(*grounds)
    kept.is_granted, kept.answer, kept.answered_by = is_granted, answer, by
    kept.answered_at = Now()
    kept.save()
    kept.refresh_from_db()
    notify(
        kind=notices.WAIVER_ANSWERED,
        to={kept.asked_by_id: kept.edition_id},
        facts={
            "title": kept.edition.title,
            "rule": kept.rule,
            "state": _("已同意") if is_granted else _("未获同意"),
            "answer": answer,
        },
        key=kept.pk,
        about=f"waiver:{kept.pk}",
        url_name="admin:honors_awardedition_shortlist",
        but=by,
    )
    return kept


# --- telling --------------------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
@history.on_record
def release_results(*, edition: AwardEdition, by: User) -> int:
    """Tell all nominators at one moment who is on the list and who is not; how many were
    told. Whoever is not on it is out of this edition from now on.

    Refusal: ``not_signed_off``, ``no_shortlist``.
    """
    edition = _held(edition)
    files = list(
        Nomination.objects.select_for_update(of=("self",))
        .filter(edition=edition, jury_result__isnull=False)
        .order_by("pk")
    )
    listed = ShortlistDecision.objects.filter(edition=edition).last()
    on = [
        file for file in files if file.state not in (_S.JURY, _S.REJECTED, _S.WITHDRAWN)
    ]
    if listed is None or not on:
        raise Refusal(errors.NO_SHORTLIST)
    release = prepare_release(title=edition.title, by=by)
    told = 0
    for file in on:
        told += _tell(file, edition, notices.SHORTLISTED, release, by)
    for file in files:
        if file.state == _S.JURY:
            move(
                nomination=file,
                to=_S.REJECTED,
                by=by,
                role=NominationRole.SECRETARY,
                reason=_("评审后未进入拟推荐名单"),
            )
            told += _tell(file, edition, notices.NOT_SHORTLISTED, release, by)
    release_group(release=release, by=by)
    return told


def hold_back(nominations: Sequence[Nomination]) -> None:
    """Set on each ``is_untold``: it is on a list of which the nominators have not been
    told, and reads like any other before the jury. One query, where there is one."""
    listed = {one.edition_id for one in nominations if one.state == _S.SHORTLISTED}
    untold = set()
    if listed:
        # telling ends all that are not on the list
        rest = Nomination.objects.filter(edition__in=listed, state=_S.JURY)
        untold = set(rest.values_list("edition", flat=True))
    for one in nominations:
        one.is_untold = one.state == _S.SHORTLISTED and one.edition_id in untold


def _tell(file, edition, kind, release, by) -> int:
    people = set(
        NominationStep.objects.filter(
            nomination=file, role=NominationRole.STEWARD
        ).values_list("by", flat=True)
    )
    if file.created_by_id:
        people.add(file.created_by_id)
    return notify(
        kind=kind,
        to=dict.fromkeys(people, file.pk),
        facts={"name": file.name, "title": edition.title, "number": file.number},
        key=f"{kind.name}:{file.pk}",
        about=f"nomination:{file.pk}",
        url_name="honors:nomination-detail",
        but=by,
        release=release,
    )
