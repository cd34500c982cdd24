"""The pictures of the demonstration, drawn by the program itself.

``draw("steel", 1, (1600, 900))`` gives the same JPEG on every machine with the same
Pillow. Another seed varies what may vary: hills, people, colours.
"""

from unionportal.demo.pictures.classes import CLASSES
from unionportal.demo.pictures.daily import DAILY
from unionportal.demo.pictures.halls import HALLS
from unionportal.demo.pictures.kit import Canvas, chance
from unionportal.demo.pictures.outdoors import OUTDOORS
from unionportal.demo.pictures.portraits import PORTRAITS
from unionportal.demo.pictures.service import SERVICE

SCENES = {**OUTDOORS, **HALLS, **DAILY, **SERVICE}
LANDSCAPE, PORTRAIT = (1600, 900), (900, 1200)
_MOTIFS = {
    **{name: (LANDSCAPE, paint) for name, paint in {**SCENES, **CLASSES}.items()},
    **{name: (PORTRAIT, paint) for name, paint in PORTRAITS.items()},
}
MOTIFS = tuple(_MOTIFS)


def draw(motif: str, seed: int, size: tuple[int, int]) -> bytes:
    """A JPEG of ``size`` (pixels) showing ``motif``, one of MOTIFS.

    ``SCENES`` and ``CLASSES`` are made for 16:9, ``PORTRAITS`` for 3:4; another shape
    is cut from the middle. Raises KeyError for an unknown motif.
    """
    (width, height), paint = _MOTIFS[motif]
    canvas = Canvas(width, height, size)
    rng = chance(motif, seed)
    paint(canvas, rng)
    canvas.grain(rng)
    return canvas.jpeg()
