"""The filters that print text as HTML, and the only place in the house that marks text
safe: stored rich text went through ``common.richtext.clean``, any other is escaped
here."""

import json
import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common import typeset

register = template.Library()
_STORED_BOX = '<div class="table-scroll">'
_BOX = '<div class="table-scroll" tabindex="0" role="region" aria-label="{}">'


@register.filter
def richtext(stored: str) -> SafeString:
    """Text of a rich-text column, cleaned when it was stored, as HTML. The box in which
    a wide table scrolls is reached by keyboard too, and has a name."""
    box = format_html(_BOX, _("表格，可左右滑动"))
    shown = typeset.together(stored).replace(_STORED_BOX, box)
    return mark_safe(shown)  # noqa: S308  the one place: see above


@register.filter
def together(text: str) -> SafeString:
    """A title or a text, escaped where it is not HTML yet, in which numbers are not
    parted from their units nor a dash from what it opens."""
    return mark_safe(typeset.together(conditional_escape(text)))  # noqa: S308  escaped


@register.simple_block_tag
def capture(content: SafeString) -> SafeString:
    """What stands between, in one line under a name (``as title``): a block can be
    printed twice. What a template printed is escaped already."""
    words = re.sub(r"[ \t\r\n]+", " ", content)  # the wide space of a title stays
    return mark_safe(words.strip(" "))  # noqa: S308  as above


# so that nothing in it ends the element, in whatever way HTML is read
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.filter
def linked_data(thing: dict) -> SafeString:
    """What a page is, in words of schema.org: a block of data that no browser runs, so
    that a policy without inline scripts lets it stand."""
    said = json.dumps({"@context": "https://schema.org", **thing}, ensure_ascii=False)
    block = f'<script type="application/ld+json">{said.translate(_ESCAPES)}</script>'
    return mark_safe(block)  # noqa: S308  JSON, its brackets escaped
