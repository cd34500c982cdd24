"""The demonstration's own drawings: whole JPEGs, of the asked size, all different."""

import hashlib
import io
import itertools

import pytest
from PIL import Image

from unionportal.demo.pictures import CLASSES, MOTIFS, PORTRAITS, SCENES, draw

SMALL = (320, 180)


def thumbnail(content):
    """The picture as 16 by 9 colours."""
    return Image.open(io.BytesIO(content)).resize((16, 9)).tobytes()


def test_there_is_a_picture_for_every_need():
    assert len(SCENES) >= 8
    assert {
        "singing",
        "dance",
        "tea",
        "photo",
        "yoga",
        "bake",
        "calligraphy",
        "painting",
        "guzheng",
        "taichi",
    } <= set(CLASSES)
    assert {"woman", "man", "group", "woman-nurse", "man-helmet-medal"} <= set(
        PORTRAITS
    )
    assert len(MOTIFS) == len(SCENES) + len(CLASSES) + len(PORTRAITS)


@pytest.mark.parametrize("motif", MOTIFS)
def test_each_motif_is_a_whole_jpeg_of_the_asked_size(motif):
    size = (150, 200) if motif in PORTRAITS else SMALL

    image = Image.open(io.BytesIO(draw(motif, 1, size)))
    image.load()

    assert (image.format, image.size, image.mode) == ("JPEG", size, "RGB")
    assert len(image.getcolors(size[0] * size[1])) > 1000  # painted, not blank
    assert not image.getexif()


def test_no_two_motifs_look_alike():
    """Colour by colour at least a twentieth of the scale apart, on average."""
    seen = {
        motif: thumbnail(draw(motif, 1, SMALL))
        for motif in MOTIFS
        if motif not in PORTRAITS
    }

    for one, other in itertools.combinations(seen, 2):
        pairs = zip(seen[one], seen[other], strict=True)
        apart = sum(abs(a - b) for a, b in pairs) / len(seen[one])
        assert apart > 255 / 20, (one, other)


@pytest.mark.parametrize("motif", ["valley", "singing", "woman"])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(motif):
    first = hashlib.sha256(draw(motif, 7, SMALL)).hexdigest()

    assert hashlib.sha256(draw(motif, 7, SMALL)).hexdigest() == first
    assert hashlib.sha256(draw(motif, 8, SMALL)).hexdigest() != first


def test_any_shape_may_be_asked_for():
    for size in ((400, 300), (300, 400), (64, 64)):
        assert Image.open(io.BytesIO(draw("tea", 1, size))).size == size


def test_an_unknown_motif_is_an_error():
    with pytest.raises(KeyError):
        draw("nothing", 1, SMALL)
