"""Linked data: what a page is, in words of schema.org."""

import json

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
# so that nothing in it ends the element, in whatever way HTML is read
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.filter
def linked_data(thing: dict) -> SafeString:
    """A block of data that no browser runs (``application/ld+json``): a policy without
    inline scripts lets it stand."""
    said = json.dumps({"@context": "https://schema.org", **thing}, ensure_ascii=False)
    block = f'<script type="application/ld+json">{said.translate(_ESCAPES)}</script>'
    return mark_safe(block)  # noqa: S308  JSON, its brackets escaped
