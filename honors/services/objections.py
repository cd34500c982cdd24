"""What somebody has against a list or a person on it: taken with a receipt, dealt with in
confidence, decided.

Who objects and what they say is sealed in one text, as are notes and outcome; nothing of
it stands in a history, a list, a notice to anybody or a log. Every look into a docket is
on record (``look``). Lock order: Nomination, Objection, PublicNotice (the table's rule).
"""

import base64
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import audit, crypto, dates, history, letters
from common.enums import AuditVerb
from common.errors import Reason, Refusal
from common.services import refusing
from honors import errors, notices
from honors.enums import (
    ENDED,
    DocumentFormat,
    NominationState,
    ObjectionKind,
    ObjectionSource,
    ObjectionState,
)
from honors.models import (
    LONGEST_OBJECTION,
    Nomination,
    Objection,
    ObjectionFile,
    ObjectionNote,
    PublicNotice,
)
from honors.services import noticeperiods, papers
from honors.services.nominations import reject
from members import certificatenumbers
from members.models import User
from members.services.notices import notify

HANDLE = "honors.handle_objection"
MOST_FILES = 3  # beside the paper with the seal
LONGEST = {"name": 30, "unit": 100, "phone": 30}
_S, _O = NominationState, ObjectionState


@dataclass(frozen=True)
class Opened:
    """A docket as who deals with it reads it. ``said``: name, unit, phone, text."""

    said: dict[str, str]
    outcome: str
    notes: list[tuple[ObjectionNote, str]]


@transaction.atomic
@history.on_record
def object_to(
    *,
    notice: PublicNotice,
    sent_as: uuid.UUID,
    kind: str,
    name: str,
    phone: str,
    text: str,
    unit: str = "",
    nomination: Nomination | None = None,
    seal=None,
    files: Sequence = (),
    by: User | None = None,
    source: str = ObjectionSource.ONLINE,
    postmarked_on: date | None = None,
) -> Objection:
    """Take an objection, signed by a person or by a unit with its seal, against somebody
    on a notice or (``nomination`` None) the list. Online and by visit while the notice
    runs by the database's clock; by letter, if its postmark is of these days. ``seal``
    and ``files`` are uploads. ``sent_as`` is of the form: the same one twice is one
    objection. Who came by letter or in person is entered ``by`` who deals with
    objections, and nobody is noted as the sender of what came online.

    Refusal, each at its field: ``notice_not_running``, ``notice_over``,
    ``postmark_missing``, ``postmark_outside``, ``signer_missing``, ``phone_missing``,
    ``signing_unit_missing``, ``seal_missing``, ``objection_empty``, ``too_long``,
    ``not_on_list``, ``too_many_files`` and those of ``papers.read``.
    """
    if source != ObjectionSource.ONLINE and not (by and by.has_perm(HANDLE)):
        raise Refusal(errors.NOT_FROM_HERE)
    _lock(nomination)
    notice = PublicNotice.objects.select_for_update().get(pk=notice.pk)
    if known := Objection.objects.filter(sent_as=sent_as).first():
        return known
    said = {
        "name": letters.line(name),
        "unit": letters.line(unit),
        "phone": letters.western(phone).strip(),
        "text": letters.prose(text),
    }
    grounds = [
        *_unsigned(said, kind, source, seal),
        *_too_late(notice, source, postmarked_on),
    ]
    if (
        nomination is not None
        and not notice.entries.filter(nomination=nomination).exists()
    ):
        grounds.append(errors.NOT_ON_LIST)
    if len(files) > MOST_FILES:
        text = _("最多上传%(n)d份材料。") % {"n": MOST_FILES}
        grounds.append(Reason("too_many_files", text, field="files"))
    if grounds:
        raise Refusal(*grounds)
    receipt = certificatenumbers.draw()
    ground = {
        "honors_objection_while_noticed": errors.NOTICE_NOT_RUNNING,
        "honors_objection_in_time": _over(notice, source),
    }
    with refusing(ground):
        objection = Objection.objects.create(
            notice=notice,
            nomination=nomination,
            receipt=receipt,
            receipt_check=_check(receipt, said["phone"]),
            sent_as=sent_as,
            kind=kind,
            source=source,
            postmarked_on=postmarked_on,
            sealed=crypto.seal(json.dumps(said, ensure_ascii=False)),
            entered_by=None if source == ObjectionSource.ONLINE else by,
        )
    uploads = [(seal, True)] if seal else []
    for upload, is_seal in [*uploads, *((upload, False) for upload in files)]:
        _keep(objection, upload, is_seal)
    _tell_handlers(objection, by)
    return objection


def _lock(nomination) -> None:
    """Before the notice: the objection's row will lead there, and who approves has it
    already while they wait for the notice."""
    if nomination is not None:
        Nomination.objects.select_for_update().get(pk=nomination.pk)


def _unsigned(said, kind, source, seal) -> list[Reason]:
    found = []
    if not said["name"]:
        found.append(errors.SIGNER_MISSING)
    # a letter may bear none; the receipt's other half is then 0000
    is_letter = source == ObjectionSource.LETTER and not said["phone"]
    if not is_letter and not 7 <= len(_digits(said["phone"])) <= 20:
        found.append(errors.PHONE_MISSING)
    if kind == ObjectionKind.UNIT:
        if not said["unit"]:
            found.append(errors.SIGNING_UNIT_MISSING)
        if not seal:
            found.append(errors.SEAL_MISSING)
    if not said["text"]:
        found.append(errors.OBJECTION_EMPTY)
    for field, most in (LONGEST | {"text": LONGEST_OBJECTION}).items():
        if len(said[field]) > most:
            text = _("已写%(n)d字，最多%(most)d字。")
            text %= {"n": len(said[field]), "most": most}
            found.append(Reason("too_long", text, field=field))
    return found


def _too_late(notice, source, postmarked_on) -> list[Reason]:
    """What the calendar says; the table says it again."""
    today = noticeperiods.today()
    is_letter = source == ObjectionSource.LETTER
    if is_letter and postmarked_on is None:
        return [errors.POSTMARK_MISSING]
    day = postmarked_on if is_letter else today
    is_up = notice.published_at is not None and notice.stopped_at is None
    if (
        is_up
        and is_letter
        and not notice.starts_on <= day <= min(notice.ends_on, today)
    ):
        return [errors.POSTMARK_OUTSIDE]
    if not is_up or day < notice.starts_on:
        return [errors.NOTICE_NOT_RUNNING]
    return [_over(notice, source)] if day > notice.ends_on else []


def _over(notice, source) -> Reason:
    if source == ObjectionSource.LETTER:
        return errors.POSTMARK_OUTSIDE
    text = _("公示期已于%(day)s结束。") % {"day": dates.day(notice.ends_on)}
    return Reason("notice_over", text)


def _digits(phone: str) -> str:
    return "".join(char for char in phone if char.isdigit())


def _check(receipt: str, phone: str) -> str:
    last4 = _digits(phone)[-4:].rjust(4, "0")
    return crypto.digest("objection", f"{receipt}:{last4}")


def _keep(objection, upload, is_seal) -> None:
    try:
        form, content = papers.read(upload)
    except Refusal as refusal:
        field = "seal" if is_seal else "files"
        raise Refusal(*(reason.at(field) for reason in refusal.reasons)) from refusal
    ObjectionFile.objects.create(
        objection=objection,
        is_seal=is_seal,
        format=form,
        size=len(content),
        sealed=crypto.seal(base64.b64encode(content).decode()),
    )


def _tell_handlers(objection, by) -> None:
    """Those who may open this docket, of what notice it is and no more."""
    right = Permission.objects.filter(
        codename="handle_objection", content_type__app_label="honors"
    )
    has = Q(groups__permissions__in=right) | Q(user_permissions__in=right)
    handlers = User.objects.filter(has, is_active=True, is_staff=True).distinct()
    able = [user.pk for user in handlers if _is_theirs(objection, user)]
    notify(
        kind=notices.OBJECTION_RECEIVED,
        to=dict.fromkeys(able, objection.pk),
        key=objection.pk,
        about=f"objection:{objection.pk}",
        facts={"title": objection.notice.title},
        url_name="admin:honors_objection_work",
        but=by,
    )


def state_of(*, receipt: str, last4: str) -> Objection:
    """How far the objection of a receipt is, for who has its number and the last four
    digits of the phone that was given with it. Which of both was wrong is not said.

    Refusal: ``receipt_unknown``.
    """
    number = certificatenumbers.typed(receipt)
    check = _check(number, letters.western(last4))
    rows = Objection.objects.filter(receipt=number, receipt_check=check)
    objection = rows.select_related("notice").first()
    if objection is None or len(_digits(letters.western(last4))) != 4:
        raise Refusal(errors.RECEIPT_UNKNOWN)
    return objection


# --- the docket -----------------------------------------------------------------------


@transaction.atomic
@history.on_record
def look(*, objection: Objection, by: User) -> Opened:
    """Open a docket, which leaves an audit event. Refusal: ``not_your_docket``."""
    _may(objection, by)
    audit.record(AuditVerb.VIEW_OBJECTION, by=by, of=objection)
    notes = objection.notes.select_related("by").order_by("pk")
    return Opened(
        said=json.loads(crypto.unseal(objection.sealed)),
        outcome=crypto.unseal(objection.outcome) if objection.outcome else "",
        notes=[(note, crypto.unseal(note.sealed)) for note in notes],
    )


@transaction.atomic
@history.on_record
def open_file(*, file: ObjectionFile, by: User) -> tuple[bytes, str]:
    """(content, its type) of a paper of a docket; leaves an audit event. Refusal:
    ``not_your_docket``."""
    _may(file.objection, by)
    audit.record(AuditVerb.VIEW_OBJECTION, by=by, of=file)
    is_pdf = file.format == DocumentFormat.PDF
    content = base64.b64decode(crypto.unseal(file.sealed))
    return content, "application/pdf" if is_pdf else "image/jpeg"


@transaction.atomic
@history.on_record
def investigate(
    *, objection: Objection, by: User, nomination: Nomination | None = None
) -> Objection:
    """Begin to look into an objection; ``nomination`` says whom it is about, where that
    was not said. Twice is once.

    Refusal: ``not_your_docket``, ``docket_moved``, ``not_on_list``.
    """
    _lock(nomination)
    kept = _taken(objection, by)
    if kept.state == _O.INVESTIGATING:
        return kept
    if kept.state != _O.RECEIVED:
        raise Refusal(errors.DOCKET_MOVED)
    _name(kept, nomination)
    kept.state = _O.INVESTIGATING
    kept.save(update_fields=["state", "nomination"])
    return kept


@transaction.atomic
@history.on_record
def note(*, objection: Objection, text: str, by: User) -> ObjectionNote:
    """Keep what an investigation did or found, for good. Refusal: ``not_your_docket``,
    ``docket_moved`` (not under investigation), ``note_missing``, ``too_long``."""
    kept = _taken(objection, by)
    if kept.state != _O.INVESTIGATING:
        raise Refusal(errors.DOCKET_MOVED)
    text = _written(text, errors.NOTE_MISSING)
    return ObjectionNote.objects.create(objection=kept, sealed=crypto.seal(text), by=by)


@transaction.atomic
@history.on_record
def dismiss(*, objection: Objection, outcome: str, by: User) -> Objection:
    """Find that an objection does not hold, and why. Refusal: ``not_your_docket``,
    ``docket_moved``, ``outcome_missing``, ``too_long``."""
    kept = _taken(objection, by)
    return _decide(kept, _O.DISMISSED, outcome, by)


@transaction.atomic
@history.on_record
def uphold(
    *,
    objection: Objection,
    outcome: str,
    by: User,
    nomination: Nomination | None = None,
) -> Objection:
    """Find that an objection holds: who it is about is nominated no more. Their unit
    hears that, and nothing of who objected or why.

    Refusal: ``not_your_docket``, ``docket_moved``, ``outcome_missing``, ``too_long``,
    ``who_missing``, ``not_on_list``, ``still_conferred`` (revoke the honour first),
    ``not_from_here`` and ``own_nomination``, as of ``nominations.reject``.
    """
    about = nomination.pk if nomination else objection.nomination_id
    if about is None:
        raise Refusal(errors.WHO_MISSING)
    person = Nomination.objects.select_for_update().get(pk=about)
    kept = _taken(objection, by)
    _name(kept, person)
    if person.state == _S.CONFERRED:
        raise Refusal(errors.STILL_CONFERRED)
    kept = _decide(kept, _O.UPHELD, outcome, by)
    if person.state not in (*ENDED, _S.REVOKED):
        reject(nomination=person, by=by, reason=_("公示期间收到异议，经调查属实。"))
    return kept


def _may(objection, by) -> None:
    if not _is_theirs(objection, by):
        raise Refusal(errors.NOT_YOUR_DOCKET)


def _is_theirs(objection, user) -> bool:
    return Objection.objects.filter(pk=objection.pk).readable_by(user).exists()


def _taken(objection, by) -> Objection:
    _may(objection, by)
    return Objection.objects.select_for_update().get(pk=objection.pk)


def _name(kept, nomination) -> None:
    """Say whom it is about, if that changes anything."""
    if nomination is None:
        return
    if not kept.notice.entries.filter(nomination=nomination).exists():
        raise Refusal(errors.NOT_ON_LIST)
    kept.nomination = nomination


def _decide(kept, state, outcome, by) -> Objection:
    if kept.state != _O.INVESTIGATING:
        raise Refusal(errors.DOCKET_MOVED)
    kept.outcome = crypto.seal(_written(outcome, errors.OUTCOME_MISSING))
    kept.state, kept.decided_at, kept.decided_by = state, Now(), by
    kept.save(
        update_fields=["state", "nomination", "outcome", "decided_at", "decided_by"]
    )
    kept.refresh_from_db()
    return kept


def _written(typed, missing) -> str:
    text = letters.prose(typed)
    if not text:
        raise Refusal(missing)
    if len(text) > LONGEST_OBJECTION:
        said = _("最多%(most)d字。") % {"most": LONGEST_OBJECTION}
        raise Refusal(Reason("too_long", said, field="text"))
    return text
