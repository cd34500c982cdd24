"""The drawings that stand for a kind of thing: one for each kind, light, of one
palette, and none like another."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings

from activities.training.enums import Motif
from honors.enums import ProgramKind
from volunteers.enums import TeamKind

STATIC = Path(settings.BASE_DIR) / "static"
HONOURS = [
    f"{kind}{who}"
    for kind in ProgramKind.values
    for who in ("", "-woman", "-man")
    if kind != ProgramKind.COLLECTIVE or not who
]
# how the files of a kind begin, the kinds, and the size they are drawn for
FAMILIES = [
    ("class", Motif.values, (640, 360)),
    ("team", TeamKind.values, (96, 96)),
    ("honour", HONOURS, (300, 400)),
]
DRAWN = [
    pytest.param(STATIC / f"img/{begins}-{kind}.svg", size, id=f"{begins}-{kind}")
    for begins, kinds, size in FAMILIES
    for kind in kinds
]
HEAVIEST = 3 * 1024
SKIN = "#ebc1a2"  # people have a colour that no word and no button has
COLOUR = re.compile(r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b", re.IGNORECASE)
PARTS = ["rect", "circle", "ellipse", "path", "g", "defs", "use", "clipPath", "svg"]


def palette():
    light = (STATIC / "css/tokens.css").read_text(encoding="utf-8")
    light = light.partition(":root {")[2].partition("\n}")[0]
    return {*COLOUR.findall(light), SKIN}


@pytest.mark.parametrize(("path", "size"), DRAWN)
def test_drawing_of_every_kind_is_light_and_in_the_colours_of_the_house(path, size):
    text = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)  # noqa: S314  our own file

    assert len(text.encode()) < HEAVIEST
    assert root.get("viewBox") == f"0 0 {size[0]} {size[1]}"
    assert (root.get("width"), root.get("height")) == tuple(map(str, size))
    assert {part.tag.partition("}")[2] for part in root.iter()} <= set(PARTS)
    assert set(COLOUR.findall(text)) <= palette()


@pytest.mark.parametrize(("begins", "kinds", "size"), FAMILIES)
def test_drawing_of_a_kind_is_no_others(begins, kinds, size):
    files = {path.name: path.read_bytes() for path in STATIC.glob(f"img/{begins}-*")}

    assert set(files) == {f"{begins}-{kind}.svg" for kind in kinds}
    assert len(set(files.values())) == len(files)
