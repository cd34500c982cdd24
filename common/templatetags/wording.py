"""Where a title may be broken."""

import re

from django import template

register = template.Library()


MOST_PIECES = 5


@register.filter
def phrases(title: str) -> list[str]:
    """A title in the pieces one says in one breath, each with its punctuation: set as
    inline blocks, a short line ends at a comma and not after the word that opens the
    next thought. A dash opens a piece, which it is never parted from. An enumeration is
    one piece: its words would each stand alone on a telephone."""
    pieces = re.findall(r"(?:——)?.+?(?:[，；：。！？、]+[”’」）]?|\s+|(?=——)|$)", title)
    return pieces if len(pieces) <= MOST_PIECES else [title]
