"""Who is honoured, and in what edition.

Lock order: AwardEdition, Honoree, Nominations in the order of their keys (PublicNotices
by the table's own rules). Who asked (``by``) is kept by the history of the row.
"""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import history, letters, pagecache, picturestore
from common.errors import Refusal
from common.picturestore import Kept
from common.services import after_commit, refusing
from honors import errors, notices, pinyin, strokes
from honors.enums import NominationState
from honors.models import AwardEdition, AwardProgram, Honoree, Nomination
from honors.services import editions, nominations
from members.enums import CertificateKind
from members.models import UnionOrg, User
from members.services import certificates

_GROUND = {
    "honors_honoree_once_an_edition": errors.ALREADY_HONOURED,
    "honors_honoree_certificate_once": errors.CERTIFICATE_TAKEN,
    "honors_honoree_approved": errors.NOT_APPROVED,
    "honors_awardedition_unopposed": errors.OBJECTION_OPEN,
}
LONGEST_DEED = 80
MOST_REPORTS = 10


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_award(
    *, award: AwardProgram | AwardEdition, by: User | None
) -> AwardProgram | AwardEdition:
    """Store an award or one of its editions as filled in; pages show it at once. Whether
    an edition is conferred or announced stays as it is. A new award has the usual
    criteria and papers.

    Refusal: ``day_after_conferral``, for a conferred edition and a day to come;
    ``dates`` that do not go together."""
    if isinstance(award, AwardProgram):
        is_new = award.pk is None
        award.save()
        if is_new:
            editions.give_defaults(award)
        return award
    if grounds := editions.faults(award):
        raise Refusal(*grounds)
    if award.pk:
        stored = AwardEdition.objects.select_for_update().get(pk=award.pk)
        award.conferred_at = stored.conferred_at
        award.conferred_by_id = stored.conferred_by_id
        award.announced_at = stored.announced_at
        if award.conferred_at and _is_to_come(award.conferred_on):
            raise Refusal(errors.DAY_AFTER_CONFERRAL)
    award.save()
    return award


def _is_to_come(day: date | None) -> bool:
    return day is not None and day > timezone.localdate()


@transaction.atomic
@pagecache.publishes
@history.on_record
def confer_edition(*, edition: AwardEdition, by: User | None) -> AwardEdition:
    """Confer an edition: from now on its people are on the wall and have pages. Whoever
    was nominated and approved comes into it, with the name and employer that stood in
    the nomination, and gets a certificate; who is approved later (an objection was
    dismissed) comes by conferring once more. Doing it twice changes nothing else.

    Refusal: ``too_early``, before the day it is dated; ``nobody_to_confer``, where
    people were nominated and none is approved; ``objection_open``,
    ``already_honoured``, and those of ``nominations.advance``.
    """
    edition = AwardEdition.objects.select_for_update().get(pk=edition.pk)
    if edition.conferred_at is None and _is_to_come(edition.conferred_on):
        raise Refusal(errors.TOO_EARLY)
    nominated = Nomination.objects.filter(edition=edition)
    approved = list(
        nominated.filter(state=NominationState.APPROVED)
        .order_by("pk")
        .select_for_update()
    )
    if edition.conferred_at is None and not approved and _is_to_choose(nominated):
        raise Refusal(errors.NOBODY_TO_CONFER)
    for nomination in approved:
        _honour(nomination, edition, by)
    if edition.conferred_at is None:
        edition.conferred_at = timezone.now()
        edition.conferred_by = by
        with refusing(_GROUND):
            edition.save(update_fields=["conferred_at", "conferred_by", "updated_at"])
    return edition


def _is_to_choose(nominated) -> bool:
    """Whether somebody is nominated, of whom nobody has been conferred before."""
    honoured = (NominationState.CONFERRED, NominationState.REVOKED)
    return nominated.exists() and not nominated.filter(state__in=honoured).exists()


def _honour(nomination: Nomination, edition: AwardEdition, by: User) -> None:
    """Copy who was approved into the edition; from then on neither follows the other."""
    honoree = confer(
        edition=edition,
        name=nomination.name,
        employer=nomination.employer,
        by=by,
        position=nomination.position,
        industry=nomination.industry,
        district=_district_of(nomination.unit),
        gender=nomination.gender,
        ethnicity=nomination.ethnicity,
        is_group=nomination.is_group,
        worker=nomination.worker,
        nomination=nomination,
        deed=letters.line(nomination.brief)[:LONGEST_DEED],
        deeds=nomination.deeds,
    )
    nominations.advance(nomination=nomination, to=NominationState.CONFERRED, by=by)
    _certify(honoree, by)
    nominations.tell_nominee(nomination, notices.NOMINEE_CONFERRED, by)


def _district_of(unit: UnionOrg) -> UnionOrg | None:
    """The county or industry union above a union, or itself."""
    return UnionOrg.objects.districts().above(f"{unit.code}-").first()


def _certify(honoree: Honoree, by: User) -> None:
    edition = honoree.edition
    facts = {
        str(_("单位")): honoree.employer,
        str(_("岗位")): honoree.position,
        str(_("授予单位")): edition.awarding_body,
        str(_("文号")): edition.doc_no,
    }
    honoree.certificate = certificates.issue(
        holder=honoree.worker,
        holder_name=honoree.name,
        kind=CertificateKind.HONOUR,
        title=edition.title,
        facts={label: text for label, text in facts.items() if text},
        by=by,
    )
    honoree.cert_no = honoree.certificate.printed_number
    honoree.save(update_fields=["certificate", "cert_no", "updated_at"])


@transaction.atomic
@pagecache.publishes
@history.on_record
def unconfer_edition(*, edition: AwardEdition, by: User | None) -> AwardEdition:
    """Take an edition that was conferred in error off the public pages again. Doing it
    twice changes nothing."""
    edition = AwardEdition.objects.select_for_update().get(pk=edition.pk)
    edition.conferred_at = edition.conferred_by = None
    edition.save(update_fields=["conferred_at", "conferred_by", "updated_at"])
    return edition


@transaction.atomic
@history.on_record
def confer(
    *,
    edition: AwardEdition,
    name: str,
    by: User | None,
    employer: str = "",
    **facts,
) -> Honoree:
    """Put a person or group into an edition; on the wall once that is conferred. Of an
    old honour the name alone is enough.

    ``facts`` are further fields of Honoree (position, industry, deed, deeds, is_group,
    worker …). Name and employer are kept as they were then. Refusal:
    ``already_honoured`` (same name and employer in this edition),
    ``certificate_taken``.
    """
    honoree = Honoree(edition=edition, name=name.strip(), employer=employer, **facts)
    return amend(honoree=honoree, by=by)


@transaction.atomic
@pagecache.publishes
@history.on_record
def amend(*, honoree: Honoree, by: User | None) -> Honoree:
    """Store an honoree as corrected by hand, with the key the wall is ordered by.

    Refusals as ``confer``.
    """
    put_in_order(honoree)
    with refusing(_GROUND):
        honoree.save()
    return honoree


def put_in_order(honoree: Honoree) -> None:
    """Give an unsaved honoree the keys that the wall is ordered by."""
    honoree.sort_key = pinyin.sort_key(honoree.name, is_group=honoree.is_group)
    honoree.stroke_key = strokes.sort_key(honoree.name)[:480]


def keep_portrait(upload) -> Kept:
    """Verify an uploaded portrait and store its renditions under a new random name, so
    that nobody's browser shows an old picture.

    Raises Refusal as ``common.images.read`` does. Nothing shows the files until
    ``set_portrait`` gives them to somebody.
    """
    return picturestore.keep("honors", upload)


@transaction.atomic
@pagecache.publishes
@history.on_record
def set_portrait(
    *, honoree: Honoree, portrait: Kept | None, by: User | None
) -> Honoree:
    """Give an honoree a portrait out of ``keep_portrait``; None takes it away."""
    kept = portrait or Kept("", "", 0, 0)
    honoree.portrait_key = kept.key
    if kept.key:
        after_commit(picturestore.settle, "honors", kept.key)
    honoree.portrait_width, honoree.portrait_height = kept.width, kept.height
    honoree.save(
        update_fields=[
            "portrait_key",
            "portrait_width",
            "portrait_height",
            "updated_at",
        ]
    )
    return honoree


@transaction.atomic
@pagecache.publishes
@history.on_record
def set_reports(*, honoree: Honoree, keys: Collection[int], by: User | None) -> None:
    """Say which articles tell of an honoree: those of ``keys`` and no other. The page
    shows those that the public may read at the moment.

    Refusal: ``report_unknown`` (no article that was published), ``too_many_reports``.
    """
    articles = Honoree.reports.field.related_model.objects
    if len(keys) > MOST_REPORTS:
        raise Refusal(errors.TOO_MANY_REPORTS)
    found = articles.filter(pk__in=keys, live_version__isnull=False)
    if found.count() != len(set(keys)):
        raise Refusal(errors.REPORT_UNKNOWN)
    honoree.reports.set(found)


def forget_portraits() -> int:
    """Delete the portraits of forms that were refused and never came back; how many."""
    return picturestore.sweep(
        "honors", lambda key: Honoree.objects.filter(portrait_key=key).exists()
    )


@transaction.atomic
@pagecache.publishes
@history.on_record
def revoke(*, honoree: Honoree, reason: str, by: User | None) -> Honoree:
    """Take an honour back: it leaves the wall, its page answers 410, its certificate
    says that it is revoked, the row stays.

    Refusal: ``reason_missing``, ``already_revoked``, ``not_from_here`` (``by`` may not
    move the nomination it came from).
    """
    reason = reason.strip()
    honoree = Honoree.objects.select_for_update().get(pk=honoree.pk)
    grounds = []
    if not reason:
        grounds.append(errors.REASON_MISSING)
    if honoree.is_revoked:
        grounds.append(errors.ALREADY_REVOKED)
    if grounds:
        raise Refusal(*grounds)
    honoree.revoked_on = timezone.localdate()
    honoree.revoke_reason = reason
    honoree.save(update_fields=["revoked_on", "revoke_reason", "updated_at"])
    if honoree.nomination:
        nominations.advance(
            nomination=honoree.nomination,
            to=NominationState.REVOKED,
            by=by,
            reason=reason,
        )
    if honoree.certificate and honoree.certificate.revoked_at is None:
        certificates.revoke(certificate=honoree.certificate, reason=reason, by=by)
    return honoree


@transaction.atomic
@pagecache.publishes
@history.on_record
def reinstate(*, honoree: Honoree, by: User | None) -> Honoree:
    """Undo a revocation made in error; the certificate is issued anew, under another
    number. Refusal: ``not_revoked``, ``not_from_here``."""
    honoree = Honoree.objects.select_for_update().get(pk=honoree.pk)
    if not honoree.is_revoked:
        raise Refusal(errors.NOT_REVOKED)
    honoree.revoked_on = None
    honoree.revoke_reason = ""
    honoree.save(update_fields=["revoked_on", "revoke_reason", "updated_at"])
    if honoree.nomination:
        nominations.advance(
            nomination=honoree.nomination, to=NominationState.CONFERRED, by=by
        )
    if honoree.certificate:
        _certify(honoree, by)
    return honoree
