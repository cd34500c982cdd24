"""Uploaded pictures: looked at, turned upright, stripped of what they carry, re-made.

Nothing of an uploaded file is ever served: what the portal shows are JPEG renditions
written here from the pixels alone, so no metadata, no trailing bytes and no second
format inside the file survive. Limits are checked from the header before a pixel is
decoded (trust.md T7, T8; the sentences are those of pages.md §4).
"""

import hashlib
import io
import logging
import struct
import zlib
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from common.errors import Reason, Refusal

log = logging.getLogger("portal.images")

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000  # a 50-megapixel phone; decoded about 150 MB at worst
MAX_SIDE = 20_000
WIDTHS = (480, 960, 1600)  # pixels; a smaller picture is never blown up
QUALITY = 82
MARK_SIDE = 480  # pixels of an emblem or badge; shown at 120 at most, on dense screens

# What Pillow raises for files that are not what they say they are.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


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
    """Verify an uploaded file and make its three renditions.

    ``upload`` is a Django ``UploadedFile`` (``size``, ``read``). Name and declared type
    are ignored: the content decides. Raises Refusal for anything that is not a whole
    JPEG, PNG or WebP picture of at most 10 MB and 50 megapixels.
    """
    content = _content(upload)
    largest = _decoded(content, _largest)
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
    return _decoded(_content(upload), _mark)


def _content(upload) -> bytes:
    if upload.size > MAX_BYTES:
        size = f"{upload.size / 1024 / 1024:.1f}"
        text = _("照片不能超过10MB，这张是%(size)sMB") % {"size": size}
        raise Refusal(Reason("picture_too_heavy", text))
    upload.seek(0)
    return upload.read()


def _decoded(content: bytes, make):
    """What ``make`` makes of the opened image; Refusal when there is none to open."""
    opener = _opener(content)
    try:
        return make(opener(content))
    except _BROKEN as error:
        log.info("Unreadable picture refused: %s", type(error).__name__)
        raise Refusal(_unreadable()) from error


def _mark(image) -> Mark:
    image.load()
    image = ImageOps.exif_transpose(image).convert("RGBA")
    image.thumbnail((MARK_SIDE, MARK_SIDE), Image.Resampling.LANCZOS)
    clean = Image.new("RGBA", image.size)
    clean.paste(image)
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return Mark(*clean.size, out.getvalue())


def sizes(width: int, height: int) -> list[tuple[int, int, int]]:
    """(name, width, height) of each rendition of a picture whose largest is given."""
    return [(name, *_fit(width, height, name)) for name in WIDTHS]


def _unreadable() -> Reason:
    text = _("打不开这个文件，可能已损坏，请换一张")
    return Reason("picture_unreadable", text)


def _opener(content: bytes):
    """How to open these bytes, by their first ones. Raises Refusal for other formats."""
    if content.startswith(b"\xff\xd8\xff"):
        return lambda raw: _checked(JpegImageFile(io.BytesIO(raw)))
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return lambda raw: _checked(PngImageFile(io.BytesIO(raw)))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _open_webp
    if content[4:8] == b"ftyp" and content[8:12] in (
        b"heic",
        b"heix",
        b"hevc",
        b"mif1",
        b"msf1",
    ):
        text = _("不支持 HEIC，请在手机相册中转为 JPG 后上传")
        raise Refusal(Reason("picture_heic", text))
    if not content or content[:2] == b"\xff\xd8" or content[:4] == b"\x89PNG":
        raise Refusal(_unreadable())
    text = _("只支持 JPG、PNG、WebP 格式的照片，请转换后上传")
    raise Refusal(Reason("picture_format", text))


def _checked(image):
    """The image, whose header is read and no pixel; Refusal when it is too large."""
    _check_size(*image.size)
    return image


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        text = _("图片尺寸过大（%(width)d×%(height)d），请缩小后再传")
        size = {"width": width, "height": height}
        raise Refusal(Reason("picture_too_large", text % size))


def _open_webp(content: bytes):
    """Opening a WebP allocates its whole canvas twice, so its header is read first."""
    kind, body = content[12:16], content[20:30]
    if kind == b"VP8X":
        width = int.from_bytes(body[4:7], "little") + 1
        height = int.from_bytes(body[7:10], "little") + 1
    elif kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", body[6:10]))
    else:
        raise ValueError("Not a WebP picture.")
    _check_size(width, height)
    return _checked(WebPImageFile(io.BytesIO(content)))


def _largest(image):
    """The upright sRGB picture of the largest rendition, without any metadata."""
    orientation = image.getexif().get(0x0112, 1)
    profile = image.info.get("icc_profile")
    limit = max(WIDTHS)
    turned = orientation in (5, 6, 7, 8)
    width, height = image.size[::-1] if turned else image.size
    wanted = _fit(width, height, limit)
    # JPEG only: decode at a half, quarter or eighth when that is still large enough
    image.draft(None, wanted[::-1] if turned else wanted)
    image.load()
    image = ImageOps.exif_transpose(image)
    image = _to_rgb(image, profile)
    if image.size != wanted:
        image = image.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    return clean


def _to_rgb(image, profile):
    """Colours as sRGB; transparent parts become white paper."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            return ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            log.info("Colour profile could not be used; plain conversion instead.")
    if image.mode.startswith("I;16") or image.mode == "I":
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("RGB")


def _fit(width: int, height: int, limit: int) -> tuple[int, int]:
    if width <= limit:
        return width, height
    return limit, max(1, round(height * limit / width))


def _rendition(largest, name: int) -> Rendition:
    size = _fit(*largest.size, name)
    image = largest
    if size != largest.size:
        image = largest.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Rendition(name, *size, out.getvalue())
