"""From the bytes of a picture to a small upright one, within a bound of memory.

What decoding will cost is worked out from the header, before a pixel is decoded, and
refused where it is more than ``DECODING_BYTES``. Colours are made plain strip by strip
while the picture is shrunk: at full size there is never more than one copy of it.

Metadata has no say: decoders only see what ``common.picturefiles`` leaves of a file, and
of any EXIF block one number is read there, the orientation.
"""

import io
import logging
import math

from django.utils.translation import gettext as _
from PIL import Image, ImageCms
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from common import picturefiles
from common.errors import Reason, Refusal

log = logging.getLogger("portal.images")

MAX_PIXELS = 50_000_000  # a 50-megapixel phone
MAX_SIDE = 20_000
DECODING_BYTES = 144_000_000  # of one picture; a worker stays below 300 MB with it
MOST_KEPT = 6_000_000  # pixels of what is made of a picture
STRIP = 500_000  # source pixels that are made plain at a time

# libwebp holds two canvases, Pillow the bytes it hands over and the picture
_WEBP_BYTES = 15  # a pixel
_PIXEL_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2}  # in memory; all others take 4
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def plain(content: bytes, width: int):
    """An upright sRGB picture at most ``width`` wide, clear parts white as paper.

    Raises Refusal: no JPEG, PNG, WebP or GIF, damaged, or too large.
    """
    return _made(content, (width, MAX_SIDE), "RGB")


def with_transparency(content: bytes, side: int):
    """An upright RGBA picture of at most ``side`` × ``side`` that keeps what is clear.

    Raises Refusal as ``plain`` does.
    """
    return _made(content, (side, side), "RGBA")


def fitted(size: tuple[int, int], limits: tuple[int, int]) -> tuple[int, int]:
    """``size`` shrunk in proportion into ``limits`` and ``MOST_KEPT``; never blown up."""
    width, height = size
    scale = max(width / limits[0], height / limits[1], 1)
    scale = max(scale, math.sqrt(width * height / MOST_KEPT))
    return max(1, round(width / scale)), max(1, round(height / scale))


def _made(content, limits, mode):
    opener = _opener(content)
    try:
        return _shrunk(opener, content, limits, mode)
    except Refusal:
        raise
    except Exception as error:  # decoders raise anything over bytes that are wrong
        log.info("Unreadable picture refused: %s", type(error).__name__)
        raise Refusal(_unreadable()) from error


def _unreadable() -> Reason:
    text = _("打不开这个文件，可能已损坏，请换一张")
    return Reason("picture_unreadable", text)


def _opener(content: bytes):
    """How to open these bytes, by their first ones. Raises Refusal for other formats."""
    if content.startswith(b"\xff\xd8\xff"):
        return _open_jpeg
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _open_png
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _open_webp
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return _open_gif
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
    text = _("只支持 JPG、PNG、WebP、GIF 格式的照片，请转换后上传")
    raise Refusal(Reason("picture_format", text))


def _check_cost(width: int, height: int, pixel_bytes: float) -> None:
    """Refusal when decoding would take more than it may."""
    pixels = width * height
    if (
        pixels > MAX_PIXELS
        or max(width, height) > MAX_SIDE
        or pixels * pixel_bytes > DECODING_BYTES
    ):
        text = _("图片尺寸过大（%(width)d×%(height)d），请缩小后再传")
        size = {"width": width, "height": height}
        raise Refusal(Reason("picture_too_large", text % size))


def _pixel_bytes(image) -> int:
    return _PIXEL_BYTES.get(image.mode, 4)


def _open_jpeg(content: bytes):
    """Its size is checked in ``_load``: only there it is known how small it is decoded."""
    content, exif, scan_bytes = picturefiles.jpeg_pixels(content)
    image = JpegImageFile(io.BytesIO(content))
    _check_cost(*image.size, 0)
    image.info["exif"], image.scan_bytes = exif, scan_bytes
    return image


def _open_gif(content: bytes):
    """The first picture of it; nothing is decoded to open one."""
    image = GifImageFile(io.BytesIO(picturefiles.gif_pixels(content)))
    _check_cost(*image.size, _pixel_bytes(image))
    return image


def _open_png(content: bytes):
    image = PngImageFile(io.BytesIO(picturefiles.png_pixels(content)))
    _check_cost(*image.size, _pixel_bytes(image))
    clear, depth = image.info.get("transparency"), content[24]
    if image.mode in ("1", "L") and isinstance(clear, int):
        # stored as the file counts greys, the picture has 0 to 255
        most = 2**depth - 1
        image.info["transparency"] = (clear & most) * 255 // most
    elif image.mode == "RGB" and clear and depth == 16:
        image.info["transparency"] = tuple(part >> 8 for part in clear)
    return image


def _open_webp(content: bytes):
    """Opening a WebP allocates its whole canvas twice, so its header is read first."""
    _check_cost(*picturefiles.webp_size(content), _WEBP_BYTES)
    image = WebPImageFile(io.BytesIO(content))
    _check_cost(*image.size, _WEBP_BYTES)
    return image


def _shrunk(opener, content, limits, mode):
    image = opener(content)
    exif, profile = image.info.get("exif", b""), image.info.get("icc_profile")
    orientation = picturefiles.orientation(exif)
    is_turned = orientation >= 5
    width, height = fitted(image.size[::-1] if is_turned else image.size, limits)
    wanted = (height, width) if is_turned else (width, height)
    _load(image, wanted)
    strip_mode, paint = _plainer(image, mode)
    extent = image.size
    factor = int(min(image.width / wanted[0], image.height / wanted[1]) / 3)
    if factor > 1:  # much smaller: averages first, which the finer filter then reads
        image = _averaged(image, factor, strip_mode, paint)
        extent = extent[0] / factor, extent[1] / factor
        paint = _as_is
    small = Image.new(strip_mode, wanted)
    for top, bottom in _strips(image.size, wanted):
        strip = _strip(image, extent, wanted, (top, bottom), paint)
        small.paste(strip, (0, top))
    del image  # the large one is gone before the small one is copied
    small = _to_srgb(small, profile, mode)
    if orientation in _TURNS:
        small = small.transpose(_TURNS[orientation])
    return small


def _load(image, wanted) -> None:
    """Decode; a JPEG at a half, a quarter or an eighth when that is large enough."""
    if isinstance(image, JpegImageFile):
        size = image.size
        image.draft(None, wanted)
        shrunk_bytes = _pixel_bytes(image) * image.width * image.height
        _check_cost(*size, image.scan_bytes + shrunk_bytes / (size[0] * size[1]))
    image.load()


def _strips(size, wanted):
    """(top, bottom) of rows of the small picture, each made of about STRIP pixels."""
    rows = max(1, STRIP * wanted[1] // (size[0] * size[1]))
    for top in range(0, wanted[1], rows):
        yield top, min(top + rows, wanted[1])


def _averaged(image, factor, mode, paint):
    """The picture with one pixel for each square of ``factor`` × ``factor``."""
    reduced = Image.new(mode, tuple(-(-side // factor) for side in image.size))
    rows = factor * max(1, STRIP // (image.width * factor))
    for top in range(0, image.height, rows):
        below = min(top + rows, image.height)
        strip = paint(image.crop((0, top, image.width, below)))
        reduced.paste(strip.reduce(factor), (0, top // factor))
    return reduced


def _strip(image, extent, wanted, rows, paint):
    """These rows of the small picture, as if all of it had been shrunk at once.

    ``extent`` is the picture's size, which may end within its last pixels.
    """
    scale = extent[1] / wanted[1]
    margin = 3 * scale + 2  # rows that the filter reads beyond its own
    above = max(0, math.floor(rows[0] * scale - margin))
    below = min(image.height, math.ceil(rows[1] * scale + margin))
    strip = paint(image.crop((0, above, image.width, below)))
    ends = rows[0] * scale - above, min(rows[1] * scale - above, strip.height)
    return strip.resize(
        (wanted[0], rows[1] - rows[0]),
        Image.Resampling.LANCZOS,
        box=(0, ends[0], extent[0], ends[1]),
        reducing_gap=2.0,
    )


def _as_is(strip):
    return strip


def _plainer(image, mode):
    """(mode, function): how a strip becomes one that can be shrunk, and its mode."""
    is_clear = image.has_transparency_data
    if image.mode == "I;16":
        clear = image.info.get("transparency") if is_clear else None
        return _sixteen_bits(clear, mode)
    if is_clear and mode == "RGBA":
        return "RGBA", lambda strip: strip.convert("RGBA")
    if is_clear:
        return "RGB", _on_paper
    if image.mode in ("L", "RGB", "CMYK"):
        return image.mode, _as_is
    simple = "L" if image.mode == "1" else "RGB"
    return simple, lambda strip: strip.convert(simple)


def _sixteen_bits(clear, mode):
    """Greys of sixteen bits become eight; ``clear`` is the value that is transparent."""
    greys = [value >> 8 for value in range(65536)]
    if clear is None or mode == "RGB":
        if clear is not None:
            greys[clear] = 255
        return "L", lambda strip: strip.convert("I").point(greys, "L")
    shown = [255] * 65536
    shown[clear] = 0

    def paint(strip):
        values = strip.convert("I")
        parts = values.point(greys, "L"), values.point(shown, "L")
        return Image.merge("LA", parts).convert("RGBA")

    return "RGBA", paint


def _on_paper(strip):
    strip = strip.convert("RGBA")
    paper = Image.new("RGB", strip.size, "white")
    paper.paste(strip, mask=strip.getchannel("A"))
    return paper


def _to_srgb(image, profile, mode):
    """Colours as sRGB where a profile says what they are; plain conversion otherwise."""
    if image.mode == "RGBA":
        shown = image.getchannel("A")
        image = _to_srgb(image.convert("RGB"), profile, "RGB")
        image.putalpha(shown)
        return image
    if profile:
        try:
            image = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            log.info("Colour profile could not be used; plain conversion instead.")
    image = image if image.mode == mode else image.convert(mode)
    image.info.clear()  # the profile has done its work
    return image
