"""Uploaded pictures: checked, turned upright, stripped of what they carry, re-made.

Nothing of an uploaded file is ever served: what the portal shows are JPEG and WebP
renditions written here from the pixels alone, so no metadata, no trailing bytes and no second
format inside the file survive. Limits are checked from the header before a pixel is
decoded (``common.pixels``). A process decodes one picture at a time: what one may take
in memory is bounded, so that is what all of them take.
"""

import ctypes
import hashlib
import io
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import gettext as _
from PIL import Image

from common import numerals, pixels
from common.errors import Reason, Refusal

ACCEPT = "image/jpeg,image/png,image/webp,image/gif"  # for a form's box for a file
MAX_BYTES = 10 * 1024 * 1024
WIDTHS = (240, 480, 960, 1600)  # pixels; a smaller picture is never blown up
QUALITY = 82
WEBP = "webp"  # the other kind, for every browser of these years: two thirds the bytes
JPEG = "jpg"
_WEBP_QUALITY = 76
MARK_SIDE = 480  # pixels of an emblem or badge; shown at 120 at most, on dense screens
TURN_SECONDS = 15  # how long an upload waits for another to be done

_turn = threading.Lock()
_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # there with glibc only


@dataclass(frozen=True)
class Rendition:
    """One JPEG: the width that names it, its true size in pixels, its bytes."""

    name: int
    width: int
    height: int
    content: bytes


@dataclass(frozen=True)
class Picture:
    """A verified upload: SHA-256 of the uploaded bytes, size of the largest rendition."""

    sha256: str
    width: int
    height: int
    renditions: tuple[Rendition, ...]


@dataclass(frozen=True)
class Mark:
    """A verified emblem, badge or code picture: a PNG that keeps what is transparent."""

    width: int
    height: int
    content: bytes


def read(upload) -> Picture:
    """Verify an uploaded file and make its JPEG renditions.

    ``upload`` is a Django ``UploadedFile`` (``size``, ``read``). Name and declared type
    are ignored: the content decides. Raises Refusal for anything that is not a whole
    JPEG, PNG, WebP or GIF picture (of which the first frame is taken) of at most 10 MB
    that can be decoded in bounded memory, and when other pictures keep the process
    busy for more than ``TURN_SECONDS``.
    """
    with _alone():
        content = _content(upload)
        largest = pixels.plain(content, max(WIDTHS))
        renditions = tuple(_rendition(largest, name) for name in WIDTHS)
    return Picture(
        sha256=hashlib.sha256(content).hexdigest(),
        width=renditions[-1].width,
        height=renditions[-1].height,
        renditions=renditions,
    )


def read_mark(upload) -> Mark:
    """Verify an emblem, badge or code picture and make one PNG of at most 480 × 480.

    Nothing is blown up, nothing becomes white paper. Raises Refusal as ``read`` does.
    """
    with _alone():
        image = pixels.with_transparency(_content(upload), MARK_SIDE)
        out = io.BytesIO()
        image.save(out, "PNG", optimize=True)
    return Mark(*image.size, out.getvalue())


@contextmanager
def _alone():
    """No other picture is decoded in this process meanwhile. Refusal after a while."""
    if not _turn.acquire(timeout=TURN_SECONDS):
        text = _("正在处理其他照片，请稍后再上传一次")
        raise Refusal(Reason("picture_busy", text))
    try:
        yield
    finally:
        _give_back()
        _turn.release()


def _give_back() -> None:
    """Freed memory goes back to the system. The C library would keep some of it for
    each thread that ever decoded a picture, so that four took twice as much as one."""
    if _trim is not None:
        _trim(0)


def _content(upload) -> bytes:
    if upload.size > MAX_BYTES:
        size = numerals.megabytes(upload.size)
        text = _("照片不能超过10MB，这张是%(size)sMB") % {"size": size}
        raise Refusal(Reason("picture_too_heavy", text))
    upload.seek(0)
    return upload.read()


def sizes(width: int, height: int) -> list[tuple[int, int, int]]:
    """(name, width, height) of each rendition of a picture whose largest is given."""
    return [(name, *_fit(width, height, name)) for name in WIDTHS]


def _fit(width: int, height: int, limit: int) -> tuple[int, int]:
    if width <= limit:
        return width, height
    return limit, max(1, round(height * limit / width))


def srcset(address: Callable[[int], str], width: int, height: int) -> str:
    """The ``srcset`` of a picture whose largest rendition has this size, where
    ``address(name)`` is that of the rendition called ``name``."""
    seen = {}
    for name, wide, _high in sizes(width, height):
        seen.setdefault(wide, f"{address(name)} {wide}w")
    return ", ".join(seen.values())


def rendition_url(view: str, key: str, name: int) -> str:
    """The address of the rendition called ``name`` of the picture ``key``, as ``view``
    serves it. Cached: a home page names three hundred, and finding each anew would be a
    tenth of its time."""
    return _reversed(get_script_prefix(), get_urlconf(), view, key, name)


@lru_cache(10_000)
def _reversed(_prefix, _urlconf, view, key, name):
    return reverse(view, args=[key, name])


def derived(largest: bytes, name: int, kind: str) -> bytes:
    """The rendition called ``name`` in this kind (``JPEG``, ``WEBP``), made from the
    largest one that ``read`` made. Refusal when other pictures keep the process busy."""
    with _alone(), Image.open(io.BytesIO(largest), formats=["JPEG"]) as image:
        size = _fit(*image.size, name)
        image.draft(None, size)
        return _encoded(_resized(image.convert("RGB"), size), kind)


def _rendition(largest, name: int) -> Rendition:
    size = _fit(*largest.size, name)
    return Rendition(name, *size, _encoded(_resized(largest, size), JPEG))


def _resized(image, size):
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(image, kind: str) -> bytes:
    out = io.BytesIO()
    if kind == WEBP:
        image.save(out, "WEBP", quality=_WEBP_QUALITY, method=4)
    else:
        image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()
