"""Where verified pictures lie, and what becomes of those that nobody came to need.

A form that is refused keeps its pictures, so that nobody chooses them twice; whoever
then goes away leaves them behind. So a mark lies beside each until a row names it, and
``sweep`` takes away what is marked and old. Only what is marked is ever deleted.

The JPEG renditions are written when a picture is kept. A WebP one, and one of a width
that came later, is made from the largest when somebody first asks for it; it lies in
the same folder and so goes with the others.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import (
    add_never_cache_headers,
    patch_cache_control,
    patch_vary_headers,
)

from common import images
from common.errors import Refusal

log = logging.getLogger(__name__)

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
    mark(shelf, key)
    for rendition in picture.renditions:
        default_storage.save(
            path(shelf, key, rendition.name), ContentFile(rendition.content)
        )
    return Kept(key, picture.sha256, picture.width, picture.height)


def show(request, shelf: str, key: str, width: int, *, public_for: int = 0):
    """The rendition called ``width``: WebP for a browser that asks for it, JPEG for all
    others, under one address. Caches as ``answer``; raises Http404."""
    if images.WEBP in request.headers.get("Accept", ""):
        name, kind = path(shelf, key, width, images.WEBP), "image/webp"
    else:
        name, kind = path(shelf, key, width), "image/jpeg"
    if not default_storage.exists(name) and not _derive(name, shelf, key, width):
        name, kind = path(shelf, key, width), "image/jpeg"
    response = answer(request, name, public_for=public_for, kind=kind)
    patch_vary_headers(response, ["Accept"])
    return response


def _derive(name: str, shelf: str, key: str, width: int) -> bool:
    """Make the file of this name from the largest rendition; whether it is there now.
    A picture that cannot be made just now is no reason to show none."""
    try:
        with default_storage.open(path(shelf, key, max(images.WIDTHS))) as file:
            content = images.derived(file.read(), width, name.rpartition(".")[2])
        stored = default_storage.save(name, ContentFile(content))
    except (OSError, Refusal) as error:
        log.info("No rendition %s: %s", name, type(error).__name__)
        return False
    if stored != name:  # another process was faster
        default_storage.delete(stored)
    return True


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


def path(shelf: str, key: str, width: int, kind: str = images.JPEG) -> str:
    """Where the rendition called ``width`` lies in the store."""
    return f"{shelf}/{key}/{width}.{kind}"


def mark(shelf: str, key: str) -> None:
    """What is about to be stored under this key is nobody's yet."""
    default_storage.save(_mark(shelf, key), ContentFile(b"-"))


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
            for name in _stored(shelf, key):
                default_storage.delete(name)
            default_storage.delete(f"{shelf}/{key}")  # the empty folder
            swept += 1
        default_storage.delete(_mark(shelf, key))
    return swept


def _stored(shelf: str, key: str) -> list[str]:
    """What lies under a key: in its folder, or one whole file called by it."""
    folder = f"{shelf}/{key}"
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        names = []
    return [*(f"{folder}/{name}" for name in names), whole(shelf, key)]


def whole(shelf: str, key: str) -> str:
    """Where a PDF lies that is kept as it came, under a key of its own."""
    return f"{shelf}/{key}.pdf"


def _mark(shelf: str, key: str) -> str:
    return f"pending/{shelf}/{key}"
