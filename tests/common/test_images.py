"""Uploaded pictures: what is refused, and that nothing but pixels comes through."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, JpegImagePlugin

from common import images, pixels
from common.errors import Refusal

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def saved(image, kind="JPEG", **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def flat(width=640, height=400, mode="RGB", colour=(180, 20, 30)):
    return Image.new(mode, (width, height), colour)


def upload(content: bytes, name="photo.jpg"):
    return SimpleUploadedFile(name, content)


def refused(content: bytes, name="photo.jpg"):
    with pytest.raises(Refusal) as refusal:
        images.read(upload(content, name))
    return refusal.value


def opened(rendition):
    return Image.open(io.BytesIO(rendition.content))


def png_header(width, height) -> bytes:
    """A PNG that claims a size and holds no pixels of it."""
    body = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + body
    end = b"IEND"
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(body))
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I", 0)
        + end
        + struct.pack(">I", zlib.crc32(end))
    )


def webp_header(width, height) -> bytes:
    """An extended WebP that claims a canvas."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", 10) + b"\x00" * 4 + size
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_read_image_renditions_are_never_blown_up(kind):
    picture = images.read(upload(saved(flat(2400, 1500), kind)))
    small = images.read(upload(saved(flat(300, 200), kind)))

    assert [(r.name, r.width, r.height) for r in picture.renditions] == [
        (240, 240, 150),
        (480, 480, 300),
        (960, 960, 600),
        (1600, 1600, 1000),
    ]
    assert (picture.width, picture.height) == (1600, 1000)
    assert [(r.width, r.height) for r in small.renditions] == [
        (240, 160),
        *[(300, 200)] * 3,
    ]
    assert [opened(r).size for r in picture.renditions] == [
        (r.width, r.height) for r in picture.renditions
    ]
    assert images.sizes(1600, 1000) == [
        (r.name, r.width, r.height) for r in picture.renditions
    ]


@pytest.mark.parametrize("has_profile", [True, False])
def test_read_image_where_a_picture_was_taken_and_with_what_never_comes_through(
    has_profile,
):
    source = flat(700, 500)
    exif = source.getexif()
    exif[MAKE] = "SECRETCAM"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (26.0, 35.0, 0.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = saved(
        source,
        exif=exif.tobytes(),
        comment=b"SECRETWORDS",
        icc_profile=profile if has_profile else None,
    )
    assert b"SECRETCAM" in content
    assert b"SECRETWORDS" in content

    picture = images.read(upload(content + b"<script>SECRETTAIL</script>"))

    for rendition in picture.renditions:
        image = opened(rendition)
        assert dict(image.getexif()) == {}
        assert image.info.keys() <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }
        assert b"SECRET" not in rendition.content


@pytest.mark.parametrize("orientation", range(1, 9))
def test_read_image_picture_stands_upright_whatever_its_camera_wrote(orientation):
    """A red corner: top left once upright, in each of the eight ways of holding."""
    upright = flat(400, 200, colour=(255, 255, 255))
    upright.paste((255, 0, 0), (0, 0, 100, 50))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[ORIENTATION] = orientation

    picture = images.read(upload(saved(stored, exif=exif.tobytes(), quality=95)))

    assert (picture.width, picture.height) == (400, 200)
    red, green, _blue = opened(picture.renditions[2]).getpixel((50, 25))
    assert red > 200
    assert green < 60


def test_read_image_large_turned_picture_keeps_its_proportions():
    exif = Image.Exif()
    exif[ORIENTATION] = 6

    picture = images.read(upload(saved(flat(4000, 2000), exif=exif.tobytes())))

    assert (picture.width, picture.height) == (1600, 3200)


@pytest.mark.parametrize(
    ("source", "kind", "expected"),
    [
        (flat(mode="CMYK", colour=(0, 255, 255, 0)), "JPEG", (255, 0, 0)),
        (flat(mode="L", colour=90), "JPEG", (90, 90, 90)),
        (flat(mode="P", colour=0), "PNG", None),
        (flat(mode="RGBA", colour=(0, 0, 0, 0)), "PNG", (255, 255, 255)),
        (flat(mode="LA", colour=(0, 0)), "PNG", (255, 255, 255)),
        (flat(mode="RGBA", colour=(0, 0, 0, 0)), "WEBP", (255, 255, 255)),
        (flat(mode="1", colour=1), "PNG", (255, 255, 255)),
        (flat(mode="I;16", colour=65535), "PNG", (255, 255, 255)),
    ],
    ids=["cmyk", "grey", "palette", "alpha", "grey-alpha", "webp", "bit", "deep"],
)
def test_read_image_every_colour_model_becomes_plain_rgb(source, kind, expected):
    picture = images.read(upload(saved(source, kind)))

    image = opened(picture.renditions[0])
    assert (image.format, image.mode) == ("JPEG", "RGB")
    if expected is not None:
        assert (
            max(
                abs(a - b)
                for a, b in zip(image.getpixel((9, 9)), expected, strict=True)
            )
            <= 12
        )


def test_read_image_content_decides_not_the_name():
    picture = images.read(upload(saved(flat(), "PNG"), name="portrait.heic"))

    assert picture.width == 640


def test_read_image_brings_a_file_of_two_kinds_out_as_pixels_only():
    polyglot = saved(flat()) + b"PK\x03\x04<?php evil ?><script>alert(1)</script>"

    picture = images.read(upload(polyglot))

    assert b"evil" not in picture.renditions[2].content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff" + b"\x00" * 500,
        saved(flat(900, 900))[:2000],
        saved(flat(900, 900), "PNG")[:1500],
        saved(flat(900, 900), "WEBP")[:60],
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
        b"RIFF\x00\x00\x00\x00WEBPVP8X\x00\x00\x00",
        b"RIFF\x00\x00\x00\x00WEBPJUNKJUNK",
        b"GIF89a" + b"\x00" * 50,
        saved(flat(900, 900), "GIF")[:900],
        png_header(500, 500),
    ],
    ids=lambda content: f"{len(content)}-{content[:4]!r}",
)
def test_read_image_what_cannot_be_read_is_refused_in_words(content):
    assert str(refused(content)) == "打不开这个文件，可能已损坏，请换一张"


@pytest.mark.parametrize(
    "content",
    [b"BM" + b"\x00" * 50, b"<svg onload=alert(1)>", b"MZ" + b"\x00" * 90],
)
def test_read_image_other_formats_are_refused_in_words(content):
    assert refused(content).codes == {"picture_format"}


def test_read_image_heic_is_named():
    content = b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50

    assert str(refused(content)) == "不支持 HEIC，请在手机相册中转为 JPG 后上传"


@pytest.mark.parametrize("header", [png_header, webp_header], ids=["png", "webp"])
def test_read_image_refuses_a_pixel_bomb_by_its_header(header, monkeypatch):
    def decoded(*args, **kwargs):
        raise AssertionError("A bomb was decoded.")

    monkeypatch.setattr(Image.Image, "load", decoded)
    monkeypatch.setattr(pixels, "WebPImageFile", decoded)
    width, height = (30000, 30000) if header is png_header else (16000, 16000)

    said = str(refused(header(width, height)))

    assert said == f"图片尺寸过大（{width}×{height}），请缩小后再传"


def test_read_image_refuses_a_jpeg_bomb_by_its_header(monkeypatch):
    content = saved(flat(8, 8)).replace(
        struct.pack(">HH", 8, 8), struct.pack(">HH", 30000, 30000), 1
    )
    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", None)

    assert refused(content).codes == {"picture_too_large"}


def test_read_image_refuses_by_weight_before_anything_is_read(monkeypatch):
    heavy = upload(b"\xff\xd8\xff")
    heavy.size = int(14.2 * 1024 * 1024)

    with pytest.raises(Refusal, match="照片不能超过10MB，这张是14.2MB"):
        images.read(heavy)


def test_read_image_knows_a_file_again_by_its_bytes():
    content = saved(flat())

    first, again = images.read(upload(content)), images.read(upload(content, "b.png"))

    assert first.sha256 == again.sha256
    assert first.sha256 != images.read(upload(saved(flat(641)))).sha256
