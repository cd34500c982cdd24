"""Where files lie that are handed on as they are, as ``picturestore`` is for pictures:
kept before a row names them, swept away when none comes to."""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from common import filekinds, letters, numerals, picturestore
from common.errors import Reason, Refusal
from common.filekinds import KINDS

HOLDS = picturestore.HOLDS
_LARGEST = max(kind.most for kind in KINDS.values())
_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


@dataclass(frozen=True)
class Kept:
    """A checked file in the store, which may be nobody's yet: its random name there, the
    SHA-256 and size in bytes of what is stored, a name of ``filekinds.KINDS``, and what
    it was called."""

    key: str
    sha256: str
    size: int
    kind: str
    name: str = ""


def keep(shelf: str, upload) -> Kept:
    """Check an upload and store it under a new random key.

    Refusal: as ``filekinds.read``. Files never change once written.
    """
    if upload.size > _LARGEST:
        text = _("文件不能超过%(most)dMB，这个是%(size).1fMB")
        words = {"most": _LARGEST // 2**20, "size": upload.size / 2**20}
        raise Refusal(Reason("file_large", text % words, field="file"))
    kind, content = filekinds.read(upload.read())
    key = secrets.token_hex(16)
    picturestore.mark(shelf, key)
    default_storage.save(path(shelf, key, kind.name), ContentFile(content))
    digest = hashlib.sha256(content).hexdigest()
    return Kept(key, digest, len(content), kind.name, stem_of(upload.name))


def stem_of(name: str) -> str:
    """The name of an upload without its ending, fit for a header and a disk."""
    line = letters.line(name or "")
    stem = line.rpartition(".")[0] or line
    try:
        return get_valid_filename(stem)[:80]
    except SuspiciousFileOperation:  # of nothing but punctuation
        return ""


def path(shelf: str, key: str, kind: str) -> str:
    return f"{shelf}/{key}/file.{kind}"


def answer(request, shelf: str, file, *, name: str, is_shown=False, public_for=0):
    """The bytes of ``file`` (``Kept`` or a row like it) under ``name``; a stretch of
    them for who asks for one (``Range``). ``is_shown``: played in a page, not saved.
    Caches as ``picturestore.answer``; raises Http404."""
    etag = f'"{file.key}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = _stretch(request, path(shelf, file.key, file.kind), file.size, etag)
        response["Content-Type"] = KINDS[file.kind].mime
        response["Accept-Ranges"] = "bytes"
        response["Content-Disposition"] = content_disposition_header(not is_shown, name)
        if not is_shown:
            response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = etag
    if public_for:
        patch_cache_control(response, public=True, max_age=public_for)
    else:
        add_never_cache_headers(response)
    return response


def _stretch(request, stored: str, size: int, etag: str) -> HttpResponse:
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if request.headers.get("If-Range", etag) != etag:
        asked = None
    start, end = 0, size - 1
    if asked and any(asked.groups()):
        first, last = asked.groups()
        if first:
            start, end = int(first), min(int(last or end), end)
        else:
            start = max(size - int(last), 0)
        if start > end:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
            return response
    else:
        asked = None
    try:
        with default_storage.open(stored) as file:
            file.seek(start)
            response = HttpResponse(file.read(end - start + 1))
    except FileNotFoundError as error:
        raise Http404 from error
    if asked:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response


def settle(shelf: str, *keys: str) -> None:
    """Rows name these files: they stay. To be called once those rows are committed."""
    picturestore.settle(shelf, *keys)


def sweep(shelf: str, is_named: Callable[[str], bool]) -> int:
    """Delete the marked files older than two days that no row names; how many."""
    return picturestore.sweep(shelf, is_named)


def size_in_words(size: int) -> str:
    """1.2MB, 340KB: as a reader weighs a download."""
    if size >= 2**20:
        return f"{numerals.megabytes(size)}MB"
    return f"{max(1, round(size / 1024))}KB"
