"""Where verified pictures lie, and what becomes of those that nobody came to need.

A form that is refused keeps its pictures, so that nobody chooses them twice; whoever
then goes away leaves them behind. So a mark lies beside each until a row names it, and
``sweep`` takes away what is marked and old. Only what is marked is ever deleted.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from common import images

HOLDS = timedelta(days=1)  # a receipt for a picture that is nobody's yet
_SWEPT_AFTER = 2 * HOLDS  # past every receipt


def keep(shelf: str, upload) -> tuple[str, images.Picture]:
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
    return key, picture


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
