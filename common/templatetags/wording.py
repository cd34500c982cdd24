"""Where a title may be broken."""

import re

from django import template

register = template.Library()


@register.filter
def phrases(title: str) -> list[str]:
    """A title in the pieces one says in one breath, each with its punctuation: set as
    inline blocks, a short line ends at a comma and not after the word that opens the
    next thought."""
    return re.findall(r".+?(?:[，；：。！？、]+[”’」）]?|\s+|$)", title)
