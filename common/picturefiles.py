"""What stands around the pixels of a picture file, and what of it a decoder is shown.

Texts, times, thumbnails, histories and further pictures are taken out before a decoder
sees the file: whatever stands in them, or however broken they are, the picture is the
same and costs the same. Only bytes are read here; each function takes time in
proportion to their number. Files that are no picture raise ValueError, IndexError or
struct.error, or are left for the decoder to refuse.
"""

import struct
import zlib

MAX_PROFILE = 1_000_000  # bytes of a PNG's colour profile that is still read
MAX_SCANS = 100  # of a JPEG; the finest encoders write about twenty

_PNG_PIECES = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_JPEG_FRAMES = (0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE)
_ONE_SCAN_FRAMES = (0xC0, 0xC1)
_JPEG_COLOURS = (0xE0, 0xE2, 0xEE)  # JFIF, profile, Adobe: what the numbers mean
_SCAN = 0xDA


def png_pixels(content: bytes) -> bytes:
    """A PNG without its texts, times and further pictures.

    Its colour profile and orientation are kept where they are whole and small.
    """
    kept = [content[:8]]
    start = 8
    while start + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, start)
        end = start + 12 + length
        name = content[start + 4 : start + 8]
        if _is_wanted(name, content[start + 8 : end - 4]):
            kept.append(content[start:end])
        start = end
        if name == b"IEND":
            break
    return b"".join(kept)


def _is_wanted(name: bytes, body: bytes) -> bool:
    if name == b"iCCP":
        return _is_small_profile(body)
    if name == b"eXIf":
        return orientation(body) != 1
    return name in _PNG_PIECES


def _is_small_profile(body: bytes) -> bool:
    _name, _nul, packed = body.partition(b"\0")
    unpacking = zlib.decompressobj()
    try:
        unpacking.decompress(packed[1:], MAX_PROFILE)
    except zlib.error:
        return False
    return unpacking.eof


def jpeg_pixels(content: bytes) -> tuple[bytes, bytes, float]:
    """(a JPEG without its words, its EXIF block, bytes that decoding takes besides).

    The last is for each pixel: a file of several scans is held as a whole, in two bytes
    a value, however small the picture that is made of it.
    """
    if content.count(b"\xff\xda") > MAX_SCANS:
        raise ValueError("A JPEG of so many scans is made to take time.")
    kept, exif, end = [content[:2]], b"", 2
    scan_bytes, layers, frame = 8.0, [], 0  # if nothing is found: four full layers
    for marker, start, end in _segments(content):
        body = content[start + 4 : end]
        if marker in _JPEG_FRAMES:
            frame = marker
            layers = [(part >> 4, part & 15) for part in body[7::3]]
            scan_bytes = _held_bytes(layers)
        elif marker == _SCAN and frame in _ONE_SCAN_FRAMES and body[0] == len(layers):
            scan_bytes = 0.0
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            exif = exif or body
        is_word = 0xE0 <= marker <= 0xEF or marker == 0xFE
        if not is_word or marker in _JPEG_COLOURS:
            kept.append(content[start:end])
    return b"".join([*kept, content[end:]]), exif, scan_bytes


def _segments(content: bytes):
    """(marker, start, end) of what stands before the first scan's data."""
    start = 2
    while start + 4 <= len(content) and content[start] == 0xFF:
        marker, length = struct.unpack_from(">BH", content, start + 1)
        end = start + 2 + length
        if marker in (0x00, 0xFF) or length < 2 or end > len(content):
            return
        yield marker, start, end
        if marker == _SCAN:
            return
        start = end


def _held_bytes(layers) -> float:
    most = max(across for across, _ in layers) * max(down for _, down in layers)
    return 2 * sum(across * down for across, down in layers) / most


def gif_pixels(content: bytes) -> bytes:
    """A GIF without its comments and further pictures."""
    flags = content[10]
    start = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    kept, control = [content[:start]], b""
    while (kind := content[start]) == 0x21:
        end = _end_of_blocks(content, start + 2)
        if content[start + 1] == 0xF9:
            control = content[start:end]
        start = end
    if kind != 0x2C:
        raise ValueError("Not a GIF picture.")
    flags = content[start + 9]
    table = 3 << (flags & 7) + 1 if flags & 0x80 else 0
    end = _end_of_blocks(content, start + 10 + table + 1)
    return b"".join([*kept, control, content[start:end], b";"])


def _end_of_blocks(content: bytes, start: int) -> int:
    """Where a row of GIF blocks is over; IndexError in a file that was cut off."""
    while length := content[start]:
        start += 1 + length
    return start + 1


def webp_size(content: bytes) -> tuple[int, int]:
    """Width and height of a WebP's canvas in pixels, as its header says."""
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
    return width, height


def orientation(exif: bytes) -> int:
    """The number 1 to 8 in an EXIF block that says how the camera was held; 1 if there
    is none that can be read. Nothing else in the block is read."""
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(order + "I", exif, 4)
        (count,) = struct.unpack_from(order + "H", exif, start)
        for place in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind, number = struct.unpack_from(order + "HHI", exif, place)
            if tag == 0x0112 and number == 1 and kind in (3, 4):
                shape = order + ("H" if kind == 3 else "I")
                (value,) = struct.unpack_from(shape, exif, place + 8)
                return value if 1 <= value <= 8 else 1
    except struct.error:  # the block ends before it says
        pass
    return 1
