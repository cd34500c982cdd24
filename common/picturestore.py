"""Where verified pictures lie, and what becomes of those that nobody came to need.

A form that is refused keeps its pictures, so that nobody chooses them twice; whoever
then goes away leaves them behind. So a mark lies beside each until a row names it, and
``sweep`` takes away what is marked and old. Only what is marked is ever deleted.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control

from common import images

HOLDS = timedelta(days=1)  # a receipt for a picture that is nobody's yet
_SWEPT_AFTER = 2 * HOLDS  # past every receipt


@dataclass(frozen=True)
class Kept:
    """A verified picture in the store, which may be nobody's yet: the name of its
    folder, the SHA-256 of the uploaded file, the size of its largest rendition."""

    key: str
    sha256: str
    width: int
    height: int


def keep(shelf: str, upload) -> Kept:
    """Verify an upload and store its renditions under a new random key.

    Raises Refusal as ``common.images.read`` does. Files never change once written.
    """
    picture = images.read(upload)
    key = secrets.token_hex(16)
    default_storage.save(_mark(shelf, key), ContentFile(b"-"))
    for rendition in picture.renditions:
        default_storage.save(
            path(shelf, key, rendition.name), ContentFile(rendition.content)
        )
    return Kept(key, picture.sha256, picture.width, picture.height)


def answer(request, name: str, *, public_for: int = 0, kind="image/jpeg"):
    """The file of this name, for everybody's caches for so many seconds, or for none;
    not again for who has it, for files never change. Raises Http404."""
    etag = f'"{name}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        try:
            with default_storage.open(name) as file:
                response = HttpResponse(file.read(), content_type=kind)
        except FileNotFoundError as error:
            raise Http404 from error
    response["ETag"] = etag
    if public_for:
        patch_cache_control(response, public=True, max_age=public_for)
    else:
        add_never_cache_headers(response)
    return response


def path(shelf: str, key: str, width: int) -> str:
    """Where the rendition called ``width`` lies in the store."""
    return f"{shelf}/{key}/{width}.jpg"


def settle(shelf: str, *keys: str) -> None:
    """Rows name these pictures: they stay. To be called once those rows are committed."""
    for key in keys:
        default_storage.delete(_mark(shelf, key))


def sweep(shelf: str, is_named: Callable[[str], bool]) -> int:
    """Delete the marked pictures older than two days that no row names; how many."""
    try:
        names = default_storage.listdir(f"pending/{shelf}")[1]
    except FileNotFoundError:
        return 0
    swept = 0
    for key in names:
        made = default_storage.get_modified_time(_mark(shelf, key))
        if timezone.now() - made < _SWEPT_AFTER:
            continue
        if not is_named(key):
            for width in images.WIDTHS:
                default_storage.delete(path(shelf, key, width))
            default_storage.delete(f"{shelf}/{key}")  # the empty folder
            swept += 1
        default_storage.delete(_mark(shelf, key))
    return swept


def _mark(shelf: str, key: str) -> str:
    return f"pending/{shelf}/{key}"
