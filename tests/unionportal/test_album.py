"""The demonstration's own pictures: each motif's in turn, small enough to be kept here."""

import pytest

from common import images
from unionportal.demo.album import FOLDER, Album


def test_album_motif_gives_its_pictures_in_turn_and_then_begins_again():
    album = Album()

    assert [album.next("stage").name for _ in range(3)] == [
        "stage-1.webp",
        "stage-2.webp",
        "stage-1.webp",
    ]
    assert album.next("tea").name == "tea-1.webp"


def test_album_motif_without_pictures_is_an_error():
    with pytest.raises(KeyError):
        Album().next("man-helme")


def test_demo_takes_the_pictures_of_the_album_and_they_stay_light():
    picture = images.read(Album().next("woman-medal"))

    assert (picture.width, picture.height) == (600, 800)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 3_000_000
