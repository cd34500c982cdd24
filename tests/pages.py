"""What a test reads of a page."""

import re


def markup(response) -> str:
    """The page's HTML without the white space that only lays its templates out: none
    beside a tag, one space anywhere else. For looking at elements and attributes; what
    an eye sees between two words is a browser's to tell."""
    html = re.sub(r"[ \t\r\n]+", " ", response.content.decode())  # not the wide space
    return re.sub(r" (?=/?>)|(?<=>) | (?=<)", "", html)
