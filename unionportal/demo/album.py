"""The pictures of the demonstration: drawn by a program, so that they show nobody."""

from collections import Counter
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

FOLDER = Path(__file__).parent / "pictures"


class Album:
    """Each motif has its pictures, ``dance-1.webp``, ``dance-2.webp`` …"""

    def __init__(self):
        self._turns = Counter()

    def next(self, motif: str) -> SimpleUploadedFile:
        """The motif's next picture, after the last one the first again. Raises KeyError
        for a motif that has none."""
        number = sum(1 for _path in FOLDER.glob(f"{motif}-[0-9]*.webp"))
        if not number:
            raise KeyError(motif)
        name = f"{motif}-{self._turns[motif] % number + 1}.webp"
        self._turns[motif] += 1
        return SimpleUploadedFile(name, (FOLDER / name).read_bytes())
