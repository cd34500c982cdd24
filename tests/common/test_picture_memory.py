"""What a picture may take in memory, measured in a process of its own that has loaded
the whole site, as a worker has."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

MOST = 300  # megabytes, of the whole process

# VmHWM is the peak of this process alone; ru_maxrss would begin with its parent's
CHILD = """
import os, sys, threading
os.environ["DJANGO_SETTINGS_MODULE"] = "unionportal.settings.test"
import django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
get_resolver().url_patterns
from common import images
from common.errors import Refusal

images.TURN_SECONDS = 120
verb, at_once, *paths = sys.argv[1:]
outcomes = []

def take(path):
    with open(path, "rb") as file:
        upload = SimpleUploadedFile("picture", file.read())
    try:
        outcomes.append(getattr(images, verb)(upload).width)
    except Refusal as refusal:
        outcomes.append(next(iter(refusal.codes)))

for path in paths:
    threads = [threading.Thread(target=take, args=[path]) for _ in range(int(at_once))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
with open("/proc/self/status") as file:
    peak = next(line for line in file if line.startswith("VmHWM")).split()[1]
print(int(peak) // 1024, *outcomes)
"""

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="Peaks are read as Linux tells them."
)


def peak_of(verb, *paths, at_once=1):
    """(megabytes, outcomes): the width of what was made, or why nothing was."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, verb, str(at_once), *map(str, paths)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    peak, *outcomes = done.stdout.split()
    return int(peak), outcomes


def drawn(folder, name, mode, size, colour=7, **options):
    path = folder / name
    Image.new(mode, size, colour).save(path, **options)
    return path


@pytest.mark.slow  # decodes the largest pictures that are taken, in a process of its own
def test_read_image_pictures_that_are_as_large_as_they_may_be_stay_below_the_limit(
    tmp_path,
):
    paths = [
        drawn(tmp_path, "palette.png", "P", (7000, 7000), transparency=7),
        drawn(tmp_path, "deep.png", "I;16", (7000, 7000), transparency=7),
        drawn(tmp_path, "still.gif", "P", (7000, 7000), transparency=7),
        drawn(tmp_path, "wide.png", "RGBA", (20000, 1799), (7, 7, 7, 7)),
        drawn(tmp_path, "scans.jpg", "RGB", (6600, 6600), progressive=True),
        drawn(tmp_path, "ink.jpg", "CMYK", (7000, 7000), (7, 7, 7, 7)),
        drawn(tmp_path, "long.jpg", "RGB", (3100, 16000)),
    ]

    peak, outcomes = peak_of("read", *paths)

    assert all(width.isdigit() for width in outcomes), outcomes
    assert peak <= MOST


@pytest.mark.slow  # the same, four at once
@pytest.mark.parametrize("verb", ["read", "read_mark"])
def test_read_image_four_times_at_once_takes_no_more_than_one(tmp_path, verb):
    paths = [
        drawn(tmp_path, "tall.png", "RGBA", (1799, 20000), (7, 7, 7, 7)),
        drawn(tmp_path, "web.webp", "RGBA", (3090, 3090), (7, 7, 7, 7), lossless=True, method=0),
    ]  # fmt: skip

    peak, outcomes = peak_of(verb, *paths, at_once=4)

    assert all(width.isdigit() for width in outcomes), outcomes
    assert peak <= MOST


def test_read_image_pictures_that_would_take_more_are_refused_and_take_nothing(
    tmp_path,
):
    paths = [
        drawn(tmp_path, "clear.png", "RGB", (7000, 7000), transparency=(7, 7, 7)),
        drawn(tmp_path, "web.webp", "RGB", (7000, 7000), lossless=True, method=0),
        drawn(tmp_path, "scans.jpg", "CMYK", (7000, 7000), (7, 7, 7, 7), progressive=True),
    ]  # fmt: skip

    peak, outcomes = peak_of("read", *paths, at_once=4)

    assert set(outcomes) == {"picture_too_large"}
    assert peak <= 150
