"""Scans and photographs of a nomination: taken in, taken out, what is missing.

A file is read before it is stored: a PDF by its header and end, a picture by decoding it
(``common.images``), whose pixels alone are kept. Nothing of it has a public address.
"""

import hashlib
import secrets
from contextlib import contextmanager

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import filestore, history, images, picturestore
from common.errors import Reason, Refusal
from common.services import after_commit
from honors import errors
from honors.enums import EDITABLE, DocumentFormat, DocumentKind, NominationRole
from honors.models import Nomination, NominationDocument, RequiredDocument
from members.models import User

SHELF = "nominations"
MAX_BYTES = images.MAX_BYTES
MOST_FILES = 30  # of one nomination
_PDF = b"%PDF-"
# where the end stands, past which some programs write a few blank lines
_TAIL = 1024


@transaction.atomic
@history.on_record
def attach(
    *,
    nomination: Nomination,
    upload,
    by: User,
    required: RequiredDocument | None = None,
    kind: str = DocumentKind.OTHER,
) -> NominationDocument:
    """Read an upload and keep it with a nomination: the unit while it may type, whoever
    decides at any time before the end (``kind`` STEP: the paper of their decision).

    Refusal: ``not_from_here``, ``file_empty``, ``file_unknown``, ``file_broken``,
    ``file_large``, ``too_many_files``, and those of ``common.images.read``.
    """
    nomination = Nomination.objects.select_for_update().get(pk=nomination.pk)
    roles = Nomination.objects.all().capacities_of(by, nomination)
    is_unit = NominationRole.STEWARD in roles and nomination.state in EDITABLE
    is_step = kind == DocumentKind.STEP and roles - {NominationRole.STEWARD}
    if not (is_unit or is_step):
        raise Refusal(errors.NOT_FROM_HERE)
    if required is not None and required.program_id != nomination.edition.program_id:
        raise Refusal(errors.NOT_FROM_HERE)
    if nomination.documents.present().count() >= MOST_FILES:
        raise Refusal(errors.TOO_MANY_FILES)
    return keep(
        nomination=nomination, upload=upload, by=by, required=required, kind=kind
    )


def keep(
    *,
    nomination: Nomination,
    upload,
    by: User | None,
    required: RequiredDocument | None = None,
    kind: str = DocumentKind.OTHER,
) -> NominationDocument:
    """Read an upload and keep it, inside the caller's transaction, which has asked who
    may. Refusal: those of the file of ``attach``."""
    form, key, sha256 = _keep(upload)
    return NominationDocument.objects.create(
        nomination=nomination,
        required_document=required,
        kind=required.kind if required else kind,
        format=form,
        name=tidy_name(upload.name, form),
        key=key,
        size=upload.size,
        sha256=sha256,
        uploaded_by=by,
    )


def _keep(upload) -> tuple[str, str, str]:
    if _kind_of(upload) == DocumentFormat.PDF:
        return _keep_pdf(upload)
    with _said_of_files():
        kept = picturestore.keep(SHELF, upload)
    after_commit(picturestore.settle, SHELF, kept.key)
    return DocumentFormat.PICTURE, kept.key, kept.sha256


def _kind_of(upload) -> str:
    if not upload.size:
        raise Refusal(errors.FILE_EMPTY)
    head = upload.read(len(_PDF))
    upload.seek(0)
    return DocumentFormat.PDF if head == _PDF else DocumentFormat.PICTURE


@contextmanager
def _said_of_files():
    """What the pictures' shelf refuses, in the words of papers."""
    try:
        yield
    except Refusal as refusal:
        if "picture_format" in refusal.codes:
            raise Refusal(errors.FILE_UNKNOWN) from refusal
        raise Refusal(*(reason.at("file") for reason in refusal.reasons)) from refusal


def read(upload) -> tuple[str, bytes]:
    """(its format, its bytes) of an upload that is kept somewhere else: a whole PDF as
    it came, of a picture the pixels alone.

    Refusal: as ``attach`` for a file.
    """
    if _kind_of(upload) == DocumentFormat.PDF:
        return DocumentFormat.PDF, _whole_pdf(upload)
    with _said_of_files():
        picture = images.read(upload)
    return DocumentFormat.PICTURE, picture.renditions[-1].content


def _keep_pdf(upload) -> tuple[str, str, str]:
    content = _whole_pdf(upload)
    key = secrets.token_hex(16)
    picturestore.mark(SHELF, key)
    default_storage.save(picturestore.whole(SHELF, key), ContentFile(content))
    after_commit(picturestore.settle, SHELF, key)
    return DocumentFormat.PDF, key, hashlib.sha256(content).hexdigest()


def _whole_pdf(upload) -> bytes:
    if upload.size > MAX_BYTES:
        text = _("文件不能超过%(most)dMB，这个是%(size).1fMB。")
        text %= {"most": MAX_BYTES // 2**20, "size": upload.size / 2**20}
        raise Refusal(Reason("file_large", text, field="file"))
    content = upload.read()
    if b"%%EOF" not in content[-_TAIL:]:
        raise Refusal(errors.FILE_BROKEN)
    return content


def tidy_name(name: str, form: str) -> str:
    """The name of an upload as it may stand in a header and on a disk, with the ending
    of what is served."""
    stem = filestore.stem_of(name) or _("材料")
    ending = "pdf" if form == DocumentFormat.PDF else "jpg"
    return f"{stem}.{ending}"


def file_of(document: NominationDocument) -> tuple[str, str]:
    """(name in the store, its type)."""
    if document.format == DocumentFormat.PDF:
        return picturestore.whole(SHELF, document.key), "application/pdf"
    return picturestore.path(SHELF, document.key, max(images.WIDTHS)), "image/jpeg"


@transaction.atomic
@history.on_record
def remove(*, document: NominationDocument, by: User) -> NominationDocument:
    """Take a paper out of a nomination that the unit may still type in. It opens for
    nobody any more; that it was there stays on record. Twice is once.

    Refusal: ``not_from_here``.
    """
    nomination = Nomination.objects.select_for_update().get(pk=document.nomination_id)
    roles = Nomination.objects.all().capacities_of(by, nomination)
    is_unit = NominationRole.STEWARD in roles and nomination.state in EDITABLE
    if not is_unit or document.kind == DocumentKind.STEP:
        raise Refusal(errors.NOT_FROM_HERE)
    rows = NominationDocument.objects.filter(pk=document.pk, removed_at__isnull=True)
    rows.update(removed_at=Now())
    document.refresh_from_db()
    return document


def forget_papers() -> int:
    """Delete the files of papers that were refused or rolled back; how many."""
    return picturestore.sweep(
        SHELF, lambda key: NominationDocument.objects.filter(key=key).exists()
    )


def asked_of(nomination: Nomination) -> list[RequiredDocument]:
    """The papers this nomination may come with, those of company heads for heads only."""
    asked = nomination.edition.program.documents.all()
    if nomination.is_group or not nomination.is_head:
        asked = asked.filter(is_for_heads=False)
    return list(asked)


def lacking(nomination: Nomination) -> list[Reason]:
    """The papers that are required and not there."""
    there = set(
        nomination.documents.present().values_list("required_document", flat=True)
    )
    return [
        Reason("paper_missing", _("请上传“%(name)s”。") % {"name": asked.name})
        for asked in asked_of(nomination)
        if asked.is_required and asked.pk not in there
    ]
