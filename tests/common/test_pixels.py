"""Pictures as cameras, scanners and offices make them: what stands around the pixels
never decides about them."""

import io
import random
import struct
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops, PngImagePlugin

from common import images, pixels
from common.errors import Refusal

CASES = Path(__file__).parents[1] / "cases" / "pictures"
ORIENTATION = 0x0112


def read(content: bytes):
    """The largest rendition, as a picture."""
    picture = images.read(SimpleUploadedFile("photo", content))
    return Image.open(io.BytesIO(picture.renditions[-1].content))


def saved(image, kind="PNG", **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def halves(mode="RGB", left=(200, 30, 30), right=(30, 160, 60), size=(400, 300)):
    """Two colours beside each other."""
    image = Image.new(mode, size, right)
    image.paste(left, (0, 0, size[0] // 2, size[1]))
    return image


def assert_near(image, where, colour):
    seen = image.getpixel(where)
    assert max(abs(a - b) for a, b in zip(seen, colour, strict=True)) <= 6, seen


def assert_halves(image):
    assert image.size == (400, 300)
    assert_near(image, (100, 150), (200, 30, 30))
    assert_near(image, (300, 150), (30, 160, 60))


def chunk(name: bytes, body: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + check


def with_chunk(png: bytes, name: bytes, body: bytes) -> bytes:
    """The piece right behind the header."""
    return png[:33] + chunk(name, body) + png[33:]


def png(width, height, depth, colour, rows, *, clear=b"", interlaced=False) -> bytes:
    """A PNG out of its rows of packed bytes, each with its filter in front."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    pieces = [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header)]
    if clear:
        pieces.append(chunk(b"tRNS", clear))
    pieces += [chunk(b"IDAT", zlib.compress(b"".join(rows))), chunk(b"IEND", b"")]
    return b"".join(pieces)


def exif(*entries, orientation=6, order="<") -> bytes:
    """An EXIF block: the orientation among other entries, given as 12 bytes each."""
    own = struct.pack(order + "HHIHH", ORIENTATION, 3, 1, orientation, 0)
    entries = [*entries, own]
    mark = b"II*\0" if order == "<" else b"MM\0*"
    body = struct.pack(order + "IH", 8, len(entries)) + b"".join(entries)
    return b"Exif\0\0" + mark + body + b"\0\0\0\0"


# --- the cases of the folder ------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["bad-exif-chunk.png", "large-icc.png", "photoshop-long-history.png"]
)
def test_read_image_takes_a_png_whatever_stands_beside_its_pixels(name):
    assert_halves(read((CASES / name).read_bytes()))


@pytest.mark.parametrize(
    "name", ["turned-resolution-as-text.jpg", "turned-negative-resolution.jpg"]
)
def test_read_image_turned_photo_stands_upright_with_any_resolution(name):
    upright = read((CASES / "upright-ok.jpg").read_bytes())
    seen = read((CASES / name).read_bytes())

    assert seen.size == upright.size == (600, 900)
    difference = ImageChops.difference(seen, upright).convert("L")
    assert sum(difference.histogram()[16:]) < 0.02 * 600 * 900


def test_read_image_level_photo_with_an_odd_resolution_is_taken():
    assert read((CASES / "level-resolution-as-text.jpg").read_bytes()).size == (
        900,
        600,
    )


def test_read_image_deep_greys_with_one_clear_value_keep_their_greys():
    content = (CASES / "grey16-one-clear-value.png").read_bytes()
    plain = read((CASES / "grey16.png").read_bytes())

    difference = ImageChops.difference(plain, read(content))

    assert Image.open(io.BytesIO(content)).info["transparency"] == 0
    assert max(high for _low, high in difference.getextrema()) <= 2


# --- further ones of each kind ----------------------------------------------------


@pytest.mark.parametrize(
    "entry",
    [
        struct.pack("<HHII", 0x011A, 99, 1, 0),  # a type that nobody knows
        struct.pack("<HHII", 0x8769, 4, 1, 0xFFFFFFF0),  # a directory beyond the end
        struct.pack("<HHII", 0x010F, 2, 0xFFFFFFFF, 4),  # a text of four gigabytes
        struct.pack("<HHII", 0x011A, 5, 1, 0xFFFFFFFF),  # a fraction that is nowhere
        struct.pack("<HHII", 0x8769, 4, 1, 8),  # a directory that is itself
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_read_image_photo_stands_upright_with_any_entry_beside_its_orientation(
    kind, entry
):
    stored = halves(size=(300, 400)).transpose(Image.Transpose.ROTATE_90)
    block = exif(entry)
    if kind == "PNG":
        content = with_chunk(saved(stored), b"eXIf", block[6:])
    else:
        content = saved(stored, kind, exif=block, quality=95)

    seen = read(content)

    assert seen.size == (300, 400)
    assert_near(seen, (75, 200), (200, 30, 30))
    assert_near(seen, (225, 200), (30, 160, 60))


@pytest.mark.parametrize(
    "block",
    [
        b"Exif\0\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0MM\0*" + b"\xff" * 40,
        exif(orientation=77),
        exif()[:-14],
        exif().replace(
            struct.pack("<HH", ORIENTATION, 3), struct.pack("<HH", 0x112, 2)
        ),
    ],
)
def test_read_image_broken_orientation_leaves_the_photo_as_it_lies(block):
    assert_halves(read(saved(halves(), "JPEG", exif=block, quality=95)))


def test_read_image_bytes_of_an_exif_block_may_stand_either_way():
    stored = halves(size=(300, 400)).transpose(Image.Transpose.ROTATE_90)

    seen = read(saved(stored, "JPEG", exif=exif(order=">"), quality=95))

    assert seen.size == (300, 400)


def test_read_image_long_texts_and_odd_times_of_a_png_are_not_read():
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "很长的说明" * 400_000, zip=True)
    words.add_itxt("XML:com.adobe.xmp", "x" * 3_000_000, zip=True)
    content = saved(halves(), pnginfo=words)
    content = with_chunk(content, b"tIME", b"\xff")
    content = with_chunk(content, b"pHYs", b"")
    content = with_chunk(content, b"zTXt", b"no end")

    assert_halves(read(content))


@pytest.mark.parametrize(
    "profile", [b"", b"name\0\0not packed", b"name\0\0" + zlib.compress(b"none")]
)
def test_read_image_png_with_a_useless_profile_is_taken(profile):
    assert_halves(read(with_chunk(saved(halves()), b"iCCP", profile)))


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_read_image_profile_that_is_none_is_left_out(kind):
    assert_halves(read(saved(halves(), kind, icc_profile=b"\0" * 4000, quality=95)))


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_read_image_clear_grey_of_any_depth_is_white_and_the_others_stay(depth):
    """Left half: the darkest value but 0 or 0 itself, which is clear. Right: black."""
    most = 2**depth - 1
    clear, dark = (1, 0) if depth > 1 else (0, 1)
    values = [clear] * 32 + [dark] * 32
    if depth == 16:
        row = struct.pack(">64H", *values)
    else:
        packed, each = bytearray(), 8 // depth
        for start in range(0, 64, each):
            byte = 0
            for value in values[start : start + each]:
                byte = byte << depth | value
            packed.append(byte)
        row = bytes(packed)
    content = png(64, 8, depth, 0, [b"\0" + row] * 8, clear=struct.pack(">H", clear))

    seen = read(content)

    grey = round(dark * 255 / most)
    assert_near(seen, (8, 4), (255, 255, 255))
    assert_near(seen, (56, 4), (grey, grey, grey))


@pytest.mark.parametrize(("depth", "shape"), [(8, "B"), (16, "H")])
def test_read_image_clear_colour_is_white_and_the_others_stay(depth, shape):
    scale = 257 if depth == 16 else 1
    red, green = (
        [part * scale for part in colour] for colour in [(200, 30, 30), (30, 160, 60)]
    )
    row = struct.pack(f">{64 * 3}{shape}", *(red * 32 + green * 32))
    clear = struct.pack(">3H", *red)

    seen = read(png(64, 8, depth, 2, [b"\0" + row] * 8, clear=clear))

    assert_near(seen, (8, 4), (255, 255, 255))
    assert_near(seen, (56, 4), (30, 160, 60))


def test_read_image_interlaced_png_is_taken():
    """Adam7: every eighth pixel first, then what lies between."""
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4),
              (1, 0, 2, 2), (0, 1, 1, 2)]  # fmt: skip
    source = halves(size=(40, 30))
    rows = [
        b"\0"
        + b"".join(bytes(source.getpixel((x, y))) for x in range(left, 40, across))
        for left, top, across, down in passes
        for y in range(top, 30, down)
    ]

    seen = read(png(40, 30, 8, 2, rows, interlaced=True))

    assert_near(seen, (5, 15), (200, 30, 30))
    assert_near(seen, (35, 15), (30, 160, 60))


def test_read_image_palette_with_clear_and_half_clear_colours_lies_on_white():
    image = Image.new("P", (90, 30))
    image.putpalette([200, 30, 30, 0, 0, 0, 30, 160, 60])
    image.paste(1, (30, 0, 60, 30))
    image.paste(2, (60, 0, 90, 30))

    seen = read(saved(image, transparency=bytes([0, 128, 255])))

    assert_near(seen, (15, 15), (255, 255, 255))
    assert_near(seen, (45, 15), (127, 127, 127))
    assert_near(seen, (75, 15), (30, 160, 60))


@pytest.mark.parametrize("has_comments", [False, True])
def test_read_image_of_a_gif_the_first_picture_is_taken(has_comments):
    frames = [halves().quantize(4), Image.new("P", (400, 300), 0)]
    content = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    if has_comments:
        start = 13 + (3 << (content[10] & 7) + 1)
        content = content[:start] + b"\x21\xfe\x01x\0" * 300_000 + content[start:]

    assert_halves(read(content))


def test_read_image_of_a_moving_webp_the_first_picture_is_taken():
    frames = [halves(), Image.new("RGB", (400, 300), "blue")]
    content = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])

    assert_halves(read(content))


def test_read_image_of_a_moving_png_the_first_picture_is_taken():
    frames = [halves(), Image.new("RGB", (400, 300), "blue")]

    assert_halves(read(saved(frames[0], save_all=True, append_images=frames[1:])))


def test_read_image_photo_in_several_scans_is_taken():
    assert_halves(read(saved(halves(), "JPEG", progressive=True, quality=95)))


def test_read_image_photo_of_endless_scans_is_refused():
    """Each scan costs a pass over all pixels and next to no bytes."""
    content = saved(halves(), "JPEG", progressive=True)
    start = content.rindex(b"\xff\xda")

    with pytest.raises(Refusal) as refusal:
        read(content[:-2] + content[start:-2] * 200 + b"\xff\xd9")

    assert refusal.value.codes == {"picture_unreadable"}


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "CMYK"])
@pytest.mark.parametrize("size", [(1100, 700), (2300, 1700), (90, 3000)])
def test_read_image_picture_that_is_shrunk_in_strips_has_no_seams(
    mode, size, monkeypatch
):
    chance = random.Random(7)
    coarse = Image.new(mode, (size[0] // 20 + 1, size[1] // 20 + 1))
    for x in range(coarse.width):
        for y in range(coarse.height):
            coarse.putpixel((x, y), tuple(chance.randrange(256) for _ in mode))
    source = coarse.resize(size, Image.Resampling.BICUBIC)
    kind = "TIFF" if mode == "CMYK" else "PNG"
    monkeypatch.setattr(
        pixels, "_opener", lambda content: lambda raw: Image.open(io.BytesIO(raw))
    )
    content = saved(source, kind)

    monkeypatch.setattr(pixels, "STRIP", 10**9)
    whole = pixels.plain(content, 300)
    monkeypatch.setattr(pixels, "STRIP", 20_000)
    strips = pixels.plain(content, 300)

    worst = max(
        high for _low, high in ImageChops.difference(whole, strips).getextrema()
    )
    assert worst <= 8


def test_read_mark_keeps_what_is_clear_in_deep_greys():
    values = [500] * 32 + [40_000] * 32
    row = b"\0" + struct.pack(">64H", *values)
    content = png(64, 8, 16, 0, [row] * 8, clear=struct.pack(">H", 500))

    mark = images.read_mark(SimpleUploadedFile("mark.png", content))

    seen = Image.open(io.BytesIO(mark.content))
    assert seen.getpixel((8, 4))[3] == 0
    assert_near(seen, (56, 4), (156, 156, 156, 255))


def test_read_image_refuses_with_words_who_waits_too_long_for_a_turn(monkeypatch):
    monkeypatch.setattr(images, "TURN_SECONDS", 0.01)

    with images._turn, pytest.raises(Refusal) as refusal:
        read(saved(halves()))

    assert refusal.value.codes == {"picture_busy"}
    assert_halves(read(saved(halves())))
